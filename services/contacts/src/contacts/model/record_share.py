"""Contacts and accounts shared by hand."""

from __future__ import annotations

from chassis.record_shares import ShareColumns

from contacts.model.tables import ContactsTable


class RecordShare(ShareColumns, ContactsTable):
    """One record shared with one person or team."""

    __tablename__ = "record_share"
