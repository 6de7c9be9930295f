"""Deals of another system, open and closed: they go in with their own dates, and with the way they have gone.

Gates of stages are for deals that move here; what is history elsewhere goes in as it was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from chassis import custom_values
from chassis.allowances import Allowance
from chassis.errors import FuniaError
from chassis.ids import uuid7
from chassis.importing.rows import Problem, RawRow
from chassis.work import Row, Work

from sales import events
from sales.errors import InvalidPricing
from sales.imports import own_fields, products
from sales.imports.batch import NEW, TEXT, Outcome, Terms
from sales.imports.cells import Moment
from sales.imports.orders import SAME_LINE
from sales.model.funnel import Deal, StageStep
from sales.model.lines import DealLine
from sales.pricing.amounts import MICROS, MILLI, digits, in_currency, rounded
from sales.queries import company, imports
from sales.queries.imports import BulkRows
from sales.references import label_key
from sales.usecases import goals
from sales.usecases.deals import CLOSES_IN_DAYS, stages_of
from sales.usecases.prices import rates, today

_DEALS, _STEPS, _LINES = BulkRows(Deal), BulkRows(StageStep), BulkRows(DealLine)
_NAME_MAX_CHARS = 200
_TEXT_MAX_CHARS = 500
_CATALOGUE_MAX = 5_000
"""Products whose names a value is compared with."""
_WORDS = {
    "won": "won|closed won|win|успешно|выиграна|спечелена",
    "lost": "lost|closed lost|lose|проиграна|потеряна|загубена",
}
_CATEGORIES = {word: category for category, words in _WORDS.items() for word in words.split("|")}
_LINE = {name: value for name, value in SAME_LINE.items() if name not in ("invoiced_milli", "returned_milli")}


@dataclass(slots=True)
class _Deal:
    raw: RawRow
    external_id: str
    name: str
    stage: str
    owner: str
    account: str
    product: str
    amount: tuple[str, int] | None
    engaged: Moment | None
    closed: Moment | None
    expected: date | None
    texts: dict[str, str]
    custom: dict[str, Any]


class DealRows:
    """Checks rows of deals, and writes them a batch at a time."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._suggested: dict[tuple[str, str], dict[str, Any]] = {}

    def group_of(self, raw: RawRow) -> str:
        """Rows of deals stand alone."""
        return str(raw.number)

    def write(self, work: Work, rows: Sequence[RawRow], outcome: Outcome) -> None:
        """Checks these rows and writes what makes sense; a dry run tells what their values probably mean."""
        deals = []
        for raw in rows:
            deal = self._checked(raw)
            if isinstance(deal, Problem):
                outcome.fail(raw, deal)
            else:
                deals.append(deal)
        ids = [one.external_id for one in deals if one.external_id]
        here = imports.known(work, "deal", self._terms.system, ids)
        fresh = []
        for deal in deals:
            if deal.external_id and deal.external_id in here:
                outcome.skip(deal.raw)
            else:
                fresh.append(deal)
                if deal.external_id:
                    here[deal.external_id] = deal
        if self._terms.dry_run:
            for deal in fresh:
                self._meet(deal, outcome)
            outcome.created += len(fresh)
            return
        self._write(work, fresh, outcome)

    def _checked(self, raw: RawRow) -> _Deal | Problem:
        terms = self._terms
        if (broken := terms.broken(raw)) is not None:
            return broken
        text = {name: terms.cell(raw, name)[:_TEXT_MAX_CHARS] for name in terms.places}
        amount: tuple[str, int] | None = None
        if given := text.get("amount"):
            found = terms.reading.amount(given)
            if isinstance(found, Problem):
                return Problem(found.reason, found.message, terms.headings["amount"])
            amount = found
            if amount[1] < 0:
                return Problem("NEGATIVE", "An amount is zero or more.", terms.headings["amount"])
        moments: dict[str, Moment] = {}
        for name in ("engaged_on", "closed_on", "expected_on"):
            if given := text.get(name):
                moment = terms.reading.moment(given)
                if isinstance(moment, Problem):
                    return Problem(moment.reason, moment.message, terms.headings[name])
                moments[name] = moment
        if not text.get("stage"):
            return Problem("REQUIRED", "A deal stands in a stage.", terms.headings["stage"])
        custom = own_fields.read(terms, raw, asked=False)
        if isinstance(custom, Problem):
            return custom
        account, product, external_id = (text.get(name, "") for name in ("account", "product", "external_id"))
        name = text.get("name") or " – ".join(one for one in (account, product) if one) or external_id
        expected = moments.get("expected_on")
        return _Deal(
            raw,
            external_id,
            name[:_NAME_MAX_CHARS],
            text["stage"],
            text.get("owner", ""),
            account,
            product,
            amount,
            moments.get("engaged_on"),
            moments.get("closed_on"),
            expected[0] if expected else None,
            {one: text.get(one, "") for one in ("source", "lost_reason", "next_step", "description")},
            custom,
        )

    def _meet(self, deal: _Deal, outcome: Outcome) -> None:
        outcome.made["deals"] += 1
        for name in ("stage", "owner", "account", "product"):
            if value := getattr(deal, name):
                outcome.meet(name, value)
        if not deal.account:
            outcome.note(deal.raw, "NO_ACCOUNT", "Goes in without a company: the row names none.")
        if deal.engaged is None:
            outcome.note(deal.raw, "NO_DATE", "Goes in as begun today: the row has no date on which it began.")

    def _write(self, work: Work, deals: Sequence[_Deal], outcome: Outcome) -> None:
        if not deals:
            return
        terms = self._terms
        pipeline_id = terms.pipeline_id
        assert pipeline_id is not None, "deals are mapped to a pipeline"
        stages = {one.id: one for one in stages_of(work, pipeline_id, closed=True)}
        begin = next(iter(stages.values()))
        variants = products.by_id(
            work, [one for name in {one.product for one in deals} if (one := terms.chosen_id("product", name))]
        )
        companies = self._companies(work, deals)
        allowance = Allowance(work, "deals")
        home = company.company(work).currency_code or terms.reading.currency
        same = _same(work, pipeline_id)
        heads, steps, lines, told = [], [], [], []
        strangers = own_fields.unknown_in(work, terms, [one.custom for one in deals])
        for deal in deals:
            stage = stages.get(terms.chosen_id("stage", deal.stage) or begin.id, begin)
            variant = variants.get(terms.chosen_id("product", deal.product) or begin.id)
            if strangers and not strangers.isdisjoint(str(one) for one in deal.custom.values()):
                outcome.fail(deal.raw, Problem("NOT_FOUND", "A field refers to somebody who is not there."))
                continue
            try:
                allowance.take("deals")
                head = self._head(work, deal, stage, variant, home)
            except (FuniaError, InvalidPricing) as error:
                outcome.fail(deal.raw, Problem(error.reason, error.message))
                continue
            head["account_id"] = companies.get(deal.account)
            heads.append(head)
            outcome.created += 1
            outcome.wrote("deal", head["id"], deal.raw.number, external_id=deal.external_id)
            if variant is not None:
                lines.append(_line(head, variant))
            steps += _way(head, begin)
            if not deal.account:
                outcome.note(deal.raw, "NO_ACCOUNT", "Went in without a company: the row names none.")
            if deal.engaged is None:
                outcome.note(deal.raw, "NO_DATE", "Went in as begun today: the row has no date on which it began.")
            told.append(events.deal_event("imported", SimpleNamespace(**same, **head)))
        _DEALS.add(work, heads, **same)
        custom_values.put(work, "deal", [(one["id"], one["custom"]) for one in heads if one["custom"]], new=True)
        _STEPS.add(work, steps, moved_by=work.caller.actor_id)
        _LINES.add(work, lines, **_LINE, position=0)
        by_external = {one["external_ids"][terms.system]: one["id"] for one in heads if one["external_ids"]}
        imports.keep(work, "deal", terms.system, terms.import_id, by_external)
        work.count("deals", len(heads))
        work.record_all(told)
        if heads:
            goals.begin_snapshots(work)
        outcome.made["deals"] += len(heads)

    def _companies(self, work: Work, deals: Sequence[_Deal]) -> dict[str, UUID]:
        terms = self._terms
        names = {one.account for one in deals if one.account}
        found = {name: known for name in names if (known := terms.chosen_id("account", name)) is not None}
        new = [name for name in names - found.keys() if terms.choices.get(("account", name)) == NEW]
        return found | {name: row.record_id for name, row in imports.known(work, "account", terms.system, new).items()}

    def _head(self, work: Work, deal: _Deal, stage: Row, variant: Row | None, home: str) -> dict[str, Any]:
        terms = self._terms
        begun = deal.engaged[1] if deal.engaged else work.now
        closed = None
        if stage.category != "open":
            closed = max(deal.closed[1] if deal.closed else begun, begun)
        listed = _listed(variant, terms.reading.currency)
        own = deal.amount is not None and deal.amount[1] > 0
        currency, amount = deal.amount if own and deal.amount else (terms.reading.currency, listed or 0)
        worth = amount
        if amount and currency != home:
            worth = in_currency(amount, currency, home, rates(work).of(currency, home, today(work)))
        day = deal.expected or (deal.closed[0] if deal.closed else None) or today(work) + timedelta(days=CLOSES_IN_DAYS)
        owner = terms.owner(deal.owner)
        return {
            "id": uuid7(),
            "created_at": begun,
            "name": deal.name,
            "name_key": deal.name.lower(),
            "stage_id": stage.id,
            "status": stage.category,
            "amount_currency": currency if amount else "",
            "amount_minor": amount,
            "home_amount_currency": home if amount else "",
            "home_amount_minor": worth,
            "own_amount": own,
            "line_count": 0 if variant is None else 1,
            "lines_currency": "" if variant is None else currency,
            "lines_net_minor": 0 if variant is None else amount,
            "expected_close_date": day,
            "probability": stage.probability,
            "forecast_category": stage.forecast_category,
            "stage_entered_at": closed or begun,
            "closed_at": closed,
            "owner_id": owner.id,
            "team_id": owner.team_id,
            "tags": [owner.called] if owner.called else [],
            "external_ids": {terms.system: deal.external_id} if deal.external_id else {},
            "custom": deal.custom,
            **deal.texts,
            "lost_reason": deal.texts["lost_reason"] if stage.category == "lost" else "",
        }

    def suggest(self, work: Work, outcome: Outcome) -> list[dict[str, Any]]:
        """What the values of a checked batch probably mean. What is certain is chosen, the rest left to somebody."""
        unseen = [key for key in outcome.values if key not in self._suggested]
        stages = stages_of(work, self._terms.pipeline_id, closed=True) if self._terms.pipeline_id else []
        articles = products.catalogue(work, _CATALOGUE_MAX) if any(name == "product" for name, _ in unseen) else []
        for name, value in unseen:
            self._suggested[name, value] = {
                "field": name,
                "value": value,
                "detail": outcome.details.get((name, value), {}),
                **_meaning(name, value, stages, articles, self._terms.owners),
            }
        return [{**self._suggested[key], "rows": number} for key, number in outcome.values.items()]


