"""Sessions of the console and the tokens they call the services with."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from chassis.errors import PermissionDenied, Unauthenticated
from chassis.vault import Vault
from funia.events.v1.envelope_pb2 import Envelope
from gateway.composition import Identity, build_identity
from gateway.identity.secret_values import digest
from gateway.settings import GatewaySettings
from joserfc.errors import JoseError
from pydantic import SecretStr


def test_session_is_kept_as_a_hash_and_gives_the_persons_own_rights(identity: Identity, acme: Any, admin: Any) -> None:
    opened = identity.sessions.open(acme.owner_id, acme.tenant_id)
    kept = admin.execute("SELECT token_hash FROM session WHERE user_id = %s", (acme.owner_id,)).fetchall()
    assert [bytes(row[0]) for row in kept] == [digest(opened.secret)]
    present = identity.sessions.read(opened.secret)
    assert present is not None
    assert (present.member.tenant_name, present.role.name) == ("Acme", "owner")
    caller = identity.verifier.verify(identity.sessions.access_token(present))
    assert (caller.tenant_id, caller.actor_id, caller.actor_type) == (acme.tenant_id, acme.owner_id, "user")
    assert caller.visibility == "all"
    assert "identity.admin" in caller.scopes


def test_log_in_again_rotates_the_secret_and_ends_the_former_session(identity: Identity, acme: Any) -> None:
    first = identity.sessions.open(acme.owner_id, acme.tenant_id)
    second = identity.sessions.open(acme.owner_id, acme.tenant_id, replaces=first.secret)
    assert first.secret != second.secret
    assert identity.sessions.read(first.secret) is None
    assert identity.sessions.read(second.secret) is not None


def test_log_out_ends_the_session_and_takes_its_tokens_back_once(
    identity: Identity, acme: Any, other: Any, admin: Any
) -> None:
    opened = identity.sessions.open(acme.owner_id, acme.tenant_id)
    present = identity.sessions.read(opened.secret)
    assert present is not None
    for _ in range(2):
        identity.sessions.end(opened.secret)
    assert identity.sessions.read(opened.secret) is None
    asked = "SELECT envelope FROM outbox WHERE tenant_id = %s AND subject LIKE '%%.identity.session.ended'"
    rows = admin.execute(asked, (acme.tenant_id,)).fetchall()
    ended = [Envelope.FromString(row[0]).subject_id for row in rows]
    assert ended == [str(present.rights.session_id)]
    assert admin.execute(asked, (other.tenant_id,)).fetchall() == []


@pytest.mark.parametrize("column", ["expires_at", "last_seen_at"])
def test_session_ends_by_age_and_by_idleness(identity: Identity, acme: Any, admin: Any, column: str) -> None:
    opened = identity.sessions.open(acme.owner_id, acme.tenant_id)
    back = timedelta(seconds=identity.settings.session_max_s + 1)
    admin.execute(f"UPDATE session SET {column} = {column} - %s WHERE user_id = %s", (back, acme.owner_id))
    assert identity.sessions.read(opened.secret) is None


def test_suspended_person_and_suspended_company_lose_their_sessions(
    identity: Identity, acme: Any, other: Any, admin: Any
) -> None:
    mine = identity.sessions.open(acme.owner_id, acme.tenant_id)
    theirs = identity.sessions.open(other.owner_id, other.tenant_id)
    admin.execute("UPDATE membership SET status = 'suspended' WHERE user_id = %s", (acme.owner_id,))
    admin.execute("UPDATE tenant SET status = 'suspended' WHERE tenant_id = %s", (other.tenant_id,))
    assert identity.sessions.read(mine.secret) is None
    assert identity.sessions.read(theirs.secret) is None


def test_nobody_enters_or_switches_to_a_company_he_does_not_belong_to(
    identity: Identity, acme: Any, other: Any
) -> None:
    with pytest.raises(PermissionDenied):
        identity.sessions.open(acme.owner_id, other.tenant_id)
    opened = identity.sessions.open(acme.owner_id, acme.tenant_id)
    with pytest.raises(PermissionDenied):
        identity.sessions.switch(opened.secret, other.tenant_id)
    assert identity.sessions.read(opened.secret) is not None


def test_changed_role_changes_the_next_token_at_once(identity: Identity, acme: Any, admin: Any) -> None:
    opened = identity.sessions.open(acme.owner_id, acme.tenant_id)
    before = identity.sessions.read(opened.secret)
    assert before is not None
    token = identity.sessions.access_token(before)
    assert identity.sessions.access_token(before) == token
    admin.execute("UPDATE membership SET role = 'viewer' WHERE user_id = %s", (acme.owner_id,))
    after = identity.sessions.read(opened.secret)
    assert after is not None
    caller = identity.verifier.verify(identity.sessions.access_token(after))
    assert "contacts.write" not in caller.scopes


def test_ticket_of_the_company_choice_cannot_be_forged_or_aged(identity: Identity, acme: Any) -> None:
    ticket = identity.sessions.ticket(acme.owner_id)
    assert identity.sessions.user_of_ticket(ticket) == acme.owner_id
    aged = build_identity(identity.settings.model_copy(update={"company_choice_s": -1}))
    for bad in (ticket[:-4] + "AAA=", "", "?", aged.sessions.ticket(acme.owner_id)):
        with pytest.raises(Unauthenticated):
            identity.sessions.user_of_ticket(bad)


@pytest.mark.usefixtures("kept_keys")
def test_rotated_key_signs_new_tokens_and_old_ones_stay_good(gateway_settings: GatewaySettings, acme: Any) -> None:
    at_once = gateway_settings.model_copy(update={"key_publish_ahead_s": 0})
    first, second = build_identity(at_once), build_identity(at_once)
    opened = first.sessions.open(acme.owner_id, acme.tenant_id)
    present = first.sessions.read(opened.secret)
    assert present is not None
    old = first.tokens.issue(present.rights)
    kid = first.keys.rotate()
    new = first.tokens.issue(present.rights)
    published = [key["kid"] for key in first.keys.public_set()["keys"]]
    assert published[0] == kid
    assert len(published) >= 2
    assert all("d" not in key for key in first.keys.public_set()["keys"])
    assert first.verifier.verify(old).tenant_id == acme.tenant_id
    assert second.verifier.verify(new).tenant_id == acme.tenant_id
    first.database.close()
    second.database.close()


@pytest.mark.usefixtures("kept_keys")
def test_processes_that_start_at_once_agree_on_one_first_key(gateway_settings: GatewaySettings, admin: Any) -> None:
    admin.execute("DELETE FROM signing_key")
    admin.execute("DELETE FROM key_store")
    processes = [build_identity(gateway_settings) for _ in range(4)]
    threads = [threading.Thread(target=one.keys.signing_key) for one in processes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one.keys.signing_key().kid for one in processes}) == 1
    assert admin.execute("SELECT count(*) FROM signing_key").fetchone() == (1,)
    for one in processes:
        one.database.close()


def test_private_keys_lie_encrypted_and_open_only_with_the_installations_secret(identity: Identity, admin: Any) -> None:
    identity.keys.signing_key()
    sealed = admin.execute("SELECT private_jwe FROM signing_key WHERE replaced_at IS NULL").fetchone()[0]
    assert '"d"' not in sealed
    secret = identity.settings.secret.get_secret_value()
    assert b'"d"' in Vault(secret).decrypt("signing-key", sealed)
    with pytest.raises(JoseError):
        Vault("another secret of thirty-two bytes!!").decrypt("signing-key", sealed)


def test_gateway_does_not_start_without_a_secret(gateway_settings: GatewaySettings) -> None:
    with pytest.raises(ValueError, match="FUNIA_SECRET"):
        build_identity(gateway_settings.model_copy(update={"secret": SecretStr("short")}))


def test_unknown_session_is_no_session(identity: Identity) -> None:
    for secret in ("", str(uuid4()), "\udcff\0"):
        assert identity.sessions.read(secret) is None
