"""OAuth clients as Authlib asks about them, made from the rows of identity or from the few that are built in."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from authlib.oauth2.rfc6749 import ClientMixin
from authlib.oauth2.rfc8628 import DEVICE_CODE_GRANT_TYPE
from chassis.caller import Visibility
from chassis.work import Database

from gateway.identity.model import redirect_uris
from gateway.identity.platform import open_platform_work
from gateway.identity.queries import client as clients
from gateway.identity.roles import OPENID_SCOPES, SCOPES
from gateway.identity.secret_values import digest

_CLIENT_ID_MAX_LENGTH = 100
_SECRETS = frozenset({"client_secret_basic", "client_secret_post"})
CONFIDENTIAL = ["client_secret_basic", "client_secret_post", "private_key_jwt"]
ANY_CLIENT = [*CONFIDENTIAL, "none"]
"""Ways for a client to prove itself."""


@dataclass(frozen=True, slots=True)
class Client(ClientMixin):  # type: ignore[misc]
    """A client. Without secret hash and keys it is public; without a company it serves people of every company."""

    client_id: str
    name: str
    redirect_uris: tuple[str, ...]
    scopes: frozenset[str]
    grant_types: frozenset[str]
    id: UUID | None = None
    tenant_id: UUID | None = None
    secret_hash: bytes | None = None
    jwks: Mapping[str, Any] | None = None
    requires_pushed: bool = False
    binds_tokens: bool = False
    version: int = 0
    locale: str = "en"
    publisher: str = "Funia"
    status: str = "draft"
    description: str = ""
    homepage_url: str = ""
    visibility: Visibility = "all"

    @property
    def is_public(self) -> bool:
        """Whether the client cannot keep a secret."""
        return self.secret_hash is None and self.jwks is None

    def serves(self, tenant_id: UUID, *, sandbox_of: UUID | None = None) -> bool:
        """Whether people of this company may use the client, as far as the client goes: unpublished apps stay home,
        or in the sandboxes of their makers.

        A company that did not make the app must have let it in, too.
        """
        return self.is_at_home(tenant_id) or self.status == "published" or self.tenant_id == sandbox_of

    def is_at_home(self, tenant_id: UUID) -> bool:
        """Whether the client is the company's own, or ours."""
        return self.tenant_id is None or self.tenant_id == tenant_id

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str | None:
        return self.redirect_uris[0] if len(self.redirect_uris) == 1 else None

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """The asked scopes, all registered ones where none are asked; None where any is beyond the registration."""
        asked = set((scope or "").split()) or self.scopes
        return " ".join(sorted(asked)) if asked <= self.scopes else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uris.is_registered(redirect_uri, self.redirect_uris)

    def check_client_secret(self, client_secret: str) -> bool:
        return self.secret_hash is not None and hmac.compare_digest(self.secret_hash, digest(client_secret))

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """Public clients use none, the others their key or their secret; only the latter two may introspect."""
        if self.is_public:
            return method == "none" and endpoint != "introspection"
        if self.jwks is not None:
            return method == "private_key_jwt"
        return method in _SECRETS

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code" and "authorization_code" in self.grant_types

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in self.grant_types


COMMAND_LINE = Client(
    client_id="funia-cli",
    name="Funia command line",
    redirect_uris=("http://127.0.0.1/callback", "http://[::1]/callback"),
    scopes=frozenset({*SCOPES, *OPENID_SCOPES}),
    grant_types=frozenset({"authorization_code", "refresh_token", DEVICE_CODE_GRANT_TYPE}),
)
"""Our own native app: scripts on a person's machine get that person's rights, after the person's consent."""
BUILT_IN = {COMMAND_LINE.client_id: COMMAND_LINE}


class ClientRegistry:
    """Finds clients by client_id. Reads the database each time, so a removed client is gone at once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, client_id: str | None) -> Client | None:
        """The client, or None where there is none, it was suspended or revoked, or its company is closed."""
        if not client_id or len(client_id) > _CLIENT_ID_MAX_LENGTH or "\0" in client_id:
            return None
        if client_id in BUILT_IN:
            return BUILT_IN[client_id]
        with open_platform_work(self._database) as platform:
            row = clients.by_client_id(platform, client_id)
        if row is None or not row.tenant_is_open or row.status in ("suspended", "revoked"):
            return None
        return _from_row(row)


def _from_row(row: Any) -> Client:
    return Client(
        client_id=row.client_id,
        name=row.name,
        redirect_uris=tuple(row.redirect_uris),
        scopes=frozenset(row.scopes),
        grant_types=frozenset(row.grant_types),
        id=row.id,
        tenant_id=row.tenant_id,
        secret_hash=None if row.secret_hash is None else bytes(row.secret_hash),
        jwks=row.jwks,
        requires_pushed=row.requires_pushed,
        binds_tokens=row.binds_tokens,
        version=row.version,
        locale=row.locale,
        publisher=row.publisher,
        status=row.status,
        description=row.description,
        homepage_url=row.homepage_url,
        visibility=row.visibility,
    )
