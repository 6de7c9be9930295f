"""One sample request for every method, made by a company from records of its own. A method without one fails a test.

`ours` says that a stranger's call works on the stranger's own company and must leave the owner's alone; everything
else names records of the owner, so a stranger must find nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import uuid4

from funia.analytics.v1 import activity_pb2 as analytics
from funia.contacts.v1 import account_pb2 as accounts
from funia.contacts.v1 import activity_pb2 as activities
from funia.contacts.v1 import bulk_job_pb2 as bulk_jobs
from funia.contacts.v1 import bulk_pb2 as bulk
from funia.contacts.v1 import contact_pb2 as contacts
from funia.contacts.v1 import import_pb2 as imports
from funia.contacts.v1 import search_pb2 as search
from funia.identity.v1 import audit_pb2 as audit
from funia.identity.v1 import custom_field_pb2 as custom_fields
from funia.identity.v1 import invitation_pb2 as invitations
from funia.identity.v1 import role_pb2 as roles
from funia.identity.v1 import session_pb2 as sessions
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
from rpc_app_samples import APP_SAMPLES

Request = Message | Sequence[Message]


class World:
    """Makes records of one company; every one carries `mark`, by which a leak is found."""

    def __init__(self, platform: Platform, owner: Company) -> None:
        self.platform = platform
        self.owner = owner
        self.mark = f"Mark{uuid4().hex[:12]}"
        self.ids: set[str] = {owner.tenant_id, owner.user_id}

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

    def invitation(self) -> str:
        """A fresh invitation."""
        request = invitations.CreateInvitationRequest(invitation=_invitation())
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
    empty answer is the whole answer."""

    make: Callable[[World], Request]
    ours: bool = False
    silent: tuple[str, ...] = ()
    answers: bool = True


def _update_contact(world: World) -> Message:
    changed = contacts.Contact(id=world.contact(), job_title=world.mark)
    return contacts.UpdateContactRequest(contact=changed, update_mask=FieldMask(paths=["job_title"]))


def _update_account(world: World) -> Message:
    changed = accounts.Account(id=world.account(), industry=world.mark)
    return accounts.UpdateAccountRequest(account=changed, update_mask=FieldMask(paths=["industry"]))


def _batch_create_contacts(world: World) -> Message:
    item = contacts.CreateContactRequest(contact=contacts.Contact(given_name=world.mark), account_id=world.account())
    return bulk.BatchCreateContactsRequest(requests=[item])


def _batch_upsert_contacts(world: World) -> Message:
    item = bulk.UpsertContactRequest(contact=contacts.Contact(id=world.contact(), job_title=world.mark))
    return bulk.BatchUpsertContactsRequest(requests=[item])


def _batch_create_accounts(world: World) -> Message:
    made = accounts.Account(name=f"{world.mark} branch", parent_id=world.account())
    return bulk.BatchCreateAccountsRequest(requests=[accounts.CreateAccountRequest(account=made)])


def _batch_upsert_accounts(world: World) -> Message:
    item = bulk.UpsertAccountRequest(account=accounts.Account(id=world.account(), industry=world.mark))
    return bulk.BatchUpsertAccountsRequest(requests=[item])


def _binned_contact(world: World) -> Message:
    contact_id = world.contact()
    world.call("contacts.v1.ContactService", "DeleteContact", contacts.DeleteContactRequest(id=contact_id))
    return contacts.UndeleteContactRequest(id=contact_id)


def _binned_account(world: World) -> Message:
    account_id = world.account()
    world.call("contacts.v1.AccountService", "DeleteAccount", accounts.DeleteAccountRequest(id=account_id))
    return accounts.UndeleteAccountRequest(id=account_id)


def _lookup(world: World) -> Message:
    made = world.call("contacts.v1.ContactService", "GetContact", contacts.GetContactRequest(id=world.contact()))
    return contacts.LookupContactRequest(email=made.emails[0].address)  # type: ignore[attr-defined]


