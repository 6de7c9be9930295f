"""Create, change, delete and find accounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from chassis.errors import invalid_field
from chassis.ids import uuid7
from chassis.record_shares import check_given_away, check_holds, check_writes
from chassis.work import Row, Work

from contacts import events
from contacts.errors import account_not_found, in_the_bin, stale
from contacts.imports.custom_checks import laid_over
from contacts.model.drafts import AccountDraft, Address
from contacts.model.names import name_key
from contacts.queries import account as queries
from contacts.usecases.normal_forms import account_values, changed, normal_account

DUPLICATE = "You have a company of this name or domain already. Open that one, or repeat with allow_duplicate."


def get(work: Work, account_id: UUID) -> Row:
    """The account; also one in the bin."""
    row = queries.get(work, account_id)
    if row is None:
        raise account_not_found(account_id)
    return row


def create(work: Work, draft: AccountDraft, *, allow_duplicate: bool) -> tuple[Row | None, list[Row]]:
    """Writes an account and returns its row; or None and the duplicates that stand in the way."""
    draft = normal_account(owned(work, draft))
    if not allow_duplicate:
        found = queries.duplicates(work, name_key(draft.name), list(draft.domains))
        candidates = queries.batch(work, found) if found else []
        if candidates:
            return None, candidates
    draft = replace(draft, custom=laid_over(work, "account", {}, draft.custom, creating=True))
    account_id = uuid7()
    _check_parent(work, account_id, draft.parent_id)
    queries.insert(work, account_id, account_values(draft))
    work.record(events.account_changed("created", account_id, 1, draft))
    return get(work, account_id), []


def update(work: Work, account_id: UUID, draft: AccountDraft, fields: Iterable[str], *, etag: str) -> Row:
    """Changes these fields to the draft's values. Nothing is written where nothing differs.

    Raises Conflict where the etag is stale or the account lies in the bin.
    """
    row = _locked(work, account_id, etag)
    check_writes(row, "company")
    if row.deleted_at is not None:
        raise in_the_bin("account")
    before = from_row(row)
    wanted = replace(before, **{name: getattr(draft, name) for name in fields})
    if wanted.custom is not before.custom:
        custom = laid_over(work, "account", before.custom, draft.custom, creating=False)
        wanted = replace(wanted, custom=custom)
    after = normal_account(wanted)
    names = changed(before, after)
    if not names:
        return row
    check_given_away(row, names, "company")
    if not after.name:
        raise invalid_field("account.name", "a company needs a name", reason="REQUIRED")
    if "parent_id" in names:
        _check_parent(work, account_id, after.parent_id)
    queries.update(work, account_id, account_values(after))
    work.record(events.account_changed("updated", account_id, row.version + 1, after, changed_fields=names))
    return get(work, account_id)


def delete(work: Work, account_id: UUID, *, etag: str) -> Row:
    """Moves an account into the bin; one that lies there stays as it is."""
    row = _locked(work, account_id, etag)
    check_holds(row, "company")
    if row.deleted_at is None:
        queries.set_deleted(work, account_id, deleted=True)
        work.record(events.account_changed("deleted", account_id, row.version + 1, from_row(row), deleted=True))
    return get(work, account_id)


def undelete(work: Work, account_id: UUID) -> Row:
    """Takes an account out of the bin."""
    row = _locked(work, account_id, "")
    check_holds(row, "company")
    if row.deleted_at is not None:
        queries.set_deleted(work, account_id, deleted=False)
        work.record(events.account_changed("undeleted", account_id, row.version + 1, from_row(row)))
    return get(work, account_id)


def from_row(row: Row) -> AccountDraft:
    """The draft that would write this row."""
    return AccountDraft(
        name=row.name,
        domains=tuple(row.domains),
        industry=row.industry,
        employees=row.employees,
        revenue_currency=row.revenue_currency,
        revenue_minor=row.revenue_minor,
        founded_year=row.founded_year,
        type=row.type,
        tier=row.tier,
        parent_id=row.parent_id,
        phone=row.phone,
        website=row.website,
        addresses=tuple(Address(**address) for address in row.addresses),
        country_code=row.country_code,
        owner_id=row.owner_id,
        team_id=row.team_id,
        tags=tuple(row.tags),
        external_ids=dict(row.external_ids),
        description=row.description,
        custom=dict(row.custom),
    )


def owned(work: Work, draft: AccountDraft) -> AccountDraft:
    """A person who sees only some records owns what they create, or they would lose sight of it."""
    if draft.owner_id is None and work.caller.actor_type == "user":
        team = draft.team_id or (work.caller.team_ids[0] if work.caller.team_ids else None)
        return replace(draft, owner_id=work.caller.actor_id, team_id=team)
    return draft


def _check_parent(work: Work, account_id: UUID, parent_id: UUID | None) -> None:
    if parent_id is None:
        return
    chain = queries.parent_chain(work, parent_id)
    if not chain:
        raise invalid_field("account.parent_id", "there is no such account", reason="ACCOUNT_NOT_FOUND")
    if account_id in chain:
        raise invalid_field("account.parent_id", "a company cannot be its own parent", reason="PARENT_CYCLE")


def _locked(work: Work, account_id: UUID, etag: str) -> Row:
    row = queries.get(work, account_id, lock=True)
    if row is None:
        raise account_not_found(account_id)
    if etag and etag != str(row.version):
        raise stale(etag, row.version)
    return row
