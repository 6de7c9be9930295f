"""Stores, their registers and the sessions at them: their lists and pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from funia.sales.v1 import pos_session_pb2, pos_session_pb2_grpc, store_pb2, store_pb2_grpc

from gateway.console.fields import Column, Field
from gateway.console.i18n import Lazy, lazy
from gateway.console.kind import Child, Words
from gateway.console.sales_fields import CHANNELS, UPDATED
from gateway.console.sales_kind import SalesKind

_STORE: Any = store_pb2.DESCRIPTOR
_SESSION: Any = pos_session_pb2.DESCRIPTOR
SESSION_STATES: Mapping[str, Lazy] = {
    "opening": lazy("Float is counted"),
    "open": lazy("Selling"),
    "closing": lazy("Cash is counted"),
    "closed": lazy("Closed"),
}
STORE_FIELDS: tuple[Field, ...] = (
    Field("name", lazy("Name"), filter="text", in_form=True, max_length=120),
    Field("code", lazy("Short name on receipts"), filter="text", in_form=True, max_length=20),
    Field("address", lazy("Address"), "long_text", in_form=True, max_length=1000),
    Field("phone", lazy("Phone"), in_form=True, max_length=60),
    Field("currency_code", lazy("Currency"), "text", "form", in_form=True, max_length=3),
    Field("time_zone", lazy("Time zone"), "text", "work", in_form=True, max_length=60),
    Field("channel", lazy("Channel"), "choice", "work", CHANNELS),
    Field("receipt_footer", lazy("Below every receipt"), "long_text", "work", in_form=True, max_length=500),
    Field("active", lazy("In use"), "flag", "work", filter="flag"),
)
STORE_COLUMNS: tuple[Column, ...] = (
    Column("code", lazy("Short name on receipts"), default=True, sort="code", priority=1),
    Column("currency_code", lazy("Currency"), default=True),
    Column("active", lazy("In use"), default=True, cell="field"),
    UPDATED,
)
REGISTER_FIELDS: tuple[Field, ...] = (
    Field("name", lazy("Name"), filter="text", in_form=True, max_length=120),
    Field("store_id", lazy("Store"), "one_of_few", "form", in_form=True, refers="stores"),
    Field("receipt_prefix", lazy("Receipts begin with"), "text", "form", in_form=True, max_length=40),
    Field("last_sequence", lazy("Last receipt"), "read_only"),
    Field("last_z_number", lazy("Last Z report"), "read_only"),
    Field("active", lazy("In use"), "flag", filter="flag"),
)
REGISTER_COLUMNS: tuple[Column, ...] = (
    Column("store_id", lazy("Store"), default=True, cell="field", priority=1),
    Column("receipt_prefix", lazy("Receipts begin with"), default=True),
    Column("last_sequence", lazy("Last receipt"), default=True),
    Column("active", lazy("In use"), default=True, cell="field"),
    UPDATED,
)
SESSION_FIELDS: tuple[Field, ...] = (
    Field("status", lazy("State"), "choice", "form", SESSION_STATES, filter="choice"),
    Field("store_id", lazy("Store"), "one_of_few", refers="stores"),
    Field("register_id", lazy("Register"), "one_of_few", refers="registers"),
)
SESSION_COLUMNS: tuple[Column, ...] = (
    Column("status", lazy("State"), default=True, cell="field", priority=1),
    Column("store_id", lazy("Store"), default=True, cell="field"),
    Column("opened_at", lazy("Opened"), sort="opened_at", default=True, cell="when"),
    Column("closed_at", lazy("Closed"), default=True, cell="when"),
)

STORE_KINDS: tuple[SalesKind, ...] = (
    SalesKind(
        "stores", "store", lazy("Stores"), lazy("Store"), "building-store",
        Words(
            intro=lazy("Where you sell over the counter, with the registers that stand there."),
            add=lazy("Add a store"),
            done=lazy("Add the store"),
            nobody=lazy("No store is here yet"),
            first=lazy("Add one with a register, then open the till on a tablet."),
        ),
        STORE_FIELDS, STORE_COLUMNS, "Store", _STORE, store_pb2_grpc.StoreServiceStub,
        children=(Child("registers", "store_id"),),
    ),
    SalesKind(
        "registers", "register", lazy("Registers"), lazy("Register"), "calculator",
        Words(
            intro=lazy("The tills of your stores, each with its own drawer and its own receipts."),
            add=lazy("Add a register"),
            done=lazy("Add the register"),
            nobody=lazy("No register is here yet"),
            first=lazy("A tablet becomes a register when the till is opened on it."),
        ),
        REGISTER_FIELDS, REGISTER_COLUMNS, "Register", _STORE, store_pb2_grpc.RegisterServiceStub,
        page="console/register_page.html", children=(Child("pos-sessions", "register_id"),),
    ),
    SalesKind(
        "pos-sessions", "pos_session", lazy("Sessions"), lazy("Session"), "cash",
        Words(
            intro=lazy("What was in the drawer, what was sold, and what was counted at the end."),
            add=lazy("Open the till"),
            done=lazy("Open the till"),
            nobody=lazy("No session is here yet"),
            first=lazy("A session begins at the till, with the cash in its drawer."),
        ),
        SESSION_FIELDS, SESSION_COLUMNS, "PosSession", _SESSION, pos_session_pb2_grpc.PosSessionServiceStub,
        writes="", name_sort="", found_by=("status",), page="console/pos_session.html",
    ),
)  # fmt: skip
