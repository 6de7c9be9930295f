"""Errors of the gateway's own: log-in, sessions, people and clients."""

from __future__ import annotations

from uuid import UUID

from chassis.errors import (
    Conflict,
    FailedPrecondition,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    ResourceExhausted,
    Unauthenticated,
    invalid_field,
)


def wrong_log_in() -> Unauthenticated:
    """E-mail or password is wrong; never says which."""
    return Unauthenticated("E-mail or password is wrong. Check both and try again.", reason="WRONG_LOG_IN")


def too_many_attempts(wait_s: int) -> ResourceExhausted:
    """Too many tries in the window."""
    minutes = max(1, round(wait_s / 60))
    return ResourceExhausted(
        f"There were too many attempts. Wait {minutes} min and try again.",
        reason="TOO_MANY_ATTEMPTS",
        metadata={"retry_after_s": str(max(1, wait_s))},
    )


def hashing_busy() -> ResourceExhausted:
    """More passwords to hash than fit the queue."""
    return ResourceExhausted(
        "Too many people are logging in at this moment. Try again in a few seconds.",
        reason="LOG_IN_BUSY",
        metadata={"retry_after_s": "3"},
    )


def session_ended() -> Unauthenticated:
    """No such session, or one that is over."""
    return Unauthenticated("Your session is over. Log in again.", reason="SESSION_ENDED")


def session_not_found() -> NotFound:
    """The person has no such session."""
    return NotFound("This session has ended already.", reason="SESSION_NOT_FOUND")


def no_membership() -> PermissionDenied:
    """The person does not work in that company."""
    return PermissionDenied("You do not belong to this company. Ask its administrator to add you.", reason="NO_MEMBER")


def membership_suspended() -> PermissionDenied:
    """The person's only company has suspended him."""
    return PermissionDenied(
        "Your company has suspended your access; nothing was deleted. Ask its administrator.", reason="MEMBER_SUSPENDED"
    )


def email_taken() -> Conflict:
    """An account with this e-mail exists and the password is not its password."""
    return Conflict(
        "There is an account with this e-mail already. Sign up with its password, or log in.", reason="EMAIL_TAKEN"
    )


def wrong_code() -> InvalidArgument:
    """The code of a second factor is wrong, used or too old."""
    return invalid_field("code", "this code is wrong or was used; wait for the next one", reason="WRONG_CODE")


def wrong_passkey() -> InvalidArgument:
    """What the browser sent proves no passkey of ours."""
    return InvalidArgument("This passkey was not accepted. Try again, or log in another way.", reason="WRONG_PASSKEY")


def app_is_on() -> Conflict:
    """The account has an app already."""
    return Conflict("An app is set up already. Turn it off first to use another.", reason="APP_IS_ON")


def factor_not_found() -> NotFound:
    """The account has no such second factor."""
    return NotFound("There is no such app or passkey any more.", reason="FACTOR_NOT_FOUND")


def second_factor_asked() -> Unauthenticated:
    """The password was right, and a second factor is needed."""
    return Unauthenticated("Send a code of your app or a recovery code in `code` too.", reason="SECOND_FACTOR_REQUIRED")


def link_gone() -> FailedPrecondition:
    """The link of a mail works no more."""
    return FailedPrecondition(
        "This link was used before, replaced by a newer one, or is too old. Ask for a new one.", reason="LINK_GONE"
    )


def email_unconfirmed() -> FailedPrecondition:
    """The caller must confirm his own address first."""
    return FailedPrecondition(
        "Confirm your e-mail address first: open the link in the mail we sent you, or ask for it again.",
        reason="EMAIL_UNCONFIRMED",
    )


def invitation_not_found(invitation_id: UUID | str) -> NotFound:
    """No such invitation of the company."""
    return NotFound(f"There is no open invitation {invitation_id} in your company.", reason="INVITATION_NOT_FOUND")


def invitation_of_another() -> PermissionDenied:
    """The person who opened the invitation is not the one it was sent to."""
    return PermissionDenied(
        "This invitation was sent to another address. Log in with the account of that address, or ask for your own.",
        reason="INVITATION_OF_ANOTHER",
    )


def user_not_found(user_id: UUID | str) -> NotFound:
    """No such person in the company."""
    return NotFound(f"There is no user {user_id} in your company.", reason="USER_NOT_FOUND")


def role_not_found(name: str) -> NotFound:
    """No such role in the company."""
    return NotFound(f'There is no role "{name[:60]}" in your company.', reason="ROLE_NOT_FOUND")


def team_not_found(team_id: UUID | str) -> NotFound:
    """No such team in the company."""
    return NotFound(f"There is no team {team_id} in your company.", reason="TEAM_NOT_FOUND")


def client_not_found(client_id: UUID | str) -> NotFound:
    """No such client of the company."""
    return NotFound(f"There is no OAuth client {client_id} in your company.", reason="OAUTH_CLIENT_NOT_FOUND")


def stale(etag: str, version: int) -> Conflict:
    """The record has changed since the caller read it."""
    return Conflict(
        "Somebody changed this record after you read it. Read it again and repeat your change.",
        reason="STALE_ETAG",
        metadata={"your_etag": etag, "current_etag": str(version)},
    )


def sso_required() -> PermissionDenied:
    """The company lets its people in by its own provider alone."""
    return PermissionDenied(
        'This company asks you to log in with its own account. Use "Log in with your company".', reason="SSO_REQUIRED"
    )


def held_to_company() -> PermissionDenied:
    """A log-in by a company's provider opens that company and no other."""
    return PermissionDenied(
        "Your company's log-in opens that company only. Log in with your password to work in another.",
        reason="SSO_SESSION",
    )


def domain_not_found(domain: str) -> NotFound:
    """No such e-mail domain of the company."""
    return NotFound(f"There is no domain {domain[:253]} in your company.", reason="SSO_DOMAIN_NOT_FOUND")
