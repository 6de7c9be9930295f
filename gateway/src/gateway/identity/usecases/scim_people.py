"""People as a company's directory sends them: made, changed, suspended and removed, as memberships of this company.

An account that other companies know too is linked and never altered: name and state stay in the membership, and the
e-mail address is the account's own.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from uuid import UUID

from chassis.errors import Conflict, FailedPrecondition, InvalidArgument, Violation, invalid_field
from chassis.ids import uuid7
from chassis.work import Row, Work

from gateway.errors import user_not_found
from gateway.identity import events
from gateway.identity.platform import platform_rights
from gateway.identity.queries import role as role_queries
from gateway.identity.queries import scim_user as queries
from gateway.identity.queries import sso as sso_queries
from gateway.identity.queries import tenant as tenants
from gateway.identity.queries import user as users
from gateway.identity.roles import OWNER, ROLES
from gateway.identity.usecases.accounts import NAME_MAX_LENGTH, checked_name
from gateway.identity.usecases.addresses import checked_email
from gateway.identity.usecases.members import add_member
from gateway.identity.usecases.people import change_user
from gateway.identity.usecases.sso import NO_PASSWORD

FALLBACK_ROLE = "viewer"
TEXT_MAX_LENGTH = 300


@dataclass(frozen=True, slots=True)
class SentPerson:
    """What the directory says of a person. Texts that it does not say are None."""

    user_name: str
    email: str
    active: bool = True
    external_id: str | None = None
    display_name: str | None = None
    formatted_name: str | None = None
    family_name: str | None = None
    given_name: str | None = None

    @property
    def full_name(self) -> str:
        """The name that colleagues read."""
        parts = " ".join(part for part in (self.given_name, self.family_name) if part)
        spoken = (self.display_name, self.formatted_name, parts, self.email.partition("@")[0])
        return next(name.strip() for name in spoken if name and name.strip())[:NAME_MAX_LENGTH].strip()


def provision(work: Work, sent: SentPerson) -> UUID:
    """Makes a person a member, with the role of newcomers; who was removed comes back so, too.

    Raises Conflict where the company has such a person, InvalidArgument naming a bad field.
    """
    email = checked_email(sent.email, field="emails.value")
    _check(work, sent, None)
    if queries.by_email(work, email) is not None:
        raise Conflict("This person belongs to your company already: change that user.", reason="USER_EXISTS")
    user_id = _account(work, sent, email)
    role = newcomers_role(work)
    member = users.get_for_update(work, user_id)
    if member is None:
        add_member(work, user_id, email=email, full_name=_name(sent), role=role, locale="")
    else:
        users.change(
            work,
            user_id,
            full_name=_name(sent),
            locale=member.locale,
            role=role,
            team_id=None,
            status="active",
            version=member.version + 1,
            updated_at=work.now,
            updated_by=work.caller.actor_id,
        )
    work.record(events.user_changed("activated", users.get(work, user_id)))
    _keep(work, user_id, sent)
    if not sent.active:
        change_user(work, user_id, {"status": "suspended"}, etag="")
    return user_id


def change(work: Work, user_id: UUID, sent: SentPerson) -> None:
    """Makes a person as the directory says. Raises NotFound, and what `provision` and `change_user` raise."""
    row = queries.get(work, user_id, lock=True)
    if row is None:
        raise user_not_found(user_id)
    if checked_email(sent.email, field="emails.value") != row.email:
        raise invalid_field(
            "emails.value",
            "the address is the person's own and is changed by the person, under Your account",
            reason="IMMUTABLE_EMAIL",
        )
    known = of_row(row)
    if sent == known and row.scim_version:
        return
    _check(work, sent, row)
    values = {}
    if sent.full_name != known.full_name:
        values["full_name"] = _name(sent)
    if sent.active != known.active:
        values["status"] = "active" if sent.active else "suspended"
    change_user(work, user_id, values, etag="")
    _keep(work, user_id, sent)


def remove(work: Work, user_id: UUID) -> None:
    """Takes a person out of the company; what he did stays. Raises NotFound, and what `change_user` raises."""
    row = queries.get(work, user_id, lock=True)
    if row is None:
        raise user_not_found(user_id)
    if row.role == OWNER and row.status == "active":
        _check_owner_stays(work, row)
    change_user(work, user_id, {"status": "deactivated"}, etag="")
    queries.forget(work, user_id)


def of_row(row: Row) -> SentPerson:
    """What the directory said of a person; the name that somebody gave here instead, where it differs."""
    told = SentPerson(
        user_name=row.user_name,
        email=row.email,
        active=row.status == "active",
        external_id=row.external_id,
        display_name=row.display_name,
        formatted_name=row.formatted_name,
        family_name=row.family_name,
        given_name=row.given_name,
    )
    if told.full_name == row.full_name:
        return told
    user_name, email, active, external_id, *_ = astuple(told)
    return SentPerson(user_name, email, active, external_id, display_name=row.full_name)


def newcomers_role(work: Work) -> str:
    """The role of who comes by the directory and is in no group that gives one: that of single sign-on."""
    connection = sso_queries.connection(work)
    role = connection.default_role if connection is not None else FALLBACK_ROLE
    is_known = role != OWNER and (role in ROLES or role_queries.get(work, role) is not None)
    return role if is_known else FALLBACK_ROLE


def key_of(name: str) -> str:
    """What userName and names of groups are compared by."""
    return name.strip().casefold()


def _account(work: Work, sent: SentPerson, email: str) -> UUID:
    domain = sso_queries.domain(work, email.rpartition("@")[2])
    company = tenants.get(work)
    assert company is not None
    with platform_rights(work) as platform:
        account = users.account_by_email(platform, email)
        if account is not None:
            return UUID(str(account.id))
        user_id = uuid7()
        added = users.add_account(
            platform,
            user_id=user_id,
            email=email,
            full_name=_name(sent),
            locale=company.locale,
            password_hash=NO_PASSWORD,
            # A company speaks for the addresses of domains that it has proven to be its own, and for no others.
            email_confirmed=domain is not None and domain.verified_at is not None,
        )
    if not added:
        raise Conflict("Somebody made this account at the same time. Repeat the request.", reason="EMAIL_TAKEN")
    return user_id


def _check(work: Work, sent: SentPerson, row: Row | None) -> None:
    texts = {
        "userName": sent.user_name,
        "externalId": sent.external_id,
        "displayName": sent.display_name,
        "name.formatted": sent.formatted_name,
        "name.familyName": sent.family_name,
        "name.givenName": sent.given_name,
    }
    check_texts(texts)
    if not sent.user_name.strip():
        raise invalid_field("userName", "fill this in", reason="REQUIRED")
    user_id = None if row is None else row.user_id
    same_name = queries.by_user_name(work, key_of(sent.user_name))
    if same_name is not None and same_name.user_id != user_id:
        raise Conflict("Another user has this userName.", reason="USER_NAME_TAKEN")
    if sent.external_id is not None:
        same_id = queries.by_external_id(work, sent.external_id)
        if same_id is not None and same_id.user_id != user_id:
            raise Conflict("Another user has this externalId.", reason="EXTERNAL_ID_TAKEN")
    if row is not None and row.role == OWNER and row.status == "active" and not sent.active:
        _check_owner_stays(work, row)


def _check_owner_stays(work: Work, row: Row) -> None:
    if not users.has_other_owner(work, row.user_id):
        raise FailedPrecondition(
            "This is the last owner of the company. Make somebody else an owner first.", reason="LAST_OWNER"
        )


def check_texts(texts: dict[str, str | None]) -> None:
    """Raises InvalidArgument for a text that is too long, or holds what no text may."""
    for field, text in texts.items():
        if text is not None and (len(text) > TEXT_MAX_LENGTH or "\0" in text):
            message = f"Use at most {TEXT_MAX_LENGTH} characters, and no control characters."
            raise InvalidArgument(
                f"{field}: {message}", reason="INVALID_TEXT", violations=[Violation(field, message, "INVALID_TEXT")]
            )


def _name(sent: SentPerson) -> str:
    return checked_name(sent.full_name, field="displayName")


def _keep(work: Work, user_id: UUID, sent: SentPerson) -> None:
    queries.keep(
        work,
        user_id,
        user_name=sent.user_name,
        user_name_key=key_of(sent.user_name),
        external_id=sent.external_id,
        display_name=sent.display_name,
        formatted_name=sent.formatted_name,
        family_name=sent.family_name,
        given_name=sent.given_name,
    )
