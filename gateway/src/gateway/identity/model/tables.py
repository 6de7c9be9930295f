"""What a company owns in identity: its own row, its placement, teams, people, clients and their grants."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.tables import NAMING, Table
from sqlalchemy import LargeBinary, MetaData
from sqlalchemy.orm import Mapped, mapped_column


class IdentityTable(Table):
    """Base of identity's tables."""

    __abstract__ = True
    metadata = MetaData(naming_convention=NAMING)


class Tenant(IdentityTable):
    """A company; its id is the tenant id of all its rows."""

    __tablename__ = "tenant"

    slug: Mapped[str]
    name: Mapped[str]
    status: Mapped[str]
    country_code: Mapped[str]
    currency_code: Mapped[str]
    time_zone: Mapped[str]
    locale: Mapped[str]
    accent_color: Mapped[str]
    teams_version: Mapped[int]
    rules_version: Mapped[int]
    second_factor_required: Mapped[bool]
    owner_visibility: Mapped[str]
    sandbox_of: Mapped[UUID | None]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Sandbox(IdentityTable):
    """A company that is a sandbox of this one; `id` is that company's id, too."""

    __tablename__ = "sandbox"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    state: Mapped[str]
    seed: Mapped[int]
    owner_id: Mapped[UUID]
    next_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Placement(IdentityTable):
    """Where the company's rows live in every service: pooled, or a named dedicated database."""

    __tablename__ = "placement"

    kind: Mapped[str]
    database_name: Mapped[str]
    version: Mapped[int]
    updated_at: Mapped[datetime]


class CustomRole(IdentityTable):
    """A role of the company's own, beside the built-in ones. Memberships carry its name."""

    __tablename__ = "role"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    title: Mapped[str]
    description: Mapped[str]
    scopes: Mapped[list[str]]
    visibility: Mapped[str]
    hidden_fields: Mapped[list[str]]
    read_only_fields: Mapped[list[str]]
    version: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]
    updated_at: Mapped[datetime]
    updated_by: Mapped[UUID]


class Team(IdentityTable):
    """A team; teams form a tree. A deleted one stays in it, below the team that took over its records."""

    __tablename__ = "team"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    parent_id: Mapped[UUID | None]
    name: Mapped[str]
    lead_id: Mapped[UUID | None]
    version: Mapped[int]
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class Membership(IdentityTable):
    """A person in a company. Name and language are the company's own record of the person."""

    __tablename__ = "membership"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str]
    full_name: Mapped[str]
    locale: Mapped[str]
    role: Mapped[str]
    team_id: Mapped[UUID | None]
    status: Mapped[str]
    version: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]
    updated_at: Mapped[datetime]
    updated_by: Mapped[UUID]


class OAuthClient(IdentityTable):
    """An app that calls the API in the company's name. Without secret hash and keys it is a public client."""

    __tablename__ = "oauth_client"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[str]
    secret_hash: Mapped[bytes | None] = mapped_column(LargeBinary())
    name: Mapped[str]
    redirect_uris: Mapped[list[str]]
    scopes: Mapped[list[str]]
    grant_types: Mapped[list[str]]
    jwks: Mapped[dict[str, Any] | None]
    requires_pushed: Mapped[bool]
    binds_tokens: Mapped[bool]
    status: Mapped[str]
    description: Mapped[str]
    homepage_url: Mapped[str]
    review_note: Mapped[str]
    visibility: Mapped[str]
    updated_at: Mapped[datetime]
    version: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]
    deleted_at: Mapped[datetime | None]


class OAuthGrant(IdentityTable):
    """What a person allowed a client: the family of every token that came from one consent."""

    __tablename__ = "oauth_grant"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[str]
    user_id: Mapped[UUID]
    scopes: Mapped[list[str]]
    authenticated_at: Mapped[datetime]
    amr: Mapped[list[str]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_for: Mapped[str]
    key_thumbprint: Mapped[str]


class Invitation(IdentityTable):
    """A person asked by e-mail to join the company. `invited_by_type` tells whether a person or an app asked."""

    __tablename__ = "invitation"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str]
    role: Mapped[str]
    team_id: Mapped[UUID | None]
    locale: Mapped[str]
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary())
    status: Mapped[str]
    version: Mapped[int]
    invited_by: Mapped[UUID]
    invited_by_type: Mapped[str]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[UUID | None]


class AppGrant(IdentityTable):
    """What a company lets an app of another company do; people's own consents stay within it."""

    __tablename__ = "app_grant"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[str]
    scopes: Mapped[list[str]]
    version: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]
    updated_at: Mapped[datetime]
    updated_by: Mapped[UUID]
    revoked_at: Mapped[datetime | None]


class RegistrationToken(IdentityTable):
    """A token with which a partner's programs register clients."""

    __tablename__ = "registration_token"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary())
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]
    expires_at: Mapped[datetime]
