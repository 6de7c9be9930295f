"""Sessions of the console: opened after the password was right, kept on the server, read on every page."""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson
from chassis.caller import Caller, Glass
from chassis.errors import FuniaError
from chassis.revocations import refused
from chassis.vault import Vault
from chassis.work import Database, Row

from gateway.errors import (
    held_to_company,
    membership_suspended,
    no_membership,
    session_ended,
    session_not_found,
    sso_required,
)
from gateway.identity import events
from gateway.identity.access_tokens import CONSOLE_CLIENT, AccessTokens, Rights
from gateway.identity.model.audit import Act, Actor
from gateway.identity.platform import PlatformWork, Told, note_all, open_platform_work
from gateway.identity.queries import session as sessions
from gateway.identity.queries import sso
from gateway.identity.queries import tenant as tenants
from gateway.identity.queries import user as users
from gateway.identity.roles import OPERATE, OWNER, Role, role_of
from gateway.identity.secret_values import digest, new_secret
from gateway.identity.sharing import sharing_of
from gateway.identity.usecases.endings import end_everywhere
from gateway.settings import GatewaySettings

COMPANY_CHOICE, SECOND_STEP = "company-choice", "second-step"


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session. `secret` is the cookie's value and is kept nowhere else."""

    secret: str
    max_age_s: int


@dataclass(frozen=True, slots=True)
class Present:
    """A session in use: who, in which company, with which role. `member` is the row of `queries.user.rights`."""

    token_hash: bytes
    csrf_token: str
    authenticated_at: datetime
    member: Row
    role: Role
    email_confirmed: bool
    amr: tuple[str, ...] = ("pwd",)
    """How the person logged in, by RFC 8176; "mfa" where by two factors."""
    operates: bool = False
    """Whether the person operates the platform."""

    @property
    def lacks_second_factor(self) -> bool:
        """Whether the company asks for a second factor that this log-in did not have."""
        return bool(self.member.second_factor_required) and "mfa" not in self.amr

    @property
    def rights(self) -> Rights:
        """What the person may do in the company now."""
        scopes = self.role.scopes | {OPERATE} if self.operates else self.role.scopes
        rights = rights_of(self.member, self.role, client_id=CONSOLE_CLIENT, scopes=scopes)
        return replace(rights, session_id=session_id_of(self.token_hash))


@dataclass(frozen=True, slots=True)
class Known:
    """A session as its person sees it. `id` is made of the hash that is kept, and opens nothing."""

    id: UUID
    tenant_name: str
    address: str
    user_agent: str
    amr: tuple[str, ...]
    created_at: datetime
    last_seen_at: datetime


