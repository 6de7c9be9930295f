"""The main records of the platform, and which of their fields a role may hide or lock, as their protos say."""

from __future__ import annotations

from functools import cache

from chassis.field_rights import governable, record_of
from funia.contacts.v1.account_pb2 import Account
from funia.contacts.v1.contact_pb2 import Contact
from funia.sales.v1.deal_pb2 import Deal
from funia.sales.v1.lead_pb2 import Lead
from funia.sales.v1.need_pb2 import Need
from funia.sales.v1.sales_activity_pb2 import SalesActivity
from funia.support.v1.ticket_pb2 import Ticket
from google.protobuf.descriptor import Descriptor

RECORDS: tuple[Descriptor, ...] = (
    Contact.DESCRIPTOR,
    Account.DESCRIPTOR,
    Deal.DESCRIPTOR,
    Lead.DESCRIPTOR,
    Need.DESCRIPTOR,
    SalesActivity.DESCRIPTOR,
    Ticket.DESCRIPTOR,
)
"""A new main record joins here, and by `(funia.type.v1.record)` in its proto."""


@cache
def standard_fields() -> tuple[str, ...]:
    """Names such as ``contact.score``, in the order of the protos."""
    return tuple(f"{record_of(one).object}.{name}" for one in RECORDS for name in governable(one))