def _duplicate(world: World) -> Message:
    made = world.call("contacts.v1.ContactService", "GetContact", contacts.GetContactRequest(id=world.contact()))
    same = contacts.Contact(emails=[contacts.EmailAddress(address=made.emails[0].address)])  # type: ignore[attr-defined]
    return contacts.FindDuplicateContactsRequest(contact=same)


def _update_user(world: World) -> Message:
    changed = identity.User(id=world.user(), full_name=f"{world.mark} the second")
    return identity.UpdateUserRequest(user=changed, update_mask=FieldMask(paths=["full_name"]))


def _list_contacts(world: World) -> Message:
    world.contact()
    return contacts.ListContactsRequest()


def _list_accounts(world: World) -> Message:
    world.account()
    return accounts.ListAccountsRequest()


def _list_timeline(world: World) -> Message:
    contact_id = world.contact()
    request = activities.ListTimelineRequest(subject_id=contact_id)
    wait_for(
        "the timeline is written",
        lambda: world.call("contacts.v1.ActivityService", "ListTimeline", request).entries,  # type: ignore[attr-defined]
    )
    return request


def _list_imports(world: World) -> Message:
    world.upload()
    return imports.ListImportsRequest()


def _invitation() -> invitations.Invitation:
    return invitations.Invitation(email=f"{uuid4().hex}@example.com", role="seller")


def _list_invitations(world: World) -> Message:
    world.invitation()
    return invitations.ListInvitationsRequest()


def _list_bulk_jobs(world: World) -> Message:
    world.bulk_job()
    return bulk_jobs.ListBulkJobsRequest()


def _paused_bulk_job(world: World) -> Message:
    job_id = world.bulk_job()
    line = f'{{"contact": {{"given_name": "{world.mark}"}}}}\n'.encode()
    pieces: list[Message] = [bulk_jobs.UploadBulkJobRequest(id=job_id)]
    pieces += [bulk_jobs.UploadBulkJobRequest(chunk=line * 2_000) for _ in range(5)]
    world.call("contacts.v1.BulkJobService", "UploadBulkJob", pieces)
    world.call("contacts.v1.BulkJobService", "RunBulkJob", bulk_jobs.RunBulkJobRequest(id=job_id))
    world.call("contacts.v1.BulkJobService", "PauseBulkJob", bulk_jobs.PauseBulkJobRequest(id=job_id))
    return bulk_jobs.PauseBulkJobRequest(id=job_id)


def _list_custom_fields(world: World) -> Message:
    world.custom_field()
    return custom_fields.ListCustomFieldsRequest()


def _update_endpoint(world: World) -> Message:
    changed = webhooks.WebhookEndpoint(id=world.endpoint(), description=f"{world.mark} the second")
    return webhooks.UpdateWebhookEndpointRequest(webhook_endpoint=changed, update_mask=FieldMask(paths=["description"]))


def _list_deliveries(world: World) -> Message:
    world.delivery()
    listed = world.call(
        "identity.v1.WebhookService", "ListWebhookEndpoints", webhooks.ListWebhookEndpointsRequest(page_size=200)
    )
    return webhooks.ListWebhookDeliveriesRequest(endpoint_id=listed.webhook_endpoints[-1].id)  # type: ignore[attr-defined]


_WEBHOOK = "/funia.identity.v1.WebhookService"
_INVITATION = "/funia.identity.v1.InvitationService"
_CONTACT, _ACCOUNT = "/funia.contacts.v1.ContactService", "/funia.contacts.v1.AccountService"
_ACTIVITY, _IMPORT = "/funia.contacts.v1.ActivityService", "/funia.contacts.v1.ImportService"
_BULK = "/funia.contacts.v1.BulkService"
_JOBS = "/funia.contacts.v1.BulkJobService"
_REFUSED = ("results", "failed")
"""A batch in which nothing could be done says so of each item."""
_INVITATION = "/funia.identity.v1.InvitationService"
_CUSTOM = "/funia.identity.v1.CustomFieldService"
_ROLE, _TEAM = "/funia.identity.v1.RoleService", "/funia.identity.v1.TeamService"
_TENANT, _REPORT = "/funia.identity.v1.TenantService", "/funia.analytics.v1.ActivityReportService"
_AUDIT, _SSO = "/funia.identity.v1.AuditService", "/funia.identity.v1.SsoService"

