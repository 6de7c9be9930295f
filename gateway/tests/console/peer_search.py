"""The search of the console's peer: names and addresses by a part of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funia.contacts.v1 import search_pb2 as search_pb
from funia.contacts.v1 import search_pb2_grpc
from peer_rows import latin

if TYPE_CHECKING:
    from peer import Peer


class SearchPeer(search_pb2_grpc.CustomerSearchServiceServicer):
    def __init__(self, peer: Peer) -> None:
        self.peer = peer

    def SearchCustomers(self, request: Any, context: Any) -> Any:
        company, wanted = self.peer.company(context), latin(request.query)
        hits = []
        for contact in company.contacts.values():
            if wanted in latin(contact.display_name) or any(
                request.query.casefold() in e.address for e in contact.emails
            ):
                link = contact.accounts[0].account_name if contact.accounts else ""
                hits.append(
                    search_pb.CustomerHit(
                        kind="contact",
                        id=contact.id,
                        name=contact.display_name,
                        email=contact.emails[0].address if contact.emails else "",
                        subtitle=", ".join(part for part in (contact.job_title, link) if part),
                    )
                )
        for account in company.accounts.values():
            if wanted in latin(account.name):
                hits.append(
                    search_pb.CustomerHit(kind="account", id=account.id, name=account.name, subtitle=account.industry)
                )
        hits = [hit for hit in hits if not request.kinds or hit.kind in request.kinds]
        return search_pb.SearchCustomersResponse(hits=hits[: request.page_size or 20])
