"""The operator's page: which parts answer, what waits, which events died and can be handed back, how large tenants are.

It names tenants by id and shows numbers; nothing on it says who anybody is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chassis.errors import FuniaError, Unavailable
from flask import Blueprint, Response, make_response, render_template, request, url_for
from werkzeug.exceptions import NotFound

from gateway.channels import SERVICES
from gateway.console.backend import services
from gateway.console.formats import format_clock
from gateway.console.guard import go
from gateway.console.i18n import gettext, ngettext
from gateway.console.operator_guard import operators_only
from gateway.console.page import HTTP_STATUS
from gateway.console.ports import Operating
from gateway.console.words import say
from gateway.operating import PlatformReport


@dataclass(frozen=True, slots=True)
class PartRow:
    """One service in the table; numbers are None where its worker is silent."""

    name: str
    away: str
    is_silent: bool
    outbox: int | None = None
    oldest_s: int = 0
    interactive: int = 0
    bulk: int = 0
    behind: int = 0
    slowest: str = ""
    measured: str = ""

    @property
    def is_well(self) -> bool:
        return not self.away and not self.is_silent


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/operator", "operator", operator)
    blueprint.add_url_rule("/operator/dead-letters", "operator_letters", operator_letters)
    blueprint.add_url_rule(
        "/operator/dead-letters/<int:sequence>/replay", "operator_replay", operator_replay, methods=["POST"]
    )
    blueprint.add_url_rule(
        "/operator/dead-letters/replay-all", "operator_replay_all", operator_replay_all, methods=["POST"]
    )


@operators_only
def operator() -> Response:
    return platform_page()


def platform_page() -> Response:
    problem, report = "", None
    try:
        report = desk().report()
        away: Mapping[str, str] = report.away
    except Unavailable as error:
        problem, away = say(error), desk().away()
    page = render_template(
        "console/operator.html",
        parts=part_rows(report, away),
        report=report,
        problem=problem,
    )
    return make_response(page)


def part_rows(report: PlatformReport | None, away: Mapping[str, str]) -> list[PartRow]:
    """A row a service, the ones in trouble first."""
    signs = {one.service: one for one in report.signs} if report else {}
    rows = []
    for name in SERVICES:
        sign = signs.get(name)
        if sign is None:
            rows.append(PartRow(name, away.get(name, ""), is_silent=report is not None))
            continue
        slowest = max(sign.consumers, key=lambda one: sign.consumers[one], default="")
        rows.append(
            PartRow(
                name,
                away.get(name, ""),
                is_silent=False,
                outbox=sign.outbox_pending,
                oldest_s=round(sign.outbox_oldest_s),
                interactive=sign.jobs.get("interactive", 0),
                bulk=sign.jobs.get("bulk", 0),
                behind=sum(sign.consumers.values()),
                slowest=slowest if sign.consumers.get(slowest) else "",
                measured=format_clock(datetime.fromisoformat(sign.at)),
            )
        )
    return sorted(rows, key=lambda row: row.is_well)


@operators_only
def operator_letters() -> Response:
    return letters_page()


def letters_page(problem: str = "", done: str = "", status: int = 200) -> Response:
    given = request.args.get("before", "")
    letters = desk().letters(before=int(given) if given.isdecimal() and len(given) < 19 else 0)
    page = render_template(
        "console/operator_letters.html",
        letters=letters,
        older=letters[-1].sequence if len(letters) >= desk().page_size else 0,
        problem=problem,
        done=done,
    )
    return make_response(page, status)


@operators_only
def operator_replay(sequence: int) -> Response:
    """Hands one letter back to its consumer."""
    try:
        error_kind = desk().replay(sequence)
    except FuniaError as error:
        return letters_page(say(error), status=HTTP_STATUS[error.kind])
    if error_kind:
        return letters_page(
            gettext("It died again: %(error)s. The worker's log says why.", error=error_kind), status=409
        )
    return go(url_for("console.operator_letters", replayed=1))


@operators_only
def operator_replay_all() -> Response:
    """Hands the newest letters back, one after the other."""
    replayed = desk().replay_all()
    done = ngettext("%(num)s event was handled.", "%(num)s events were handled.", replayed.handled)
    problem = ""
    if replayed.failed:
        problem = ngettext("%(num)s event died again.", "%(num)s events died again.", replayed.failed)
    return letters_page(problem, done)


def desk() -> Operating:
    found = services().operating
    if found is None:
        raise NotFound
    return found
