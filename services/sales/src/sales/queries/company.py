"""Statements on what sales knows of the company, and on how it sells."""

from __future__ import annotations

from typing import Any

from chassis.statements import text
from chassis.work import Row, Work

_OF = text(
    """
    SELECT coalesce(profile.country_code, '') AS country_code, coalesce(profile.currency_code, '') AS currency_code,
           coalesce(nullif(profile.time_zone, ''), 'UTC') AS time_zone, coalesce(own.version, 0) AS version,
           coalesce(own.tax_included, false) AS tax_included, coalesce(own.quote_valid_days, 30) AS quote_valid_days,
           coalesce(own.payment_days, 14) AS payment_days, coalesce(own.seller_name, '') AS seller_name,
           coalesce(own.seller_address, '') AS seller_address, coalesce(own.seller_tax_number, '') AS seller_tax_number,
           coalesce(own.paper_footer, '') AS paper_footer, coalesce(own.lost_reasons, '{}') AS lost_reasons,
           coalesce(own.number_formats, '{}') AS number_formats, coalesce(own.backorders, false) AS backorders,
           coalesce(own.low_stock_milli, 5000) AS low_stock_milli
      FROM (SELECT) AS one
      LEFT JOIN sales_profile AS profile ON profile.tenant_id = %(tenant_id)s
      LEFT JOIN sales_setting AS own ON own.tenant_id = %(tenant_id)s
    """,
    "tenant_id",
)
_KEEP = text(
    """
    INSERT INTO sales_setting (tenant_id, version, tax_included, quote_valid_days, payment_days, seller_name,
           seller_address, seller_tax_number, paper_footer, lost_reasons, number_formats, backorders,
           low_stock_milli)
    VALUES (%(tenant_id)s, 1, %(tax_included)s, %(quote_valid_days)s, %(payment_days)s, %(seller_name)s,
           %(seller_address)s, %(seller_tax_number)s, %(paper_footer)s, %(lost_reasons)s, %(number_formats)s,
           %(backorders)s, %(low_stock_milli)s)
    ON CONFLICT (tenant_id) DO UPDATE SET version = sales_setting.version + 1, tax_included = excluded.tax_included,
           quote_valid_days = excluded.quote_valid_days, payment_days = excluded.payment_days,
           seller_name = excluded.seller_name, seller_address = excluded.seller_address,
           seller_tax_number = excluded.seller_tax_number, paper_footer = excluded.paper_footer,
           lost_reasons = excluded.lost_reasons, number_formats = excluded.number_formats,
           backorders = excluded.backorders, low_stock_milli = excluded.low_stock_milli
     WHERE sales_setting.version = %(version)s
    RETURNING version
    """,
    "tenant_id",
)
OWN = (
    "tax_included",
    "quote_valid_days",
    "payment_days",
    "seller_name",
    "seller_address",
    "seller_tax_number",
    "paper_footer",
    "lost_reasons",
    "number_formats",
    "backorders",
    "low_stock_milli",
)
"""What a company sets itself."""


def company(work: Work) -> Row:
    """The company and how it sells."""
    row = work.row(_OF)
    assert row is not None, "it selects from one row"
    return row


def keep(work: Work, version: int, values: dict[str, Any]) -> bool:
    """Writes how the company sells, over this version of it; whether it still was that one."""
    return work.row(_KEEP, version=version, **values) is not None
