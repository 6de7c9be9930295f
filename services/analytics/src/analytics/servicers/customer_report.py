"""Reports of customers over gRPC: recency, frequency and money, cohorts, and repeat purchases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from chassis.paging import Pager
from chassis.server import Call
from funia.analytics.v1 import customer_report_pb2 as pb

from analytics.errors import invalid_field
from analytics.queries import purchases, rfm, rfm_moves
from analytics.queries.periods import FIRST_DAY, day_of, period, today
from analytics.queries.sight import Sight
from analytics.settings import Settings
from analytics.store.port import ColumnStore

_CUTS = 4


class CustomerReportServicer:
    """Carries out funia.analytics.v1.CustomerReportService."""

    def __init__(self, store: ColumnStore, settings: Settings, pager: Pager) -> None:
        self._store = store
        self._settings = settings
        self._pager = pager

    def GetRfm(self, call: Call, request: pb.GetRfmRequest) -> pb.RfmReport:
        """Customers by group and score."""
        sight, currency, first, as_of = self._purchases(call, request)
        whole = rfm.spreads(sight, currency, first, as_of)
        cuts = _cuts(request, whole.quintiles)
        omitted = purchases.left_out(sight, currency, first, as_of)
        if not whole.customers:
            return pb.RfmReport(as_of=as_of.isoformat(), currency_code=currency, left_out_orders=omitted)
        cells = rfm.cells(sight, currency, first, as_of, cuts)
        by_group: dict[str, list[rfm.Cell]] = {group: [] for group in rfm.GROUPS}
        for cell in cells:
            by_group[cell.group].append(cell)
        return pb.RfmReport(
            as_of=as_of.isoformat(),
            currency_code=currency,
            customers=whole.customers,
            orders=whole.orders,
            monetary_minor=whole.monetary,
            recency=_spread(whole.recency, cuts.recency),
            frequency=_spread(whole.frequency, cuts.frequency),
            monetary=_spread(whole.money, cuts.monetary),
            groups=[_group(name, found) for name, found in by_group.items()],
            cells=[
                pb.RfmCell(recency_score=one.recency_score, value_score=one.value_score, customers=one.customers)
                for one in cells
            ],
            left_out_orders=omitted,
        )

    def ListRfmCustomers(self, call: Call, request: pb.ListRfmCustomersRequest) -> pb.ListRfmCustomersResponse:
        """Customers with their scores, by id."""
        if request.group and request.group not in rfm.GROUPS:
            raise invalid_field("group", f"choose of {', '.join(rfm.GROUPS)}", "UNKNOWN_GROUP")
        sight, currency, first, as_of = self._purchases(call, request)
        tenant_id, size = call.caller.tenant_id, self._pager.size(request.page_size)
        given = [str(list(one)) for one in (request.recency_cuts, request.frequency_cuts, request.monetary_cuts)]
        binding = ("ListRfmCustomers", request.as_of, request.first_day, request.group, *given)
        after = self._after(tenant_id, binding, request.page_token)
        cuts = _cuts(request, rfm.spreads(sight, currency, first, as_of).quintiles)
        rows = rfm.customers(
            sight, currency, first, as_of, cuts, group=request.group, after=after, limit=size + 1
        )  # fmt: skip
        page = rows[:size]
        return pb.ListRfmCustomersResponse(
            customers=[
                pb.RfmCustomer(
                    customer_id=row[0],
                    kind="account" if row[1] else "contact",
                    recency=int(row[2]),
                    frequency=int(row[3]),
                    monetary_minor=int(row[4]),
                    recency_score=int(row[5]),
                    frequency_score=int(row[6]),
                    monetary_score=int(row[7]),
                    group=row[8],
                )
                for row in page
            ],
            next_page_token=self._pager.token(tenant_id, binding, (page[-1][0],)) if len(rows) > size else "",
        )

    def GetRfmMovement(self, call: Call, request: pb.GetRfmMovementRequest) -> pb.RfmMovement:
        """Who moved from which group to which."""
        sight, asked = self._movement(call, request)
        found = rfm_moves.moves(sight, asked)
        left_out = purchases.left_out(sight, asked.currency, asked.first + timedelta(days=1), asked.second)
        answer = pb.RfmMovement(
            from_day=asked.first.isoformat(),
            to_day=asked.second.isoformat(),
            cuts=asked.cuts_of,
            currency_code=asked.currency,
            customers=sum(one.customers for one in found),
            left_out_orders=left_out,
        )
        if found:
            answer.groups.extend(_changed(group, found) for group in rfm.GROUPS)
            answer.directions.extend(_direction(name, found) for name in rfm_moves.DIRECTIONS)
            answer.moves.extend(_move(one) for one in found)
        return answer

    def ListRfmMovementCustomers(
        self, call: Call, request: pb.ListRfmMovementCustomersRequest
    ) -> pb.ListRfmMovementCustomersResponse:
        """Customers of a movement, by id."""
        for field, groups in (("from_group", (*rfm.GROUPS, rfm_moves.NONE)), ("to_group", rfm.GROUPS)):
            name = getattr(request, field)
            if name and name not in groups:
                raise invalid_field(field, f"choose of {', '.join(groups)}", "UNKNOWN_GROUP")
        sight, asked = self._movement(call, request)
        tenant_id, size = call.caller.tenant_id, self._pager.size(request.page_size)
        chosen = (request.from_group, request.to_group, request.direction)
        binding = ("ListRfmMovementCustomers", request.from_day, request.to_day, request.cuts, *chosen)
        rows = rfm_moves.customers(
            sight,
            asked,
            was=request.from_group,
            now=request.to_group,
            direction=request.direction,
            after=self._after(tenant_id, binding, request.page_token),
            limit=size + 1,
        )
        page = rows[:size]
        return pb.ListRfmMovementCustomersResponse(
            customers=[
                pb.RfmMovementCustomer(
                    customer_id=row[0],
                    kind="account" if row[1] else "contact",
                    from_group=row[2],
                    to_group=row[3],
                    recency=int(row[4]),
                    orders=int(row[5]),
                    monetary_minor=int(row[6]),
                )
                for row in page
            ],
            next_page_token=self._pager.token(tenant_id, binding, (page[-1][0],)) if len(rows) > size else "",
            currency_code=asked.currency,
        )

    def GetCohorts(self, call: Call, request: pb.GetCohortsRequest) -> pb.CohortReport:
        """The retention matrix."""
        first, last = period(request.first_day, request.last_day)
        step = request.step or "month"
        sight = self._sight(call)
        found = purchases.cohorts(
            sight, purchases.currency_of(sight), first, last, step, most=self._settings.analytics_report_max_cohorts
        )
        return pb.CohortReport(
            step=step,
            first_day=first.isoformat(),
            last_day=last.isoformat(),
            cohorts=[
                pb.Cohort(starts_on=one.starts_on.isoformat(), customers=one.customers, active=one.active)
                for one in found
            ],
        )

    def ListCohortCustomers(self, call: Call, request: pb.ListCohortCustomersRequest) -> pb.ListCohortCustomersResponse:
        """Customers of a cell, by id."""
        step = request.step or "month"
        last = day_of("last_day", request.last_day) or today()
        starts_on = day_of("starts_on", request.starts_on) or FIRST_DAY
        tenant_id, size = call.caller.tenant_id, self._pager.size(request.page_size)
        binding = ("ListCohortCustomers", request.starts_on, str(request.age), request.last_day, step)
        sight = self._sight(call)
        rows = purchases.cohort_customers(
            sight,
            purchases.currency_of(sight),
            last,
            step,
            purchases.start_of(starts_on, step),
            request.age,
            after=self._after(tenant_id, binding, request.page_token),
            limit=size + 1,
        )
        page = rows[:size]
        return pb.ListCohortCustomersResponse(
            customer_ids=[str(one) for one in page],
            next_page_token=self._pager.token(tenant_id, binding, (page[-1],)) if len(rows) > size else "",
        )

    def GetRepeatPurchases(self, call: Call, request: pb.GetRepeatPurchasesRequest) -> pb.RepeatPurchases:
        """Who comes back, and after how many days."""
        first, last = period(request.first_day, request.last_day, all_time=True)
        sight = self._sight(call)
        found = purchases.repeats(sight, purchases.currency_of(sight), first, last)
        if not found.purchases:
            return pb.RepeatPurchases(customers=found.customers)
        quarter, median, three_quarters = found.quantiles
        return pb.RepeatPurchases(
            customers=found.customers,
            repeat_customers=found.repeat_customers,
            repeat_purchases=found.purchases,
            mean_days=found.mean_days,
            quarter_days=quarter,
            median_days=median,
            three_quarter_days=three_quarters,
            gaps=[
                pb.Gap(from_days=start, to_days=end, purchases=count)
                for (start, end), count in zip(purchases.gap_bounds(), found.gaps, strict=True)
            ],
        )

    def _sight(self, call: Call) -> Sight:
        return Sight(self._store.for_tenant(call.caller.tenant_id), call.caller)

    def _purchases(
        self, call: Call, request: pb.GetRfmRequest | pb.ListRfmCustomersRequest
    ) -> tuple[Sight, str, date, date]:
        as_of = day_of("as_of", request.as_of) or today()
        first = day_of("first_day", request.first_day) or FIRST_DAY
        if first > as_of:
            raise invalid_field("first_day", "it lies after the day on which recency is counted", "BACKWARDS")
        sight = self._sight(call)
        return sight, purchases.currency_of(sight), first, as_of

    def _movement(
        self, call: Call, request: pb.GetRfmMovementRequest | pb.ListRfmMovementCustomersRequest
    ) -> tuple[Sight, rfm_moves.Between]:
        second = day_of("to_day", request.to_day) or today()
        first = day_of("from_day", request.from_day) or rfm_moves.usual_first(second)
        if first > second:
            raise invalid_field("to_day", "it lies before the first day", "BACKWARDS")
        sight = self._sight(call)
        currency = purchases.currency_of(sight)
        return sight, rfm_moves.between(sight, currency, first, second, cuts_of_first=request.cuts == "first")

    def _after(self, tenant_id: UUID, binding: Sequence[str], token: str) -> UUID:
        return UUID(str(self._pager.key(tenant_id, binding, token)[0])) if token else UUID(int=0)


def _cuts(request: pb.GetRfmRequest | pb.ListRfmCustomersRequest, quintiles: rfm.Cuts) -> rfm.Cuts:
    found = []
    for name in ("recency", "frequency", "monetary"):
        given: Sequence[int] = getattr(request, f"{name}_cuts")
        if given and (len(given) != _CUTS or sorted(set(given)) != list(given)):
            raise invalid_field(f"{name}_cuts", "give four values, each above the one before", "INVALID_CUTS")
        found.append(list(given) or getattr(quintiles, name))
    return rfm.Cuts(*found)


def _spread(spread: rfm.Spread, cuts: Sequence[int]) -> pb.RfmSpread:
    return pb.RfmSpread(mean=spread.mean, median=spread.median, cuts=cuts)


def _group(name: str, cells: Sequence[rfm.Cell]) -> pb.RfmGroup:
    customers = sum(cell.customers for cell in cells)
    return pb.RfmGroup(
        group=name,
        customers=customers,
        orders=sum(cell.orders for cell in cells),
        monetary_minor=sum(cell.monetary for cell in cells),
        recency_mean=sum(cell.recency_sum for cell in cells) / customers if customers else 0.0,
    )


def _changed(group: str, moves: Sequence[rfm_moves.Move]) -> pb.RfmGroupChange:
    return pb.RfmGroupChange(
        group=group,
        before=sum(one.customers for one in moves if one.was == group),
        after=sum(one.customers for one in moves if one.now == group),
    )


def _direction(name: str, moves: Sequence[rfm_moves.Move]) -> pb.RfmDirection:
    gone = [one for one in moves if one.direction == name]
    return pb.RfmDirection(
        direction=name,
        customers=sum(one.customers for one in gone),
        orders=sum(one.orders for one in gone),
        monetary_minor=sum(one.spent for one in gone),
    )


def _move(one: rfm_moves.Move) -> pb.RfmMove:
    return pb.RfmMove(
        from_group=one.was,
        to_group=one.now,
        direction=one.direction,
        customers=one.customers,
        orders=one.orders,
        monetary_minor=one.spent,
    )
