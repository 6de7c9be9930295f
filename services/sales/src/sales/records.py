"""Kinds of document that more than one part of sales reads and writes, each with its store."""

from __future__ import annotations

from chassis.records import Order as ListOrder
from chassis.records import RecordStore, Resource
from funia.sales.v1 import (
    deal_pb2,
    gift_card_pb2,
    goal_pb2,
    invoice_pb2,
    lead_pb2,
    loyalty_pb2,
    order_pb2,
    pos_session_pb2,
    quote_pb2,
    sales_activity_pb2,
)

from sales.model.activity import SalesActivity
from sales.model.billing import Invoice
from sales.model.funnel import Deal
from sales.model.goal import Goal
from sales.model.lead import Lead
from sales.model.loyalty import GiftCard, LoyaltyMember
from sales.model.order import Order
from sales.model.quote import Quote
from sales.model.tills import PosSession
from sales.queries import funnel, members, orders

DEAL = Resource(
    "sales",
    "deal",
    Deal,
    deal_pb2.Deal,
    lowered={"name": "name_key"},
    custom=True,
    rows={"contact_id": funnel.CONTACT_ROWS, **funnel.STAY_ROWS},
)
DEALS = RecordStore(DEAL)
LEAD = Resource(
    "sales", "lead", Lead, lead_pb2.Lead, lowered={"company_name": "company_key", "email": "email_key"}, custom=True
)
LEADS = RecordStore(LEAD)
ORDER = Resource("sales", "order", Order, order_pb2.Order, custom=True, rows={"product_id": orders.PRODUCT_ROWS})
ORDERS = RecordStore(ORDER)
QUOTE = Resource("sales", "quote", Quote, quote_pb2.Quote, custom=True)
QUOTES = RecordStore(QUOTE)
INVOICE = Resource("sales", "invoice", Invoice, invoice_pb2.Invoice, custom=True)
INVOICES = RecordStore(INVOICE)
MEMBER = Resource(
    "sales",
    "loyalty_member",
    LoyaltyMember,
    loyalty_pb2.LoyaltyMember,
    lowered={"name": "name_key"},
    label="member",
    rows=members.LOT_ROWS,
)
MEMBERS = RecordStore(MEMBER)
GIFT_CARD = Resource("sales", "gift_card", GiftCard, gift_card_pb2.GiftCard)
GIFT_CARDS = RecordStore(GIFT_CARD)
ACTIVITY = Resource("sales", "sales_activity", SalesActivity, sales_activity_pb2.SalesActivity, label="activity")
ACTIVITIES = RecordStore(ACTIVITY)
GOAL = Resource("sales", "goal", Goal, goal_pb2.Goal, order=ListOrder("starts_on", descending=True))
GOALS = RecordStore(GOAL)
SESSION = Resource(
    "sales",
    "pos_session",
    PosSession,
    pos_session_pb2.PosSession,
    order=ListOrder("opened_at", descending=True),
    label="session",
)
SESSIONS = RecordStore(SESSION)
