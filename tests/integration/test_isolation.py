"""Every method of the contract, played as nobody, by a forger, without its scope, as a second company, as its owner.

And at last with tokens that were good a moment ago: of a removed app, of a person whose role changed, and of a company
that was suspended.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from chassis.errors import FuniaError, InvalidArgument, NotFound, PermissionDenied, Unauthenticated
from gateway.identity.roles import SCOPES
from gateway.identity.usecases import tenant_state
from google.protobuf.message import Message
from harness import Company, Platform, all_methods, is_empty, texts, wait_for
from rpc_samples import SAMPLES
from rpc_world import Request, World

METHODS = sorted(all_methods())
PLAYED = [method for method in METHODS if method in SAMPLES and not all_methods()[method].rule.public]
_TRIED_AGAIN = frozenset({"identity.webhook_delivery", "identity.webhook_endpoint", "identity.webhook_queue"})
_GATHERED = frozenset({"identity.usage_count", "identity.usage_day", "contacts.usage_count", "sales.usage_count"})
"""What the worker gathers in its own time of what a company used before."""
Outcome = Sequence[Message] | FuniaError


pytestmark = pytest.mark.timeout(400)  # one fixture plays every method in seven roles, on a platform that it starts


@dataclass
class Plays:
    """What came of every play, and what was stored and published around them."""

    world: World
    stranger: Company
    requests: dict[str, Request] = field(default_factory=dict)
    outcomes: dict[tuple[str, str], Outcome] = field(default_factory=dict)
    written: dict[str, object] = field(default_factory=dict)


@pytest.fixture(scope="session")
def plays(platform: Platform) -> Plays:
    """Plays every method in every role; the strangers first, so that the owner's records are whole for them."""
    owner, stranger = (platform.sign_up(name, sorted(SCOPES)) for name in ("Ourselves", "Strangers"))
    world = World(platform, owner)
    done = Plays(world, stranger)
    for method in PLAYED:
        done.requests[method] = SAMPLES[method].make(world)
    for scope in SCOPES:
        owner.token([one for one in SCOPES if one != scope])
    everything = owner.token()
    strangers = stranger.token()
    forged = _rewritten(strangers, tid=owner.tenant_id)
    tenants = (owner.tenant_id, stranger.tenant_id)
    before = platform.settle(*tenants), platform.published(*tenants)
    for method in PLAYED:
        request, rule = done.requests[method], all_methods()[method].rule
        without = owner.token([one for one in SCOPES if one != rule.scope])
        done.outcomes[method, "nobody"] = platform.outcome(method, request, None)
        done.outcomes[method, "forger"] = platform.outcome(method, request, forged)
        done.outcomes[method, "wrong scope"] = platform.outcome(method, request, without)
        if not SAMPLES[method].ours:
            done.outcomes[method, "stranger"] = platform.outcome(method, request, strangers)
    between = platform.settle(*tenants), platform.published(*tenants)
    for method in PLAYED:
        if SAMPLES[method].ours:
            done.outcomes[method, "stranger"] = platform.outcome(method, done.requests[method], strangers)
    after = platform.settle(owner.tenant_id), platform.published(owner.tenant_id)
    for method in PLAYED:
        done.outcomes[method, "owner"] = platform.outcome(method, done.requests[method], everything)
    _play_with_what_was_taken_back(platform, owner, done)
    done.written |= {
        "by strangers anywhere": _difference(before, between),
        "by strangers at the owner's": _difference(
            ({owner.tenant_id: between[0][owner.tenant_id]}, _of(between[1], owner)), after
        ),
    }
    return done


def _play_with_what_was_taken_back(platform: Platform, owner: Company, done: Plays) -> None:
    app, person = platform.second_app(owner), platform.person(owner, "admin", sorted(SCOPES))
    of_app, of_company = app.token(), owner.token()
    assert app.http.delete(f"/v1/oauth-clients/{app.record_id}", headers=owner.bearer()).is_success
    demoted = app.http.patch(f"/v1/users/{person.user_id}", json={"role": "viewer"}, headers=owner.bearer())
    assert demoted.is_success, demoted.text
    before = platform.settle(owner.tenant_id), platform.published(owner.tenant_id)
    for column, token in (("removed app", of_app), ("changed role", person.token)):
        _play_refused(platform, done, column, token, "TOKEN_REVOKED")
    between = platform.settle(owner.tenant_id), platform.published(owner.tenant_id)
    platform.as_platform(owner, tenant_state.suspend)
    _play_refused(platform, done, "suspended company", of_company, "TENANT_SUSPENDED")
    platform.as_platform(owner, tenant_state.activate)
    done.written["by those who were shut out"] = _difference(before, between)


def _play_refused(platform: Platform, done: Plays, column: str, token: str, reason: str) -> None:
    """Plays every method once each service has learnt of it, which a method of its that only reads shows."""
    one_each = {method.split(".")[1]: method for method in PLAYED if all_methods()[method].rule.read_only}.values()

    def is_known() -> bool:
        found = [platform.outcome(method, done.requests[method], token) for method in one_each]
        return all(isinstance(outcome, FuniaError) and outcome.reason == reason for outcome in found)

    wait_for(f"{reason} everywhere", is_known, timeout_s=10)
    for method in PLAYED:
        done.outcomes[method, column] = platform.outcome(method, done.requests[method], token)


def test_every_method_has_a_sample_and_every_sample_a_method() -> None:
    missing = [method for method in METHODS if method not in SAMPLES and not all_methods()[method].rule.public]
    assert missing == [], "write a sample for the new method beside those of its service"
    assert sorted(set(SAMPLES) - set(METHODS)) == []


