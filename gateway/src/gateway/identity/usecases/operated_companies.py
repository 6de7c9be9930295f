"""What operators of the platform see of companies and do to them: state, closing, erasing. Never their records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Literal
from uuid import UUID

from chassis.caller import Caller
from chassis.errors import NotFound
from chassis.work import Database, Row, Work

from gateway.identity.platform import open_platform_work
from gateway.identity.queries import erasure as erasures
from gateway.identity.queries import plan as plan_queries
from gateway.identity.queries import tenant as tenants
from gateway.identity.usecases import company_exports, plans, tenant_state
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
_COMPANIES_AT_ONCE = 200


class OperatedCompanies:
    """Lists companies and carries out what an operator decides, as the platform's own act. Thread-safe."""

    def __init__(self, database: Database, closing: Closing, settings: GatewaySettings) -> None:
        self._database = database
        self._closing = closing
        self._settings = settings

    def page(self, *, after: UUID | None, limit: int, placement: str = "") -> list[Row]:
        """Companies by id, oldest first, or those of a placement; with the day of its erasure where one is closed."""
        with open_platform_work(self._database) as platform:
            return tenants.page_of_all(platform, after=after, limit=limit, placement=placement)

    def placed(self) -> list[Row]:
        """Placements by name, with how many companies and sandboxes live there."""
        with open_platform_work(self._database) as platform:
            return tenants.placed(platform)

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

    def plans_of(self, tenant_ids: list[UUID]) -> dict[UUID, str]:
        """The plans of these companies, of those that have one."""
        with open_platform_work(self._database) as platform:
            return plan_queries.plans_of(platform, tenant_ids)

    def plan_of(self, tenant_id: UUID) -> plans.CompanyPlan:
        """A company's plan and what it uses of it. Raises NotFound for a company that is none."""
        with self._database.open_work(Caller.system(tenant_id), read_only=True) as work:
            if tenants.get(work) is None:
                raise _no_company(tenant_id)
            return plans.look(work)

    def give_plan(self, tenant_id: UUID, plan: str, overrides: plans.Overrides) -> None:
        """Gives a company a plan. Raises NotFound for a company that is none, InvalidArgument for a plan that is."""
        with self._database.open_work(Caller.system(tenant_id)) as work:
            if tenants.get_for_update(work) is None:
                raise _no_company(tenant_id)
            plans.give(work, self._settings, plan, overrides)

    def usage_of(self, month: date) -> Iterator[tuple[UUID, str, plans.UsageMonth]]:
        """What every company used in a month, by company: its id, its plan of now, and each meter."""
        last = plans.months_before(month, -1) - timedelta(days=1)
        after: UUID | None = None
        while True:
            with open_platform_work(self._database) as platform:
                rows = plan_queries.days_of_all(
                    platform, after=after, since=month, until=last, limit=_COMPANIES_AT_ONCE
                )
                of_company = {tenant: list(days) for tenant, days in groupby(rows, key=lambda row: row.tenant_id)}
                named = plan_queries.plans_of(platform, list(of_company))
            for tenant_id, days in of_company.items():
                for one in plans.by_month(days, first=month, last=last):
                    yield tenant_id, named.get(tenant_id, ""), one
            if not of_company:
                return
            after = max(of_company)

    def carry_out(self, tenant_id: UUID, deed: Deed) -> None:
        """Does it. Raises NotFound for a company that is none, FailedPrecondition where its state forbids it."""
        caller = Caller.system(tenant_id)
        with self._database.open_work(caller, read_only=True) as work:
            if tenants.get(work) is None:
                raise _no_company(tenant_id)
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


def _no_company(tenant_id: UUID) -> NotFound:
    return NotFound(f"There is no company {tenant_id}.", reason="TENANT_NOT_FOUND")
