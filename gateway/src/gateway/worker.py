"""Builds the worker process: identity's gRPC server and outbox relay, the live event stream, and the clean-up."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from chassis.errors import FuniaError
from chassis.files import open_files
from chassis.mail import transport_of
from chassis.paging import Pager
from chassis.process import Background, Service
from chassis.server import Served
from chassis.tenancy.desk import ARCHIVES
from funia.identity.v1 import (
    access_pb2,
    app_pb2,
    approval_pb2,
    approval_policy_pb2,
    audit_pb2,
    break_glass_pb2,
    company_pb2,
    custom_field_pb2,
    former_colleague_pb2,
    invitation_pb2,
    operator_pb2,
    plan_pb2,
    report_schedule_pb2,
    role_pb2,
    sandbox_pb2,
    scim_pb2,
    session_pb2,
    sharing_rule_pb2,
    sso_pb2,
    team_pb2,
    tenant_pb2,
    webhook_pb2,
)

from gateway.channels import open_channel
from gateway.composition import Identity, build_identity
from gateway.identity.consumers.approvals import approvals_subscriptions
from gateway.identity.consumers.audit import audit_subscriptions
from gateway.identity.consumers.erased_people import erased_people_subscription
from gateway.identity.consumers.reminders import reminders_subscription
from gateway.identity.platform import open_platform_work
from gateway.identity.queries import key as key_queries
from gateway.identity.queries import mail as mail_queries
from gateway.identity.record_judge import RecordJudge
from gateway.identity.servicers.access import AccessServicer
from gateway.identity.servicers.app import AppServicer
from gateway.identity.servicers.approval import ApprovalServicer
from gateway.identity.servicers.approval_policy import ApprovalPolicyServicer
from gateway.identity.servicers.audit import AuditServicer
from gateway.identity.servicers.break_glass import BreakGlassServicer
from gateway.identity.servicers.company import CompanyServicer
from gateway.identity.servicers.custom_field import CustomFieldServicer
from gateway.identity.servicers.former_colleague import FormerColleagueServicer
from gateway.identity.servicers.invitation import InvitationServicer
from gateway.identity.servicers.operator import OperatorServicer
from gateway.identity.servicers.plan import PlanServicer
from gateway.identity.servicers.report_schedule import ReportScheduleServicer
from gateway.identity.servicers.role import RoleServicer
from gateway.identity.servicers.sandbox import SandboxServicer
from gateway.identity.servicers.scim import ScimServicer
from gateway.identity.servicers.session import SessionServicer
from gateway.identity.servicers.sharing_rule import SharingRuleServicer
from gateway.identity.servicers.sso import SsoServicer
from gateway.identity.servicers.team import TeamServicer
from gateway.identity.servicers.tenant import TenantServicer
from gateway.identity.servicers.webhook import WebhookServicer
from gateway.identity.usecases.sharing_rules import SharingBounds
from gateway.identity.usecases.webhooks import Webhooks
from gateway.live.app import live_server
from gateway.mail.sender import MailSender
from gateway.operating import OperatorDesk
from gateway.reporting.running import reports_running
from gateway.sandboxes import SandboxKeeper
from gateway.settings import read_settings
from gateway.tenancy.erasing import Eraser
from gateway.tenancy.exporting import Exporter
from gateway.tenancy.identity_part import identity_part
from gateway.tenancy.usage import UsageGatherer
from gateway.webhooks.running import webhooks_running

log = logging.getLogger(__name__)


def build_service() -> Service:
    """The worker, with the settings of the environment."""
    settings = read_settings()
    identity = build_identity(settings)
    webhooks = webhooks_running(identity)
    return Service(
        name="identity",
        settings=settings,
        database=identity.database,
        served=identity_services(identity),
        subscriptions=[
            *audit_subscriptions(),
            erased_people_subscription(),
            reminders_subscription(identity.post, settings.issuer),
            *approvals_subscriptions(identity.approvals),
            *webhooks.subscriptions,
        ],
        background=[
            lambda: live_server(identity),
            lambda: _forget_for_ever(identity),
            lambda: _forget_used_ids_for_ever(identity),
            lambda: _tend_audit_for_ever(identity),
            lambda: _end_break_glass_for_ever(identity),
            lambda: _tend_approvals_for_ever(identity),
            *_mail_out(identity),
            *webhooks.background,
            Eraser(identity).run,
            Exporter(identity).run,
            SandboxKeeper(identity).run,
            UsageGatherer(identity).run,
            *reports_running(identity),
        ],
        keys=identity.keys,
        revocations=identity.revocations,
        tenant=identity_part(identity.database, open_files(settings, ARCHIVES), settings.operator_emails),
    )


def identity_services(identity: Identity) -> list[Served]:
    """The gRPC services of identity."""
    settings = identity.settings
    pager = Pager(
        settings.secret.get_secret_value(), default_size=settings.page_size_default, max_size=settings.page_size_max
    )
    tenants = TenantServicer(identity.passwords, pager)
    invitations = InvitationServicer(identity.invitations, pager)
    apps = AppServicer(pager, registration_token_s=settings.registration_token_s)
    webhooks = WebhookServicer(Webhooks(identity.webhook_keys, settings), pager)
    companies = CompanyServicer(open_files(settings, ARCHIVES), pager)
    judge = RecordJudge(lambda service: open_channel(settings, service), timeout_s=settings.call_deadline_s)
    bounds = SharingBounds(settings.sharing_rules_max, settings.sharing_ids_max)
    teams = TeamServicer(bounds, most=settings.teams_max, deepest=settings.teams_deepest)
    return [
        Served(tenant_pb2.DESCRIPTOR.services_by_name["TenantService"], tenants),
        Served(
            break_glass_pb2.DESCRIPTOR.services_by_name["BreakGlassService"],
            BreakGlassServicer(identity.glasses, pager),
        ),
        Served(
            approval_pb2.DESCRIPTOR.services_by_name["ApprovalService"], ApprovalServicer(identity.approvals, pager)
        ),
        Served(
            approval_policy_pb2.DESCRIPTOR.services_by_name["ApprovalPolicyService"],
            ApprovalPolicyServicer(most=settings.approval_policies_max),
        ),
        Served(access_pb2.DESCRIPTOR.services_by_name["AccessService"], AccessServicer(judge, pager)),
        Served(audit_pb2.DESCRIPTOR.services_by_name["AuditService"], AuditServicer(identity.audit, pager)),
        Served(session_pb2.DESCRIPTOR.services_by_name["SessionService"], SessionServicer()),
        Served(
            former_colleague_pb2.DESCRIPTOR.services_by_name["FormerColleagueService"],
            FormerColleagueServicer(settings.operator_emails),
        ),
        Served(invitation_pb2.DESCRIPTOR.services_by_name["InvitationService"], invitations),
        Served(app_pb2.DESCRIPTOR.services_by_name["AppService"], apps),
        Served(custom_field_pb2.DESCRIPTOR.services_by_name["CustomFieldService"], CustomFieldServicer()),
        Served(webhook_pb2.DESCRIPTOR.services_by_name["WebhookService"], webhooks),
        Served(role_pb2.DESCRIPTOR.services_by_name["RoleService"], RoleServicer(most=settings.roles_max)),
        Served(team_pb2.DESCRIPTOR.services_by_name["TeamService"], teams),
        Served(sharing_rule_pb2.DESCRIPTOR.services_by_name["SharingRuleService"], SharingRuleServicer(bounds)),
        Served(
            operator_pb2.DESCRIPTOR.services_by_name["OperatorService"],
            OperatorServicer(identity.companies, OperatorDesk(settings, {}), pager),
        ),
        Served(
            report_schedule_pb2.DESCRIPTOR.services_by_name["ReportScheduleService"],
            ReportScheduleServicer(settings, pager),
        ),
        Served(plan_pb2.DESCRIPTOR.services_by_name["PlanService"], PlanServicer()),
        Served(company_pb2.DESCRIPTOR.services_by_name["CompanyService"], companies),
        Served(sso_pb2.DESCRIPTOR.services_by_name["SsoService"], SsoServicer(identity.sso_connections)),
        Served(sandbox_pb2.DESCRIPTOR.services_by_name["SandboxService"], SandboxServicer(identity.sandboxes)),
        Served(scim_pb2.DESCRIPTOR.services_by_name["ScimService"], ScimServicer(identity.scim_tokens)),
    ]


def _mail_out(identity: Identity) -> list[Background]:
    transport = transport_of(identity.settings)
    if transport is None:
        return [_mails_wait]
    return [MailSender(identity.database, identity.post, transport, identity.settings).run]


async def _mails_wait() -> None:
    log.warning("FUNIA_SMTP_URL is not set: invitations, confirmations and password resets wait unsent")
    await asyncio.Event().wait()


async def _forget_for_ever(identity: Identity) -> None:
    """Deletes expired sessions, codes, tokens and keys, now and every `forget_every_s`."""
    while True:
        try:
            await asyncio.to_thread(forget_expired, identity)
        except FuniaError as error:
            log.warning("expired rows stay for now: %s", error)
        await asyncio.sleep(identity.settings.forget_every_s)


async def _forget_used_ids_for_ever(identity: Identity) -> None:
    """Deletes ids of assertions and proofs that are too old anyhow, every `used_ids_forget_every_s`."""
    while True:
        await asyncio.sleep(identity.settings.used_ids_forget_every_s)
        try:
            await asyncio.to_thread(identity.used_ids.forget_old)
        except FuniaError as error:
            log.warning("used ids stay for now: %s", error)


async def _tend_audit_for_ever(identity: Identity) -> None:
    """Signs audit logs that have grown and forgets old origins, now and every `audit_tend_every_s`."""
    while True:
        try:
            await asyncio.to_thread(lambda: identity.audit.tend(now=datetime.now(UTC)))
        except FuniaError as error:
            log.warning("audit logs are signed later: %s", error)
        await asyncio.sleep(identity.settings.audit_tend_every_s)


async def _end_break_glass_for_ever(identity: Identity) -> None:
    """Ends openings by break-glass whose time is over, now and every `break_glass_look_every_s`."""
    while True:
        try:
            await asyncio.to_thread(identity.glasses.end_due)
        except FuniaError as error:
            log.warning("openings by break-glass end later; their tokens are over: %s", error)
        await asyncio.sleep(identity.settings.break_glass_look_every_s)


async def _tend_approvals_for_ever(identity: Identity) -> None:
    """Escalates and ends approvals that waited long enough, now and every `approvals_look_every_s`."""
    while True:
        try:
            await asyncio.to_thread(identity.approvals.tend)
        except FuniaError as error:
            log.warning("approvals go on later; nobody can agree to what has expired: %s", error)
        await asyncio.sleep(identity.settings.approvals_look_every_s)


def forget_expired(identity: Identity) -> int:
    """Deletes what has expired; returns how many rows."""
    keep = timedelta(hours=identity.settings.key_keep_hours)
    refused = timedelta(days=identity.settings.refused_mail_keep_days)
    with open_platform_work(identity.database) as platform:
        forgotten = key_queries.forget_expired(platform, keys_since=platform.now - keep)
        return forgotten + mail_queries.forget_refused(platform, before=platform.now - refused)
