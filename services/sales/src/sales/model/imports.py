"""Imports of leads, products, deals and orders: the job, its findings, values to decide upon, and what came of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.importing.tables import ImportColumns, RowErrorColumns
from sqlalchemy import ForeignKeyConstraint, Index, String, desc
from sqlalchemy.orm import Mapped, mapped_column

from sales.model.customer import SalesTable

KINDS = ("lead", "product", "deal", "order")


class SalesImport(ImportColumns, SalesTable):
    """An import. `options` say how the file is to be understood, `made` how much of what came of it, `undone`
    how much of that was taken back, `undo_left` how many records could not be. `owners` has colleagues by digests of
    what a file may call them, only while it is checked.
    """

    __tablename__ = "sales_import"

    options: Mapped[dict[str, Any]]
    made: Mapped[dict[str, Any]]
    rows_noted: Mapped[int]
    undo_total: Mapped[int]
    undo_left: Mapped[int]
    undone: Mapped[dict[str, Any]]
    owners: Mapped[dict[str, Any]]

    __table_args__ = (Index("ix_sales_import_newest", "tenant_id", desc("id")),)


class SalesImportRowError(RowErrorColumns, SalesTable):
    """A row that did not go in, or that did with a remark."""

    __tablename__ = "sales_import_row_error"

    __table_args__ = (ForeignKeyConstraint(["tenant_id", "import_id"], ["sales_import.tenant_id", "sales_import.id"]),)


class SalesImportValue(SalesTable):
    """A value of a file that names something else, and what somebody said that it means."""

    __tablename__ = "sales_import_value"

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(String(collation="C"), primary_key=True)
    value: Mapped[str] = mapped_column(String(collation="C"), primary_key=True)
    rows: Mapped[int]
    detail: Mapped[dict[str, Any]]
    choice: Mapped[str]
    suggestion: Mapped[UUID | None]
    suggestion_name: Mapped[str]

    __table_args__ = (ForeignKeyConstraint(["tenant_id", "import_id"], ["sales_import.tenant_id", "sales_import.id"]),)


class SalesImportChange(SalesTable):
    """A record that an import wrote: its version then, its row of the file and its id in the other system. `left_there`
    while an undoing could not take it back.
    """

    __tablename__ = "sales_import_change"

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(collation="C"), primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    row: Mapped[int]
    version: Mapped[int]
    external_id: Mapped[str]
    left_there: Mapped[bool]

    __table_args__ = (
        Index("ix_sales_import_change_record", "tenant_id", "record_id"),
        ForeignKeyConstraint(["tenant_id", "import_id"], ["sales_import.tenant_id", "sales_import.id"]),
    )


class ExternalRecord(SalesTable):
    """What a record of another system is here. Found by it, a file that comes again writes nothing twice."""

    __tablename__ = "external_record"

    kind: Mapped[str] = mapped_column(String(collation="C"), primary_key=True)
    system: Mapped[str] = mapped_column(String(collation="C"), primary_key=True)
    external_id: Mapped[str] = mapped_column(String(collation="C"), primary_key=True)
    record_id: Mapped[UUID]
    import_id: Mapped[UUID]
