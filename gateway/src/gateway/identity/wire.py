"""The one mapper between identity's rows and its messages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
from funia.identity.v1.app_pb2 import Grant
from funia.identity.v1.custom_field_pb2 import CustomField
from funia.identity.v1.invitation_pb2 import Invitation
from funia.identity.v1.sharing_rule_pb2 import SharingRule
from funia.identity.v1.team_pb2 import Team
from funia.identity.v1.tenant_pb2 import OAuthClient, Role, Tenant, User
from google.protobuf.timestamp_pb2 import Timestamp

from gateway.identity import roles


def tenant(row: Any) -> Tenant:
    """A company from its row."""
    return Tenant(
        id=str(row.tenant_id),
        etag=str(row.version),
        slug=row.slug,
        name=row.name,
        status=row.status,
        country_code=row.country_code,
        currency_code=row.currency_code,
        time_zone=row.time_zone,
        locale=row.locale,
        accent_color=row.accent_color,
        second_factor_required=row.second_factor_required,
        owner_visibility=row.owner_visibility,
        created_at=timestamp(row.created_at),
    )


def user(row: Any) -> User:
    """A person from the row of the membership."""
    return User(
        id=str(row.user_id),
        etag=str(row.version),
        email=row.email,
        full_name=row.full_name,
        role=row.role,
        status=row.status,
        locale=row.locale,
        team_id="" if row.team_id is None else str(row.team_id),
        created_at=timestamp(row.created_at),
    )


def role(value: roles.Role) -> Role:
    """A role, built in or the company's own."""
    return Role(
        name=value.name,
        scopes=sorted(value.scopes),
        visibility=value.visibility,
        hidden_fields=sorted(value.fields.hidden),
        read_only_fields=sorted(value.fields.read_only),
        title=value.title,
        description=value.description,
        built_in=value.id is None,
        etag=str(value.version) if value.id else "",
        created_at=timestamp(value.created_at) if value.created_at else None,
    )


def team(row: Any) -> Team:
    """A team from its row."""
    return Team(
        id=str(row.id),
        etag=str(row.version),
        name=row.name,
        parent_id="" if row.parent_id is None else str(row.parent_id),
        lead_id="" if row.lead_id is None else str(row.lead_id),
        created_at=timestamp(row.created_at),
    )


def sharing_rule(row: Any) -> SharingRule:
    """A sharing rule from its row."""
    return SharingRule(
        id=str(row.id),
        name=row.name,
        source_kind=row.source_kind,
        source_id=str(row.source_id),
        grantee_kind=row.grantee_kind,
        grantee_id=row.grantee_id,
        level=row.level,
        etag=str(row.version),
        created_at=timestamp(row.created_at),
    )


def client(row: Any, *, secret: str = "") -> OAuthClient:
    """A client from its row; the secret only in the answer that registers it."""
    return OAuthClient(
        id=str(row.id),
        client_id=row.client_id,
        client_secret=secret,
        name=row.name,
        redirect_uris=row.redirect_uris,
        scopes=row.scopes,
        grant_types=row.grant_types,
        public=row.secret_hash is None and row.jwks is None,
        jwks="" if row.jwks is None else orjson.dumps(row.jwks).decode(),
        require_pushed_requests=row.requires_pushed,
        dpop_bound_access_tokens=row.binds_tokens,
        status=row.status,
        description=row.description,
        homepage_url=row.homepage_url,
        visibility=row.visibility,
        review_note=row.review_note,
        created_at=timestamp(row.created_at),
    )


def invitation(row: Any) -> Invitation:
    """An open invitation from its row."""
    return Invitation(
        id=str(row.id),
        email=row.email,
        role=row.role,
        team_id="" if row.team_id is None else str(row.team_id),
        locale=row.locale,
        invited_by=str(row.invited_by),
        created_at=timestamp(row.created_at),
        sent_at=timestamp(row.sent_at),
        expires_at=timestamp(row.expires_at),
    )


def app_grant(row: Any, app: Any) -> Grant:
    """What a company lets an app do, from the grant's row and the app's."""
    return Grant(
        id=str(row.id),
        client_id=row.client_id,
        app_name=app.name,
        publisher=app.publisher,
        scopes=row.scopes,
        granted_by=str(row.created_by),
        created_at=timestamp(row.created_at),
    )


def custom_field(row: Any) -> CustomField:
    """A custom field from its row."""
    return CustomField(
        id=str(row.id),
        etag=str(row.version),
        object=row.object,
        key=row.key,
        label=row.label,
        type=row.type,
        options=row.options,
        references=row.refers_to,
        required=row.required,
        searchable=row.searchable,
        position=row.position,
        archived=row.archived,
        created_at=timestamp(row.created_at),
    )


def timestamp(value: datetime) -> Timestamp:
    """A moment as a message."""
    moment = Timestamp()
    moment.FromDatetime(value)
    return moment
