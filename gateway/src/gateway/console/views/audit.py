"""The audit log of the company: who did what, narrowed by person, kind of act and day, as a file, and proven."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from flask import Blueprint, Response, make_response, render_template, request
from funia.identity.v1.audit_pb2 import (
    AuditEntry,
    CreateAuditCheckpointRequest,
    ExportAuditLogRequest,
    ListAuditEntriesRequest,
    VerifyAuditLogRequest,
)

from gateway.console.audit_words import act_name
from gateway.console.backend import call, download, stubs
from gateway.console.colleagues import colleagues
from gateway.console.formats import zone
from gateway.console.guard import needs
from gateway.console.i18n import Lazy, gettext, lazy

PAGE_SIZE = 50
GROUPS: Mapping[str, Lazy] = {
    "identity.log_in": lazy("Log-ins"),
    "identity.session": lazy("Sessions"),
    "identity.user": lazy("Colleagues"),
    "identity.tenant": lazy("Company"),
    "identity.client": lazy("API clients"),
    "identity.grant": lazy("Apps that people allowed"),
    "identity.request": lazy("Refusals"),
    "contacts.break_glass": lazy("Break-glass"),
    "contacts.import": lazy("Imports"),
    "sales.import": lazy("Imports of sales"),
    "contacts.export": lazy("Exports"),
    "contacts.contact": lazy("People"),
    "contacts.account": lazy("Companies"),
}


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/settings/audit-log", "audit_log", audit_log)
    rule("/settings/audit-log/verify", "audit_verify", audit_verify)
    rule("/settings/audit-log/checkpoint", "audit_checkpoint", audit_checkpoint, methods=["POST"])
    rule("/settings/audit-log/export.csv", "audit_export", audit_export)


@needs("identity.audit")
def audit_log() -> Response:
    """The page; with a token only its next rows."""
    token = request.args.get("token", "")
    message = ListAuditEntriesRequest(
        page_size=PAGE_SIZE, page_token=token, actor_id=chosen_actor(), action=chosen_group()
    )
    narrow_by_days(message)
    template = "console/audit_rows.html" if token else "console/audit_log.html"
    page = render_template(
        template,
        answer=call(stubs().audit.ListAuditEntries, message),
        people=sorted(colleagues().items(), key=lambda one: one[1].casefold()),
        who=who,
        act_name=act_name,
        groups=[(code, str(label)) for code, label in GROUPS.items()],
        narrowing={name: request.args[name] for name in ("who", "what", "from", "to") if request.args.get(name)},
    )
    return make_response(page)


@needs("identity.audit")
def audit_verify() -> Response:
    """One part of the walk; the answer asks for the next by itself."""
    message = VerifyAuditLogRequest(
        page_token=request.args.get("token", ""), statement=request.args.get("statement", "").strip()[:4000]
    )
    proof = call(stubs().audit.VerifyAuditLog, message)
    return make_response(render_template("console/audit_proof.html", proof=proof, statement=message.statement))


@needs("identity.audit")
def audit_checkpoint() -> Response:
    """A signed statement to be kept elsewhere, as a file."""
    made = call(stubs().audit.CreateAuditCheckpoint, CreateAuditCheckpointRequest())
    name = f"audit-checkpoint-{made.sequence}.txt"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(made.statement + "\n", mimetype="text/plain", headers=headers)


@needs("identity.audit")
def audit_export() -> Response:
    message = ExportAuditLogRequest(format="csv", actor_id=chosen_actor(), action=chosen_group())
    narrow_by_days(message)
    pieces = download(stubs().audit.ExportAuditLog, message)
    return Response(
        (piece.chunk for piece in pieces),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="audit-log.csv"'},
    )


def chosen_actor() -> str:
    actor = request.args.get("who", "")
    return actor if actor in colleagues() else ""


def chosen_group() -> str:
    group = request.args.get("what", "")
    return group if group in GROUPS else ""


def narrow_by_days(message: ListAuditEntriesRequest | ExportAuditLogRequest) -> None:
    """Days of the form, both included, as they begin and end in the company's time zone."""
    for name, later in (("from", 0), ("to", 1)):
        try:
            day = dt.date.fromisoformat(request.args.get(name, ""))
            begins = dt.datetime.combine(day + dt.timedelta(days=later), dt.time(), zone())
            getattr(message, name).FromDatetime(begins.astimezone(dt.UTC))
        except (ValueError, OverflowError):
            continue


def who(entry: AuditEntry) -> str:
    if entry.actor_type == "user":
        return colleagues().get(entry.actor_id) or gettext("A colleague")
    return gettext("An app") if entry.actor_type in ("client", "service") else "Funia"