def _meaning(
    name: str, value: str, stages: Sequence[Row], articles: Sequence[Row], owners: Mapping[str, str]
) -> dict[str, Any]:
    """The choice for a value, where it is certain, and what it probably means."""
    if name in ("account", "customer"):
        return {"choice": NEW, "suggestion": None, "suggestion_name": ""}
    if name == "owner":
        owner_id = owners.get(label_key(value))
        return {"choice": owner_id or TEXT, "suggestion": owner_id, "suggestion_name": value if owner_id else ""}
    known = (
        {one.name: one.id for one in reversed(stages)}
        if name == "stage"
        else {label: one.id for one in reversed(articles) for label in (one.sku, one.name)}
    )
    exact = {label.casefold(): label for label in known}.get(value.casefold())
    if exact is not None:
        return {"choice": str(known[exact]), "suggestion": known[exact], "suggestion_name": exact}
    if name == "stage" and (category := _CATEGORIES.get(value.casefold())) is not None:
        found = next((one for one in stages if one.category == category), None)
        if found is not None:
            return {"choice": str(found.id), "suggestion": found.id, "suggestion_name": found.name}
    pressed = {_pressed(label): label for label in known}
    near = get_close_matches(_pressed(value), pressed, n=1, cutoff=0.75)
    label = pressed[near[0]] if near else ""
    return {"choice": "", "suggestion": known[label] if label else None, "suggestion_name": label}


