"""Leads, needs, quotes, orders and invoices: their lists and pages, and what can be done with them."""

from __future__ import annotations

from typing import Any

from funia.sales.v1 import (
    invoice_pb2,
    invoice_pb2_grpc,
    lead_pb2,
    lead_pb2_grpc,
    need_pb2,
    need_pb2_grpc,
    order_pb2,
    order_pb2_grpc,
    payment_pb2,
    payment_pb2_grpc,
    quote_pb2,
    quote_pb2_grpc,
)

from gateway.console import selling_fields as shown
from gateway.console.acts import Action
from gateway.console.fields import Field
from gateway.console.i18n import lazy
from gateway.console.kind import Child, View, Words
from gateway.console.sales_kind import SELLS, SalesKind

_REASON = Field("reason", lazy("Why?"), in_form=True, max_length=500)
_LEAD: Any = lead_pb2.DESCRIPTOR
_NEED: Any = need_pb2.DESCRIPTOR
_QUOTE: Any = quote_pb2.DESCRIPTOR
_ORDER: Any = order_pb2.DESCRIPTOR
_INVOICE: Any = invoice_pb2.DESCRIPTOR
_LEADS, _NEEDS = lead_pb2_grpc.LeadServiceStub, need_pb2_grpc.NeedServiceStub
_QUOTES, _ORDERS = quote_pb2_grpc.QuoteServiceStub, order_pb2_grpc.OrderServiceStub
_INVOICES = invoice_pb2_grpc.InvoiceServiceStub
_WORKED = frozenset({"new", "assigned", "contacted", "qualified", "nurturing"})
_OUT = frozenset({"sent", "viewed"})
_OWED = frozenset({"issued", "partially_paid", "overdue"})
_OPEN_ORDERS = (
    '(payment_status = "unpaid" OR payment_status = "partially_paid") AND status != "draft" AND status != "canceled"'
)
_UNPAID = '(status = "issued" OR status = "partially_paid" OR status = "overdue")'
_ORDER_VIEWS = (
    View(lazy("Mine"), 'owner_id = "{me}"'),
    View(lazy("Unpaid"), _OPEN_ORDERS),
    View(lazy("This month"), 'ordered_on >= "{month}"'),
    View(lazy("Over the counter"), 'channel = "pos"'),
)
_INVOICE_VIEWS = (
    View(lazy("Overdue"), 'status = "overdue"'),
    View(lazy("Unpaid"), _UNPAID),
    View(lazy("This month"), 'issued_on >= "{month}"'),
    View(lazy("Drafts"), 'status = "draft"'),
)

