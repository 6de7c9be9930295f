"""Any filter on any record has one outcome: in PostgreSQL, in ClickHouse and in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa
from chassis.filtering import FieldType, Schema, SqlColumn, matches, parse, to_clickhouse, to_sql
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import psycopg as psycopg_dialect

SCHEMA = Schema(
    {
        "name": FieldType.TEXT,
        "score": FieldType.NUMBER,
        "ratio": FieldType.NUMBER,
        "flag": FieldType.BOOL,
        "at": FieldType.TIMESTAMP,
        "on": FieldType.DATE,
        "owner": FieldType.UUID,
        "tags": FieldType.TEXTS,
    }
)
TABLE = sa.table(
    "filtered",
    sa.column("id", sa.Integer),
    sa.column("name", sa.Text),
    sa.column("name_lower", sa.Text),
    sa.column("score", sa.Integer),
    sa.column("ratio", sa.Double),
    sa.column("flag", sa.Boolean),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("on", sa.Date),
    sa.column("owner", sa.Uuid),
    sa.column("tags", ARRAY(sa.Text)),
)
COLUMNS = {name: TABLE.c[name] for name in SCHEMA.fields} | {"name": SqlColumn(TABLE.c.name, TABLE.c.name_lower)}
DDL = """create temp table filtered (id int, name text, name_lower text collate "C", score int, ratio double precision,
         flag boolean, at timestamptz, "on" date, owner uuid, tags text[])"""

TEXTS = ["", "a", "A", "ab", "Ab c", "Жук", "жук", "İx", "%_", "a*", "a\\", "a'b", 'a"b', "a\tb"]
NUMBERS = [-1, 0, 1, 2, 1.5, 2**31, 2**53 - 1]
TIMES = [datetime(2026, 5, 31, 12, tzinfo=UTC) + timedelta(days=day, microseconds=day * 7) for day in range(-2, 3)]
DAYS = [time.date() for time in TIMES]
OWNERS = [UUID(int=number) for number in (1, 2**127)]


def maybe(values: list[Any]) -> st.SearchStrategy[Any]:
    return st.none() | st.sampled_from(values)


RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "name": maybe(TEXTS),
            "score": maybe([-1, 0, 1, 2, 2**31 - 1]),
            "ratio": maybe([-1.0, 0.0, 0.1, 1.5]),
            "flag": st.none() | st.booleans(),
            "at": maybe(TIMES),
            "on": maybe(DAYS),
            "owner": maybe(OWNERS),
            "tags": st.none() | st.lists(st.sampled_from(TEXTS[1:]), max_size=2),
        }
    ),
    min_size=1,
    max_size=6,
)


def quoted(text: str, *, star: bool = False) -> str:
    escaped = "".join("\\" + letter if letter in "\\\"'*" else letter for letter in text)
    return f'"{escaped}{"*" if star else ""}"'


EQUAL = st.sampled_from(["=", "!="])
ORDER = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
A_TEXT = st.sampled_from(TEXTS)
A_FULL_TEXT = st.sampled_from(TEXTS[1:])
A_NUMBER = st.sampled_from(NUMBERS).map(str)
A_TIME = st.sampled_from(TIMES).map(lambda time: time.isoformat().replace("+00:00", "Z"))
NUMERIC = st.sampled_from(["score", "ratio"])
TERMS = st.one_of(
    st.builds("name {} {}".format, EQUAL, A_TEXT.map(quoted)),
    st.builds("name {} {}".format, EQUAL, A_TEXT.map(lambda text: quoted(text, star=True))),
    st.builds("name:{}".format, A_FULL_TEXT.map(quoted)),
    st.builds("name IN ({})".format, st.lists(A_FULL_TEXT.map(quoted), min_size=1, max_size=3).map(", ".join)),
    st.builds("{} {} {}".format, NUMERIC, ORDER, A_NUMBER),
    st.builds("{} IN ({})".format, NUMERIC, st.lists(A_NUMBER, min_size=1, max_size=3).map(", ".join)),
    st.builds("flag {} {}".format, EQUAL, st.sampled_from(["true", "false"])),
    st.builds("at {} {}".format, ORDER, A_TIME),
    st.builds("on {} {}".format, ORDER, st.sampled_from(DAYS).map(str)),
    st.builds("owner {} {}".format, EQUAL, st.sampled_from(OWNERS).map(lambda owner: f'"{owner}"')),
    st.builds("tags:{}".format, A_FULL_TEXT.map(quoted)),
    st.builds("{} {} null".format, st.sampled_from(["name", "score", "ratio", "at", "on", "owner", "tags"]), EQUAL),
    st.builds("{}:*".format, st.sampled_from(["name", "score", "at", "owner", "tags"])),
)
FILTERS = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        inner.map(lambda one: f"NOT ({one})"),
        st.builds("({}) AND ({})".format, inner, inner),
        st.builds("({}) OR ({})".format, inner, inner),
    ),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def connection(admin_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(admin_url, autocommit=True) as connected:
        connected.execute(DDL)
        yield connected


def as_row(index: int, record: dict[str, Any]) -> dict[str, Any]:
    name = record["name"]
    return {"id": index, "name_lower": None if name is None else name.lower(), **record}


@given(FILTERS, RECORDS)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_postgresql_and_memory_agree(
    connection: psycopg.Connection[Any], text: str, records: list[dict[str, Any]]
) -> None:
    node = parse(text, SCHEMA)
    connection.execute("truncate filtered")
    insert = sa.insert(TABLE).compile(dialect=psycopg_dialect.dialect())
    with connection.cursor() as cursor:
        cursor.executemany(str(insert), [as_row(index, record) for index, record in enumerate(records)])
    query = sa.select(TABLE.c.id).where(to_sql(node, COLUMNS)).order_by(TABLE.c.id)
    compiled = query.compile(dialect=psycopg_dialect.dialect(), compile_kwargs={"render_postcompile": True})
    found = [row[0] for row in connection.execute(str(compiled), compiled.params)]
    assert found == [index for index, record in enumerate(records) if matches(node, record)]


@given(FILTERS, RECORDS)
@settings(max_examples=60, deadline=None)
def test_clickhouse_and_memory_agree(text: str, records: list[dict[str, Any]]) -> None:
    import chdb

    node = parse(text, SCHEMA)
    condition, parameters = to_clickhouse(node, {name: name for name in SCHEMA.fields})
    rows = [{"id": index, **record, "tags": record["tags"] or []} for index, record in enumerate(records)]
    lines = "\n".join(json.dumps(row, default=_click_text) for row in rows)
    columns = (
        "id Int32, name Nullable(String), score Nullable(Int32), ratio Nullable(Float64), flag Nullable(Bool), "
        "at Nullable(DateTime64(6, \\'UTC\\')), on Nullable(Date32), owner Nullable(UUID), tags Array(String)"
    )
    source = f"format(JSONEachRow, '{columns}', {{rows:String}})"
    given_rows = {"rows": _escaped(lines), **{name: _escaped(value) for name, value in parameters.items()}}
    result = chdb.query(f"SELECT id FROM {source} WHERE {condition} ORDER BY id", "CSV", params=given_rows)
    found = [int(line) for line in str(result).split()]
    assert found == [index for index, record in enumerate(records) if matches(node, record)]


def _click_text(value: Any) -> str:
    return value.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(value, datetime) else str(value)


def _escaped(value: Any) -> Any:
    """ClickHouse reads parameters in its escaped form; its clients do this for every text."""
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n") if isinstance(value, str) else value


def test_a_positive_comparison_stays_bare_so_that_an_index_serves_it() -> None:
    node = parse('name = "Ab*" AND owner = "00000000-0000-0000-0000-000000000001"', SCHEMA)
    compiled = str(to_sql(node, COLUMNS).compile(dialect=psycopg_dialect.dialect()))
    assert compiled == "(filtered.name_lower ^@ %(param_1)s::VARCHAR) AND filtered.owner = %(param_2)s::UUID"


def test_values_never_stand_in_the_text_of_a_query() -> None:
    evil = "x'; drop table contacts; --"
    node = parse(f"name = {quoted(evil)} OR tags:{quoted(evil)}", SCHEMA)
    compiled = to_sql(node, COLUMNS).compile(dialect=psycopg_dialect.dialect())
    condition, parameters = to_clickhouse(node, {name: name for name in SCHEMA.fields})
    assert "drop" not in str(compiled)
    assert "drop" not in condition
    assert list(parameters.values()) == [evil, evil]
