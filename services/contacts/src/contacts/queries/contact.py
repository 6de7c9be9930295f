"""Statements on contacts."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

from chassis import custom_values
from chassis.caller import SIGHTS, Sight
from chassis.statements import Prepared, prepare, text
from chassis.tables import level_of, scoped, visible
from chassis.work import Row, Work
from sqlalchemy import Text, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.dialects.postgresql import UUID as SqlUuid
from sqlalchemy.sql.elements import ColumnElement

from contacts.model.account import Account
from contacts.model.contact import Contact
from contacts.model.tables import AccountContact, IdentityKey, TenantProfile
from contacts.queries.filters import check_named, contact_condition, custom_fields_asked
from contacts.queries.lists import Order, order_columns, page_statement


def _links(gather: Any, build: Any) -> ColumnElement[Any]:
    link = build(
        *("account_id", AccountContact.account_id, "account_name", Account.name),
        *("role", AccountContact.role, "primary", AccountContact.is_primary),
    )
    return (
        select(gather(aggregate_order_by(link, AccountContact.is_primary.desc(), Account.name)))
        .where(
            AccountContact.tenant_id == Contact.tenant_id,
            AccountContact.contact_id == Contact.id,
            Account.tenant_id == AccountContact.tenant_id,
            Account.id == AccountContact.account_id,
            Account.deleted_at.is_(None),
        )
        .correlate(Contact)
        .scalar_subquery()
        .label("accounts")
    )


LINKS = _links(func.jsonb_agg, func.jsonb_build_object)
# What goes out as text need not be made binary first.
_LINKS_TEXT = cast(_links(func.json_agg, func.json_build_object), Text).label("accounts")
SUMMARY: tuple[Any, ...] = (
    Contact.id,
    Contact.version,
    Contact.given_name,
    Contact.middle_name,
    Contact.family_name,
    Contact.display_name,
    Contact.job_title,
    Contact.lifecycle_stage,
    Contact.emails,
    Contact.phones,
    Contact.owner_id,
    Contact.team_id,
    Contact.created_at,
    Contact.updated_at,
    Contact.deleted_at,
    LINKS,
)
FULL: tuple[Any, ...] = (
    *SUMMARY,
    Contact.title,
    Contact.language,
    Contact.country_code,
    Contact.source,
    Contact.do_not_contact,
    Contact.score,
    Contact.addresses,
    Contact.tags,
    Contact.external_ids,
    Contact.description,
    Contact.merged_into_id,
    Contact.name_key,
    Contact.custom,
)
_AS_TEXT: dict[str, Any] = {
    "accounts": _LINKS_TEXT,
    **{
        column.key: cast(column, Text).label(column.key)
        for column in (Contact.emails, Contact.phones, Contact.addresses, Contact.external_ids, Contact.custom)
    },
}
"""Columns that hold JSON as the API writes it: read as text, they go out without being taken apart."""
SORTABLE = {
    "created_at": "created_at",
    "updated_at": "updated_at",
    "display_name": "name_key",
    "score": "score",
    "deleted_at": "deleted_at",
}
NEWEST = Order("created_at", descending=True)
_ORDER_COLUMNS = order_columns(Contact, SORTABLE)
_IDS = bindparam("ids", type_=ARRAY(SqlUuid(as_uuid=True)))

_LEVEL = {sight: level_of(Contact, sight).label("access_level") for sight in SIGHTS}
_GET = {
    sight: prepare(scoped(Contact, *FULL, _LEVEL[sight]).where(Contact.id == bindparam("id"), visible(Contact, sight)))
    for sight in SIGHTS
}
_GET_AS_TEXT = {
    sight: prepare(
        scoped(Contact, *(_AS_TEXT.get(one.key, one) for one in FULL), _LEVEL[sight]).where(
            Contact.id == bindparam("id"), visible(Contact, sight)
        )
    )
    for sight in SIGHTS
}
_GET_FOR_UPDATE = {
    sight: prepare(
        scoped(Contact, *FULL, _LEVEL[sight])
        .where(Contact.id == bindparam("id"), visible(Contact, sight))
        .with_for_update(of=Contact)
    )
    for sight in SIGHTS
}
_LOCK = {
    sight: prepare(
        scoped(Contact, *FULL, _LEVEL[sight])
        .where(Contact.id == func.any(_IDS), visible(Contact, sight))
        .order_by(Contact.id)
        .with_for_update(of=Contact)
    )
    for sight in SIGHTS
}
_BATCH = {
    (sight, full): prepare(
        scoped(Contact, *(FULL if full else SUMMARY)).where(
            Contact.id == func.any(_IDS), visible(Contact, sight), Contact.deleted_at.is_(None)
        )
    )
    for sight in SIGHTS
    for full in (True, False)
}
_BY_IDENTITY = prepare(
    scoped(IdentityKey, IdentityKey.record_id).where(
        IdentityKey.record_kind == "contact",
        IdentityKey.kind == bindparam("kind"),
        IdentityKey.value == bindparam("value"),
    )
)
_COUNTRY = prepare(scoped(TenantProfile, TenantProfile.country_code))

_COMPANY_VERSIONS = prepare(
    scoped(AccountContact, AccountContact.contact_id, func.sum(Account.version).label("version"))
    .join(Account, (Account.tenant_id == AccountContact.tenant_id) & (Account.id == AccountContact.account_id))
    .where(AccountContact.contact_id == func.any(_IDS))
    .group_by(AccountContact.contact_id)
)
_IDS_AFTER = prepare(
    scoped(Contact, Contact.id)
    .where(Contact.id > bindparam("after_id"), Contact.deleted_at.is_(None))
    .order_by(Contact.id)
    .limit(bindparam("limit"))
)
_INSERT = text(
    """
    WITH keys AS (
        INSERT INTO identity_key (tenant_id, record_kind, kind, value, record_id)
        SELECT %(tenant_id)s, 'contact', kind, value, %(id)s
          FROM unnest(%(key_kinds)s::text[], %(key_values)s::text[]) AS key(kind, value)
        ON CONFLICT DO NOTHING
    )
    INSERT INTO contact (tenant_id, id, title, given_name, middle_name, family_name, display_name, name_key, job_title,
        lifecycle_stage, language, country_code, source, do_not_contact, score, emails, phones, addresses, tags,
        description, owner_id, team_id, version, created_at, created_by, updated_at, updated_by, external_ids, custom)
    VALUES (%(tenant_id)s, %(id)s, %(title)s, %(given_name)s, %(middle_name)s, %(family_name)s, %(display_name)s,
        %(name_key)s, %(job_title)s, %(lifecycle_stage)s, %(language)s, %(country_code)s, %(source)s,
        %(do_not_contact)s, %(score)s, %(emails)s, %(phones)s, %(addresses)s, %(tags)s, %(description)s,
        %(owner_id)s, %(team_id)s, 1, %(now)s, %(actor_id)s, %(now)s, %(actor_id)s, %(external_ids)s,
        %(custom)s)
    """,
    "tenant_id",
    "actor_id",
)
_UPDATE = text(
    """
    WITH gone AS (
        DELETE FROM identity_key WHERE tenant_id = %(tenant_id)s AND record_id = %(id)s
           AND NOT (kind, value) IN (SELECT * FROM unnest(%(key_kinds)s::text[], %(key_values)s::text[]))
    ), keys AS (
        INSERT INTO identity_key (tenant_id, record_kind, kind, value, record_id)
        SELECT %(tenant_id)s, 'contact', kind, value, %(id)s
          FROM unnest(%(key_kinds)s::text[], %(key_values)s::text[]) AS key(kind, value)
        ON CONFLICT DO NOTHING
    )
    UPDATE contact SET title = %(title)s, given_name = %(given_name)s, middle_name = %(middle_name)s,
        family_name = %(family_name)s, display_name = %(display_name)s, name_key = %(name_key)s,
        job_title = %(job_title)s, lifecycle_stage = %(lifecycle_stage)s, language = %(language)s,
        country_code = %(country_code)s, source = %(source)s, do_not_contact = %(do_not_contact)s, score = %(score)s,
        emails = %(emails)s, phones = %(phones)s, addresses = %(addresses)s, tags = %(tags)s,
        description = %(description)s, owner_id = %(owner_id)s, team_id = %(team_id)s,
        external_ids = %(external_ids)s, custom = %(custom)s, version = version + 1, updated_at = %(now)s,
        updated_by = %(actor_id)s
     WHERE tenant_id = %(tenant_id)s AND id = %(id)s
    """,
    "tenant_id",
    "actor_id",
)
_SET_DELETED = text(
    """
    UPDATE contact SET deleted_at = %(deleted_at)s, merged_into_id = %(merged_into_id)s, version = version + 1,
        updated_at = %(now)s, updated_by = %(actor_id)s
     WHERE tenant_id = %(tenant_id)s AND id = %(id)s
    """,
    "tenant_id",
    "actor_id",
)
_BUMP = text(
    """
    UPDATE contact SET version = version + 1, updated_at = %(now)s, updated_by = %(actor_id)s
     WHERE tenant_id = %(tenant_id)s AND id = %(id)s RETURNING version
    """,
    "tenant_id",
    "actor_id",
)
_DUPLICATES = text(
    # Of a company that the planner has no statistics of, one index seems as good as another, and it may read all keys
    # and people of it. A range in order has but one index, and OFFSET 0 keeps the planner from undoing that.
    """
    SELECT contact.id, array_agg(DISTINCT found.kind) AS reasons FROM (
        SELECT owned.record_id AS id, key.kind
          FROM unnest(%(key_kinds)b::text[], %(key_values)b::text[]) AS key(kind, value) CROSS JOIN LATERAL (
            SELECT record_id FROM identity_key
             WHERE tenant_id = %(tenant_id)s AND record_kind = 'contact' AND identity_key.kind = key.kind
               AND identity_key.value >= key.value AND identity_key.value <= key.value
             ORDER BY identity_key.value, record_id OFFSET 0
        ) AS owned
        UNION ALL
        (SELECT id, 'name' FROM contact
          WHERE tenant_id = %(tenant_id)s AND name_key >= %(name_key)s AND name_key <= %(name_key)s
            AND %(name_key)s <> '' AND deleted_at IS NULL
          ORDER BY name_key, id LIMIT 50)
    ) AS found CROSS JOIN LATERAL (
        SELECT id FROM contact
         WHERE tenant_id = %(tenant_id)s AND contact.id = found.id AND deleted_at IS NULL
           AND contact.id IS DISTINCT FROM %(except_id)s OFFSET 0
    ) AS contact
     GROUP BY contact.id LIMIT 50
    """,
    "tenant_id",
)


def get(work: Work, contact_id: UUID, *, lock: bool = False) -> Row | None:
    """The contact with its companies, if the caller may see it; also one in the bin.

    For a caller that takes JSON, with columns of JSON as text.
    """
    statements = _GET_FOR_UPDATE if lock else _GET_AS_TEXT if work.takes_json else _GET
    return work.row(statements[work.caller.sight], id=contact_id)


def lock(work: Work, ids: list[UUID]) -> list[Row]:
    """Those of these contacts that the caller may see, those in the bin too; locked until the transaction ends."""
    return work.rows(_LOCK[work.caller.sight], ids=ids) if ids else []


def batch(work: Work, ids: list[UUID], *, full: bool) -> list[Row]:
    """Living contacts among these that the caller may see, in no order."""
    return work.rows(_BATCH[work.caller.sight, full], ids=ids)


def company_versions(work: Work, ids: list[UUID]) -> dict[UUID, int]:
    """For each of these people, the sum of the versions of their companies: it grows when one of them changes."""
    return {row.contact_id: int(row.version) for row in work.rows(_COMPANY_VERSIONS, ids=ids)}


def by_identity(work: Work, kind: str, value: str) -> list[UUID]:
    """Ids of contacts that own this identity."""
    return [row.record_id for row in work.rows(_BY_IDENTITY, kind=kind, value=value)]


def ids_after(work: Work, after_id: UUID, *, limit: int) -> list[UUID]:
    """Ids of the company's living contacts after this one, in their order."""
    return [row.id for row in work.rows(_IDS_AFTER, after_id=after_id, limit=limit)]