LEAD_ACTS = (
    Action("contacted", lazy("I have spoken to them"), "phone", _LEADS, lead_pb2.MarkLeadContactedRequest,
        "MarkLeadContacted", frozenset({"new", "assigned", "nurturing"})),
    Action("qualify", lazy("Qualify"), "check", _LEADS, lead_pb2.QualifyLeadRequest, "QualifyLead",
        frozenset({"new", "assigned", "contacted", "nurturing"}), main=True),
    Action("convert", lazy("Make a deal of it"), "briefcase", _LEADS, lead_pb2.ConvertLeadRequest, "ConvertLead",
        frozenset({"qualified"}),
        (
            Field("deal_name", lazy("Name of the deal"), in_form=True, max_length=200),
            Field("pipeline_id", lazy("Pipeline"), "one_of_few", in_form=True, refers="pipelines"),
            Field("account_id", lazy("Company you already have"), "reference", in_form=True, refers="companies"),
            Field("contact_id", lazy("Person you already have"), "reference", in_form=True, refers="people"),
            Field("no_deal", lazy("Only the customer"), "flag", in_form=True, yes=lazy("Make no deal yet")),
            Field("allow_duplicate", lazy("Duplicates"), "flag", in_form=True,
                  yes=lazy("Add the customer all the same")),
        ), main=True),
    Action("recycle", lazy("Keep warm until"), "clock", _LEADS, lead_pb2.RecycleLeadRequest, "RecycleLead", _WORKED,
        (Field("until", lazy("Comes back on"), "date", in_form=True),)),
    Action("disqualify", lazy("No customer"), "thumb-down", _LEADS, lead_pb2.DisqualifyLeadRequest, "DisqualifyLead",
        _WORKED, (_REASON, Field("note", lazy("What happened?"), "long_text", in_form=True, max_length=2000)),
        danger=True),
)  # fmt: skip
NEED_ACTS = (
    Action("validate", lazy("They confirm it"), "check", _NEEDS, need_pb2.MoveNeedRequest, "MoveNeed",
        frozenset({"identified"}), fixed={"status": "validated"}, main=True),
    Action("address", lazy("We have answered it"), "circle-check", _NEEDS, need_pb2.MoveNeedRequest, "MoveNeed",
        frozenset({"identified", "validated"}), fixed={"status": "addressed"}),
    Action("drop", lazy("Drop it"), "x", _NEEDS, need_pb2.MoveNeedRequest, "MoveNeed",
        frozenset({"identified", "validated"}), (_REASON,), {"status": "dropped"}, danger=True),
)  # fmt: skip
QUOTE_ACTS = (
    Action("send", lazy("Send"), "mail", _QUOTES, quote_pb2.SendQuoteRequest, "SendQuote", frozenset({"draft"}),
        main=True),
    Action("send-again", lazy("New link"), "link", _QUOTES, quote_pb2.SendQuoteRequest, "SendQuote", _OUT),
    Action("accept", lazy("They accept"), "check", _QUOTES, quote_pb2.AcceptQuoteRequest, "AcceptQuote", _OUT,
        (
            Field("name", lazy("Who said so?"), in_form=True, max_length=200),
            Field("note", lazy("How?"), in_form=True, max_length=500, hint=lazy("By phone, by e-mail…")),
        ), main=True),
    Action("order", lazy("Make an order"), "package", _QUOTES, quote_pb2.CreateOrderFromQuoteRequest,
        "CreateOrderFromQuote", frozenset({"accepted"}), subject="quote_id", main=True),
    Action("revise", lazy("New version"), "edit", _QUOTES, quote_pb2.ReviseQuoteRequest, "ReviseQuote",
        frozenset({"sent", "viewed", "declined", "expired"})),
    Action("decline", lazy("They decline"), "x", _QUOTES, quote_pb2.DeclineQuoteRequest, "DeclineQuote", _OUT,
        (_REASON,), danger=True),
)  # fmt: skip
ORDER_ACTS = (
    Action("confirm", lazy("Confirm"), "check", _ORDERS, order_pb2.ConfirmOrderRequest, "ConfirmOrder",
        frozenset({"draft", "pending_approval"}), main=True),
    Action("fulfil", lazy("Hand everything over"), "truck", _ORDERS, order_pb2.FulfilOrderRequest, "FulfilOrder",
        frozenset({"confirmed", "partially_fulfilled"}),
        (Field("tracking_code", lazy("Tracking code"), in_form=True, max_length=120),), subject="order_id", main=True),
    Action("invoice", lazy("Make an invoice"), "file-invoice", _INVOICES, invoice_pb2.CreateInvoiceFromOrderRequest,
        "CreateInvoiceFromOrder",
        frozenset({"confirmed", "partially_fulfilled", "fulfilled", "completed", "partially_returned"}),
        subject="order_id"),
    Action("complete", lazy("Complete"), "circle-check", _ORDERS, order_pb2.CompleteOrderRequest, "CompleteOrder",
        frozenset({"fulfilled"})),
    Action("cancel", lazy("Cancel the order"), "x", _ORDERS, order_pb2.CancelOrderRequest, "CancelOrder",
        frozenset({"draft", "pending_approval", "confirmed"}), (_REASON,), danger=True),
)  # fmt: skip
INVOICE_ACTS = (
    Action("issue", lazy("Issue"), "check", _INVOICES, invoice_pb2.IssueInvoiceRequest, "IssueInvoice",
        frozenset({"draft"}), main=True),
    Action("pay", lazy("Record a payment"), "cash", payment_pb2_grpc.PaymentServiceStub,
        payment_pb2.RecordPaymentRequest, "RecordPayment", _OWED,
        (
            Field("method", lazy("How"), "choice", "main", shown.METHODS, in_form=True),
            Field("amount", lazy("Amount"), "money", in_form=True),
            Field("reference", lazy("Reference"), in_form=True, max_length=120),
        ), subject="invoice_id", main=True),
    Action("write-off", lazy("Write off"), "x", _INVOICES, invoice_pb2.WriteOffInvoiceRequest, "WriteOffInvoice", _OWED,
        (_REASON,), danger=True),
    Action("void", lazy("Make void"), "trash", _INVOICES, invoice_pb2.VoidInvoiceRequest, "VoidInvoice",
        frozenset({"draft", "issued", "overdue"}), (_REASON,), danger=True),
)  # fmt: skip

