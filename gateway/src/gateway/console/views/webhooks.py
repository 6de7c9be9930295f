"""Webhook endpoints: where events are sent to, what became of them, and sending again."""

from __future__ import annotations

from collections.abc import Mapping

from chassis.errors import FuniaError
from chassis.errors import Kind as ErrorKind
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.identity.v1.webhook_pb2 import (
    CreateWebhookEndpointRequest,
    DeleteWebhookEndpointRequest,
    GetWebhookEndpointRequest,
    ListWebhookDeliveriesRequest,
    ListWebhookEndpointsRequest,
    ReplayDeadWebhooksRequest,
    ReplayWebhookDeliveryRequest,
    RotateWebhookSecretRequest,
    SendTestWebhookRequest,
    UpdateWebhookEndpointRequest,
    WebhookEndpoint,
)
from google.protobuf.field_mask_pb2 import FieldMask

from gateway.console.backend import call, form_key, stubs
from gateway.console.guard import go, needs
from gateway.console.i18n import Lazy, gettext, lazy
from gateway.console.page import HTTP_STATUS, toast_only
from gateway.console.words import say, violations

SCOPE = "identity.webhooks"
LOG_PAGE = 50
STATES: Mapping[str, Lazy] = {
    "waiting": lazy("Waiting"),
    "delivered": lazy("Delivered"),
    "dead": lazy("Given up"),
}
REASONS: Mapping[str, Lazy] = {
    "by_user": lazy("Disabled"),
    "gone": lazy("Disabled: it answered that it is gone"),
    "failing": lazy("Disabled: it took nothing for days"),
    "app_out": lazy("Disabled: the app that made it was shut out"),
}


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    one = "/settings/webhooks/<uuid:endpoint_id>"
    rule("/settings/webhooks", "webhook_list", webhook_list)
    rule("/settings/webhooks", "webhook_create", webhook_create, methods=["POST"])
    rule(one, "webhook_page", webhook_page)
    rule(one, "webhook_update", webhook_update, methods=["POST"])
    rule(f"{one}/enable", "webhook_enable", webhook_enable, methods=["POST"])
    rule(f"{one}/rotate", "webhook_rotate", webhook_rotate, methods=["POST"])
    rule(f"{one}/test", "webhook_test", webhook_test, methods=["POST"])
    rule(f"{one}/replay", "webhook_replay_dead", webhook_replay_dead, methods=["POST"])
    rule(f"{one}/remove", "webhook_remove", webhook_remove, methods=["POST"])
    rule("/settings/webhooks/deliveries/<uuid:delivery_id>/replay", "webhook_replay", webhook_replay, methods=["POST"])


@needs(SCOPE)
def webhook_list() -> Response:
    return list_page()


def list_page(problem: str = "", errors: Mapping[str, str] | None = None, status: int = 200) -> Response:
    listed = call(stubs().webhooks.ListWebhookEndpoints, ListWebhookEndpointsRequest(page_size=200))
    page = render_template(
        "console/settings_webhooks.html",
        endpoints=listed.webhook_endpoints,
        reasons=REASONS,
        problem="" if errors else problem,
        errors=errors or {},
        removed=request.args.get("removed") == "1",
    )
    return make_response(page, status)


@needs(SCOPE)
def webhook_create() -> Response:
    """Makes an endpoint; its secret is on the answering page and nowhere after it."""
    endpoint = written()
    if errors := empty_fields(endpoint):
        return list_page(errors=errors, status=400)
    try:
        message = CreateWebhookEndpointRequest(webhook_endpoint=endpoint)
        made = call(stubs().webhooks.CreateWebhookEndpoint, message, idempotency_key=form_key())
    except FuniaError as error:
        if error.kind not in (ErrorKind.INVALID_ARGUMENT, ErrorKind.FAILED_PRECONDITION):
            raise
        return list_page(say(error), violations(error), HTTP_STATUS[error.kind])
    return endpoint_page(made, shown=made)


@needs(SCOPE)
def webhook_page(endpoint_id: object) -> Response:
    return endpoint_page(found(endpoint_id))


