"""The scopes of Funia and its roles: which scopes a role gives, and whose records it shows.

Nine roles are built in and the same everywhere; companies make more. `role_of` is the one way from a person to a role.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.caller import EVERY_FIELD, VISIBILITIES, FieldRights, Visibility

SCOPES: dict[str, str] = {
    "contacts.read": "See contacts and companies",
    "contacts.write": "Create and change contacts and companies",
    "contacts.import": "Import files of contacts and companies",
    "contacts.export": "Export contacts and companies",
    "sales.read": "See deals, quotes and orders",
    "sales.write": "Create and change deals, quotes and orders",
    "sales.reopen": "Open won and lost deals again",
    "sales.approve_discount": "Agree to discounts beyond the policy",
    "sales.import": "Import files of leads, products, deals and orders",
    "sales.admin": "Set up products, prices, pipelines and stores",
    "marketing.read": "See campaigns and segments",
    "marketing.write": "Create and change campaigns and segments",
    "support.read": "See tickets and conversations",
    "support.write": "Create and answer tickets",
    "support.admin": "Set up queues, service levels and working hours of support",
    "analytics.read": "See reports",
    "identity.read": "See the company and its people",
    "identity.approve": "Approve or reject what waits for approval",
    "identity.reports": "Have reports sent regularly by e-mail",
    "identity.webhooks": "Send events to other systems by webhooks",
    "identity.admin": "Manage the company, its people and its apps",
    "identity.audit": "Read the audit log of the company",
    "identity.export": "Export everything the company has",
    "identity.scim": "Create, change and suspend people from the company's directory",
}
"""Every scope of an API method, with what a person reads on the consent page."""

OPERATE = "platform.operate"
"""The scope of operators of the platform. No role has it and no app gets it: it comes with an operator's session."""

OPENID_SCOPES: dict[str, str] = {
    "openid": "Confirm who you are",
    "profile": "See your name and language",
    "email": "See your e-mail address",
    "offline_access": "Stay connected while you are away",
}
"""Scopes of OpenID Connect; they open no API method."""


@dataclass(frozen=True, slots=True)
class Role:
    """A set of scopes and a visibility. Only a role of a company's own has an id, a version and words of its own."""

    name: str
    scopes: frozenset[str]
    visibility: Visibility
    id: UUID | None = None
    version: int = 0
    fields: FieldRights = EVERY_FIELD
    title: str = ""
    description: str = ""
    created_at: datetime | None = None


def _role(name: str, visibility: Visibility, scopes: str) -> Role:
    return Role(name, frozenset(scopes.split()), visibility)


_EVERYTHING = " ".join(SCOPES)
ADMINS_ONLY = frozenset({"identity.admin", "identity.audit", "identity.export", "identity.scim", "identity.webhooks"})
"""Scopes that give a way around field rights: to other roles, to apps, and to files that tell of everything."""

OWNER = "owner"
ROLES: dict[str, Role] = {
    role.name: role
    for role in (
        _role(OWNER, "all", _EVERYTHING),
        _role("admin", "all", _EVERYTHING),
        _role("manager", "team", " ".join(scope for scope in SCOPES if scope not in ADMINS_ONLY)),
        _role(
            "seller",
            "own",
            "contacts.read contacts.write contacts.import sales.read sales.write marketing.read support.read "
            "analytics.read identity.read identity.approve identity.reports",
        ),
        _role(
            "marketer",
            "all",
            "contacts.read contacts.write contacts.import contacts.export sales.read marketing.read marketing.write "
            "analytics.read identity.read identity.approve identity.reports",
        ),
        _role(
            "support_agent",
            "all",
            "contacts.read contacts.write sales.read support.read support.write analytics.read "
            "identity.read identity.approve identity.reports",
        ),
        _role(
            "clerk",
            "own",
            "contacts.read contacts.write sales.read sales.write identity.read identity.approve identity.reports",
        ),
        _role(
            "analyst",
            "all",
            "contacts.read contacts.export sales.read marketing.read support.read analytics.read identity.read "
            "identity.reports",
        ),
        _role(
            "viewer",
            "all",
            "contacts.read sales.read marketing.read support.read analytics.read identity.read identity.reports",
        ),
    )
}


OWNERS: dict[str, Role] = {visibility: replace(ROLES[OWNER], visibility=visibility) for visibility in VISIBILITIES}
"""The role of owners by what the company lets them see."""


def role_of(member: Any) -> Role | None:
    """The role of a row of `queries.user.rights` or `queries.tenant.of_user`; None where there is no such role."""
    built_in = OWNERS[member.owner_visibility] if member.role == OWNER else ROLES.get(member.role)
    if built_in is not None or member.role_id is None:
        return built_in
    return Role(
        name=member.role,
        scopes=frozenset(member.role_scopes).intersection(SCOPES),
        visibility=member.role_visibility,
        id=member.role_id,
        version=member.role_version,
        fields=field_rights(member.role_hidden, member.role_read_only),
    )


def field_rights(hidden: Sequence[str], read_only: Sequence[str]) -> FieldRights:
    """The field rights of a role's row."""
    return FieldRights(frozenset(hidden), frozenset(read_only)) if hidden or read_only else EVERY_FIELD


def from_row(row: Any) -> Role:
    """A role of a company's own from its row."""
    return Role(
        name=row.name,
        scopes=frozenset(row.scopes).intersection(SCOPES),
        visibility=row.visibility,
        id=row.id,
        version=row.version,
        fields=field_rights(row.hidden_fields, row.read_only_fields),
        title=row.title,
        description=row.description,
        created_at=row.created_at,
    )