def batch_full(work: Work, ids: list[UUID]) -> list[Row]:
    """Living contacts among these, whole."""
    return batch(work, ids, full=True)


def page(
    work: Work, *, order: Order, filter_text: str, full: bool, deleted: bool, limit: int, key: tuple[Any, UUID] | None
) -> list[Row]:
    """One page of the list; for a caller that takes JSON, with columns of JSON as text."""
    custom = custom_fields_asked(work, "contact", filter_text)
    check_named(work, "contact", filter_text, order.field, custom)
    prepared = _page(
        order, filter_text, custom, work.caller.sight, full, deleted, key is not None, limit, work.takes_json
    )
    parameters = {} if key is None else {"key_value": key[0], "key_id": key[1]}
    return work.rows(prepared, **parameters)


@lru_cache(maxsize=512)
def _page(
    order: Order,
    filter_text: str,
    custom: custom_values.ValueColumns,
    sight: Sight,
    full: bool,
    deleted: bool,
    after_key: bool,
    limit: int,
    as_text: bool,
) -> Prepared:
    columns = FULL if full else (*SUMMARY, Contact.name_key, Contact.score)
    if as_text:
        columns = tuple(_AS_TEXT.get(one.key, one) for one in columns)
    return page_statement(
        Contact,
        columns,
        _ORDER_COLUMNS[order.field],
        order=order,
        sight=sight,
        after_key=after_key,
        deleted=deleted,
        limit=limit,
        condition=contact_condition(filter_text, custom),
    )


