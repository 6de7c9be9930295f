"""Statements on single sign-on: connections, domains, who came by them, and log-ins under way."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.statements import text
from chassis.work import Row, Work

from gateway.identity.platform import PlatformWork

_CONNECTION_COLUMNS = "tenant_id, issuer, client_id, secret_jwe, default_role, sso_only, version"
_CONNECTION = text(
    f"SELECT {_CONNECTION_COLUMNS} FROM sso_connection WHERE tenant_id = %(tenant_id)s FOR UPDATE", "tenant_id"
)
_READ_CONNECTION = text(
    f"SELECT {_CONNECTION_COLUMNS} FROM sso_connection WHERE tenant_id = %(tenant_id)s", "tenant_id"
)
_SET_CONNECTION = text(
    """
    INSERT INTO sso_connection (tenant_id, issuer, client_id, secret_jwe, default_role, sso_only, version, updated_at)
    VALUES (%(tenant_id)s, %(issuer)s, %(client_id)s, %(secret_jwe)s, %(default_role)s, %(sso_only)s, %(version)s,
            %(at)s)
    ON CONFLICT (tenant_id) DO UPDATE SET
        issuer = excluded.issuer, client_id = excluded.client_id, secret_jwe = excluded.secret_jwe,
        default_role = excluded.default_role, sso_only = excluded.sso_only, version = excluded.version,
        updated_at = excluded.updated_at
    """,
    "tenant_id",
)
_DROP_CONNECTION = text("DELETE FROM sso_connection WHERE tenant_id = %(tenant_id)s", "tenant_id")
_DROP_IDENTITIES = text("DELETE FROM sso_identity WHERE tenant_id = %(tenant_id)s", "tenant_id")
_DOMAIN_COLUMNS = "domain, proof, created_at, verified_at"
_DOMAINS = text(
    f"SELECT {_DOMAIN_COLUMNS} FROM sso_domain WHERE tenant_id = %(tenant_id)s ORDER BY domain", "tenant_id"
)
_DOMAIN = text(
    f"SELECT {_DOMAIN_COLUMNS} FROM sso_domain WHERE tenant_id = %(tenant_id)s AND domain = %(domain)s", "tenant_id"
)
_ADD_DOMAIN = text(
    """
    INSERT INTO sso_domain (tenant_id, domain, proof, created_at) VALUES (%(tenant_id)s, %(domain)s, %(proof)s, %(at)s)
    ON CONFLICT DO NOTHING
    """,
    "tenant_id",
)
_VERIFY_DOMAIN = text(
    """
    UPDATE sso_domain SET verified_at = %(at)s
     WHERE tenant_id = %(tenant_id)s AND domain = %(domain)s AND verified_at IS NULL
    """,
    "tenant_id",
)
_DROP_DOMAIN = text("DELETE FROM sso_domain WHERE tenant_id = %(tenant_id)s AND domain = %(domain)s", "tenant_id")
_LINKED = text(
    """
    SELECT user_id FROM sso_identity
     WHERE tenant_id = %(tenant_id)s AND issuer = %(issuer)s AND subject = %(subject)s
    """,
    "tenant_id",
)
_LINK = text(
    """
    INSERT INTO sso_identity (tenant_id, issuer, subject, user_id, created_at)
    VALUES (%(tenant_id)s, %(issuer)s, %(subject)s, %(user_id)s, %(at)s)
    """,
    "tenant_id",
)
_COMPANIES = text(
    """
    SELECT sso_connection.tenant_id, tenant.name
      FROM sso_domain JOIN sso_connection USING (tenant_id) JOIN tenant USING (tenant_id)
     WHERE sso_domain.domain = %(domain)s AND sso_domain.verified_at IS NOT NULL
       AND tenant.status IN ('trial', 'active', 'past_due')
     ORDER BY tenant.name, tenant.tenant_id LIMIT %(limit)s
    """
)
_REFUSES_PASSWORDS = text("SELECT sso_only FROM sso_connection WHERE tenant_id = %(of_tenant)s")
_REFUSING = text("SELECT tenant_id FROM sso_connection WHERE sso_only AND tenant_id = ANY (%(companies)s::uuid[])")
_BEGIN = text(
    """
    INSERT INTO sso_request (state_hash, browser_hash, for_tenant, issuer, nonce, verifier_jwe, target, expires_at)
    VALUES (%(state_hash)s, %(browser_hash)s, %(for_tenant)s, %(issuer)s, %(nonce)s, %(verifier_jwe)s, %(target)s,
            %(expires_at)s)
    """
)
_TAKE = text(
    """
    DELETE FROM sso_request
     WHERE state_hash = %(state_hash)s AND browser_hash = %(browser_hash)s AND expires_at > %(at)s
    RETURNING for_tenant, issuer, nonce, verifier_jwe, target
    """
)
_BIND = text("UPDATE session SET bound = true WHERE token_hash = %(token_hash)s")
_IS_BOUND = text("SELECT bound FROM session WHERE token_hash = %(token_hash)s")


def connection(work: Work) -> Row | None:
    """The company's provider."""
    return work.row(_READ_CONNECTION)


