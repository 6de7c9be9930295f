"""Statements the store refuses because it could not cut them to one tenant."""

from __future__ import annotations

from uuid import UUID

import pytest
from analytics.errors import UnscopedQuery
from analytics.store.facts import FactTable
from analytics.store.scope import tenant_settings

TENANT = UUID("00000000-0000-7000-8000-00000000000a")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count() FROM merge('funia', 'event_fact')",
        "SELECT * FROM remote('127.0.0.1', funia.event_fact)",
        "SELECT * FROM file('/etc/passwd')",
        "SELECT * FROM url('http://example.com/')",
        "SELECT * FROM view(SELECT 1)",
        "SELECT * FROM mergeTreeIndex('funia', 'event_fact')",
        "SELECT * FROM system.parts",
        "SELECT * FROM funia.event_fact",
        "SELECT * FROM event_fact__shadow",
        "SELECT * FROM event_fact, store_version",
        "SELECT * FROM event_fact AS a JOIN store_version AS b ON 1 = 1",
        "SELECT * FROM (SELECT * FROM store_version)",
        "SELECT * FROM event_fact UNION ALL SELECT version FROM store_version",
        "SELECT * FROM event_fact SETTINGS additional_table_filters = {}",
        "SELECT * FROM `store_version`",
        'SELECT * FROM "store_version"',
        "SELECT * FROM event_fact; SELECT * FROM store_version",
        "SELECT * FROM /* event_fact */ store_version",
        "SELECT dictGet('d', 'a', 1)",
        "SELECT 1 WHERE 1 IN store_version",
        "SELECT 1 WHERE 1 NOT IN (store_version)",
        "SELECT 1 WHERE 1 IN (information_schema.tables)",
        "SELECT in(1, store_version)",
        "SELECT NOT in(1, store_version)",
        "SELECT 1 WHERE notIn(1, store_version)",
        "SELECT 1 WHERE globalIn(1, store_version)",
        "INSERT INTO event_fact SELECT * FROM event_fact",
        "DROP TABLE event_fact",
        "",
    ],
)
def test_a_statement_that_could_read_past_its_tenant_is_refused(sql: str) -> None:
    with pytest.raises(UnscopedQuery):
        tenant_settings(sql, TENANT, ["event_fact"])


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 'FROM store_version; SETTINGS' FROM event_fact",
        "SELECT a FROM event_fact AS f -- FROM store_version",
        "WITH x AS (SELECT 1 AS a) SELECT a FROM x, event_fact WHERE a IN (1, 2)",
        "SELECT a FROM event_fact WHERE a IN {list:Array(UUID)} AND lower(type) IN ('a') AND isNull(a) AND notEmpty(b)",
        "SELECT extract(type, 'a') FROM event_fact WHERE type NOT IN ('a', 'b')",
        "SELECT count() FROM event_fact WHERE (event_id, type) IN (SELECT event_id, type FROM event_fact)",
    ],
)
def test_an_honest_statement_gets_the_filter_of_its_tenant(sql: str) -> None:
    settings = tenant_settings(sql, TENANT, ["event_fact"])
    assert settings == {"additional_table_filters": f"{{'event_fact': 'tenant_id = \\'{TENANT}\\''}}"}


def test_a_fact_whose_key_does_not_begin_with_the_tenant_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match="the tenant leads"):
        FactTable("order_fact", columns=(), derived=(), partition="0", order=("order_id",))
