"""The board of deals, their way from stage to stage, and the forecast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chassis.errors import FuniaError
from chassis.errors import Kind as ErrorKind
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.sales.v1 import (
    deal_pb2,
    deal_pb2_grpc,
    pipeline_pb2,
    pipeline_pb2_grpc,
    settings_pb2,
    settings_pb2_grpc,
)
from funia.type.v1.money_pb2 import Money
from google.protobuf.field_mask_pb2 import FieldMask

from gateway.console import references, values
from gateway.console.backend import call, form_key, session, stubs, try_call
from gateway.console.colleagues import colleagues
from gateway.console.formats import format_money, local, now
from gateway.console.guard import go, needs
from gateway.console.i18n import gettext
from gateway.console.page import HTTP_STATUS, with_toast
from gateway.console.words import say, violations

READS, SELLS = "sales.read", "sales.write"
PER_STAGE = 25
FORECAST_MONTHS = 6


@dataclass(frozen=True, slots=True)
class Missing:
    """What a stage asks for and the deal lacks: the sentence, and the field where it is put right."""

    field: str
    sentence: str


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/deals/board", "deal_board", deal_board)
    rule("/deals/board/heads", "deal_board_heads", deal_board_heads)
    rule("/deals/board/more", "deal_board_more", deal_board_more)
    rule("/deals/forecast", "deal_forecast", deal_forecast)
    rule("/deals/<uuid:record_id>/card", "deal_card", deal_card)
    rule("/deals/<uuid:record_id>/move", "deal_move", deal_move)
    rule("/deals/<uuid:record_id>/people", "deal_person", deal_person, methods=["POST"])
    rule("/deals/<uuid:record_id>/move", "deal_moved", deal_moved, methods=["POST"])


def deals() -> deal_pb2_grpc.DealServiceStub:
    return stubs().sales(deal_pb2_grpc.DealServiceStub)


@needs(READS)
def deal_board() -> Response:
    """The board of one pipeline."""
    pipelines = references.options("pipelines")
    chosen = request.args.get("pipeline", "")
    if chosen not in dict(pipelines):
        chosen = pipelines[0][0] if pipelines else ""
    text = request.args.get("q", "").strip()
    board, problem = deal_pb2.DealBoard(), ""
    if chosen:
        try:
            board = read_board(chosen, text, PER_STAGE)
        except FuniaError as error:
            if error.kind is not ErrorKind.INVALID_ARGUMENT:
                raise
            board, problem = read_board(chosen, "", PER_STAGE), error.message
    cards = [deal for column in board.columns for deal in column.deals]
    references.prefetch("companies", [deal.account_id for deal in cards])
    page = render_template(
        "console/deal_board.html",
        board=board,
        pipelines=pipelines,
        pipeline_id=chosen,
        text=text,
        problem=problem,
        closed=shows_closed(),
        ends=[] if shows_closed() else [stage for stage in stages_of(chosen) if stage.category != "open"],
        **shown(board.currency_code),
    )
    return make_response(page)


@needs(READS)
def deal_board_heads() -> Response:
    """Counts and sums of the columns, as they are now."""
    board = read_board(request.args.get("pipeline", ""), request.args.get("q", "").strip(), 1)
    return make_response(render_template("console/deal_board_heads.html", board=board, **shown(board.currency_code)))


@needs(READS)
def deal_board_more() -> Response:
    """The next cards of a column."""
    message = deal_pb2.ListDealsRequest(
        filter=request.args.get("filter", ""),
        order_by="stage_entered_at desc",
        page_size=PER_STAGE,
        page_token=request.args.get("token", ""),
    )
    answer = call(deals().ListDeals, message)
    references.prefetch("companies", [deal.account_id for deal in answer.deals])
    page = render_template(
        "console/deal_cards.html",
        deals=answer.deals,
        filter=message.filter,
        next_page_token=answer.next_page_token,
        **shown(""),
    )
    return make_response(page)


@needs(READS)
def deal_card(record_id: object) -> Response:
    """One card, for boards where the deal has changed."""
    deal = call(deals().GetDeal, deal_pb2.GetDealRequest(id=str(record_id)))
    if deal.deleted_at.seconds:
        return Response(status=404)
    return make_response(render_template("console/deal_card.html", deal=deal, **shown("")))


@needs(SELLS)
def deal_move(record_id: object) -> Response:
    """What is asked before a deal goes to a stage."""
    deal = call(deals().GetDeal, deal_pb2.GetDealRequest(id=str(record_id)))
    return ask(deal, request.args.get("stage_id", ""))


@needs(SELLS)
def deal_moved(record_id: object) -> Response:
    """Moves a deal. What the stage asks for is asked in a dialog, with what was written so far."""
    form = request.form
    message = deal_pb2.MoveDealRequest(
        id=str(record_id),
        stage_id=form.get("stage_id", ""),
        etag=form.get("etag", ""),
        lost_reason=form.get("lost_reason", ""),
        lost_note=form.get("lost_note", "").strip(),
        reason=form.get("reason", "").strip(),
    )
    try:
        deal = call(deals().MoveDeal, message, idempotency_key=form_key())
    except FuniaError as error:
        if not error.violations:
            raise
        stored = call(deals().GetDeal, deal_pb2.GetDealRequest(id=str(record_id)))
        return ask(stored, message.stage_id, error)
    if form.get("from") == "board":
        return make_response(render_template("console/deal_card.html", deal=deal, **shown("")))
    sentence = gettext("%(name)s is in “%(stage)s” now.", name=deal.name, stage=stage_name(deal.stage_id))
    return with_toast(go(url_for("console.record_page", plural="deals", record_id=deal.id)), sentence)


def ask(deal: deal_pb2.Deal, stage_id: str, error: FuniaError | None = None) -> Response:
    """The dialog of a move: why it was lost, why it is opened again, or what is missing."""
    stage = next((one for one in stages_of(deal.pipeline_id) if one.id == stage_id), None)
    said = violations(error) if error is not None else {}
    gaps = [Missing(name, sentence) for name, sentence in said.items() if name not in ("lost_reason", "reason")]
    page = render_template(
        "console/deal_move.html",
        deal=deal,
        stage=stage,
        lost_reasons=lost_reasons() if stage is not None and stage.category == "lost" else [],
        reopens=deal.status != "open",
        gaps=gaps,
        errors=said,
        problem="" if error is None or said else say(error),
        from_board=request.values.get("from", ""),
    )
    return make_response(page, 200 if error is None else HTTP_STATUS[error.kind])


@needs(READS)
def deal_forecast() -> Response:
    """What will be sold by month and by person."""
    message = deal_pb2.GetForecastRequest(
        first_month=f"{now():%Y-%m}",
        months=FORECAST_MONTHS,
        pipeline_id=request.args.get("pipeline", ""),
        owner_id=request.args.get("owner", ""),
    )
    found = call(deals().GetForecast, message)
    page = render_template(
        "console/deal_forecast.html",
        forecast=found,
        months=months_of(found),
        pipelines=references.options("pipelines"),
        pipeline_id=message.pipeline_id,
        owner_id=message.owner_id,
        **shown(found.currency_code),
    )
    return make_response(page)


def months_of(found: deal_pb2.Forecast) -> list[tuple[str, deal_pb2.ForecastSums]]:
    """The months of the forecast, those without deals too."""
    known = {one.month: one.sums for one in found.months}
    first = now().year * 12 + now().month - 1
    names = [f"{at // 12}-{at % 12 + 1:02}" for at in range(first, first + FORECAST_MONTHS)]
    return [(name, known.get(name, deal_pb2.ForecastSums())) for name in names]


def read_board(pipeline_id: str, text: str, per_stage: int) -> deal_pb2.DealBoard:
    message = deal_pb2.GetDealBoardRequest(
        pipeline_id=pipeline_id, filter=text, deals_per_stage=per_stage, closed=shows_closed()
    )
    return call(deals().GetDealBoard, message)


def shows_closed() -> bool:
    return request.args.get("closed") == "1"


def shown(currency: str) -> Mapping[str, object]:
    """What every part of the board needs. Amounts always have cents: cards come one by one and stand in one column."""
    home = currency or session().currency_code
    return {
        "owners": colleagues(),
        "v": values,
        "home": lambda minor, exact=True: format_money(Money(currency_code=home, amount_minor=minor), exact=exact),
        "age_days": age_days,
    }


def age_days(deal: deal_pb2.Deal) -> int:
    """Days since the deal came to its stage."""
    return max(0, (now() - local(deal.stage_entered_at)).days)


@needs(SELLS)
def deal_person(record_id: object) -> Response:
    """Puts a person on the buying side."""
    contact_id = request.form.get("contact_id", "")
    deal = call(deals().GetDeal, deal_pb2.GetDealRequest(id=str(record_id)))
    page = go(url_for("console.record_page", plural="deals", record_id=deal.id))
    if not contact_id or any(one.contact_id == contact_id for one in deal.contacts):
        return page
    deal.contacts.add(contact_id=contact_id, role=request.form.get("role", ""), is_primary=not deal.contacts)
    message = deal_pb2.UpdateDealRequest(deal=deal, update_mask=FieldMask(paths=["contacts"]), etag=deal.etag)
    call(deals().UpdateDeal, message, idempotency_key=form_key())
    return page


def stages_of(pipeline_id: str) -> Sequence[pipeline_pb2.Stage]:
    """The stages of a pipeline, in their order."""
    message = pipeline_pb2.ListStagesRequest(page_size=references.FEW_MAX, filter=f'pipeline_id = "{pipeline_id}"')
    answer = try_call(stubs().sales(pipeline_pb2_grpc.StageServiceStub).ListStages, message)
    return sorted(answer.stages, key=lambda one: one.position) if answer is not None else []


def stage_name(stage_id: str) -> str:
    return references.name_of("stages", stage_id)


def lost_reasons() -> list[str]:
    """The reasons that the company chooses from."""
    stub = stubs().sales(settings_pb2_grpc.SalesSettingsServiceStub)
    answer = try_call(stub.GetSalesSettings, settings_pb2.GetSalesSettingsRequest())
    return list(answer.lost_reasons) if answer is not None else []


def history_of(deal_id: str) -> Sequence[deal_pb2.StageStep]:
    """The way of a deal, its last step first."""
    answer = try_call(deals().ListStageHistory, deal_pb2.ListStageHistoryRequest(deal_id=deal_id))
    return answer.steps if answer is not None else []
