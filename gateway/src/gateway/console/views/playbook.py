"""The playbook on a deal's page: what its stage says, and what of it is done."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request
from funia.sales.v1 import playbook_pb2, playbook_pb2_grpc

from gateway.console.backend import call, form_key, stubs
from gateway.console.colleagues import colleagues
from gateway.console.guard import needs


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/deals/<uuid:record_id>/playbook", "deal_playbook", deal_playbook)
    blueprint.add_url_rule("/deals/<uuid:record_id>/playbook", "deal_ticked", deal_ticked, methods=["POST"])


@needs("sales.read")
def deal_playbook(record_id: object) -> Response:
    return page(call(service().GetPlaybook, playbook_pb2.GetPlaybookRequest(deal_id=str(record_id))))


@needs("sales.write")
def deal_ticked(record_id: object) -> Response:
    """Ticks something off, or takes the tick away."""
    message = playbook_pb2.TickPlaybookItemRequest(
        deal_id=str(record_id), item=request.form.get("item", ""), done=request.form.get("done") == "1"
    )
    return page(call(service().TickPlaybookItem, message, idempotency_key=form_key()))


def service() -> playbook_pb2_grpc.PlaybookServiceStub:
    return stubs().sales(playbook_pb2_grpc.PlaybookServiceStub)


def page(playbook: playbook_pb2.Playbook) -> Response:
    return make_response(render_template("console/playbook.html", playbook=playbook, owners=colleagues()))
