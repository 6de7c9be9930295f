"""ConsentService at the edge."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from chassis.paging import Pager
from chassis.records.mapping import timestamp
from chassis.work import Row, Work
from funia.marketing.v1 import consent_pb2 as pb

from marketing.queries import consent as queries
from marketing.usecases import consent_requests, consents, preferences
from marketing.usecases.decision import Standing, decide


class ConsentServicer:
    """Consents of people. `address` is where the public pages are."""

    service = pb.DESCRIPTOR.services_by_name["ConsentService"]

    def __init__(self, pager: Pager, *, address: str, valid: timedelta) -> None:
        self._pager = pager
        self._address = address.rstrip("/")
        self._valid = valid

    def CanContact(self, work: Work, request: pb.CanContactRequest) -> pb.ContactDecision:
        asked = consents.Asked(UUID(request.contact_id) if request.contact_id else None, request.address)
        return _decision(consents.can_contact(work, UUID(request.purpose_id), request.channel, [asked])[0])

    def BatchCanContact(self, work: Work, request: pb.BatchCanContactRequest) -> pb.BatchCanContactResponse:
        asked = [consents.Asked(UUID(one.contact_id) if one.contact_id else None, one.address) for one in request.items]
        answers = consents.can_contact(work, UUID(request.purpose_id), request.channel, asked)
        return pb.BatchCanContactResponse(decisions=[_decision(one) for one in answers])

    def RecordConsents(self, work: Work, request: pb.RecordConsentsRequest) -> pb.RecordConsentsResponse:
        recorded, changed = consents.record(work, [_said(work, one) for one in request.statements])
        return pb.RecordConsentsResponse(recorded_count=recorded, changed_count=changed)

    def ListContactConsents(self, work: Work, request: pb.ListContactConsentsRequest) -> pb.ListContactConsentsResponse:
        contact = consents.person(work, UUID(request.contact_id))
        stands = queries.of_contact(work, contact.id)
        answer = pb.ListContactConsentsResponse(do_not_contact=contact.do_not_contact)
        for purpose in queries.purposes(work):
            for channel in purpose.channels:
                answer.consents.append(_consent(contact, purpose, channel, stands.get((purpose.id, channel))))
        return answer

    def ListConsentEntries(self, work: Work, request: pb.ListConsentEntriesRequest) -> pb.ListConsentEntriesResponse:
        contact = consents.person(work, UUID(request.contact_id))
        binding = ("ListConsentEntries", str(contact.id))
        size = self._pager.size(request.page_size)
        before: datetime | None = None
        before_id: UUID | None = None
        if request.page_token:
            moment, last_id = self._pager.key(work.tenant_id, binding, request.page_token)
            before, before_id = datetime.fromisoformat(str(moment)), UUID(str(last_id))
        rows = queries.entries(work, contact.id, before=before, before_id=before_id, limit=size + 1)
        token = ""
        if len(rows) > size:
            rows = rows[:size]
            token = self._pager.token(work.tenant_id, binding, [rows[-1].happened_at.isoformat(), str(rows[-1].id)])
        return pb.ListConsentEntriesResponse(entries=[_entry(row) for row in rows], next_page_token=token)

    def RequestConsent(self, work: Work, request: pb.RequestConsentRequest) -> pb.RequestConsentResponse:
        secret, expires_at = consent_requests.request(
            work,
            UUID(request.contact_id),
            [UUID(one) for one in request.purpose_ids],
            request.channel,
            source=request.source.strip(),
            text_version=request.text_version.strip(),
            valid=self._valid,
        )
        link = f"{self._address}/confirm/{work.tenant_id}/{secret}"
        return pb.RequestConsentResponse(link=link, expires_at=timestamp(expires_at))

    def GetPreferenceLink(self, work: Work, request: pb.GetPreferenceLinkRequest) -> pb.PreferenceLink:
        token = preferences.token(work, UUID(request.contact_id), request.channel, request.address)
        return pb.PreferenceLink(link=f"{self._address}/preferences/{work.tenant_id}/{token}")


def _said(work: Work, one: pb.ConsentStatement) -> consents.Said:
    given = one.happened_at.ToDatetime(tzinfo=UTC) if one.HasField("happened_at") else work.now
    return consents.Said(
        UUID(one.contact_id),
        UUID(one.purpose_id),
        one.channel,
        one.status,
        one.source.strip(),
        given,
        one.text_version.strip(),
        consents.origin(work, ip_address=one.ip_address, user_agent=one.user_agent),
        one.confirmed,
    )


def _decision(answer: consents.Answer) -> pb.ContactDecision:
    found = answer.decision
    return pb.ContactDecision(allowed=found.allowed, reason=found.reason, contact_id=str(answer.contact_id or ""))


def _consent(contact: Row, purpose: Row, channel: str, stand: Row | None) -> pb.Consent:
    standing = Standing(do_not_contact=contact.do_not_contact, status="" if stand is None else stand.status)
    found = decide(purpose.lawful_basis, standing)
    made = pb.Consent(
        purpose_id=str(purpose.id), channel=channel, status=standing.status, allowed=found.allowed, reason=found.reason
    )
    if stand is not None:
        made.happened_at.CopyFrom(timestamp(stand.happened_at))
        made.source = stand.source
    return made


def _entry(row: Row) -> pb.ConsentEntry:
    return pb.ConsentEntry(
        id=str(row.id),
        purpose_id=str(row.purpose_id),
        channel=row.channel,
        status=row.status,
        lawful_basis=row.lawful_basis,
        source=row.source,
        text_version=row.text_version,
        happened_at=timestamp(row.happened_at),
        recorded_at=timestamp(row.recorded_at),
        recorded_by=str(row.recorded_by),
        ip_digest=row.ip_digest,
        user_agent_digest=row.user_agent_digest,
    )