SELLING_KINDS: tuple[SalesKind, ...] = (
    SalesKind(
        "leads", "lead", lazy("Leads"), lazy("Lead"), "user-question",
        Words(
            intro=lazy("People and companies who may become customers."),
            add=lazy("Add a lead"),
            done=lazy("Add the lead"),
            nobody=lazy("No lead is here yet"),
            first=lazy("Add whoever has asked about what you sell; a deal comes of it when they qualify."),
        ),
        shown.LEAD_FIELDS, shown.LEAD_COLUMNS, "Lead", _LEAD, _LEADS,
        writes=SELLS, name_sort="", found_by=("family_name", "company_name"), page="console/selling_page.html",
        listed=(shown.state_shown(shown.LEAD_STATES),), acts=LEAD_ACTS,
        children=(Child("activities", "lead_id"), Child("needs", "lead_id")),
    ),
    SalesKind(
        "needs", "need", lazy("Needs"), lazy("Need"), "target",
        Words(
            intro=lazy("What customers have said they need."),
            add=lazy("Record a need"),
            done=lazy("Record the need"),
            nobody=lazy("No need is recorded yet"),
            first=lazy("Ask what they want to be different, how much it matters, and by when."),
        ),
        shown.NEED_FIELDS, shown.NEED_COLUMNS, "Need", _NEED, _NEEDS,
        writes=SELLS, name_sort="", found_by=("statement",), page="console/selling_page.html",
        listed=(shown.state_shown(shown.NEED_STATES),), acts=NEED_ACTS,
    ),
    SalesKind(
        "quotes", "quote", lazy("Quotes"), lazy("Quote"), "file-text",
        Words(
            intro=lazy("What was offered to whom, for how much, and what they said."),
            add=lazy("Add a quote"),
            done=lazy("Add the quote"),
            nobody=lazy("No quote is here yet"),
            first=lazy("A quote begins as a draft; add its lines, then send the customer the link."),
        ),
        shown.QUOTE_FIELDS, shown.QUOTE_COLUMNS, "Quote", _QUOTE, _QUOTES,
        writes=SELLS, name_sort="", found_by=("number",), page="console/selling_page.html",
        listed=(shown.state_shown(shown.QUOTE_STATES),), acts=QUOTE_ACTS, lines=True,
    ),
    SalesKind(
        "orders", "order", lazy("Orders"), lazy("Order"), "package",
        Words(
            intro=lazy("What customers have ordered, by desk, web and till."),
            add=lazy("Add an order"),
            done=lazy("Add the order"),
            nobody=lazy("No order is here yet"),
            first=lazy("Orders come from accepted quotes, from deals, from tills and from the API; or add one here."),
        ),
        shown.ORDER_FIELDS, shown.ORDER_COLUMNS, "Order", _ORDER, _ORDERS,
        writes=SELLS, name_sort="", found_by=("number",), page="console/selling_page.html",
        listed=shown.ORDER_LISTED, acts=ORDER_ACTS, lines=True, views=_ORDER_VIEWS,
    ),
    SalesKind(
        "invoices", "invoice", lazy("Invoices"), lazy("Invoice"), "file-invoice",
        Words(
            intro=lazy("What customers owe, and what they have paid."),
            add=lazy("Add an invoice"),
            done=lazy("Add the invoice"),
            nobody=lazy("No invoice is here yet"),
            first=lazy("Make one from an order, or add one here."),
        ),
        shown.INVOICE_FIELDS, shown.INVOICE_COLUMNS, "Invoice", _INVOICE, _INVOICES,
        writes=SELLS, name_sort="", found_by=("number",), page="console/selling_page.html",
        listed=shown.INVOICE_LISTED, acts=INVOICE_ACTS, lines=True, views=_INVOICE_VIEWS,
    ),
)  # fmt: skip
