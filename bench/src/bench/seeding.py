"""Fills the database of contacts directly, as the superuser, whom row security does not bind.

Rows are what the API would have written, with identities and company links, but without events: search and
timeline know nothing of them. Rows of all tenants are interleaved, as years of daily work leave them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

import orjson
import psycopg

from bench.people import people

_SEED = 1
_TABLES = ("contact", "account", "account_contact", "identity_key")
_PERSON = """
    CREATE TEMP TABLE person (n integer, given_name text, family_name text, display_name text, name_key text,
        job_title text, stage text, score integer, emails jsonb, phones jsonb, addresses jsonb, tags text[],
        email text, phone text)
"""
_PLACES = """
    CREATE TEMP TABLE place AS
    SELECT tenant_id, n, uuidv7() AS id, now() - interval '1 second' * (1 + random() * 60000000) AS created_at
      FROM generate_series(0, %(most)s) AS n, unnest(%(tenants)s::uuid[]) AS tenant_id ORDER BY n
"""
_FILL = (
    """
    INSERT INTO contact (tenant_id, id, title, given_name, middle_name, family_name, display_name, name_key, job_title,
        lifecycle_stage, language, country_code, source, do_not_contact, score, emails, phones, addresses, tags,
        description, owner_id, team_id, version, created_at, created_by, updated_at, updated_by, external_ids)
    SELECT place.tenant_id, place.id, '', given_name, '', family_name, display_name, name_key, job_title, stage, 'en',
        'DE', 'import', false, score, emails, phones, addresses, tags, '', place.tenant_id, NULL, 1,
        created_at, place.tenant_id, created_at, place.tenant_id, '{}'
      FROM place JOIN person USING (n) ORDER BY n
    """,
    """
    INSERT INTO identity_key (tenant_id, record_kind, kind, value, record_id)
    SELECT tenant_id, 'contact', kind, value, id FROM place JOIN person USING (n)
      CROSS JOIN LATERAL (VALUES ('email', email), ('phone', phone)) AS key(kind, value)
    """,
    # Every tenth person founds a company, in which the nine after them work.
    """
    INSERT INTO account (tenant_id, id, name, name_key, domains, industry, employees, revenue_currency, revenue_minor,
        founded_year, type, tier, phone, website, addresses, country_code, tags, description, version, created_at,
        created_by, updated_at, updated_by)
    SELECT tenant_id, id, family_name || ' GmbH', lower(family_name) || ' gmbh', '{}', 'software', 50, 'EUR', 0, 1990,
        'customer', '', '', '', '[]', 'DE', '{}', '', 1, created_at, tenant_id, created_at, tenant_id
      FROM place JOIN person USING (n) WHERE n % 10 = 0
    """,
    """
    INSERT INTO account_contact (tenant_id, account_id, contact_id, role, is_primary)
    SELECT one.tenant_id, company.id, one.id, 'employee', true
      FROM place AS one JOIN place AS company ON company.tenant_id = one.tenant_id AND company.n = one.n - one.n % 10
    """,
)


def seed_contacts(database_url: str, tenants: Sequence[UUID], *, each: int) -> None:
    """Gives each of these tenants that many contacts; they must have none. The URL is a superuser's."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        # Foreign keys hold by construction; checking three million of them would only take time.
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET work_mem = '128MB'; SET maintenance_work_mem = '256MB'")
        connection.execute(_PERSON)
        with connection.cursor().copy("COPY person FROM STDIN") as copy:
            for row in _people(each):
                copy.write_row(row)
        connection.execute(_PLACES, {"most": each - 1, "tenants": list(tenants)})
        connection.execute("ANALYZE person; ANALYZE place")
        with _without_indexes(connection):
            for statement in _FILL:
                connection.execute(statement)
        for table in _TABLES:
            connection.execute(f"VACUUM (ANALYZE) {table}")


def contact_ids(database_url: str, tenant: UUID, most: int) -> list[str]:
    """Ids of up to `most` contacts of a tenant."""
    with psycopg.connect(database_url) as connection:
        rows = connection.execute(
            "SELECT id FROM contact WHERE tenant_id = %s ORDER BY md5(id::text) LIMIT %s", (tenant, most)
        )
        return [str(row[0]) for row in rows]


def _people(count: int) -> Iterator[tuple[object, ...]]:
    for one in people(count, seed=_SEED):
        contact = one.as_contact()
        written = [
            orjson.dumps([{**address, "region": "", "postal_code": ""} for address in contact["addresses"]]).decode(),
            contact["tags"],
        ]
        emails, phones = (orjson.dumps(contact[name]).decode() for name in ("emails", "phones"))
        name_key = one.name.casefold()
        yield (
            *(one.number, one.given_name, one.family_name, one.name, name_key, one.job_title, one.stage),
            *(contact["score"], emails, phones, *written, one.email, one.phone),
        )


@contextmanager
def _without_indexes(connection: psycopg.Connection[tuple[object, ...]]) -> Iterator[None]:
    """Drops what only speeds reading up, and makes it anew afterwards: sorting once beats a million insertions."""
    rows = connection.execute(
        """
        SELECT indexname, indexdef FROM pg_indexes
         WHERE schemaname = 'public' AND tablename = ANY(%s)
           AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = indexname)
        """,
        (list(_TABLES),),
    ).fetchall()
    for name, _ in rows:
        connection.execute(f'DROP INDEX "{name}"'.encode())
    yield
    for _, definition in rows:
        connection.execute(str(definition).encode())
