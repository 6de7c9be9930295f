"""Statements on accounts and on the people in them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

from chassis import custom_values
from chassis.caller import SIGHTS, Sight
from chassis.statements import Prepared, prepare, text
from chassis.tables import level_of, scoped, visible
from chassis.work import Row, Work
from sqlalchemy import Select, bindparam, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as SqlUuid

from contacts.model.account import Account
from contacts.model.contact import Contact
from contacts.model.tables import AccountContact
from contacts.queries import contact as contact_queries
from contacts.queries.filters import account_condition, check_named, custom_fields_asked
from contacts.queries.lists import Order, order_columns, page_statement

COLUMNS: tuple[Any, ...] = (
    Account.id,
    Account.version,
    Account.name,
    Account.name_key,
    Account.domains,
    Account.industry,
    Account.employees,
    Account.revenue_currency,
    Account.revenue_minor,
    Account.founded_year,
    Account.type,
    Account.tier,
    Account.parent_id,
    Account.phone,
    Account.website,
    Account.addresses,
    Account.country_code,
    Account.owner_id,
    Account.team_id,
    Account.tags,
    Account.external_ids,
    Account.description,
    Account.created_at,
    Account.updated_at,
    Account.deleted_at,
    Account.custom,
)
SORTABLE = {
    "created_at": "created_at",
    "updated_at": "updated_at",
    "name": "name_key",
    "employees": "employees",
    "deleted_at": "deleted_at",
}
NEWEST = Order("created_at", descending=True)
_ORDER_COLUMNS = order_columns(Account, SORTABLE)
_IDS = bindparam("ids", type_=ARRAY(SqlUuid(as_uuid=True)))

_LEVEL = {sight: level_of(Account, sight).label("access_level") for sight in SIGHTS}


def _one(sight: Sight) -> Select[Any]:
    return scoped(Account, *COLUMNS, _LEVEL[sight]).where(Account.id == bindparam("id"), visible(Account, sight))


_GET = {
    sight: prepare(
        scoped(Account, *COLUMNS, _LEVEL[sight]).where(Account.id == bindparam("id"), visible(Account, sight))
    )
    for sight in SIGHTS
}
_GET_FOR_UPDATE = {
    sight: prepare(
        scoped(Account, *COLUMNS, _LEVEL[sight])
        .where(Account.id == bindparam("id"), visible(Account, sight))
        .with_for_update()
    )
    for sight in SIGHTS
}
_LOCK = {
    sight: prepare(
        scoped(Account, *COLUMNS, _LEVEL[sight])
        .where(Account.id == func.any(_IDS), visible(Account, sight))
        .order_by(Account.id)
        .with_for_update()
    )
    for sight in SIGHTS
}
_BATCH = {
    sight: prepare(
        scoped(Account, *COLUMNS, _LEVEL[sight]).where(
            Account.id == func.any(_IDS), visible(Account, sight), Account.deleted_at.is_(None)
        )
    )
    for sight in SIGHTS
}
_PARENT_CHAIN = text(
    """
    WITH RECURSIVE chain AS (
        SELECT id, parent_id, 1 AS depth FROM account WHERE tenant_id = %(tenant_id)s AND id = %(parent_id)s
        UNION ALL
        SELECT account.id, account.parent_id, depth + 1 FROM account JOIN chain ON account.id = chain.parent_id
         WHERE account.tenant_id = %(tenant_id)s AND depth < 50
    )
    SELECT id FROM chain
    """,
    "tenant_id",
)
_VALUES = """name = %(name)s, name_key = %(name_key)s, domains = %(domains)s, industry = %(industry)s,
        employees = %(employees)s, revenue_currency = %(revenue_currency)s, revenue_minor = %(revenue_minor)s,
        founded_year = %(founded_year)s, type = %(type)s, tier = %(tier)s, parent_id = %(parent_id)s,
        phone = %(phone)s, website = %(website)s, addresses = %(addresses)s, country_code = %(country_code)s,
        tags = %(tags)s, description = %(description)s, owner_id = %(owner_id)s, team_id = %(team_id)s,
        external_ids = %(external_ids)s, custom = %(custom)s"""
_NAMES = [assignment.split("=")[0].strip() for assignment in _VALUES.split(",")]
_IDS_AFTER = prepare(
    scoped(Account, Account.id)
    .where(Account.id > bindparam("after_id"), Account.deleted_at.is_(None))
    .order_by(Account.id)
    .limit(bindparam("limit"))
)
_INSERT = text(
    f"""
    WITH keys AS (
        INSERT INTO identity_key (tenant_id, record_kind, kind, value, record_id)
        SELECT %(tenant_id)s, 'account', kind, value, %(id)s
          FROM unnest(%(key_kinds)s::text[], %(key_values)s::text[]) AS key(kind, value)
        ON CONFLICT DO NOTHING
    )
    INSERT INTO account (tenant_id, id, version, created_at, created_by, updated_at, updated_by, {", ".join(_NAMES)})
    VALUES (%(tenant_id)s, %(id)s, 1, %(now)s, %(actor_id)s, %(now)s, %(actor_id)s,
        {", ".join(f"%({name})s" for name in _NAMES)})
    """,
    "tenant_id",
    "actor_id",
)
_UPDATE = text(
    f"""
    WITH gone AS (
        DELETE FROM identity_key WHERE tenant_id = %(tenant_id)s AND record_id = %(id)s
           AND NOT (kind, value) IN (SELECT * FROM unnest(%(key_kinds)s::text[], %(key_values)s::text[]))
    ), keys AS (
        INSERT INTO identity_key (tenant_id, record_kind, kind, value, record_id)
        SELECT %(tenant_id)s, 'account', kind, value, %(id)s
          FROM unnest(%(key_kinds)s::text[], %(key_values)s::text[]) AS key(kind, value)
        ON CONFLICT DO NOTHING
    )
    UPDATE account SET {_VALUES}, version = version + 1, updated_at = %(now)s, updated_by = %(actor_id)s
     WHERE tenant_id = %(tenant_id)s AND id = %(id)s
    """,
    "tenant_id",
    "actor_id",
)
_SET_DELETED = text(
    """
    UPDATE account SET deleted_at = %(deleted_at)s, version = version + 1, updated_at = %(now)s,
        updated_by = %(actor_id)s
     WHERE tenant_id = %(tenant_id)s AND id = %(id)s
    """,
    "tenant_id",
    "actor_id",
)
_DUPLICATES = text(
    # As those of contacts: whatever the planner believes of the company, only one index is in question for each part.
    """
    SELECT DISTINCT account.id FROM (
        (SELECT id FROM account
          WHERE tenant_id = %(tenant_id)s AND name_key >= %(name_key)s AND name_key <= %(name_key)s
            AND deleted_at IS NULL
          ORDER BY name_key, id LIMIT 10)
        UNION ALL
        SELECT owned.id FROM unnest(%(domains)b::text[]) AS domain(value) CROSS JOIN LATERAL (
            SELECT record_id AS id FROM identity_key
             WHERE tenant_id = %(tenant_id)s AND record_kind = 'account' AND kind = 'domain'
               AND identity_key.value >= domain.value AND identity_key.value <= domain.value
             ORDER BY identity_key.value, record_id OFFSET 0
        ) AS owned
    ) AS found CROSS JOIN LATERAL (
        SELECT id FROM account
         WHERE tenant_id = %(tenant_id)s AND account.id = found.id AND deleted_at IS NULL
           AND account.id IS DISTINCT FROM %(except_id)s OFFSET 0
    ) AS account
     ORDER BY account.id LIMIT 10
    """,
    "tenant_id",
)
_PEOPLE = {
    (sight, after_key): prepare(
        scoped(Contact, *contact_queries.SUMMARY, AccountContact.role, AccountContact.is_primary, Contact.name_key)
        .join(
            AccountContact,
            (AccountContact.tenant_id == Contact.tenant_id) & (AccountContact.contact_id == Contact.id),
        )
        .where(
            AccountContact.account_id == bindparam("account_id"),
            visible(Contact, sight),
            Contact.deleted_at.is_(None),
            *([Contact.id > bindparam("key_id")] if after_key else []),
        )
        .order_by(Contact.id)
        .limit(bindparam("limit"))
    )
    for sight in SIGHTS
    for after_key in (True, False)
}
_LINK = text(
    """
    INSERT INTO account_contact (tenant_id, account_id, contact_id, role, is_primary)
    VALUES (%(tenant_id)s, %(account_id)s, %(contact_id)s, %(role)s, %(primary)s)
    ON CONFLICT (tenant_id, account_id, contact_id)
    DO UPDATE SET role = excluded.role, is_primary = excluded.is_primary
    """,
    "tenant_id",
)
_DEMOTE = text(
    """
    UPDATE account_contact SET is_primary = false
     WHERE tenant_id = %(tenant_id)s AND contact_id = %(contact_id)s AND account_id <> %(account_id)s AND is_primary
    """,
    "tenant_id",
)
_UNLINK = text(
    """
    DELETE FROM account_contact
     WHERE tenant_id = %(tenant_id)s AND account_id = %(account_id)s AND contact_id = %(contact_id)s
    """,
    "tenant_id",
)
_HAS_LINKS = text(
    "SELECT 1 AS found FROM account_contact WHERE tenant_id = %(tenant_id)s AND contact_id = %(contact_id)s LIMIT 1",
    "tenant_id",
)
_BUMP = text(
    """
    UPDATE account SET version = version + 1, updated_at = %(now)s, updated_by = %(actor_id)s
     WHERE tenant_id = %(tenant_id)s AND id = %(id)s RETURNING version
    """,
    "tenant_id",
    "actor_id",
)
_MOVE_LINKS = text(
    """
    WITH moved AS (
        DELETE FROM account_contact WHERE tenant_id = %(tenant_id)s AND contact_id = %(from_id)s RETURNING *
    )
    INSERT INTO account_contact (tenant_id, account_id, contact_id, role, is_primary)
    SELECT tenant_id, account_id, %(to_id)s, role,
           is_primary AND NOT EXISTS (SELECT FROM account_contact AS kept WHERE kept.tenant_id = moved.tenant_id
                                         AND kept.contact_id = %(to_id)s AND kept.is_primary)
      FROM moved ON CONFLICT DO NOTHING
    """,
    "tenant_id",
)


def get(work: Work, account_id: UUID, *, lock: bool = False) -> Row | None:
    """The account, if the caller may see it; also one in the bin."""
    return work.row((_GET_FOR_UPDATE if lock else _GET)[work.caller.sight], id=account_id)


def lock(work: Work, ids: list[UUID]) -> list[Row]:
    """Those of these accounts that the caller may see, those in the bin too; locked until the transaction ends."""
    return work.rows(_LOCK[work.caller.sight], ids=ids) if ids else []


def batch(work: Work, ids: list[UUID]) -> list[Row]:
    """Living accounts among these that the caller may see, in no order."""
    return work.rows(_BATCH[work.caller.sight], ids=ids)


def ids_after(work: Work, after_id: UUID, *, limit: int) -> list[UUID]:
    """Ids of the company's living accounts after this one, in their order."""
    return [row.id for row in work.rows(_IDS_AFTER, after_id=after_id, limit=limit)]


