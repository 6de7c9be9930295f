"""What a company's plan still allows, for writes that judge many things one by one; and how plans reach a service.

Single writes need none of it: the database refuses their commit. Limits come by identity's events.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from funia.identity.v1.plan_events_pb2 import PlanChanged

from chassis.metering import METERS, limit_reached
from chassis.statements import text
from chassis.subscriptions import Received, Subscription
from chassis.work import Work

_LEFT = text(
    """
    SELECT wanted.meter, allowed.most, coalesce(counted.used, 0) AS used
      FROM unnest(%(meters)b::text[], %(periods)b::date[]) AS wanted(meter, period)
      JOIN usage_limit AS allowed ON allowed.tenant_id = %(tenant_id)s AND allowed.meter = wanted.meter
      LEFT JOIN usage_count AS counted ON counted.tenant_id = %(tenant_id)s AND counted.meter = wanted.meter
       AND counted.period = wanted.period
    """,
    "tenant_id",
    "meters",
    "periods",
)
_NEWER = text(
    """
    INSERT INTO usage_plan (tenant_id, version) VALUES (%(tenant_id)s, %(version)s)
    ON CONFLICT (tenant_id) DO UPDATE SET version = excluded.version WHERE usage_plan.version < excluded.version
    """,
    "tenant_id",
    "version",
)
_FORGET = text("DELETE FROM usage_limit WHERE tenant_id = %(tenant_id)s", "tenant_id")
_KEEP = text(
    """
    INSERT INTO usage_limit (tenant_id, meter, most)
    SELECT %(tenant_id)s, meter, most FROM unnest(%(meters)b::text[], %(mosts)b::bigint[]) AS allowed(meter, most)
    """,
    "tenant_id",
    "meters",
    "mosts",
)


class Allowance:
    """What is left of some meters at the beginning of a batch; the commit of the batch is held against them again.

    `spent` holds what was taken before and is counted nowhere, such as by earlier batches of a dry run; what is taken
    now is added to it.
    """

    def __init__(self, work: Work, *meters: str, spent: dict[str, int] | None = None) -> None:
        self._work = work
        self._spent = {} if spent is None else spent
        periods = [METERS[name].period(work.now) for name in meters]
        self._rows = {row.meter: row for row in work.rows(_LEFT, meters=list(meters), periods=periods)}
        self._left = {name: int(row.most - row.used) - self._spent.get(name, 0) for name, row in self._rows.items()}

    def has(self, meter: str, number: int = 1) -> bool:
        """Whether so many more are allowed."""
        return number <= self._left.get(meter, number)

    def take(self, meter: str, number: int = 1) -> None:
        """Takes so many for this batch. Raises PermissionDenied or ResourceExhausted where that is too many."""
        if not self.has(meter, number):
            row = self._rows[meter]
            used = row.most - max(self._left[meter], 0)
            raise limit_reached(meter, used=max(used, row.used), most=row.most, now=self._work.now)
        if meter in self._left:
            self._left[meter] -= number
            self._spent[meter] = self._spent.get(meter, 0) + number


def plans_subscription(service: str) -> Subscription:
    """Plans that companies are given."""
    return Subscription(f"{service}-plans", "identity", ("identity.plan.changed",), keep_plans)


def keep_plans(work: Work, events: Sequence[Received]) -> None:
    """Keeps the limits of the newest plan."""
    newest = max(events, key=lambda event: event.version)
    if isinstance(newest.payload, PlanChanged):
        limits = {one.meter: one.most for one in newest.payload.limits}
        if work.execute(_NEWER, version=newest.version):
            set_limits(work, limits)


def set_limits(work: Work, limits: Mapping[str, int], *, known: Iterable[str] = METERS) -> None:
    """Puts these limits in the place of those there are; meters of a newer version are left alone."""
    kept = {name: most for name, most in limits.items() if name in known}
    work.execute(_FORGET)
    if kept:
        work.execute(_KEEP, meters=list(kept), mosts=list(kept.values()))