def insert(work: Work, contact_id: UUID, values: dict[str, Any]) -> Row | None:
    """Writes a new contact, its identities and custom values; the contact as it now is, in the same round trip."""
    work.count("contacts", 1)
    written = (_INSERT, {"id": contact_id, "now": work.now, **values})
    row = work.row_after(written, _GET[work.caller.sight], id=contact_id)
    custom_values.put(work, "contact", [(contact_id, values["custom"].obj)], new=True)
    return row


def update(work: Work, contact_id: UUID, values: dict[str, Any]) -> None:
    """Writes all values of a contact, and its identities anew."""
    work.execute(_UPDATE, id=contact_id, now=work.now, **values)
    custom_values.put(work, "contact", [(contact_id, values["custom"].obj)], new=False)


def set_deleted(work: Work, contact_id: UUID, *, deleted: bool, merged_into_id: UUID | None = None) -> None:
    """Moves a contact into the bin, where it does not count to the plan, or out of it."""
    work.count("contacts", -1 if deleted else 1)
    work.execute(
        _SET_DELETED,
        id=contact_id,
        now=work.now,
        deleted_at=work.now if deleted else None,
        merged_into_id=merged_into_id,
    )


def bump(work: Work, contact_id: UUID) -> int:
    """Gives a contact a new version, for what changed beside its row; returns it."""
    row = work.row(_BUMP, id=contact_id, now=work.now)
    assert row is not None
    version: int = row.version
    return version


def duplicates(
    work: Work, keys: list[tuple[str, str]], name: str, *, except_id: UUID | None = None
) -> list[tuple[UUID, list[str]]]:
    """Contacts that share an identity or the name, with what they share."""
    rows = work.rows(
        _DUPLICATES,
        key_kinds=[kind for kind, _ in keys],
        key_values=[value for _, value in keys],
        name_key=name,
        except_id=except_id,
    )
    return [(row.id, row.reasons) for row in rows]


def tenant_country(work: Work) -> str:
    """Country in which the company's national phone numbers are read; empty where not known."""
    row = work.row(_COUNTRY)
    return row.country_code if row else ""
