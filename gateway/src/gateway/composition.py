"""Builds what every process of the gateway shares: the database, keys, accounts and sessions of identity."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.revocations import Revocations
from chassis.tokens import TokenVerifier
from chassis.vault import Vault

from gateway.dpop.nonces import Nonces
from gateway.dpop.proofs import Proofs
from gateway.identity.access_tokens import AccessTokens
from gateway.identity.audited import IdentityDatabase
from gateway.identity.certificates import Certificates
from gateway.identity.keys import SigningKeys
from gateway.identity.passwords import Passwords
from gateway.identity.post import Post
from gateway.identity.usecases.accounts import Accounts
from gateway.identity.usecases.approval_letters import ApprovalLetters
from gateway.identity.usecases.approvals import Approvals
from gateway.identity.usecases.audit_log import AuditLog
from gateway.identity.usecases.break_glass import BreakGlasses
from gateway.identity.usecases.closing import Closing
from gateway.identity.usecases.devices import Devices
from gateway.identity.usecases.email_addresses import EmailAddresses
from gateway.identity.usecases.invitations import Invitations
from gateway.identity.usecases.operated_companies import OperatedCompanies
from gateway.identity.usecases.passkeys import Passkeys
from gateway.identity.usecases.password_changes import PasswordChanges
from gateway.identity.usecases.sandboxes import Sandboxes
from gateway.identity.usecases.scim_tokens import ScimTokens
from gateway.identity.usecases.second_factors import SecondFactors
from gateway.identity.usecases.sessions import Sessions
from gateway.identity.usecases.sso import SingleSignOn
from gateway.identity.usecases.sso_connection import SsoConnections
from gateway.identity.usecases.used_ids import UsedIds
from gateway.settings import GatewaySettings
from gateway.sso.domains import DnsRecords
from gateway.sso.provider import Providers
from gateway.webhooks.signing import WebhookKeys


@dataclass(frozen=True, slots=True)
class Identity:
    """The parts of identity, built once a process."""

    settings: GatewaySettings
    database: IdentityDatabase
    keys: SigningKeys
    tokens: AccessTokens
    passwords: Passwords
    post: Post
    accounts: Accounts
    emails: EmailAddresses
    password_changes: PasswordChanges
    invitations: Invitations
    second_factors: SecondFactors
    passkeys: Passkeys
    devices: Devices
    sessions: Sessions
    revocations: Revocations
    verifier: TokenVerifier
    used_ids: UsedIds
    proofs: Proofs
    audit: AuditLog
    webhook_keys: WebhookKeys
    sso_connections: SsoConnections
    sso: SingleSignOn
    closing: Closing
    companies: OperatedCompanies
    sandboxes: Sandboxes
    glasses: BreakGlasses
    approvals: Approvals
    certificates: Certificates
    scim_tokens: ScimTokens


def build_identity(settings: GatewaySettings) -> Identity:
    """Opens nothing yet: connections and keys come with the first use. Raises ValueError without FUNIA_SECRET."""
    vault = Vault(settings.secret.get_secret_value())
    database = IdentityDatabase(settings)
    keys = SigningKeys(database, vault, settings)
    tokens = AccessTokens(keys, settings)
    passwords = Passwords(settings)
    post = Post(vault, settings)
    emails = EmailAddresses(database, post, settings)
    devices = Devices(vault)
    accounts = Accounts(database, passwords, emails, devices, vault, settings)
    second_factors = SecondFactors(database, vault, post, settings)
    revocations = Revocations()
    sessions = Sessions(database, tokens, vault, settings)
    used_ids = UsedIds(database)
    closing = Closing(database, post, settings)
    verifier = TokenVerifier(
        keys,
        issuer=settings.issuer,
        skew_s=settings.clock_skew_s,
        cache_size=settings.token_cache_size,
        revocations=revocations,
    )
    return Identity(
        settings=settings,
        database=database,
        keys=keys,
        tokens=tokens,
        passwords=passwords,
        post=post,
        accounts=accounts,
        emails=emails,
        password_changes=PasswordChanges(database, accounts, passwords, post, settings),
        second_factors=second_factors,
        passkeys=Passkeys(database, second_factors, settings),
        devices=devices,
        invitations=Invitations(database, passwords, post, settings),
        sessions=sessions,
        revocations=revocations,
        verifier=verifier,
        used_ids=used_ids,
        proofs=Proofs(used_ids, Nonces(vault, span_s=settings.dpop_nonce_s), settings),
        audit=AuditLog(database, keys, vault, settings),
        webhook_keys=WebhookKeys(vault),
        sso_connections=SsoConnections(vault, DnsRecords(timeout_s=settings.sso_dns_timeout_s), settings),
        sso=SingleSignOn(database, sessions, Providers(settings), vault, settings),
        closing=closing,
        companies=OperatedCompanies(database, closing, settings),
        sandboxes=Sandboxes(closing, settings),
        glasses=BreakGlasses(database, passwords, second_factors, post, settings),
        approvals=Approvals(database, tokens, verifier, ApprovalLetters(post, settings), settings),
        certificates=Certificates(keys, vault, issuer=settings.issuer),
        scim_tokens=ScimTokens(database, settings),
    )