def endpoint_page(
    endpoint: WebhookEndpoint,
    *,
    shown: WebhookEndpoint | None = None,
    problem: str = "",
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The page of an endpoint. `shown` is the answer that holds a fresh secret."""
    asked = request.args.get("status", "")
    message = ListWebhookDeliveriesRequest(
        endpoint_id=endpoint.id,
        status=asked if asked in STATES else "",
        page_size=LOG_PAGE,
        page_token=request.args.get("token", ""),
    )
    page = render_template(
        "console/settings_webhook.html",
        endpoint=endpoint,
        shown=shown,
        log=call(stubs().webhooks.ListWebhookDeliveries, message),
        states=STATES,
        reasons=REASONS,
        asked=asked,
        problem="" if errors else problem,
        errors=errors or {},
    )
    return make_response(page, status)


@needs(SCOPE)
def webhook_update(endpoint_id: object) -> Response:
    endpoint = written()
    endpoint.id = str(endpoint_id)
    if errors := empty_fields(endpoint):
        return endpoint_page(found(endpoint_id), errors=errors, status=400)
    message = UpdateWebhookEndpointRequest(
        webhook_endpoint=endpoint,
        update_mask=FieldMask(paths=["url", "description", "event_types"]),
        etag=request.form.get("etag", ""),
    )
    try:
        call(stubs().webhooks.UpdateWebhookEndpoint, message, idempotency_key=form_key())
    except FuniaError as error:
        if error.kind not in (ErrorKind.INVALID_ARGUMENT, ErrorKind.CONFLICT):
            raise
        now = found(endpoint_id)
        return endpoint_page(now, problem=say(error), errors=violations(error), status=HTTP_STATUS[error.kind])
    return go(url_for("console.webhook_page", endpoint_id=endpoint_id))


@needs(SCOPE)
def webhook_enable(endpoint_id: object) -> Response:
    disabled = request.form.get("disabled") == "1"
    endpoint = WebhookEndpoint(id=str(endpoint_id), disabled=disabled)
    message = UpdateWebhookEndpointRequest(webhook_endpoint=endpoint, update_mask=FieldMask(paths=["disabled"]))
    call(stubs().webhooks.UpdateWebhookEndpoint, message)
    return go(url_for("console.webhook_page", endpoint_id=endpoint_id))


@needs(SCOPE)
def webhook_rotate(endpoint_id: object) -> Response:
    rotated = call(stubs().webhooks.RotateWebhookSecret, RotateWebhookSecretRequest(id=str(endpoint_id)))
    return endpoint_page(rotated, shown=rotated)


@needs(SCOPE)
def webhook_test(endpoint_id: object) -> Response:
    call(stubs().webhooks.SendTestWebhook, SendTestWebhookRequest(id=str(endpoint_id)))
    return go(url_for("console.webhook_page", endpoint_id=endpoint_id))


@needs(SCOPE)
def webhook_replay_dead(endpoint_id: object) -> Response:
    call(stubs().webhooks.ReplayDeadWebhooks, ReplayDeadWebhooksRequest(id=str(endpoint_id)))
    return go(url_for("console.webhook_page", endpoint_id=endpoint_id))


@needs(SCOPE)
def webhook_replay(delivery_id: object) -> Response:
    call(stubs().webhooks.ReplayWebhookDelivery, ReplayWebhookDeliveryRequest(id=str(delivery_id)))
    return toast_only(gettext("It is sent again, under the same id."))


@needs(SCOPE)
def webhook_remove(endpoint_id: object) -> Response:
    call(stubs().webhooks.DeleteWebhookEndpoint, DeleteWebhookEndpointRequest(id=str(endpoint_id)))
    return go(url_for("console.webhook_list", removed=1))


def found(endpoint_id: object) -> WebhookEndpoint:
    return call(stubs().webhooks.GetWebhookEndpoint, GetWebhookEndpointRequest(id=str(endpoint_id)))


def written() -> WebhookEndpoint:
    """The endpoint as the form has it."""
    return WebhookEndpoint(
        url=request.form.get("url", "").strip(),
        description=request.form.get("description", "").strip(),
        event_types=request.form.get("event_types", "").replace(",", " ").split(),
    )


def empty_fields(endpoint: WebhookEndpoint) -> dict[str, str]:
    errors = {}
    if not endpoint.url:
        errors["url"] = gettext("This cannot be empty.")
    if not endpoint.event_types:
        errors["event_types"] = gettext("Name at least one kind of event, or * for all.")
    return errors