def page(
    work: Work, *, order: Order, filter_text: str, deleted: bool, limit: int, key: tuple[Any, UUID] | None
) -> list[Row]:
    """One page of the list."""
    custom = custom_fields_asked(work, "account", filter_text)
    check_named(work, "account", filter_text, order.field, custom)
    prepared = _page(order, filter_text, custom, work.caller.sight, deleted, key is not None, limit)
    parameters = {} if key is None else {"key_value": key[0], "key_id": key[1]}
    return work.rows(prepared, **parameters)


@lru_cache(maxsize=512)
def _page(
    order: Order,
    filter_text: str,
    custom: custom_values.ValueColumns,
    sight: Sight,
    deleted: bool,
    after_key: bool,
    limit: int,
) -> Prepared:
    return page_statement(
        Account,
        COLUMNS,
        _ORDER_COLUMNS[order.field],
        order=order,
        sight=sight,
        after_key=after_key,
        deleted=deleted,
        limit=limit,
        condition=account_condition(filter_text, custom),
    )


def parent_chain(work: Work, parent_id: UUID) -> list[UUID]:
    """The parent and its parents, nearest first; empty where there is no such account."""
    return [row.id for row in work.rows(_PARENT_CHAIN, parent_id=parent_id)]


def insert(work: Work, account_id: UUID, values: dict[str, Any]) -> None:
    """Writes a new account and its identities."""
    work.count("accounts", 1)
    work.execute(_INSERT, id=account_id, now=work.now, **values)
    custom_values.put(work, "account", [(account_id, values["custom"].obj)], new=True)


