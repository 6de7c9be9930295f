"""Signing keys: rotated while in use, lost, sealed under another secret, and read by clocks that differ."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from chassis.errors import Unauthenticated
from chassis.testing.databases import TestDatabase
from chassis.tokens import JwksKeys, TokenVerifier
from gateway.composition import Identity, build_identity
from gateway.identity.access_tokens import AccessTokens, Rights
from gateway.identity.keys import LOST, KeyStoreLost
from gateway.settings import GatewaySettings
from joserfc import jws
from joserfc.jwk import ECKey
from psycopg.types.json import Jsonb
from pydantic import SecretStr

Built = Callable[..., Identity]


@pytest.fixture
def another(gateway_settings: GatewaySettings) -> Iterator[Built]:
    """Another process of the gateway over the same database."""
    made: list[Identity] = []

    def build(**changes: Any) -> Identity:
        made.append(build_identity(gateway_settings.model_copy(update=changes)))
        return made[-1]

    yield build
    for identity in made:
        identity.database.close()


def rights_of(company: Any) -> Rights:
    return Rights(company.tenant_id, company.owner_id, "user", "test", frozenset({"contacts.read"}), "all")


def kid_of(token: str) -> str:
    return str(jws.extract_compact(token.encode()).headers()["kid"])


def test_rotating_under_traffic_refuses_no_token(
    site: str, acme: Any, another: Built, kept_keys: None, public_app: Any
) -> None:
    quick = {"key_reload_s": 0.2, "key_publish_ahead_s": 3}
    issuers = [another(**quick), another(**quick)]
    public_app.identity.keys._reload_s = 0.2
    verifier = TokenVerifier(JwksKeys(f"{site}/.well-known/jwks.json", refresh_s=0.5), issuer=site)
    ends, tokens, refused = time.monotonic() + 7, [], []

    def work(identity: Identity) -> None:
        while time.monotonic() < ends:
            token = identity.tokens.issue(rights_of(acme))
            try:
                verifier.verify(token)
            except Unauthenticated as error:
                refused.append(error)
            tokens.append(token)
            time.sleep(0.01)

    threads = [threading.Thread(target=work, args=(identity,)) for identity in issuers]
    for thread in threads:
        thread.start()
    time.sleep(1)
    fresh = issuers[0].keys.rotate()
    assert kid_of(issuers[0].tokens.issue(rights_of(acme))) != fresh  # published, and not used yet
    for thread in threads:
        thread.join()
    assert refused == []
    kids = [kid_of(token) for token in tokens]
    assert kids[0] != fresh
    assert kids[-1] == fresh
    assert verifier.verify(tokens[0]).tenant_id == acme.tenant_id  # the former key's token is still good
    public_app.identity.keys._reload_s = 30.0


def test_a_key_that_is_old_is_replaced_by_one_published_ahead(another: Built, kept_keys: None, admin: Any) -> None:
    keys = another().keys
    former = keys.signing_key().kid
    admin.execute("UPDATE signing_key SET use_from = now() - interval '90 days' WHERE kid = %s", (former,))
    fresh = another().keys
    assert fresh.signing_key().kid == former
    published = [key["kid"] for key in fresh.public_set()["keys"]]
    assert published[0] == former
    assert len(published) >= 2
    assert all("d" not in key for key in fresh.public_set()["keys"])


def test_a_lost_key_store_is_said_at_the_start_and_made_anew_only_by_command(
    another: Built, kept_keys: None, gateway_settings: GatewaySettings, identity_database: TestDatabase, admin: Any
) -> None:
    admin.execute("DELETE FROM signing_key")
    with pytest.raises(KeyStoreLost, match="new-keys"):
        another().keys.prepare()
    environment = {
        "PATH": os.environ["PATH"],
        "FUNIA_DATABASE_URL": identity_database.app_url,
        "FUNIA_SECRET": gateway_settings.secret.get_secret_value(),
    }

    def run(command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "gateway", command],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    refused = run("serve")
    assert refused.returncode == 1
    assert "The signing keys are gone" in refused.stderr
    assert admin.execute("SELECT count(*) FROM signing_key").fetchone() == (0,)
    made = run("new-keys")
    assert made.returncode == 0, made.stderr
    assert another().keys.signing_key().kid in made.stdout


def test_a_key_store_lost_under_a_running_gateway_logs_nobody_out_and_is_told(
    another: Built, kept_keys: None, admin: Any, acme: Any, caplog: pytest.LogCaptureFixture
) -> None:
    running = another(key_reload_s=0.0)
    before = running.tokens.issue(rights_of(acme))
    published = running.keys.public_set()
    rows = admin.execute("DELETE FROM signing_key RETURNING *").fetchall()
    after = running.tokens.issue(rights_of(acme))
    assert running.verifier.verify(before).tenant_id == running.verifier.verify(after).tenant_id == acme.tenant_id
    with pytest.raises(Unauthenticated):
        running.verifier.verify(forged_by(ECKey.generate_key("P-256"), after, {"kid": "unknown"}))
    assert running.keys.public_set() == published
    assert LOST._value.get() == 1
    assert "Restore the table signing_key" in caplog.text
    assert admin.execute("SELECT count(*) FROM signing_key").fetchone() == (0,)
    with pytest.raises(KeyStoreLost):
        another().keys.prepare()  # one that starts does not make new keys in silence
    copy = f"INSERT INTO signing_key VALUES ({', '.join(['%s'] * len(rows[0]))})"
    for row in rows:
        admin.execute(copy, [Jsonb(value) if isinstance(value, dict) else value for value in row])
    running.keys.signing_key()
    assert LOST._value.get() == 0


def test_keys_that_a_token_brings_along_or_points_at_are_not_used(identity: Identity, acme: Any) -> None:
    genuine, thief = identity.tokens.issue(rights_of(acme)), ECKey.generate_key("P-256")
    kid = kid_of(genuine)
    for header in (
        {"jwk": thief.as_dict(private=False)},
        {"kid": kid, "jwk": thief.as_dict(private=False)},
        {"kid": kid, "jku": "https://evil.example/jwks.json"},
        {"kid": kid, "x5u": "https://evil.example/cert.pem"},
        {"kid": thief.thumbprint(), "jku": "https://evil.example/jwks.json"},
    ):
        with pytest.raises(Unauthenticated):
            identity.verifier.verify(forged_by(thief, genuine, header))


def forged_by(key: ECKey, token: str, header: dict[str, Any]) -> str:
    """The claims of a token under another signature."""
    claims = jws.extract_compact(token.encode()).payload
    return jws.serialize_compact({"alg": "ES256", "typ": "at+jwt", **header}, claims, key, algorithms=["ES256"])


def test_keys_under_another_secret_are_not_silently_replaced(another: Built, kept_keys: None, admin: Any) -> None:
    before = admin.execute("SELECT count(*) FROM signing_key").fetchone()
    with pytest.raises(KeyStoreLost, match="FUNIA_SECRET"):
        another(secret=SecretStr(secrets.token_urlsafe(48))).keys.prepare()
    assert admin.execute("SELECT count(*) FROM signing_key").fetchone() == before


@pytest.mark.parametrize("skew_s", [-300, 300])
def test_verifiers_five_minutes_off_take_a_fresh_token(identity: Identity, acme: Any, skew_s: int) -> None:
    token = identity.tokens.issue(rights_of(acme))
    verifier = TokenVerifier(identity.keys, issuer=identity.settings.issuer, clock=lambda: time.time() + skew_s)
    assert verifier.verify(token).tenant_id == acme.tenant_id


def test_a_token_from_far_in_the_future_or_long_over_is_refused(identity: Identity, acme: Any) -> None:
    token = identity.tokens.issue(rights_of(acme))
    for skew_s in (-400, 700):
        verifier = TokenVerifier(
            identity.keys, issuer=identity.settings.issuer, clock=lambda off=skew_s: time.time() + off
        )
        with pytest.raises(Unauthenticated):
            verifier.verify(token)


def test_foreign_issuers_audiences_and_kid_tricks_open_nothing(
    identity: Identity, acme: Any, gateway_settings: GatewaySettings
) -> None:
    verifier = identity.verifier
    foreign = AccessTokens(identity.keys, gateway_settings.model_copy(update={"issuer": "https://evil.example"}))
    with pytest.raises(Unauthenticated):
        verifier.verify(foreign.issue(rights_of(acme)))
    id_token = identity.tokens.issue_id_token({"sub": str(acme.owner_id), "aud": "funia"})
    with pytest.raises(Unauthenticated):
        verifier.verify(id_token)
    token = identity.tokens.issue(rights_of(acme))
    body = jws.extract_compact(token.encode()).payload
    key = identity.keys.signing_key()
    for kid in ("../../etc/passwd", "' OR 1=1 --", "", "unknown"):
        forged = jws.serialize_compact({"alg": "ES256", "typ": "at+jwt", "kid": kid}, body, key, algorithms=["ES256"])
        with pytest.raises(Unauthenticated):
            verifier.verify(forged)
    plain = jws.serialize_compact({"alg": "ES256", "typ": "JWT", "kid": key.kid}, body, key, algorithms=["ES256"])
    critical = token.replace(token.split(".")[0], "eyJhbGciOiJFUzI1NiIsImNyaXQiOlsieCJdfQ")
    for forged in (plain, critical):
        with pytest.raises(Unauthenticated):
            verifier.verify(forged)
