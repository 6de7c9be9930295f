"""Runs of models over gRPC: asked for, read, listed; and what they say of customers."""

from __future__ import annotations

from uuid import UUID

from chassis.caller import Caller
from chassis.errors import NotFound, PermissionDenied
from chassis.paging import Pager
from chassis.server import Call
from chassis.work import Row, Work
from funia.analytics.v1 import model_run_pb2 as pb
from google.protobuf.json_format import MessageToDict, ParseDict

from analytics.errors import invalid_field
from analytics.model.model_run import KINDS
from analytics.modelling.parameters import complete
from analytics.queries import model_runs as queries
from analytics.queries import rfm
from analytics.queries.people import staying_for
from analytics.queries.periods import period
from analytics.queries.sight import Sight
from analytics.store.port import ColumnStore
from analytics.usecases import model_runs
from analytics.wire import refusal_message

_SEEN = "SELECT count() FROM customer_fact WHERE customer_id = {customer:UUID} AND SEEN"


class ModelRunServicer:
    """Carries out funia.analytics.v1.ModelRunService."""

    def __init__(self, store: ColumnStore, pager: Pager) -> None:
        self._store = store
        self._pager = pager

    def StartModelRun(self, work: Work, request: pb.StartModelRunRequest) -> pb.ModelRun:
        """Asks for a run."""
        refuse_partial_sight(work.caller)
        asked = complete(request.kind, request.parameters)
        if asked.least_clusters > asked.most_clusters or asked.least_clusters == 1:
            message = "give at least 2, and no fewer than least_clusters"
            raise invalid_field("parameters.most_clusters", message, "K_OUT_OF_RANGE")
        if asked.group and asked.group not in rfm.GROUPS:
            raise invalid_field("parameters.group", f"choose of {', '.join(rfm.GROUPS)}", "UNKNOWN_GROUP")
        period(asked.first_day, asked.as_of, all_time=True)
        parameters = MessageToDict(asked, preserving_proto_field_name=True)
        return _run(model_runs.request(work, request.kind, parameters))

    def GetModelRun(self, work: Work, request: pb.GetModelRunRequest) -> pb.ModelRun:
        """A run."""
        refuse_partial_sight(work.caller)
        return _run(model_runs.get(work, UUID(request.id)))

    def ListModelRuns(self, work: Work, request: pb.ListModelRunsRequest) -> pb.ListModelRunsResponse:
        """Runs, newest first."""
        refuse_partial_sight(work.caller)
        _check_kind(request.kind)
        if request.active:
            found = [row for row in queries.all_active(work) if request.kind in ("", row.kind)]
            return pb.ListModelRunsResponse(model_runs=[_run(row) for row in found])
        size = self._pager.size(request.page_size)
        binding = ("ListModelRuns", request.kind)
        token = request.page_token
        before = UUID(str(self._pager.key(work.tenant_id, binding, token)[0])) if token else None
        rows = queries.page(work, kind=request.kind, before=before, limit=size + 1)
        following = self._pager.token(work.tenant_id, binding, [rows[size - 1].id]) if len(rows) > size else ""
        return pb.ListModelRunsResponse(model_runs=[_run(row) for row in rows[:size]], next_page_token=following)

    def ListModelScores(self, work: Work, request: pb.ListModelScoresRequest) -> pb.ListModelScoresResponse:
        """What the active run of a kind says of customers, the highest score first."""
        refuse_partial_sight(work.caller)
        _check_kind(request.kind)
        run = queries.active(work, request.kind)
        if run is None:
            return pb.ListModelScoresResponse()
        size = self._pager.size(request.page_size)
        # A newer run has other scores, among which the place of the page before means nothing.
        binding = ("ListModelScores", str(run.id), request.band)
        after = None
        if request.page_token:
            score, customer = self._pager.key(work.tenant_id, binding, request.page_token)
            after = (int(str(score)), UUID(str(customer)))
        rows = queries.scores(work, run.id, band=request.band, after=after, limit=size + 1)
        last = rows[size - 1] if len(rows) > size else None
        return pb.ListModelScoresResponse(
            scores=[_score(run.kind, row) for row in rows[:size]],
            next_page_token=self._pager.token(work.tenant_id, binding, [last.score, last.customer_id]) if last else "",
            model_run_id=str(run.id),
            currency_code=pb.ModelResult.FromString(run.result).currency_code,
        )

    def GetCustomerInsight(self, call: Call, request: pb.GetCustomerInsightRequest) -> pb.CustomerInsight:
        """What the active models say of one customer whom the caller sees."""
        sight = Sight(self._store.for_tenant(call.caller.tenant_id), call.caller)
        customer_id = UUID(staying_for(sight, request.customer_id))
        if call.caller.visibility != "all" and not int(sight.query(_SEEN, customer=customer_id)[0][0]):
            raise NotFound(f"There is no customer {request.customer_id}.", reason="CUSTOMER_NOT_FOUND")
        answer = pb.CustomerInsight(customer_id=str(customer_id))
        with call.database.open_work(call.caller, read_only=True) as work:
            for run in sorted(queries.all_active(work), key=lambda one: KINDS.index(one.kind)):
                row = queries.score_of(work, run.id, customer_id)
                if row is not None:
                    answer.models.append(
                        pb.CustomerModelScore(
                            score=_score(run.kind, row),
                            model_run_id=str(run.id),
                            as_of=run.as_of.isoformat(),
                            horizon_days=run.parameters.get("horizon_days", 0),
                            currency_code=pb.ModelResult.FromString(run.result).currency_code,
                        )
                    )
        return answer


def refuse_partial_sight(caller: Caller) -> None:
    """Raises PermissionDenied where the caller does not see all records."""
    if caller.visibility != "all":
        raise PermissionDenied(
            "Models speak of the whole company. Ask for a role that sees all records.", reason="NEEDS_ALL_RECORDS"
        )


def _check_kind(kind: str) -> None:
    if kind and kind not in KINDS:
        raise invalid_field("kind", f"choose of {', '.join(KINDS)}", "UNKNOWN_KIND")


def _run(row: Row) -> pb.ModelRun:
    run = pb.ModelRun(
        id=str(row.id),
        kind=row.kind,
        state=row.state,
        parameters=ParseDict(row.parameters, pb.ModelParameters()),
        as_of=row.as_of.isoformat(),
        requested_at=row.requested_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        refusal=refusal_message(row.reason, row.figures) if row.reason else None,
    )
    if row.result:
        run.result.ParseFromString(row.result)
    return run


def _score(kind: str, row: Row) -> pb.ModelScore:
    figures = dict(row.figures)
    reasons = figures.pop("reasons", [])
    return pb.ModelScore(
        customer_id=str(row.customer_id),
        customer_kind=row.customer_kind,
        kind=kind,
        band=row.band,
        score=row.score,
        figures=figures,
        reasons=[pb.ScoreReason(feature=one[0], value=one[1], contribution=one[2]) for one in reasons],
    )
