"""Companies in which those who build on the API try what they build. `gateway.sandboxes` fills them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from chassis.caller import Caller
from chassis.errors import FailedPrecondition, NotFound
from chassis.work import Row, Work

from gateway.identity.platform import PlatformWork, as_tenant, platform_rights
from gateway.identity.queries import client as client_queries
from gateway.identity.queries import sandbox as queries
from gateway.identity.queries import tenant as tenants
from gateway.identity.queries import user as users
from gateway.identity.roles import SCOPES
from gateway.identity.usecases import clients, plans
from gateway.identity.usecases.closing import Closing
from gateway.identity.usecases.founding import Founder, found
from gateway.settings import GatewaySettings

FIRST_SEED = 1


@dataclass(frozen=True, slots=True)
class NewSandbox:
    """A sandbox with the service account that was made in it; nobody can read the secret again."""

    row: Row
    client_id: str
    client_secret: str


class Sandboxes:
    """Makes and ends sandboxes. Thread-safe."""

    def __init__(self, closing: Closing, settings: GatewaySettings) -> None:
        self._closing = closing
        self._settings = settings

    def create(self, work: Work, seed: int = 0) -> NewSandbox:
        """A sandbox of the company, owned by who asks. Raises FailedPrecondition where it has enough of them."""
        company = tenants.get_for_update(work)
        assert company is not None
        if company.sandbox_of is not None:
            raise FailedPrecondition("This company is a sandbox itself.", reason="IS_SANDBOX")
        most = self._settings.sandboxes_max
        if len(queries.of_company(work, limit=most)) >= most:
            raise FailedPrecondition(
                f"Your company has {most} sandboxes already. Reset or delete one of them.", reason="TOO_MANY_SANDBOXES"
            )
        return self._make(work, company, self._owner(work), seed or FIRST_SEED)

    def of_company(self, work: Work) -> list[Row]:
        """The company's sandboxes, oldest first."""
        return queries.of_company(work, limit=self._settings.sandboxes_max)

    def reset(self, work: Work, sandbox_id: UUID) -> NewSandbox:
        """A new sandbox with the same customers in the place of one that is erased. Raises NotFound."""
        company = tenants.get_for_update(work)
        assert company is not None
        former = self._hold(work, sandbox_id)
        self.end(work, sandbox_id)
        return self._make(work, company, self._owner(work), former.seed)

    def end(self, work: Work, sandbox_id: UUID) -> None:
        """Shuts everybody out of a sandbox at once and has it erased. Raises NotFound."""
        self._hold(work, sandbox_id)
        queries.remove(work, sandbox_id)
        inside = Caller.system(sandbox_id, request_id=work.caller.request_id)
        with platform_rights(work) as platform, as_tenant(platform, inside) as sandbox:
            known = tenants.get(sandbox)
            # An operator may have closed it before.
            if known is not None and known.status not in ("closing", "deleted"):
                self._closing.close(sandbox, "owner", timedelta(0))

    def _make(self, work: Work, company: Row, owner: Founder, seed: int) -> NewSandbox:
        name = f"{company.name} Sandbox"
        with platform_rights(work) as platform:
            made = found(
                platform,
                owner,
                company_name=name,
                locale=company.locale,
                country_code=company.country_code,
                status="active",
                sandbox_of=work.tenant_id,
                request_id=work.caller.request_id,
            )
            client = self._client(platform, owner, made.tenant.tenant_id)
            inside = Caller.system(made.tenant.tenant_id, request_id=work.caller.request_id)
            with as_tenant(platform, inside) as sandbox:
                plans.begin_sandbox(sandbox, self._settings)
        queries.add(
            work,
            id=made.tenant.tenant_id,
            name=name,
            state="filling",
            seed=seed,
            owner_id=owner.user_id,
            next_at=work.now,
            created_at=work.now,
            expires_at=work.now + timedelta(days=self._settings.sandbox_days),
        )
        row = queries.hold(work, made.tenant.tenant_id)
        assert row is not None
        return NewSandbox(row, client.row.client_id, client.secret)

    def _client(self, platform: PlatformWork, owner: Founder, tenant_id: UUID) -> clients.Registered:
        caller = Caller(tenant_id, "user", owner.user_id, frozenset(SCOPES), "all")
        with as_tenant(platform, caller) as sandbox:
            return clients.register(
                sandbox, clients.ClientDraft("Sandbox", [], sorted(SCOPES), ["client_credentials"], False)
            )

    def _hold(self, work: Work, sandbox_id: UUID) -> Row:
        row = queries.hold(work, sandbox_id)
        if row is None:
            raise NotFound(f"Your company has no sandbox {sandbox_id}.", reason="SANDBOX_NOT_FOUND")
        return row

    def _owner(self, work: Work) -> Founder:
        """Who asks; of a service account, who made it and is still there."""
        user_id = work.caller.actor_id
        if work.caller.actor_type == "client":
            client = client_queries.get(work, user_id)
            user_id = client.created_by if client is not None else user_id
        member = users.get(work, user_id)
        if member is None or member.status != "active":
            raise FailedPrecondition(
                "A sandbox belongs to a person, and who made this service account is not here any more. "
                "Ask with a person's token.",
                reason="NEEDS_PERSON",
            )
        return Founder(user_id, member.email, member.full_name)
