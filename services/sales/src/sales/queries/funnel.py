"""Statements on pipelines, stages and deals beyond those that every record has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from chassis.caller import SIGHTS, Sight
from chassis.filtering import FieldType, SqlRows
from chassis.statements import Prepared, prepare, text
from chassis.tables import level_of, scoped, tenant_parameter, visible
from chassis.work import Row, Work
from sqlalchemy import BigInteger, Integer, and_, bindparam, case, cast, func, literal, or_, select
from sqlalchemy import Date as SqlDate
from sqlalchemy.sql.elements import ColumnElement

from sales.model.funnel import Deal, DealContact, Stage, StageStep
from sales.model.lead import Lead

_STAGES = prepare(
    scoped(Stage, *(one for one in Stage.__table__.columns if one.name != "tenant_id"))
    .where(Stage.deleted_at.is_(None))
    .order_by(Stage.pipeline_id, Stage.position, Stage.id)
)
_FIRST_PIPELINE = text(
    """
    SELECT id FROM pipeline WHERE tenant_id = %(tenant_id)s AND deleted_at IS NULL AND NOT after_sales
     ORDER BY position, id LIMIT 1
    """,
    "tenant_id",
)
_PIPELINE_LIVES = text(
    "SELECT 1 AS found FROM pipeline WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND deleted_at IS NULL",
    "tenant_id",
)
_STANDS_IN = text(
    """
    SELECT 1 AS found FROM deal
     WHERE tenant_id = %(tenant_id)s AND deleted_at IS NULL
       AND (stage_id = %(id)s OR pipeline_id = %(id)s AND status = 'open') LIMIT 1
    """,
    "tenant_id",
)
_FOLLOW_STAGE = text(
    """
    UPDATE deal SET probability = CASE WHEN own_probability THEN probability ELSE %(probability)s END,
           forecast_category = CASE WHEN own_forecast THEN forecast_category ELSE %(forecast_category)s END
     WHERE tenant_id = %(tenant_id)s AND stage_id = %(id)s
    """,
    "tenant_id",
)
_PUT_CONTACTS = text(
    """
    WITH gone AS (
        DELETE FROM deal_contact WHERE tenant_id = %(tenant_id)s AND deal_id = %(deal_id)s
           AND NOT contact_id = ANY(%(contact_ids)b::uuid[])
    )
    INSERT INTO deal_contact (tenant_id, contact_id, deal_id)
    SELECT %(tenant_id)s, contact_id, %(deal_id)s FROM unnest(%(contact_ids)b::uuid[]) AS contact_id
    ON CONFLICT DO NOTHING
    """,
    "tenant_id",
)
_ADD_STEP = text(
    """
    INSERT INTO stage_step (tenant_id, deal_id, id, from_stage_id, to_stage_id, entered_at, seconds_before, moved_by,
           reason, amount_currency, amount_minor)
    VALUES (%(tenant_id)s, %(deal_id)s, %(id)s, %(from_stage_id)s, %(to_stage_id)s, %(entered_at)s, %(seconds_before)s,
           %(moved_by)s, %(reason)s, %(amount_currency)s, %(amount_minor)s)
    """,
    "tenant_id",
)


_HOLDER = {
    (kind, sight): prepare(
        scoped(table, table.owner_id, table.team_id, level_of(table, sight).label("access_level")).where(
            table.id == bindparam("id"), table.deleted_at.is_(None), visible(table, sight)
        )
    )
    for kind, table in (("deal", Deal), ("lead", Lead))
    for sight in SIGHTS
}
CONTACT_ROWS = SqlRows(
    value=DealContact.contact_id.expression,
    lowered=DealContact.contact_id.expression,
    holds=lambda fits: (
        select(DealContact.deal_id)
        .where(
            DealContact.tenant_id == Deal.tenant_id,
            DealContact.deal_id == Deal.id,
            *(() if fits is None else (fits,)),
        )
        .exists()
    ),
)
"""The people of a deal, for filters."""


def _of_a_stay(value: Any, kind: FieldType) -> SqlRows:
    """A fact of the stays of a deal in stages that it has left."""
    return SqlRows(
        value=value.expression,
        lowered=value.expression,
        holds=lambda fits: (
            select(StageStep.deal_id)
            .where(
                StageStep.tenant_id == Deal.tenant_id,
                StageStep.deal_id == Deal.id,
                StageStep.from_stage_id.is_not(None),
                *(() if fits is None else (fits,)),
            )
            .exists()
        ),
        type=kind,
        row="stay",
    )


STAY_ROWS = {
    "left_stage_id": _of_a_stay(StageStep.from_stage_id, FieldType.UUID),
    "stage_left_at": _of_a_stay(StageStep.entered_at, FieldType.TIMESTAMP),
}
"""Stages that a deal has left, and when, for filters."""


def holder(work: Work, kind: str, record_id: UUID) -> Row | None:
    """Owner, team and `access_level` of a deal or lead that the caller sees; None where there is none such."""
    return work.row(_HOLDER[kind, work.caller.sight], id=record_id)


def stages(work: Work) -> list[Row]:
    """All living stages, by pipeline and place."""
    return work.rows(_STAGES)


def first_pipeline(work: Work) -> UUID | None:
    """The pipeline that new deals go to."""
    row = work.row(_FIRST_PIPELINE)
    return None if row is None else row.id


def pipeline_lives(work: Work, pipeline_id: UUID) -> bool:
    """Whether there is such a pipeline, out of the bin."""
    return work.row(_PIPELINE_LIVES, id=pipeline_id) is not None


def stands_in(work: Work, record_id: UUID) -> bool:
    """Whether a deal stands in this stage, or an open one in this pipeline."""
    return work.row(_STANDS_IN, id=record_id) is not None


def follow_stage(work: Work, stage: Row) -> None:
    """Gives the deals of a stage what it gives, but where somebody said otherwise."""
    work.execute(_FOLLOW_STAGE, id=stage.id, probability=stage.probability, forecast_category=stage.forecast_category)


def put_contacts(work: Work, deal_id: UUID, contact_ids: Sequence[UUID]) -> None:
    """Makes these people the ones of a deal."""
    work.execute(_PUT_CONTACTS, deal_id=deal_id, contact_ids=list(contact_ids))


def add_step(work: Work, deal: Row, before: Row | None, step_id: UUID, reason: str) -> None:
    """Writes that a deal came to its stage."""
    work.execute(
        _ADD_STEP,
        deal_id=deal.id,
        id=step_id,
        from_stage_id=None if before is None else before.stage_id,
        to_stage_id=deal.stage_id,
        entered_at=deal.stage_entered_at,
        seconds_before=seconds_before(before, deal),
        moved_by=work.caller.actor_id,
        reason=reason,
        amount_currency=deal.amount_currency,
        amount_minor=deal.amount_minor,
    )


def seconds_before(before: Row | None, deal: Row) -> int:
    """How long a deal stood in the stage before."""
    return 0 if before is None else max(0, int((deal.stage_entered_at - before.stage_entered_at).total_seconds()))


def steps(work: Work, deal_id: UUID, *, before: UUID | None, limit: int) -> list[Row]:
    """Stays of a deal, the last first."""
    statement = _steps(before is not None, limit)
    return work.rows(statement, deal_id=deal_id, **({} if before is None else {"before": before}))


@lru_cache(256)
def _steps(after_key: bool, limit: int) -> Prepared:
    statement = scoped(StageStep).where(StageStep.deal_id == bindparam("deal_id"))
    if after_key:
        statement = statement.where(StageStep.id < bindparam("before"))
    return prepare(statement.order_by(StageStep.id.desc()).limit(limit))


def column_sums(
    work: Work, pipeline_id: UUID, condition: ColumnElement[bool] | None, closed_since: datetime | None
) -> list[Row]:
    """Number, worth and weighted worth of the deals that the caller sees, by stage."""
    statement = (
        select(
            Deal.stage_id,
            func.count().label("deal_count"),
            func.coalesce(func.sum(Deal.home_amount_minor), 0).cast(BigInteger).label("amount_minor"),
            _weighted().label("weighted_minor"),
        )
        .where(
            Deal.tenant_id == tenant_parameter(),
            Deal.pipeline_id == bindparam("pipeline_id"),
            Deal.deleted_at.is_(None),
            visible(Deal, work.caller.sight, listing=True),
            or_(Deal.status == "open", Deal.closed_at >= bindparam("closed_since")),
        )
        .group_by(Deal.stage_id)
    )
    if condition is not None:
        statement = statement.where(condition)
    since = closed_since or datetime.max.replace(tzinfo=work.now.tzinfo)
    return work.rows(prepare(statement), pipeline_id=pipeline_id, closed_since=since)


def _weighted() -> ColumnElement[int]:
    """Halves away from zero, as all money is rounded."""
    return func.coalesce(func.round(func.sum(Deal.home_amount_minor * Deal.probability) / 100.0), 0).cast(BigInteger)


def forecast(
    work: Work, *, pipeline_id: UUID | None, owner_id: UUID | None, first: date, last: date, zone: str
) -> list[Row]:
    """Sums by month and owner of deals that close from `first` to before `last`, at the company's place."""
    statement = _forecast(work.caller.sight, pipeline_id is not None, owner_id is not None)
    given: dict[str, Any] = {"first": first, "last": last, "zone": zone}
    if pipeline_id is not None:
        given["pipeline_id"] = pipeline_id
    if owner_id is not None:
        given["owner"] = owner_id
    return work.rows(statement, **given)


