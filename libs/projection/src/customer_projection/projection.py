"""The projection over a service's own tables: writes what events say, reads one customer by the caller's visibility."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.caller import SIGHTS, Sight
from chassis.errors import NotFound
from chassis.statements import Prepared, prepare, text
from chassis.subscriptions import Received, Subscription
from chassis.tables import scoped, visible
from chassis.work import Row, Work
from sqlalchemy import and_, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from customer_projection.changes import SUBJECTS, Changes, Customer, Place, newest

_MERGES_FOLLOWED_MAX = 16
_GATHER_S = 0.1
"""An import changes customers by the thousand; a batch of them costs little more than one."""
_CUSTOMER = {
    "id": "uuid",
    "kind": "text",
    "version": "bigint",
    "stage": "text",
    "owner_id": "uuid",
    "team_id": "uuid",
    "parent_id": "uuid",
    "language": "text",
    "country_code": "text",
    "do_not_contact": "boolean",
    "deleted": "boolean",
    "merged_into_id": "uuid",
}
_PLACE = {
    "contact_id": "uuid",
    "account_id": "uuid",
    "version": "bigint",
    "is_primary": "boolean",
    "removed": "boolean",
}


class CustomerProjection:
    """What one service knows about customers. `customer` and `place` are its tables, made from `tables`' mixins."""

    def __init__(self, service: str, customer: Any, place: Any) -> None:
        self.service = service
        self._get = {sight: _get(customer, place, sight) for sight in SIGHTS}
        self._merged_into = prepare(scoped(customer, customer.merged_into_id).where(customer.id == bindparam("id")))
        names = (customer.__tablename__, place.__tablename__)
        self._keep = {
            rewrite: (
                _upsert(names[0], _CUSTOMER, ("id",), rewrite=rewrite, stamped=True),
                _upsert(names[1], _PLACE, ("contact_id", "account_id"), rewrite=rewrite, stamped=False),
            )
            for rewrite in (False, True)
        }

    def subscription(self) -> Subscription:
        """Keeps the projection from the events of contacts."""
        return Subscription(f"{self.service}-customers", "contacts", SUBJECTS, self.apply, gather_s=_GATHER_S)

    def apply(self, work: Work, events: Sequence[Received], *, rewrite: bool = False) -> None:
        """Writes what these events of one tenant say; what is older than the projection changes nothing.

        With `rewrite` what is as old is written again, which is how a rebuild repairs a row.
        """
        changes: Changes = newest(events)
        keep_customers, keep_places = self._keep[rewrite]
        if changes.customers:
            work.execute(keep_customers, now=work.now, **_columns(_CUSTOMER, changes.customers))
        if changes.places:
            work.execute(keep_places, **_columns(_PLACE, changes.places))

    def get(self, work: Work, customer_id: UUID) -> Row:
        """The living customer that the caller may see; asked for by the id of one merged into it, the one that stayed.

        Raises NotFound.
        """
        wanted: UUID | None = customer_id
        for _ in range(_MERGES_FOLLOWED_MAX):
            row = work.row(self._get[work.caller.sight], id=wanted)
            if row is not None:
                return row
            alias = work.row(self._merged_into, id=wanted)
            wanted = alias.merged_into_id if alias else None
            if wanted is None:
                break
        raise NotFound(f"There is no customer {customer_id} that you may see.", reason="CUSTOMER_NOT_FOUND")


def customer_fields(row: Row) -> dict[str, Any]:
    """Values of the fields that every service's Customer message has."""
    return {
        "id": str(row.id),
        "kind": row.kind,
        "stage": row.stage,
        "owner_id": _text(row.owner_id),
        "team_id": _text(row.team_id),
        "account_id": _text(row.account_id),
        "language": row.language,
        "country_code": row.country_code,
        "do_not_contact": row.do_not_contact,
        "version": row.version,
        "updated_at": row.updated_at,
    }


def _get(customer: Any, place: Any, sight: Sight) -> Prepared:
    company = aliased(customer)
    of_customer = and_(place.tenant_id == customer.tenant_id, place.contact_id == customer.id)
    company_is_gone = exists().where(
        company.tenant_id == place.tenant_id, company.id == place.account_id, company.deleted
    )
    main_company = (
        select(place.account_id)
        .where(of_customer, ~place.removed, ~company_is_gone)
        .order_by(place.is_primary.desc(), place.version.desc())
        .limit(1)
        .correlate(customer)
        .scalar_subquery()
    )
    newest_place = select(func.max(place.version)).where(of_customer).correlate(customer).scalar_subquery()
    return prepare(
        scoped(
            customer,
            customer.id,
            customer.kind,
            customer.stage,
            customer.owner_id,
            customer.team_id,
            func.coalesce(main_company, customer.parent_id).label("account_id"),
            customer.language,
            customer.country_code,
            customer.do_not_contact,
            func.greatest(customer.version, newest_place).label("version"),
            customer.updated_at,
        ).where(customer.id == bindparam("id"), ~customer.deleted, visible(customer, sight))
    )


def _upsert(table: str, columns: dict[str, str], key: tuple[str, ...], *, rewrite: bool, stamped: bool) -> Prepared:
    names = ", ".join(columns)
    arrays = ", ".join(f"%({name})s::{kind}[]" for name, kind in columns.items())
    changed = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key)
    stamp, stamp_value, stamp_changed = (
        (", updated_at", ", %(now)s", ", updated_at = excluded.updated_at") if stamped else ("", "", "")
    )
    return text(
        f"""
        INSERT INTO {table} (tenant_id, {names}{stamp})
        SELECT %(tenant_id)s, {names}{stamp_value} FROM unnest({arrays}) AS said({names})
        ON CONFLICT (tenant_id, {", ".join(key)}) DO UPDATE SET {changed}{stamp_changed}
         WHERE {table}.version {"<=" if rewrite else "<"} excluded.version
        """,
        "tenant_id",
    )


def _columns(columns: dict[str, str], rows: Sequence[Customer] | Sequence[Place]) -> dict[str, list[Any]]:
    return {name: [getattr(row, name) for row in rows] for name in columns}


def _text(value: UUID | None) -> str:
    return "" if value is None else str(value)