def update(work: Work, account_id: UUID, values: dict[str, Any]) -> None:
    """Writes all values of an account, and its identities anew."""
    work.execute(_UPDATE, id=account_id, now=work.now, **values)
    custom_values.put(work, "account", [(account_id, values["custom"].obj)], new=False)


def set_deleted(work: Work, account_id: UUID, *, deleted: bool) -> None:
    """Moves an account into the bin, where it does not count to the plan, or out of it."""
    work.count("accounts", -1 if deleted else 1)
    work.execute(_SET_DELETED, id=account_id, now=work.now, deleted_at=work.now if deleted else None)


def duplicates(work: Work, name: str, domains: list[str], *, except_id: UUID | None = None) -> list[UUID]:
    """Accounts of the same name or with one of the domains."""
    return [row.id for row in work.rows(_DUPLICATES, name_key=name, domains=domains, except_id=except_id)]


def people(work: Work, account_id: UUID, *, limit: int, after_id: UUID | None) -> list[Row]:
    """People of an account, by id."""
    parameters: dict[str, Any] = {} if after_id is None else {"key_id": after_id}
    prepared = _PEOPLE[work.caller.sight, after_id is not None]
    return work.rows(prepared, account_id=account_id, limit=limit, **parameters)


def link(work: Work, account_id: UUID, contact_id: UUID, *, role: str, primary: bool) -> int:
    """Puts a person into an account; returns the contact's new version."""
    if primary:
        work.execute(_DEMOTE, account_id=account_id, contact_id=contact_id)
    work.execute(_LINK, account_id=account_id, contact_id=contact_id, role=role, primary=primary)
    return contact_queries.bump(work, contact_id)


def unlink(work: Work, account_id: UUID, contact_id: UUID) -> int | None:
    """Takes a person out of an account; returns the contact's new version, or None where there was no link."""
    if not work.execute(_UNLINK, account_id=account_id, contact_id=contact_id):
        return None
    return contact_queries.bump(work, contact_id)


def has_links(work: Work, contact_id: UUID) -> bool:
    """Whether the person belongs to any company."""
    return work.row(_HAS_LINKS, contact_id=contact_id) is not None


def move_links(work: Work, from_id: UUID, to_id: UUID) -> None:
    """Gives one contact's companies to another."""
    work.execute(_MOVE_LINKS, from_id=from_id, to_id=to_id)


def bump(work: Work, account_id: UUID) -> int:
    """Gives an account a new version, for what changed beside its row; returns it."""
    row = work.row(_BUMP, id=account_id, now=work.now)
    assert row is not None
    version: int = row.version
    return version
