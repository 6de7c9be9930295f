"""A row laid over a record that exists: it replaces single values and joins lists; empty cells change nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chassis.importing.rows import Problem

from contacts.imports.checking import CheckedAccount, CheckedContact
from contacts.imports.fields import LIST_MAX
from contacts.model.contact import is_backward
from contacts.model.drafts import AccountDraft, ContactDraft, Email, Phone
from contacts.model.names import email_key

_JOINED = frozenset({"emails", "phones", "addresses", "tags", "external_ids", "domains", "custom"})


def over_contact(before: ContactDraft, row: CheckedContact) -> ContactDraft | Problem:
    """The contact after this row."""
    wanted = row.draft
    if "lifecycle_stage" in row.given and is_backward(before.lifecycle_stage, wanted.lifecycle_stage):
        return Problem(
            "REASON_REQUIRED",
            f"The stage would go back from {before.lifecycle_stage} to {wanted.lifecycle_stage}. Change it by hand, "
            "with a reason.",
        )
    changes = _singles(row.given, before, wanted)
    if "emails" in row.given:
        known = {email_key(one.address) for one in before.emails}
        added = tuple(
            Email(one.address, one.label, primary=one.primary and not before.emails)
            for one in wanted.emails
            if email_key(one.address) not in known
        )
        changes["emails"] = before.emails + added
    if "phones" in row.given:
        numbers = {one.number for one in before.phones}
        more = tuple(
            Phone(one.number, one.label, primary=one.primary and not before.phones)
            for one in wanted.phones
            if one.number not in numbers
        )
        changes["phones"] = before.phones + more
    return _within_bounds(changes) or replace(before, **changes)


def over_account(before: AccountDraft, row: CheckedAccount) -> AccountDraft | Problem:
    """The company after this row."""
    changes = _singles(row.given, before, row.draft)
    if "domains" in row.given:
        changes["domains"] = tuple(dict.fromkeys(before.domains + row.draft.domains))
    return _within_bounds(changes) or replace(before, **changes)


def _singles(
    given: tuple[str, ...], before: ContactDraft | AccountDraft, wanted: ContactDraft | AccountDraft
) -> dict[str, Any]:
    changes = {name: getattr(wanted, name) for name in given if name not in _JOINED}
    if "tags" in given:
        changes["tags"] = tuple(dict.fromkeys(before.tags + wanted.tags))
    if "external_ids" in given:
        changes["external_ids"] = {**before.external_ids, **wanted.external_ids}
    if "addresses" in given:
        changes["addresses"] = before.addresses + tuple(one for one in wanted.addresses if one not in before.addresses)
    return changes


def _within_bounds(changes: dict[str, Any]) -> Problem | None:
    for name, most in LIST_MAX.items():
        if len(changes.get(name, ())) > most:
            return Problem(
                "TOO_MANY", f"The record would have {len(changes[name])} {name.replace('_', ' ')}: {most} at most."
            )
    return None
