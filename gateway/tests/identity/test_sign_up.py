"""Signing up and logging in against a real database."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from chassis.errors import Conflict, InvalidArgument, ResourceExhausted, Unauthenticated, Unprocessable
from chassis.vault import Vault
from funia.events.v1.envelope_pb2 import Envelope
from funia.identity.v1.events_pb2 import TenantChanged, UserChanged
from gateway.composition import Identity
from gateway.identity.passwords import Passwords
from gateway.identity.usecases.accounts import Accounts, SignUp
from gateway.settings import GatewaySettings

PASSWORD = "correct horse battery"
FORM = SignUp("Роза & Co", "Ivan Petrov", "ivan@example.com", PASSWORD, locale="bg", country_code="bg")


def form(**changes: str) -> SignUp:
    values = {name: getattr(FORM, name) for name in SignUp.__dataclass_fields__}
    return SignUp(**{**values, **changes})


def test_sign_up_makes_company_owner_placement_and_events(identity: Identity, admin: Any) -> None:
    done = identity.accounts.sign_up(FORM, address="10.0.0.1", request_id="r-1")
    tenant = done.tenant
    assert (tenant.name, tenant.status, tenant.locale, tenant.country_code) == ("Роза & Co", "trial", "bg", "BG")
    assert tenant.time_zone == "Europe/Sofia"
    assert tenant.slug.startswith("roza-co")
    assert (done.user.role, done.user.status, done.user.email) == ("owner", "active", "ivan@example.com")
    placed = admin.execute("SELECT kind FROM placement WHERE tenant_id = %s", (tenant.tenant_id,)).fetchall()
    assert placed == [("pooled",)]
    rows = admin.execute("SELECT envelope FROM outbox WHERE tenant_id = %s ORDER BY id", (tenant.tenant_id,)).fetchall()
    envelopes = [Envelope.FromString(row[0]) for row in rows]
    assert [one.type for one in envelopes] == ["identity.tenant.created", "identity.user.activated"]
    assert TenantChanged.FromString(envelopes[0].payload).placement == "pooled"
    assert UserChanged.FromString(envelopes[1].payload).role == "owner"
    assert all(one.correlation_id == "r-1" and one.actor.id == str(done.user.user_id) for one in envelopes)
    assert all("ivan" not in row[0].decode(errors="replace").lower() for row in rows)


def test_same_company_name_gets_another_slug(new_company: Callable[..., Any], admin: Any) -> None:
    first, second = new_company("Twin Ltd"), new_company("Twin Ltd")
    slugs = [
        admin.execute("SELECT slug FROM tenant WHERE tenant_id = %s", (one.tenant_id,)).fetchone()[0]
        for one in (first, second)
    ]
    assert slugs[0] != slugs[1]
    assert all(slug.startswith("twin-ltd") for slug in slugs)


def test_every_bad_field_is_named_and_nothing_is_written(identity: Identity, admin: Any) -> None:
    before = admin.execute("SELECT (SELECT count(*) FROM tenant), (SELECT count(*) FROM outbox)").fetchone()
    bad = SignUp(" ", "x" * 201, "no-address", "short", locale="xx", country_code="ZZ")
    with pytest.raises(InvalidArgument) as raised:
        identity.accounts.sign_up(bad, address="10.0.0.1")
    fields = {violation.field for violation in raised.value.violations}
    assert fields == {"company_name", "full_name", "email", "password", "locale", "country_code"}
    assert admin.execute("SELECT (SELECT count(*) FROM tenant), (SELECT count(*) FROM outbox)").fetchone() == before


def test_known_person_signs_a_second_company_up_with_the_password_only(identity: Identity, acme: Any) -> None:
    with pytest.raises(Conflict) as raised:
        identity.accounts.sign_up(form(email=acme.email, password="another password"), address="10.0.0.2")
    assert raised.value.reason == "EMAIL_TAKEN"
    second = identity.accounts.sign_up(form(email=acme.email.upper()), address="10.0.0.2")
    assert second.user.user_id == acme.owner_id
    companies = identity.sessions.companies(acme.owner_id)
    assert {row.tenant_id for row in companies} == {acme.tenant_id, second.tenant.tenant_id}


def test_two_sign_ups_of_one_email_at_once_make_one_account(identity: Identity, admin: Any) -> None:
    outcomes: list[object] = []

    def sign_up() -> None:
        try:
            outcomes.append(identity.accounts.sign_up(form(email="race@example.com"), address="10.0.0.3"))
        except Conflict as error:
            outcomes.append(error.reason)

    threads = [threading.Thread(target=sign_up) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    accounts = admin.execute("SELECT count(*) FROM user_account WHERE email = 'race@example.com'").fetchone()
    tenants = admin.execute("SELECT count(*) FROM membership WHERE email = 'race@example.com'").fetchone()
    assert accounts == (1,)
    assert tenants[0] == sum(not isinstance(one, str) for one in outcomes) >= 1
    assert {one for one in outcomes if isinstance(one, str)} <= {"EMAIL_TAKEN"}


def test_log_in_needs_the_right_password_and_ignores_the_case_of_the_email(identity: Identity, acme: Any) -> None:
    assert identity.accounts.check_password(acme.email.upper(), PASSWORD, address="10.0.0.4").id == acme.owner_id
    for email, password in ((acme.email, "wrong password"), ("nobody@example.com", PASSWORD), ("", ""), ("\0", "x")):
        with pytest.raises(Unauthenticated) as raised:
            identity.accounts.check_password(email, password, address="10.0.0.4")
        assert raised.value.reason == "WRONG_LOG_IN"


def test_unknown_email_costs_as_much_work_as_a_wrong_password(gateway_settings: GatewaySettings) -> None:
    passwords = Passwords(gateway_settings.model_copy(update={"password_memory_kib": 8192, "password_passes": 2}))
    known = passwords.hash(PASSWORD)
    passwords.prepare()

    def cost(password_hash: str | None) -> float:
        started = time.thread_time()
        for _ in range(8):
            assert not passwords.verify(password_hash, "wrong")
        return time.thread_time() - started

    ratios = [cost(None) / cost(known) for _ in range(3)]
    assert any(0.5 < ratio < 2 for ratio in ratios), ratios


def test_tries_are_counted_per_account_and_address_also_for_unknown_accounts(identity: Identity, acme: Any) -> None:
    limit = identity.settings.log_in_per_account_address
    for email in (acme.email, "ghost@example.com"):
        for _ in range(limit):
            with pytest.raises(Unauthenticated):
                identity.accounts.check_password(email, "wrong password", address="10.1.0.1")
        with pytest.raises(ResourceExhausted) as raised:
            identity.accounts.check_password(email, PASSWORD, address="10.1.0.1")
        assert 0 < int(raised.value.metadata["retry_after_s"]) <= identity.settings.log_in_window_s
    assert identity.accounts.check_password(acme.email, PASSWORD, address="10.1.0.2").id == acme.owner_id


def test_right_passwords_do_not_use_the_limit_up(identity: Identity, acme: Any) -> None:
    for _ in range(identity.settings.log_in_per_account_address * 2):
        identity.accounts.check_password(acme.email, PASSWORD, address="10.1.0.3")


def test_a_burst_of_guesses_is_cut_at_the_limit(identity: Identity, acme: Any) -> None:
    outcomes: list[str] = []

    def guess() -> None:
        try:
            identity.accounts.check_password(acme.email, "wrong password", address="10.1.0.4")
        except (Unauthenticated, ResourceExhausted) as error:
            outcomes.append(error.reason)

    threads = [threading.Thread(target=guess) for _ in range(25)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("WRONG_LOG_IN") <= identity.settings.log_in_per_account_address
    assert len(outcomes) == 25


def test_too_many_hashes_at_once_are_refused_not_queued_for_ever(gateway_settings: GatewaySettings) -> None:
    settings = gateway_settings.model_copy(
        update={"password_memory_kib": 32_768, "password_passes": 3, "password_concurrency": 1, "password_queue": 1}
    )
    passwords = Passwords(settings)
    outcomes: list[str] = []

    def hash_one() -> None:
        try:
            passwords.hash(PASSWORD)
            outcomes.append("done")
        except ResourceExhausted as error:
            outcomes.append(error.reason)

    threads = [threading.Thread(target=hash_one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("LOG_IN_BUSY") >= 5
    assert outcomes.count("done") >= 2 - 1


def test_outdated_hash_is_renewed_at_log_in(identity: Identity, acme: Any, admin: Any) -> None:
    stronger = identity.settings.model_copy(update={"password_memory_kib": 512})
    accounts = Accounts(
        identity.database,
        Passwords(stronger),
        identity.emails,
        identity.devices,
        Vault(identity.settings.secret.get_secret_value()),
        stronger,
    )
    accounts.check_password(acme.email, PASSWORD, address="10.1.0.5")
    kept = admin.execute("SELECT password_hash FROM user_account WHERE id = %s", (acme.owner_id,)).fetchone()[0]
    assert "m=512" in kept
    assert PASSWORD not in kept


def test_sign_up_takes_less_than_150_ms_beside_hashing(identity: Identity) -> None:
    identity.accounts.sign_up(form(email="warm@example.com"), address="10.0.0.9")
    times = []
    for index in range(10):
        started = time.perf_counter()
        identity.accounts.sign_up(form(email=f"quick-{index}@example.com"), address="10.0.0.9")
        times.append(time.perf_counter() - started)
    assert sorted(times)[len(times) // 2] < 0.150


def test_a_sign_up_under_one_key_makes_one_company(identity: Identity, admin: Any) -> None:
    def ask(key: str, **more: str) -> Any:
        return identity.accounts.sign_up(form(email="once@example.com", **more), address="10.0.0.7", key=key)

    first = ask("key 1")
    again = ask("key 1")
    assert (again.tenant.tenant_id, again.user.user_id) == (first.tenant.tenant_id, first.user.user_id)
    with pytest.raises(Unprocessable) as reused:
        ask("key 1", company_name="Another")
    assert reused.value.reason == "IDEMPOTENCY_KEY_REUSED"
    assert ask("key 2").tenant.tenant_id != first.tenant.tenant_id
    stranger = identity.accounts.sign_up(form(email="twice@example.com"), address="10.0.0.7", key="key 1")
    assert stranger.tenant.tenant_id != first.tenant.tenant_id
    kept = admin.execute("SELECT request_hash, response FROM idempotency_key WHERE method = 'sign-up'").fetchall()
    assert len(kept) == 3
    made = admin.execute("SELECT count(*) FROM membership WHERE email = 'once@example.com'").fetchone()
    assert made == (2,)
