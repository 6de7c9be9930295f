"""What a person likes: language, light or dark, and the columns of the lists. Kept in cookies of their browser."""

from __future__ import annotations

from flask import Blueprint, Response, g, request, url_for

from gateway.console.backend import services, session
from gateway.console.fields import Column
from gateway.console.guard import go, open_to_all, safe_next
from gateway.console.i18n import LOCALE_COOKIE, LOCALES
from gateway.console.kind import Kind
from gateway.console.kinds import KINDS, PLURALS, all_columns
from gateway.console.page import THEME_COOKIE, THEMES
from gateway.console.ports import SESSION_COOKIE

KEEP_S = 365 * 24 * 3600


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/preferences/language", "set_language", set_language, methods=["POST"])
    blueprint.add_url_rule("/preferences/theme", "set_theme", set_theme, methods=["POST"])
    blueprint.add_url_rule(
        f"/preferences/<any({PLURALS}):plural>/columns", "set_columns", set_columns, methods=["POST"]
    )


@open_to_all
def set_language() -> Response:
    response = go(safe_next(request.form.get("next", "/")))
    chosen = request.form.get("locale", "")
    if chosen in LOCALES:
        response.set_cookie(LOCALE_COOKIE, chosen, max_age=KEEP_S, samesite="Lax", httponly=True)
        if g.console_session is not None:
            services().identity.set_locale(request.cookies.get(SESSION_COOKIE, ""), chosen)
    return response


@open_to_all
def set_theme() -> Response:
    response = go(safe_next(request.form.get("next", "/")))
    chosen = request.form.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(THEME_COOKIE, chosen, max_age=KEEP_S, samesite="Lax", httponly=True)
    else:
        response.delete_cookie(THEME_COOKIE)
    return response


def set_columns(plural: str) -> Response:
    known = {column.name for column in all_columns(KINDS[plural])}
    chosen = [name for name in request.form.getlist("column") if name in known]
    response = go(safe_next(request.form.get("next", "") or url_for("console.record_list", plural=plural)))
    response.set_cookie(columns_cookie(plural), "~".join(chosen), max_age=KEEP_S, samesite="Lax", httponly=True)
    return response


def chosen_columns(kind: Kind) -> list[Column]:
    """Columns of the list in the person's order, or the usual ones."""
    by_name = {column.name: column for column in all_columns(kind)}
    names = request.cookies.get(columns_cookie(kind.plural), "").split("~")
    chosen = [by_name[name] for name in names if name in by_name]
    return chosen or [column for column in all_columns(kind) if column.default]


def columns_cookie(plural: str) -> str:
    return f"funia_columns_{plural}_{session().user_id[-8:]}"
