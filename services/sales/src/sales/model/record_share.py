"""Deals and leads shared by hand."""

from __future__ import annotations

from chassis.record_shares import ShareColumns

from sales.model.customer import SalesTable


class RecordShare(ShareColumns, SalesTable):
    """One record shared with one person or team."""

    __tablename__ = "record_share"
