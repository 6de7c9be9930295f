"""Who is a member, and how a counter finds them: by card, phone or e-mail address."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import phonenumbers
from chassis.errors import Conflict, invalid_field
from chassis.ids import uuid7
from chassis.work import Row, Work

from sales.events import loyalty_event
from sales.queries import company
from sales.queries import loyalty as queries
from sales.records import MEMBERS
from sales.usecases import points
from sales.usecases.prices import today

Values = dict[str, Any]
OWN_CARDS = "29"
"""EAN-13 numbers that begin so are free for use within a company (GS1, restricted circulation)."""
EAN_DIGITS = 13
DRAWS_MAX = 8
_NEW: Values = {
    "status": "active",
    "tier_id": None,
    "tier_points": 0,
    "available_points": 0,
    "pending_points": 0,
    "owed_points": 0,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed or scanned at a counter, as each of the things that it may be; empty where it cannot be that."""

    card_number: str
    phone: str
    email: str


def read(work: Work, query: str) -> Asked:
    """What a query may be."""
    typed = query.strip()
    if "@" in typed:
        return Asked("", "", typed.lower())
    card = card_key(typed)
    return Asked(card, "" if is_own_card(card) else phone_key(work, typed) or "", "")


def is_own_card(number: str) -> bool:
    """Whether a number is one that this company's cards have, and so never a phone number."""
    return (
        len(number) == EAN_DIGITS
        and number.isascii()
        and number.isdigit()
        and number.startswith(OWN_CARDS)
        and check_digit(number[:-1]) == number[-1]
    )


def find(work: Work, asked: Asked) -> Row | None:
    """The member of a query; a closed one too."""
    member_id = queries.find(work, card_number=asked.card_number, phone=asked.phone, email=asked.email)
    return None if member_id is None else MEMBERS.get(work, member_id)


def enrol(work: Work, given: Values) -> Row:
    """A new member; the one that is there where person, company, card or phone are a member's already.

    Raises Conflict where what is given belongs to more than one, or the membership was closed.
    """
    given = normal(work, given)
    if not any(given[name] for name in ("contact_id", "account_id", "phone", "card_number")):
        raise invalid_field("phone", "give a person, a company, a phone number or a card number", reason="REQUIRED")
    named = {name: given[name] for name in ("contact_id", "account_id", "card_number", "phone") if given[name]}
    known = {found for one, value in named.items() if (found := queries.member_of(work, **{one: value}))}
    if len(known) > 1:
        raise Conflict("Person, phone and card belong to different members. Give one of them.", reason="OTHER_MEMBER")
    if known:
        return _completed(work, points.locked(work, known.pop()), given)
    card = given["card_number"] or _draw(work)
    row = MEMBERS.insert(work, uuid7(), {**_NEW, **given, "card_number": card, "joined_on": today(work)})
    work.record(loyalty_event("enrolled", row))
    return row


def change(work: Work, row: Row, given: Values) -> Row:
    """Changes how a locked member is known."""
    after = {name: getattr(row, name) for name in ("name", "phone", "email", "card_number", "contact_id", "account_id")}
    values = {name: value for name, value in normal(work, after | given).items() if getattr(row, name) != value}
    if not values:
        return row
    if not (values.get("card_number") or row.card_number):
        raise invalid_field("loyalty_member.card_number", "a member has a card number", reason="REQUIRED")
    written = MEMBERS.update(work, row.id, values)
    work.record(loyalty_event("updated", written, changed=tuple(name for name in values if name != "name_key")))
    return written


def normal(work: Work, given: Mapping[str, Any]) -> Values:
    """Values as they are kept. Raises InvalidArgument where a phone number is none."""
    phone = given["phone"].strip()
    key = phone_key(work, phone) if phone else ""
    if key is None:
        raise invalid_field("phone", "give a phone number with its country code", reason="INVALID_PHONE")
    name = given["name"].strip()
    return {
        **given,
        "name": name,
        "name_key": name.lower(),
        "phone": key,
        "email": given["email"].strip().lower(),
        "card_number": card_key(given["card_number"]),
    }


def card_key(number: str) -> str:
    """A card number as it is kept: without spaces and hyphens, in upper case."""
    return "".join(number.split()).replace("-", "").upper()


def phone_key(work: Work, number: str) -> str | None:
    """A phone number in E.164, a national one read in the company's country; None where it cannot be one."""
    try:
        parsed = phonenumbers.parse(number, company.company(work).country_code or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def check_digit(digits: str) -> str:
    """The last digit of an EAN-13 number, from the twelve before it."""
    weighed = sum(int(one) * (3 if at % 2 else 1) for at, one in enumerate(digits))
    return str(-weighed % 10)


def _draw(work: Work) -> str:
    """A card number that nobody has."""
    for _ in range(DRAWS_MAX):
        digits = OWN_CARDS + f"{secrets.randbelow(10**10):010}"
        number = digits + check_digit(digits)
        if queries.member_of(work, card_number=number) is None:
            return number
    raise Conflict("No free card number was found. Try again.", reason="CONCURRENT_WRITE")


def _completed(work: Work, row: Row, given: Values) -> Row:
    """Adds what was not known of a member; what is known stays."""
    names = ("contact_id", "account_id", "name", "phone", "email")
    return change(work, row, {name: given[name] for name in names if given[name] and not getattr(row, name)})
