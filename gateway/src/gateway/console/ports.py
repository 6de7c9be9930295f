"""What the console needs from the rest of the gateway: who is logged in, and the services' stubs.

The console knows nothing of cookies' storage, passwords or tokens beyond these shapes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar
from uuid import UUID

import grpc
from chassis.caller import EVERY_FIELD, FieldRights
from chassis.dead_letters import DeadLetter
from chassis.errors import NotFound
from chassis.vitals import VitalSigns
from funia.analytics.v1 import activity_pb2_grpc as report_grpc
from funia.contacts.v1 import (
    account_pb2_grpc,
    activity_pb2_grpc,
    contact_pb2_grpc,
    import_pb2_grpc,
    person_pb2_grpc,
    record_share_pb2_grpc,
    search_pb2_grpc,
)
from funia.identity.v1 import (
    access_pb2_grpc,
    app_pb2_grpc,
    audit_pb2_grpc,
    break_glass_pb2_grpc,
    company_pb2_grpc,
    custom_field_pb2_grpc,
    former_colleague_pb2_grpc,
    invitation_pb2_grpc,
    plan_pb2_grpc,
    role_pb2_grpc,
    sandbox_pb2_grpc,
    scim_pb2_grpc,
    session_pb2_grpc,
    sharing_rule_pb2_grpc,
    sso_pb2_grpc,
    team_pb2_grpc,
    tenant_pb2_grpc,
    webhook_pb2_grpc,
)
from funia.marketing.v1.consent_link_pb2 import Choice, LinkedConsentRequest, Preferences
from funia.sales.v1.document_pb2 import DownloadDocumentResponse
from funia.sales.v1.quote_link_pb2 import LinkedQuote
from funia.sales.v1.quote_pb2 import QuotePaper

from gateway.composition import Identity as IdentityParts
from gateway.identity.usecases.app_review import Verdict
from gateway.operating import PlatformReport, Replayed

SESSION_COOKIE = "funia_session"
DEVICE_COOKIE = "funia_device"


@dataclass(frozen=True, slots=True)
class Company:
    """A company that a person may work in."""

    tenant_id: str
    name: str
    slug: str
    role: str


@dataclass(frozen=True, slots=True)
class OpenGlass:
    """The break-glass under which a person looks at this moment. Without a `record_id` the whole company is open."""

    id: str
    reason: str
    until: datetime
    record_id: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """A person at work in one company. `access_token` is fresh enough for the request at hand."""

    user_id: str
    user_name: str
    email: str
    tenant_id: str
    tenant_name: str
    tenant_slug: str
    role: str
    scopes: frozenset[str]
    locale: str
    access_token: str
    csrf_token: str
    fields: FieldRights = EVERY_FIELD
    accent_color: str = ""
    time_zone: str = "UTC"
    country_code: str = ""
    currency_code: str = ""
    email_confirmed: bool = True
    is_sandbox: bool = False
    """Shown on every page: nothing in it is real."""
    glass: OpenGlass | None = None
    lacks_second_factor: bool = False
    """The company asks for one: until it is there, only the pages of the own account open."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: the value of its cookie and how long the browser keeps it; `device` proves the browser later."""

    cookie: str
    max_age_s: int
    device: str = ""
    device_max_age_s: int = 0


@dataclass(frozen=True, slots=True)
class ClosedCompany:
    """A company of the person's own that is closed, and erased at `due_at` unless it is opened again."""

    tenant_id: str
    name: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class CompanyChoice:
    """The password was right and there is a choice of companies; `ticket` proves it for a few minutes."""

    ticket: str
    companies: tuple[Company, ...]
    closed: tuple[ClosedCompany, ...] = ()


@dataclass(frozen=True, slots=True)
class SecondStep:
    """The password was right and a second factor is asked for; `ticket` proves the password for a few minutes."""

    ticket: str
    has_app: bool
    has_passkey: bool


class Identity(Protocol):
    """Sign-up, log-in and sessions. Refusals are `chassis.errors.FuniaError`."""

    def sign_up(self, company_name: str, full_name: str, email: str, password: str, locale: str) -> SignedIn: ...

    def log_in(self, email: str, password: str, *, beside: bool = False) -> SignedIn | CompanyChoice | SecondStep: ...

    def second_step(self, ticket: str, code: str, *, beside: bool = False) -> SignedIn | CompanyChoice: ...

    def by_passkey(self, credential: str, ticket: str) -> SignedIn | CompanyChoice: ...

    def offer_passkey(self) -> str: ...

    def prove(self, session: Session, password: str, code: str, credential: str) -> tuple[str, ...]: ...

    def renew(self, cookie: str, amr: Sequence[str]) -> SignedIn: ...

    def enter(self, user_id: str, tenant_id: str) -> SignedIn: ...

    def choose(self, ticket: str, tenant_id: str, *, beside: bool = False) -> SignedIn: ...

    def reopen(self, ticket: str, tenant_id: str) -> SignedIn: ...

    def switch(self, cookie: str, tenant_id: str) -> SignedIn: ...

    def companies(self, session: Session) -> Sequence[Company]: ...

    def session(self, cookie: str) -> Session | None: ...

    def change_profile(self, cookie: str, full_name: str, locale: str) -> None: ...

    def set_locale(self, cookie: str, locale: str) -> None: ...

    def end(self, cookie: str) -> None: ...


