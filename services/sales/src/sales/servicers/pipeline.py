"""PipelineService and StageService at the edge."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.errors import Conflict, invalid_field
from chassis.records import Order, RecordServicer, Resource
from chassis.work import Row, Work
from funia.sales.v1 import pipeline_pb2 as pb
from funia.sales.v1.events_pb2 import PipelineChanged, StageChanged

from sales.errors import not_there
from sales.model.funnel import Pipeline, Stage
from sales.queries import documents
from sales.queries import funnel as queries

Values = dict[str, Any]
_SERVICES = pb.DESCRIPTOR.services_by_name
_FRAME: Values = {"custom": {}, "external_ids": {}}
_AT_THE_END = {"won": 100, "lost": 0}
"""The chance of a deal that is closed."""


class PipelineServicer(RecordServicer):
    """Pipelines, with their stages."""

    service = _SERVICES["PipelineService"]
    resource = Resource(
        "sales", "pipeline", Pipeline, pb.Pipeline, order=Order("position"), lowered={"name": "name_key"}
    )
    defaults = _FRAME

    def checked(self, work: Work, before: Row | None, after: Values, changed: frozenset[str]) -> None:
        after["name_key"] = after["name"].lower()

    def deletable(self, work: Work, row: Row) -> None:
        if queries.stands_in(work, row.id):
            raise Conflict("There are open deals in this pipeline. Close or move them first.", reason="PIPELINE_IN_USE")

    def messages(self, work: Work, rows: list[Row]) -> list[Any]:
        of_pipeline: dict[UUID, list[Row]] = {}
        for stage in queries.stages(work):
            of_pipeline.setdefault(stage.pipeline_id, []).append(stage)
        found = []
        for row in rows:
            made = super().message(work, row)
            made.stages.extend(stage_message(one) for one in of_pipeline.get(row.id, ()))
            found.append(made)
        return found

    def message(self, work: Work, row: Row) -> Any:
        return self.messages(work, [row])[0]

    def payload(self, row: Row) -> PipelineChanged:
        return PipelineChanged(
            pipeline_id=str(row.id),
            name=row.name,
            position=row.position,
            after_sales=row.after_sales,
            deleted=row.deleted_at is not None,
        )


class StageServicer(RecordServicer):
    """Stages."""

    service = _SERVICES["StageService"]
    resource = Resource("sales", "stage", Stage, pb.Stage, order=Order("position"))
    defaults = _FRAME

    def checked(self, work: Work, before: Row | None, after: Values, changed: frozenset[str]) -> None:
        after["category"] = after["category"] or "open"
        after["forecast_category"] = after["forecast_category"] or "pipeline"
        if before is None and not queries.pipeline_lives(work, after["pipeline_id"]):
            raise not_there("stage.pipeline_id", "pipeline")
        _check_documents(work, after, changed)
        after["checklist"] = list(dict.fromkeys(one.strip() for one in after["checklist"] if one.strip()))
        expected = _AT_THE_END.get(after["category"])
        if expected is not None:
            if "probability" in changed and before is not None and after["probability"] != expected:
                raise invalid_field(
                    "stage.probability",
                    f"a stage where deals are {after['category']} has {expected} %",
                    reason="CLOSED",
                )
            after["probability"] = expected
        if before is not None and before.category != after["category"] and queries.stands_in(work, before.id):
            raise Conflict(
                "There are deals in this stage. Move them before it becomes something else.", reason="STAGE_IN_USE"
            )

    def write(self, work: Work, row: Row, given: Values, verb: str = "updated") -> Row:
        written = super().write(work, row, given, verb)
        if (written.probability, written.forecast_category) != (row.probability, row.forecast_category):
            queries.follow_stage(work, written)
        return written

    def deletable(self, work: Work, row: Row) -> None:
        if queries.stands_in(work, row.id):
            raise Conflict("There are deals in this stage. Move them first.", reason="STAGE_IN_USE")

    def payload(self, row: Row) -> StageChanged:
        return StageChanged(
            stage_id=str(row.id),
            pipeline_id=str(row.pipeline_id),
            name=row.name,
            position=row.position,
            category=row.category,
            probability=row.probability,
            forecast_category=row.forecast_category,
            deleted=row.deleted_at is not None,
        )


def _check_documents(work: Work, after: Values, changed: frozenset[str]) -> None:
    """Raises InvalidArgument naming a document that is not there. One deleted later stays, and is not shown."""
    ids = list(dict.fromkeys(UUID(str(one)) for one in after["document_ids"] or ()))
    after["document_ids"] = ids
    if "document_ids" not in changed:
        return
    there = {row.id for row in documents.given(work, ids)}
    for index, document_id in enumerate(ids):
        if document_id not in there:
            raise not_there(f"stage.document_ids[{index}]", "document")


def stage_message(row: Row) -> pb.Stage:
    """A stage as callers see it."""
    made = pb.Stage()
    StageServicer.resource.mapping.fill(row, made)
    return made