@lru_cache(len(SIGHTS) * 4)
def _forecast(sight: Sight, one_pipeline: bool, one_owner: bool) -> Prepared:
    closed_on = cast(func.timezone(bindparam("zone"), Deal.closed_at), SqlDate)
    first, last = (bindparam(name, type_=SqlDate) for name in ("first", "last"))
    on = case((Deal.status == "won", closed_on), else_=Deal.expected_close_date)
    month = func.to_char(on, literal("YYYY-MM")).label("month")
    statement = (
        select(
            month,
            Deal.owner_id,
            *(_sum(name, condition) for name, condition in _KINDS.items()),
            func.coalesce(
                func.round(func.sum(Deal.home_amount_minor * Deal.probability).filter(Deal.status == "open") / 100.0), 0
            )
            .cast(BigInteger)
            .label("weighted_minor"),
            func.count().filter(Deal.status == "open").cast(Integer).label("open_count"),
            func.count().filter(Deal.status == "won").cast(Integer).label("won_count"),
        )
        .where(
            Deal.tenant_id == tenant_parameter(),
            Deal.deleted_at.is_(None),
            visible(Deal, sight, listing=True),
            or_(
                and_(Deal.status == "open", Deal.expected_close_date >= first, Deal.expected_close_date < last),
                and_(Deal.status == "won", closed_on >= first, closed_on < last),
            ),
        )
        .group_by(month, Deal.owner_id)
    )
    if one_pipeline:
        statement = statement.where(Deal.pipeline_id == bindparam("pipeline_id"))
    if one_owner:
        statement = statement.where(Deal.owner_id == bindparam("owner"))
    return prepare(statement)


def _open(category: str) -> ColumnElement[bool]:
    return and_(Deal.status == "open", Deal.forecast_category == category)


_KINDS: dict[str, ColumnElement[bool]] = {
    "won_minor": Deal.status == "won",
    "commit_minor": _open("commit"),
    "best_case_minor": _open("best_case"),
    "pipeline_minor": _open("pipeline"),
}


def _sum(name: str, condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(Deal.home_amount_minor).filter(condition), 0).cast(BigInteger).label(name)
