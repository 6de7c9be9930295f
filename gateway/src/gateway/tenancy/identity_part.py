"""What identity keeps of a company, as far as its archive, its restore and its erasure are concerned.

Beside the tables of tenants there are rows of the platform that name a company, and accounts of people who belong to
no other one: they go with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from uuid import UUID

import psycopg
from chassis.files import FileStore
from chassis.tenancy.part import METERED_TABLES, Carried, Declared, Left, RestoredRow, TenantPart
from chassis.work import Database, Work
from psycopg import sql

from gateway.identity import events
from gateway.identity.platform import open_platform_work
from gateway.identity.queries import former_colleague
from gateway.identity.queries import team as teams

_OWN_HERE = "the company it is restored into has its own"
_ASKED_ANEW = "whoever was let into one company was not let into another"
_PEOPLE_GONE = "it names people, and those are invited anew"
TABLES: Declared = {
    **METERED_TABLES,
    "tenant": Carried(not_restored=_OWN_HERE),
    "placement": Left("where the rows lie is the operator's affair"),
    "sandbox": Left("sandboxes are companies of their own"),
    "team": Carried(reset=("lead_id",)),
    "role": Carried(),
    "sharing_rule": Carried(not_restored=_PEOPLE_GONE),
    "break_glass": Carried(not_restored=_PEOPLE_GONE),
    "approval_policy": Carried(not_restored=_PEOPLE_GONE),
    "approval": Carried(not_restored="what waited was asked for in another company"),
    "approval_decision": Carried(not_restored="belongs to approvals"),
    "custom_field": Carried(),
    "calendar_feed": Left("secret addresses of people, who make them anew"),
    "report_schedule": Carried(not_restored=_PEOPLE_GONE),
    "report_run": Carried(not_restored="belongs to schedules of reports"),
    "membership": Carried(not_restored="people are invited anew"),
    "former_colleague": Carried(not_restored="people are invited anew"),
    "invitation": Carried(secret=("secret_hash",), not_restored=_ASKED_ANEW),
    "oauth_client": Carried(secret=("secret_hash",), not_restored=_ASKED_ANEW),
    "oauth_grant": Carried(not_restored=_ASKED_ANEW),
    "app_grant": Carried(not_restored=_ASKED_ANEW),
    "registration_token": Left("secrets of some days"),
    "sso_connection": Carried(secret=("secret_jwe",), not_restored=_ASKED_ANEW),
    "sso_domain": Carried(secret=("proof",), not_restored=_ASKED_ANEW),
    "sso_identity": Carried(not_restored=_ASKED_ANEW),
    "scim_token": Left("secrets that a directory holds; one is made anew"),
    "scim_user": Carried(not_restored=_ASKED_ANEW),
    "scim_group": Carried(not_restored=_ASKED_ANEW),
    "scim_group_member": Carried(not_restored=_ASKED_ANEW),
    "webhook_endpoint": Carried(secret=("sealed_keys", "former_keys"), not_restored=_ASKED_ANEW),
    "webhook_queue": Left("what waits to be sent"),
    "webhook_delivery": Left("messages of some days that were sent elsewhere; the events stand in the streams"),
    "company_export": Left("the archives themselves"),
    "company_plan": Left("what the operator of the platform lets the company do"),
    "usage_day": Carried(not_restored="what one company used is not what another one did"),
    "usage_warning": Left("which mails were sent"),
    "audit_entry": Carried(not_restored="the log is a chain of what happened in one company"),
    "audit_origin": Carried(secret=("salt",), not_restored="belongs to the log"),
    "audit_checkpoint": Carried(not_restored="belongs to the log"),
    "audit_head": Left("where the chain ends; the entries say it too"),
}
_OF_PLATFORM = "erasure"
"""Names the company it is about until all is gone, and lasts."""


def identity_part(database: Database, archives: FileStore, operators: frozenset[str]) -> TenantPart:
    """The part of identity; its files are the archives of exports, those of all services."""
    return TenantPart(
        TABLES,
        files=archives,
        forget=lambda tenant_id: _forget(database, tenant_id, operators),
        views_left=lambda tenant_id: _left(database, tenant_id),
        announce={"custom_field": _fields, "role": _roles, "team": _teams},
    )


def _fields(work: Work, rows: Sequence[RestoredRow]) -> None:
    work.record_all([events.custom_field_changed("created", _row(row)) for row in rows])


def _roles(work: Work, rows: Sequence[RestoredRow]) -> None:
    work.record_all([events.role_changed("created", _row(row), version=row["version"]) for row in rows])


def _teams(work: Work, rows: Sequence[RestoredRow]) -> None:
    version = teams.next_tree_version(work)
    work.record_all([events.team_changed("created", _row(row, lead_id=None), tree_version=version) for row in rows])


def _row(row: RestoredRow, **other: object) -> SimpleNamespace:
    """A row of an archive as the builders of events read rows."""
    return SimpleNamespace(**{**row, "id": UUID(row["id"]), **other})


def _forget(database: Database, tenant_id: UUID, operators: frozenset[str]) -> None:
    with open_platform_work(database) as platform:
        raw = platform.raw
        for table in _naming_companies(raw):
            raw.execute(sql.SQL("DELETE FROM {} WHERE for_tenant = %s").format(sql.Identifier(table)), [tenant_id])
        alone = [row.id for row in raw.execute(_ALONE, {"tenant_id": tenant_id, "kept": list(operators)})]
        former_colleague.delete_accounts(platform, alone)


def _left(database: Database, tenant_id: UUID) -> int:
    with open_platform_work(database) as platform:
        raw = platform.raw
        found = 0
        for table in _naming_companies(raw):
            counted = sql.SQL("SELECT count(*) AS rows FROM {} WHERE for_tenant = %s").format(sql.Identifier(table))
            row = raw.execute(counted, [tenant_id]).fetchone()
            found += 0 if row is None else row.rows
        return found


def _naming_companies(connection: psycopg.Connection[object]) -> list[str]:
    rows = connection.execute(_NAMING, {"lasts": _OF_PLATFORM}).fetchall()
    return [str(getattr(row, "name")) for row in rows]  # noqa: B009 - a named tuple of the frame


_NAMING = """
    SELECT c.relname::text AS name FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attname = 'for_tenant'
       AND NOT a.attisdropped AND c.relname <> %(lasts)s
     ORDER BY 1
"""
_ALONE = """
    SELECT account.id FROM user_account AS account
      JOIN membership ON membership.user_id = account.id AND membership.tenant_id = %(tenant_id)s
     WHERE account.email <> ALL (%(kept)s)
       AND NOT EXISTS (SELECT FROM membership AS other
                        WHERE other.user_id = account.id AND other.tenant_id <> %(tenant_id)s)
"""
