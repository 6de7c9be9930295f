"""Tokens taken back: what is refused, from when on, for whom, and what a process knows after a start and an outage."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from chassis.caller import Caller
from chassis.envelope import Event
from chassis.errors import FuniaError, PermissionDenied
from chassis.ids import uuid7
from chassis.revocation_feed import AGE_S, RevocationFeed
from chassis.revocations import CLOCKS_APART_S, FOREVER, Revocations, keep_s
from chassis.settings import Settings
from chassis.testing.bus import TestBus, wait_until
from chassis.testing.tokens import ISSUER as ISSUER_URL
from chassis.testing.tokens import TokenIssuer
from chassis.tokens import TokenVerifier
from funia.identity.v1.events_pb2 import ClientChanged, TenantChanged, UserChanged
from funia.identity.v1.log_in_events_pb2 import SessionChanged, SessionsEnded
from google.protobuf.message import Message

ISSUER = TokenIssuer()
OURS, THEIRS, ANNA = uuid7(), uuid7(), uuid7()
Publish = Callable[..., None]


def token(tenant: UUID = OURS, *, user: int = 1, client: int = 1, **claims: object) -> str:
    return ISSUER.token(tenant, ["a.read"], actor_id=ANNA, ver={"user": user, "client": client}, **claims)


def verifier_of(revocations: Revocations) -> TokenVerifier:
    return TokenVerifier(ISSUER.keys, issuer=ISSUER_URL, revocations=revocations)


def reason(verifier: TokenVerifier, bearer: str) -> str:
    try:
        verifier.verify(bearer)
    except FuniaError as error:
        return error.reason
    return ""


def test_a_known_token_is_refused_from_the_change_on_and_a_later_one_works_at_once() -> None:
    revocations = Revocations()
    verifier = verifier_of(revocations)
    before, theirs = token(), token(THEIRS)
    assert [reason(verifier, one) for one in (before, theirs)] == ["", ""]
    revocations.raise_bar(("user", str(OURS), str(ANNA)), 2)
    assert [reason(verifier, one) for one in (before, theirs, token(user=2))] == ["TOKEN_REVOKED", "", ""]


def test_a_bar_never_falls_whatever_the_order_of_events() -> None:
    revocations = Revocations()
    for version in (5, 3, 5):
        revocations.raise_bar(("user", str(OURS), str(ANNA)), version)
    assert revocations.version == 1
    verifier = verifier_of(revocations)
    assert [reason(verifier, token(user=version)) for version in (4, 5)] == ["TOKEN_REVOKED", ""]


def test_tokens_of_an_ended_session_grant_or_client_are_refused() -> None:
    session, grant, jti = (str(uuid7()) for _ in range(3))
    taken = {
        "sid": (("session", session), FOREVER, session),
        "gid": (("grant", grant), FOREVER, grant),
        "jti": (("token", jti), FOREVER, jti),
        "client_id": (("client", "app"), 2, "app"),
    }
    for claim, (key, bar, value) in taken.items():
        revocations = Revocations()
        verifier = verifier_of(revocations)
        mine, beside = token(**{claim: value}), token(**{claim: str(uuid7())})
        assert reason(verifier, mine) == ""
        revocations.raise_bar(key, bar)
        assert [reason(verifier, one) for one in (mine, beside)] == ["TOKEN_REVOKED", ""], claim


def test_a_suspended_company_is_refused_with_its_reason_until_it_is_active_again() -> None:
    revocations = Revocations()
    verifier = verifier_of(revocations)
    ours, theirs = token(), token(THEIRS)
    assert reason(verifier, ours) == ""
    revocations.tenant_is(str(OURS), "suspended", 4)
    assert [reason(verifier, one) for one in (ours, theirs, token())] == ["TENANT_SUSPENDED", "", "TENANT_SUSPENDED"]
    revocations.tenant_is(str(OURS), "active", 5)
    revocations.tenant_is(str(OURS), "suspended", 4)
    assert reason(verifier, ours) == ""
    revocations.tenant_is(str(OURS), "closing", 6)
    assert reason(verifier, ours) == "TENANT_CLOSED"
    with pytest.raises(PermissionDenied):
        verifier.verify(ours)


def test_what_is_older_than_a_token_is_forgotten_and_so_the_set_stays_small() -> None:
    now = [0.0]
    revocations = Revocations(clock=lambda: now[0])
    for number in range(100):
        now[0] = float(number)
        revocations.raise_bar(("session", str(number)), FOREVER)
    revocations.tenant_is(str(OURS), "suspended", 2)
    revocations.forget(older_than_s=10)
    assert revocations.size == 12


@pytest.mark.parametrize("off_s", [-CLOCKS_APART_S, 0, CLOCKS_APART_S])
def test_a_revoked_token_stays_refused_until_it_is_over_by_a_clock_five_minutes_off(off_s: int) -> None:
    issuer, now = TokenIssuer(), [time.time()]
    revocations = Revocations(clock=lambda: now[0])
    verifier = TokenVerifier(issuer.keys, issuer=ISSUER_URL, revocations=revocations, clock=lambda: now[0] + off_s)
    session = str(uuid7())
    token = issuer.token(uuid7(), [], sid=session)
    verifier.verify(token)
    revocations.raise_bar(("session", session), FOREVER)
    for _ in range(120):
        now[0] += 10
        revocations.forget(older_than_s=keep_s(token_s=600, skew_s=30))
        with pytest.raises(FuniaError) as refused:
            verifier.verify(token)
        assert refused.value.reason in ("TOKEN_REVOKED", "TOKEN_EXPIRED")
    assert revocations.size == 0


def test_a_token_from_before_versions_were_issued_is_refused_after_a_change_only() -> None:
    revocations = Revocations()
    verifier = verifier_of(revocations)
    old = ISSUER.token(OURS, ["a.read"], actor_id=ANNA)
    assert reason(verifier, old) == ""
    revocations.raise_bar(("user", str(OURS), str(ANNA)), 2)
    assert reason(verifier, old) == "TOKEN_REVOKED"


@pytest.fixture
def identity_bus(nats_url: str) -> Iterator[TestBus]:
    opened = TestBus(Settings(nats_url=nats_url), ["identity"])
    yield opened
    opened.close()


@pytest.fixture
def follow(identity_bus: TestBus) -> Iterator[Callable[[], Revocations]]:
    feeds: list[RevocationFeed] = []

    def start() -> Revocations:
        revocations = Revocations()
        feeds.append(RevocationFeed(identity_bus.settings, revocations).start())
        return revocations

    yield start
    for feed in feeds:
        feed.stop()


@pytest.fixture
def publish(identity_bus: TestBus) -> Publish:
    def send(type_: str, subject: UUID, version: int, payload: Message, *changed: str, tenant: UUID = OURS) -> None:
        event = Event(type_, subject, version, payload, changed, occurred_at=datetime.now(UTC))
        identity_bus.publish(Caller.system(tenant), event)

    return send


def test_events_bite_within_a_second_and_again_after_a_restart(
    follow: Callable[[], Revocations], publish: Publish
) -> None:
    verifier = verifier_of(follow())
    session = uuid7()
    bearer, theirs, of_session, of_app = token(), token(THEIRS), token(user=9, sid=str(session)), token(user=9)
    assert reason(verifier, bearer) == ""
    publish("identity.user.updated", ANNA, 2, UserChanged(user_id=str(ANNA), role="clerk"), "role")
    started = time.monotonic()
    wait_until(lambda: reason(verifier, bearer) == "TOKEN_REVOKED")
    assert time.monotonic() - started < 1
    publish("identity.session.ended", session, 2, SessionChanged(user_id=str(ANNA)))
    publish("identity.client.revoked", uuid7(), 2, ClientChanged(client_id="test"))
    publish("identity.tenant.suspended", THEIRS, 2, TenantChanged(status="suspended"), tenant=THEIRS)
    wait_until(lambda: reason(verifier, theirs) == "TENANT_SUSPENDED")
    for known in (verifier, verifier_of(follow())):
        found = [reason(known, one) for one in (bearer, of_session, of_app, theirs, token(user=2, client=2))]
        assert found == ["TOKEN_REVOKED", "TOKEN_REVOKED", "TOKEN_REVOKED", "TENANT_SUSPENDED", ""]


def test_logging_out_everywhere_takes_back_every_token_of_the_person(
    follow: Callable[[], Revocations], publish: Publish
) -> None:
    verifier = verifier_of(follow())
    before, theirs = token(user=3), token(THEIRS, user=3)
    publish("identity.user.sessions_ended", ANNA, 4, SessionsEnded(user_id=str(ANNA), reason="by_person"))
    wait_until(lambda: reason(verifier, before) == "TOKEN_REVOKED")
    assert [reason(verifier, one) for one in (theirs, token(user=4))] == ["", ""]


def test_events_that_touch_no_rights_take_nothing_back(follow: Callable[[], Revocations], publish: Publish) -> None:
    revocations = follow()
    publish("identity.user.activated", ANNA, 1, UserChanged(user_id=str(ANNA)))
    publish("identity.user.updated", ANNA, 2, UserChanged(user_id=str(ANNA)), "locale", "full_name")
    publish("identity.client.authorized", uuid7(), 1, ClientChanged(client_id="test"))
    publish("identity.tenant.updated", OURS, 2, TenantChanged(status="active"), "name")
    marker = uuid7()
    publish("identity.grant.revoked", marker, 2, SessionChanged())
    wait_until(lambda: revocations.size > 0)
    assert revocations.size == 1
    assert reason(verifier_of(revocations), token()) == ""


def test_a_lost_reader_is_made_anew_and_misses_nothing(
    identity_bus: TestBus, follow: Callable[[], Revocations], publish: Publish
) -> None:
    revocations = follow()
    context = identity_bus.client.jetstream()
    for consumer in identity_bus.run(context.consumers_info("FUNIA_IDENTITY")):
        identity_bus.run(context.delete_consumer("FUNIA_IDENTITY", consumer.name))
    publish("identity.session.ended", uuid7(), 2, SessionChanged())
    wait_until(lambda: revocations.size == 1, timeout_s=10)


def test_without_a_bus_a_process_serves_with_what_it_has_and_its_age_shows() -> None:
    settings = Settings(nats_url="nats://127.0.0.1:1", revocation_wait_s=0.8)
    started = datetime.now(UTC)
    feed = RevocationFeed(settings, Revocations()).start()
    assert timedelta(seconds=0.7) < datetime.now(UTC) - started < timedelta(seconds=5)
    wait_until(lambda: AGE_S._value.get() > 6)
    feed.stop()
