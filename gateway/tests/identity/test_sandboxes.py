"""Sandboxes belong to one company, are let alone by others, and end when their time or their company's is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chassis.caller import Caller
from chassis.errors import FailedPrecondition, FuniaError, NotFound
from gateway.composition import Identity
from gateway.identity.platform import open_platform_work
from gateway.identity.queries import plan as plan_queries
from gateway.identity.queries import tenant as tenants
from gateway.identity.usecases import app_grants, clients
from gateway.identity.usecases.sandboxes import NewSandbox, Sandboxes
from gateway.sandboxes import SandboxKeeper


def make(identity: Identity, company: Any) -> NewSandbox:
    with identity.database.open_work(company.caller()) as work:
        return identity.sandboxes.create(work)


def state(identity: Identity, sandbox: NewSandbox) -> str:
    with identity.database.open_work(Caller.system(sandbox.row.id), read_only=True) as work:
        row = tenants.get(work)
    assert row is not None
    return str(row.status)


def schedule(identity: Identity, sandbox: NewSandbox, *, ends_in: timedelta) -> None:
    """As if it had been filled long ago."""
    with identity.database.open_work(Caller.system(sandbox.row.tenant_id)) as work:
        ends_at = work.now + ends_in
        work.transaction.raw.execute(
            "UPDATE sandbox SET state = 'ready', next_at = %s, expires_at = %s WHERE id = %s",
            (ends_at, ends_at, sandbox.row.id),
        )


def test_a_sandbox_is_its_companys_and_no_other_can_touch_it(identity: Identity, acme: Any, other: Any) -> None:
    made = make(identity, acme)
    with identity.database.open_work(other.caller()) as work:
        assert identity.sandboxes.of_company(work) == []
        for touch in (identity.sandboxes.end, identity.sandboxes.reset):
            with pytest.raises(NotFound):
                touch(work, made.row.id)
    assert state(identity, made) == "active"
    with identity.database.open_work(acme.caller()) as work:
        assert [row.id for row in identity.sandboxes.of_company(work)] == [made.row.id]
    inside = Caller(made.row.id, "user", acme.owner_id, acme.caller().scopes, "all")
    with identity.database.open_work(inside) as work, pytest.raises(FailedPrecondition) as refused:
        identity.sandboxes.create(work)
    assert refused.value.reason == "IS_SANDBOX"


def test_a_company_has_so_many_sandboxes_and_no_more(identity: Identity, acme: Any, other: Any) -> None:
    for _ in range(identity.settings.sandboxes_max):
        first = make(identity, acme)
    with pytest.raises(FailedPrecondition) as refused:
        make(identity, acme)
    assert refused.value.reason == "TOO_MANY_SANDBOXES"
    make(identity, other)
    with identity.database.open_work(acme.caller()) as work:
        assert identity.sandboxes.reset(work, first.row.id).row.id != first.row.id
    assert state(identity, first) == "closing"


def test_a_draft_is_let_into_the_sandbox_of_its_maker_and_into_no_other(
    identity: Identity, acme: Any, other: Any
) -> None:
    ours, theirs = make(identity, acme), make(identity, other)
    draft = clients.ClientDraft("Draft", ["https://a.example/cb"], ["contacts.read"], ["authorization_code"], True)
    with identity.database.open_work(acme.caller()) as work:
        client_id = clients.register(work, draft).row.client_id

    def let_in(tenant_id: Any, owner: Any) -> str:
        caller = Caller(tenant_id, "user", owner.owner_id, owner.caller().scopes, "all")
        try:
            with identity.database.open_work(caller) as work:
                app_grants.let_in(work, client_id, ["contacts.read"])
        except FuniaError as error:
            return error.reason
        return ""

    assert let_in(ours.row.id, acme) == ""
    assert let_in(theirs.row.id, other) == "APP_NOT_FOUND"
    assert let_in(other.tenant_id, other) == "APP_NOT_FOUND"


def test_sandboxes_whose_time_or_company_is_over_end_and_stay_closed(identity: Identity, acme: Any, other: Any) -> None:
    expired, orphan, kept = make(identity, acme), make(identity, other), make(identity, acme)
    schedule(identity, expired, ends_in=timedelta(seconds=-1))
    for one in (orphan, kept):
        schedule(identity, one, ends_in=timedelta(days=1))
    with identity.database.open_work(Caller.system(other.tenant_id)) as work:
        tenants.set_status(work, "closing")
    SandboxKeeper(identity).do_due()
    assert [state(identity, one) for one in (expired, orphan, kept)] == ["closing", "closing", "active"]
    with pytest.raises(FailedPrecondition):
        identity.closing.reopen(Caller.system(expired.row.id))
    with open_platform_work(identity.database) as platform:
        assert tenants.is_sandbox(platform, expired.row.id)
        assert not tenants.is_sandbox(platform, acme.tenant_id)


def test_a_sandbox_has_the_plan_of_sandboxes_and_is_no_company_in_operators_figures(
    identity: Identity, acme: Any
) -> None:
    settings = identity.settings.model_copy(update={"sandbox_plan": "free"})
    with identity.database.open_work(acme.caller()) as work:
        made = Sandboxes(identity.closing, settings).create(work)
    assert identity.companies.plan_of(made.row.id).name == "free"
    assert identity.companies.plan_of(acme.tenant_id).name == ""
    for tenant_id in (acme.tenant_id, made.row.id):
        with identity.database.open_work(Caller.system(tenant_id)) as work:
            plan_queries.tell(work, [("contacts", work.now.date(), 7, 1)])
    today = datetime.now(UTC).date().replace(day=1)
    counted = {tenant_id for tenant_id, _, _ in identity.companies.usage_of(today)}
    assert (acme.tenant_id in counted, made.row.id in counted) == (True, False)
