"""The rules of a deal: what it is made of, where it may move, what it is worth at home, and when it rots."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.errors import Conflict, InvalidArgument, PermissionDenied, Violation, invalid_field
from chassis.records import stale
from chassis.work import Row, Work

from sales.errors import InvalidPricing, not_there
from sales.funnel.gates import Evidence, missing
from sales.pricing.amounts import in_currency
from sales.queries import company, playbook, quotes
from sales.queries import funnel as queries
from sales.queries import need as needs
from sales.references import Customers
from sales.usecases.prices import rates, today

Values = dict[str, Any]
CLOSES_IN_DAYS = 30
"""When a deal should close, where nobody says."""
REOPEN = "sales.reopen"
"""Scope of those who may open a closed deal again."""


def check(work: Work, customers: Customers, before: Row | None, after: Values, changed: frozenset[str]) -> None:
    """Brings a deal to its normal form. Raises what is wrong with it, and what its stage asks for and it lacks."""
    after["name_key"] = after["name"].lower()
    if before is None:
        after["pipeline_id"] = after["pipeline_id"] or _first_pipeline(work)
        stages = stages_of(work, after["pipeline_id"], closed=True)
        after["stage_id"] = after["stage_id"] or stages[0].id
    else:
        stages = stages_of(work, after["pipeline_id"], closed=True)
    stage = _stage(stages, after["stage_id"], "deal.stage_id")
    if before is None:
        enter(work, after, stage)
        after["expected_close_date"] = after["expected_close_date"] or today(work) + timedelta(days=CLOSES_IN_DAYS)
    elif after["expected_close_date"] is None:
        raise invalid_field("deal.expected_close_date", "say when it should close", reason="REQUIRED")
    _inherit(after, stage, changed, new=before is None)
    _people(after, changed)
    if "need_ids" in changed:
        _needs(work, before, after)
    if before is None or not changed.isdisjoint({"account_id", "contacts"}):
        _references(work, customers, before, after)
    if before is None or not changed.isdisjoint({"amount_minor", "amount_currency"}):
        _follow_lines(after)
        _at_home(work, after)
    if before is None or after["stage_id"] != before.stage_id:
        left = None if before is None else next((one for one in stages if one.id == before.stage_id), None)
        _gate(work, stage, after, left)


def enter(work: Work, after: Values, stage: Row) -> None:
    """What coming to a stage does to a deal."""
    after["stage_id"] = stage.id
    after["status"] = stage.category
    after["stage_entered_at"] = work.now
    after["closed_at"] = None if stage.category == "open" else work.now
    if stage.category != "lost":
        after["lost_reason"] = after["lost_note"] = ""


def move(
    work: Work, before: Row, stage_id: UUID, *, etag: str, lost_reason: str, lost_note: str, reason: str
) -> Values | None:
    """What a move changes; nothing where the deal stands there already.

    Raises Conflict where somebody else was faster, PermissionDenied where a closed deal may not be opened again.
    """
    if etag and etag != str(before.version):
        error = stale(etag, before.version)
        error.metadata |= {"stage_id": str(before.stage_id), "moved_at": before.stage_entered_at.isoformat()}
        raise error
    if before.deleted_at is not None:
        raise Conflict("This deal is in the bin. Take it out of the bin first.", reason="DELETED")
    if stage_id == before.stage_id:
        return None
    stage = _stage(stages_of(work, before.pipeline_id, closed=True), stage_id, "stage_id")
    if before.status != "open":
        if REOPEN not in work.caller.scopes:
            raise PermissionDenied(
                "This deal is closed. Opening it again needs the right to.", reason="MISSING_SCOPE",
                metadata={"scope": REOPEN},
            )  # fmt: skip
        if not reason:
            raise invalid_field("reason", "say why the closed deal goes on", reason="REQUIRED")
    after: Values = {"lost_reason": lost_reason, "lost_note": lost_note}
    if stage.category == "lost":
        _check_lost_reason(work, lost_reason)
    enter(work, after, stage)
    if not before.own_probability or stage.category != "open":
        after |= {"probability": stage.probability, "own_probability": False}
    if not before.own_forecast or stage.category != "open":
        after |= {"forecast_category": stage.forecast_category, "own_forecast": False}
    return after


def rotting(deal: Row, stage: Row | None, now: datetime) -> bool:
    """Whether an open deal has stood in its stage too long with nothing happening to it."""
    if stage is None or not stage.rot_days or deal.status != "open" or deal.deleted_at is not None:
        return False
    quiet_since: datetime = max(deal.stage_entered_at, deal.updated_at, deal.last_activity_at or deal.updated_at)
    return now - quiet_since > timedelta(days=stage.rot_days)


def stages_of(work: Work, pipeline_id: UUID, *, closed: bool) -> list[Row]:
    """The stages of a pipeline, the first first. Raises InvalidArgument where there is no such pipeline."""
    found = [one for one in queries.stages(work) if one.pipeline_id == pipeline_id]
    if not found:
        raise not_there("deal.pipeline_id", "pipeline")
    return [one for one in found if closed or one.category == "open"]


def home_currency(work: Work) -> str:
    """The company's own currency; empty where identity has not told yet."""
    currency: str = company.company(work).currency_code
    return currency