def test_nobody_is_let_in_without_a_token(plays: Plays) -> None:
    assert _unlike(plays, "nobody", lambda _, outcome: isinstance(outcome, Unauthenticated)) == {}


def test_a_token_that_names_another_company_than_was_signed_is_refused(plays: Plays) -> None:
    assert _unlike(plays, "forger", _refused_as(Unauthenticated, "TOKEN_INVALID")) == {}


def test_a_token_without_the_scope_is_refused(plays: Plays) -> None:
    def names_the_scope(method: str, outcome: Outcome) -> bool:
        wanted = all_methods()[method].rule.scope
        return isinstance(outcome, PermissionDenied) and outcome.metadata["scope"] == wanted

    assert _unlike(plays, "wrong scope", names_the_scope) == {}


def test_a_second_company_reads_nothing_of_the_first(plays: Plays) -> None:
    def tells_nothing(method: str, outcome: Outcome) -> bool:
        said = f"{vars(outcome)}" if isinstance(outcome, FuniaError) else texts(outcome)
        request = plays.requests[method]
        asked = texts([request] if isinstance(request, Message) else request)  # type: ignore[arg-type,list-item]
        leaks = [one for one in (*plays.world.ids, plays.world.mark, plays.world.owner.name) if one in said]
        return all(one in asked for one in leaks)

    assert _unlike(plays, "stranger", tells_nothing) == {}


def test_a_second_company_finds_no_record_of_the_first(plays: Plays) -> None:
    def finds_nothing(method: str, outcome: Outcome) -> bool:
        sample = SAMPLES[method]
        if sample.ours:
            return _reason(outcome) == sample.refused
        if isinstance(outcome, FuniaError):
            # A record named inside a body is a bad field; which one, is not told.
            return isinstance(outcome, NotFound) or (
                isinstance(outcome, InvalidArgument) and any(one.endswith("_NOT_FOUND") for one in _reasons(outcome))
            )
        return all(is_empty(answer, beside=sample.silent) or _only_a_heading(answer) for answer in outcome)

    assert _unlike(plays, "stranger", finds_nothing) == {}


def test_the_owner_gets_a_real_answer(plays: Plays) -> None:
    def is_real(method: str, outcome: Outcome) -> bool:
        sample = SAMPLES[method]
        if not sample.answers or isinstance(outcome, FuniaError):
            return _reason(outcome) == sample.refused
        return sample.refused == "" and any(not is_empty(answer, beside=sample.silent) for answer in outcome)

    assert _unlike(plays, "owner", is_real) == {}


@pytest.mark.parametrize(
    ("column", "kind", "reason"),
    [
        ("removed app", Unauthenticated, "TOKEN_REVOKED"),
        ("changed role", Unauthenticated, "TOKEN_REVOKED"),
        ("suspended company", PermissionDenied, "TENANT_SUSPENDED"),
    ],
)
def test_a_token_whose_rights_were_taken_back_is_refused(
    plays: Plays, column: str, kind: type[FuniaError], reason: str
) -> None:
    assert _unlike(plays, column, _refused_as(kind, reason)) == {}


def test_strangers_and_those_shut_out_write_and_publish_nothing(plays: Plays) -> None:
    whose = ("by strangers anywhere", "by strangers at the owner's", "by those who were shut out")
    assert plays.written == {who: {} for who in whose}


def _unlike(plays: Plays, column: str, expected: Callable[[str, Outcome], bool]) -> dict[str, str]:
    """Every method whose outcome in the column is not as expected, with what came instead. All methods are looked at
    in one test: a test of its own for each would cost more than the play."""
    outcomes = {method: plays.outcomes[method, column] for method in PLAYED}
    return {method: _told(outcome) for method, outcome in outcomes.items() if not expected(method, outcome)}


def _refused_as(kind: type[FuniaError], reason: str) -> Callable[[str, Outcome], bool]:
    return lambda _, outcome: isinstance(outcome, kind) and outcome.reason == reason


def _told(outcome: Outcome) -> str:
    return f"{outcome.reason}: {outcome.message}" if isinstance(outcome, FuniaError) else f"answers: {texts(outcome)}"


def _rewritten(token: str, **claims: str) -> str:
    """The token with other claims under its old signature."""
    header, payload, signature = token.split(".")
    read = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    written = urlsafe_b64encode(json.dumps({**read, **claims}).encode()).rstrip(b"=").decode()
    return f"{header}.{written}.{signature}"


def _reason(outcome: Outcome) -> str:
    return outcome.reason if isinstance(outcome, FuniaError) else ""


def _reasons(error: FuniaError) -> set[str]:
    return {error.reason, *(violation.reason for violation in error.violations)}


def _only_a_heading(answer: Message) -> bool:
    """A stream of CSV starts with its heading, which names columns and no record."""
    chunk = getattr(answer, "chunk", None)
    return chunk is not None and chunk.count(b"\n") <= 1 and b"@" not in chunk


def _of(published: dict[str, int], company: Company) -> dict[str, int]:
    return {subject: count for subject, count in published.items() if company.tenant_id in subject}


def _difference(
    before: tuple[dict[str, dict[str, tuple[int, str]]], dict[str, int]],
    after: tuple[dict[str, dict[str, tuple[int, str]]], dict[str, int]],
) -> dict[str, object]:
    tables = {
        f"{table} of {tenant}": (before[0][tenant][table], now)
        for tenant, found in after[0].items()
        for table, now in found.items()
        if table not in _GATHERED
        # Deliveries are tried again whoever calls, so of these only the number of rows must stay.
        and (before[0][tenant][table][0] != now[0] if table in _TRIED_AGAIN else before[0][tenant][table] != now)
    }
    subjects = {subject: count for subject, count in after[1].items() if before[1].get(subject) != count}
    return {**tables, **subjects}
