"""Companies that were closed: who may close, who opens them again, what operators see, and when it is too late."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from chassis.errors import FailedPrecondition, InvalidArgument, NotFound, PermissionDenied
from gateway.composition import Identity
from gateway.identity.platform import open_platform_work
from gateway.identity.queries import erasure as erasures

PASSWORD = "correct horse battery"


def _close(identity: Identity, company: Any, name: str = "Acme") -> datetime:
    with identity.database.open_work(company.caller()) as work:
        return identity.closing.close_own(work, name)


def _status(admin: Any, company: Any) -> str:
    return str(admin.execute("SELECT status FROM tenant WHERE tenant_id = %s", [company.tenant_id]).fetchone()[0])


def test_only_an_owner_who_writes_the_name_closes_the_company(
    identity: Identity, acme: Any, other: Any, admin: Any
) -> None:
    with pytest.raises(InvalidArgument, match="confirm_name"):
        _close(identity, acme, "Acne")
    admin.execute("UPDATE membership SET role = 'admin' WHERE tenant_id = %s", [acme.tenant_id])
    with pytest.raises(PermissionDenied):
        _close(identity, acme)
    admin.execute("UPDATE membership SET role = 'owner' WHERE tenant_id = %s", [acme.tenant_id])
    assert _status(admin, acme) == "trial"
    due_at = _close(identity, acme)
    assert timedelta(days=29) < due_at - datetime.now(UTC) < timedelta(days=31)
    assert (_status(admin, acme), _status(admin, other)) == ("closing", "trial")
    with pytest.raises(FailedPrecondition):
        _close(identity, acme)


def test_an_owner_who_logs_in_opens_the_company_again_and_a_stranger_cannot(
    identity: Identity, acme: Any, other: Any, admin: Any, site: str
) -> None:
    _close(identity, acme)
    with pytest.raises(FailedPrecondition):
        identity.closing.reopen_own(other.owner_id, acme.tenant_id)
    with httpx.Client(base_url=site, follow_redirects=False) as http:
        token = _token(http.get("/log-in").text)
        form = {"csrf_token": token, "email": acme.email, "password": PASSWORD}
        page = http.post("/log-in", data=form)
        assert "Open Acme again" in page.text
        ticket = re.search(r'name="ticket" value="([^"]+)"', page.text)
        assert ticket is not None
        chosen = {"csrf_token": token, "ticket": ticket[1], "tenant_id": str(acme.tenant_id)}
        entered = http.post("/log-in/reopen", data=chosen)
        assert entered.status_code == 303, entered.text
    assert _status(admin, acme) == "trial"
    assert admin.execute("SELECT count(*) FROM erasure WHERE for_tenant = %s", [acme.tenant_id]).fetchone() == (0,)


def test_nothing_is_taken_back_once_erasing_has_begun(identity: Identity, acme: Any, admin: Any) -> None:
    _close(identity, acme)
    with open_platform_work(identity.database) as platform:
        found = erasures.of_tenant(platform, acme.tenant_id)
        assert found is not None
        assert erasures.begin(platform, found.id, {})
    with pytest.raises(FailedPrecondition):
        identity.closing.reopen(acme.caller())
    with pytest.raises(FailedPrecondition):
        identity.closing.erase_now(acme.tenant_id)
    admin.execute("DELETE FROM erasure WHERE for_tenant = %s", [acme.tenant_id])


def test_erasing_waits_for_the_last_token_whatever_the_operator_says(identity: Identity, acme: Any, admin: Any) -> None:
    _close(identity, acme)
    due_at = identity.closing.erase_now(acme.tenant_id)
    assert due_at > datetime.now(UTC) + timedelta(seconds=identity.settings.access_token_s - 60)
    admin.execute("DELETE FROM erasure WHERE for_tenant = %s", [acme.tenant_id])


def test_operators_carry_out_what_the_state_allows(identity: Identity, acme: Any, other: Any, admin: Any) -> None:
    desk = identity.companies
    after = UUID(int=acme.tenant_id.int - 1)
    for deed, status in (("suspend", "suspended"), ("activate", "active"), ("close", "closing"), ("reopen", "active")):
        desk.carry_out(acme.tenant_id, deed)  # type: ignore[arg-type]
        (row,) = desk.page(after=after, limit=1)
        assert (row.tenant_id, row.status, row.due_at is not None) == (acme.tenant_id, status, status == "closing")
    with pytest.raises(FailedPrecondition):
        desk.carry_out(acme.tenant_id, "erase")
    desk.carry_out(acme.tenant_id, "export")
    assert _status(admin, other) == "trial"
    with pytest.raises(NotFound):
        desk.carry_out(UUID(int=7), "suspend")
    with pytest.raises(NotFound):
        desk.certificate(UUID(int=7))


def test_the_page_of_tenants_is_for_operators_only(
    new_company: Callable[..., Any], acme: Any, site: str, identity: Identity
) -> None:
    for company, status in ((acme, 404), (_operator(new_company, identity), 200)):
        with httpx.Client(base_url=site, follow_redirects=False) as http:
            form = {"email": company.email, "password": PASSWORD, "tenant_id": str(company.tenant_id)}
            assert http.post("/v1/log-in", json=form).status_code == 200
            page = http.get("/operator/tenants")
            assert page.status_code == status, page.text
            assert ("<h1>Tenants</h1>" in page.text) is (status == 200)


def _operator(new_company: Callable[..., Any], identity: Identity) -> Any:
    (email,) = identity.settings.operator_emails
    return new_company("Platform", email)


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]