def _first_pipeline(work: Work) -> UUID:
    found = queries.first_pipeline(work)
    if found is None:
        raise InvalidArgument(
            "There is no pipeline yet. Make one in Settings > Pipelines.",
            reason="PIPELINE_NOT_FOUND",
            violations=[Violation("deal.pipeline_id", "make a pipeline first", "PIPELINE_NOT_FOUND")],
        )
    return found


def _stage(stages: Iterable[Row], stage_id: UUID, field: str) -> Row:
    for one in stages:
        if one.id == stage_id:
            return one
    raise invalid_field(field, "there is no such stage in the deal's pipeline", reason="STAGE_NOT_FOUND")


def _inherit(after: Values, stage: Row, changed: frozenset[str], *, new: bool) -> None:
    """Chance and place in the forecast are the stage's where nobody gives others."""
    if new or "probability" in changed:
        after["own_probability"] = after["probability"] is not None and stage.category == "open"
        if not after["own_probability"]:
            after["probability"] = stage.probability
    if new or "forecast_category" in changed:
        after["own_forecast"] = bool(after["forecast_category"]) and stage.category == "open"
        if not after["own_forecast"]:
            after["forecast_category"] = stage.forecast_category


def _follow_lines(after: Values) -> None:
    """An amount that is given stands; where it is emptied, the sum of the lines stands in."""
    after["own_amount"] = after["amount_minor"] != 0
    if not after["own_amount"] and after["line_count"]:
        after["amount_minor"], after["amount_currency"] = after["lines_net_minor"], after["lines_currency"]


def _people(after: Values, changed: frozenset[str]) -> None:
    if "contacts" not in changed:
        return
    ids = [one["contact_id"] for one in after["contacts"]]
    for index, one in enumerate(ids):
        if one in ids[:index]:
            raise invalid_field(f"deal.contacts[{index}].contact_id", "this person is named twice", reason="DUPLICATE")
    if sum(bool(one.get("is_primary")) for one in after["contacts"]) > 1:
        raise invalid_field("deal.contacts", "only one person is the one to talk to first", reason="TWO_PRIMARY")


def _needs(work: Work, before: Row | None, after: Values) -> None:
    named = set(after["need_ids"]) - (set() if before is None else set(before.need_ids))
    if named - needs.known(work, list(named)):
        raise not_there("deal.need_ids", "need")


def _references(work: Work, customers: Customers, before: Row | None, after: Values) -> None:
    """Only what is new is asked for: who has gone since stays named in the deals he was in."""
    account_id = after["account_id"]
    if account_id is not None and (before is None or before.account_id != account_id):
        customers.check(work, "account", [("deal.account_id", account_id)])
    known = set() if before is None else {one["contact_id"] for one in before.contacts}
    people = [
        (f"deal.contacts[{index}].contact_id", UUID(one["contact_id"]))
        for index, one in enumerate(after["contacts"])
        if one["contact_id"] not in known
    ]
    customers.check(work, "contact", people)


def _at_home(work: Work, after: Values) -> None:
    """What the deal is worth in the company's own currency, by the rate of today."""
    minor, currency = after["amount_minor"], after["amount_currency"]
    if minor < 0:
        raise invalid_field("deal.amount", "an amount is zero or more", reason="NEGATIVE")
    home = home_currency(work) or currency
    after["home_amount_currency"], after["home_amount_minor"] = home if minor else "", minor
    if minor and currency != home:
        try:
            rate = rates(work).of(currency, home, today(work))
        except InvalidPricing as error:
            raise invalid_field("deal.amount.currency_code", error.message, reason=error.reason) from error
        after["home_amount_minor"] = in_currency(minor, currency, home, rate)


def _gate(work: Work, stage: Row, after: Values, left: Row | None) -> None:
    asked = "quote_accepted" in stage.entry_criteria and "id" in after
    accepted = asked and quotes.is_accepted(work, after["id"])
    ticked = left is None or "checklist" not in stage.entry_criteria or _ticked(work, after["id"], left)
    found = missing(stage.entry_criteria, evidence(work, after, quote_accepted=accepted, checklist_done=ticked))
    if found:
        raise Conflict(
            f'"{stage.name}" asks for more: ' + " ".join(one.message for one in found),
            reason="STAGE_GATE",
            violations=found,
        )


def _ticked(work: Work, deal_id: UUID, stage: Row) -> bool:
    return set(stage.checklist) <= playbook.ticks(work, deal_id, stage.id).keys()


def evidence(work: Work, after: Values, *, quote_accepted: bool = False, checklist_done: bool = True) -> Evidence:
    """What there is of a deal that a stage may ask for."""
    return Evidence(
        account=after["account_id"] is not None,
        roles=[one.get("role") or "other" for one in after["contacts"]],
        needs=needs.count(work, after.get("id"), after["need_ids"]),
        amount_minor=after["amount_minor"],
        expected_close_date=after["expected_close_date"] is not None,
        next_step=after["next_step"],
        lost_reason=after["lost_reason"],
        has_products=after["line_count"] > 0,
        quote_accepted=quote_accepted,
        checklist_done=checklist_done,
    )


def _check_lost_reason(work: Work, reason: str) -> None:
    known: Sequence[str] = company.company(work).lost_reasons
    if reason and known and reason not in known:
        raise invalid_field("lost_reason", f"choose one of {', '.join(known)}", reason="UNKNOWN_REASON")
