"""Every list and lookup of contacts uses an index under the app role: 50,000 rows of 50 companies, no sequential scan.

The statements are those that the servicers run, caught on their way to PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import contacts as package
import psycopg
import pytest
from chassis.caller import Caller, Sharing, Sight, Visibility
from chassis.lines import Call
from chassis.paging import Pager
from chassis.testing.databases import TestDatabase, migrated
from chassis.transaction import Transaction
from chassis.work import Database, Work
from contacts.model.drafts import ContactDraft, Email
from contacts.queries import account, import_job, record_batch
from contacts.servicers.account import AccountServicer
from contacts.servicers.activity import ActivityServicer
from contacts.servicers.contact import ContactServicer
from contacts.settings import ContactsSettings
from contacts.usecases import contact
from funia.contacts.v1 import account_pb2, activity_pb2, contact_pb2

PAGER = Pager("a secret of at least thirty-two bytes")
CONTACTS, ACCOUNTS, ACTIVITIES = ContactServicer(PAGER), AccountServicer(PAGER), ActivityServicer(PAGER)
OWNER, TEAM = uuid4(), uuid4()
LARGE = {
    "contact",
    "account",
    "record_share",
    "account_contact",
    "identity_key",
    "activity",
    "timeline_entry",
    "import_job",
}
LARGE |= {f"custom_{place}" for place in ("text", "number", "time", "boolean", "reference")}
ORDERS = {
    "contact": ("created_at", "updated_at", "display_name", "score"),
    "account": ("created_at", "updated_at", "name", "employees"),
}
FILTERS = ('family_name = "Family7"', 'lifecycle_stage = "lead" AND score > 10', 'country_code = "BG"')
CUSTOM_FILTERS = (
    'custom.segment = "Segment7"',
    'custom.segment:"segment7"',
    "custom.seats > 990",
    "custom.renewal < 2026-01-05",
    "custom.partner = true AND custom.seats = 5",
    'custom.referrer = "00000000-0000-7000-8000-000000000001"',
    "custom.segment = null",
)
Ask = Callable[[Work], Any]


@pytest.fixture(scope="module")
def stored(admin_url: str) -> Iterator[TestDatabase]:
    """50 companies with a thousand of everything each."""
    with migrated(admin_url, "contacts", Path(package.__file__).parent / "migrations") as database:
        with psycopg.connect(database.admin_url, autocommit=True) as admin:
            for statement in _FILL:
                admin.execute(statement.replace("$owner", f"'{OWNER}'").replace("$team", f"'{TEAM}'"))
            admin.execute("ANALYZE")
        yield database


@pytest.fixture(scope="module")
def database(stored: TestDatabase) -> Iterator[Database]:
    opened = Database(ContactsSettings(database_url=stored.app_url))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def caller(stored: TestDatabase) -> Caller:
    with psycopg.connect(stored.admin_url) as admin:
        row = admin.execute("SELECT tenant_id FROM contact ORDER BY tenant_id LIMIT 1").fetchone()
    assert row is not None
    return replace(Caller.system(row[0]), actor_id=OWNER, team_ids=(TEAM,))


def lists() -> Iterator[tuple[str, Ask]]:
    """Every list, in every order, with filters and with the bin."""
    for order in ORDERS["contact"]:
        for direction in ("", " desc"):
            by = contact_pb2.ListContactsRequest(order_by=order + direction, page_size=50)
            yield f"contacts by {order}{direction}", lambda work, by=by: both_pages(CONTACTS.ListContacts, work, by)
    for order in ORDERS["account"]:
        for direction in ("", " desc"):
            of = account_pb2.ListAccountsRequest(order_by=order + direction, page_size=50)
            yield f"accounts by {order}{direction}", lambda work, of=of: both_pages(ACCOUNTS.ListAccounts, work, of)
    for text in CUSTOM_FILTERS:
        custom = contact_pb2.ListContactsRequest(filter=text)
        yield f"contacts where {text}", lambda work, request=custom: CONTACTS.ListContacts(work, request)
    for text in FILTERS:
        narrowed = contact_pb2.ListContactsRequest(filter=text)
        yield f"contacts where {text}", lambda work, request=narrowed: CONTACTS.ListContacts(work, request)
    yield (
        "contacts in the bin",
        lambda work: CONTACTS.ListContacts(
            work, contact_pb2.ListContactsRequest(deleted=True, order_by="deleted_at desc")
        ),
    )
    yield "accounts in the bin", lambda work: ACCOUNTS.ListAccounts(work, account_pb2.ListAccountsRequest(deleted=True))
    yield (
        "people of an account",
        lambda work: ACCOUNTS.ListAccountContacts(
            work, account_pb2.ListAccountContactsRequest(account_id=str(any_id(work, "account")))
        ),
    )
    yield (
        "timeline",
        lambda work: ACTIVITIES.ListTimeline(
            work, activity_pb2.ListTimelineRequest(subject_id=str(any_id(work, "contact")))
        ),
    )
    yield "imports", lambda work: import_job.IMPORTS.page(work, limit=51, before_id=None)
    yield (
        "imports, next page",
        lambda work: import_job.IMPORTS.page(work, limit=51, before_id=any_id(work, "import_job")),
    )
    yield (
        "batch of contacts",
        lambda work: CONTACTS.BatchGetContacts(
            work, contact_pb2.BatchGetContactsRequest(ids=[str(any_id(work, "contact"))])
        ),
    )
    yield "lookup", lambda work: CONTACTS.LookupContact(work, contact_pb2.LookupContactRequest(email="p70@example.com"))
    yield (
        "duplicates",
        lambda work: CONTACTS.FindDuplicateContacts(
            work,
            contact_pb2.FindDuplicateContactsRequest(
                contact=contact_pb2.Contact(
                    given_name="Given7",
                    family_name="Family7",
                    emails=[contact_pb2.EmailAddress(address="p7@example.com")],
                )
            ),
        ),
    )


@pytest.mark.parametrize("sight", ["own", "own+rules", "team+rules", "all"])
@pytest.mark.parametrize(("name", "ask"), list(lists()), ids=[name for name, _ in lists()])
def test_a_list_uses_an_index(
    database: Database,
    caller: Caller,
    name: str,
    ask: Ask,
    sight: Sight,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plans: list[tuple[str, dict[str, Any]]] = []
    run = Transaction.rows_of_last

    def explained(transaction: Transaction, calls: Sequence[Call], *, most: int | None = None) -> list[Any]:
        prepared, values = calls[-1]
        if prepared.text.lstrip().upper().startswith(("SELECT", "WITH")):
            explain = replace(prepared, text=f"EXPLAIN (FORMAT JSON) {prepared.text}")
            plans.append((prepared.text, run(transaction, [(explain, values)])[0][0][0]["Plan"]))
        return run(transaction, calls, most=most)

    monkeypatch.setattr(Transaction, "rows_of_last", explained)
    with database.open_work(seeing(caller, sight), read_only=True) as work:
        ask(work)
    assert plans
    scanned = [(node["Relation Name"], text) for text, plan in plans for node in nodes(plan) if is_full_scan(node)]
    assert scanned == []
    if " by " in name and sight == "all":
        # The order itself comes from an index, so a page costs the same however large the company is.
        assert [node["Node Type"] for _, plan in plans for node in spine(plan) if node["Node Type"] == "Sort"] == []


DUPLICATES: dict[str, Ask] = {
    "people": lambda work: contact.find_duplicates(
        work,
        ContactDraft(given_name="Given7", family_name="Family7", emails=(Email("p7@example.com", "", True),)),
    ),
    "companies": lambda work: account.duplicates(work, "company 7", ["company7.example"]),
    "keys of a batch": lambda work: record_batch.find(work, "contact", [("email", "p7@example.com")]),
}


@pytest.mark.parametrize("kind", list(DUPLICATES))
def test_duplicates_are_looked_up_by_index_in_a_company_without_statistics(
    stored: TestDatabase, database: Database, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    newcomer = uuid4()
    with psycopg.connect(stored.admin_url, autocommit=True) as admin:
        for statement in (_FILL[0], _FILL[2]):
            filled = statement.replace("$owner", f"'{OWNER}'").replace("$team", f"'{TEAM}'")
            admin.execute(filled.replace(_TENANTS, f"(SELECT '{newcomer}'::uuid AS tenant_id) AS t").encode())
        admin.execute(f"{_FILL[1]} WHERE tenant_id = '{newcomer}'".encode())
    plans: list[dict[str, Any]] = []
    run = Transaction.rows_of_last

    def explained(transaction: Transaction, calls: Sequence[Call], *, most: int | None = None) -> list[Any]:
        prepared, values = calls[-1]
        explain = replace(prepared, text=f"EXPLAIN (ANALYZE, FORMAT JSON) {prepared.text}")
        plans.append(run(transaction, [(explain, values)])[0][0][0]["Plan"])
        return run(transaction, calls, most=most)

    monkeypatch.setattr(Transaction, "rows_of_last", explained)
    with database.open_work(Caller.system(newcomer), read_only=True) as work:
        assert DUPLICATES[kind](work)
    read = [
        node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        for node in nodes(plans[0])
        if node.get("Relation Name") in LARGE
    ]
    assert max(read) <= 2


def test_the_app_role_is_what_plans_are_made_for(database: Database, caller: Caller) -> None:
    with database.open_work(caller, read_only=True) as work:
        row = work.raw.execute("SELECT current_user, count(*) FROM contact").fetchone()
    assert tuple(row or ()) == ("contacts_app", 1000)


def seeing(caller: Caller, sight: Sight) -> Caller:
    """The caller with what makes statements of this sight."""
    visibility: Visibility = "all" if sight == "all" else "own" if sight.startswith("own") else "team"
    ruled = Sharing(owner_ids=(uuid4(), uuid4()), team_ids=(TEAM,), changed_team_ids=(TEAM,))
    seen = replace(caller, visibility=visibility, sharing=ruled if sight.endswith("rules") else caller.sharing)
    assert seen.sight == sight
    return seen


def both_pages(method: Callable[[Work, Any], Any], work: Work, request: Any) -> None:
    first = method(work, request)
    if first.next_page_token:
        request.page_token = first.next_page_token
        method(work, request)
        request.page_token = ""


def any_id(work: Work, table: str) -> UUID:
    """A record that callers of every visibility may see."""
    mine = "" if table == "import_job" else f"WHERE owner_id = '{OWNER}' AND deleted_at IS NULL"
    row = work.raw.execute(f"SELECT id FROM {table} {mine} ORDER BY id DESC LIMIT 1").fetchone()
    assert row is not None
    found: UUID = row.id
    return found


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def spine(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The nodes the rows of the page come through, without those of subqueries beside them."""
    yield plan
    for child in plan.get("Plans", ()):
        if child["Parent Relationship"] == "Outer":
            yield from spine(child)


