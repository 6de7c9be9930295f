"""What every page has around its content: navigation by what the person may do, words for scripts, and errors."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from chassis.errors import FuniaError, Kind
from flask import Response, current_app, g, make_response, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from gateway.console import amounts, formats, references, support_values
from gateway.console.accent import accent_of
from gateway.console.analysis_words import GROUPS
from gateway.console.backend import services
from gateway.console.guard import csrf_token
from gateway.console.i18n import LOCALES, NAMES, Lazy, current_locale, gettext, lazy
from gateway.console.kinds import KINDS, all_columns, all_fields, column_text, frozen, may_change
from gateway.console.operator_guard import is_operator
from gateway.console.tabs import section_of, tabs_of
from gateway.console.views.assets import version
from gateway.console.words import say

HTTP_STATUS: Mapping[Kind, int] = {
    Kind.INVALID_ARGUMENT: 400,
    Kind.UNAUTHENTICATED: 401,
    Kind.PERMISSION_DENIED: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.UNPROCESSABLE: 422,
    Kind.FAILED_PRECONDITION: 409,
    Kind.TOO_LARGE: 413,
    Kind.RESOURCE_EXHAUSTED: 429,
    Kind.UNAVAILABLE: 503,
    Kind.DEADLINE_EXCEEDED: 504,
    Kind.INTERNAL: 500,
}
THEMES = ("light", "dark")
THEME_COOKIE = "funia_theme"


@dataclass(frozen=True, slots=True)
class NavItem:
    """A page of the navigation; `section` heads the items that belong together."""

    key: str
    label: Lazy
    icon: str
    endpoint: str
    scope: str = ""
    section: Lazy | None = None
    plural: str = ""
    on_phone: bool = False
    for_operators: bool = False

    @property
    def href(self) -> str:
        return url_for(self.endpoint, plural=self.plural) if self.plural else url_for(self.endpoint)


CUSTOMERS = lazy("Customers")
SALES = lazy("Sales")
SUPPORT = lazy("Support")
REPORTS = lazy("Reports")
SETTINGS = lazy("Settings")
PLATFORM = lazy("Platform")
NAVIGATION: tuple[NavItem, ...] = (
    NavItem("home", lazy("Home"), "home", "console.home", on_phone=True),
    NavItem("people", lazy("People"), "users", "console.record_list", "contacts.read", CUSTOMERS, "people", True),
    NavItem(
        "companies", lazy("Companies"), "building", "console.record_list", "contacts.read", CUSTOMERS, "companies", True
    ),
    NavItem("imports", lazy("Imports"), "file-import", "console.import_list", "contacts.import", CUSTOMERS),
    NavItem("my-day", lazy("My day"), "list-check", "console.my_day", "sales.read", SALES),
    NavItem("leads", lazy("Leads"), "user-question", "console.record_list", "sales.read", SALES, "leads"),
    NavItem("deals", lazy("Deals"), "briefcase", "console.deal_board", "sales.read", SALES, "", True),
    NavItem("orders", lazy("Orders"), "package", "console.record_list", "sales.read", SALES, "orders"),
    NavItem("stores", lazy("Stores"), "building-store", "console.record_list", "sales.read", SALES, "stores"),
    NavItem("till", lazy("Till"), "calculator", "console.till", "sales.write", SALES),
    NavItem("catalogue", lazy("Catalogue"), "tag", "console.record_list", "sales.read", SALES, "products"),
    NavItem("prices", lazy("Prices"), "adjustments", "console.record_list", "sales.read", SALES, "price-books"),
    NavItem("loyalty", lazy("Loyalty"), "star", "console.record_list", "sales.read", SALES, "members"),
    NavItem("approvals", lazy("Approvals"), "checkbox", "console.approval_list", "identity.approve", SALES),
    NavItem("tickets", lazy("Tickets"), "ticket", "console.record_list", "support.read", SUPPORT, "tickets"),
    NavItem("sales-reports", lazy("Sales reports"), "report-analytics", "console.sales_reports", "sales.read", REPORTS),
    NavItem(
        "report-schedules", lazy("Sent regularly"), "mail", "console.report_schedule_list", "identity.reports", REPORTS
    ),
    NavItem("analysis", lazy("Analysis"), "chart-bar", "console.analysis", "analytics.read", REPORTS),
    NavItem("activity", lazy("Activity"), "history", "console.activity_report", "analytics.read", REPORTS, "", True),
    NavItem("company", lazy("Company"), "adjustments", "console.company_settings", "identity.read", SETTINGS),
    NavItem("colleagues", lazy("Colleagues"), "user-plus", "console.colleague_list", "identity.read", SETTINGS),
    NavItem("teams", lazy("Teams"), "users", "console.team_list", "identity.read", SETTINGS),
    NavItem("sharing", lazy("Sharing rules"), "switch-horizontal", "console.sharing_rules", "identity.admin", SETTINGS),
    NavItem("roles", lazy("Roles"), "lock", "console.role_list", "identity.read", SETTINGS),
    NavItem(
        "approval_rules", lazy("Approval rules"), "checkbox", "console.approval_policy_list", "identity.admin", SETTINGS
    ),
    NavItem("selling", lazy("Selling"), "briefcase", "console.selling_settings", "sales.admin", SETTINGS),
    NavItem("fields", lazy("Custom fields"), "columns", "console.custom_field_list", "identity.admin", SETTINGS),
    NavItem("connected", lazy("Connected apps"), "plug", "console.connected_apps", "identity.admin", SETTINGS),
    NavItem("clients", lazy("Developer"), "key", "console.client_list", "identity.admin", SETTINGS),
    NavItem("webhooks", lazy("Webhooks"), "switch-horizontal", "console.webhook_list", "identity.webhooks", SETTINGS),
    NavItem("sso", lazy("Single sign-on"), "lock", "console.sso_settings", "identity.admin", SETTINGS),
    NavItem("scim", lazy("Provisioning"), "users", "console.provisioning", "identity.admin", SETTINGS),
    NavItem("erased", lazy("Erased people"), "trash", "console.erased_people", "identity.admin", SETTINGS),
    NavItem("audit", lazy("Audit log"), "history", "console.audit_log", "identity.audit", SETTINGS),
    NavItem("glass", lazy("Break-glass"), "lock", "console.break_glass", "identity.audit", SETTINGS),
    NavItem("plan", lazy("Plan and usage"), "chart-bar", "console.plan", "identity.admin", SETTINGS),
    NavItem("export", lazy("Export and close"), "download", "console.company_export", "identity.export", SETTINGS),
    NavItem(
        "operator",
        lazy("What runs"),
        "device-desktop",
        "console.operator",
        section=PLATFORM,
        for_operators=True,
    ),
    NavItem("tenants", lazy("Tenants"), "building", "console.operator_tenants", section=PLATFORM, for_operators=True),
    NavItem(
        "placements",
        lazy("Placements"),
        "columns",
        "console.operator_placements",
        section=PLATFORM,
        for_operators=True,
    ),
    NavItem("review", lazy("App review"), "checkbox", "console.operator_apps", section=PLATFORM, for_operators=True),
)


def navigation() -> list[NavItem]:
    session = g.get("console_session")
    operates = is_operator()
    return [
        item
        for item in NAVIGATION
        if session and (not item.scope or item.scope in session.scopes) and (operates or not item.for_operators)
    ]


def context() -> dict[str, object]:
    """Names that every template may use."""
    session = g.get("console_session")
    return {
        "session": session,
        "mailed_kinds": {"deals": "deal", "leads": "lead", "quotes": "quote"},
        "may": frozenset(session.scopes if session else ()).__contains__,
        "navigation": navigation,
        "csrf_token": csrf_token,
        "new_key": lambda: str(uuid.uuid4()),
        "here": request.full_path.rstrip("?"),
        "asked_again": asked_again,
        "locale": current_locale(),
        "locales": [(code, NAMES[code]) for code in LOCALES],
        "theme": theme(),
        "accent": accent_of(session.accent_color if session else "").slug,
        "asset_version": version(),
        "has_local_mail": services().local_mail is not None,
        "live_url": services().live_url if session else "",
        "script_words": script_words,
        "f": formats,
        "all_fields": all_fields,
        "all_columns": all_columns,
        "may_change": may_change,
        "frozen": frozen,
        "column_text": column_text,
        "kinds": KINDS,
        "section_of": section_of,
        "analysis_groups": GROUPS,
        "tabs_of": tabs_of,
        "refs": references,
        "amounts": amounts,
        "promises": support_values,
        "companies_of": lambda: services().identity.companies(session) if session else (),
    }


def theme() -> str:
    chosen = request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


def script_words() -> str:
    """Words that scripts put on the page, as JSON for a data block."""
    words = {
        "undo": gettext("Undo"),
        "close": gettext("Close"),
        "offline": gettext("No answer from the server. Check the connection and try again."),
        "failed": gettext("That did not work. Nothing was changed."),
        "selected": gettext("%(count)s selected"),
        "saveViewName": gettext("Name of the view"),
        "removeView": gettext("Remove this view"),
        "and": "AND",
        "copied": gettext("Copied"),
        "uploading": gettext("%(percent)s uploaded"),
        "live": gettext("Updated just now"),
        "moved": gettext("The deal is moved."),
    }
    return json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")


def asked_again(endpoint: str, **places: str) -> str:
    """Address of a view that is asked what this page was asked. `places` are its own, or replace what was asked."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in places]
    address = url_for(endpoint, **places)  # type: ignore[arg-type]
    return f"{address}{'&' if '?' in address else '?'}{urlencode(kept)}" if kept else address