class Sessions:
    """Opens, reads, changes and ends sessions. Thread-safe."""

    def __init__(self, database: Database, tokens: AccessTokens, vault: Vault, settings: GatewaySettings) -> None:
        self.database = database
        self._tokens = tokens
        self._vault = vault
        self._settings = settings
        self._cache: OrderedDict[tuple[bytes, Rights], tuple[str, float]] = OrderedDict()
        self._lock = threading.Lock()

    def companies(self, user_id: UUID) -> list[Row]:
        """Companies the person may work in now."""
        with open_platform_work(self.database) as platform:
            return tenants.of_user(platform, user_id)

    def why_none(self, user_id: UUID) -> FuniaError:
        """What to tell a person who has proved who he is and whom no company lets in."""
        with open_platform_work(self.database) as platform:
            states = tenants.states_of_user(platform, user_id)
        if any(row.member_status == "active" and row.tenant_status == "suspended" for row in states):
            return refused("TENANT_SUSPENDED")
        if any(row.member_status == "suspended" for row in states):
            return membership_suspended()
        return no_membership()

    def companies_opened(self, present: Present) -> list[Row]:
        """Companies that this very log-in opens: its own where a provider spoke for the person, else those that take
        passwords."""
        here = present.member.tenant_id
        with open_platform_work(self.database) as platform:
            found = tenants.of_user(platform, present.member.user_id)
            if sso.is_bound(platform, present.token_hash):
                return [row for row in found if row.tenant_id == here]
            closed = sso.refusing_passwords(platform, [row.tenant_id for row in found])
        return [row for row in found if row.tenant_id == here or row.role == OWNER or row.tenant_id not in closed]

    def open(self, user_id: UUID, tenant_id: UUID, *, replaces: str = "", amr: Sequence[str] = ("pwd",)) -> Opened:
        """A session after a log-in. Always a new secret; the session it replaces ends."""
        with open_platform_work(self.database) as platform:
            return self._open(platform, user_id, tenant_id, authenticated_at=platform.now, replaces=replaces, amr=amr)

    def renew(self, secret: str, amr: Sequence[str]) -> Opened:
        """The same session under a new secret, after the person proved once more who he is, and how."""
        with open_platform_work(self.database) as platform:
            row = self._find(platform, digest(secret))
            if row is None:
                raise session_ended()
            ways = tuple(dict.fromkeys((*row.amr, *amr)))
            return self._open(
                platform, row.user_id, row.for_tenant, authenticated_at=platform.now, replaces=secret, amr=ways
            )

    def switch(self, secret: str, tenant_id: UUID) -> Opened:
        """The same person in another company; the former session ends."""
        with open_platform_work(self.database) as platform:
            row = self._find(platform, digest(secret))
            if row is None:
                raise session_ended()
            if sso.is_bound(platform, digest(secret)):
                raise held_to_company()
            return self._open(
                platform,
                row.user_id,
                tenant_id,
                authenticated_at=row.authenticated_at,
                replaces=secret,
                amr=row.amr,
            )

    def open_bound(self, platform: PlatformWork, user_id: UUID, tenant_id: UUID, *, replaces: str = "") -> Opened:
        """A session after a log-in by the company's provider: it opens this company and no other.

        The provider vouches for the person in its own company only, so for the account itself this log-in is never
        fresh: whatever protects the account asks for its password.
        """
        long_ago = platform.now - timedelta(seconds=self._settings.session_max_s)
        opened = self._open(
            platform, user_id, tenant_id, authenticated_at=long_ago, replaces=replaces, amr=("fed",), by_provider=True
        )
        sso.bind_session(platform, digest(opened.secret))
        return opened

    def read(self, secret: str) -> Present | None:
        """The session of this cookie, or None where it is over, or not good enough for the company's rules."""
        present = self.look(secret)
        return None if present is None or present.lacks_second_factor else present

    def require(self, secret: str) -> Present:
        """The session of this cookie, which may lack a second factor. Raises Unauthenticated where it is over."""
        present = self.look(secret)
        if present is None:
            raise session_ended()
        return present

    def look(self, secret: str) -> Present | None:
        """The session of this cookie, also where it lacks a second factor: good for adding one and nothing else."""
        token_hash = digest(secret)
        with open_platform_work(self.database) as platform:
            row = self._find(platform, token_hash)
            if row is None:
                return None
            member = users.rights(platform, row.for_tenant, row.user_id)
            role = None if member is None else role_of(member)
            if member is None or role is None:
                return None
            if platform.now - row.last_seen_at > timedelta(seconds=self._settings.session_touch_s):
                sessions.touch(platform, token_hash)
        return Present(
            token_hash,
            csrf_token(secret),
            row.authenticated_at,
            member,
            role,
            row.email_confirmed,
            tuple(row.amr),
            # An address that nobody confirmed could be anybody's.
            operates=member.email_verified and member.email.casefold() in self._settings.operator_emails,
        )

    def is_fresh(self, present: Present) -> bool:
        """Whether the person proved a moment ago who he is."""
        age = datetime.now(UTC) - present.authenticated_at
        return age < timedelta(seconds=self._settings.fresh_log_in_s)

    def of_user(self, user_id: UUID) -> list[Known]:
        """The person's sessions, the one used last first."""
        with open_platform_work(self.database) as platform:
            rows = self._rows(platform, user_id)
        return [
            Known(
                session_id_of(bytes(row.token_hash)),
                row.tenant_name,
                row.address,
                row.user_agent,
                tuple(row.amr),
                row.created_at,
                row.last_seen_at,
            )
            for row in rows
        ]

    def end_one(self, user_id: UUID, session_id: UUID) -> None:
        """Ends a session of the person. Raises NotFound where he has no such one."""
        with open_platform_work(self.database) as platform:
            hashes = [bytes(row.token_hash) for row in self._rows(platform, user_id)]
            found = next((one for one in hashes if session_id_of(one) == session_id), None)
            if found is None:
                raise session_not_found()
            note_all(platform, _ended(platform, found))

    def end_others(self, user_id: UUID, *, keep: bytes) -> int:
        """Ends every session of the person but one, and every grant of an app; returns how many sessions."""
        with open_platform_work(self.database) as platform:
            return end_everywhere(platform, user_id, "by_person", keep=keep)

    def end(self, secret: str) -> None:
        """Ends the session and the tokens that came from it; nothing happens where there is none."""
        with open_platform_work(self.database) as platform:
            note_all(platform, _ended(platform, digest(secret)))

    def access_token(self, present: Present) -> str:
        """A token with the person's own rights, good for at least `access_token_spare_s` more."""
        rights = present.rights
        cached = self._cache.get((present.token_hash, rights))
        now = time.monotonic()
        if cached is not None and cached[1] > now:
            return cached[0]
        token = self._tokens.issue(rights)
        until = now + self._tokens.lifetime_of(rights) - self._settings.access_token_spare_s
        with self._lock:
            self._cache[present.token_hash, rights] = (token, until)
            while len(self._cache) > self._settings.session_token_cache_size:
                self._cache.popitem(last=False)
        return token

    def ticket(self, user_id: UUID, amr: Sequence[str] = ("pwd",), *, purpose: str = COMPANY_CHOICE) -> str:
        """Proof for `company_choice_s` that the person logged in this way as far as `purpose`."""
        body = orjson.dumps([str(user_id), int(time.time()) + self._settings.company_choice_s, *amr])
        return base64.urlsafe_b64encode(self._vault.sign(purpose, body) + body).decode()

    def user_of_ticket(self, ticket: str) -> UUID:
        """The person a ticket of the company choice was given to. Raises as `proof_of_ticket`."""
        return self.proof_of_ticket(ticket)[0]

    def proof_of_ticket(self, ticket: str, *, purpose: str = COMPANY_CHOICE) -> tuple[UUID, tuple[str, ...]]:
        """The person a ticket was given to, and how he logged in.

        Raises Unauthenticated where it is forged, of another purpose or too old.
        """
        try:
            raw = base64.urlsafe_b64decode(ticket)
            signature, body = raw[:32], raw[32:]
            if not hmac.compare_digest(signature, self._vault.sign(purpose, body)):
                raise session_ended()
            user_id, expires_at, *amr = orjson.loads(body)
        except ValueError:
            raise session_ended() from None
        if expires_at < time.time():
            raise session_ended()
        return UUID(user_id), tuple(amr)

    def _rows(self, platform: PlatformWork, user_id: UUID) -> list[Row]:
        idle_since = platform.now - timedelta(seconds=self._settings.session_idle_s)
        return sessions.of_user(platform, user_id, idle_since=idle_since, limit=self._settings.sessions_shown)

    def _find(self, platform: PlatformWork, token_hash: bytes) -> Row | None:
        idle_since = platform.now - timedelta(seconds=self._settings.session_idle_s)
        return sessions.get(platform, token_hash, idle_since=idle_since)

    def _open(
        self,
        platform: PlatformWork,
        user_id: UUID,
        tenant_id: UUID,
        *,
        authenticated_at: datetime,
        replaces: str,
        amr: Sequence[str],
        by_provider: bool = False,
    ) -> Opened:
        member = users.rights(platform, tenant_id, user_id)
        if member is None:
            raise no_membership()
        if not by_provider and member.role != OWNER and sso.refuses_passwords(platform, tenant_id):
            raise sso_required()
        acts = _ended(platform, digest(replaces)) if replaces else []
        secret = new_secret()
        max_age = timedelta(seconds=self._settings.session_max_s)
        sessions.add(
            platform,
            digest(secret),
            user_id=user_id,
            tenant_id=tenant_id,
            authenticated_at=authenticated_at,
            expires_at=platform.now + max_age,
            amr=amr,
        )
        logged_in = Act("identity.log_in.succeeded", str(user_id), actor=Actor("user", user_id))
        acts.append((Caller.system(tenant_id), logged_in))
        note_all(platform, acts)
        return Opened(secret, self._settings.session_max_s)


