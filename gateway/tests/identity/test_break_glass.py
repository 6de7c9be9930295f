"""Break-glass: who may open, what a token then shows, how it ends, and that everybody who must know does."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

import orjson
import pytest
from chassis.errors import FuniaError
from chassis.glass import used
from chassis.ids import uuid7
from chassis.job_rights import rights_of
from chassis.revocation_feed import learn
from chassis.revocations import Revocations, stamps_of
from chassis.subscriptions import opened
from funia.identity.v1 import break_glass_pb2 as pb
from funia.identity.v1 import sharing_rule_pb2, tenant_pb2
from gateway.composition import Identity
from gateway.identity.access_tokens import Rights
from gateway.identity.consumers.audit import enter
from gateway.identity.roles import ROLES
from gateway.identity.usecases import access
from gateway.identity.usecases.access import Judged
from google.protobuf.field_mask_pb2 import FieldMask
from joserfc import jws

PASSWORD = "correct horse battery"
REASON = "The colleague who owns it is ill"


def ask(**fields: Any) -> pb.OpenBreakGlassRequest:
    return pb.OpenBreakGlassRequest(**{"reason": REASON, "password": PASSWORD, **fields})


def see(owner: Any, visibility: str) -> Any:
    tenant = tenant_pb2.Tenant(owner_visibility=visibility)
    mask = FieldMask(paths=["owner_visibility"])
    return tenant_pb2.UpdateTenantRequest(tenant=tenant, update_mask=mask)


@pytest.fixture
def owner(owner_of: Any, acme: Any) -> Any:
    """The owner of a company whose owners see their own records."""
    someone = owner_of(acme)
    someone.call("UpdateTenant", see(someone, "own"))
    assert someone.caller.sight == "own"
    return someone


def claims(token: str) -> Any:
    return orjson.loads(jws.extract_compact(token.encode()).payload)


def entries(admin: Any, company: Any) -> list[tuple[str, Any]]:
    query = "SELECT action, detail FROM audit_entry WHERE tenant_id = %s ORDER BY sequence"
    return list(admin.execute(query, (company.tenant_id,)).fetchall())


def test_an_owner_opens_the_company_and_the_end_takes_the_tokens_back(
    owner: Any, owner_of: Any, hire: Any, acme: Any, other: Any, recorded: Any, admin: Any
) -> None:
    second = hire(acme, "owner")
    admin.execute("DELETE FROM outgoing_mail")
    glass = owner.call("OpenBreakGlass", ask(minutes=5))
    assert (glass.user_id, glass.reason, glass.record_id, glass.client_id) == (
        str(owner.user_id), REASON, "", "funia-console",
    )  # fmt: skip
    token = owner.token()
    seen = owner.caller
    assert (seen.sight, str(seen.glass.id), seen.scopes) == ("all", glass.id, ROLES["owner"].scopes)
    assert claims(token)["exp"] == seen.glass.until == glass.expires_at.seconds <= time.time() + 300
    assert (second.caller.sight, owner_of(other).caller.glass) == ("own", None)
    mails = admin.execute("SELECT count(*) FROM outgoing_mail WHERE kind = 'break_glass'").fetchone()
    assert mails == (1,)
    assert owner.refused("OpenBreakGlass", ask()) == "BREAK_GLASS_OPEN"
    assert owner_of(other).refused("EndBreakGlass", pb.EndBreakGlassRequest(id=glass.id)) == "BREAK_GLASS_NOT_FOUND"
    ended = second.call("EndBreakGlass", pb.EndBreakGlassRequest(id=glass.id))
    assert (ended.ended_for, owner.caller.sight) == ("hand", "own")
    assert owner.refused("EndBreakGlass", pb.EndBreakGlassRequest(id=glass.id)) == "BREAK_GLASS_ENDED"
    events = recorded(acme, "identity.break_glass.")
    assert [event.type for event in events] == ["identity.break_glass.opened", "identity.break_glass.ended"]
    assert REASON.encode() not in b"".join(event.payload for event in events)
    revocations = Revocations()
    for event, refusal in zip(events, ("", "TOKEN_REVOKED"), strict=True):
        received = opened(event.SerializeToString())
        assert received is not None
        learn(revocations, received)
        assert revocations.refusal(stamps_of(claims(token))) == refusal
    assert not revocations.refusal(stamps_of(claims(owner.token())))
    assert f"glass/{glass.id}" in rights_of(seen)["stamps"]
    listed = owner.call("ListBreakGlasses", pb.ListBreakGlassesRequest()).break_glasses
    assert [one.id for one in listed] == [glass.id]
    assert not owner_of(other).call("ListBreakGlasses", pb.ListBreakGlassesRequest()).break_glasses


def test_it_ends_when_its_time_is_over(owner: Any, acme: Any, identity: Identity, admin: Any, recorded: Any) -> None:
    glass = owner.call("OpenBreakGlass", ask())
    admin.execute("UPDATE break_glass SET expires_at = now() WHERE id = %s", (glass.id,))
    assert owner.caller.sight == "own"
    assert identity.glasses.end_due() >= 1
    assert owner.call("GetBreakGlass", pb.GetBreakGlassRequest(id=glass.id)).ended_for == "time"
    assert recorded(acme, "identity.break_glass.ended")[-1].actor.type == "system"
    assert owner.call("OpenBreakGlass", ask(minutes=1)).id != glass.id


def test_the_proof_is_asked_anew_and_nothing_is_opened_without_it(
    owner: Any, acme: Any, identity: Identity, admin: Any
) -> None:
    assert owner.refused("OpenBreakGlass", ask(password="wrong horse")) == "WRONG_PASSWORD"
    assert owner.refused("OpenBreakGlass", ask(reason="Because")) == "INVALID_FIELD"
    assert owner.refused("OpenBreakGlass", ask(minutes=1000)) == "TOO_LONG"
    waiting = identity.second_factors.begin_app(acme.owner_id, acme.email)
    from pyotp import parse_uri

    codes = identity.second_factors.confirm_app(acme.owner_id, parse_uri(waiting.uri).now())  # type: ignore[union-attr]
    assert owner.refused("OpenBreakGlass", ask()) == "REQUIRED"
    assert owner.refused("OpenBreakGlass", ask(code="000000")) == "WRONG_CODE"
    count = admin.execute("SELECT count(*) FROM break_glass WHERE tenant_id = %s", (acme.tenant_id,)).fetchone()
    assert (count, owner.caller.sight) == ((0,), "own")
    refusals = [detail["reason"] for action, detail in entries(admin, acme) if action == "identity.break_glass.refused"]
    assert refusals == ["WRONG_PASSWORD", "REQUIRED", "WRONG_CODE"]
    assert owner.call("OpenBreakGlass", ask(code=codes[0])).id


def test_only_an_owner_who_does_not_see_everything_opens(owner_of: Any, hire: Any, acme: Any) -> None:
    owner = owner_of(acme)
    assert owner.refused("OpenBreakGlass", ask()) == "SEES_EVERYTHING"
    owner.call("UpdateTenant", see(owner, "team"))
    assert hire(acme, "admin").refused("OpenBreakGlass", ask()) == "OWNER_ONLY"
    assert hire(acme, "admin").refused("UpdateTenant", see(owner, "own")) == "OWNER_ONLY"
    assert hire(acme, "seller").refused("OpenBreakGlass", ask()) == "MISSING_SCOPE"


def test_owners_widen_what_owners_see_under_break_glass_only(owner: Any, hire: Any, acme: Any) -> None:
    before = owner.token()
    assert owner.refused("UpdateTenant", see(owner, "all")) == "VISIBILITY_BEYOND_OWN"
    client = tenant_pb2.OAuthClient(name="All", scopes=["contacts.read"], visibility="all")
    asked = tenant_pb2.CreateOAuthClientRequest(oauth_client=client)
    assert owner.refused("CreateOAuthClient", asked) == "VISIBILITY_BEYOND_OWN"
    owner.call("OpenBreakGlass", ask())
    owner.call("UpdateTenant", see(owner, "all"))
    assert (owner.caller.sight, owner.caller.glass) == ("all", None)
    assert claims(owner.token())["ver"]["user"] > claims(before)["ver"]["user"]


def test_one_record_is_opened_and_no_other(owner: Any) -> None:
    record = uuid7()
    owner.call("OpenBreakGlass", ask(record_id=str(record)))
    seen = owner.caller
    assert (seen.visibility, seen.sight, seen.opened_id) == ("own", "own+rules", record)


def test_an_explanation_names_the_opening_and_its_reason(owner: Any, identity: Identity) -> None:
    record = uuid7()

    def judge(_caller: Any, _record: UUID, sights: list[Rights]) -> list[Judged]:
        found = ["all" if one.visibility == "all" else "break_glass" for one in sights]
        return [Judged("contact", None, None, (way,), writable=True) for way in found]

    for narrowed in ("", str(record)):
        glass = owner.call("OpenBreakGlass", ask(record_id=narrowed))
        [one] = access.explain(identity.database, judge, owner.caller, record, [owner.user_id])
        [step] = [step for step in one.steps if step.code == "break_glass"]
        assert (step.holds, step.glass_id, step.glass_reason, one.sees) == (True, glass.id, REASON, True)
        owner.call("EndBreakGlass", pb.EndBreakGlassRequest(id=glass.id))


def test_calls_of_services_come_to_the_audit_log_and_are_counted(
    owner: Any, owner_of: Any, acme: Any, other: Any, identity: Identity, admin: Any
) -> None:
    glass = owner.call("OpenBreakGlass", ask())
    caller, record = owner.caller, str(uuid7())
    with identity.database.open_work(caller) as work:
        told = [used(caller.glass, f"/funia.contacts.v1.ContactService/{name}", record) for name in ("Get", "List")]
        from chassis.envelope import enclose

        received = [opened(enclose(one, caller, now=work.now).SerializeToString()) for one in told]
        enter(work, received)  # type: ignore[arg-type]
    assert owner.call("GetBreakGlass", pb.GetBreakGlassRequest(id=glass.id)).calls == 2
    found = [detail for action, detail in entries(admin, acme) if action == "contacts.break_glass.used"]
    assert found[0] == {"break_glass_id": glass.id, "method": "ContactService/Get", "record_id": record}
    assert not [action for action, _ in entries(admin, other) if "break_glass" in action]
    with pytest.raises(FuniaError):
        owner_of(other).call("GetBreakGlass", pb.GetBreakGlassRequest(id=glass.id))


def test_roles_tell_what_owners_see(owner: Any) -> None:
    roles = {role.name: role.visibility for role in owner.call("ListRoles", tenant_pb2.ListRolesRequest()).roles}
    assert (roles["owner"], roles["admin"]) == ("own", "all")
    assert not owner.call("ListSharingRules", sharing_rule_pb2.ListSharingRulesRequest()).sharing_rules
