"""The person's side of consent: calls marketing for whoever has a link to a preference centre or a confirmation."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import grpc
from funia.marketing.v1 import consent_link_pb2 as pb
from funia.marketing.v1.consent_link_pb2_grpc import ConsentLinkServiceStub

from gateway.identity.access_tokens import AccessTokens
from gateway.link_calls import LinkCalls
from gateway.settings import GatewaySettings

_CLIENT = "funia-consent-page"
_SCOPES = frozenset({"marketing.read", "marketing.write"})
_AGENT_MAX = 400
_ADDRESS_MAX = 60


class ConsentLinks:
    """The pages of links. Raises what marketing says, ResourceExhausted where an address asks too often."""

    def __init__(self, tokens: AccessTokens, channel: grpc.Channel, settings: GatewaySettings) -> None:
        self._stub = ConsentLinkServiceStub(channel)
        self._calls = LinkCalls(tokens, settings, client=_CLIENT, scopes=_SCOPES)

    def preferences(self, tenant_id: UUID, token: str, *, address: str) -> pb.Preferences:
        """What the preference centre of a link shows."""
        request = pb.OpenPreferencesRequest(token=token)
        answer: pb.Preferences = self._calls.call(self._stub.OpenPreferences, request, tenant_id, address)
        return answer

    def save(
        self, tenant_id: UUID, token: str, choices: Sequence[pb.Choice], *, nothing: bool, address: str, user_agent: str
    ) -> pb.Preferences:
        """Records what the person chose; with `nothing`, that nothing is wanted any more."""
        request = pb.SavePreferencesRequest(
            token=token,
            choices=choices,
            nothing=nothing,
            ip_address=address[:_ADDRESS_MAX],
            user_agent=user_agent[:_AGENT_MAX],
        )
        answer: pb.Preferences = self._calls.call(self._stub.SavePreferences, request, tenant_id, address)
        return answer

    def request(self, tenant_id: UUID, secret: str, *, address: str) -> pb.LinkedConsentRequest:
        """What the link of a double opt-in asks to confirm."""
        request = pb.OpenConsentRequestRequest(token=secret)
        answer: pb.LinkedConsentRequest = self._calls.call(self._stub.OpenConsentRequest, request, tenant_id, address)
        return answer

    def confirm(self, tenant_id: UUID, secret: str, *, address: str, user_agent: str) -> pb.LinkedConsentRequest:
        """The person confirms."""
        request = pb.ConfirmConsentRequestRequest(
            token=secret, ip_address=address[:_ADDRESS_MAX], user_agent=user_agent[:_AGENT_MAX]
        )
        answer: pb.LinkedConsentRequest = self._calls.call(
            self._stub.ConfirmConsentRequest, request, tenant_id, address
        )
        return answer
