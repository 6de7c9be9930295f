"""What amounts of a file are worth in the company's own currency."""

from __future__ import annotations

from datetime import date

from chassis.work import Work

from sales.pricing.amounts import in_currency
from sales.queries import company
from sales.usecases.prices import rates


class Worth:
    """Amounts at home, by the rate of the day of each order."""

    def __init__(self, work: Work, currency: str) -> None:
        self._work = work
        self._currency = currency
        self.home: str = company.company(work).currency_code or currency
        self._rates: dict[date, int] = {}

    def at(self, minor: int, day: date) -> int:
        """Minor units at home. Raises InvalidPricing where there is no rate of that day."""
        if self.home == self._currency or not minor:
            return minor
        if day not in self._rates:
            self._rates[day] = rates(self._work).of(self._currency, self.home, day)
        return in_currency(minor, self._currency, self.home, self._rates[day])