def _pressed(text: str) -> str:
    """A name without blanks and signs."""
    return re.sub(r"[\W_]+", "", text.casefold())


def _listed(variant: Row | None, currency: str) -> int | None:
    """The catalogue's price of one, in minor units of this currency."""
    if variant is None or variant.price_micros is None or variant.price_currency != currency:
        return None
    return rounded(variant.price_micros * 10 ** digits(currency), MICROS)


def _line(head: Mapping[str, Any], variant: Row) -> dict[str, Any]:
    amount = head["lines_net_minor"]
    unit = rounded(amount * MICROS, 10 ** digits(head["lines_currency"]))
    return {
        "deal_id": head["id"],
        "id": uuid7(),
        "product_variant_id": variant.id,
        "product_id": variant.product_id,
        "name": variant.name,
        "sku": variant.sku,
        "unit": variant.unit,
        "quantity_milli": MILLI,
        "list_unit_micros": unit,
        "list_minor": amount,
        "net_minor": amount,
        "gross_minor": amount,
    }


def _way(head: Mapping[str, Any], begin: Row) -> list[dict[str, Any]]:
    """The stays of a deal: one that is closed began in the first stage, and came from it to its end."""
    came: datetime = head["created_at"]
    worth = {"amount_currency": head["amount_currency"], "amount_minor": head["amount_minor"]}
    first = begin.id if head["status"] != "open" else head["stage_id"]
    steps = [
        {
            "deal_id": head["id"],
            "id": uuid7(),
            "from_stage_id": None,
            "to_stage_id": first,
            "entered_at": came,
            "seconds_before": 0,
            "reason": "",
            **worth,
        }
    ]
    if head["closed_at"] is not None:
        steps.append(
            {
                "deal_id": head["id"],
                "id": uuid7(),
                "from_stage_id": first,
                "to_stage_id": head["stage_id"],
                "entered_at": head["closed_at"],
                "seconds_before": int((head["closed_at"] - came).total_seconds()),
                "reason": "",
                **worth,
            }
        )
    return steps


def _same(work: Work, pipeline_id: UUID) -> dict[str, Any]:
    return {
        "version": 1,
        "created_by": work.caller.actor_id,
        "updated_at": work.now,
        "updated_by": work.caller.actor_id,
        "deleted_at": None,
        "pipeline_id": pipeline_id,
        "contacts": [],
        "own_probability": False,
        "own_forecast": False,
        "lead_id": None,
        "campaign_id": None,
        "need_ids": [],
        "lost_note": "",
        "last_activity_at": None,
    }
