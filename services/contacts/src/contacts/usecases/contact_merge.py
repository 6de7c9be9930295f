"""Merge two contacts: the one that stays takes over what is chosen and unites the rest; the other is an alias of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from chassis import record_shares
from chassis.errors import invalid_field
from chassis.field_rights import refuse_named
from chassis.record_shares import check_holds
from chassis.work import Row, Work

from contacts import events
from contacts.errors import contact_not_found, in_the_bin, stale
from contacts.model.drafts import ContactDraft, Email, Phone
from contacts.model.names import email_key
from contacts.queries import account as account_queries
from contacts.queries import activity as activity_queries
from contacts.queries import contact as queries
from contacts.usecases.activity import TOLD_BY
from contacts.usecases.contact import from_row, get, main_account
from contacts.usecases.normal_forms import changed, contact_values

Item = TypeVar("Item", Email, Phone)

CHOOSABLE = frozenset(
    {
        "title",
        "given_name",
        "middle_name",
        "family_name",
        "job_title",
        "lifecycle_stage",
        "language",
        "country_code",
        "source",
        "owner_id",
        "team_id",
        "score",
        "description",
    }
)


def merge(work: Work, contact_id: UUID, other_id: UUID, take_from_other: Iterable[str], *, etag: str) -> Row:
    """Merges `other_id` into `contact_id` and returns the contact that stays.

    Fields named in `take_from_other` come from the other, empty ones are filled from it, lists are united, and a
    wish not to be contacted always survives. Raises Conflict on a stale etag or where one lies in the bin.
    """
    if contact_id == other_id:
        raise invalid_field("other_id", "a contact cannot be merged into itself", reason="SAME_CONTACT")
    taken = set(take_from_other)
    unknown = taken - CHOOSABLE
    if unknown:
        allowed = ", ".join(sorted(CHOOSABLE))
        raise invalid_field("take_from_other", f"{min(unknown)} cannot be chosen; choose among {allowed}")
    locked_fields = work.caller.fields.unwritable_in("contact")
    refuse_named(
        ((f"take_from_other.{one}", f"contact.{one}") for one in sorted(taken & locked_fields)), work.caller.fields
    )
    # Both rows are locked in the order of their ids, so that two merges cannot wait for each other.
    locked = {one: queries.get(work, one, lock=True) for one in sorted((contact_id, other_id))}
    kept, other = locked[contact_id], locked[other_id]
    if kept is None:
        raise contact_not_found(contact_id)
    if other is None:
        raise contact_not_found(other_id)
    check_holds(kept, "contact")
    check_holds(other, "contact")
    if kept.deleted_at is not None or other.deleted_at is not None:
        raise in_the_bin("contact")
    if etag and etag != str(kept.version):
        raise stale(etag, kept.version)
    before = from_row(kept)
    after = united(before, from_row(other), taken)
    # The other gives up its identities first, so that they lead to the one contact that stays.
    queries.update(work, other_id, {**contact_values(from_row(other)), "key_kinds": [], "key_values": []})
    queries.set_deleted(work, other_id, deleted=True, merged_into_id=contact_id)
    account_queries.move_links(work, other_id, contact_id)
    record_shares.move(work, other_id, contact_id)
    # What the person bought and asked is the person's; what was done to the record that goes stays with it.
    for prefix in TOLD_BY:
        activity_queries.move_entries(work, other_id, contact_id, type_prefix=prefix)
    queries.update(work, contact_id, contact_values(after))
    work.record(
        events.contact_changed(
            "merged", other_id, other.version + 2, from_row(other), deleted=True, merged_into_id=contact_id
        )
    )
    merged = get(work, contact_id)
    # The links have moved without events of their own, so this one tells the main company.
    work.record(
        events.contact_changed(
            "updated",
            contact_id,
            kept.version + 1,
            after,
            changed_fields=changed(before, after),
            account_id=main_account(merged),
        )
    )
    return merged


def united(kept: ContactDraft, other: ContactDraft, taken: set[str]) -> ContactDraft:
    """The draft of the contact that stays."""
    single = {
        name: getattr(other, name)
        for name in CHOOSABLE
        if name in taken or (not getattr(kept, name) and getattr(other, name))
    }
    known_emails = {email_key(email.address) for email in kept.emails}
    known_phones = {phone.number for phone in kept.phones}
    emails = [Email(e.address, e.label) for e in other.emails if email_key(e.address) not in known_emails]
    phones = [Phone(p.number, p.label) for p in other.phones if p.number not in known_phones]
    return replace(
        kept,
        **single,
        do_not_contact=kept.do_not_contact or other.do_not_contact,
        emails=_primary_first(kept.emails + tuple(emails)),
        phones=_primary_first(kept.phones + tuple(phones)),
        addresses=tuple(dict.fromkeys(kept.addresses + other.addresses)),
        tags=tuple(dict.fromkeys(kept.tags + other.tags)),
        external_ids={**other.external_ids, **kept.external_ids},
        custom={**other.custom, **kept.custom},
    )


def _primary_first(items: tuple[Item, ...]) -> tuple[Item, ...]:
    if items and not any(item.primary for item in items):
        first: tuple[Item, ...] = (replace(items[0], primary=True),)
        return first + items[1:]
    return items
