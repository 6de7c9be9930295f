"""Numbers of tickets: short, growing, a company's own, and never a queue in front of inbound mail.

A single counter would stay locked from the number to the commit, so that a company's tickets could only come one after
another. Here a company has `LANES` counters, each with every `LANES`-th number; who needs a number takes it from the
free lane that is the furthest behind. With nobody else about that gives 1, 2, 3; tickets that come at once get their
numbers in no order, and for a moment a number is left out. A commit that does not happen gives its number back.
"""

from __future__ import annotations

import heapq

from chassis.work import Work

from support.queries import numbers as queries

LANES = 16


def take(work: Work, count: int = 1) -> list[int]:
    """So many numbers, ascending. They are this work's, and their lanes are locked, until it commits."""
    free = queries.free_lanes(work, min(count, LANES))
    if not free:
        queries.begin(work, LANES)
        # None may be free because others hold them all: then wait for one.
        free = queries.free_lanes(work, min(count, LANES)) or queries.any_lane(work)
    lanes = [(row.next, row.lane) for row in free]
    heapq.heapify(lanes)
    taken = []
    for _ in range(count):
        number, lane = lanes[0]
        taken.append(number)
        heapq.heapreplace(lanes, (number + LANES, lane))
    queries.advance(work, [lane for _, lane in lanes], [number for number, _ in lanes])
    return taken
