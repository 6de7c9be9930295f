"""Identity's unit of work: whatever it records as an event is entered in the audit log in the same transaction.

There is no way to a connection of identity around it, so no use case can forget the log. Refusals of what a person
or app tried are entered too, in a transaction of their own, since theirs was rolled back.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from chassis.caller import Caller
from chassis.envelope import Event
from chassis.errors import FailedPrecondition, FuniaError, PermissionDenied
from chassis.settings import Settings
from chassis.transaction import Transaction
from chassis.work import Database, Work
from google.protobuf.message import Message

from gateway.identity.audit_chain import append
from gateway.identity.model.audit import Act, Origin

log = logging.getLogger(__name__)

FindOrigin = Callable[[], Origin | None]
CHECKPOINTED = "identity.audit.checkpointed"
_ABOUT_THE_LOG = frozenset({CHECKPOINTED})
"""Events that no entry tells of: an entry for each checkpoint would ask for the next one."""


def nowhere() -> None:
    """The origin of work that no request of a browser or program began."""
    return


class IdentityWork(Work):
    """A unit of work that keeps the audit log."""

    __slots__ = ("_acts", "find_origin")

    def __init__(self, transaction: Transaction, caller: Caller, find_origin: FindOrigin = nowhere) -> None:
        super().__init__(transaction, caller)
        self.find_origin = find_origin
        self._acts: list[Act] = []

    def record(self, event: Event) -> None:
        """Adds an event to the transaction, and its entry to the audit log."""
        if event.type not in _ABOUT_THE_LOG:
            self._acts.append(act_of(event))
        super().record(event)

    def record_all(self, events: Sequence[Event]) -> None:
        """As `record`, for many events."""
        for event in events:
            self.record(event)

    def note(self, act: Act) -> None:
        """Enters an act that is no event, such as a log-in."""
        self._acts.append(act)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undoes what happened inside on an error, its entries too."""
        noted = len(self._acts)
        try:
            with super().savepoint():
                yield
        except BaseException:
            del self._acts[noted:]
            raise

    def write_last(self) -> None:
        """Writes entries at the end, so the chain is locked only for a moment."""
        if self._acts:
            acts, self._acts = self._acts, []
            append(self, acts, self.find_origin())


class IdentityDatabase(Database):
    """Identity's database. `find_origin` tells where the request at hand comes from; the public process sets it."""

    work_class = IdentityWork

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.find_origin: FindOrigin = nowhere

    @contextmanager
    def open_work(self, caller: Caller, *, read_only: bool = False) -> Iterator[IdentityWork]:
        """As in Database. A refusal by a rule is entered in the log before it is raised on."""
        try:
            with super().open_work(caller, read_only=read_only) as work:
                assert isinstance(work, IdentityWork)
                work.find_origin = self.find_origin
                yield work
        except (PermissionDenied, FailedPrecondition) as refusal:
            if caller.actor_type in ("user", "client"):
                self._enter_refusal(caller, refusal)
            raise

    def _enter_refusal(self, caller: Caller, refusal: FuniaError) -> None:
        try:
            with super().open_work(caller) as work:
                assert isinstance(work, IdentityWork)
                work.note(Act("identity.request.refused", detail={"reason": refusal.reason}))
        except FuniaError as error:
            log.warning("a refusal could not be entered in the audit log: %s", error.reason)


def act_of(event: Event) -> Act:
    """The entry of an event, with the ids and states of its payload."""
    return Act(
        event.type,
        str(event.subject_id),
        detail_of(event.payload),
        event.changed_fields,
        occurred_at=event.occurred_at,
        event_id=event.id,
    )


def detail_of(payload: Message | None) -> dict[str, str]:
    """The fields of an event's payload as texts."""
    if payload is None:
        return {}
    return {field.name: _text(value) for field, value in payload.ListFields()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    if isinstance(value, Message):
        return " ".join(str(value).split())
    return ",".join(_text(one) for one in value)