def is_fragment() -> bool:
    return request.headers.get("HX-Request") == "true"


def refused(error: FuniaError) -> Response:
    """A refusal that no view has handled: a sentence for a fragment, a page for a page."""
    status = HTTP_STATUS[error.kind]
    if status == 401:
        from gateway.console.guard import turn_away

        return turn_away()
    if is_fragment():
        return toast_only(say(error), status)
    return error_response(status, say(error))


def http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400 and error.response is not None:
        return make_response(error.response)
    sentence = gettext("This is larger than allowed.") if status == 413 else ""
    if is_fragment():
        return toast_only(sentence or gettext("That did not work. Nothing was changed."), status)
    return error_response(status, sentence)


def crashed(error: Exception) -> Response:
    """A fault of ours: the log has the story, the person a page that says whose fault it is."""
    current_app.logger.exception("console: page %s failed", request.path, exc_info=error)
    if is_fragment():
        return toast_only(gettext("Something went wrong on our side. Nothing was saved."), 500)
    return error_response(500)


def error_response(status: int, sentence: str = "") -> Response:
    if status >= 500:
        current_app.logger.error("console: page %s answered %s", request.path, status)
    return make_response(render_template("console/error.html", **context(), status=status, sentence=sentence), status)


def toast_only(sentence: str, status: int = 200) -> Response:
    """Swaps nothing and shows a sentence in a corner."""
    return with_toast(Response(status=status, headers={"HX-Reswap": "none"}), sentence, failed=status >= 400)


def with_toast(response: Response, sentence: str, *, undo: str = "", failed: bool = False) -> Response:
    """Adds a toast, with an Undo button where there is an address that takes it back."""
    detail = {"sentence": sentence, "undo": undo, "failed": failed}
    response.headers["HX-Trigger"] = json.dumps({"funia:toast": detail}, ensure_ascii=True)
    return response
