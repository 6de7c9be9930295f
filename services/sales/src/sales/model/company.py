"""What sales knows of the company itself, and how the company sells."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer
from sqlalchemy.orm import Mapped, mapped_column

from sales.model.customer import SalesTable


class SalesProfile(SalesTable):
    """What identity says of the company; kept from its events."""

    __tablename__ = "sales_profile"

    country_code: Mapped[str]
    currency_code: Mapped[str]
    time_zone: Mapped[str]
    version: Mapped[int]


class SalesSetting(SalesTable):
    """How the company sells; without a row everything is as at first."""

    __tablename__ = "sales_setting"

    version: Mapped[int]
    tax_included: Mapped[bool]
    quote_valid_days: Mapped[int] = mapped_column(Integer())
    payment_days: Mapped[int] = mapped_column(Integer())
    seller_name: Mapped[str]
    seller_address: Mapped[str]
    seller_tax_number: Mapped[str]
    paper_footer: Mapped[str]
    lost_reasons: Mapped[list[str]]
    number_formats: Mapped[dict[str, Any]]
    backorders: Mapped[bool]
    low_stock_milli: Mapped[int]
