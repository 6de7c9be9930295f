"""Settings of the gateway, beside those of every process. Every limit is here, named with its unit."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from chassis.mail import MailSettings
from pydantic import model_validator

from gateway.approval_settings import ApprovalSettings
from gateway.plans import NO_PLAN, PLANS, check_plans
from gateway.report_settings import ReportSettings

MIB = 1024 * 1024


class GatewaySettings(ApprovalSettings, ReportSettings, MailSettings):
    """Read once from the environment (prefix FUNIA_)."""

    http_host: str = "127.0.0.1"
    http_port: int = 8080
    http_workers: int = 2
    http_threads: int = 16
    http_backlog: int = 1024
    http_stop_s: int = 8
    http_drain_s: float = 5.0
    """At a reload (SIGHUP) a former worker waits this long for the next request of connections that it keeps open, to
    close them with the answer."""
    http_finish_s: float = 300.0
    """Time a former worker then has for requests at hand."""
    http_stop_drain_s: float = 0.0
    """As `http_drain_s`, at SIGTERM. Set it where a balancer in front keeps connections open; 0 stops at once."""
    trusted_proxies: int = 0
    """Proxies in front whose X-Forwarded-* headers are believed."""
    ready_timeout_s: float = 1.0

    body_max_bytes: int = 2 * MIB
    payment_hook_max_bytes: int = MIB // 4
    """Body of a card provider's webhook."""
    bulk_body_max_bytes: int = 6 * MIB
    """Body of a method that takes many records in one request; below `server_max_message_bytes`."""
    bulk_deadline_s: float = 60.0
    """Time of such a method; a single one has `call_deadline_s`."""
    upload_max_bytes: int = 512 * MIB
    document_file_max_bytes: int = 25 * MIB
    """File of a document; that of the service of sales is the same."""
    upload_chunk_bytes: int = 256 * 1024
    upload_timeout_s: float = 300.0
    export_timeout_s: float = 3600.0

    rate_limits: bool = True
    """Whether requests are counted at all."""
    rate_tenant_per_s: float = 500.0
    """Requests of all API clients of a company together; of the whole gateway, as are all that follow but those that
    say otherwise."""
    rate_tenant_burst: int = 3000
    """Requests that may come at once after a pause, so here and below."""
    rate_client_per_s: float = 400.0
    rate_client_burst: int = 2000
    rate_bulk_per_s: float = 20.0
    """Batches, uploads and exports of a company."""
    rate_bulk_burst: int = 200
    rate_scim_per_s: float = 25.0
    """Requests of a company's directory under /scim/v2."""
    rate_scim_burst: int = 300
    rate_console_per_s: float = 300.0
    """Pages, and calls of scripts on them, of all people of a company together."""
    rate_console_burst: int = 2000
    rate_session_per_s: float = 50.0
    rate_session_burst: int = 500
    rate_address_per_s: float = 100.0
    """Requests without a good token, of an address (of a /64 in IPv6), in a process."""
    rate_address_burst: int = 1000
    rate_quote_link_per_s: float = 1.0
    rate_quote_link_burst: int = 60
    """Requests of one address for the public pages of links (quotes, consent, calendars), in each process."""
    calendar_past_days: int = 30
    """How far back the calendars reach that other programs subscribe to."""
    calendar_future_days: int = 366
    """How far ahead."""
    calendar_events_max: int = 1_000
    """Entries of such a calendar; one with more says so."""
    calendar_refresh_s: int = 3_600
    """How often programs are asked to read it again."""
    rate_tenant_concurrent: int = 12
    """Requests of a company that run at once in a process; below `http_threads`, or one company can hold them all."""
    rate_client_concurrent: int = 12
    """The same of a client, a session, or an address without a good token. Browsers send six at once."""
    rate_tenant_bulk_concurrent: int = 4
    rate_bulk_concurrent: int = 6
    """Batches, uploads and exports of all companies that run at once in a process."""
    rate_tenant_turns: int = 2
    """Requests of a company that a process carries out at once while other companies ask too; the rest waits."""
    rate_tenant_bulk_turns: int = 1
    """The same for batches, uploads and exports, beside those."""
    rate_turn_wait_s: float = 5.0
    """How long a request waits for its company's turn before it is refused."""
    rate_known_callers: int = 20_000
    """Tokens and sessions remembered in a process for whom they are charged to."""

    password_min_length: int = 10
    password_max_length: int = 200
    password_memory_kib: int = 47_104
    password_passes: int = 1
    password_concurrency: int = 2
    """Hashes computed at once in a process; each takes `password_memory_kib`."""
    password_queue: int = 32
    """Hashes that may wait; beyond it the answer is 429."""
    password_wait_s: float = 5.0

    log_in_window_s: int = 900
    log_in_per_account_address: int = 10
    log_in_per_account: int = 50
    log_in_per_address: int = 200
    sign_up_window_s: int = 3600
    sign_up_per_address: int = 1000

    session_idle_s: int = 86_400
    session_max_s: int = 14 * 86_400
    session_touch_s: int = 300
    company_choice_s: int = 300

    access_token_spare_s: int = 60
    """A cached token is replaced this long before it ends."""
    session_token_cache_size: int = 10_000
    authorization_code_s: int = 60
    pushed_request_s: int = 600
    """A pushed authorization request waits this long for the person to log in and answer."""
    device_code_s: int = 900
    device_poll_s: int = 5
    """A device asks at most this often; one that asks earlier waits five seconds longer each time."""
    device_code_tries: int = 10
    """Wrong user codes of one person in `log_in_window_s`."""
    client_assertion_max_s: int = 3600
    """A client assertion may be good for at most this long; it is good once."""
    oauth_clock_skew_s: int = 300
    """How far the clocks of clients may be off: in client assertions and DPoP proofs."""
    dpop_nonces: Literal["never", "tokens", "always"] = "tokens"
    """Where DPoP proofs must bear a nonce of ours: nowhere, at the token endpoint, or at the API too."""
    dpop_nonce_s: int = 300
    """A nonce is good for this long at least, and for twice as long at most."""
    used_ids_forget_every_s: float = 60.0
    """Ids of assertions and proofs that are too old anyhow are deleted this often: at 400 calls a second with proofs,
    which is what one client may do, some 170,000 rows stand."""
    registration_token_s: int = 7 * 86_400
    """A token of /oauth/register is good for this long."""
    operators: str = ""
    """E-mails of the accounts that operate the platform, with commas between; they see the pages under /operator."""
    operator_page_size: int = 50
    operator_tenants_shown: int = 20
    operator_replay_max: int = 200
    """Dead letters that one click replays."""
    operator_replay_timeout_s: float = 10.0
    operator_bus_timeout_s: float = 3.0
    refresh_token_idle_s: int = 30 * 86_400
    refresh_token_max_s: int = 90 * 86_400
    """A grant ends this long after the person agreed, however often it was refreshed."""
    key_rotation_days: int = 90
    key_keep_hours: int = 24
    """A replaced key stays published this long, for the tokens it signed."""
    key_publish_ahead_s: int = 3600
    """A new key is published this long before it signs: longer than any JWKS is kept, and than clocks differ."""
    key_reload_s: float = 30.0
    redirect_uri_max_length: int = 500

    audit_checkpoint_every_s: int = 86_400
    """A company's audit log is signed this often, where it has grown."""
    audit_tend_every_s: float = 600.0
    """How often the worker looks for logs to sign and for origins to forget."""
    audit_origin_keep_days: int = 180
    """Addresses and browsers in the audit log are forgotten after so many days; the entries stay."""
    audit_verify_entries: int = 20_000
    """Entries that one call of VerifyAuditLog walks."""

    roles_max: int = 50
    """Roles of a company's own."""
    teams_max: int = 150
    """Teams of a company, deleted ones counted: a token carries all that its person sees, and must fit a header."""
    teams_deepest: int = 10
    """Levels of the tree of teams."""
    sharing_rules_max: int = 50
    """Sharing rules of a company."""
    sharing_ids_max: int = 50
    """Teams and people whose records all sharing rules of a company show together: a token carries them too."""
    sso_private_addresses: bool = False
    """Whether a company's OpenID provider may lie in a private network, and speak http. For one machine and tests."""
    sso_timeout_s: float = 5.0
    sso_answer_max_bytes: int = 1 * MIB
    sso_metadata_s: float = 600.0
    """A provider's metadata and keys are read anew after so long."""
    sso_keys_again_s: float = 10.0
    """Where a signature does not hold, keys older than this are read anew."""
    sso_providers_known: int = 1000
    sso_request_s: int = 600
    """How long a person may take at the provider."""
    sso_domains_max: int = 50
    sso_companies_max: int = 20
    """Companies shown to a person whose e-mail domain belongs to several."""
    sso_dns_timeout_s: float = 4.0
    scim_tokens_max: int = 2
    """SCIM tokens of a company: one in use, and one more while it is rotated."""
    scim_token_days: int = 365
    """A SCIM token ends by itself after so long."""
    scim_groups_max: int = 500
    scim_page_size_max: int = 200
    """People or groups in one answer."""
    scim_scan_max: int = 20_000
    """People read for a search that no index answers; in larger companies directories must ask for one person."""
    scim_filter_max_length: int = 1000
    scim_operations_max: int = 200
    """Operations of one PATCH."""

    live_host: str = "127.0.0.1"
    live_port: int = 0
    live_url: str = ""
    live_queue: int = 500
    live_heartbeat_s: float = 5.0
    """How often a quiet stream of events shows that it lives, and every stream looks whether its caller still may."""
    live_clients_per_tenant: int = 200
    live_replay: int = 200
    """Events of a company kept in memory for those that reconnect."""
    live_linger_s: float = 30.0
    """How long a company's events are followed after its last listener left."""

    email_confirmation_required: bool = True
    """Whether inviting people and creating apps need a confirmed e-mail address; without it, new ones count as such."""
    confirm_email_hours: int = 72
    change_email_hours: int = 24
    reset_password_minutes: int = 30
    second_factor_tries: int = 10
    """Wrong codes of one account in `log_in_window_s`."""
    token_misuse_told_s: float = 60.0
    """One refused use of a bound token in so long is entered in the company's audit log, for each token and reason."""
    passkeys_per_person: int = 20
    passkey_challenge_s: int = 300
    passkey_domain: str = ""
    """Domain that passkeys belong to; the issuer's host where empty. A parent of it (example.com for crm.example.com)
    lets passkeys outlive a change of host. Browsers take domains, never addresses such as 127.0.0.1."""
    fresh_log_in_s: int = 600
    """How long after a log-in the second factor and the address may be changed without proving it again."""
    break_glass_minutes_max: int = 60
    """Longest time for which an owner opens the company, or a record, by break-glass."""
    break_glass_look_every_s: float = 2.0
    """How often the worker looks for openings whose time is over."""
    sessions_shown: int = 100
    known_device_s: int = 365 * 86_400
    """How long a browser that logged in is known: guesses made elsewhere do not keep it out."""
    invitation_days: int = 7
    link_mail_window_s: int = 3600
    link_mails_per_account: int = 5
    """Mails with a link that may be asked for in the window, of one kind, for one account or address."""
    link_mails_per_address: int = 100
    invitations_per_company: int = 200
    """Invitations a company may send in `invitation_window_s`; each is a mail to somebody who may not know us."""
    invitation_window_s: int = 86_400

    mail_batch_size: int = 20
    mail_poll_s: float = 1.0
    mail_lease_s: float = 180.0
    """A mail whose sender died is tried again after this; longer than a batch may take."""
    mail_retry_delay_s: float = 30.0
    mail_retry_delay_max_s: float = 3600.0
    mail_keep_hours: int = 72
    """A mail that could not be sent for this long, or beyond the life of the link in it, is given up."""
    refused_mail_keep_days: int = 30
    """How long it stays known, without its text, that a mail was refused."""

    event_page_size_default: int = 100
    event_page_size_max: int = 5000
    event_page_max_bytes: int = 8 * MIB
    """Most of one service's stream read for a page; a page ends early there."""
    event_scan_max: int = 20_000
    """Messages of types not asked for that one page may pass over; a page ends early there."""
    event_types_max: int = 50
    event_read_timeout_s: float = 5.0
    event_stream_state_s: float = 2.0
    """How old the knowledge of a stream may be by which a stale cursor is noticed."""
    event_stream_batch: int = 200
    """Events that /v1/events:stream reads and writes at once."""

    webhook_endpoints_max: int = 20
    """Endpoints a company may have."""
    webhook_queue_max: int = 100_000
    """Messages of a company that may wait; further events are counted on the endpoint and left to the event API."""
    webhook_concurrency: int = 500
    """Messages on their way at once from one process."""
    webhook_endpoint_concurrency: int = 16
    """Messages on their way at once to one endpoint; one while it fails."""
    webhook_company_concurrency: int = 100
    """Messages on their way at once to all endpoints of one company: many that hang leave room for other companies."""
    webhook_claim_size: int = 100
    webhook_timeout_s: float = 15.0
    webhook_lease_s: float = 150.0
    """A message whose sender died is sent again after this; longer than a claimed batch may take."""
    webhook_poll_s: float = 1.0
    webhook_retry_first_s: float = 5.0
    webhook_retry_factor: float = 4.0
    webhook_retry_max_s: float = 8 * 3600.0
    webhook_retry_hours: int = 72
    """A message that nobody has taken for this long is given up."""
    webhook_disable_after_hours: int = 120
    """An endpoint that takes nothing for this long is disabled."""
    webhook_rotation_hours: int = 24
    """Messages are signed with the former keys too for this long."""
    webhook_replay_max: int = 1000
    webhook_log_days: int = 14
    webhook_answer_max_bytes: int = 16 * 1024
    webhook_keep_alive_s: float = 30.0
    webhook_ports: tuple[int, ...] = (443, 8443)
    webhook_private_addresses: bool = False
    """For trying out on one machine: any port, http too, and addresses that are not public. Never in production."""

    sandboxes_max: int = 3
    """Sandboxes of one company."""
    sandbox_plan: str = NO_PLAN
    """The plan of sandboxes, such as "free"; without one nothing is limited in them."""
    sandbox_days: int = 90
    """A sandbox is erased after so long; a reset begins anew."""
    sandbox_accounts: int = 60
    sandbox_contacts: int = 400
    """Customers in a new sandbox."""
    sandbox_look_every_s: float = 3.0
    """How often the worker looks for sandboxes to fill and to end."""
    sandbox_retry_s: float = 60.0
    """A sandbox that could not be filled is tried again after so long."""
    closing_grace_days: int = 30
    """A company that its owner closed is erased after so long; until then owners and operators can open it again."""
    closing_look_every_s: float = 5.0
    """How often the worker looks for closed companies to erase."""
    closing_patience_s: float = 60.0
    """How long a service that does not answer is waited for; then the erasure or export is tried again later."""
    closing_lease_s: float = 90.0
    """An erasure or export whose worker died is taken up again after this."""
    closing_retry_s: float = 60.0
    export_look_every_s: float = 1.0
    """How often the worker looks for exports of whole companies to make, and for archives to remove."""
    export_keep_days: int = 7
    """The archive of a company, and the link to it, last so long."""
    export_attempts_max: int = 8

    plans: dict[str, dict[str, int]] = PLANS
    """What companies may use, by plan: JSON such as {"free": {"contacts": 1000}}. What is not named is not limited."""
    plan_at_sign_up: str = NO_PLAN
    """The plan a company begins with; without one nothing is limited. Give "free" where anybody may sign up."""
    usage_gather_every_s: float = 15.0
    """How often the worker asks the services what was used: by so much the page, the mails and the history are late."""
    usage_gather_rows: int = 2_000
    """Counters in one answer of a service."""
    usage_warn_percent: int = 80
    """Administrators get a mail at this share of a limit, and another one at the limit."""
    usage_keep_months: int = 25
    """Months of history of what companies used."""
    usage_calls_every_s: float = 5.0
    """How often a process of the gateway writes down the API calls it has counted; one that is killed forgets so many
    seconds of them, in favour of the company."""

    forget_every_s: float = 3600.0

    @model_validator(mode="after")
    def _has_good_plans(self) -> GatewaySettings:
        check_plans(self.plans, FUNIA_PLAN_AT_SIGN_UP=self.plan_at_sign_up, FUNIA_SANDBOX_PLAN=self.sandbox_plan)
        return self

    @property
    def operator_emails(self) -> frozenset[str]:
        """E-mails of FUNIA_OPERATORS in the form that accounts have."""
        return frozenset(email.strip().casefold() for email in self.operators.split(",") if email.strip())

    @property
    def live_listen_port(self) -> int:
        """Port of the event stream: FUNIA_LIVE_PORT, or the one after the HTTP port."""
        return self.live_port or self.http_port + 1

    @property
    def live_public_url(self) -> str:
        """Where browsers find the event stream: FUNIA_LIVE_URL, or the gateway's host on the live port."""
        if self.live_url:
            return self.live_url.rstrip("/")
        host = urlsplit(self.issuer).hostname or "127.0.0.1"
        host = f"[{host}]" if ":" in host else host
        return f"{urlsplit(self.issuer).scheme}://{host}:{self.live_listen_port}"

    @property
    def is_https(self) -> bool:
        """Whether browsers reach us over TLS; decides the Secure flag of cookies and HSTS."""
        return self.issuer.startswith("https://")


def read_settings() -> GatewaySettings:
    """Settings from the environment."""
    return GatewaySettings()
