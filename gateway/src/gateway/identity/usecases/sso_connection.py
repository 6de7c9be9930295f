"""Connecting a company's OpenID provider, and proving that e-mail domains are the company's own."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from chassis.errors import FailedPrecondition, InvalidArgument, Violation, invalid_field
from chassis.vault import Vault
from chassis.work import Row, Work

from gateway.errors import domain_not_found, stale
from gateway.identity import sso_events as events
from gateway.identity.queries import sso as queries
from gateway.identity.roles import OWNER
from gateway.identity.secret_values import new_secret
from gateway.identity.usecases.people import check_role
from gateway.settings import GatewaySettings
from gateway.sso.domains import TextRecords, record_name, record_value

SECRET_PURPOSE = "sso-client-secret"
REDIRECT_PATH = "/log-in/sso/callback"
_FIELDS = ("issuer", "client_id", "default_role", "sso_only")


@dataclass(frozen=True, slots=True)
class ConnectionDraft:
    """What an administrator says of the provider. An empty secret keeps the one that is there."""

    issuer: str
    client_id: str
    client_secret: str
    default_role: str
    sso_only: bool


class SsoConnections:
    """Writes connections and domains. Thread-safe."""

    def __init__(self, vault: Vault, records: TextRecords, settings: GatewaySettings) -> None:
        self._vault = vault
        self._records = records
        self._settings = settings

    @property
    def redirect_uri(self) -> str:
        """Where providers send people back to."""
        return self._settings.issuer.rstrip("/") + REDIRECT_PATH

    def set(self, work: Work, draft: ConnectionDraft, *, etag: str) -> Row:
        """Connects, or changes the connection. Raises InvalidArgument naming every bad field.

        Another issuer forgets who came by the former one: the same subject there may be somebody else.
        """
        before = queries.connection_for_update(work)
        if etag and etag != str(before.version if before else 0):
            raise stale(etag, before.version if before else 0)
        self._check(work, draft, is_new=before is None)
        if before is not None and before.issuer != draft.issuer:
            queries.forget_links(work)
        sealed = self._vault.encrypt(SECRET_PURPOSE, draft.client_secret.encode()) if draft.client_secret else ""
        changed = tuple(name for name in _FIELDS if before is None or getattr(before, name) != getattr(draft, name))
        if sealed:
            changed = (*changed, "client_secret")
        queries.set_connection(
            work,
            issuer=draft.issuer,
            client_id=draft.client_id,
            secret_jwe=sealed or (before.secret_jwe if before else ""),
            default_role=draft.default_role,
            sso_only=draft.sso_only,
            version=before.version + 1 if before else 1,
        )
        row = queries.connection(work)
        verb = "updated" if before else "connected"
        work.record(events.sso_changed(verb, row, changed_fields=changed))
        return row

    def drop(self, work: Work) -> None:
        """Disconnects; nothing happens where nothing is connected."""
        row = queries.connection_for_update(work)
        if row is not None:
            queries.drop_connection(work)
            work.record(events.sso_changed("disconnected", row))

    def add_domain(self, work: Work, name: str) -> Row:
        """Adds a domain that is still to be proven; one that is there already stays as it is."""
        name = _normal(name)
        if len(queries.domains(work)) >= self._settings.sso_domains_max:
            raise FailedPrecondition(
                f"Your company has {self._settings.sso_domains_max} domains, which is the most.",
                reason="TOO_MANY_DOMAINS",
            )
        if queries.add_domain(work, name, new_secret()):
            work.record(events.sso_domain_changed("added", work.tenant_id, 1, name))
        return queries.domain(work, name)

    def find_domain(self, work: Work, name: str) -> Row:
        """A domain of the company. Raises NotFound."""
        row = queries.domain(work, _normal(name))
        if row is None:
            raise domain_not_found(name)
        return row

    def is_proven(self, row: Row) -> bool:
        """Whether DNS has the record of a domain now. Waits for DNS: call it outside of transactions."""
        return record_value(row.proof) in self._records(record_name(row.domain))

    def mark_verified(self, work: Work, name: str) -> Row:
        """Notes that a domain is proven."""
        row = self.find_domain(work, name)
        if queries.mark_verified(work, row.domain):
            work.record(events.sso_domain_changed("verified", work.tenant_id, 2, row.domain))
        return self.find_domain(work, name)

    def drop_domain(self, work: Work, name: str) -> None:
        """Takes a domain out. Raises NotFound."""
        name = _normal(name)
        if not queries.drop_domain(work, name):
            raise domain_not_found(name)
        work.record(events.sso_domain_changed("removed", work.tenant_id, 3, name))

    def _check(self, work: Work, draft: ConnectionDraft, *, is_new: bool) -> None:
        violations = []
        parts = urlsplit(draft.issuer)
        schemes = ("https", "http") if self._settings.sso_private_addresses else ("https",)
        if parts.scheme not in schemes or not parts.hostname or parts.query or parts.fragment or parts.username:
            message = "Write the issuer as https://login.example.com, as the provider names itself."
            violations.append(Violation("sso_connection.issuer", message, "INVALID_ISSUER"))
        if is_new and not draft.client_secret:
            violations.append(
                Violation("sso_connection.client_secret", "Give the secret that the provider gave you.", "REQUIRED")
            )
        if violations:
            first = violations[0]
            raise InvalidArgument(f"{first.field}: {first.message}", reason="INVALID_FIELD", violations=violations)
        if draft.default_role == OWNER:
            raise invalid_field(
                "sso_connection.default_role", "choose another role; owners are made by owners", reason="OWNER_ROLE"
            )
        check_role(work, draft.default_role, field="sso_connection.default_role")


def _normal(name: str) -> str:
    return name.strip().rstrip(".").casefold()