SAMPLES: dict[str, Sample] = {
    f"{_CONTACT}/GetContact": Sample(lambda w: contacts.GetContactRequest(id=w.contact())),
    f"{_CONTACT}/ListContacts": Sample(_list_contacts),
    f"{_CONTACT}/CreateContact": Sample(
        lambda w: contacts.CreateContactRequest(contact=contacts.Contact(given_name=w.mark), account_id=w.account())
    ),
    f"{_CONTACT}/UpdateContact": Sample(_update_contact),
    f"{_CONTACT}/DeleteContact": Sample(lambda w: contacts.DeleteContactRequest(id=w.contact())),
    f"{_CONTACT}/UndeleteContact": Sample(_binned_contact),
    f"{_CONTACT}/BatchGetContacts": Sample(lambda w: contacts.BatchGetContactsRequest(ids=[w.contact(), w.contact()])),
    f"{_CONTACT}/LookupContact": Sample(_lookup),
    f"{_CONTACT}/FindDuplicateContacts": Sample(_duplicate),
    f"{_CONTACT}/MergeContacts": Sample(lambda w: contacts.MergeContactsRequest(id=w.contact(), other_id=w.contact())),
    f"{_CONTACT}/ExportContacts": Sample(
        # The stranger exports nothing, but from his own company, and that is told there.
        lambda w: contacts.ExportContactsRequest(format="jsonl", filter=f'given_name = "{w.mark}"'),
        ours=True,
    ),
    f"{_ACCOUNT}/GetAccount": Sample(lambda w: accounts.GetAccountRequest(id=w.account())),
    f"{_ACCOUNT}/ListAccounts": Sample(_list_accounts),
    f"{_ACCOUNT}/CreateAccount": Sample(
        lambda w: accounts.CreateAccountRequest(account=accounts.Account(name=f"{w.mark} child", parent_id=w.account()))
    ),
    f"{_ACCOUNT}/UpdateAccount": Sample(_update_account),
    f"{_ACCOUNT}/DeleteAccount": Sample(lambda w: accounts.DeleteAccountRequest(id=w.account())),
    f"{_ACCOUNT}/UndeleteAccount": Sample(_binned_account),
    f"{_ACCOUNT}/BatchGetAccounts": Sample(lambda w: accounts.BatchGetAccountsRequest(ids=[w.account(), w.account()])),
    f"{_ACCOUNT}/ListAccountContacts": Sample(lambda w: accounts.ListAccountContactsRequest(account_id=w.linked()[0])),
    f"{_ACCOUNT}/LinkContact": Sample(
        lambda w: accounts.LinkContactRequest(account_id=w.account(), contact_id=w.contact(), role="buyer")
    ),
    f"{_ACCOUNT}/UnlinkContact": Sample(
        lambda w: accounts.UnlinkContactRequest(**dict(zip(("account_id", "contact_id"), w.linked(), strict=True))),
        answers=False,
    ),
    f"{_BULK}/BatchCreateContacts": Sample(_batch_create_contacts, silent=_REFUSED),
    f"{_BULK}/BatchUpdateContacts": Sample(
        lambda w: bulk.BatchUpdateContactsRequest(requests=[_update_contact(w)]),  # type: ignore[list-item]
        silent=_REFUSED,
    ),
    f"{_BULK}/BatchUpsertContacts": Sample(_batch_upsert_contacts, silent=_REFUSED),
    f"{_BULK}/BatchDeleteContacts": Sample(
        lambda w: bulk.BatchDeleteContactsRequest(requests=[contacts.DeleteContactRequest(id=w.contact())]),
        silent=_REFUSED,
    ),
    f"{_BULK}/BatchCreateAccounts": Sample(_batch_create_accounts, silent=_REFUSED),
    f"{_BULK}/BatchUpdateAccounts": Sample(
        lambda w: bulk.BatchUpdateAccountsRequest(requests=[_update_account(w)]),  # type: ignore[list-item]
        silent=_REFUSED,
    ),
    f"{_BULK}/BatchUpsertAccounts": Sample(_batch_upsert_accounts, silent=_REFUSED),
    f"{_BULK}/BatchDeleteAccounts": Sample(
        lambda w: bulk.BatchDeleteAccountsRequest(requests=[accounts.DeleteAccountRequest(id=w.account())]),
        silent=_REFUSED,
    ),
    f"{_JOBS}/CreateBulkJob": Sample(
        lambda _: bulk_jobs.CreateBulkJobRequest(
            bulk_job=bulk_jobs.BulkJob(object="account", operation="update", format="csv")
        ),
        ours=True,
    ),
    f"{_JOBS}/UploadBulkJob": Sample(lambda w: w.bulk_file(w.bulk_job())),
    f"{_JOBS}/GetBulkJob": Sample(lambda w: bulk_jobs.GetBulkJobRequest(id=w.bulk_job())),
    f"{_JOBS}/ListBulkJobs": Sample(_list_bulk_jobs),
    f"{_JOBS}/RunBulkJob": Sample(lambda w: bulk_jobs.RunBulkJobRequest(id=w.bulk_job(uploaded=True))),
    f"{_JOBS}/PauseBulkJob": Sample(_paused_bulk_job),
    f"{_JOBS}/CancelBulkJob": Sample(lambda w: bulk_jobs.CancelBulkJobRequest(id=w.bulk_job())),
    f"{_JOBS}/DownloadBulkResults": Sample(lambda w: bulk_jobs.DownloadBulkResultsRequest(id=w.bulk_ran())),
    f"{_ACTIVITY}/ListTimeline": Sample(_list_timeline),
    f"{_ACTIVITY}/CreateActivity": Sample(
        lambda w: activities.CreateActivityRequest(
            activity=activities.Activity(kind="note", subject_id=w.contact(), body=w.mark)
        )
    ),
    f"{_ACTIVITY}/GetActivity": Sample(lambda w: activities.GetActivityRequest(id=w.activity())),
    f"{_ACTIVITY}/CompleteActivity": Sample(lambda w: activities.CompleteActivityRequest(id=w.activity())),
    f"{_IMPORT}/UploadImport": Sample(lambda w: w.file(), ours=True),
    f"{_IMPORT}/GetImport": Sample(lambda w: imports.GetImportRequest(id=w.upload())),
    f"{_IMPORT}/ListImports": Sample(_list_imports),
    f"{_IMPORT}/MapImport": Sample(lambda w: w.mapping(w.upload())),
    f"{_IMPORT}/RunImport": Sample(lambda w: imports.RunImportRequest(id=w.mapped(), dry_run=True)),
    f"{_IMPORT}/PauseImport": Sample(lambda w: imports.PauseImportRequest(id=w.paused())),
    f"{_IMPORT}/RevertImport": Sample(lambda w: imports.RevertImportRequest(id=w.ran())),
    f"{_IMPORT}/ListImportErrors": Sample(lambda w: imports.ListImportErrorsRequest(id=w.ran(broken=True))),
    f"{_IMPORT}/DownloadImportErrors": Sample(lambda w: imports.DownloadImportErrorsRequest(id=w.ran(broken=True))),
    "/funia.contacts.v1.CustomerSearchService/SearchCustomers": Sample(
        lambda w: search.SearchCustomersRequest(query=w.found())
    ),
    "/funia.sales.v1.CustomerService/GetCustomer": Sample(lambda w: sales.GetCustomerRequest(id=w.known_to("sales"))),
    "/funia.marketing.v1.CustomerService/GetCustomer": Sample(
        lambda w: marketing.GetCustomerRequest(id=w.known_to("marketing"))
    ),
    "/funia.support.v1.CustomerService/GetCustomer": Sample(
        lambda w: support.GetCustomerRequest(id=w.known_to("support"))
    ),
    f"{_REPORT}/GetActivityReport": Sample(
        lambda w: analytics.GetActivityReportRequest(step="month", type_prefix="contacts.", **w.counted()),  # type: ignore[arg-type]
        silent=("steps", "as_of"),
    ),
    f"{_REPORT}/ListActivityEvents": Sample(
        lambda w: analytics.ListActivityEventsRequest(type="contacts.contact.created", **w.counted())  # type: ignore[arg-type]
    ),
    f"{_CUSTOM}/ListCustomFields": Sample(_list_custom_fields),
    f"{_CUSTOM}/GetCustomField": Sample(lambda w: custom_fields.GetCustomFieldRequest(id=w.custom_field().id)),
    f"{_CUSTOM}/CreateCustomField": Sample(
        lambda _: custom_fields.CreateCustomFieldRequest(
            custom_field=custom_fields.CustomField(object="account", key="a_field", label="A field", type="number")
        ),
        ours=True,
    ),
    f"{_CUSTOM}/UpdateCustomField": Sample(
        lambda w: custom_fields.UpdateCustomFieldRequest(
            custom_field=custom_fields.CustomField(id=w.custom_field().id, label=f"{w.mark} again"),
            update_mask=FieldMask(paths=["label"]),
        )
    ),
    f"{_WEBHOOK}/ListWebhookEndpoints": Sample(
        lambda _: webhooks.ListWebhookEndpointsRequest(), ours=True, answers=False
    ),
    f"{_WEBHOOK}/GetWebhookEndpoint": Sample(lambda w: webhooks.GetWebhookEndpointRequest(id=w.endpoint())),
    f"{_WEBHOOK}/CreateWebhookEndpoint": Sample(
        lambda _: webhooks.CreateWebhookEndpointRequest(
            webhook_endpoint=webhooks.WebhookEndpoint(
                url="https://nobody.invalid/hook", event_types=["identity.tenant.*"]
            )
        ),
        ours=True,
    ),
    f"{_WEBHOOK}/UpdateWebhookEndpoint": Sample(_update_endpoint),
    f"{_WEBHOOK}/DeleteWebhookEndpoint": Sample(
        lambda w: webhooks.DeleteWebhookEndpointRequest(id=w.endpoint()), answers=False
    ),
    f"{_WEBHOOK}/RotateWebhookSecret": Sample(lambda w: webhooks.RotateWebhookSecretRequest(id=w.endpoint())),
    f"{_WEBHOOK}/SendTestWebhook": Sample(lambda w: webhooks.SendTestWebhookRequest(id=w.endpoint())),
    f"{_WEBHOOK}/ListWebhookDeliveries": Sample(_list_deliveries),
    f"{_WEBHOOK}/ReplayWebhookDelivery": Sample(lambda w: webhooks.ReplayWebhookDeliveryRequest(id=w.delivery())),
    f"{_WEBHOOK}/ReplayDeadWebhooks": Sample(
        lambda w: webhooks.ReplayDeadWebhooksRequest(id=w.endpoint()), answers=False
    ),
    f"{_TENANT}/GetTenant": Sample(lambda _: identity.GetTenantRequest(), ours=True),
    f"{_TENANT}/UpdateTenant": Sample(
        lambda _: identity.UpdateTenantRequest(
            tenant=identity.Tenant(country_code="BG"), update_mask=FieldMask(paths=["country_code"])
        ),
        ours=True,
    ),
    f"{_TENANT}/ListUsers": Sample(lambda _: identity.ListUsersRequest(), ours=True),
    f"{_TENANT}/GetUser": Sample(lambda w: identity.GetUserRequest(id=w.user())),
    f"{_TENANT}/CreateUser": Sample(
        lambda _: identity.CreateUserRequest(
            email=f"{uuid4().hex}@example.com", full_name="New", role="seller", password=f"pass {uuid4().hex}"
        ),
        ours=True,
    ),
    f"{_TENANT}/UpdateUser": Sample(_update_user),
    f"{_TENANT}/ListRoles": Sample(lambda _: identity.ListRolesRequest(), ours=True),
    f"{_ROLE}/GetRole": Sample(lambda w: roles.GetRoleRequest(name=w.role())),
    f"{_ROLE}/CreateRole": Sample(lambda w: roles.CreateRoleRequest(role=w.new_role("")), ours=True),
    f"{_ROLE}/UpdateRole": Sample(
        lambda w: roles.UpdateRoleRequest(
            role=identity.Role(name=w.role(), title=w.mark), update_mask=FieldMask(paths=["title"])
        )
    ),
    f"{_ROLE}/DeleteRole": Sample(lambda w: roles.DeleteRoleRequest(name=w.role()), answers=False),
    f"{_TEAM}/ListTeams": Sample(lambda _: teams.ListTeamsRequest(), ours=True),
    f"{_TEAM}/GetTeam": Sample(lambda w: teams.GetTeamRequest(id=w.team())),
    f"{_TEAM}/CreateTeam": Sample(lambda _: teams.CreateTeamRequest(team=teams.Team(name="A new team")), ours=True),
    f"{_TEAM}/UpdateTeam": Sample(
        lambda w: teams.UpdateTeamRequest(
            team=teams.Team(id=w.team(), name=f"{w.mark} renamed"), update_mask=FieldMask(paths=["name"])
        )
    ),
    f"{_TEAM}/DeleteTeam": Sample(lambda w: teams.DeleteTeamRequest(id=w.team()), answers=False),
    f"{_TENANT}/ListOAuthClients": Sample(lambda _: identity.ListOAuthClientsRequest(), ours=True),
    f"{_TENANT}/CreateOAuthClient": Sample(
        lambda _: identity.CreateOAuthClientRequest(
            oauth_client=identity.OAuthClient(
                name="An app", scopes=["contacts.read"], grant_types=["client_credentials"]
            )
        ),
        ours=True,
    ),
    "/funia.identity.v1.SessionService/EndUserSessions": Sample(
        lambda w: sessions.EndUserSessionsRequest(user_id=w.user()), answers=False
    ),
    f"{_INVITATION}/ListInvitations": Sample(_list_invitations),
    f"{_INVITATION}/CreateInvitation": Sample(
        lambda _: invitations.CreateInvitationRequest(invitation=_invitation()), ours=True
    ),
    f"{_INVITATION}/ResendInvitation": Sample(lambda w: invitations.ResendInvitationRequest(id=w.invitation())),
    f"{_INVITATION}/DeleteInvitation": Sample(
        lambda w: invitations.DeleteInvitationRequest(id=w.invitation()), answers=False
    ),
    f"{_TENANT}/DeleteOAuthClient": Sample(
        lambda w: identity.DeleteOAuthClientRequest(id=w.oauth_client()), answers=False
    ),
    f"{_AUDIT}/ListAuditEntries": Sample(lambda _: audit.ListAuditEntriesRequest(), ours=True),
    f"{_AUDIT}/ExportAuditLog": Sample(lambda _: audit.ExportAuditLogRequest(format="csv"), ours=True),
    f"{_AUDIT}/VerifyAuditLog": Sample(lambda _: audit.VerifyAuditLogRequest(), ours=True),
    f"{_AUDIT}/ListAuditCheckpoints": Sample(lambda w: w.checkpoints(), ours=True),
    f"{_AUDIT}/CreateAuditCheckpoint": Sample(lambda _: audit.CreateAuditCheckpointRequest(), ours=True),
    **{method: Sample(**fields) for method, fields in APP_SAMPLES.items()},
    f"{_SSO}/GetSsoConnection": Sample(lambda w: w.sso_connection(), ours=True),
    f"{_SSO}/SetSsoConnection": Sample(lambda w: w.sso_change(), ours=True),
    f"{_SSO}/DeleteSsoConnection": Sample(lambda _: sso.DeleteSsoConnectionRequest(), ours=True, answers=False),
    f"{_SSO}/ListSsoDomains": Sample(lambda w: w.sso_domains(), ours=True),
    f"{_SSO}/CreateSsoDomain": Sample(
        lambda _: sso.CreateSsoDomainRequest(domain=f"{uuid4().hex[:12]}.example"), ours=True
    ),
    f"{_SSO}/VerifySsoDomain": Sample(lambda w: sso.VerifySsoDomainRequest(domain=w.sso_domain())),
    f"{_SSO}/DeleteSsoDomain": Sample(lambda w: sso.DeleteSsoDomainRequest(domain=w.sso_domain()), answers=False),
}
