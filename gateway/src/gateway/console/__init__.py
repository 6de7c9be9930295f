"""The web console: server-rendered pages over the same gRPC methods that the public API offers.

It keeps no state of its own and calls every service with the person's own token.
"""

from gateway.console.blueprint import console_blueprint, error_page
from gateway.console.ports import (
    SESSION_COOKIE,
    Company,
    CompanyChoice,
    ConsoleServices,
    Identity,
    Session,
    SignedIn,
    Stubs,
)

__all__ = [
    "SESSION_COOKIE",
    "Company",
    "CompanyChoice",
    "ConsoleServices",
    "Identity",
    "Session",
    "SignedIn",
    "Stubs",
    "console_blueprint",
    "error_page",
]
