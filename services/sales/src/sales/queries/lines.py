"""Statements on the lines of documents, whichever table they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.statements import prepare
from chassis.tables import scoped, tenant_parameter
from chassis.work import Row, Work
from psycopg.types.json import Jsonb
from sqlalchemy import UUID as SqlUuid
from sqlalchemy import bindparam, column, delete, func, insert, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from sales.model.lines import DealLine

Values = Mapping[str, Any]


class LineStore:
    """Lines of one kind of document. `owner` is the column that names the document."""

    def __init__(self, table: Any, owner: str) -> None:
        self._owner = owner
        columns = table.__table__.columns
        mine = getattr(table, owner)
        ids = bindparam("ids", type_=ARRAY(SqlUuid(as_uuid=True)))
        self._of = prepare(scoped(table).where(mine == func.any(ids)).order_by(mine, table.position))
        self._clear = prepare(
            delete(table).where(table.tenant_id == tenant_parameter(), mine == bindparam("document_id"))
        )
        self._names = [one.name for one in columns if one.name != "tenant_id"]
        given = func.jsonb_to_recordset(bindparam("lines", type_=JSONB)).table_valued(
            *(column(name, columns[name].type) for name in self._names), name="given"
        )
        derived = given.render_derived(with_types=True)
        self._add = prepare(
            insert(table).from_select(
                ["tenant_id", *self._names], select(tenant_parameter(), *(derived.c[name] for name in self._names))
            )
        )

    def of(self, work: Work, document_ids: Sequence[UUID]) -> dict[UUID, list[Row]]:
        """Lines of these documents in their order. The caller has seen the documents."""
        found: dict[UUID, list[Row]] = {one: [] for one in document_ids}
        if found:
            for row in work.rows(self._of, ids=list(found)):
                found[getattr(row, self._owner)].append(row)
        return found

    def put(self, work: Work, document_id: UUID, lines: Iterable[Values]) -> None:
        """Makes these the lines of a document, in this order. The caller holds the document's lock."""
        work.execute(self._clear, document_id=document_id)
        self.add(work, [{**line, self._owner: document_id, "position": at} for at, line in enumerate(lines)])

    def add(self, work: Work, lines: Sequence[Values]) -> None:
        """Writes lines, each with its document and position."""
        if lines:
            work.execute(self._add, lines=Jsonb([{name: line[name] for name in self._names} for line in lines]))


DEAL_LINES = LineStore(DealLine, "deal_id")
