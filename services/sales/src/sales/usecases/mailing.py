"""Mails of sellers from a record: what fills their templates, and whether somebody may be written to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.errors import FailedPrecondition
from chassis.work import Row, Work

from sales.letters.rendering import Values
from sales.paper import words
from sales.queries import company
from sales.queries import mail as queries
from sales.references import Addressee, Colleague

SEND = "send_record_mail"
"""The job that sends a mail."""
PROBLEMS: Mapping[str, str] = {
    "NO_RECIPIENT": "This record names nobody to write to. Add a person to it, or name one.",
    "NO_ADDRESS": "There is no e-mail address of this person. Add one first.",
    "DO_NOT_CONTACT": "This person is not to be contacted.",
}


@dataclass(frozen=True, slots=True)
class Record:
    """What a mail is about: the rows that there are, and whom it may go to."""

    deal: Row | None = None
    lead: Row | None = None
    quote: Row | None = None
    account_id: UUID | None = None
    contact_id: UUID | None = None


def problem_of(work: Work, record: Record, person: Addressee | None) -> str:
    """Why nobody can be written to, as a key of `PROBLEMS`; empty where somebody can."""
    if person is None:
        return "NO_RECIPIENT"
    if person.do_not_contact or (record.contact_id is not None and queries.is_unwanted(work, record.contact_id)):
        return "DO_NOT_CONTACT"
    return "" if person.email else "NO_ADDRESS"


def refuse(problem: str) -> FailedPrecondition:
    """A mail that cannot be sent."""
    return FailedPrecondition(PROBLEMS[problem], reason=problem)


def person_of_lead(lead: Row) -> Addressee:
    """Whom a lead is about, before it is a contact."""
    return Addressee(lead.given_name, lead.family_name, lead.job_title, lead.email, do_not_contact=False)


def first_contact(deal: Row) -> UUID | None:
    """The person of a deal to talk to first."""
    known: list[Mapping[str, Any]] = sorted(deal.contacts, key=lambda one: not one.get("is_primary"))
    return UUID(known[0]["contact_id"]) if known else None


def values(
    work: Work, record: Record, person: Addressee | None, company_name: str, me: Colleague, language: str
) -> Values:
    """What a template may name, written in its language."""
    found: dict[str, Mapping[str, str]] = {
        "me": {"name": me.name, "email": me.email},
        "us": {"name": company.company(work).seller_name},
        "company": {"name": company_name},
    }
    if person is not None:
        found["contact"] = {
            "given_name": person.given_name,
            "family_name": person.family_name,
            "name": person.name,
            "job_title": person.job_title,
        }
    if record.deal is not None:
        deal = record.deal
        known = bool(deal.amount_currency)
        found["deal"] = {
            "name": deal.name,
            "amount": words.money(deal.amount_minor, deal.amount_currency, language) if known else "",
            "close_date": words.day(deal.expected_close_date, language),
            "next_step": deal.next_step,
        }
    if record.quote is not None:
        quote = record.quote
        found["quote"] = {
            "number": quote.number,
            "title": quote.title,
            "total": words.money(quote.gross_amount_minor, quote.currency_code, language),
            "valid_until": words.day(quote.valid_until, language),
        }
    if record.lead is not None:
        lead = record.lead
        found["lead"] = {"company_name": lead.company_name, "need": lead.need, "timing": lead.timing}
    return found