def is_full_scan(node: dict[str, Any]) -> bool:
    return node["Node Type"] in ("Seq Scan", "Parallel Seq Scan") and node["Relation Name"] in LARGE


_TENANTS = "(SELECT md5('tenant' || n)::uuid AS tenant_id FROM generate_series(1, 50) AS n) AS t"
_ROWS = "generate_series(1, 1000) AS n"
_WHO = "CASE WHEN n % 5 = 0 THEN $owner::uuid ELSE gen_random_uuid() END, CASE WHEN n % 7 = 0 THEN $team::uuid END"
_WHEN = "now() - n * interval '1 minute'"
_BINNED = f"CASE WHEN n % 20 = 1 THEN {_WHEN} END"
_FILL = (
    f"""
    INSERT INTO contact (tenant_id, id, title, given_name, middle_name, family_name, display_name, name_key, job_title,
        lifecycle_stage, language, country_code, source, do_not_contact, score, emails, phones, addresses, tags,
        description, owner_id, team_id, version, created_at, created_by, updated_at, updated_by, deleted_at)
    SELECT tenant_id, gen_random_uuid(), '', 'Given' || n, '', 'Family' || n, 'Given' || n || ' Family' || n,
        'given' || n || ' family' || n, '', (ARRAY['lead', 'customer', 'mql'])[n % 3 + 1], 'bg',
        (ARRAY['BG', 'DE', 'RU', 'US'])[n % 4 + 1], '', false, n % 100,
        jsonb_build_array(jsonb_build_object('address', 'p' || n || '@example.com', 'label', '', 'primary', true)),
        '[]', '[]', '{{}}', '', {_WHO}, 1, {_WHEN}, $owner, {_WHEN}, $owner, {_BINNED}
      FROM {_TENANTS}, {_ROWS}
    """,
    """
    INSERT INTO identity_key (tenant_id, record_kind, kind, value, record_id)
    SELECT tenant_id, 'contact', 'email', emails -> 0 ->> 'address', id FROM contact
    """,
    f"""
    INSERT INTO account (tenant_id, id, name, name_key, domains, industry, employees, revenue_currency, revenue_minor,
        founded_year, type, tier, phone, website, addresses, country_code, tags, description, owner_id, team_id,
        version, created_at, created_by, updated_at, updated_by, deleted_at)
    SELECT tenant_id, gen_random_uuid(), 'Company ' || n, 'company ' || n, '{{}}', '', n, '', 0, 0, 'prospect', '', '',
        '', '[]', 'BG', '{{}}', '', {_WHO}, 1, {_WHEN}, $owner, {_WHEN}, $owner, {_BINNED}
      FROM {_TENANTS}, {_ROWS}
    """,
    """
    INSERT INTO account_contact (tenant_id, account_id, contact_id, role, is_primary)
    SELECT a.tenant_id, a.id, c.id, 'buyer', true
      FROM (SELECT *, row_number() OVER (PARTITION BY tenant_id ORDER BY id) AS n FROM account) AS a
      JOIN (SELECT *, row_number() OVER (PARTITION BY tenant_id ORDER BY id) AS n FROM contact) AS c
        ON c.tenant_id = a.tenant_id AND c.n = a.n
    """,
    """
    INSERT INTO record_share (tenant_id, record_id, grantee_id, record_kind, grantee_kind, level, created_at,
        created_by)
    SELECT tenant_id, id, CASE WHEN score = 8 THEN $owner::uuid ELSE gen_random_uuid() END, 'contact', 'user', 'read',
        now(), $owner FROM contact
    """,
    """
    INSERT INTO activity (tenant_id, id, kind, subject_kind, subject_id, title, body, status, version, created_at,
        created_by, updated_at)
    SELECT tenant_id, gen_random_uuid(), 'note', 'contact', id, '', '', 'done', 1, now(), $owner, now() FROM contact
    """,
    """
    INSERT INTO timeline_entry (tenant_id, subject_id, id, type, occurred_at, actor_type, actor_id, changed_fields,
        details)
    SELECT tenant_id, id, gen_random_uuid(), 'contacts.contact.created', created_at, 'user', '', '{}', '{}'
      FROM contact
    """,
    """
    INSERT INTO custom_field (tenant_id, id, object, key, type, options, refers_to, required, searchable, archived,
        version)
    SELECT DISTINCT tenant_id, md5(tenant_id::text || key)::uuid, 'contact', key, type, '{}'::text[], '', false, false,
        false, 1
      FROM contact, (VALUES ('segment', 'text'), ('seats', 'number'), ('renewal', 'date'), ('partner', 'boolean'),
        ('referrer', 'reference')) AS one(key, type)
    """,
    """
    INSERT INTO custom_text (tenant_id, object, key, value, record_id, lowered)
    SELECT tenant_id, 'contact', 'segment', 'Segment' || score, id, 'segment' || score FROM contact
    """,
    """
    INSERT INTO custom_number (tenant_id, object, key, value, record_id)
    SELECT tenant_id, 'contact', 'seats', row_number() OVER (PARTITION BY tenant_id ORDER BY id), id FROM contact
    """,
    """
    INSERT INTO custom_time (tenant_id, object, key, value, record_id)
    SELECT tenant_id, 'contact', 'renewal', timestamptz '2026-01-01 00:00Z' + score * interval '1 day', id FROM contact
    """,
    """
    INSERT INTO custom_boolean (tenant_id, object, key, value, record_id)
    SELECT tenant_id, 'contact', 'partner', score = 7, id FROM contact
    """,
    """
    INSERT INTO custom_reference (tenant_id, object, key, value, record_id)
    SELECT tenant_id, 'contact', 'referrer', gen_random_uuid(), id FROM contact
    """,
    f"""
    INSERT INTO import_job (tenant_id, id, kind, file_name, file_bytes, file_key, format, status, encoding, delimiter,
        has_header, columns, mode, match_by, on_duplicate, default_country, dry_run, rows_read, rows_total,
        rows_created, rows_updated, rows_skipped, rows_failed, next_row, phase, failure, version, created_at,
        created_by, updated_at, started_by_type)
    SELECT tenant_id, gen_random_uuid(), 'contact', '', 0, '', 'text', 'completed', '', '', true, '[]', 'create', '',
        'skip', '', false, 0, 0, 0, 0, 0, 0, 0, '', '', 1, {_WHEN}, $owner, {_WHEN}, 'user'
      FROM {_TENANTS}, {_ROWS}
    """,
)
