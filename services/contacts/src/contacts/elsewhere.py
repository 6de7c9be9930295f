"""Asks other services what they hold about a person, with the caller's own token. Called outside of a transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

import grpc
from chassis.caller import Caller
from chassis.client import channel, metadata, time_left_s
from chassis.errors import Unavailable
from chassis.settings import Settings
from chassis.status import from_rpc_error
from funia.contacts.v1.person_pb2 import PersonalTable
from funia.marketing.v1 import held_pb2 as marketing_pb2
from funia.marketing.v1 import held_pb2_grpc as marketing_grpc
from funia.sales.v1 import held_pb2 as sales_pb2
from funia.sales.v1 import held_pb2_grpc as sales_grpc
from funia.support.v1 import held_pb2 as support_pb2
from funia.support.v1 import held_pb2_grpc as support_grpc

from contacts.model.person import Sought

log = logging.getLogger(__name__)
ASK_S = 10.0
"""How long a service may take to answer."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What the others hold, and which of them did not answer."""

    tables: list[PersonalTable]
    missing: list[str]


class OtherServices:
    """Services that hold rows about people. Channels open when needed."""

    def __init__(self, settings: Settings) -> None:
        self._addresses = {
            "sales": settings.sales_address,
            "marketing": settings.marketing_address,
            "support": settings.support_address,
        }
        self._channels: dict[str, grpc.Channel] = {}

    def ask(self, caller: Caller, sought: Sought) -> Elsewhere:
        """What they hold about a person. A service that is away or too slow is named; other refusals are raised."""
        found, missing = [], []
        for service, ask in _ASK.items():
            try:
                found += ask(self._channel(service), caller, sought)
            except (grpc.RpcError, Unavailable) as error:
                if isinstance(error, grpc.RpcError) and error.code() not in _AWAY:
                    raise from_rpc_error(error) from None
                log.warning("%s did not say what it holds about a person: %s", service, error)
                missing.append(service)
        return Elsewhere(found, missing)

    def close(self) -> None:
        """Closes the channels."""
        for one in self._channels.values():
            one.close()

    def _channel(self, service: str) -> grpc.Channel:
        if not self._addresses[service]:
            raise Unavailable(f"Nothing says where {service} is.", reason="NO_ADDRESS")
        if service not in self._channels:
            self._channels[service] = channel(self._addresses[service])
        return self._channels[service]


_AWAY = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)


def _sales(line: grpc.Channel, caller: Caller, sought: Sought) -> list[PersonalTable]:
    request = sales_pb2.ListHeldRowsRequest(
        contact_ids=[str(one) for one in sought.ids],
        emails=sought.emails,
        phones=sought.phones,
        family_names=sought.family_names,
    )
    stub = sales_grpc.HeldServiceStub(line)
    return list(stub.ListHeldRows(request, metadata=metadata(caller), timeout=time_left_s(caller, ASK_S)).tables)


def _marketing(line: grpc.Channel, caller: Caller, sought: Sought) -> list[PersonalTable]:
    request = marketing_pb2.ListHeldRowsRequest(contact_ids=[str(one) for one in sought.ids])
    stub = marketing_grpc.HeldServiceStub(line)
    return list(stub.ListHeldRows(request, metadata=metadata(caller), timeout=time_left_s(caller, ASK_S)).tables)


def _support(line: grpc.Channel, caller: Caller, sought: Sought) -> list[PersonalTable]:
    request = support_pb2.ListHeldRowsRequest(contact_ids=[str(one) for one in sought.ids])
    stub = support_grpc.HeldServiceStub(line)
    return list(stub.ListHeldRows(request, metadata=metadata(caller), timeout=time_left_s(caller, ASK_S)).tables)


_ASK: dict[str, Callable[[grpc.Channel, Caller, Sought], list[PersonalTable]]] = {
    "sales": _sales,
    "marketing": _marketing,
    "support": _support,
}
