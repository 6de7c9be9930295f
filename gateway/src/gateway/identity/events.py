"""Events of identity: ids and states, never names or addresses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from chassis.envelope import Event
from funia.identity.v1.events_pb2 import (
    AppGrantChanged,
    AuditCheckpointed,
    ClientChanged,
    CustomFieldChanged,
    GrantRevoked,
    RoleChanged,
    SharingRuleChanged,
    TeamChanged,
    TenantChanged,
    TokenRevoked,
    UserChanged,
)
from funia.identity.v1.log_in_events_pb2 import (
    InvitationChanged,
    SecondFactorChanged,
    SessionChanged,
    SessionsEnded,
)
from funia.identity.v1.webhook_events_pb2 import WebhookEndpointChanged


def tenant_changed(verb: str, row: Any, *, placement: str = "pooled", changed_fields: tuple[str, ...] = ()) -> Event:
    """``identity.tenant.<verb>``, from the company's row."""
    return Event(
        f"identity.tenant.{verb}",
        row.tenant_id,
        row.version,
        TenantChanged(
            tenant_id=str(row.tenant_id),
            status=row.status,
            placement=placement,
            country_code=row.country_code,
            currency_code=row.currency_code,
            time_zone=row.time_zone,
            locale=row.locale,
        ),
        changed_fields,
    )


def user_changed(verb: str, row: Any, *, changed_fields: tuple[str, ...] = ()) -> Event:
    """``identity.user.<verb>``, from the membership's row."""
    return Event(
        f"identity.user.{verb}",
        row.user_id,
        row.version,
        UserChanged(
            user_id=str(row.user_id),
            status=row.status,
            role=row.role,
            team_id="" if row.team_id is None else str(row.team_id),
        ),
        changed_fields,
    )


def invitation_changed(event_type: str, row: Any) -> Event:
    """``identity.user.invited`` or ``identity.invitation.revoked``, from the invitation's row."""
    return Event(
        event_type,
        row.id,
        row.version,
        InvitationChanged(
            invitation_id=str(row.id),
            status=row.status,
            role=row.role,
            team_id="" if row.team_id is None else str(row.team_id),
        ),
    )


def sessions_ended(member: Any, reason: str) -> Event:
    """``identity.user.sessions_ended``, from the membership's row under its new version: tokens of former ones end."""
    return Event(
        "identity.user.sessions_ended",
        member.user_id,
        member.version,
        SessionsEnded(user_id=str(member.user_id), reason=reason),
    )


def second_factor_changed(member: Any, change: str) -> Event:
    """``identity.user.second_factor_changed``, from the membership's row."""
    return Event(
        "identity.user.second_factor_changed",
        member.user_id,
        member.version,
        SecondFactorChanged(user_id=str(member.user_id), change=change),
    )


def app_grant_changed(verb: str, row: Any, *, version: int = 0) -> Event:
    """``identity.app_grant.<verb>``: a company let an app of another in, or shut it out; from the grant's row."""
    payload = AppGrantChanged(client_id=row.client_id, scopes=sorted(row.scopes))
    return Event(f"identity.app_grant.{verb}", row.id, version or row.version, payload)


def client_changed(verb: str, record_id: UUID, version: int, *, client_id: str, scopes: Iterable[str]) -> Event:
    """``identity.client.authorized`` or ``revoked``."""
    return Event(
        f"identity.client.{verb}", record_id, version, ClientChanged(client_id=client_id, scopes=sorted(scopes))
    )


def audit_checkpointed(tenant_id: UUID, sequence: int, hash_hex: str, statement: str) -> Event:
    """``identity.audit.checkpointed``; the version is the sequence of the signed entry."""
    return Event(
        "identity.audit.checkpointed",
        tenant_id,
        sequence,
        AuditCheckpointed(sequence=sequence, hash=hash_hex, statement=statement),
    )


def grant_revoked(grant: Any, reason: str) -> Event:
    """``identity.grant.revoked``, from the grant's row."""
    payload = GrantRevoked(client_id=grant.client_id, user_id=str(grant.user_id), reason=reason)
    return Event("identity.grant.revoked", grant.id, 2, payload)


def custom_field_changed(verb: str, row: Any, *, changed_fields: tuple[str, ...] = ()) -> Event:
    """``identity.custom_field.created`` or ``updated``, from the field's row. Its label stays here."""
    return Event(
        f"identity.custom_field.{verb}",
        row.id,
        row.version,
        CustomFieldChanged(
            field_id=str(row.id),
            object=row.object,
            key=row.key,
            type=row.type,
            options=row.options,
            references=row.refers_to,
            required=row.required,
            searchable=row.searchable,
            archived=row.archived,
        ),
        changed_fields,
    )


def session_ended(session_id: UUID, user_id: UUID) -> Event:
    """``identity.session.ended``."""
    payload = SessionChanged(session_id=str(session_id), user_id=str(user_id))
    return Event("identity.session.ended", session_id, 2, payload)


def token_revoked(token_id: UUID, client_id: str) -> Event:
    """``identity.token.revoked``: one access token that no grant and no session stands behind."""
    return Event("identity.token.revoked", token_id, 2, TokenRevoked(client_id=client_id))


def webhook_endpoint_changed(
    verb: str, endpoint_id: UUID, version: int, *, disabled_reason: str = "", changed_fields: tuple[str, ...] = ()
) -> Event:
    """``identity.webhook_endpoint.<verb>``."""
    payload = WebhookEndpointChanged(
        endpoint_id=str(endpoint_id), disabled=bool(disabled_reason), disabled_reason=disabled_reason
    )
    return Event(f"identity.webhook_endpoint.{verb}", endpoint_id, version, payload, changed_fields)


def role_changed(
    verb: str, row: Any, *, version: int, replacement: str = "", changed_fields: tuple[str, ...] = ()
) -> Event:
    """``identity.role.<verb>``, from the row of a role of the company's own."""
    payload = RoleChanged(
        name=row.name,
        scopes=sorted(row.scopes),
        visibility=row.visibility,
        replacement=replacement,
        hidden_fields=row.hidden_fields,
        read_only_fields=row.read_only_fields,
    )
    return Event(f"identity.role.{verb}", row.id, version, payload, changed_fields)


def team_changed(
    verb: str, row: Any, *, tree_version: int, version: int = 0, changed_fields: tuple[str, ...] = ()
) -> Event:
    """``identity.team.<verb>``, from the team's row; `version` where it is not the row's own."""
    payload = TeamChanged(
        parent_id="" if row.parent_id is None else str(row.parent_id),
        lead_id="" if row.lead_id is None else str(row.lead_id),
        tree_version=tree_version,
    )
    return Event(f"identity.team.{verb}", row.id, version or row.version, payload, changed_fields)


def sharing_rule_changed(
    verb: str, row: Any, *, rules_version: int, version: int = 0, changed_fields: tuple[str, ...] = ()
) -> Event:
    """``identity.sharing_rule.<verb>``, from the rule's row; `version` where it is not the row's own."""
    payload = SharingRuleChanged(
        source_kind=row.source_kind,
        source_id=str(row.source_id),
        grantee_kind=row.grantee_kind,
        grantee_id=row.grantee_id,
        level=row.level,
        rules_version=rules_version,
    )
    return Event(f"identity.sharing_rule.{verb}", row.id, version or row.version, payload, changed_fields)
