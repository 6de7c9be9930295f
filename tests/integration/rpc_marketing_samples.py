"""Sample requests for consent: purposes, statements, links and suppressed addresses."""

from __future__ import annotations

from uuid import uuid4

from funia.marketing.v1 import consent_link_pb2 as links
from funia.marketing.v1 import consent_pb2 as consents
from funia.marketing.v1 import consent_purpose_pb2 as purposes
from funia.marketing.v1 import held_pb2 as held
from funia.marketing.v1 import suppression_pb2 as suppressions
from google.protobuf.message import Message
from rpc_sales_samples import _create, _records
from rpc_world import Sample, World

_SERVICE, _LINKS, _SUPPRESSED = (
    "marketing.v1.ConsentService",
    "marketing.v1.ConsentLinkService",
    "marketing.v1.SuppressionService",
)


def _purpose(world: World) -> purposes.ConsentPurpose:
    return purposes.ConsentPurpose(name=world.mark, channels=["email"], public=True)


def _purpose_id(world: World) -> str:
    return _create(world, purposes.DESCRIPTOR.services_by_name["ConsentPurposeService"], _purpose)


def _can_contact(world: World) -> Message:
    return consents.CanContactRequest(
        purpose_id=_purpose_id(world), channel="email", contact_id=world.known_to("marketing")
    )


def _batch_can_contact(world: World) -> Message:
    asked = consents.ContactAsked(contact_id=world.known_to("marketing"))
    return consents.BatchCanContactRequest(purpose_id=_purpose_id(world), channel="email", items=[asked])


def _statement(world: World) -> Message:
    said = consents.ConsentStatement(
        contact_id=world.known_to("marketing"),
        purpose_id=_purpose_id(world),
        channel="email",
        status="granted",
        source=world.mark,
    )
    return consents.RecordConsentsRequest(statements=[said])


def _said(world: World) -> str:
    """A person who consented to something."""
    request = _statement(world)
    world.call(_SERVICE, "RecordConsents", request)
    return str(request.statements[0].contact_id)  # type: ignore[attr-defined]


def _request(world: World) -> consents.RequestConsentRequest:
    return consents.RequestConsentRequest(
        contact_id=world.known_to("marketing"), purpose_ids=[_purpose_id(world)], channel="email", source=world.mark
    )


def _asked(world: World) -> str:
    """The secret of a link that asks to confirm."""
    link = world.call(_SERVICE, "RequestConsent", _request(world)).link  # type: ignore[attr-defined]
    return str(link).rpartition("/")[2]


def _preference_link(world: World) -> consents.GetPreferenceLinkRequest:
    return consents.GetPreferenceLinkRequest(
        contact_id=world.known_to("marketing"), channel="email", address=f"{world.mark}@example.com"
    )


def _token(world: World) -> str:
    """The token of a preference centre."""
    link = world.call(_SERVICE, "GetPreferenceLink", _preference_link(world)).link  # type: ignore[attr-defined]
    return str(link).rpartition("/")[2]


def _suppression(world: World) -> suppressions.SuppressAddressesRequest:
    return suppressions.SuppressAddressesRequest(
        channel="email", addresses=[f"{uuid4().hex}-{world.mark}@example.com"], reason="manual"
    )


def _suppressed(world: World) -> str:
    """An address that is suppressed."""
    request = _suppression(world)
    world.call(_SUPPRESSED, "SuppressAddresses", request)
    return request.addresses[0]


def _suppressions(world: World) -> Message:
    _suppressed(world)
    return suppressions.ListSuppressionsRequest()


MARKETING_SAMPLES: dict[str, Sample] = {
    **_records(purposes.DESCRIPTOR, "ConsentPurpose", _purpose, {"description": "Changed"}, names=False),
    f"/funia.{_SERVICE}/CanContact": Sample(_can_contact),
    f"/funia.{_SERVICE}/BatchCanContact": Sample(_batch_can_contact),
    f"/funia.{_SERVICE}/RecordConsents": Sample(_statement),
    f"/funia.{_SERVICE}/ListContactConsents": Sample(
        lambda w: consents.ListContactConsentsRequest(contact_id=_said(w))
    ),
    f"/funia.{_SERVICE}/ListConsentEntries": Sample(lambda w: consents.ListConsentEntriesRequest(contact_id=_said(w))),
    "/funia.marketing.v1.HeldService/ListHeldRows": Sample(lambda w: held.ListHeldRowsRequest(contact_ids=[_said(w)])),
    f"/funia.{_SERVICE}/RequestConsent": Sample(_request),
    f"/funia.{_SERVICE}/GetPreferenceLink": Sample(_preference_link),
    f"/funia.{_LINKS}/OpenPreferences": Sample(lambda w: links.OpenPreferencesRequest(token=_token(w))),
    f"/funia.{_LINKS}/SavePreferences": Sample(lambda w: links.SavePreferencesRequest(token=_token(w), nothing=True)),
    f"/funia.{_LINKS}/OpenConsentRequest": Sample(lambda w: links.OpenConsentRequestRequest(token=_asked(w))),
    f"/funia.{_LINKS}/ConfirmConsentRequest": Sample(lambda w: links.ConfirmConsentRequestRequest(token=_asked(w))),
    f"/funia.{_SUPPRESSED}/SuppressAddresses": Sample(_suppression, ours=True),
    f"/funia.{_SUPPRESSED}/UnsuppressAddress": Sample(
        lambda w: suppressions.UnsuppressAddressRequest(channel="email", address=_suppressed(w)), answers=False
    ),
    f"/funia.{_SUPPRESSED}/ListSuppressions": Sample(_suppressions),
}
