"""The way of an app to other companies: its maker asks, an operator of the platform looks at it and decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from chassis.caller import Caller
from chassis.errors import FailedPrecondition, NotFound
from chassis.work import Database, Row, Work

from gateway.errors import client_not_found
from gateway.identity import events
from gateway.identity.platform import as_tenant, open_platform_work
from gateway.identity.queries import client as clients

Verdict = Literal["publish", "send_back", "suspend", "revoke"]
NOTE_MAX_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class _Step:
    former: tuple[str, ...]
    status: str
    verb: str


_SUBMIT = _Step(("draft",), "in_review", "submitted")
_WITHDRAW = _Step(("in_review",), "draft", "withdrawn")
_VERDICTS: Mapping[Verdict, _Step] = {
    "publish": _Step(("in_review", "suspended"), "published", "published"),
    "send_back": _Step(("in_review",), "draft", "sent_back"),
    "suspend": _Step(("published",), "suspended", "suspended"),
    "revoke": _Step(("in_review", "published", "suspended"), "revoked", "revoked"),
}
STATUSES = ("in_review", "published", "suspended", "revoked")
"""States of apps that operators look at."""


def submit(work: Work, record_id: UUID) -> Row:
    """Asks for the review. Raises FailedPrecondition where the app lacks what a reviewer needs to know."""
    row = clients.get(work, record_id)
    if row is None:
        raise client_not_found(record_id)
    if "client_credentials" in row.grant_types:
        raise FailedPrecondition(
            "A service account works in its own company only. Register an app with which people log in.",
            reason="NOT_AN_APP",
        )
    if not row.description or not row.homepage_url:
        raise FailedPrecondition(
            "Say what the app does and where its page is (description, homepage_url) before you ask for the review.",
            reason="APP_NOT_DESCRIBED",
        )
    return _move(work, record_id, _SUBMIT)


def withdraw(work: Work, record_id: UUID) -> Row:
    """Takes the app back from the review."""
    if clients.get(work, record_id) is None:
        raise client_not_found(record_id)
    return _move(work, record_id, _WITHDRAW)


class AppReview:
    """What operators do; the caller has made sure that one is asking. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, status: str, *, limit: int, after: tuple[datetime, UUID] | None = None) -> list[Row]:
        """Apps of every company in this state, the longest waiting first."""
        with open_platform_work(self._database) as platform:
            return clients.by_status(platform, status, limit=limit, after=after)

    def decide(self, record_id: UUID, verdict: Verdict, *, operator: UUID, note: str = "", request_id: str = "") -> Row:
        """Carries a verdict out; what suspends or revokes ends the app's tokens in every company within seconds."""
        with open_platform_work(self._database, request_id=request_id) as platform:
            home = clients.home(platform, record_id)
            if home is None:
                raise NotFound(f"There is no app {record_id}.", reason="OAUTH_CLIENT_NOT_FOUND")
            caller = Caller(home, "user", operator, frozenset(), "all", request_id=request_id)
            with as_tenant(platform, caller) as work:
                return _move(work, record_id, _VERDICTS[verdict], note=note[:NOTE_MAX_LENGTH])


def _move(work: Work, record_id: UUID, step: _Step, *, note: str = "") -> Row:
    if not clients.move(work, record_id, former=step.former, status=step.status, note=note):
        raise FailedPrecondition(
            f"This needs an app that is {' or '.join(step.former)}. Load the page again.", reason="WRONG_APP_STATUS"
        )
    row = clients.get(work, record_id)
    assert row is not None
    work.record(events.client_changed(step.verb, row.id, row.version, client_id=row.client_id, scopes=row.scopes))
    return row