def connection_for_update(work: Work) -> Row | None:
    """The company's provider, locked until the transaction ends."""
    return work.row(_CONNECTION)


def set_connection(work: Work, **values: Any) -> None:
    """Writes the company's provider."""
    work.execute(_SET_CONNECTION, at=work.now, **values)


def forget_links(work: Work) -> None:
    """Forgets who came by the provider."""
    work.execute(_DROP_IDENTITIES)


def drop_connection(work: Work) -> None:
    """Deletes the provider, and who came by it."""
    forget_links(work)
    work.execute(_DROP_CONNECTION)


def domains(work: Work) -> list[Row]:
    """Domains of the company, by name."""
    return work.rows(_DOMAINS)


def domain(work: Work, name: str) -> Row | None:
    """One domain of the company."""
    return work.row(_DOMAIN, domain=name)


def add_domain(work: Work, name: str, proof: str) -> bool:
    """Writes a domain that is not proven; False where the company has it already."""
    return work.execute(_ADD_DOMAIN, domain=name, proof=proof, at=work.now) == 1


def mark_verified(work: Work, name: str) -> bool:
    """Notes that a domain is proven; False where it was before."""
    return work.execute(_VERIFY_DOMAIN, domain=name, at=work.now) == 1


def drop_domain(work: Work, name: str) -> bool:
    """Deletes a domain; False where there is none."""
    return work.execute(_DROP_DOMAIN, domain=name) == 1


def linked(work: Work, issuer: str, subject: str) -> Row | None:
    """Who came by the provider under this subject before."""
    return work.row(_LINKED, issuer=issuer, subject=subject)


def link(work: Work, issuer: str, subject: str, user_id: UUID) -> None:
    """Remembers who came."""
    work.execute(_LINK, issuer=issuer, subject=subject, user_id=user_id, at=work.now)


def companies_of_domain(platform: PlatformWork, name: str, *, limit: int) -> list[Row]:
    """Companies whose people of this domain log in by a provider."""
    return platform.rows(_COMPANIES, domain=name, limit=limit)


def refuses_passwords(platform: PlatformWork, tenant_id: UUID) -> bool:
    """Whether a company lets its people in by its provider alone."""
    row = platform.row(_REFUSES_PASSWORDS, of_tenant=tenant_id)
    return row is not None and bool(row.sso_only)


def refusing_passwords(platform: PlatformWork, companies: list[UUID]) -> set[UUID]:
    """Those of these companies that let their people in by their provider alone."""
    return {row.tenant_id for row in platform.rows(_REFUSING, companies=companies)}


def begin(platform: PlatformWork, *, expires_at: datetime, **values: Any) -> None:
    """Keeps a log-in that goes to the provider."""
    platform.execute(_BEGIN, expires_at=expires_at, **values)


def take(platform: PlatformWork, state_hash: bytes, browser_hash: bytes) -> Row | None:
    """The log-in that comes back to the browser that began it, once."""
    return platform.row(_TAKE, state_hash=state_hash, browser_hash=browser_hash, at=platform.now)


def bind_session(platform: PlatformWork, token_hash: bytes) -> None:
    """Holds a session to the company it was opened in."""
    platform.execute(_BIND, token_hash=token_hash)


def is_bound(platform: PlatformWork, token_hash: bytes) -> bool:
    """Whether a session is held to its company."""
    row = platform.row(_IS_BOUND, token_hash=token_hash)
    return row is not None and bool(row.bound)
