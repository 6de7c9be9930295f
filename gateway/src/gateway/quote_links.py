"""The customer's side of quotes: calls sales for whoever has the link of one, who has no log-in.

Each call carries a token of the company's own that no person and no app can get, and the secret of the link, by which
sales finds the quote. Requests are limited by address, so that links cannot be guessed at.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any
from uuid import UUID

import grpc
from chassis.client import credentials
from chassis.errors import ResourceExhausted
from chassis.ids import uuid7
from chassis.server import REQUEST_ID
from chassis.status import from_rpc_error
from funia.sales.v1 import quote_link_pb2 as pb
from funia.sales.v1.quote_link_pb2_grpc import QuoteLinkServiceStub
from funia.sales.v1.quote_pb2 import QuotePaper

from gateway.identity.access_tokens import AccessTokens, Rights
from gateway.ratelimit.buckets import Bucket, Quota
from gateway.settings import GatewaySettings

CUSTOMER = UUID("01a20000-0000-7000-8000-000000000001")
"""Who acts where a customer does, in events and audit entries."""
_CLIENT = "funia-quote-page"
_SCOPES = frozenset({"sales.read", "sales.write"})


class QuoteLinks:
    """The pages of links. Raises what sales says, ResourceExhausted where an address asks too often."""

    def __init__(self, tokens: AccessTokens, channel: grpc.Channel, settings: GatewaySettings) -> None:
        self._tokens = tokens
        self._stub = QuoteLinkServiceStub(channel)
        self._timeout_s = settings.call_deadline_s
        self._quota = Quota("quote-link", settings.rate_quote_link_per_s, settings.rate_quote_link_burst)
        self._addresses_max = settings.rate_known_callers
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()
        self._lock = Lock()

    def open(self, tenant_id: UUID, secret: str, *, address: str, looked: bool = True) -> pb.LinkedQuote:
        """The quote of a link; a look of the customer is counted."""
        request = pb.OpenQuoteLinkRequest(token=secret, looked=looked)
        answer: pb.LinkedQuote = self._call(self._stub.OpenQuoteLink, request, tenant_id, address)
        return answer

    def paper(self, tenant_id: UUID, secret: str, *, address: str) -> QuotePaper:
        """The paper that was sent."""
        request = pb.GetLinkedQuotePaperRequest(token=secret)
        answer: QuotePaper = self._call(self._stub.GetLinkedQuotePaper, request, tenant_id, address)
        return answer

    def accept(
        self, tenant_id: UUID, secret: str, *, name: str, paper_digest: str, address: str, user_agent: str
    ) -> pb.LinkedQuote:
        """The customer accepts the paper of this digest."""
        request = pb.AcceptLinkedQuoteRequest(
            token=secret, name=name, paper_digest=paper_digest, address=address, user_agent=user_agent[:400]
        )
        answer: pb.LinkedQuote = self._call(self._stub.AcceptLinkedQuote, request, tenant_id, address)
        return answer

    def decline(self, tenant_id: UUID, secret: str, *, reason: str, address: str) -> pb.LinkedQuote:
        """The customer declines."""
        request = pb.DeclineLinkedQuoteRequest(token=secret, reason=reason)
        answer: pb.LinkedQuote = self._call(self._stub.DeclineLinkedQuote, request, tenant_id, address)
        return answer

    def _call(self, rpc: Callable[..., Any], request: Any, tenant_id: UUID, address: str) -> Any:
        self._count(address)
        token = self._tokens.issue(Rights(tenant_id, CUSTOMER, "client", _CLIENT, _SCOPES, "all"))
        metadata = (*credentials(token, ""), (REQUEST_ID, str(uuid7())))
        try:
            return rpc(request, timeout=self._timeout_s, metadata=metadata)
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None

    def _count(self, address: str) -> None:
        now = time.monotonic()
        with self._lock:
            bucket = self._buckets.pop(address, None) or Bucket(address, self._quota)
            self._buckets[address] = bucket
            if len(self._buckets) > self._addresses_max:
                self._buckets.popitem(last=False)
            wait_s = bucket.wait_s(now, 1)
            if wait_s <= 0:
                bucket.take(now, 1)
        if wait_s > 0:
            raise ResourceExhausted(
                "Too many requests from your address. Wait a minute and try again.", reason="RATE_LIMITED"
            )
