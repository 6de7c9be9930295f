"""A colleague who left loses name and address here; what the colleague did stays, and the audit log stays whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from audit_reading import Ask, actions, verify
from chassis.errors import FailedPrecondition, NotFound
from chassis.testing.databases import TestDatabase
from gateway.composition import Identity
from gateway.identity.usecases import company_exports, former_colleagues, people
from gateway.identity.usecases.people import NewUser

NAME = "Gertrude Gone"
Join = Callable[..., UUID]


@pytest.fixture
def address() -> str:
    return f"gertrude-{uuid4().hex[:8]}@gone.example"


@pytest.fixture
def join(identity: Identity, address: str) -> Join:
    """Makes Gertrude a colleague of a company; an account that is there already is the same person."""

    def make(company: Any) -> UUID:
        with identity.database.open_work(company.caller()) as work:
            new = NewUser(address, NAME, "seller", "a first password to change", "en")
            user_id: UUID = people.add_user(work, new, identity.passwords).user_id
        return user_id

    return make


def leave(identity: Identity, company: Any, user_id: UUID) -> None:
    with identity.database.open_work(company.caller()) as work:
        people.change_user(work, user_id, {"status": "deactivated"}, etag="")


def forget(identity: Identity, company: Any, user_id: UUID) -> Any:
    with identity.database.open_work(company.caller()) as work:
        return former_colleagues.pseudonymize(work, user_id)


def naming(stored: TestDatabase, *words: str) -> set[str]:
    """Tables with a row in which one of the words stands."""
    found = set()
    with psycopg.connect(stored.admin_url) as admin:
        tables = admin.execute(
            "SELECT c.relname FROM pg_class AS c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition"
            " AND c.relnamespace = 'public'::regnamespace"
        ).fetchall()
        for (table,) in tables:
            query = f"SELECT 1 FROM {table} AS t WHERE t::text LIKE ANY (%s) LIMIT 1"
            if admin.execute(query.encode(), [[f"%{word}%" for word in words]]).fetchone():
                found.add(table)
    return found


def test_the_name_is_gone_from_every_table_and_the_log_is_whole(
    identity: Identity, identity_database: TestDatabase, audit: Ask, acme: Any, other: Any, join: Join, address: str
) -> None:
    user_id = join(acme)
    with identity.database.open_work(acme.caller()) as work:
        exported = company_exports.begin(work).id
    leave(identity, acme, user_id)
    assert {"membership", "user_account"} <= naming(identity_database, address)
    row = forget(identity, acme, user_id)
    assert (row.full_name, row.email) == ("Former colleague 1", f"{user_id}@former.invalid")
    assert naming(identity_database, address, NAME) == set()
    assert forget(identity, acme, user_id).version == row.version, "a second time changes nothing"
    told = actions(audit, acme)
    assert told.count("identity.user.pseudonymized") == 1
    assert verify(audit, acme)[1] == ""
    with identity.database.open_work(acme.caller(), read_only=True) as work:
        assert company_exports.get(work, exported).state == "gone"
    again = join(acme)
    assert again != user_id
    leave(identity, acme, again)
    assert forget(identity, acme, again).full_name == "Former colleague 2"
    assert "identity.user.pseudonymized" not in actions(audit, other)


def test_whoever_is_at_work_keeps_the_name_and_a_stranger_is_not_found(
    identity: Identity, identity_database: TestDatabase, acme: Any, other: Any, join: Join, address: str
) -> None:
    user_id = join(acme)
    with pytest.raises(FailedPrecondition, match="Remove the colleague first"):
        forget(identity, acme, user_id)
    leave(identity, acme, user_id)
    with pytest.raises(NotFound):
        forget(identity, other, user_id)
    assert "membership" in naming(identity_database, address)
    forget(identity, acme, user_id)
    with (
        pytest.raises(FailedPrecondition, match="Invite the person anew"),
        identity.database.open_work(acme.caller()) as work,
    ):
        people.change_user(work, user_id, {"status": "active"}, etag="")


def test_the_account_of_somebody_who_works_elsewhere_stays(
    identity: Identity, identity_database: TestDatabase, acme: Any, other: Any, join: Join, address: str
) -> None:
    user_id = join(acme)
    assert join(other) == user_id
    leave(identity, acme, user_id)
    forget(identity, acme, user_id)
    assert naming(identity_database, address) == {"membership", "user_account"}
    with psycopg.connect(identity_database.admin_url) as admin:
        rows = admin.execute("SELECT tenant_id, email FROM membership WHERE user_id = %s", [user_id]).fetchall()
    assert dict(rows) == {acme.tenant_id: f"{user_id}@former.invalid", other.tenant_id: address}


def test_an_operator_s_account_stays(
    identity: Identity, identity_database: TestDatabase, acme: Any, join: Join, address: str
) -> None:
    user_id = join(acme)
    leave(identity, acme, user_id)
    with identity.database.open_work(acme.caller()) as work:
        former_colleagues.pseudonymize(work, user_id, kept=frozenset({address}))
    assert naming(identity_database, address) == {"user_account"}
