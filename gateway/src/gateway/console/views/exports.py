"""People as a file: the list that is on the screen, streamed."""

from __future__ import annotations

from flask import Blueprint, Response, request
from funia.contacts.v1.contact_pb2 import ExportContactsRequest

from gateway.console.backend import download, stubs
from gateway.console.guard import needs


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/people/export.csv", "export_people", export_people)


@needs("contacts.export")
def export_people() -> Response:
    message = ExportContactsRequest(filter=request.args.get("q", ""), format="csv")
    pieces = download(stubs().contacts.ExportContacts, message)
    return Response(
        (piece.chunk for piece in pieces),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="people.csv"'},
    )
