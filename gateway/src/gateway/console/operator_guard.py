"""Who may see the operator's pages: people whose confirmed e-mail stands in FUNIA_OPERATORS. Decided only here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import g
from werkzeug.exceptions import NotFound

from gateway.console.backend import services

P = ParamSpec("P")
R = TypeVar("R")


def is_operator() -> bool:
    """Whether the person of this request operates the platform."""
    session = g.get("console_session")
    # An address that nobody confirmed could be anybody's.
    return session is not None and session.email_confirmed and session.email.casefold() in services().operators


def operators_only(view: Callable[P, R]) -> Callable[P, R]:
    """A view for operators. To everybody else it does not exist."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if not is_operator():
            raise NotFound
        return view(*args, **kwargs)

    return guarded
