"""Operators over RPC: the scope that no role has, placements and who lives where, and plans given as on the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx
import pytest
from chassis.vitals import VitalSigns, read_signs
from funia.identity.v1 import operator_pb2 as pb
from gateway.composition import Identity
from gateway.identity.roles import OPERATE, ROLES, SCOPES
from gateway.identity.usecases import placement
from gateway.operating import placements_of


@pytest.fixture
def operator(new_company: Callable[..., Any], identity: Identity, owner_of: Any, admin: Any) -> Any:
    """A person whose confirmed address stands among the operators."""
    (email,) = identity.settings.operator_emails
    row = admin.execute("SELECT tenant_id, user_id FROM membership WHERE email = %s LIMIT 1", (email,)).fetchone()
    if row is None:
        return owner_of(new_company("Platform", email))

    class Known:
        tenant_id, owner_id = row

    return owner_of(Known)


def test_the_scope_is_in_an_operators_session_and_in_nothing_else(operator: Any, owner_of: Any, acme: Any) -> None:
    assert OPERATE in operator.caller.scopes
    assert OPERATE not in owner_of(acme).caller.scopes
    assert OPERATE not in SCOPES
    assert not [role for role in ROLES.values() if OPERATE in role.scopes]
    assert owner_of(acme).refused("ListPlacements", pb.ListPlacementsRequest()) == "MISSING_SCOPE"
    asked = pb.GivePlanRequest(tenant_id=str(acme.tenant_id), plan="enterprise")
    assert owner_of(acme).refused("GivePlan", asked) == "MISSING_SCOPE"


def test_an_address_that_nobody_confirmed_operates_nothing(operator: Any, identity: Identity, admin: Any) -> None:
    admin.execute("UPDATE user_account SET email_confirmed = false WHERE id = %s", (operator.user_id,))
    try:
        assert OPERATE not in operator.caller.scopes
    finally:
        admin.execute("UPDATE user_account SET email_confirmed = true WHERE id = %s", (operator.user_id,))


def test_a_plan_is_given_and_stands_in_the_companys_own_log(
    operator: Any, identity: Identity, acme: Any, other: Any, admin: Any
) -> None:
    own = [pb.OwnLimit(name="contacts", most=7), pb.OwnLimit(name="seats")]
    given = operator.call("GivePlan", pb.GivePlanRequest(tenant_id=str(acme.tenant_id), plan="free", own_limits=own))
    assert (given.plan.name, {use.meter: use.most for use in given.plan.uses}["contacts"]) == ("free", 7)
    assert [(one.name, one.HasField("most")) for one in given.own_limits] == [("contacts", True), ("seats", False)]
    looked = operator.call("GetOperatedPlan", pb.GetOperatedPlanRequest(tenant_id=str(acme.tenant_id)))
    assert looked == given
    assert identity.companies.plan_of(other.tenant_id).name == ""
    entry = admin.execute(
        "SELECT action FROM audit_entry WHERE tenant_id = %s ORDER BY sequence DESC LIMIT 1", (acme.tenant_id,)
    ).fetchone()
    assert entry == ("identity.plan.changed",)
    nobody = pb.GivePlanRequest(tenant_id=str(UUID(int=7)), plan="free")
    assert operator.refused("GivePlan", nobody) == "TENANT_NOT_FOUND"
    wrong = pb.GivePlanRequest(tenant_id=str(acme.tenant_id), plan="golden")
    assert operator.refused("GivePlan", wrong) == "UNKNOWN_PLAN"
    twice = pb.GivePlanRequest(tenant_id=str(acme.tenant_id), own_limits=[own[0], own[0]])
    assert operator.refused("GivePlan", twice) == "NAMED_TWICE"


def test_placements_tell_who_lives_where(operator: Any, identity: Identity, acme: Any, other: Any) -> None:
    with identity.database.open_work(acme.caller()) as work:
        placement.place(work, "vault")
    asked = pb.ListOperatedTenantsRequest(placement="vault", page_size=1)
    first = operator.call("ListOperatedTenants", asked)
    assert [(one.id, one.placement) for one in first.tenants] == [(str(acme.tenant_id), "vault")]
    assert first.next_page_token == ""
    pooled = operator.call("ListOperatedTenants", pb.ListOperatedTenantsRequest(placement="pooled", page_size=1))
    assert pooled.next_page_token
    asked = pb.ListOperatedTenantsRequest(placement="pooled", page_size=200, page_token=pooled.next_page_token)
    rest = {one.id for one in operator.call("ListOperatedTenants", asked).tenants}
    assert str(acme.tenant_id) not in rest
    found = {row.placement: row.tenants for row in identity.companies.placed()}
    assert found["vault"] == 1
    assert found["pooled"] >= 1


def test_the_health_of_a_placement_is_what_every_service_says() -> None:
    class Pooled:
        placement, tenants, sandboxes = "pooled", 3, 1

    at = "2026-11-22T00:00:00+00:00"
    signs = [
        VitalSigns("contacts", at, placements={"pooled": "", "vault": "OperationalError"}),
        read_signs(b'{"service": "sales", "at": "%s", "placements": {"pooled": ""}, "new": 1}' % at.encode()),
    ]
    pooled, vault = placements_of([Pooled], signs)
    assert (pooled.name, pooled.tenants, pooled.sandboxes) == ("pooled", 3, 1)
    assert pooled.health == {
        "contacts": "ok", "sales": "ok", "marketing": "silent", "support": "silent", "analytics": "silent",
    }  # fmt: skip
    assert (vault.health["contacts"], vault.health["sales"], vault.is_well) == ("away", "away", False)


def test_pages_show_placements_to_operators_only(
    operator: Any, identity: Identity, site: str, acme: Any, browser: Any
) -> None:
    secret = identity.sessions.open(operator.user_id, operator.tenant_id).secret
    with httpx.Client(base_url=site, cookies={"funia_session": secret}) as desk:
        page = desk.get("/operator/placements/pooled")
        assert page.status_code == 200
        assert "<code>" in page.text
        assert desk.get("/operator/placements/pooled?after=x").status_code == 404
        assert desk.get(f"/v1/operator/tenants/{acme.tenant_id}/plan").json()["tenant_id"] == str(acme.tenant_id)
        assert acme.name not in page.text
    browser.log_in(acme)
    assert browser.http.get(f"{site}/operator/placements").status_code == 404
    refused = browser.http.get(f"{site}/v1/operator/placements")
    assert (refused.status_code, refused.json()["reason"]) == (403, "MISSING_SCOPE")
