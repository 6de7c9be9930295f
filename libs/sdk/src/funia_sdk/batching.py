"""Many records by as few requests as the limits allow, with what became of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from funia_sdk.decoding import encode

ITEMS_MAX = 1000
"""Items that one request takes."""
BYTES_MAX = 4 * 1024 * 1024
"""Bytes of items put into one request; below the API's own limit."""

Item = TypeVar("Item")
Result = TypeVar("Result")
Result_co = TypeVar("Result_co", covariant=True)


class Results(Protocol[Result_co]):
    """What every batch method answers."""

    @property
    def results(self) -> Sequence[Result_co]:
        """One an item, in their order."""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Item, Result]):
    """An item and what became of it."""

    index: int
    """Place among all items, from 0."""
    item: Item
    result: Result


def in_batches(
    items: Iterable[Item], send: Callable[[list[Item]], Results[Result]], *, items_max: int
) -> Iterator[Outcome[Item, Result]]:
    """Sends the items in their order and yields each with its result, a request at a time.

    Each request commits by itself: what was yielded is written, and after an error the rest is not.
    """
    done = 0
    for batch in _batches(items, items_max):
        results = send(batch).results
        for place, (item, result) in enumerate(zip(batch, results, strict=True)):
            yield Outcome(done + place, item, result)
        done += len(batch)


def _batches(items: Iterable[Item], items_max: int) -> Iterator[list[Item]]:
    if not 1 <= items_max <= ITEMS_MAX:
        raise ValueError(f"items_max is 1 to {ITEMS_MAX}.")
    batch: list[Item] = []
    size = 0
    for item in items:
        weight = len(encode(item)) + 1
        if batch and (len(batch) >= items_max or size + weight > BYTES_MAX):
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += weight
    if batch:
        yield batch
