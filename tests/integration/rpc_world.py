"""Makes records of one company for sample requests, and says what a sample is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import uuid4

from funia.analytics.v1 import activity_pb2 as analytics
from funia.contacts.v1 import account_pb2 as accounts
from funia.contacts.v1 import activity_pb2 as activities
from funia.contacts.v1 import bulk_job_pb2 as bulk_jobs
from funia.contacts.v1 import contact_pb2 as contacts
from funia.contacts.v1 import import_pb2 as imports
from funia.contacts.v1 import search_pb2 as search
from funia.identity.v1 import audit_pb2 as audit
from funia.identity.v1 import company_pb2 as companies
from funia.identity.v1 import custom_field_pb2 as custom_fields
from funia.identity.v1 import invitation_pb2 as invitations
from funia.identity.v1 import role_pb2 as roles
from funia.identity.v1 import sandbox_pb2 as sandboxes
from funia.identity.v1 import scim_pb2 as scim
from funia.identity.v1 import sso_pb2 as sso
from funia.identity.v1 import team_pb2 as teams
from funia.identity.v1 import tenant_pb2 as identity
from funia.identity.v1 import webhook_pb2 as webhooks
from funia.marketing.v1 import customer_pb2 as marketing
from funia.sales.v1 import customer_pb2 as sales
from funia.support.v1 import customer_pb2 as support
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from harness import Company, Platform, wait_for

Request = Message | Sequence[Message]


class World:
    """Makes records of one company; every one carries `mark`, by which a leak is found."""

    def __init__(self, platform: Platform, owner: Company) -> None:
        self.platform = platform
        self.owner = owner
        self.mark = f"Mark{uuid4().hex[:12]}"
        self.ids: set[str] = {owner.tenant_id, owner.user_id}
        self._export_id = ""
        self._sandbox_id = ""

    def call(self, service: str, method: str, request: Request) -> Message:
        """Calls as the owner and returns the one answer."""
        answer = self.platform.call(f"/funia.{service}/{method}", request, self.owner.token())[0]
        if hasattr(answer, "id"):
            self.ids.add(answer.id)
        return answer

    def contact(self, *, account_id: str = "") -> str:
        """A fresh contact."""
        draft = contacts.Contact(
            given_name=self.mark,
            family_name=uuid4().hex[:8],
            emails=[contacts.EmailAddress(address=f"{uuid4().hex}@example.com", primary=True)],
        )
        request = contacts.CreateContactRequest(contact=draft, account_id=account_id)
        return str(self.call("contacts.v1.ContactService", "CreateContact", request).id)  # type: ignore[attr-defined]

    def account(self) -> str:
        """A fresh account."""
        draft = accounts.Account(name=f"{self.mark} {uuid4().hex[:8]}")
        request = accounts.CreateAccountRequest(account=draft)
        return str(self.call("contacts.v1.AccountService", "CreateAccount", request).id)  # type: ignore[attr-defined]

    def linked(self) -> tuple[str, str]:
        """An account and a contact of it."""
        account_id = self.account()
        return account_id, self.contact(account_id=account_id)

    def activity(self) -> str:
        """A fresh task on a fresh contact."""
        draft = activities.Activity(kind="task", subject_id=self.contact(), title=self.mark)
        made = self.call(
            "contacts.v1.ActivityService", "CreateActivity", activities.CreateActivityRequest(activity=draft)
        )
        return str(made.id)  # type: ignore[attr-defined]

    def sandbox(self, *, fresh: bool = False) -> str:
        """A sandbox that is filled: always the same one, unless a fresh one is asked for."""
        if not fresh and self._sandbox_id:
            return self._sandbox_id
        service, ask = "identity.v1.SandboxService", sandboxes.ListSandboxesRequest()
        made = str(self.call(service, "CreateSandbox", sandboxes.CreateSandboxRequest()).id)  # type: ignore[attr-defined]

        def is_filled() -> bool:
            listed = self.call(service, "ListSandboxes", ask)
            return all(one.state == "ready" for one in listed.sandboxes)  # type: ignore[attr-defined]

        wait_for("the sandbox", is_filled)
        self.ids.add(made)
        if not fresh:
            self._sandbox_id = made
        return made

    def listed_sandboxes(self) -> Message:
        self.sandbox()
        return sandboxes.ListSandboxesRequest()

    def company_export(self, *, fresh: bool = False) -> str:
        """An export whose archive is ready: always the same one, unless a fresh one is asked for."""
        if not fresh and self._export_id:
            return self._export_id
        service = "identity.v1.CompanyService"
        asked = companies.CreateCompanyExportRequest()
        made = str(self.call(service, "CreateCompanyExport", asked).id)  # type: ignore[attr-defined]
        get = companies.GetCompanyExportRequest(id=made)
        wait_for("the export", lambda: self.call(service, "GetCompanyExport", get).state == "ready")  # type: ignore[attr-defined]
        if not fresh:
            self._export_id = made
        return made

    def company_exports(self) -> Message:
        """Asks for the list of exports, of which there is one."""
        self.company_export()
        return companies.ListCompanyExportsRequest()

    def new_role(self, title: str) -> identity.Role:
        """A role that is not there yet."""
        name = f"role_{uuid4().hex[:12]}"
        return identity.Role(name=name, title=title, scopes=["contacts.read"], visibility="own")

    def role(self) -> str:
        """The name of a fresh role of the company's own."""
        request = roles.CreateRoleRequest(role=self.new_role(self.mark))
        name = str(self.call("identity.v1.RoleService", "CreateRole", request).name)  # type: ignore[attr-defined]
        self.ids.add(name)
        return name

    def team(self) -> str:
        """A fresh team."""
        request = teams.CreateTeamRequest(team=teams.Team(name=f"{self.mark} {uuid4().hex[:8]}"))
        return str(self.call("identity.v1.TeamService", "CreateTeam", request).id)  # type: ignore[attr-defined]

    def upload(self, *, rows: int = 2, broken: bool = False) -> str:
        """An uploaded import."""
        made = self.call("contacts.v1.ImportService", "UploadImport", self.file(rows=rows, broken=broken))
        return str(made.id)  # type: ignore[attr-defined]

    def file(self, *, rows: int = 2, broken: bool = False) -> list[Message]:
        """The messages that upload a CSV file."""
        lines = ["given_name,family_name,email"]
        lines += [f"{self.mark},{uuid4().hex[:8]},{uuid4().hex}@example.com" for _ in range(rows)]
        if broken:
            lines.append(f"{self.mark},Broken,this is no address")
        body = "\n".join(lines).encode()
        size = 256 * 1024
        first = imports.UploadImportRequest(kind="contact", file_name=f"{self.mark}.csv", chunk=body[:size])
        return [
            first,
            *(imports.UploadImportRequest(chunk=body[at : at + size]) for at in range(size, len(body), size)),
        ]

    def mapped(self, *, rows: int = 2, broken: bool = False) -> str:
        """An import whose columns are mapped."""
        import_id = self.upload(rows=rows, broken=broken)
        self.call("contacts.v1.ImportService", "MapImport", self.mapping(import_id))
        return import_id

    def mapping(self, import_id: str) -> Message:
        """The request that maps the columns of `file` as the upload has proposed."""
        job = self.call("contacts.v1.ImportService", "GetImport", imports.GetImportRequest(id=import_id))
        fields = {column.heading: column.field for column in job.columns}  # type: ignore[attr-defined]
        return imports.MapImportRequest(id=import_id, fields=fields, mode="create")

    def ran(self, *, broken: bool = False) -> str:
        """An import that is done."""
        import_id = self.mapped(broken=broken)
        self.call("contacts.v1.ImportService", "RunImport", imports.RunImportRequest(id=import_id))

        def done() -> bool:
            job = self.call("contacts.v1.ImportService", "GetImport", imports.GetImportRequest(id=import_id))
            return bool(job.finished_at.seconds)  # type: ignore[attr-defined]

        wait_for("the import is done", done, timeout_s=60)
        return import_id

    def paused(self) -> str:
        """An import that was stopped half way."""
        import_id = self.mapped(rows=5_000)
        self.call("contacts.v1.ImportService", "RunImport", imports.RunImportRequest(id=import_id))
        self.call("contacts.v1.ImportService", "PauseImport", imports.PauseImportRequest(id=import_id))
        return import_id

    def user(self) -> str:
        """A fresh colleague."""
        request = identity.CreateUserRequest(
            email=f"{uuid4().hex}@example.com", full_name=self.mark, role="seller", password=f"pass {uuid4().hex}"
        )
        return str(self.call("identity.v1.TenantService", "CreateUser", request).id)  # type: ignore[attr-defined]

    def former_user(self) -> str:
        """A colleague who was removed."""
        user_id = self.user()
        gone = identity.User(id=user_id, status="deactivated")
        request = identity.UpdateUserRequest(user=gone, update_mask=FieldMask(paths=["status"]))
        self.call("identity.v1.TenantService", "UpdateUser", request)
        return user_id

    def new_invitation(self) -> invitations.Invitation:
        """An invitation that is not there yet."""
        return invitations.Invitation(email=f"{uuid4().hex}@example.com", role="seller")

    def invitation(self) -> str:
        """A fresh invitation."""
        request = invitations.CreateInvitationRequest(invitation=self.new_invitation())
        made = self.call("identity.v1.InvitationService", "CreateInvitation", request)
        return str(made.id)  # type: ignore[attr-defined]

    def oauth_client(self) -> str:
        """A fresh OAuth client."""
        made = self.call(
            "identity.v1.TenantService",
            "CreateOAuthClient",
            identity.CreateOAuthClientRequest(oauth_client=self._app()),
        )
        return str(made.id)  # type: ignore[attr-defined]

    def bulk_job(self, *, uploaded: bool = False) -> str:
        """A fresh bulk job, with its file where wanted."""
        draft = bulk_jobs.BulkJob(object="contact", operation="create", format="jsonl")
        request = bulk_jobs.CreateBulkJobRequest(bulk_job=draft)
        job_id = str(self.call("contacts.v1.BulkJobService", "CreateBulkJob", request).id)  # type: ignore[attr-defined]
        if uploaded:
            self.call("contacts.v1.BulkJobService", "UploadBulkJob", self.bulk_file(job_id))
        return job_id

    def bulk_file(self, job_id: str) -> list[Message]:
        """The messages that upload a file of two items, one of them bad."""
        lines = [f'{{"contact": {{"given_name": "{self.mark}", "family_name": "{uuid4().hex[:8]}"}}}}', "broken"]
        return [bulk_jobs.UploadBulkJobRequest(id=job_id, chunk="\n".join(lines).encode())]

    def bulk_ran(self) -> str:
        """A bulk job that is done."""
        job_id = self.bulk_job(uploaded=True)
        self.call("contacts.v1.BulkJobService", "RunBulkJob", bulk_jobs.RunBulkJobRequest(id=job_id))

        def done() -> bool:
            job = self.call("contacts.v1.BulkJobService", "GetBulkJob", bulk_jobs.GetBulkJobRequest(id=job_id))
            return bool(job.finished_at.seconds)  # type: ignore[attr-defined]

        wait_for("the bulk job is done", done, timeout_s=60)
        return job_id

    def custom_field(self) -> custom_fields.CustomField:
        """A fresh custom field."""
        draft = custom_fields.CustomField(
            object="contact", key=f"k{uuid4().hex[:12]}", label=self.mark, type="text", searchable=True
        )
        request = custom_fields.CreateCustomFieldRequest(custom_field=draft)
        made = self.call("identity.v1.CustomFieldService", "CreateCustomField", request)
        assert isinstance(made, custom_fields.CustomField)
        return made

    def _app(self) -> identity.OAuthClient:
        return identity.OAuthClient(name=self.mark, scopes=["contacts.read"], grant_types=["client_credentials"])

    def sso_connection(self) -> Message:
        """The request that reads the connection, once there is one."""
        self.call("identity.v1.SsoService", "SetSsoConnection", self.sso_change())
        return sso.GetSsoConnectionRequest()

    def sso_change(self) -> Message:
        """The request that connects a provider."""
        connection = sso.SsoConnection(
            issuer="https://login.example.com", client_id=self.mark, client_secret=self.mark, default_role="viewer"
        )
        return sso.SetSsoConnectionRequest(sso_connection=connection)

    def scim_token(self) -> str:
        """The oldest token of the directory, made where there is none: a company has two at most."""
        known = self._scim_tokens()
        if known:
            return str(known[0].id)
        return str(self.call("identity.v1.ScimService", "CreateScimToken", scim.CreateScimTokenRequest()).id)  # type: ignore[attr-defined]

    def room_for_scim_tokens(self) -> Message:
        """The request that makes a token, once there is room for one more than the oldest."""
        for token in self._scim_tokens()[1:]:
            self.call("identity.v1.ScimService", "DeleteScimToken", scim.DeleteScimTokenRequest(id=token.id))
        return scim.CreateScimTokenRequest()

    def _scim_tokens(self) -> list[scim.ScimToken]:
        known = self.call("identity.v1.ScimService", "ListScimTokens", scim.ListScimTokensRequest())
        assert isinstance(known, scim.ListScimTokensResponse)
        return list(known.tokens)

    def scim_tokens(self) -> Message:
        """The request that lists tokens, once there is one."""
        self.scim_token()
        return scim.ListScimTokensRequest()

    def scim_group(self) -> str:
        """A fresh group, sent by the directory."""
        sent = {"displayName": f"{self.mark} {uuid4().hex[:8]}"}
        answer = self.owner.http.post("/scim/v2/Groups", json=sent, headers=self.owner.bearer())
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def scim_groups(self) -> Message:
        """The request that lists groups, once there is one."""
        self.scim_group()
        return scim.ListScimGroupsRequest()

    def sso_domain(self) -> str:
        """A fresh domain that is not proven."""
        name = f"{uuid4().hex[:12]}.example"
        self.call("identity.v1.SsoService", "CreateSsoDomain", sso.CreateSsoDomainRequest(domain=name))
        return name

    def sso_domains(self) -> Message:
        """The request that lists domains, once there is one."""
        self.sso_domain()
        return sso.ListSsoDomainsRequest()

    def checkpoints(self) -> Message:
        """The request that lists checkpoints, once there is one."""
        self.call("identity.v1.AuditService", "CreateAuditCheckpoint", audit.CreateAuditCheckpointRequest())
        return audit.ListAuditCheckpointsRequest()

    def known_to(self, service: str) -> str:
        """A contact that has reached the projection of another service."""
        contact_id = self.contact()
        module = {"sales": sales, "marketing": marketing, "support": support}[service]
        method = f"/funia.{service}.v1.CustomerService/GetCustomer"
        request = module.GetCustomerRequest(id=contact_id)
        wait_for(
            f"{service} knows the customer",
            lambda: isinstance(self.platform.outcome(method, request, self.owner.token()), list),
        )
        return contact_id

    def endpoint(self) -> str:
        """A fresh webhook endpoint, at a host that nobody has, for events that nobody causes."""
        url = f"https://{self.mark}.invalid/{uuid4().hex}"
        draft = webhooks.WebhookEndpoint(url=url, description=self.mark, event_types=["identity.tenant.*"])
        request = webhooks.CreateWebhookEndpointRequest(webhook_endpoint=draft)
        return str(self.call("identity.v1.WebhookService", "CreateWebhookEndpoint", request).id)  # type: ignore[attr-defined]

    def delivery(self) -> str:
        """A webhook message that was tried once and lies in the queue of a disabled endpoint."""
        service, endpoint_id = "identity.v1.WebhookService", self.endpoint()
        sent = self.call(service, "SendTestWebhook", webhooks.SendTestWebhookRequest(id=endpoint_id))
        log = webhooks.ListWebhookDeliveriesRequest(endpoint_id=endpoint_id)

        def tried() -> bool:
            listed = self.call(service, "ListWebhookDeliveries", log)
            return bool(listed.webhook_deliveries[0].attempted_at.seconds)  # type: ignore[attr-defined]

        wait_for("the message was tried", tried)
        disabled = webhooks.WebhookEndpoint(id=endpoint_id, disabled=True)
        mask = FieldMask(paths=["disabled"])
        request = webhooks.UpdateWebhookEndpointRequest(webhook_endpoint=disabled, update_mask=mask)
        self.call(service, "UpdateWebhookEndpoint", request)
        return str(sent.id)  # type: ignore[attr-defined]

    def found(self) -> str:
        """A name that the search finds."""
        self.contact()
        request = search.SearchCustomersRequest(query=self.mark)
        method = "/funia.contacts.v1.CustomerSearchService/SearchCustomers"
        wait_for(
            "the search finds the customer",
            lambda: getattr(self.platform.call(method, request, self.owner.token())[0], "hits", ()),
        )
        return self.mark

    def counted(self) -> dict[str, Timestamp]:
        """A span in which analytics has counted events."""
        self.contact()
        span = {"from": Timestamp(seconds=1_600_000_000), "to": Timestamp(seconds=4_000_000_000)}
        method = "/funia.analytics.v1.ActivityReportService/ListActivityEvents"
        request = analytics.ListActivityEventsRequest(type="contacts.contact.created", **span)  # type: ignore[arg-type]
        wait_for(
            "analytics has counted",
            lambda: getattr(self.platform.call(method, request, self.owner.token())[0], "events", ()),
        )
        return span


@dataclass(frozen=True)
class Sample:
    """How a method is asked. `silent` names answer fields that say nothing about anybody; `answers` is False where an
    empty answer is the whole answer, `refused` the reason where a method is for people and asked by an app here."""

    make: Callable[[World], Request]
    ours: bool = False
    silent: tuple[str, ...] = ()
    answers: bool = True
    refused: str = ""
