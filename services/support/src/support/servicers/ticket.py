"""TicketService at the edge: tickets and their way through the statuses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from chassis.envelope import Event
from chassis.errors import Conflict, FuniaError, NotFound
from chassis.masks import set_fields
from chassis.paging import Pager
from chassis.records import RecordServicer, Resource
from chassis.records.mapping import timestamp
from chassis.work import Row, Work
from funia.support.v1 import ticket_pb2 as pb

from support.events import clock_event, ticket_event
from support.model.ticket import Ticket
from support.queries import sla as clock_queries
from support.queries import ticket as queries
from support.references import Customers
from support.sla_clocks import KINDS, Told
from support.usecases import sla
from support.usecases import tickets as rules

Values = dict[str, Any]
ASSIGNING = frozenset({"owner_id", "team_id", "queue_id"})


class TicketServicer(RecordServicer):
    """Tickets. `close_after_days` is how long a solved one may be opened again."""

    service = pb.DESCRIPTOR.services_by_name["TicketService"]
    resource = Resource("support", "ticket", Ticket, pb.Ticket, custom=True)
    owned_by_creator = False
    defaults: ClassVar[Values] = {
        "number": 0,
        "merged_into_id": None,
        "follow_up_of_id": None,
        "reopened": 0,
        "first_replied_at": None,
        "customer_wrote_at": None,
        "agent_replied_at": None,
        "solved_at": None,
        "closed_at": None,
        "next_due_at": None,
        "sla_state": "",
    }

    def __init__(self, pager: Pager, customers: Customers, *, close_after_days: int) -> None:
        super().__init__(pager)
        self._customers = customers
        self.close_after_days = close_after_days

    def checked(self, work: Work, before: Row | None, after: Values, changed: frozenset[str]) -> None:
        rules.check(work, self._customers, before, after)

    def recorded(self, work: Work, verb: str, row: Row, changed: tuple[str, ...]) -> Iterable[Event]:
        if (verb == "created" and row.external_ids) or "external_ids" in changed:
            self._keep_external(work, row)
        if verb != "updated":
            # Changes are followed by `write` and `come_to`, once they are known to be some.
            self._follow(work, row)
        told = "assigned" if verb == "updated" and not ASSIGNING.isdisjoint(changed) else verb
        return [ticket_event(told, row, changed)]

    def write(self, work: Work, row: Row, given: Values, verb: str = "updated") -> Row:
        updated = super().write(work, row, given, verb)
        if updated is not row:
            self._follow(work, updated)
        return updated

    def messages(self, work: Work, rows: list[Row]) -> list[Any]:
        found: dict[UUID, list[Row]] = {}
        for clock in clock_queries.clocks(work, [row.id for row in rows]):
            found.setdefault(clock.ticket_id, []).append(clock)
        return [self._with_clocks(row, found.get(row.id, [])) for row in rows]

    def message(self, work: Work, row: Row) -> Any:
        return self.messages(work, [row])[0]

    def come_to(self, work: Work, before: Row, given: Values) -> Row:
        """Changes a locked ticket, perhaps its status, and tells of both."""
        row, changed = self.apply(work, before, given)
        if row is before:
            return row
        verbs = ["updated"]
        if row.status != before.status:
            verbs = ["status_changed"]
            if before.status == "solved" and row.active:
                verbs.append("reopened")
            if row.status in ("solved", "closed", "merged"):
                verbs.append(row.status)
            if row.status == "solved":
                rules.set_closing(work, row, self.close_after_days)
        work.record_all([ticket_event(one, row, changed, status_before=before.status) for one in verbs])
        self._follow(work, row)
        return row

    def MoveTicket(self, work: Work, request: pb.MoveTicketRequest) -> pb.Ticket:
        before = self.locked(work, UUID(request.id), request.etag)
        if before.status == request.status:
            return self.message(work, before)  # type: ignore[no-any-return]
        row = self.come_to(work, before, rules.enter(work, before, request.status))
        return self.message(work, row)  # type: ignore[no-any-return]

    def FindTicket(self, work: Work, request: pb.FindTicketRequest) -> pb.Ticket:
        found = queries.by_number(work, request.number)
        if found is None:
            raise NotFound(f"There is no ticket {request.number} that you may see.", reason="TICKET_NOT_FOUND")
        return self.message(work, self.found(work, found))  # type: ignore[no-any-return]

    def BatchUpsertTickets(self, work: Work, request: pb.BatchUpsertTicketsRequest) -> pb.BatchUpsertTicketsResponse:
        names = [one.ticket.external_ids.get(request.system, "").strip() for one in request.tickets]
        known = queries.by_external(work, request.system, [one for one in names if one])
        results = []
        for name, item in zip(names, request.tickets, strict=True):
            try:
                with work.savepoint():
                    row, created = self._upserted(work, item, name, known)
                known[name] = row.id
                results.append(pb.UpsertedTicket(id=str(row.id), number=row.number, created=created))
            except FuniaError as error:
                results.append(_refused(error))
        return pb.BatchUpsertTicketsResponse(results=results)

    def close(self, work: Work, ticket_id: UUID) -> None:
        """Closes a ticket that has been solved long enough; sets the timer again where it is early."""
        row = self.store.get(work, ticket_id, lock=True)
        if row is None or row.deleted_at is not None or row.status != "solved":
            return
        if rules.closes_at(row, self.close_after_days) > work.now:
            rules.set_closing(work, row, self.close_after_days)
            return
        self.come_to(work, row, rules.enter(work, row, "closed"))

    def wake_clocks(self, work: Work, ticket_id: UUID) -> None:
        """Tells what the clocks of a ticket have come to; nothing that they say already."""
        row = self.store.get(work, ticket_id, lock=True)
        if row is not None and (told := sla.wake(work, row)):
            self._tell(work, row, told)

    def recount_clocks(self, work: Work, policy_id: UUID, *, most: int) -> bool:
        """Counts clocks of a changed policy again; False once all are counted."""
        changed_at = clock_queries.changed_at(work, policy_id)
        ids = [] if changed_at is None else clock_queries.stale(work, policy_id, changed_at, most)
        for row in self.store.lock(work, ids):
            self._tell(work, row, sla.follow(work, row, recount=True))
        return bool(ids)

    def _follow(self, work: Work, row: Row) -> None:
        self._tell(work, row, sla.follow(work, row))

    def _tell(self, work: Work, row: Row, told: list[Told]) -> None:
        if told:
            # A version of its own, so that whoever follows the events does not take it for one already seen.
            row = self.store.update(work, row.id, {})
            work.record_all([clock_event(row, one) for one in told])

    def _with_clocks(self, row: Row, clocks: list[Row]) -> pb.Ticket:
        made = pb.Ticket()
        self.resource.mapping.fill(row, made)
        made.ClearField("next_due_at")
        made.sla_state = sla.state_of(clocks)
        due = [one.due_at for one in clocks if one.state == "running"]
        if due:
            made.next_due_at.CopyFrom(timestamp(min(due)))
        for one in sorted(clocks, key=lambda clock: KINDS.index(clock.kind)):
            shown = made.sla_clocks.add(
                kind=one.kind,
                state=one.state,
                sla_policy_id=str(one.sla_policy_id),
                target_s=one.target_s,
                elapsed_s=one.elapsed_s,
            )
            for name in ("due_at", "warned_at", "breached_at", "met_at"):
                if (moment := getattr(one, name)) is not None:
                    getattr(shown, name).CopyFrom(timestamp(moment))
        return made

    def _upserted(self, work: Work, item: pb.UpsertTicket, name: str, known: dict[str, UUID]) -> tuple[Row, bool]:
        if not name:
            raise Conflict("Give the ticket its id in the system that the batch names.", reason="NO_EXTERNAL_ID")
        mapping, message = self.resource.mapping, item.ticket
        if name in known:
            before = self.locked(work, known[name])
            given = mapping.values(message, sorted(set_fields(message).names))
            if "external_ids" in given:
                given["external_ids"] = {**before.external_ids, **given["external_ids"]}
            if item.status and item.status not in (before.status, "new"):
                given |= rules.enter(work, before, item.status)
            return self.come_to(work, before, given), False
        given = mapping.values(message, mapping.names - _OF_THE_FRAME)
        row = self.write_new(work, given)
        if item.status and item.status != "new":
            row = self.come_to(work, self.locked(work, row.id), rules.taken_over(work, item.status))
        return row, True

    def _keep_external(self, work: Work, row: Row) -> None:
        if not queries.put_external(work, row.id, row.external_ids):
            raise Conflict("Another ticket has one of these external ids.", reason="EXTERNAL_ID_TAKEN")


_OF_THE_FRAME = frozenset({"id", "etag", "created_at", "updated_at", "deleted_at"})


def _refused(error: FuniaError) -> pb.UpsertedTicket:
    first = error.violations[0] if error.violations else None
    return pb.UpsertedTicket(
        reason=first.reason if first else error.reason,
        field=first.field if first else "",
        message=first.message if first else error.message,
    )
