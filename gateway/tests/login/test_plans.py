"""Plans: given by operators, kept by the database, told to administrators; a second company is never touched."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import httpx
import pytest
from chassis.caller import Caller
from chassis.errors import InvalidArgument, NotFound, PermissionDenied, ResourceExhausted
from chassis.streams import connect
from chassis.tenancy.desk import TenantDesk
from chassis.tenancy.part import TenantPart
from chassis.tenancy.usage import hand_over
from chassis.testing.databases import TestDatabase
from chassis.vault import Vault
from gateway.composition import Identity
from gateway.identity.access_tokens import Rights
from gateway.identity.usecases import people, plans
from gateway.identity.usecases.accounts import Accounts, SignUp
from gateway.identity.usecases.people import NewUser
from gateway.plans import check_plans
from gateway.ratelimit.calls import ApiCalls
from gateway.ratelimit.meter import Lane, Meter
from gateway.settings import GatewaySettings
from gateway.tenancy.usage import UsageGatherer

PASSWORD = "correct horse battery"
TODAY = datetime.now(UTC).date()


def look(identity: Identity, company: Any) -> dict[str, plans.Use]:
    return {use.meter: use for use in identity.companies.plan_of(company.tenant_id).uses}


def told(company: Any, meter: str, used: int, changes: int, period: str = "1970-01-01") -> list[Any]:
    return [str(company.tenant_id), meter, period, used, changes]


def add_person(identity: Identity, company: Any) -> Any:
    new = NewUser(f"p{datetime.now(UTC).timestamp()}@example.com", "P P", "viewer", PASSWORD, "en")
    with identity.database.open_work(company.caller()) as work:
        return people.add_user(work, new, identity.passwords)


def test_a_plan_is_given_told_to_the_services_and_entered_in_the_log(
    identity: Identity, acme: Any, other: Any, admin: Any
) -> None:
    identity.companies.give_plan(acme.tenant_id, "free", {"contacts": 7, "custom_fields": None})
    identity.companies.give_plan(acme.tenant_id, "free", {"contacts": 7, "custom_fields": None})
    found = identity.companies.plan_of(acme.tenant_id)
    assert (found.name, found.overrides, found.requests_per_s) == ("free", {"contacts": 7, "custom_fields": None}, 10)
    limits = {use.meter: use.most for use in found.uses}
    assert (limits["contacts"], limits["seats"], limits["custom_fields"]) == (7, 3, None)
    entries = admin.execute(
        "SELECT count(*) FROM audit_entry WHERE tenant_id = %s AND action = 'identity.plan.changed'", [acme.tenant_id]
    )
    assert entries.fetchone() == (1,)
    assert {use.most for use in look(identity, other).values()} == {None}
    with pytest.raises(InvalidArgument, match="plan"):
        identity.companies.give_plan(acme.tenant_id, "golden", {})
    with pytest.raises(InvalidArgument, match="elephants"):
        identity.companies.give_plan(acme.tenant_id, "free", {"elephants": 1})
    with pytest.raises(NotFound):
        identity.companies.give_plan(UUID(int=9), "free", {})


def test_identity_keeps_to_the_plan_on_whatever_way_a_row_comes(
    identity: Identity, acme: Any, other: Any, admin: Any
) -> None:
    identity.companies.give_plan(acme.tenant_id, "enterprise", {"seats": 2, "custom_fields": 0})
    person = add_person(identity, acme)
    with pytest.raises(PermissionDenied) as caught:
        add_person(identity, acme)
    assert caught.value.metadata == {"limit": "seats", "used": "2", "most": "2"}
    with identity.database.open_work(acme.caller()) as work:
        people.change_user(work, person.user_id, {"status": "suspended"}, etag="")
    add_person(identity, acme)
    with pytest.raises(PermissionDenied), identity.database.open_work(acme.caller()) as work:
        people.change_user(work, person.user_id, {"status": "active"}, etag="")
    add_person(identity, other)
    count = "SELECT used FROM usage_count WHERE tenant_id = %s AND meter = 'seats'"
    assert admin.execute(count, [acme.tenant_id]).fetchone() == (2,)
    with pytest.raises(PermissionDenied, match="custom_fields"), identity.database.open_work(acme.caller()) as work:
        work.raw.execute(
            "INSERT INTO custom_field (tenant_id, id, object, key, label, type, options, refers_to, required,"
            " searchable, position, archived, version, created_at, created_by, updated_at, updated_by)"
            " VALUES (%s, gen_random_uuid(), 'contact', 'size', 'Size', 'number', '{}', '', false, false, 0, false, 1,"
            " now(), %s, now(), %s)",
            [acme.tenant_id, acme.owner_id, acme.owner_id],
        )


def test_a_company_begins_with_the_plan_of_the_installation(identity: Identity, admin: Any) -> None:
    settings = identity.settings.model_copy(update={"plan_at_sign_up": "team"})
    accounts = Accounts(
        identity.database,
        identity.passwords,
        identity.emails,
        identity.devices,
        Vault(identity.settings.secret.get_secret_value()),
        settings,
    )
    form = SignUp("New", "Nora New", f"nora{datetime.now(UTC).timestamp()}@example.com", PASSWORD, country_code="BG")
    made = accounts.sign_up(form, address="127.0.0.1").tenant
    assert identity.companies.plan_of(made.tenant_id).name == "team"
    with pytest.raises(ValueError, match="no plan"):
        check_plans({"small": {}}, FUNIA_PLAN_AT_SIGN_UP="large")
    with pytest.raises(ValueError, match="elephants"):
        check_plans({"small": {"elephants": 1}})


def test_a_plan_that_is_configured_anew_reaches_companies_that_have_it(identity: Identity, acme: Any) -> None:
    identity.companies.give_plan(acme.tenant_id, "free", {"seats": 9})
    larger = {**identity.settings.plans, "free": {"contacts": 5}}
    settings = identity.settings.model_copy(update={"plans": larger})
    with identity.database.open_work(Caller.system(acme.tenant_id)) as work:
        plans.apply_again(work, settings)
    limits = {name: use.most for name, use in look(identity, acme).items() if use.most is not None}
    assert limits == {"contacts": 5, "seats": 9}


def test_administrators_get_one_mail_near_a_limit_and_one_at_it(
    identity: Identity, acme: Any, other: Any, mails: Any
) -> None:
    gatherer = UsageGatherer(identity)
    identity.companies.give_plan(acme.tenant_id, "enterprise", {"contacts": 10})
    add_person(identity, acme)
    for used in (7, 8, 9, 8, 9):
        gatherer.write([told(acme, "contacts", used, used), told(other, "contacts", 900, used)])
    (near,) = mails.to(acme.email)
    assert near["Subject"] == "Acme uses 80 % of its plan: contacts"
    gatherer.write([told(acme, "contacts", 10, 20)])
    gatherer.write([told(acme, "contacts", 10, 21)])
    assert [mail["Subject"] for mail in mails.to(acme.email)][1:] == ["Acme has reached a limit of its plan: contacts"]
    assert "/settings/plan" in mails.to(acme.email)[1].get_body(("plain",)).get_content()
    identity.companies.give_plan(acme.tenant_id, "enterprise", {"contacts": 12})
    gatherer.write([told(acme, "contacts", 10, 22)])
    assert len(mails.to(acme.email)) == 3
    assert mails.to(other.email) == []


def test_what_is_told_late_or_twice_changes_nothing(identity: Identity, acme: Any, other: Any) -> None:
    gatherer = UsageGatherer(identity)
    gatherer.write([told(acme, "contacts", 5, 2)])
    gatherer.write([told(acme, "contacts", 9, 1), told(acme, "nothing_we_know", 1, 1)])
    gatherer.write([told(acme, "contacts", 5, 2), [str(UUID(int=5)), "contacts", "1970-01-01", 1, 1]])
    yesterday = str(TODAY - timedelta(days=1))
    gatherer.write([told(acme, "bulk_rows", 70, 1, yesterday)])
    uses = look(identity, acme)
    assert (uses["contacts"].used, uses["bulk_rows"].used) == (5, 0)
    assert look(identity, other)["contacts"].used == 0


def test_a_counter_is_handed_over_until_identity_knows_this_very_state_of_it(
    identity: Identity, acme: Any, identity_database: TestDatabase
) -> None:
    def ours(done: Any = ()) -> list[Any]:
        rows = hand_over([identity_database.relay_url], done, most=100_000)
        return [row for row in rows if row[0] == str(acme.tenant_id)]

    (first,) = ours()
    assert first[1:4] == ("seats", "1970-01-01", 1)
    assert ours() == [first]
    add_person(identity, acme)
    (second,) = ours([first])
    assert second[3] == 2
    assert ours([second]) == []


def test_counters_are_gathered_over_the_bus_and_acknowledged(
    identity: Identity, acme: Any, nats_url: str, admin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.tenancy.usage.SERVICES", ("identity",))
    settings = identity.settings.model_copy(update={"nats_url": nats_url, "usage_gather_every_s": 20.0})
    gatherer = UsageGatherer(replace(identity, settings=settings))
    desk = TenantDesk("identity", settings, identity.database, TenantPart({}))

    async def gather() -> tuple[int, int]:
        listening = asyncio.create_task(desk.listen())
        client = await connect(settings, "test")
        first, second = await gatherer.gather(client), await gatherer.gather(client)
        await client.close()
        listening.cancel()
        await asyncio.wait([listening])
        return first, second

    first, second = asyncio.run(gather())
    assert (first > 0, second) == (True, 0)
    assert look(identity, acme)["seats"].used == 1
    untold = "SELECT count(*) FROM usage_count WHERE tenant_id = %s AND NOT told"
    assert admin.execute(untold, [acme.tenant_id]).fetchone() == (0,)


def test_months_sum_up_what_happened_and_show_what_there_was_at_its_highest() -> None:
    def day(meter: str, on: date, used: int, peak: int = 0) -> Any:
        return SimpleNamespace(meter=meter, day=on, used=used, peak=peak or used)

    rows = [
        day("api_calls", date(2026, 1, 30), 5),
        day("api_calls", date(2026, 1, 31), 6),
        day("contacts", date(2025, 11, 3), 40, 90),
        day("contacts", date(2026, 2, 1), 30, 35),
    ]
    found = plans.by_month(rows, first=date(2025, 12, 1), last=date(2026, 3, 9))
    assert [(f"{one.month:%Y-%m}", one.meter, one.used) for one in found] == [
        ("2026-03", "contacts", 30),
        ("2026-02", "contacts", 40),
        ("2026-01", "contacts", 40),
        ("2026-01", "api_calls", 11),
        ("2025-12", "contacts", 40),
    ]


def test_api_calls_are_counted_once_and_writes_refused_when_the_day_is_used_up(
    identity: Identity, gateway_settings: GatewaySettings, acme: Any, other: Any
) -> None:
    meter = Meter(gateway_settings)
    calls = ApiCalls(identity.database, meter, gateway_settings)
    tenant, stranger = str(acme.tenant_id), str(other.tenant_id)
    payer, neighbour = meter.client(tenant, "app"), meter.client(stranger, "app")
    person = meter.session(tenant, "somebody")
    identity.companies.give_plan(acme.tenant_id, "enterprise", {"api_calls": 3, "requests_per_s": 5})
    for one, lane in ((payer, Lane.API), (payer, Lane.BULK), (person, Lane.API), (neighbour, Lane.API)):
        meter.begin(one, lane)
        meter.end(one, lane)
    calls.write()
    calls.write()
    calls.check(tenant)
    assert meter.client(tenant, "app").company.buckets[Lane.API].quota.per_s == 5
    meter.begin(payer, Lane.API)
    calls.write()
    with pytest.raises(ResourceExhausted) as caught:
        calls.check(tenant)
    assert caught.value.reason == "LIMIT_REACHED"
    calls.check(stranger)
    identity.companies.give_plan(acme.tenant_id, "", {})
    meter.begin(payer, Lane.API)
    calls.write()
    calls.check(tenant)
    with identity.database.open_work(Caller.system(acme.tenant_id), read_only=True) as work:
        row = work.raw.execute("SELECT used FROM usage_count WHERE meter = 'api_calls'").fetchone()
    assert row is not None
    assert row.used == 4


def test_over_http_writes_are_refused_by_the_day_and_reads_never(
    identity: Identity, public_app: Any, site: str, acme: Any
) -> None:
    identity.companies.give_plan(acme.tenant_id, "enterprise", {"api_calls": 1})
    caller = acme.caller()
    rights = Rights(acme.tenant_id, acme.owner_id, "user", "app", scopes=caller.scopes, visibility="all")
    with httpx.Client(base_url=site, headers={"Authorization": f"Bearer {identity.tokens.issue(rights)}"}) as http:
        assert http.get("/v1/tenant").status_code == 200
        public_app.calls.write()
        refused = http.post("/v1/roles", json={"name": "r", "title": "R", "scopes": ["contacts.read"]})
        assert refused.status_code == 429
        problem = refused.json()
        assert problem["type"] == "urn:funia:problem:limit-reached"
        assert "allows 1 calls a day" in problem["detail"]
        assert 0 < int(refused.headers["Retry-After"]) <= 86_401
        tool = {"name": "create_contact", "arguments": {"given_name": "Vera"}}
        asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": tool}
        told_model = http.post("/mcp", json=asked).json()["result"]
        assert (told_model["isError"], told_model["structuredContent"]["reason"]) == (True, "LIMIT_REACHED")
        assert "allows 1 calls a day" in told_model["content"][0]["text"]
        listed = http.post("/mcp", json={"jsonrpc": "2.0", "id": 2, "method": "tools/list", "params": {}})
        assert listed.json()["result"]["tools"]
        plan = http.get("/v1/plan").json()
        assert {use["meter"] for use in plan["uses"]} >= {"seats", "contacts", "api_calls"}
        UsageGatherer(identity).write([told(acme, "contacts", 5, 2)])
        assert http.get("/v1/usage").json()["months"][0]["used"] in (5, "5")


def test_pages_show_the_plan_to_administrators_and_let_operators_give_it(
    identity: Identity, new_company: Callable[..., Any], forms: Callable[[], Any], acme: Any, other: Any
) -> None:
    (operator,) = identity.settings.operator_emails
    platform = new_company("Platform", operator)
    UsageGatherer(identity).write([told(acme, "contacts", 9, 1), told(other, "contacts", 77, 1)])
    desk = forms()
    desk.http.post("/v1/log-in", json={"email": operator, "password": PASSWORD, "tenant_id": str(platform.tenant_id)})
    page = f"/operator/tenants/{acme.tenant_id}/plan"
    wrong = desk.send(page, plan="free", contacts="many")
    assert (wrong.status_code, "Write a whole number" in wrong.text) == (400, True)
    assert desk.send(page, plan="free", contacts="10", seats="-").status_code == 303
    found = identity.companies.plan_of(acme.tenant_id)
    assert (found.name, dict(found.overrides)) == ("free", {"contacts": 10, "seats": None})
    billed = list(csv.DictReader(io.StringIO(desk.get(f"/operator/usage.csv?month={TODAY:%Y-%m}").text)))
    ours = [row for row in billed if row["tenant"] == str(acme.tenant_id) and row["meter"] == "contacts"]
    assert [(row["plan"], row["used"]) for row in ours] == [("free", "9")]
    assert desk.get("/operator/usage.csv?month=x").status_code == 404

    boss = forms()
    boss.log_in(acme.email, PASSWORD)
    shown = boss.get("/settings/plan").text
    assert "Your plan: Free" in shown
    assert "9 of 10" in shown
    assert "The limit is near." in shown
    assert "77" not in boss.get("/settings/plan/usage.csv").text
    assert boss.get(page).status_code == 404
    assert boss.get("/operator/usage.csv").status_code == 404
