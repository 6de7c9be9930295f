"""The document library of sales: its list, its form and its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from funia.sales.v1 import document_pb2, document_pb2_grpc

from gateway.console.fields import Column, Field
from gateway.console.i18n import Lazy, lazy
from gateway.console.kind import View, Words
from gateway.console.sales_fields import UPDATED
from gateway.console.sales_kind import SELLS, SalesKind
from gateway.console.selling_fields import PAPER_LANGUAGES

_DOCUMENT: Any = document_pb2.DESCRIPTOR
CATEGORIES: Mapping[str, Lazy] = {
    "brochure": lazy("Brochure"),
    "price_list": lazy("Price list"),
    "contract": lazy("Contract"),
    "manual": lazy("Manual"),
    "presentation": lazy("Presentation"),
    "other": lazy("Other"),
}
FIELDS: tuple[Field, ...] = (
    Field("name", lazy("Name"), filter="text", in_form=True, max_length=120),
    Field("category", lazy("Kind"), "choice", choices=CATEGORIES, filter="choice", in_form=True),
    Field("description", lazy("What it is for"), "long_text", in_form=True, max_length=2000),
    Field("language", lazy("Language"), "choice", choices=PAPER_LANGUAGES, filter="choice", in_form=True),
    Field("valid_until", lazy("Holds until"), "date", in_form=True),
    Field("tags", lazy("Tags"), "tags", "more"),
    Field("archived", lazy("Withdrawn"), "flag", "more", filter="flag", yes=lazy("It is sent to nobody any more.")),
)
COLUMNS: tuple[Column, ...] = (
    Column("category", lazy("Kind"), default=True, cell="field", priority=1),
    Column("file_name", lazy("File"), default=True),
    Column("size_bytes", lazy("Size"), default=True, cell="bytes"),
    Column("file_version", lazy("Version"), default=True, cell="number"),
    Column("language", lazy("Language"), default=True, cell="field"),
    Column("valid_until", lazy("Holds until"), default=True, cell="field"),
    Column("archived", lazy("Withdrawn"), cell="field"),
    UPDATED,
)
LIBRARY_KINDS: tuple[SalesKind, ...] = (
    SalesKind(
        "documents", "document", lazy("Documents"), lazy("Document"), "file-text",
        Words(
            intro=lazy("Brochures, price lists, contracts and manuals, each with all its versions."),
            add=lazy("Add a document"),
            done=lazy("Add the document"),
            nobody=lazy("No document is here yet"),
            first=lazy("Add one and give it its file. Sellers attach it to their mails."),
        ),
        FIELDS, COLUMNS, "Document", _DOCUMENT, document_pb2_grpc.DocumentServiceStub, writes=SELLS,
        page="console/document_page.html",
        views=(View(lazy("In use"), "archived = false"), View(lazy("Withdrawn"), "archived = true")),
    ),
)  # fmt: skip
