"""What operators of the platform see of companies and do to them: state, closing, erasing. Never their records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Literal
from uuid import UUID

from chassis.caller import Caller
from chassis.errors import NotFound
from chassis.work import Database, Row, Work

from gateway.identity.platform import open_platform_work
from gateway.identity.queries import erasure as erasures
from gateway.identity.queries import tenant as tenants
from gateway.identity.usecases import company_exports, tenant_state
from gateway.identity.usecases.closing import Closing
from gateway.settings import GatewaySettings

Deed = Literal["suspend", "activate", "export", "close", "reopen", "erase"]
DEEDS: Mapping[str, tuple[Deed, ...]] = {
    "trial": ("suspend", "activate", "export", "close"),
    "active": ("suspend", "export", "close"),
    "past_due": ("suspend", "activate", "export", "close"),
    "suspended": ("activate", "export", "close"),
    "closing": ("export", "reopen", "erase"),
    "deleted": (),
}
"""What can be done to a company, by its state."""


class OperatedCompanies:
    """Lists companies and carries out what an operator decides, as the platform's own act. Thread-safe."""

    def __init__(self, database: Database, closing: Closing, settings: GatewaySettings) -> None:
        self._database = database
        self._closing = closing
        self._settings = settings

    def page(self, *, after: UUID | None, limit: int) -> list[Row]:
        """Companies by id, oldest first, each with the day of its erasure where it is closed."""
        with open_platform_work(self._database) as platform:
            return tenants.page_of_all(platform, after=after, limit=limit)

    def erased(self, *, limit: int) -> list[Row]:
        """Companies erased last, with their certificates."""
        with open_platform_work(self._database) as platform:
            return erasures.newest(platform, limit=limit)

    def certificate(self, erasure_id: UUID) -> str:
        """The certificate of an erasure. Raises NotFound where there is none."""
        with open_platform_work(self._database) as platform:
            row = erasures.get(platform, erasure_id)
        if row is None or not row.statement:
            raise NotFound(f"There is no certificate {erasure_id}.", reason="CERTIFICATE_NOT_FOUND")
        return str(row.statement)

    def carry_out(self, tenant_id: UUID, deed: Deed) -> None:
        """Does it. Raises NotFound for a company that is none, FailedPrecondition where its state forbids it."""
        caller = Caller.system(tenant_id)
        with self._database.open_work(caller, read_only=True) as work:
            if tenants.get(work) is None:
                raise NotFound(f"There is no company {tenant_id}.", reason="TENANT_NOT_FOUND")
        if deed == "reopen":
            self._closing.reopen(caller)
        elif deed == "erase":
            self._closing.erase_now(tenant_id)
        else:
            with self._database.open_work(caller) as work:
                self._in_company[deed](work)

    @property
    def _in_company(self) -> Mapping[str, Callable[[Work], object]]:
        grace = timedelta(days=self._settings.closing_grace_days)
        return {
            "suspend": tenant_state.suspend,
            "activate": tenant_state.activate,
            "export": company_exports.begin,
            "close": lambda work: self._closing.close(work, "operator", grace),
        }
