"""RecordMailService at the edge: mails of sellers to one person, and what the job that sends them asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.errors import Conflict, FailedPrecondition, PermissionDenied, invalid_field
from chassis.jobs import enqueue
from chassis.records.mapping import timestamp
from chassis.work import Row, Work
from funia.sales.v1 import record_mail_pb2 as pb

from sales.errors import not_there
from sales.letters import rendering
from sales.letters.travelling import Paper
from sales.queries import documents
from sales.queries import mail as queries
from sales.records import ACTIVITIES
from sales.references import Addressee, Colleagues, Customers
from sales.servicers.deal import DealServicer
from sales.servicers.lead import LeadServicer
from sales.servicers.mail_template import MailTemplateServicer
from sales.servicers.quote import QuoteServicer, paper_message, sent_paper
from sales.servicers.sales_activity import SalesActivityServicer, activity_event
from sales.usecases import enclosures, mailing
from sales.usecases.mailing import Record

CONTACTS_READ = "contacts.read"


@dataclass(frozen=True, slots=True)
class Kinds:
    """The servicers of what mails are about and are kept as."""

    deals: DealServicer
    leads: LeadServicer
    quotes: QuoteServicer
    activities: SalesActivityServicer
    templates: MailTemplateServicer


class RecordMailServicer:
    """Mails of sellers. `can_send` says whether this installation has a way out for mails."""

    service = pb.DESCRIPTOR.services_by_name["RecordMailService"]

    def __init__(
        self,
        kinds: Kinds,
        customers: Customers,
        colleagues: Colleagues,
        *,
        can_send: bool,
        documents_max_bytes: int = 10 * 1024 * 1024,
    ) -> None:
        self._kinds = kinds
        self._customers = customers
        self._colleagues = colleagues
        self._can_send = can_send
        self._documents_max_bytes = documents_max_bytes

    def DraftRecordMail(self, work: Work, request: pb.DraftRecordMailRequest) -> pb.RecordMailDraft:
        record = self._record(work, request.record_kind, request.record_id, request.contact_id)
        person = self._person(work, record)
        draft = pb.RecordMailDraft(
            to="" if person is None else person.email,
            contact_id=str(record.contact_id or ""),
            problem=mailing.problem_of(work, record, person),
        )
        if not request.template_id:
            return draft
        template = self._kinds.templates.found(work, UUID(request.template_id))
        if template.deleted_at is not None:
            raise not_there("template_id", "template")
        me, called = self._colleagues.me(work.caller), self._company_name(work, record)
        known = mailing.values(work, record, person, called, me, template.language)
        draft.subject = " ".join(rendering.fill(template.subject, known, "subject").split())[:200]
        draft.body = rendering.fill(template.body, known, "body")[:20_000]
        for name in ("subject", "body"):
            draft.missing.extend(rendering.missing(getattr(template, name), known, name))
        return draft

    def SendRecordMail(self, work: Work, request: pb.SendRecordMailRequest) -> pb.RecordMail:
        record = self._record(work, request.record_kind, request.record_id, request.contact_id)
        person = self._person(work, record)
        if work.caller.actor_type != "user":
            raise PermissionDenied("A mail goes out in a person's name: log in as one.", reason="PEOPLE_ONLY")
        if not self._can_send:
            raise FailedPrecondition("This installation has no mail server. Ask its operator.", reason="NO_MAIL_SERVER")
        problem = mailing.problem_of(work, record, person)
        if problem or person is None:
            raise mailing.refuse(problem or "NO_RECIPIENT")
        if not request.subject.strip() or not request.body.strip():
            raise invalid_field("body", "write something", reason="REQUIRED")
        quote_ids = self._quotes(work, request.quote_ids)
        enclosed = enclosures.chosen(work, request.document_ids, most_bytes=self._documents_max_bytes)
        me = self._colleagues.me(work.caller)
        activity = self._kinds.activities.write_new(work, _activity(request, record))
        queries.add(
            work, activity.id, to_address=person.email, from_name=me.name, reply_to=me.email, quote_ids=quote_ids
        )
        enclosures.attach(work, activity.id, enclosed)
        enqueue(work, mailing.SEND, activity.id, lane="interactive")
        return self._message(work, activity)

    def GetRecordMail(self, work: Work, request: pb.GetRecordMailRequest) -> pb.RecordMail:
        return self._message(work, self._found(work, request.id))

    def ResendRecordMail(self, work: Work, request: pb.ResendRecordMailRequest) -> pb.RecordMail:
        activity = self._found(work, request.id, lock=True)
        mail = queries.get(work, activity.id, lock=True)
        if mail is None or mail.status not in ("failed", "uncertain"):
            raise Conflict("Only a mail that failed or is uncertain is sent again.", reason="WRONG_STATE")
        if activity.contact_id is not None and queries.is_unwanted(work, activity.contact_id):
            raise mailing.refuse("DO_NOT_CONTACT")
        queries.put(work, activity.id, "queued")
        written = ACTIVITIES.update(work, activity.id, {"status": "queued"})
        work.record(activity_event(work, "updated", written, ("status",)))
        enqueue(work, mailing.SEND, activity.id, lane="interactive")
        return self._message(work, written)

    def papers(self, work: Work, mail: Row) -> list[Paper]:
        """The papers that a mail carries, for the job that sends it."""
        found = []
        for quote_id in mail.quote_ids:
            quote = self._kinds.quotes.found(work, quote_id)
            paper = sent_paper(work, quote)
            if paper is not None:
                found.append(Paper(paper_message(quote, paper).file_name, paper))
        return found

    def settle(self, work: Work, activity_id: UUID, status: str, reason: str = "") -> None:
        """Writes how a mail that was being sent came out, and tells of it."""
        mail = queries.get(work, activity_id, lock=True)
        if mail is None or mail.status != "sending":
            return
        queries.put(work, activity_id, status, reason=reason, sent_at=work.now if status == "sent" else None)
        if status == "queued":
            return
        done = work.now if status == "sent" else None
        written = ACTIVITIES.update(work, activity_id, {"status": status, "completed_at": done})
        work.record(activity_event(work, status, written, ("status",)))

    def _record(self, work: Work, kind: str, record_id: str, contact_id: str) -> Record:
        named = UUID(contact_id) if contact_id else None
        if kind == "contact":
            return Record(contact_id=UUID(record_id))
        if kind == "lead":
            lead = self._kinds.leads.found(work, UUID(record_id))
            return Record(lead=lead, account_id=lead.account_id, contact_id=named or lead.contact_id)
        if kind == "deal":
            deal = self._kinds.deals.found(work, UUID(record_id))
            return Record(deal=deal, account_id=deal.account_id, contact_id=named or mailing.first_contact(deal))
        quote = self._kinds.quotes.found(work, UUID(record_id))
        deal = self._kinds.deals.store.get(work, quote.deal_id) if quote.deal_id is not None else None
        known = named or quote.contact_id or (mailing.first_contact(deal) if deal is not None else None)
        return Record(deal=deal, quote=quote, account_id=quote.account_id, contact_id=known)

    def _person(self, work: Work, record: Record) -> Addressee | None:
        if record.contact_id is not None:
            if CONTACTS_READ not in work.caller.scopes:
                raise PermissionDenied(
                    f'Writing to a person needs the scope "{CONTACTS_READ}".',
                    reason="MISSING_SCOPE",
                    metadata={"scope": CONTACTS_READ},
                )
            return self._customers.person(work.caller, record.contact_id)
        return mailing.person_of_lead(record.lead) if record.lead is not None else None

    def _company_name(self, work: Work, record: Record) -> str:
        if record.account_id is not None and CONTACTS_READ in work.caller.scopes:
            return self._customers.company_name(work.caller, record.account_id)
        return str(record.lead.company_name) if record.lead is not None else ""

    def _quotes(self, work: Work, ids: Sequence[str]) -> list[UUID]:
        found = []
        for index, quote_id in enumerate(dict.fromkeys(ids)):
            quote = self._kinds.quotes.found(work, UUID(quote_id))
            if not quote.paper_digest:
                raise invalid_field(
                    f"quote_ids[{index}]",
                    "send the quote first: a draft has no paper to attach",
                    reason="QUOTE_IS_DRAFT",
                )
            found.append(quote.id)
        return found

    def _found(self, work: Work, mail_id: str, *, lock: bool = False) -> Row:
        activity = self._kinds.activities.found(work, UUID(mail_id), lock=lock)
        if activity.kind != "email":
            raise self._kinds.activities.resource.not_found(mail_id)
        return activity

    def _message(self, work: Work, activity: Row) -> pb.RecordMail:
        mail = queries.get(work, activity.id)
        assert mail is not None, "every activity of this kind has a mail"
        return pb.RecordMail(
            id=str(activity.id),
            to=mail.to_address,
            subject=activity.title,
            body=activity.body,
            status=mail.status,
            reason=mail.reason,
            quote_ids=[str(one) for one in mail.quote_ids],
            sent_at=None if mail.sent_at is None else timestamp(mail.sent_at),
            created_at=timestamp(activity.created_at),
            documents=[
                pb.AttachedDocument(document_id=str(one.document_id), number=one.number, file_name=one.file_name)
                for one in documents.attached(work, activity.id)
            ],
        )


def _activity(request: pb.SendRecordMailRequest, record: Record) -> dict[str, Any]:
    return {
        "kind": "email",
        "title": " ".join(request.subject.split()),
        "body": request.body.strip(),
        "priority": "normal",
        "deal_id": record.deal.id if record.deal is not None else None,
        "lead_id": record.lead.id if record.lead is not None else None,
        "contact_id": record.contact_id,
        "account_id": record.account_id,
        "due_at": None,
        "minutes": 0,
        "location": "",
        "remind_at": None,
        "outcome": "",
        "completed_at": None,
        "owner_id": None,
        "team_id": None,
    }