class AppReviews(Protocol):
    """The review of partners' apps, for operators of the platform."""

    def page(self, status: str, *, limit: int) -> Sequence[Any]: ...

    def decide(self, record_id: UUID, verdict: Verdict, *, operator: UUID, note: str = "") -> Any: ...


class NoReviews:
    """A console without an operator's desk."""

    def page(self, status: str, *, limit: int) -> Sequence[Any]:
        """Nothing waits."""
        return ()

    def decide(self, record_id: UUID, verdict: Verdict, *, operator: UUID, note: str = "") -> Any:
        """Raises NotFound: there is no app."""
        raise NotFound(f"There is no app {record_id}.", reason="OAUTH_CLIENT_NOT_FOUND")


S = TypeVar("S")


class ServiceStubs:
    """The stubs of one service, each made when it is first asked for."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._channel = channel
        self._made: dict[Any, Any] = {}

    def __call__(self, stub: Callable[[grpc.Channel], S]) -> S:
        """The stub of this class over the service's channel."""
        found: S | None = self._made.get(stub)
        if found is None:
            found = self._made[stub] = stub(self._channel)
        return found


@dataclass(frozen=True, slots=True)
class Stubs:
    """The services as the console calls them, always with the person's own token."""

    contacts: contact_pb2_grpc.ContactServiceStub
    accounts: account_pb2_grpc.AccountServiceStub
    activities: activity_pb2_grpc.ActivityServiceStub
    imports: import_pb2_grpc.ImportServiceStub
    persons: person_pb2_grpc.PersonServiceStub
    record_shares: record_share_pb2_grpc.RecordShareServiceStub
    search: search_pb2_grpc.CustomerSearchServiceStub
    report: report_grpc.ActivityReportServiceStub
    tenant: tenant_pb2_grpc.TenantServiceStub
    invitations: invitation_pb2_grpc.InvitationServiceStub
    apps: app_pb2_grpc.AppServiceStub
    audit: audit_pb2_grpc.AuditServiceStub
    break_glass: break_glass_pb2_grpc.BreakGlassServiceStub
    custom_fields: custom_field_pb2_grpc.CustomFieldServiceStub
    webhooks: webhook_pb2_grpc.WebhookServiceStub
    roles: role_pb2_grpc.RoleServiceStub
    teams: team_pb2_grpc.TeamServiceStub
    sharing_rules: sharing_rule_pb2_grpc.SharingRuleServiceStub
    access: access_pb2_grpc.AccessServiceStub
    sessions: session_pb2_grpc.SessionServiceStub
    former_colleagues: former_colleague_pb2_grpc.FormerColleagueServiceStub
    sso: sso_pb2_grpc.SsoServiceStub
    companies: company_pb2_grpc.CompanyServiceStub
    sandboxes: sandbox_pb2_grpc.SandboxServiceStub
    scim: scim_pb2_grpc.ScimServiceStub
    plan: plan_pb2_grpc.PlanServiceStub
    sales: ServiceStubs
    support: ServiceStubs
    identity: ServiceStubs
    analytics: ServiceStubs

    @classmethod
    def over(
        cls,
        *,
        contacts: grpc.Channel,
        sales: grpc.Channel,
        support: grpc.Channel,
        analytics: grpc.Channel,
        identity: grpc.Channel,
    ) -> Stubs:
        return cls(
            contacts=contact_pb2_grpc.ContactServiceStub(contacts),
            accounts=account_pb2_grpc.AccountServiceStub(contacts),
            activities=activity_pb2_grpc.ActivityServiceStub(contacts),
            imports=import_pb2_grpc.ImportServiceStub(contacts),
            persons=person_pb2_grpc.PersonServiceStub(contacts),
            record_shares=record_share_pb2_grpc.RecordShareServiceStub(contacts),
            search=search_pb2_grpc.CustomerSearchServiceStub(contacts),
            report=report_grpc.ActivityReportServiceStub(analytics),
            tenant=tenant_pb2_grpc.TenantServiceStub(identity),
            invitations=invitation_pb2_grpc.InvitationServiceStub(identity),
            apps=app_pb2_grpc.AppServiceStub(identity),
            audit=audit_pb2_grpc.AuditServiceStub(identity),
            break_glass=break_glass_pb2_grpc.BreakGlassServiceStub(identity),
            custom_fields=custom_field_pb2_grpc.CustomFieldServiceStub(identity),
            webhooks=webhook_pb2_grpc.WebhookServiceStub(identity),
            roles=role_pb2_grpc.RoleServiceStub(identity),
            teams=team_pb2_grpc.TeamServiceStub(identity),
            sharing_rules=sharing_rule_pb2_grpc.SharingRuleServiceStub(identity),
            access=access_pb2_grpc.AccessServiceStub(identity),
            sessions=session_pb2_grpc.SessionServiceStub(identity),
            former_colleagues=former_colleague_pb2_grpc.FormerColleagueServiceStub(identity),
            sso=sso_pb2_grpc.SsoServiceStub(identity),
            companies=company_pb2_grpc.CompanyServiceStub(identity),
            sandboxes=sandbox_pb2_grpc.SandboxServiceStub(identity),
            scim=scim_pb2_grpc.ScimServiceStub(identity),
            plan=plan_pb2_grpc.PlanServiceStub(identity),
            sales=ServiceStubs(sales),
            support=ServiceStubs(support),
            identity=ServiceStubs(identity),
            analytics=ServiceStubs(analytics),
        )


