"""What a company begins with: its pipelines, why deals are lost, and a tax rate to change.

Ids are made of the company's own, so that a beginning that comes twice writes nothing twice.
"""

from __future__ import annotations

from uuid import UUID, uuid5

from chassis.envelope import Event
from chassis.statements import text
from chassis.work import Work
from funia.sales.v1.events_pb2 import PipelineChanged, StageChanged

from sales.funnel.first import FIRST_LOST_REASONS, FIRST_PIPELINES, FirstPipeline, FirstStage, language_of

STANDARD_TAX = "standard"
_PIPELINE = text(
    """
    INSERT INTO pipeline (tenant_id, id, name, name_key, position, after_sales, version, created_at, created_by,
           updated_at, updated_by)
    VALUES (%(tenant_id)s, %(id)s, %(name)s, lower(%(name)s), %(position)s, %(after_sales)s, 1, %(now)s, %(by)s,
           %(now)s, %(by)s)
    ON CONFLICT DO NOTHING RETURNING id
    """,
    "tenant_id",
)
_STAGE = text(
    """
    INSERT INTO stage (tenant_id, id, pipeline_id, name, position, category, probability, forecast_category,
           entry_criteria, rot_days, version, created_at, created_by, updated_at, updated_by)
    VALUES (%(tenant_id)s, %(id)s, %(pipeline_id)s, %(name)s, %(position)s, %(category)s, %(probability)s,
           %(forecast_category)s, %(entry_criteria)s, %(rot_days)s, 1, %(now)s, %(by)s, %(now)s, %(by)s)
    ON CONFLICT DO NOTHING RETURNING id
    """,
    "tenant_id",
)
_SETTINGS = text(
    """
    INSERT INTO sales_setting (tenant_id, version, tax_included, quote_valid_days, payment_days, seller_name,
           seller_address, seller_tax_number, paper_footer, lost_reasons)
    VALUES (%(tenant_id)s, 1, false, 30, 14, '', '', '', '', %(lost_reasons)s)
    ON CONFLICT DO NOTHING
    """,
    "tenant_id",
)
_TAX = text(
    """
    INSERT INTO tax_rate (tenant_id, id, code, name, rate_basis_points, version, created_at, created_by, updated_at,
           updated_by)
    VALUES (%(tenant_id)s, %(id)s, %(code)s, %(name)s, 0, 1, %(now)s, %(by)s, %(now)s, %(by)s)
    ON CONFLICT DO NOTHING
    """,
    "tenant_id",
)
_TAX_NAMES = {"en": "Standard rate", "ru": "Основная ставка", "bg": "Стандартна ставка"}


def begin(work: Work, locale: str) -> None:
    """Gives the company what it begins with, in its language; what it has already stays as it is."""
    language = language_of(locale)
    by = work.caller.actor_id
    for position, pipeline in enumerate(FIRST_PIPELINES):
        _begin_pipeline(work, pipeline, position, language)
    work.execute(_SETTINGS, lost_reasons=list(FIRST_LOST_REASONS[language]))
    tax_id = _id(work, f"tax/{STANDARD_TAX}")
    work.execute(_TAX, id=tax_id, code=STANDARD_TAX, name=_TAX_NAMES[language], now=work.now, by=by)


def _begin_pipeline(work: Work, pipeline: FirstPipeline, position: int, language: str) -> None:
    pipeline_id = _id(work, f"pipeline/{pipeline.key}")
    by, name = work.caller.actor_id, pipeline.names[language]
    row = work.row(
        _PIPELINE,
        id=pipeline_id,
        name=name,
        position=position,
        after_sales=pipeline.after_sales,
        now=work.now,
        by=by,
    )
    if row is None:
        return
    payload = PipelineChanged(
        pipeline_id=str(pipeline_id), name=name, position=position, after_sales=pipeline.after_sales
    )
    work.record(Event("sales.pipeline.created", pipeline_id, 1, payload))
    for place, stage in enumerate(pipeline.stages):
        _begin_stage(work, stage, f"{pipeline.key}/{stage.key}", pipeline_id, place, language)


def _begin_stage(work: Work, stage: FirstStage, key: str, pipeline_id: UUID, place: int, language: str) -> None:
    stage_id, name = _id(work, f"stage/{key}"), stage.names[language]
    work.row(
        _STAGE,
        id=stage_id,
        pipeline_id=pipeline_id,
        name=name,
        position=place,
        category=stage.category,
        probability=stage.probability,
        forecast_category=stage.forecast_category,
        entry_criteria=list(stage.entry_criteria),
        rot_days=stage.rot_days,
        now=work.now,
        by=work.caller.actor_id,
    )
    payload = StageChanged(
        stage_id=str(stage_id),
        pipeline_id=str(pipeline_id),
        name=name,
        position=place,
        category=stage.category,
        probability=stage.probability,
        forecast_category=stage.forecast_category,
    )
    work.record(Event("sales.stage.created", stage_id, 1, payload))


def _id(work: Work, key: str) -> UUID:
    return uuid5(work.tenant_id, key)
