"""Create, change, delete and find contacts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from chassis.errors import InvalidArgument, NotFound, Violation, invalid_field
from chassis.ids import uuid7
from chassis.record_shares import check_given_away, check_holds, check_writes
from chassis.work import Row, Work

from contacts import events
from contacts.errors import contact_not_found, erased_person, in_the_bin, stale
from contacts.imports.custom_checks import laid_over
from contacts.model.contact import is_backward, name_key
from contacts.model.drafts import Address, ContactDraft, Email, Phone
from contacts.model.names import email_key, phone_key
from contacts.queries import account as account_queries
from contacts.queries import contact as queries
from contacts.queries import erased_identity
from contacts.usecases.normal_forms import (
    IdentityKeys,
    changed,
    contact_display_name,
    contact_keys,
    contact_values,
    normal_contact,
)

_WEIGHTS = {"external": 100, "email": 95, "phone": 85, "name": 60}
DUPLICATE = "This looks like a contact you have already. Open that one, or repeat with allow_duplicate."
REFUSED_FROM = 80
"""A candidate of this score or more stops a creation; the same name alone does not."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An existing contact that looks like the one at hand: its row, 0 to 100, and what agrees."""

    row: Row
    score: int
    reasons: tuple[str, ...]


def get(work: Work, contact_id: UUID) -> Row:
    """The contact; asked for by the id of one merged into it, the one that stayed."""
    row = queries.get(work, contact_id)
    if row is not None and row.merged_into_id is not None:
        row = queries.get(work, row.merged_into_id)
    if row is None:
        raise contact_not_found(contact_id)
    return row


def create(
    work: Work, draft: ContactDraft, *, allow_duplicate: bool, account_id: UUID | None
) -> tuple[Row | None, list[Duplicate]]:
    """Writes a contact and returns its row; or None and the duplicates that stand in the way.

    Raises Conflict where the person was erased.
    """
    draft = normal_contact(owned(work, draft), lambda: queries.tenant_country(work))
    keys: IdentityKeys = contact_keys(draft)
    # The same name alone stops nobody, so it need not be looked for where no identity agrees.
    if keys and not allow_duplicate and queries.duplicates(work, keys, ""):
        candidates = [one for one in find_duplicates(work, draft) if one.score >= REFUSED_FROM]
        if candidates:
            return None, candidates
    refuse_erased(work, contact_keys(draft))
    draft = replace(draft, custom=laid_over(work, "contact", {}, draft.custom, creating=True))
    contact_id = uuid7()
    row = queries.insert(work, contact_id, contact_values(draft))
    work.record(events.contact_changed("created", contact_id, 1, draft, account_id=account_id))
    if account_id is not None:
        row = link(work, account_id, contact_id, role="", primary=True)
    return row or _unseen(contact_id), []


def update(work: Work, contact_id: UUID, draft: ContactDraft, fields: Iterable[str], *, etag: str, reason: str) -> Row:
    """Changes these fields to the draft's values. Nothing is written where nothing differs.

    Raises Conflict where the etag is stale, the contact lies in the bin, or an identity comes in of somebody who was
    erased; InvalidArgument where the stage goes backward without a reason.
    """
    row = _locked(work, contact_id, etag)
    check_writes(row, "contact")
    if row.deleted_at is not None:
        raise in_the_bin("contact")
    before = from_row(row)
    wanted = replace(before, **{name: getattr(draft, name) for name in fields})
    if wanted.custom is not before.custom:
        custom = laid_over(work, "contact", before.custom, draft.custom, creating=False)
        wanted = replace(wanted, custom=custom)
    after = normal_contact(wanted, lambda: queries.tenant_country(work))
    names = changed(before, after)
    if not names:
        return row
    check_given_away(row, names, "contact")
    check_stage(before, after, reason)
    known = set(contact_keys(before))
    refuse_erased(work, [key for key in contact_keys(after) if key not in known])
    queries.update(work, contact_id, contact_values(after))
    version = row.version + 1
    account_id = main_account(row)
    work.record(
        events.contact_changed("updated", contact_id, version, after, changed_fields=names, account_id=account_id)
    )
    if "lifecycle_stage" in names:
        work.record(events.lifecycle_changed(contact_id, version, before.lifecycle_stage, after.lifecycle_stage))
    return queries.get(work, contact_id) or _unseen(contact_id)


def refuse_erased(work: Work, keys: IdentityKeys) -> None:
    """Raises Conflict where one of these identities, new to a contact, is of a person who was erased."""
    if kinds := {kind for kind, _ in erased_identity.of_erased(work, keys)}:
        raise erased_person(kinds)


def check_stage(before: ContactDraft, after: ContactDraft, reason: str) -> None:
    """Raises InvalidArgument where the stage goes backward without a reason."""
    if is_backward(before.lifecycle_stage, after.lifecycle_stage) and not reason.strip():
        raise invalid_field(
            "reason",
            f"say why the stage goes back from {before.lifecycle_stage} to {after.lifecycle_stage}",
            reason="REASON_REQUIRED",
        )


def delete(work: Work, contact_id: UUID, *, etag: str) -> Row:
    """Moves a contact into the bin; one that lies there stays as it is."""
    row = _locked(work, contact_id, etag)
    check_holds(row, "contact")
    if row.deleted_at is None:
        queries.set_deleted(work, contact_id, deleted=True)
        work.record(events.contact_changed("deleted", contact_id, row.version + 1, from_row(row), deleted=True))
    return get(work, contact_id)


def undelete(work: Work, contact_id: UUID) -> Row:
    """Takes a contact out of the bin."""
    row = _locked(work, contact_id, "")
    check_holds(row, "contact")
    if row.merged_into_id is not None:
        raise InvalidArgument(
            f"This contact was merged into {row.merged_into_id}. Undelete cannot part them.", reason="MERGED"
        )
    if row.deleted_at is not None:
        queries.set_deleted(work, contact_id, deleted=False)
        work.record(events.contact_changed("undeleted", contact_id, row.version + 1, from_row(row)))
    return get(work, contact_id)