class QuotePages(Protocol):
    """The customer's side of quotes, for whoever has the link of one. Raises what sales says."""

    def open(self, tenant_id: UUID, secret: str, *, address: str, looked: bool = True) -> LinkedQuote: ...

    def paper(self, tenant_id: UUID, secret: str, *, address: str) -> QuotePaper: ...

    def document(
        self, tenant_id: UUID, secret: str, document_id: str, *, address: str
    ) -> Iterator[DownloadDocumentResponse]: ...

    def accept(
        self, tenant_id: UUID, secret: str, *, name: str, paper_digest: str, address: str, user_agent: str
    ) -> LinkedQuote: ...

    def decline(self, tenant_id: UUID, secret: str, *, reason: str, address: str) -> LinkedQuote: ...


class ConsentPages(Protocol):
    """The person's side of consent, for whoever has a link. Raises what marketing says."""

    def preferences(self, tenant_id: UUID, token: str, *, address: str) -> Preferences: ...

    def save(
        self, tenant_id: UUID, token: str, choices: Sequence[Choice], *, nothing: bool, address: str, user_agent: str
    ) -> Preferences: ...

    def request(self, tenant_id: UUID, secret: str, *, address: str) -> LinkedConsentRequest: ...

    def confirm(self, tenant_id: UUID, secret: str, *, address: str, user_agent: str) -> LinkedConsentRequest: ...


class CalendarPages(Protocol):
    """The calendars of people, for whoever has the secret address of one. Raises NotFound and what sales says."""

    def made_at(self, tenant_id: UUID, user_id: UUID) -> datetime | None: ...

    def reset(self, tenant_id: UUID, user_id: UUID) -> str: ...

    def drop(self, tenant_id: UUID, user_id: UUID) -> None: ...

    def read(self, tenant_id: UUID, secret: str, *, address: str) -> bytes: ...


class Operating(Protocol):
    """What operators of the platform see and do. Raises Unavailable where the bus is away."""

    @property
    def page_size(self) -> int: ...

    def report(self) -> PlatformReport: ...

    def signs(self) -> Sequence[VitalSigns]: ...

    def away(self) -> Mapping[str, str]: ...

    def letters(self, *, before: int = 0) -> Sequence[DeadLetter]: ...

    def replay(self, sequence: int) -> str: ...

    def replay_all(self) -> Replayed: ...


@dataclass(frozen=True, slots=True)
class ConsoleServices:
    """Everything that the console is composed of. `live_url` is the address of the event stream, empty for none."""

    identity: Identity
    stubs: Callable[[], Stubs]
    app_review: AppReviews = field(default_factory=NoReviews)
    operating: Operating | None = None
    quote_pages: QuotePages | None = None
    consent_pages: ConsentPages | None = None
    calendars: CalendarPages | None = None
    operators: frozenset[str] = frozenset()
    """E-mails of the people who operate the platform."""
    live_url: str = ""
    secure_cookies: bool = False
    call_timeout_s: float = 10.0
    call_patience_s: float = 4.0
    upload_timeout_s: float = 300.0
    upload_bytes_max: int = 512 * 1024 * 1024
    form_bytes_max: int = 1024 * 1024
    page_size: int = 50
    parts: IdentityParts | None = None
    """What the pages around logging in call: links of mails, second factors, sessions."""
    local_mail: Path | None = None
    """Folder of the mails that a machine without a mail server shows; None where there is none."""
