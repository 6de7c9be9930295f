"""LeadService at the edge: leads, their way to a seller, and what they become."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from chassis import custom_fields, custom_values
from chassis.envelope import Event
from chassis.errors import FuniaError, InvalidArgument, Violation
from chassis.field_rights import refuse_forbidden
from chassis.jobs import set_timer
from chassis.paging import Pager
from chassis.record_shares import check_writes
from chassis.records import RecordServicer
from chassis.rules import clear_output_only, violations
from chassis.server import Call
from chassis.work import Row, Work
from funia.sales.v1 import deal_pb2
from funia.sales.v1 import lead_pb2 as pb
from funia.sales.v1.events_pb2 import LeadChanged
from funia.type.v1.money_pb2 import Money

from sales.events import lead_payload
from sales.queries import lead as queries
from sales.records import LEAD
from sales.references import Customers, NewCompany, NewPerson
from sales.servicers.deal import COUNTED, DealServicer
from sales.servicers.need import NeedServicer
from sales.usecases import leads as rules
from sales.usecases.assignment import choose

Values = dict[str, Any]
_PLACE = re.compile(r"requests\[(\d+)\]\.?")
_UNTOUCHED: Values = {
    "status": "new",
    "assigned_by_rule_id": None,
    "assignment_reason": "",
    "assigned_at": None,
    "nurture_until": None,
    "disqualify_reason": "",
    "disqualify_note": "",
    "contact_id": None,
    "account_id": None,
    "deal_id": None,
    "converted_at": None,
}
_FRAME = frozenset({"id", "etag", "created_at", "updated_at", "deleted_at"})


class LeadServicer(RecordServicer):
    """Leads. `deals` makes the deals that they become, which `needs` follow."""

    service = pb.DESCRIPTOR.services_by_name["LeadService"]
    resource = LEAD

    def __init__(self, pager: Pager, customers: Customers, deals: DealServicer, needs: NeedServicer) -> None:
        super().__init__(pager)
        self._customers = customers
        self._deals = deals
        self._needs = needs

    def living(self, work: Work, kind: str, ids: set[UUID]) -> set[UUID]:
        return ids - self._customers.unknown(work, kind, ids)

    def checked(self, work: Work, before: Row | None, after: Values, changed: frozenset[str]) -> None:
        rules.check(before, after)
        if before is not None and "owner_id" in changed and after["owner_id"] != before.owner_id:
            after |= _by_hand(work)

    def write_new(self, work: Work, given: Values, *, record_id: UUID | None = None) -> Row:
        given = {**given, **_UNTOUCHED}
        chosen = None if given.get("owner_id") else choose(work, given, self.resource.schema)
        if chosen is not None:
            given = {**given, "owner_id": chosen.owner_id, "team_id": chosen.team_id, "status": "assigned"}
            given |= {"assigned_by_rule_id": chosen.rule_id, "assignment_reason": chosen.reason}
            given["assigned_at"] = work.now
        elif given.get("owner_id") or work.caller.actor_type == "user":
            given = {**given, **_by_hand(work), "status": "assigned"}
        return super().write_new(work, given, record_id=record_id)

    def capture(self, work: Work, given: Mapping[str, Any]) -> Row:
        """Takes up a lead of these values, as if its message had come in."""
        mapping = self.resource.mapping
        request = pb.CreateLeadRequest(lead=pb.Lead(**given))
        _refuse(violations(request))
        return self.write_new(work, mapping.values(request.lead, mapping.names - _FRAME))

    def recorded(self, work: Work, verb: str, row: Row, changed: tuple[str, ...]) -> Iterable[Event]:
        if (number := COUNTED.get(verb)) is not None:
            work.count("leads", number)
        if verb == "created":
            payload = self.payload(row)
            told = ["captured", *(["assigned"] if row.status == "assigned" else [])]
            return [Event(self.resource.event(one), row.id, row.version, payload, changed) for one in told]
        return super().recorded(work, verb, row, changed)

    def payload(self, row: Row) -> LeadChanged:
        return lead_payload(row)

    def BatchCreateLeads(self, work: Work, request: pb.BatchCreateLeadsRequest) -> pb.BatchCreateLeadsResponse:
        unreadable: dict[int, list[Violation]] = {}
        for one in request.unreadable:
            if place := _PLACE.match(one.field):
                found = Violation(one.field[place.end() :], one.message, one.reason)
                unreadable.setdefault(int(place[1]), []).append(found)
        results = []
        for index, item in enumerate(request.requests):
            try:
                clear_output_only(item)
                _refuse(unreadable.get(index) or violations(item))
                if work.caller.fields:
                    refuse_forbidden(item, work.caller.fields, read_only=False)
                with work.savepoint():
                    results.append(pb.LeadResult(lead=self._create(work, item)))
            except FuniaError as error:
                results.append(pb.LeadResult(reason=error.reason, message=error.message))
        return pb.BatchCreateLeadsResponse(results=results)

    def AssignLead(self, work: Work, request: pb.AssignLeadRequest) -> pb.Lead:
        lead = self.locked(work, UUID(request.id), request.etag)
        given: Values = rules.moved(lead, "assign")
        if request.owner_id:
            given |= {"owner_id": UUID(request.owner_id)} | _by_hand(work)
            given["team_id"] = UUID(request.team_id) if request.team_id else lead.team_id
        else:
            values = {name: getattr(lead, name) for name in self.resource.columns}
            chosen = choose(work, values, self.resource.schema)
            if chosen is None:
                raise InvalidArgument(
                    "No rule of assignment fits this lead, or nobody of its people is at work. Name a person.",
                    reason="NO_RULE_FITS",
                    violations=[Violation("owner_id", "name a person", "NO_RULE_FITS")],
                )
            given |= {"owner_id": chosen.owner_id, "team_id": chosen.team_id, "assigned_at": work.now}
            given |= {"assigned_by_rule_id": chosen.rule_id, "assignment_reason": chosen.reason}
        return self._step(work, lead, given, "assigned")

    def MarkLeadContacted(self, work: Work, request: pb.MarkLeadContactedRequest) -> pb.Lead:
        lead = self.locked(work, UUID(request.id), request.etag)
        return self._step(work, lead, rules.moved(lead, "mark contacted"), "contacted")

    def QualifyLead(self, work: Work, request: pb.QualifyLeadRequest) -> pb.Lead:
        lead = self.locked(work, UUID(request.id), request.etag)
        return self._step(work, lead, rules.moved(lead, "qualify"), "qualified")

    def DisqualifyLead(self, work: Work, request: pb.DisqualifyLeadRequest) -> pb.Lead:
        lead = self.locked(work, UUID(request.id), request.etag)
        given = rules.moved(lead, "disqualify")
        given |= {"disqualify_reason": request.reason.strip(), "disqualify_note": request.note.strip()}
        return self._step(work, lead, given, "disqualified")

    def RecycleLead(self, work: Work, request: pb.RecycleLeadRequest) -> pb.Lead:
        lead = self.locked(work, UUID(request.id), request.etag)
        until = rules.comes_back(work, date.fromisoformat(request.until))
        recycled = self._step(work, lead, {**rules.moved(lead, "recycle"), "nurture_until": until}, "recycled")
        set_timer(work, rules.RETURN, lead.id, rules.returns_at(work, until))
        return recycled

    def come_back(self, work: Work, lead_id: UUID) -> None:
        """Gives a nurtured lead back to its owner once its day has come; sets the timer again where it has not."""
        lead = self.store.get(work, lead_id, lock=True)
        if lead is None or lead.deleted_at is not None or lead.status != "nurturing" or lead.nurture_until is None:
            return
        due = rules.returns_at(work, lead.nurture_until)
        if due > work.now:
            set_timer(work, rules.RETURN, lead.id, due)
            return
        given = rules.moved(lead, "come back")
        if lead.owner_id is None:
            given["status"] = "new"
        self._step(work, lead, given, "returned")

    def ConvertLead(self, call: Call, request: pb.ConvertLeadRequest) -> pb.Lead:
        lead_id = UUID(request.id)
        with call.database.open_work(call.caller) as work:
            lead = self.locked(work, lead_id, request.etag)
            if lead.status == "converted":
                return self.message(work, lead)  # type: ignore[no-any-return]
            rules.moved(lead, "convert")
            check_writes(lead, "lead")
            account_id = UUID(request.account_id) if request.account_id else lead.account_id
            contact_id = UUID(request.contact_id) if request.contact_id else lead.contact_id
            self._customers.check(work, "account", [("account_id", account_id)] if account_id else [])
            self._customers.check(work, "contact", [("contact_id", contact_id)] if contact_id else [])
            custom = {kind: _carried(work, lead, kind) for kind in ("account", "contact")}
        # Outside of a transaction: contacts is asked over the network. What it has made is kept at once, so that a
        # conversion that broke off goes on where it did when somebody repeats it.
        if account_id is None and lead.company_name:
            account_id = self._customers.make_company(
                call.caller, lead_id, _company(lead, custom["account"]), allow_duplicate=request.allow_duplicate
            )
            with call.database.open_work(call.caller) as work:
                queries.keep_parts(work, lead_id, account_id=account_id, contact_id=None)
        if contact_id is None and _has_person(lead):
            contact_id = self._customers.make_person(
                call.caller,
                lead_id,
                _person(lead, custom["contact"]),
                account_id,
                allow_duplicate=request.allow_duplicate,
            )
            with call.database.open_work(call.caller) as work:
                queries.keep_parts(work, lead_id, account_id=account_id, contact_id=contact_id)
        with call.database.open_work(call.caller) as work:
            lead = self.locked(work, lead_id)
            if lead.status == "converted":
                return self.message(work, lead)  # type: ignore[no-any-return]
            given = rules.moved(lead, "convert")
            given |= {"account_id": account_id, "contact_id": contact_id, "converted_at": work.now}
            if not request.no_deal:
                given["deal_id"] = self._make_deal(work, lead, request, account_id, contact_id)
            return self._step(work, lead, given, "converted")

    def ListLeadDuplicates(self, work: Work, request: pb.ListLeadDuplicatesRequest) -> pb.ListLeadDuplicatesResponse:
        lead = self.found(work, UUID(request.id))
        return pb.ListLeadDuplicatesResponse(leads=self.messages(work, queries.alike(work, lead)))

    def _step(self, work: Work, lead: Row, given: Values, verb: str) -> pb.Lead:
        row, changed = self.apply(work, lead, given)
        payload = self.payload(row)
        payload.from_status = lead.status
        work.record(Event(self.resource.event(verb), row.id, row.version, payload, changed))
        return self.message(work, row)  # type: ignore[no-any-return]

    def _make_deal(
        self, work: Work, lead: Row, request: pb.ConvertLeadRequest, account_id: UUID | None, contact_id: UUID | None
    ) -> UUID:
        deal_id = uuid5(lead.id, "deal")
        needs = self._needs.follow_lead(work, lead.id, deal_id=deal_id, contact_id=contact_id, account_id=account_id)
        person = f"{lead.given_name} {lead.family_name}".strip()
        deal = deal_pb2.Deal(
            name=request.deal_name or lead.company_name or person or lead.email or lead.phone,
            account_id=str(account_id or ""),
            contacts=[deal_pb2.DealContact(contact_id=str(contact_id), is_primary=True)] if contact_id else [],
            pipeline_id=request.pipeline_id,
            need_ids=[str(one) for one in needs],
            lead_id=str(lead.id),
            source=lead.source,
            campaign_id=str(lead.campaign_id or ""),
            owner_id=str(lead.owner_id or ""),
            team_id=str(lead.team_id or ""),
        )
        if lead.budget_minor:
            deal.amount.CopyFrom(Money(currency_code=lead.budget_currency, amount_minor=lead.budget_minor))
        mapping = self._deals.resource.mapping
        values = mapping.values(deal, mapping.names - _FRAME - {"custom"})
        values["custom"] = _carried(work, lead, "deal")
        made = self._deals.write_new(work, values, record_id=deal_id)
        return UUID(str(made.id))


def _by_hand(work: Work) -> Values:
    return {"assigned_by_rule_id": None, "assignment_reason": "By hand.", "assigned_at": work.now}


def _refuse(found: Sequence[Violation]) -> None:
    if found:
        first = found[0]
        raise InvalidArgument(f"{first.field}: {first.message}", reason=first.reason, violations=found)


def _has_person(lead: Row) -> bool:
    return bool(lead.given_name or lead.family_name or lead.email or lead.phone)


def _carried(work: Work, lead: Row, kind: str) -> custom_fields.Carried:
    """What a lead's own fields tell of what it becomes, where the company has defined the same for both."""
    if not lead.custom:
        return custom_fields.Carried()
    source, target = (custom_values.definitions(work, one, fresh=True) for one in ("lead", kind))
    return custom_fields.carried(source, target, lead.custom)


def _company(lead: Row, custom: Values) -> NewCompany:
    return NewCompany(
        custom=custom,
        name=lead.company_name,
        website=lead.website,
        industry=lead.industry,
        country_code=lead.country_code,
        owner_id=lead.owner_id,
        team_id=lead.team_id,
    )


def _person(lead: Row, custom: Values) -> NewPerson:
    return NewPerson(
        custom=custom,
        given_name=lead.given_name,
        family_name=lead.family_name,
        job_title=lead.job_title,
        email=lead.email,
        phone=lead.phone,
        language=lead.language,
        country_code=lead.country_code,
        source=lead.source,
        owner_id=lead.owner_id,
        team_id=lead.team_id,
    )
