"""Statements on runs of models and on what they say of customers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.statements import prepare, text
from chassis.tables import scoped
from chassis.work import Row, Work
from psycopg.types.json import Jsonb
from sqlalchemy import bindparam, insert, or_

from analytics.model.model_run import UNFINISHED, ModelRun, ModelScore

_GET = prepare(scoped(ModelRun).where(ModelRun.id == bindparam("id")))
_LOCK = prepare(scoped(ModelRun).where(ModelRun.id == bindparam("id")).with_for_update())
_UNFINISHED = prepare(
    scoped(ModelRun).where(ModelRun.kind == bindparam("kind"), or_(*(ModelRun.state == one for one in UNFINISHED)))
)
_ACTIVE = prepare(scoped(ModelRun).where(ModelRun.kind == bindparam("kind"), ModelRun.state == "active"))
_ALL_ACTIVE = prepare(scoped(ModelRun).where(ModelRun.state == "active"))
_PAGE = {
    (after, of_kind): prepare(
        scoped(ModelRun)
        .where(
            *([ModelRun.id < bindparam("before")] if after else []),
            *([ModelRun.kind == bindparam("kind")] if of_kind else []),
        )
        .order_by(ModelRun.id.desc())
        .limit(bindparam("limit"))
    )
    for after in (True, False)
    for of_kind in (True, False)
}
_INSERT = prepare(insert(ModelRun))
_UPDATE = text(
    """
    UPDATE model_run SET state = %(state)s, as_of = %(as_of)s, reason = %(reason)s, figures = %(figures)s,
           result = %(result)s, started_at = %(started_at)s, finished_at = %(finished_at)s
     WHERE tenant_id = %(tenant_id)s AND id = %(id)s
    """,
    "tenant_id",
)
_FORGET_SCORES = text("DELETE FROM model_score WHERE tenant_id = %(tenant_id)s AND run_id = %(run_id)s", "tenant_id")
_FORGET_RUNS = text(
    """
    DELETE FROM model_run
     WHERE tenant_id = %(tenant_id)s AND state IN ('superseded', 'failed') AND finished_at < %(before)s
    """,
    "tenant_id",
)
_ADD_SCORES = text(
    """
    INSERT INTO model_score (tenant_id, run_id, customer_id, customer_kind, band, score, figures)
    SELECT %(tenant_id)s, %(run_id)s, one.* FROM unnest(%(customer_ids)b::uuid[], %(customer_kinds)b::text[],
           %(bands)b::text[], %(scores)b::bigint[], %(figures)b::text[]::jsonb[]) AS one
    """,
    "tenant_id",
)
_BANDS = text(
    "SELECT customer_id, band FROM model_score WHERE tenant_id = %(tenant_id)s AND run_id = %(run_id)s", "tenant_id"
)
_SCORES = {
    (after, banded): text(
        f"""
        SELECT customer_id, customer_kind, band, score, figures FROM model_score
         WHERE tenant_id = %(tenant_id)s AND run_id = %(run_id)s
               {"AND band = %(band)s" if banded else ""}
               {"AND score <= %(score)s AND (score < %(score)s OR customer_id > %(after)s)" if after else ""}
         ORDER BY score DESC, customer_id
         LIMIT %(limit)s
        """,
        "tenant_id",
    )
    for after in (True, False)
    for banded in (True, False)
}
_OF_CUSTOMER = prepare(
    scoped(ModelScore).where(
        ModelScore.run_id == bindparam("run_id"), ModelScore.customer_id == bindparam("customer_id")
    )
)


def get(work: Work, run_id: UUID, *, lock: bool = False) -> Row | None:
    """A run."""
    return work.row(_LOCK if lock else _GET, id=run_id)


def unfinished(work: Work, kind: str) -> Row | None:
    """The run of a kind that waits or is under way."""
    return work.row(_UNFINISHED, kind=kind)


def active(work: Work, kind: str) -> Row | None:
    """The run of a kind whose scores count."""
    return work.row(_ACTIVE, kind=kind)


def all_active(work: Work) -> list[Row]:
    """The active run of each kind."""
    return work.rows(_ALL_ACTIVE)


def page(work: Work, *, kind: str, before: UUID | None, limit: int) -> list[Row]:
    """Runs, newest first."""
    given: dict[str, Any] = {"limit": limit}
    if before is not None:
        given["before"] = before
    if kind:
        given["kind"] = kind
    return work.rows(_PAGE[before is not None, bool(kind)], **given)


def add(work: Work, **values: Any) -> None:
    """Writes a new run."""
    work.execute(_INSERT, **values)


def update(work: Work, run: Row, **changes: Any) -> None:
    """Writes what changes of a run."""
    names = ("state", "as_of", "reason", "figures", "result", "started_at", "finished_at")
    values = {name: changes.get(name, getattr(run, name)) for name in names}
    work.execute(_UPDATE, id=run.id, **values | {"figures": Jsonb(values["figures"])})


def forget_scores(work: Work, run_id: UUID) -> None:
    """Removes what a run says of customers."""
    work.execute(_FORGET_SCORES, run_id=run_id)


def forget_runs(work: Work, *, before: Any) -> None:
    """Removes runs that ended before then and say nothing any more."""
    work.execute(_FORGET_RUNS, before=before)


def add_scores(
    work: Work,
    run_id: UUID,
    customers: Sequence[tuple[UUID, str, str, int, str]],
) -> None:
    """Writes scores: customer, its kind, band, score, figures as JSON."""
    ids, kinds, bands, scores, figures = (list(each) for each in zip(*customers, strict=True))
    work.execute(
        _ADD_SCORES, run_id=run_id, customer_ids=ids, customer_kinds=kinds, bands=bands, scores=scores, figures=figures
    )


def bands(work: Work, run_id: UUID) -> dict[UUID, str]:
    """The band of each customer of a run."""
    return {row.customer_id: row.band for row in work.rows(_BANDS, run_id=run_id)}


def scores(work: Work, run_id: UUID, *, band: str, after: tuple[int, UUID] | None, limit: int) -> list[Row]:
    """Scores of a run, the highest first."""
    given: dict[str, Any] = {"run_id": run_id, "limit": limit}
    if band:
        given["band"] = band
    if after is not None:
        given |= {"score": after[0], "after": after[1]}
    return work.rows(_SCORES[after is not None, bool(band)], **given)


def score_of(work: Work, run_id: UUID, customer_id: UUID) -> Row | None:
    """What a run says of a customer."""
    return work.row(_OF_CUSTOMER, run_id=run_id, customer_id=customer_id)
