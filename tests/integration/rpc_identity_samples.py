"""Sample requests for the methods of identity."""

from __future__ import annotations

from uuid import uuid4

from funia.identity.v1 import access_pb2 as access
from funia.identity.v1 import audit_pb2 as audit
from funia.identity.v1 import company_pb2 as companies
from funia.identity.v1 import custom_field_pb2 as custom_fields
from funia.identity.v1 import former_colleague_pb2 as former_colleagues
from funia.identity.v1 import invitation_pb2 as invitations
from funia.identity.v1 import plan_pb2 as plans
from funia.identity.v1 import role_pb2 as roles
from funia.identity.v1 import sandbox_pb2 as sandboxes
from funia.identity.v1 import scim_pb2 as scim
from funia.identity.v1 import session_pb2 as sessions
from funia.identity.v1 import sso_pb2 as sso
from funia.identity.v1 import team_pb2 as teams
from funia.identity.v1 import tenant_pb2 as identity
from funia.identity.v1 import webhook_pb2 as webhooks
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message
from rpc_app_samples import APP_SAMPLES
from rpc_break_glass_samples import BREAK_GLASS_SAMPLES
from rpc_operator_samples import OPERATOR_SAMPLES
from rpc_world import Sample, World

_ACCESS = "/funia.identity.v1.AccessService"
_WEBHOOK = "/funia.identity.v1.WebhookService"
_INVITATION = "/funia.identity.v1.InvitationService"
_CUSTOM = "/funia.identity.v1.CustomFieldService"
_ROLE = "/funia.identity.v1.RoleService"
_TEAM = "/funia.identity.v1.TeamService"
_TENANT = "/funia.identity.v1.TenantService"
_AUDIT = "/funia.identity.v1.AuditService"
_SANDBOX = "/funia.identity.v1.SandboxService"
_COMPANY = "/funia.identity.v1.CompanyService"
_PLAN = "/funia.identity.v1.PlanService"
_SSO = "/funia.identity.v1.SsoService"
_SCIM = "/funia.identity.v1.ScimService"


def _update_user(world: World) -> Message:
    changed = identity.User(id=world.user(), full_name=f"{world.mark} the second")
    return identity.UpdateUserRequest(user=changed, update_mask=FieldMask(paths=["full_name"]))


def _list_invitations(world: World) -> Message:
    world.invitation()
    return invitations.ListInvitationsRequest()


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


IDENTITY_SAMPLES: dict[str, Sample] = {
    f"{_ACCESS}/ExplainAccess": Sample(lambda w: access.ExplainAccessRequest(user_id=w.user(), record_id=w.contact())),
    f"{_ACCESS}/ListRecordViewers": Sample(lambda w: access.ListRecordViewersRequest(record_id=w.contact())),
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
    "/funia.identity.v1.FormerColleagueService/PseudonymizeUser": Sample(
        lambda w: former_colleagues.PseudonymizeUserRequest(id=w.former_user())
    ),
    "/funia.identity.v1.SessionService/EndUserSessions": Sample(
        lambda w: sessions.EndUserSessionsRequest(user_id=w.user()), answers=False
    ),
    f"{_INVITATION}/ListInvitations": Sample(_list_invitations),
    f"{_INVITATION}/CreateInvitation": Sample(
        lambda w: invitations.CreateInvitationRequest(invitation=w.new_invitation()), ours=True
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
    f"{_PLAN}/GetPlan": Sample(lambda _: plans.GetPlanRequest(), ours=True),
    f"{_PLAN}/GetUsage": Sample(lambda _: plans.GetUsageRequest(), ours=True, answers=False),
    f"{_COMPANY}/CreateCompanyExport": Sample(lambda _: companies.CreateCompanyExportRequest(), ours=True),
    f"{_SANDBOX}/CreateSandbox": Sample(lambda _w: sandboxes.CreateSandboxRequest(seed=2), ours=True),
    f"{_SANDBOX}/ListSandboxes": Sample(lambda w: w.listed_sandboxes(), ours=True, answers=False),
    f"{_SANDBOX}/ResetSandbox": Sample(lambda w: sandboxes.ResetSandboxRequest(id=w.sandbox())),
    f"{_SANDBOX}/DeleteSandbox": Sample(
        lambda w: sandboxes.DeleteSandboxRequest(id=w.sandbox(fresh=True)), answers=False
    ),
    f"{_COMPANY}/GetCompanyExport": Sample(lambda w: companies.GetCompanyExportRequest(id=w.company_export())),
    f"{_COMPANY}/ListCompanyExports": Sample(lambda w: w.company_exports(), ours=True, answers=False),
    f"{_COMPANY}/DownloadCompanyExport": Sample(
        lambda w: companies.DownloadCompanyExportRequest(id=w.company_export())
    ),
    f"{_COMPANY}/DeleteCompanyExport": Sample(
        lambda w: companies.DeleteCompanyExportRequest(id=w.company_export(fresh=True)), answers=False
    ),
    **BREAK_GLASS_SAMPLES,
    **OPERATOR_SAMPLES,
    f"{_SCIM}/ListScimTokens": Sample(lambda w: w.scim_tokens(), ours=True, silent=("base_url",)),
    f"{_SCIM}/CreateScimToken": Sample(lambda w: w.room_for_scim_tokens(), ours=True),
    f"{_SCIM}/DeleteScimToken": Sample(lambda w: scim.DeleteScimTokenRequest(id=w.scim_token()), answers=False),
    f"{_SCIM}/ListScimGroups": Sample(lambda w: w.scim_groups(), ours=True),
    f"{_SCIM}/MapScimGroup": Sample(lambda w: scim.MapScimGroupRequest(id=w.scim_group(), role="viewer")),
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
