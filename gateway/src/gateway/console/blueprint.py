"""Puts the console together: routes, templates, the guard before every view and the headers after it."""

from __future__ import annotations

from urllib.parse import urlsplit

from chassis.errors import FuniaError
from flask import Blueprint, Response, request
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import HTTPException

from gateway.console import guard, page
from gateway.console.backend import EXTENSION
from gateway.console.i18n import LOCALES, gettext, ngettext, translations
from gateway.console.ports import ConsoleServices
from gateway.console.views import (
    access,
    account,
    activity,
    acts,
    analysis,
    analysis_baskets,
    analysis_models,
    analysis_records,
    approval_policies,
    approvals,
    assets,
    audit,
    break_glass,
    calendar_feed,
    calendars,
    colleagues,
    company_export,
    company_log_in,
    company_people,
    connected_apps,
    consent_page,
    custom_fields,
    customer_sales,
    dashboards,
    deals,
    developer,
    documents,
    entry,
    erased_people,
    erasing,
    exports,
    home,
    imports,
    invitations,
    links,
    local_mail,
    loyalty,
    mails,
    merge,
    my_day,
    operator,
    operator_apps,
    operator_placements,
    operator_plans,
    operator_tenants,
    order_cards,
    order_money,
    palette,
    picking,
    plan,
    playbook,
    pos,
    preferences,
    provisioning,
    quote_page,
    record_lines,
    record_shares,
    records,
    report,
    report_schedules,
    roles,
    sales_imports,
    sales_pages,
    sales_reports,
    selling,
    settings,
    sharing_rules,
    sso,
    stock,
    teams,
    ticket_changes,
    tickets,
    till,
    timeline,
    webhooks,
)

VIEWS = (
    access,
    account,
    activity,
    acts,
    analysis,
    analysis_baskets,
    analysis_models,
    analysis_records,
    approval_policies,
    approvals,
    assets,
    audit,
    break_glass,
    calendar_feed,
    calendars,
    colleagues,
    company_export,
    company_log_in,
    company_people,
    connected_apps,
    consent_page,
    custom_fields,
    customer_sales,
    dashboards,
    deals,
    developer,
    documents,
    entry,
    erased_people,
    erasing,
    exports,
    home,
    imports,
    invitations,
    links,
    local_mail,
    loyalty,
    mails,
    merge,
    my_day,
    operator,
    operator_apps,
    operator_placements,
    operator_plans,
    operator_tenants,
    order_cards,
    order_money,
    palette,
    picking,
    plan,
    playbook,
    pos,
    preferences,
    provisioning,
    quote_page,
    record_lines,
    record_shares,
    records,
    report,
    report_schedules,
    roles,
    sales_imports,
    sales_pages,
    sales_reports,
    selling,
    settings,
    sharing_rules,
    sso,
    stock,
    teams,
    ticket_changes,
    tickets,
    till,
    timeline,
    webhooks,
)


def console_blueprint(services: ConsoleServices) -> Blueprint:
    """The console at the root of the site. The app must have no static folder of its own: ours is /static."""
    blueprint = Blueprint("console", __name__, template_folder="templates")
    for locale in LOCALES:
        translations(locale)

    def prepare(state: BlueprintSetupState) -> None:
        app = state.app
        app.extensions[EXTENSION] = services
        app.jinja_env.add_extension("jinja2.ext.i18n")
        app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=False)  # type: ignore[attr-defined]
        app.jinja_env.trim_blocks = True
        app.jinja_env.lstrip_blocks = True

    blueprint.record_once(prepare)
    blueprint.before_request(guard.enter)
    blueprint.context_processor(page.context)
    blueprint.register_error_handler(FuniaError, page.refused)
    blueprint.register_error_handler(HTTPException, page.http_error)
    blueprint.register_error_handler(Exception, page.crashed)
    for view in VIEWS:
        view.add(blueprint)

    @blueprint.after_request
    def protect(response: Response) -> Response:
        return guard.protect(response, origin_of(services.live_url))

    return blueprint


def error_page(status: int) -> Response:
    """An error page of the console, for addresses that belong to nobody; the app registers it for 404 and 500."""
    guard.know_session()
    response = page.error_response(status)
    return guard.protect(response, "")


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def is_console_request() -> bool:
    """True where the answer to a failure should be a page and not a problem document."""
    return not request.path.startswith(("/v1/", "/oauth/", "/.well-known/")) and "text/html" in (
        request.headers.get("Accept", "")
    )
