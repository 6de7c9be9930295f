"""How every kind of tampering with the audit log is found and named, and what may be forgotten."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import orjson
import psycopg
import pytest
from audit_reading import Ask, actions, entries, fill, verify
from chassis.errors import FuniaError
from funia.identity.v1 import audit_pb2 as pb
from gateway.composition import Identity
from joserfc import jws


def test_an_export_can_be_proven_without_us_and_is_an_entry_itself(audit: Ask, identity: Identity, acme: Any) -> None:
    fill(identity, acme, 1200)
    lines = audit(acme, "ExportAuditLog", pb.ExportAuditLogRequest(format="jsonl")).splitlines()
    assert len(lines) == 1203
    previous = bytes(32)
    for line in map(orjson.loads, lines):
        stored, former = line.pop("hash"), line.pop("previous_hash")
        line.pop("origin", None)
        content = orjson.dumps(line, option=orjson.OPT_SORT_KEYS)
        assert former == previous.hex()
        previous = hashlib.sha256(previous + content).digest()
        assert stored == previous.hex()
    assert actions(audit, acme)[-1] == "identity.audit.exported"


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("UPDATE audit_entry SET actor_id = gen_random_uuid() WHERE tenant_id = %s AND sequence = 5", (4, "ALTERED 5")),
        ("UPDATE audit_entry SET detail = '{\"a\": \"b\"}' WHERE tenant_id = %s AND sequence = 5", (4, "ALTERED 5")),
        ("UPDATE audit_entry SET occurred_at = occurred_at - interval '1 h' WHERE tenant_id = %s AND sequence = 1",
         (0, "ALTERED 1")),
        ("DELETE FROM audit_entry WHERE tenant_id = %s AND sequence = 5", (4, "MISSING 5")),
        ("DELETE FROM audit_entry WHERE tenant_id = %s AND sequence = 3", (2, "MISSING 3")),
        ("DELETE FROM audit_entry WHERE tenant_id = %s AND sequence > 7", (7, "TRUNCATED 8")),
        ("WITH gone AS (DELETE FROM audit_head WHERE tenant_id = %s) SELECT", (12, "TRUNCATED 13")),
    ],
)  # fmt: skip
def test_tampering_by_the_owner_of_the_database_is_found_and_named(
    audit: Ask, identity: Identity, owner: Any, acme: Any, other: Any, tampering: str, found: tuple[int, str]
) -> None:
    fill(identity, acme, 10)
    assert verify(audit, acme) == (12, "")
    owner.execute(tampering, (acme.tenant_id,))
    assert verify(audit, acme) == found
    assert verify(audit, other)[1] == ""


def test_entries_that_changed_places_are_found(audit: Ask, identity: Identity, owner: Any, acme: Any) -> None:
    fill(identity, acme, 10)
    swap = "UPDATE audit_entry SET sequence = %s WHERE tenant_id = %s AND sequence = %s"
    for new, old in ((999, 5), (5, 6), (6, 999)):
        owner.execute(swap, (new, acme.tenant_id, old))
    assert verify(audit, acme) == (4, "BROKEN_LINK 5")


def rewrite(owner: Any, tenant_id: Any, upto: int) -> None:
    """Cuts the log and makes its recorded end agree, as one would who knows how the chain works."""
    for table in ("audit_entry", "audit_checkpoint"):
        owner.execute(f"DELETE FROM {table} WHERE tenant_id = %s AND sequence > %s", (tenant_id, upto))
    owner.execute(
        "UPDATE audit_head SET sequence = %(n)s, hash = (SELECT hash FROM audit_entry WHERE tenant_id = %(t)s AND "
        "sequence = %(n)s) WHERE tenant_id = %(t)s",
        {"n": upto, "t": tenant_id},
    )


def test_a_checkpoint_kept_outside_proves_that_the_log_was_cut(
    audit: Ask, identity: Identity, owner: Any, acme: Any, other: Any
) -> None:
    fill(identity, acme, 10)
    kept = audit(acme, "CreateAuditCheckpoint", pb.CreateAuditCheckpointRequest())
    again = audit(acme, "CreateAuditCheckpoint", pb.CreateAuditCheckpointRequest())
    assert (kept.sequence, kept.statement) == (12, again.statement)
    signed = jws.deserialize_compact(kept.statement, identity.keys.signing_key(), algorithms=["ES256"])
    assert orjson.loads(signed.payload)["hash"] == kept.hash
    assert verify(audit, acme, kept.statement) == (12, "")
    with pytest.raises(FuniaError) as raised:
        verify(audit, other, kept.statement)
    assert raised.value.violations[0].field == "statement"
    rewrite(owner, acme.tenant_id, 8)
    assert verify(audit, acme) == (8, "")
    assert verify(audit, acme, kept.statement)[1] == "TRUNCATED 9"


def test_checkpoints_in_the_database_find_a_cut_and_a_chain_written_anew(
    audit: Ask, identity: Identity, owner: Any, acme: Any
) -> None:
    fill(identity, acme, 10)
    kept = audit(acme, "CreateAuditCheckpoint", pb.CreateAuditCheckpointRequest())
    owner.execute("DELETE FROM audit_entry WHERE tenant_id = %s AND sequence > 8", (acme.tenant_id,))
    owner.execute("DELETE FROM audit_head WHERE tenant_id = %s", (acme.tenant_id,))
    assert verify(audit, acme) == (8, "TRUNCATED 9")
    owner.execute("DELETE FROM audit_entry WHERE tenant_id = %s", (acme.tenant_id,))
    fill(identity, acme, 12)
    assert verify(audit, acme) == (11, "CHECKPOINT_MISMATCH 12")
    forged = jws.serialize_compact(
        {"alg": "ES256"},
        orjson.dumps({**orjson.loads(jws.extract_compact(kept.statement.encode()).payload), "seq": 11}),
        identity.keys.signing_key(),
        algorithms=["ES256"],
    )
    owner.execute(
        "UPDATE audit_checkpoint SET statement = %s, sequence = 11 WHERE tenant_id = %s", (forged, acme.tenant_id)
    )
    assert verify(audit, acme) == (10, "FORGED_CHECKPOINT 11")


def test_origins_are_forgotten_without_breaking_the_chain_and_cannot_be_altered(
    audit: Ask, site: str, identity: Identity, owner: Any, acme: Any
) -> None:
    with httpx.Client() as http:
        form = {"email": acme.email, "password": "correct horse battery", "tenant_id": str(acme.tenant_id)}
        assert http.post(f"{site}/v1/log-in", json=form).status_code == 200
    assert entries(audit, acme)[-1].origin.address == "127.0.0.1"
    later = datetime.now(UTC) + timedelta(days=identity.settings.audit_origin_keep_days + 1)
    identity.audit.tend(now=later)
    assert entries(audit, acme)[-1].origin.address == ""
    assert entries(audit, acme)[-1].origin_digest
    assert verify(audit, acme) == (3, "")
    with httpx.Client() as http:
        http.post(f"{site}/v1/log-in", json=form)
    owner.execute("UPDATE audit_origin SET address = '10.0.0.1' WHERE tenant_id = %s", (acme.tenant_id,))
    assert verify(audit, acme) == (3, "ORIGIN_ALTERED 4")


def test_every_day_what_has_grown_is_signed_once(audit: Ask, identity: Identity, acme: Any, admin: Any) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1, minutes=1)
    assert identity.audit.tend(now=tomorrow) >= 1
    listed = audit(acme, "ListAuditCheckpoints", pb.ListAuditCheckpointsRequest()).checkpoints
    assert [one.sequence for one in listed] == [2]
    assert actions(audit, acme) == ["identity.tenant.created", "identity.user.activated"]
    identity.audit.tend(now=tomorrow + timedelta(days=1))
    assert len(audit(acme, "ListAuditCheckpoints", pb.ListAuditCheckpointsRequest()).checkpoints) == 1
    published = admin.execute("SELECT subject FROM outbox WHERE tenant_id = %s", (acme.tenant_id,)).fetchall()
    assert [row[0].split(".", 2)[2] for row in published].count("identity.audit.checkpointed") == 1


def test_the_app_role_may_neither_change_nor_delete_entries(identity: Identity, acme: Any) -> None:
    for statement in (
        "UPDATE audit_entry SET action = 'x'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "UPDATE audit_checkpoint SET statement = 'x'",
        "DELETE FROM audit_checkpoint",
        "UPDATE audit_origin SET address = 'x'",
        "DELETE FROM audit_head",
    ):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            identity.database.open_work(acme.caller()) as work,
        ):
            work.raw.execute(statement)
