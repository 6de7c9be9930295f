"""Samples for the methods of AppService: apps of partners, and what a company lets them do."""

from __future__ import annotations

from typing import Any, cast

import psycopg
from funia.identity.v1 import app_pb2 as apps
from funia.identity.v1 import tenant_pb2 as identity
from google.protobuf.message import Message
from harness import Company

_SERVICE = "/funia.identity.v1.AppService"


def _draft(world: Any, maker: Company, name: str = "") -> identity.OAuthClient:
    """A fresh app with which people log in."""
    draft = identity.OAuthClient(
        name=name or world.mark,
        description="Made by the tests",
        homepage_url="https://partner.example",
        redirect_uris=["https://partner.example/callback"],
        scopes=["contacts.read"],
    )
    request = identity.CreateOAuthClientRequest(oauth_client=draft)
    made = world.platform.call("/funia.identity.v1.TenantService/CreateOAuthClient", request, maker.token())[0]
    world.ids.add(made.id)
    return cast(identity.OAuthClient, made)


def _published(world: Any, maker: Company, name: str = "") -> identity.OAuthClient:
    """An app that was reviewed; the operator's page has tests of its own."""
    app = _draft(world, maker, name)
    with psycopg.connect(world.platform.admin_url("identity"), autocommit=True) as admin:
        admin.execute("UPDATE oauth_client SET status = 'published' WHERE id = %s", [app.id])
    return app


def _submitted(world: Any) -> str:
    app = _draft(world, world.owner)
    world.call("identity.v1.AppService", "SubmitApp", apps.SubmitAppRequest(id=app.id))
    return str(app.id)


def _guest(world: Any) -> str:
    """client_id of a published app of a third company. Its name is for everybody, so it is not the owner's mark."""
    partner = world.platform.sign_up("Partners", ["identity.admin", "contacts.read"])
    return str(_published(world, partner, "Guest app").client_id)


def _let_in(world: Any) -> str:
    request = apps.CreateGrantRequest(client_id=_guest(world), scopes=["contacts.read"])
    return str(world.call("identity.v1.AppService", "CreateGrant", request).id)


def _list(world: Any) -> Message:
    _let_in(world)
    return apps.ListGrantsRequest()


def _registration_token(world: Any) -> Message:
    _published(world, world.owner)
    return apps.CreateRegistrationTokenRequest()


APP_SAMPLES: dict[str, dict[str, Any]] = {
    f"{_SERVICE}/SubmitApp": {"make": lambda w: apps.SubmitAppRequest(id=_draft(w, w.owner).id)},
    f"{_SERVICE}/WithdrawApp": {"make": lambda w: apps.WithdrawAppRequest(id=_submitted(w))},
    f"{_SERVICE}/ListGrants": {"make": _list, "ours": True},
    f"{_SERVICE}/CreateGrant": {
        "make": lambda w: apps.CreateGrantRequest(client_id=_guest(w), scopes=["contacts.read"]),
        "ours": True,
    },
    f"{_SERVICE}/RevokeGrant": {"make": lambda w: apps.RevokeGrantRequest(id=_let_in(w)), "answers": False},
    f"{_SERVICE}/CreateRegistrationToken": {"make": _registration_token},
}
"""Fields of `rpc_samples.Sample` by method."""
