"""Whether others would see a deal or a lead."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis import record_access
from chassis.record_access import Looker, judging
from chassis.work import Row, Work

from sales.model.funnel import Deal
from sales.model.lead import Lead

_JUDGE = {"deal": judging(Deal), "lead": judging(Lead)}


def judge(work: Work, kind: str, record_id: UUID, lookers: Sequence[Looker]) -> list[Row]:
    """One row a looker, in their order: owner and team of the record, whether each way shows it, and `writable`."""
    return record_access.judge(work, _JUDGE[kind], record_id, lookers)
