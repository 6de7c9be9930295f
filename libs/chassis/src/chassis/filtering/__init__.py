"""The one filter language: parsed once, compiled to SQL and ClickHouse, evaluated in memory.

docs/filter-language.md is for those who write filters.

A missing value fits no comparison, and NOT turns that round: every back end keeps this two-valued logic.
"""

from chassis.filtering.clickhouse import to_clickhouse
from chassis.filtering.memory import matches
from chassis.filtering.nodes import Node, names_of
from chassis.filtering.parse import FilterLimits, parse
from chassis.filtering.rights import refuse_hidden
from chassis.filtering.schema import FieldType, Schema, schema_of
from chassis.filtering.sql import SqlColumn, SqlRows, to_sql

__all__ = [
    "FieldType",
    "FilterLimits",
    "Node",
    "Schema",
    "SqlColumn",
    "SqlRows",
    "matches",
    "names_of",
    "parse",
    "refuse_hidden",
    "schema_of",
    "to_clickhouse",
    "to_sql",
]