def session_id_of(token_hash: bytes) -> UUID:
    """What pages, tokens and events name a session by; the cookie cannot be found from it."""
    return UUID(bytes=token_hash[:16])


def _ended(platform: PlatformWork, token_hash: bytes) -> list[Told]:
    """Ends the session with this hash; returns the event that tells of it."""
    row = sessions.end(platform, token_hash)
    if row is None:
        return []
    person = Caller(row.for_tenant, "user", row.user_id, scopes=frozenset(), visibility="own")
    return [(person, events.session_ended(session_id_of(token_hash), row.user_id))]


def rights_of(member: Row, role: Role, *, client_id: str, scopes: frozenset[str]) -> Rights:
    """A person's rights in a company, narrowed to these scopes; from a row of `queries.user.rights` and its role."""
    glass = _glass_of(member, role, client_id)
    if glass is not None and glass.record_id is None:
        role = replace(role, visibility="all")
    own = (member.team_id,) if member.team_id else ()
    by_team = role.visibility == "team"
    # The own team stands first: it is the one that new records get.
    team_ids = (*own, *(team for team in member.teams_below if team not in own)) if by_team else own
    sharing = sharing_of(member, role, team_ids)
    return Rights(
        tenant_id=member.tenant_id,
        subject=member.user_id,
        actor_type="user",
        client_id=client_id,
        scopes=scopes,
        visibility=role.visibility,
        team_ids=team_ids,
        fields=role.fields,
        sharing=sharing,
        glass=glass,
        locale=member.locale,
        user_version=member.user_version,
        role_id=role.id,
        role_version=role.version,
        teams_version=member.teams_version if by_team or sharing.above or sharing.team_ids else None,
        rules_version=0 if role.visibility == "all" else member.rules_version,
    )


def _glass_of(member: Row, role: Role, client_id: str) -> Glass | None:
    """The person's break-glass where it holds for this client; for any where none is named."""
    known = member.glass
    if not known or role.visibility == "all" or client_id not in ("", known["client_id"]):
        return None
    record_id = known["record_id"]
    return Glass(UUID(known["id"]), int(known["until"]), UUID(record_id) if record_id else None)


def csrf_token(secret: str) -> str:
    """The token that proves a form came from a page of this session; needs no storage."""
    proof = hashlib.sha256(b"csrf:" + secret.encode(errors="replace")).digest()
    return base64.urlsafe_b64encode(proof).decode().rstrip("=")