def lookup(work: Work, *, email: str, phone: str, external_id: str) -> Row:
    """The contact that owns an identity; the oldest where several do."""
    kind, value = _identity(work, email, phone, external_id)
    rows = queries.batch(work, queries.by_identity(work, kind, value), full=True)
    if not rows:
        raise NotFound(f"No contact has this {kind}.", reason="CONTACT_NOT_FOUND")
    oldest: Row = min(rows, key=lambda row: row.id)
    return oldest


def find_duplicates(work: Work, draft: ContactDraft, *, except_id: UUID | None = None) -> list[Duplicate]:
    """Living contacts the caller may see that look like this normal draft, likeliest first."""
    keys: IdentityKeys = contact_keys(draft)
    name = name_key(contact_display_name(draft)) if draft.given_name and draft.family_name else ""
    if not keys and not name:
        return []
    found = dict(queries.duplicates(work, keys, name, except_id=except_id))
    if not found:
        return []
    candidates = [
        Duplicate(row, min(100, max(_WEIGHTS[kind] for kind in kinds) + 5 * (len(kinds) - 1)), tuple(sorted(kinds)))
        for row in queries.batch(work, list(found), full=False)
        for kinds in [found[row.id]]
    ]
    return sorted(candidates, key=lambda one: (-one.score, one.row.id))[:10]


def duplicates_of(work: Work, draft: ContactDraft) -> list[Duplicate]:
    """Likely duplicates of a contact as it would be created."""
    return find_duplicates(work, normal_contact(draft, lambda: queries.tenant_country(work)))


def link(work: Work, account_id: UUID, contact_id: UUID, *, role: str, primary: bool) -> Row:
    """Puts a person into a company with a role, or changes the role; returns the contact's row."""
    account = account_queries.get(work, account_id)
    if account is None or account.deleted_at is not None:
        raise invalid_field("account_id", "there is no such account that you may see", reason="ACCOUNT_NOT_FOUND")
    contact = queries.get(work, contact_id)
    if contact is None or contact.deleted_at is not None:
        raise contact_not_found(contact_id)
    check_writes(account, "company")
    check_writes(contact, "contact")
    primary = primary or not account_queries.has_links(work, contact_id)
    version = account_queries.link(work, account_id, contact_id, role=role, primary=primary)
    work.record(events.link_changed("linked", account_id, contact_id, version, role=role, primary=primary))
    return queries.get(work, contact_id) or _unseen(contact_id)


def unlink(work: Work, account_id: UUID, contact_id: UUID) -> None:
    """Takes a person out of a company; no link is no error."""
    contact, account = queries.get(work, contact_id), account_queries.get(work, account_id)
    if contact is None or account is None:
        raise contact_not_found(contact_id)
    check_writes(account, "company")
    check_writes(contact, "contact")
    version = account_queries.unlink(work, account_id, contact_id)
    if version is not None:
        work.record(events.link_changed("unlinked", account_id, contact_id, version, role="", primary=False))


def from_row(row: Row) -> ContactDraft:
    """The draft that would write this row."""
    return ContactDraft(
        title=row.title,
        given_name=row.given_name,
        middle_name=row.middle_name,
        family_name=row.family_name,
        job_title=row.job_title,
        lifecycle_stage=row.lifecycle_stage,
        language=row.language,
        country_code=row.country_code,
        source=row.source,
        owner_id=row.owner_id,
        team_id=row.team_id,
        do_not_contact=row.do_not_contact,
        score=row.score,
        emails=tuple(Email(**email) for email in row.emails),
        phones=tuple(Phone(**phone) for phone in row.phones),
        addresses=tuple(Address(**address) for address in row.addresses),
        tags=tuple(row.tags),
        external_ids=dict(row.external_ids),
        description=row.description,
        custom=dict(row.custom),
    )


def owned(work: Work, draft: ContactDraft) -> ContactDraft:
    """A person who sees only some records owns what they create, or they would lose sight of it."""
    if draft.owner_id is None and work.caller.actor_type == "user":
        team = draft.team_id or (work.caller.team_ids[0] if work.caller.team_ids else None)
        return replace(draft, owner_id=work.caller.actor_id, team_id=team)
    return draft


def _locked(work: Work, contact_id: UUID, etag: str) -> Row:
    row = queries.get(work, contact_id, lock=True)
    if row is None:
        raise contact_not_found(contact_id)
    if etag and etag != str(row.version):
        raise stale(etag, row.version)
    return row


def _identity(work: Work, email: str, phone: str, external_id: str) -> tuple[str, str]:
    given = [name for name, value in (("email", email), ("phone", phone), ("external_id", external_id)) if value]
    if len(given) != 1:
        message = "give exactly one of email, phone and external_id"
        raise InvalidArgument(
            f"Nothing to look up: {message}.",
            reason="ONE_IDENTITY_REQUIRED",
            violations=[Violation(name, message) for name in given or ["email"]],
        )
    if email:
        return "email", email_key(email)
    if external_id:
        return "external", external_id
    number = phone_key(phone, "" if phone.startswith("+") else queries.tenant_country(work))
    if number is None:
        raise invalid_field("phone", "write it with the country code, such as +359 2 123 4567", reason="INVALID_PHONE")
    return "phone", number


def main_account(row: Any) -> UUID | None:
    """The company a person belongs to first of all."""
    return UUID(row.accounts[0]["account_id"]) if row.accounts else None


def _unseen(contact_id: UUID) -> Row:
    raise contact_not_found(contact_id)
