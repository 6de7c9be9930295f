"""The fields of members, tiers and gift cards as the console shows them; their rules stay beside them in the protos."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.console.fields import Column, Field
from gateway.console.i18n import Lazy, lazy
from gateway.console.sales_fields import CREATED, UPDATED
from gateway.console.selling_fields import COMPANY, PERSON, state, state_shown

MEMBER_STATES: Mapping[str, Lazy] = {
    "active": lazy("Active"),
    "suspended": lazy("Suspended"),
    "closed": lazy("Closed"),
}
CARD_STATES: Mapping[str, Lazy] = {
    "active": lazy("Active"),
    "blocked": lazy("Blocked"),
    "expired": lazy("Expired"),
    "void": lazy("Void, it came back"),
}
POSTING_KINDS: Mapping[str, Lazy] = {
    "issue": lazy("Put on the card"),
    "earn": lazy("Earned"),
    "release": lazy("Can be spent now"),
    "redeem": lazy("Spent"),
    "restore": lazy("Given back"),
    "reverse": lazy("Taken back with a return"),
    "expire": lazy("Expired"),
    "adjust": lazy("By hand"),
}
STATE_COLUMN = Column("status", lazy("State"), default=True, cell="field", priority=1)

MEMBER_FIELDS: tuple[Field, ...] = (
    Field("name", lazy("Name"), filter="text", in_form=True, max_length=120),
    Field("card_number", lazy("Card number"), filter="text", in_form=True, max_length=40,
          hint=lazy("Scan a card, or leave it empty for a new number.")),
    Field("phone", lazy("Phone"), in_form=True, max_length=40),
    Field("email", lazy("E-mail"), in_form=True, max_length=254),
    PERSON,
    COMPANY,
    state(MEMBER_STATES),
    Field("tier_id", lazy("Tier"), "read_only", "hidden"),
    Field("available_points", lazy("Points to spend"), "read_only", "hidden", filter="number"),
)  # fmt: skip
MEMBER_COLUMNS: tuple[Column, ...] = (
    Column("card_number", lazy("Card number"), default=True),
    STATE_COLUMN,
    Column("tier_id", lazy("Tier"), default=True, cell="field"),
    Column("available_points", lazy("Points to spend"), "available_points", default=True, cell="number", priority=1),
    Column("joined_on", lazy("Member since"), "joined_on", default=True, cell="field"),
    CREATED,
    UPDATED,
)
MEMBER_LISTED: tuple[Field, ...] = (
    state_shown(MEMBER_STATES),
    Field("tier_id", lazy("Tier"), "one_of_few", refers="tiers"),
    Field("joined_on", lazy("Member since"), "date"),
)
TIER_FIELDS: tuple[Field, ...] = (
    Field("name", lazy("Name"), filter="text", in_form=True, max_length=80),
    Field("threshold_points", lazy("From so many points"), "number", in_form=True,
          hint=lazy("Earned within twelve months.")),
    Field("earn_percent", lazy("Points in per cent of others"), "number", in_form=True,
          hint=lazy("150 earns half as much again.")),
    Field("segment", lazy("Segment"), in_form=True, max_length=80,
          hint=lazy("Price books and price rules of this segment hold for its members.")),
)  # fmt: skip
TIER_COLUMNS: tuple[Column, ...] = (
    Column("threshold_points", lazy("From so many points"), "threshold_points", default=True, cell="number"),
    Column("earn_percent", lazy("Points in per cent of others"), default=True, cell="number"),
    Column("segment", lazy("Segment"), default=True),
    UPDATED,
)
CARD_FIELDS: tuple[Field, ...] = (
    Field("issued_amount", lazy("Amount"), "money", in_form=True),
    Field("expires_on", lazy("Can be spent until"), "date", in_form=True),
    PERSON,
    Field("member_id", lazy("Loyalty card"), "reference", in_form=True, refers="members"),
    Field("reason", lazy("Why is it given?"), in_form=True, max_length=200,
          hint=lazy("A card that is sold is issued with its order.")),
    Field("order_id", lazy("Order"), "read_only", "hidden"),
    Field("balance_amount", lazy("Left on it"), "money", "work"),
    state(CARD_STATES),
)  # fmt: skip
CARD_COLUMNS: tuple[Column, ...] = (
    STATE_COLUMN,
    Column("balance_amount", lazy("Left on it"), "balance_amount", default=True, cell="money", priority=1),
    Column("issued_amount", lazy("Amount"), default=True, cell="money"),
    Column("expires_on", lazy("Can be spent until"), default=True, cell="field"),
    CREATED,
)
CARD_LISTED: tuple[Field, ...] = (
    state_shown(CARD_STATES),
    Field("expires_on", lazy("Can be spent until"), "date"),
)
