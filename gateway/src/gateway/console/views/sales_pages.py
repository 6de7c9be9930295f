"""What stands around the facts of sales' records: lists of the records that name them, and the way of a deal."""

from __future__ import annotations

from typing import Any

from chassis.errors import NotFound
from flask import Blueprint, Response, make_response, render_template

from gateway.console import references, values
from gateway.console.colleagues import colleagues
from gateway.console.guard import check_scope
from gateway.console.kind import Kind, ListQuery
from gateway.console.kinds import KINDS, all_columns, prefetch_names
from gateway.console.sales_fields import BUYING_ROLES
from gateway.console.values import Record
from gateway.console.views.deals import age_days, history_of, stages_of

CHILDREN_SHOWN = 50
WITH_CHILDREN = ", ".join(f'"{kind.plural}"' for kind in KINDS.values() if kind.children)


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule(
        f"/<any({WITH_CHILDREN}):plural>/<uuid:record_id>/<child>", "record_children", record_children
    )


def sales_around(kind: Kind, record: Record) -> dict[str, Any]:
    """What the page of the kind shows beside the facts."""
    if kind.plural != "deals":
        return {}
    references.prefetch("people", [one.contact_id for one in record.contacts])
    return {
        "stages": stages_of(record.pipeline_id),
        "steps": history_of(record.id),
        "age_days": age_days,
        "buying_roles": BUYING_ROLES,
    }


def record_children(plural: str, record_id: object, child: str) -> Response:
    """The records of one kind that name this one."""
    kind = KINDS[plural]
    declared = next((one for one in kind.children if one.plural == child), None)
    if declared is None:
        raise NotFound("Nothing of this kind belongs to it.", reason="NOT_FOUND")
    children = KINDS[child]
    check_scope(children.reads)
    query = ListQuery(filter=f'{declared.field} = "{record_id}"', page_size=CHILDREN_SHOWN)
    listed = children.list(query)
    columns = [column for column in all_columns(children) if column.default and column.name != declared.field]
    prefetch_names(children, listed.records, columns)
    page = render_template(
        "console/record_children.html",
        kind=children,
        listed=listed,
        columns=columns,
        owners=colleagues(),
        field=declared.field,
        parent_id=str(record_id),
        filter=query.filter,
        v=values,
    )
    return make_response(page)
