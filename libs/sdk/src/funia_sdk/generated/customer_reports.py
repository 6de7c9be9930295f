"""Methods of customer reports. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from funia_sdk.generated import models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport

_GET_COHORTS = Operation("customer_reports.get_cohorts", "GET", "/v1/customer-reports/cohorts")
_LIST_COHORT_CUSTOMERS = Operation(
    "customer_reports.list_cohort_customers", "GET", "/v1/customer-reports/cohorts/customers"
)
_GET_REPEAT_PURCHASES = Operation(
    "customer_reports.get_repeat_purchases", "GET", "/v1/customer-reports/repeat-purchases"
)
_GET_RFM = Operation("customer_reports.get_rfm", "GET", "/v1/customer-reports/rfm")
_LIST_RFM_CUSTOMERS = Operation("customer_reports.list_rfm_customers", "GET", "/v1/customer-reports/rfm/customers")
_GET_RFM_MOVEMENT = Operation("customer_reports.get_rfm_movement", "GET", "/v1/customer-reports/rfm/movement")
_LIST_RFM_MOVEMENT_CUSTOMERS = Operation(
    "customer_reports.list_rfm_movement_customers", "GET", "/v1/customer-reports/rfm/movement/customers"
)


class CustomerReportsApi:
    """Reports of customers, made of orders that were placed and not canceled and are worth more than nothing,
    in the company's own currency. A customer is the company that buys, or the person where there is no
    company. Callers who see their own or their team's records get figures of those orders alone.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get_cohorts(
        self,
        *,
        first_day: str | None = None,
        last_day: str | None = None,
        step: Literal["week", "month", "quarter"] | None = None,
        timeout_s: float | None = None,
    ) -> models.CohortReport:
        """Counts, for customers who bought first in the same month or week, how many bought again in each later
        one.

        first_day: First day on which a customer of a cohort bought first; that of the month eleven months before the last where not given.
        last_day: Last day that counts; today where not given.
        step: Length of a step: week, month or quarter; month where empty.
        """
        return self._transport.call(
            _GET_COHORTS,
            models.CohortReport,
            {},
            Sent(query={"first_day": first_day, "last_day": last_day, "step": step}, timeout_s=timeout_s),
        )

    def list_cohort_customers(
        self,
        *,
        starts_on: str,
        age: int | None = None,
        last_day: str | None = None,
        step: Literal["week", "month", "quarter"] | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[str, models.ListCohortCustomersResponse]:
        """Lists the customers that a cell of the cohorts counts, by id.

        starts_on: First day of the cohort's step.
        age: Which step after it, 0 for the first.
        last_day: Last day that counts.
        step: Length of a step.
        page_size: Customers a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListCohortCustomersResponse:
            return self._transport.call(
                _LIST_COHORT_CUSTOMERS,
                models.ListCohortCustomersResponse,
                {},
                Sent(
                    query={
                        "starts_on": starts_on,
                        "age": age,
                        "last_day": last_day,
                        "step": step,
                        "page_size": page_size,
                        "page_token": token or None,
                    },
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.customer_ids, page_token or "")

    def get_repeat_purchases(
        self, *, first_day: str | None = None, last_day: str | None = None, timeout_s: float | None = None
    ) -> models.RepeatPurchases:
        """Tells how many customers come back, and after how long.

        first_day: First day; all where not given.
        last_day: Last day; today where not given.
        """
        return self._transport.call(
            _GET_REPEAT_PURCHASES,
            models.RepeatPurchases,
            {},
            Sent(query={"first_day": first_day, "last_day": last_day}, timeout_s=timeout_s),
        )

    def get_rfm(
        self,
        *,
        as_of: str | None = None,
        first_day: str | None = None,
        recency_cuts: Sequence[int] | None = None,
        frequency_cuts: Sequence[int] | None = None,
        monetary_cuts: Sequence[int] | None = None,
        timeout_s: float | None = None,
    ) -> models.RfmReport:
        """Groups customers by recency, frequency and money (RFM).

        as_of: Day on which recency is counted; orders after it are left out; today where not given.
        first_day: First day of orders that count; all where not given.
        recency_cuts: Days, ascending: at most the first are the best score of 5, beyond the last is 1. Four, or none for quintiles.
        frequency_cuts: Orders, ascending: up to the first is a score of 1, beyond the last 5. Four, or none for quintiles.
        monetary_cuts: Minor units, ascending, in the same way. Four, or none for quintiles.
        """
        return self._transport.call(
            _GET_RFM,
            models.RfmReport,
            {},
            Sent(
                query={
                    "as_of": as_of,
                    "first_day": first_day,
                    "recency_cuts": recency_cuts,
                    "frequency_cuts": frequency_cuts,
                    "monetary_cuts": monetary_cuts,
                },
                timeout_s=timeout_s,
            ),
        )

    def list_rfm_customers(
        self,
        *,
        as_of: str | None = None,
        first_day: str | None = None,
        recency_cuts: Sequence[int] | None = None,
        frequency_cuts: Sequence[int] | None = None,
        monetary_cuts: Sequence[int] | None = None,
        group: str | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.RfmCustomer, models.ListRfmCustomersResponse]:
        """Lists customers with their figures, scores and group, by id.

        as_of: Day on which recency is counted.
        first_day: First day of orders that count.
        recency_cuts: Cuts of recency.
        frequency_cuts: Cuts of frequency.
        monetary_cuts: Cuts of money.
        group: Only customers of this group.
        page_size: Customers a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListRfmCustomersResponse:
            return self._transport.call(
                _LIST_RFM_CUSTOMERS,
                models.ListRfmCustomersResponse,
                {},
                Sent(
                    query={
                        "as_of": as_of,
                        "first_day": first_day,
                        "recency_cuts": recency_cuts,
                        "frequency_cuts": frequency_cuts,
                        "monetary_cuts": monetary_cuts,
                        "group": group,
                        "page_size": page_size,
                        "page_token": token or None,
                    },
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.customers, page_token or "")

    def get_rfm_movement(
        self,
        *,
        from_day: str | None = None,
        to_day: str | None = None,
        cuts: Literal["each", "first"] | None = None,
        timeout_s: float | None = None,
    ) -> models.RfmMovement:
        """Counts who moved from which group of RFM to which between two days.

        from_day: Day at whose end the first groups are counted; 90 days before the other where not given.
        to_day: Day at whose end the second groups are counted; today where not given.
        cuts: What scores follow from: "each" for the quintiles of each day, as in the report of that day, where a customer can move because others do; "first" for those of the first day on both, where only the own orders and the time move a customer. "each" where empty; where nobody had bought by the first day, always.
        """
        return self._transport.call(
            _GET_RFM_MOVEMENT,
            models.RfmMovement,
            {},
            Sent(query={"from_day": from_day, "to_day": to_day, "cuts": cuts}, timeout_s=timeout_s),
        )

    def list_rfm_movement_customers(
        self,
        *,
        from_day: str | None = None,
        to_day: str | None = None,
        cuts: Literal["each", "first"] | None = None,
        from_group: str | None = None,
        to_group: str | None = None,
        direction: Literal["improved", "worsened", "stayed", "came"] | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.RfmMovementCustomer, models.ListRfmMovementCustomersResponse]:
        """Lists the customers of a movement, by id.

        from_day: Day of the first groups.
        to_day: Day of the second groups.
        cuts: What scores follow from.
        from_group: Only customers who were in this group, or "none".
        to_group: Only customers who are in this group.
        direction: Only customers who went this way.
        page_size: Customers a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListRfmMovementCustomersResponse:
            return self._transport.call(
                _LIST_RFM_MOVEMENT_CUSTOMERS,
                models.ListRfmMovementCustomersResponse,
                {},
                Sent(
                    query={
                        "from_day": from_day,
                        "to_day": to_day,
                        "cuts": cuts,
                        "from_group": from_group,
                        "to_group": to_group,
                        "direction": direction,
                        "page_size": page_size,
                        "page_token": token or None,
                    },
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.customers, page_token or "")
