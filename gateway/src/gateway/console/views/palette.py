"""What Ctrl-K finds: records by search, pages and commands by their names."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.contacts.v1.search_pb2 import SearchCustomersRequest

from gateway.console.backend import allowed, stubs, try_call
from gateway.console.i18n import gettext
from gateway.console.kinds import PLURAL_OF
from gateway.console.page import navigation

FOUND_MAX = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the palette; `opens` names a dialog to load instead of a page to go to."""

    icon: str
    title: str
    subtitle: str = ""
    href: str = ""
    opens: str = ""


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/palette", "palette", palette)


def palette() -> Response:
    text = request.args.get("palette_query", "").strip()
    found, missing = records(text)
    commands = [entry for entry in (*command_list(), *page_list()) if text.casefold() in entry.title.casefold()]
    page = render_template("console/palette_results.html", text=text, records=found, commands=commands, missing=missing)
    return make_response(page)


def records(text: str) -> tuple[list[Entry], bool]:
    if not text or not allowed("contacts.read"):
        return [], False
    answer = try_call(stubs().search.SearchCustomers, SearchCustomersRequest(query=text[:200], page_size=FOUND_MAX))
    if answer is None:
        return [], True
    return [
        Entry(
            "building" if hit.kind == "account" else "user",
            hit.name,
            " · ".join(part for part in (hit.subtitle, hit.email or hit.phone) if part),
            url_for("console.record_page", plural=PLURAL_OF[hit.kind], record_id=hit.id),
        )
        for hit in answer.hits
        if hit.kind in PLURAL_OF
    ], False


def command_list() -> list[Entry]:
    found = []
    if allowed("contacts.write"):
        found.append(Entry("user-plus", gettext("Add a person"), opens=url_for("console.record_new", plural="people")))
        company = url_for("console.record_new", plural="companies")
        found.append(Entry("building-plus", gettext("Add a company"), opens=company))
    if allowed("contacts.import"):
        found.append(Entry("file-import", gettext("Import a file"), href=url_for("console.import_new")))
    return found


def page_list() -> list[Entry]:
    return [Entry(item.icon, str(item.label), str(item.section or ""), item.href) for item in navigation()]
