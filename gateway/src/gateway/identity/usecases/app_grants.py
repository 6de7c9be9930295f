"""What a company lets apps of other companies do: let in for chosen scopes, listed, shut out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chassis.errors import Conflict, FailedPrecondition, NotFound, PermissionDenied, invalid_field
from chassis.ids import uuid7
from chassis.work import Row, Work

from gateway.identity import events
from gateway.identity.platform import platform_rights
from gateway.identity.queries import app_grant as queries
from gateway.identity.queries import client as clients
from gateway.identity.queries import tenant as tenants
from gateway.identity.roles import OPENID_SCOPES
from gateway.identity.secret_values import digest, new_secret
from gateway.identity.usecases.webhook_endings import disable_of_app


@dataclass(frozen=True, slots=True)
class NewRegistrationToken:
    """A token that nobody can read again."""

    token: str
    expires_at: datetime


def page(work: Work, *, limit: int, after: tuple[datetime, UUID] | None) -> list[tuple[Row, Row]]:
    """Grants with name and publisher of their apps."""
    rows = queries.page(work, limit=limit, after=after)
    return _named(work, rows)


def let_in(work: Work, client_id: str, scopes: Sequence[str]) -> tuple[Row, Row]:
    """Lets a published app in for these scopes, or gives an app let in before these in place of its former ones.

    Raises NotFound where no company published such an app, PermissionDenied where the caller would give more than he
    has, InvalidArgument for scopes that the app does not ask for.
    """
    company = tenants.get(work)
    with platform_rights(work) as platform:
        app = clients.by_client_id(platform, client_id)
    # In their maker's sandbox apps need no review.
    tried = app is not None and company is not None and app.tenant_id == company.sandbox_of
    known = app is not None and (app.status == "published" or (tried and app.status in ("draft", "in_review")))
    if app is None or not known or not app.tenant_is_open:
        raise NotFound("There is no published app with this client_id.", reason="APP_NOT_FOUND")
    if app.tenant_id == work.tenant_id:
        raise FailedPrecondition("This app is your own; it needs no grant.", reason="OWN_APP")
    wanted = sorted(set(scopes))
    if unknown := sorted(set(wanted) - set(app.scopes)):
        raise invalid_field("scopes", f"the app does not ask for {', '.join(unknown)}", reason="UNKNOWN_SCOPE")
    if beyond := sorted(set(wanted) - set(OPENID_SCOPES) - work.caller.scopes):
        raise PermissionDenied(
            f"You cannot give an app scopes that you do not have: {', '.join(beyond)}.", reason="SCOPE_BEYOND_OWN"
        )
    row = queries.of_client(work, client_id)
    grant_id, verb = (uuid7(), "created") if row is None else (row.id, "changed")
    if row is None:
        queries.add(
            work,
            id=grant_id,
            client_id=client_id,
            scopes=wanted,
            version=1,
            created_at=work.now,
            created_by=work.caller.actor_id,
            updated_at=work.now,
            updated_by=work.caller.actor_id,
            revoked_at=None,
        )
    else:
        queries.change(work, grant_id, wanted)
        if not set(row.scopes) <= set(wanted):
            _end_consents(work, client_id, "app_grant_narrowed")
    row = queries.get(work, grant_id)
    assert row is not None
    work.record(events.app_grant_changed(verb, row))
    return _named(work, [row])[0]


def shut_out(work: Work, grant_id: UUID) -> None:
    """Ends a grant with every consent that people gave the app, and what is sent to webhooks that it made.

    Raises NotFound where there is none.
    """
    row = queries.get(work, grant_id)
    if row is None:
        raise NotFound(f"There is no grant {grant_id} in your company.", reason="GRANT_NOT_FOUND")
    if not queries.revoke(work, grant_id):
        raise Conflict("Somebody else revoked this at the same time.", reason="CONCURRENT_WRITE")
    _end_consents(work, row.client_id, "app_grant_revoked")
    work.record(events.app_grant_changed("revoked", row, version=row.version + 1))


def new_registration_token(work: Work, *, lifetime_s: int) -> NewRegistrationToken:
    """A token for programs that register clients of the company, for scopes of the caller.

    Raises NotFound where the company has no app that the platform reviewed and published.
    """
    if not clients.has_published(work):
        raise NotFound(
            "Your company has no published app, and only partners with one register clients by program. "
            "Ask for the review of an app first.",
            reason="PARTNER_NOT_REVIEWED",
        )
    token, expires_at = new_secret(), work.now + timedelta(seconds=lifetime_s)
    queries.add_token(
        work,
        id=uuid7(),
        token_hash=digest(token),
        scopes=sorted(work.caller.scopes),
        created_at=work.now,
        created_by=work.caller.actor_id,
        expires_at=expires_at,
    )
    return NewRegistrationToken(token, expires_at)


def _end_consents(work: Work, client_id: str, reason: str) -> None:
    disable_of_app(work, client_id)
    ended = queries.revoke_consents(work, client_id, reason)
    work.record_all([events.grant_revoked(row, reason) for row in ended])


def _named(work: Work, rows: list[Row]) -> list[tuple[Row, Row]]:
    with platform_rights(work) as platform:
        names = clients.names(platform, [row.client_id for row in rows])
    return [(row, names[row.client_id]) for row in rows]
