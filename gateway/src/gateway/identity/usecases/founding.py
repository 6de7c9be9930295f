"""Makes a company with its owner. Whoever may be an owner has been decided by the callers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from chassis.caller import Caller
from chassis.ids import uuid7
from chassis.work import Row

from gateway.identity import events, roles
from gateway.identity.platform import PlatformWork, as_tenant
from gateway.identity.queries import tenant as tenants
from gateway.identity.queries import user as users
from gateway.identity.secret_values import new_secret
from gateway.identity.usecases.company_defaults import currency_of, slug_of, time_zone_of
from gateway.identity.usecases.members import add_member

_SLUG_TRIES = 5


@dataclass(frozen=True, slots=True)
class Founder:
    """The first person of a company, who has an account."""

    user_id: UUID
    email: str
    full_name: str


@dataclass(frozen=True, slots=True)
class Founded:
    """The new company and its first person, as rows."""

    tenant: Row
    user: Row


def found(
    platform: PlatformWork,
    founder: Founder,
    *,
    company_name: str,
    locale: str,
    country_code: str,
    status: Literal["trial", "active"],
    request_id: str,
    sandbox_of: UUID | None = None,
) -> Founded:
    """Makes the company in the running transaction."""
    tenant_id = uuid7()
    slug = _free_slug(platform, company_name, tenant_id)
    role = roles.ROLES[roles.OWNER]
    caller = Caller(
        tenant_id=tenant_id,
        actor_type="user",
        actor_id=founder.user_id,
        scopes=role.scopes,
        visibility=role.visibility,
        request_id=request_id,
    )
    with as_tenant(platform, caller) as work:
        tenants.add(
            work,
            slug=slug,
            name=company_name,
            status=status,
            country_code=country_code,
            currency_code=currency_of(country_code, work.now.date()),
            time_zone=time_zone_of(country_code),
            locale=locale,
            accent_color="",
            second_factor_required=False,
            sandbox_of=sandbox_of,
            version=1,
            created_at=work.now,
            updated_at=work.now,
        )
        add_member(
            work, founder.user_id, email=founder.email, full_name=founder.full_name, role=roles.OWNER, locale=locale
        )
        tenant, user = tenants.get(work), users.get(work, founder.user_id)
        work.record(events.tenant_changed("created", tenant))
        work.record(events.user_changed("activated", user))
    return Founded(tenant, user)


def _free_slug(platform: PlatformWork, name: str, tenant_id: UUID) -> str:
    slug = wanted = slug_of(name)
    for _ in range(_SLUG_TRIES):
        if tenants.take_slug(platform, slug, tenant_id):
            return slug
        slug = f"{wanted}-{new_secret()[:6].lower().replace('_', '0').replace('-', '1')}"
    raise RuntimeError("no free slug was found in five random tries")
