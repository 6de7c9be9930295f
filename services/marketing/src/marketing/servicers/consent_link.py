"""ConsentLinkService at the edge: the person's side of consent. Who has the link may choose and confirm."""

from __future__ import annotations

from uuid import UUID

from chassis.work import Work
from funia.marketing.v1 import consent_link_pb2 as pb

from marketing.queries import consent as queries
from marketing.usecases import consent_requests, consents, preferences


class ConsentLinkServicer:
    """Preference centres and confirmations by their links."""

    service = pb.DESCRIPTOR.services_by_name["ConsentLinkService"]

    def OpenPreferences(self, work: Work, request: pb.OpenPreferencesRequest) -> pb.Preferences:
        return _preferences(work, preferences.of_link(work, request.token))

    def SavePreferences(self, work: Work, request: pb.SavePreferencesRequest) -> pb.Preferences:
        reader = preferences.of_link(work, request.token)
        said_from = consents.origin(work, ip_address=request.ip_address, user_agent=request.user_agent)
        if request.nothing:
            preferences.stop(work, reader, said_from)
        else:
            wanted = {(UUID(one.purpose_id), one.channel): one.wanted for one in request.choices}
            preferences.choose(work, reader, wanted, said_from)
        return _preferences(work, reader)

    def OpenConsentRequest(self, work: Work, request: pb.OpenConsentRequestRequest) -> pb.LinkedConsentRequest:
        row = consent_requests.of_link(work, request.token)
        return _request(work, row.purpose_ids, row.contact_id, row.status)

    def ConfirmConsentRequest(self, work: Work, request: pb.ConfirmConsentRequestRequest) -> pb.LinkedConsentRequest:
        row = consent_requests.of_link(work, request.token)
        said_from = consents.origin(work, ip_address=request.ip_address, user_agent=request.user_agent)
        consent_requests.confirm(work, row, said_from)
        return _request(work, row.purpose_ids, row.contact_id, "confirmed")


def _preferences(work: Work, reader: preferences.Reader) -> pb.Preferences:
    found = preferences.shown(work, reader)
    answer = pb.Preferences(language=reader.contact.language, nothing=found.nothing)
    for purpose in found.purposes:
        one = answer.purposes.add(id=str(purpose.id), name=purpose.name, description=purpose.description)
        for channel in purpose.channels:
            wanted = found.wanted[purpose.id, channel]
            one.choices.add(purpose_id=str(purpose.id), channel=channel, wanted=wanted)
    return answer


def _request(work: Work, purpose_ids: list[UUID], contact_id: UUID, status: str) -> pb.LinkedConsentRequest:
    contact = consents.person(work, contact_id)
    answer = pb.LinkedConsentRequest(language=contact.language, status=status)
    for purpose in queries.purposes(work):
        if purpose.id in purpose_ids:
            answer.purposes.add(id=str(purpose.id), name=purpose.name, description=purpose.description)
    return answer
