"""The gateway's way to rows that belong to no single company: accounts, sessions, codes, keys.

A transaction is bound either to one tenant or to the platform, never to both, and only this module binds the
platform (docs/adr/0004). Row-level security refuses platform tables to every other transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import NoReturn
from uuid import UUID

from chassis.caller import Caller
from chassis.envelope import Event
from chassis.schema import Roles
from chassis.statements import text
from chassis.transaction import Transaction
from chassis.work import Database, Work

from gateway.identity.audited import IdentityWork, nowhere
from gateway.identity.model.audit import Act

_BIND = text(
    "SELECT set_config('app.platform', %(platform)s, true), set_config('app.tenant_id', %(tenant)s, true)",
)

NOBODY = UUID(int=0)
"""The tenant of a transaction that is bound to the platform; no row has it."""
_IS_PLATFORM = "(select current_setting('app.platform', true)) = 'on'"


def protect_platform(table: str, roles: Roles) -> list[str]:
    """Statements of a migration: forced row-level security that lets only the platform at a table without a tenant."""
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY platform ON {table} TO {roles.app} USING ({_IS_PLATFORM}) WITH CHECK ({_IS_PLATFORM})",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {roles.app}",
    ]


def let_platform_read(table: str, roles: Roles) -> str:
    """A statement of a migration: a company's table that the platform must find rows of before it knows the company."""
    return f"CREATE POLICY platform_read ON {table} FOR SELECT TO {roles.app} USING ({_IS_PLATFORM})"


Told = tuple[Caller, Act | Event]
"""What happened in a company, and who is said to have done it."""


class PlatformWork(IdentityWork):
    """A transaction bound to the platform. It sees no rows that a company may write, and records no events."""

    __slots__ = ()

    def record(self, event: Event) -> NoReturn:
        """Events belong to a company: record them inside `as_tenant`."""
        raise TypeError("an event needs a tenant: record it inside as_tenant()")

    def record_all(self, events: Sequence[Event]) -> NoReturn:
        """As `record`."""
        raise TypeError("events need a tenant: record them inside as_tenant()")

    def note(self, act: Act) -> NoReturn:
        """As `record`: the audit log belongs to a company."""
        raise TypeError("an act needs a tenant: note it inside as_tenant()")


@contextmanager
def open_platform_work(database: Database, *, request_id: str = "") -> Iterator[PlatformWork]:
    """A transaction on the platform's rows: commits when the block ends, rolls back when it raises."""
    with database.open_work(Caller.system(NOBODY, request_id=request_id)) as work, platform_rights(work) as platform:
        yield platform


@contextmanager
def platform_rights(work: Work) -> Iterator[PlatformWork]:
    """The platform's rows inside the running transaction of a tenant, which is bound again afterwards."""
    _bind(work.transaction, platform="on", tenant_id="")
    find_origin = work.find_origin if isinstance(work, IdentityWork) else nowhere
    yield PlatformWork(work.transaction, Caller.system(NOBODY, request_id=work.caller.request_id), find_origin)
    _bind(work.transaction, platform="", tenant_id=str(work.tenant_id))


@contextmanager
def as_tenant(platform: PlatformWork, caller: Caller) -> Iterator[IdentityWork]:
    """A company's rows inside the running platform transaction; events recorded in it commit with all the rest."""
    _bind(platform.transaction, platform="", tenant_id=str(caller.tenant_id))
    work = IdentityWork(platform.transaction, caller, platform.find_origin)
    yield work
    work.flush_events()
    _bind(platform.transaction, platform="on", tenant_id="")


def note_all(platform: PlatformWork, told: Sequence[Told]) -> None:
    """Enters acts and records events of several companies, by their ids, so that two who do so cannot deadlock."""
    for caller, one in sorted(told, key=lambda pair: pair[0].tenant_id):
        with as_tenant(platform, replace(caller, request_id=platform.caller.request_id)) as work:
            if isinstance(one, Act):
                work.note(one)
            else:
                work.record(one)


def _bind(transaction: Transaction, *, platform: str, tenant_id: str) -> None:
    # Not undone on an error: the transaction is rolled back then, and the settings with it.
    transaction.hold()
    transaction.execute(_BIND, {"platform": platform, "tenant": tenant_id})
