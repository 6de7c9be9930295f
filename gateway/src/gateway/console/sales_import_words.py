"""Words of the wizard for files of leads, products, deals and orders: fields, options, and the outcome in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from funia.sales.v1 import sales_import_pb2 as pb

from gateway.console import import_words
from gateway.console.formats import format_number
from gateway.console.i18n import Lazy, lazy, ngettext
from gateway.console.words import BY_REASON

STATES = import_words.STATES
KINDS: Mapping[str, tuple[Lazy, Lazy, str]] = {
    "lead": (lazy("Leads"), lazy("One lead in each row"), "user-question"),
    "product": (lazy("Products"), lazy("One article in each row"), "tag"),
    "deal": (lazy("Deals"), lazy("One deal in each row, open or closed"), "briefcase"),
    "order": (lazy("Orders"), lazy("One line of an order in each row"), "package"),
}
"""What a file may hold: its name, what a row is, and its icon."""
LISTS: Mapping[str, str] = {"lead": "leads", "product": "products", "deal": "deals", "order": "orders"}
CHANNELS: Mapping[str, Lazy] = {"web": lazy("Web"), "sales": lazy("Sellers"), "pos": lazy("Point of sale")}
DATE_ORDERS: Mapping[str, Lazy] = {"day": lazy("Day first: 31/01/2026"), "month": lazy("Month first: 01/31/2026")}
VALUE_FIELDS: Mapping[str, Lazy] = {"stage": lazy("Stage"), "product": lazy("Product"), "owner": lazy("Owner")}
MEANINGS: Mapping[str, Mapping[str, Lazy]] = {
    "product": {"none": lazy("No product")},
    "owner": {"text": lazy("Nobody here: keep the name as a tag"), "none": lazy("Nobody")},
}
NOTED: Mapping[str, Lazy] = {"text": lazy("Nobody here: keep the name in the note"), "none": lazy("Nobody")}
"""What the seller of an order may mean: orders have no tags."""
"""What a value may mean beside a record of ours."""
UNDOING = frozenset({"reverting", "reverted"})
_WITH_OWN_FIELDS = frozenset({"lead", "deal"})
_AT_WORK = ("validating", "running", "reverting")
_OVER = frozenset({"paused", "completed", "completed_with_errors", "failed"})
FINDINGS: Mapping[str, Lazy] = {
    "CHANGED_SINCE_IMPORT": lazy("It stays: somebody has changed it since the import."),
    "STILL_USED": lazy("It stays: something else uses it now."),
    "INVOICED": lazy("It stays: it was invoiced. Void the invoice, then undo the import again."),
    "POINTS_EARNED": lazy("It stays: points were earned or spent with it."),
    "RETURNED_SINCE": lazy("It stays: something of it came back after the import."),
    "PAID_SINCE": lazy("It stays: money was taken for it after the import."),
    "NUMBER_TAKEN": lazy("Left out: there is an order or a return of this number already."),
}
"""What is said of rows beside the mistakes that every import knows."""
_PROMISES: Mapping[str, Sequence[Lazy]] = {
    "lead": (lazy("The leads that this file brought go to the bin."),),
    "product": (lazy("The products that this file brought go to the bin, with their categories and codes."),),
    "deal": (
        lazy("The deals that this file brought go to the bin."),
        lazy("Companies that were added for them stay."),
    ),
    "order": (
        lazy("The orders that this file brought are canceled and leave lists and reports."),
        lazy("Goods that it said came back count as sold again, and the money as kept."),
        lazy("Products that were added for it go to the bin; companies stay."),
        lazy("The same file can be imported again later."),
    ),
}
"""What undoing an import of a kind does."""
_TARGETS: Mapping[str, Mapping[str, Lazy]] = {
    "lead": {
        "external_id": lazy("Id in another system"),
        "given_name": lazy("First name"),
        "family_name": lazy("Last name"),
        "full_name": lazy("Full name"),
        "company_name": lazy("Company name"),
        "job_title": lazy("Job title"),
        "email": lazy("E-mail"),
        "phone": lazy("Phone"),
        "website": lazy("Web site"),
        "industry": lazy("Industry"),
        "country_code": lazy("Country"),
        "language": lazy("Language"),
        "source": lazy("Source"),
        "description": lazy("Notes about the lead"),
        "owner": lazy("Owner"),
    },
    "product": {
        "name": lazy("Name"),
        "sku": lazy("Article number"),
        "category": lazy("Category"),
        "description": lazy("Description"),
        "unit": lazy("Unit"),
        "price": lazy("Price of one"),
        "cost": lazy("Cost of one"),
        "barcode": lazy("Barcode"),
    },
    "deal": {
        "external_id": lazy("Id in another system"),
        "name": lazy("What it is about"),
        "stage": lazy("Stage"),
        "owner": lazy("Owner"),
        "account": lazy("Company"),
        "product": lazy("Product"),
        "amount": lazy("Amount"),
        "engaged_on": lazy("Begun on"),
        "closed_on": lazy("Closed on"),
        "expected_on": lazy("Expected to close on"),
        "lost_reason": lazy("Why it was lost"),
        "source": lazy("Source"),
        "next_step": lazy("Next step"),
        "description": lazy("Notes"),
    },
    "order": {
        "number": lazy("Number of the order"),
        "sku": lazy("Article number"),
        "product_name": lazy("Name of the article"),
        "quantity": lazy("Quantity"),
        "unit_price": lazy("Price of one"),
        "list_price": lazy("Price before discount"),
        "ordered_at": lazy("Ordered on"),
        "owner": lazy("Seller"),
        "customer": lazy("Number of the customer"),
        "customer_name": lazy("Name of the customer"),
        "country_code": lazy("Country"),
    },
}


def target_fields(job: pb.SalesImport) -> list[tuple[str, str]]:
    """Fields that a column may fill."""
    own = import_words.own_fields(job.kind) if job.kind in _WITH_OWN_FIELDS else []
    return [*((name, str(label)) for name, label in _TARGETS[job.kind].items()), *own]


def step_of(job: pb.SalesImport) -> str:
    """Which step of the wizard shows the import as it stands."""
    steps = {"uploaded": "mapping", "ready": "checked", **dict.fromkeys(_AT_WORK, "running")}
    if job.status == "paused":
        return "mapping" if job.dry_run else "paused"
    return steps.get(job.status, "finished")


def outcome_sentences(job: pb.SalesImport) -> Sequence[tuple[str, str]]:
    """What the import did or would do, or what undoing it did: (kind of outcome, sentence)."""
    if job.status in UNDOING:
        return _undone(job)
    would = job.dry_run or job.status in {"validating", "ready"}
    found = [("created", _went_in(job.rows_created, would=would))]
    if job.rows_skipped:
        sentence = ngettext(
            "%(num)s row is here already, or says nothing new.",
            "%(num)s rows are here already, or say nothing new.",
            job.rows_skipped,
            num=format_number(job.rows_skipped),
        )
        found.append(("skipped", sentence))
    if job.rows_noted:
        sentence = ngettext(
            "%(num)s row goes in with a remark.",
            "%(num)s rows go in with a remark.",
            job.rows_noted,
            num=format_number(job.rows_noted),
        )
        found.append(("skipped", sentence))
    if job.rows_failed:
        sentence = ngettext(
            "%(num)s row has a mistake and does not go in.",
            "%(num)s rows have mistakes and do not go in.",
            job.rows_failed,
            num=format_number(job.rows_failed),
        )
        found.append(("failed", sentence))
    return found


def can_be_undone(job: pb.SalesImport) -> bool:
    """Whether there is something of the import to take back, for all that the import itself knows."""
    if job.dry_run or job.status == "reverted":
        return bool(job.undo_left)
    return job.status in _OVER and bool(job.rows_created)


def undo_promises(job: pb.SalesImport) -> Sequence[Lazy]:
    """What undoing would do, and what it would leave."""
    return (*_PROMISES[job.kind], lazy("What somebody has changed or used since stays, and is listed with the reason."))


def _undone(job: pb.SalesImport) -> Sequence[tuple[str, str]]:
    count = sum(number for kind, number in job.undone.items() if kind != "variants")
    sentence = ngettext(
        "%(num)s record was taken back.", "%(num)s records were taken back.", count, num=format_number(count)
    )
    found = [("created", sentence)]
    if job.undo_left:
        sentence = ngettext(
            "%(num)s record stays, for a reason given below.",
            "%(num)s records stay, for reasons given below.",
            job.undo_left,
            num=format_number(job.undo_left),
        )
        found.append(("failed", sentence))
    return found


def _went_in(count: int, *, would: bool) -> str:
    number = format_number(count)
    if would:
        return ngettext("%(num)s row will go in.", "%(num)s rows will go in.", count, num=number)
    return ngettext("%(num)s row went in.", "%(num)s rows went in.", count, num=number)


def say_row(error: pb.SalesImportRowError) -> str:
    """What is to be said of a row; known reasons in the person's language."""
    known = FINDINGS.get(error.reason) or BY_REASON.get(error.reason)
    return error.message if known is None else str(known)
