"""Names of the people of the company, kept for half a minute so that a list does not ask for them on every page."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from chassis.errors import FuniaError
from flask import g
from funia.identity.v1.tenant_pb2 import ListUsersRequest

from gateway.console.backend import allowed, call, session, stubs

KEEP_S = 30.0
TENANTS_MAX = 1000
USERS_MAX = 1000
PAGE_SIZE = 200


@dataclass(slots=True)
class Directory:
    """A bounded cache of names by tenant; the oldest entry goes first."""

    entries: dict[str, tuple[float, dict[str, str]]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def find(self, tenant_id: str) -> dict[str, str] | None:
        with self.lock:
            entry = self.entries.get(tenant_id)
            return entry[1] if entry and entry[0] > time.monotonic() else None

    def keep(self, tenant_id: str, names: dict[str, str]) -> None:
        with self.lock:
            if len(self.entries) >= TENANTS_MAX:
                self.entries.pop(next(iter(self.entries)))
            self.entries[tenant_id] = (time.monotonic() + KEEP_S, names)

    def forget(self, tenant_id: str) -> None:
        with self.lock:
            self.entries.pop(tenant_id, None)


DIRECTORY = Directory()


def colleagues() -> dict[str, str]:
    """Full names by user id, the caller's own among them; only the caller where the rest may not be seen."""
    found = getattr(g, "console_colleagues", None)
    if found is None:
        found = g.console_colleagues = load()
    return dict(found)


def colleagues_now() -> dict[str, str]:
    """As `colleagues`, asked anew: to choose among them, also who joined a moment ago."""
    DIRECTORY.forget(session().tenant_id)
    g.pop("console_colleagues", None)
    return colleagues()


def load() -> dict[str, str]:
    me = {session().user_id: session().user_name}
    if not allowed("identity.read"):
        return me
    kept = DIRECTORY.find(session().tenant_id)
    if kept is not None:
        return kept
    names = dict(me)
    token = ""
    try:
        while len(names) < USERS_MAX:
            answer = call(stubs().tenant.ListUsers, ListUsersRequest(page_size=PAGE_SIZE, page_token=token))
            names.update((user.id, user.full_name or user.email) for user in answer.users)
            token = answer.next_page_token
            if not token:
                break
    except FuniaError:
        return me
    DIRECTORY.keep(session().tenant_id, names)
    return names
