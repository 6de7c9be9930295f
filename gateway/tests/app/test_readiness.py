"""The gateway is ready while it can serve something: one service away takes nothing else out."""

from __future__ import annotations

import pytest
from chassis.errors import Unavailable
from flask import Flask
from gateway.health import health_blueprint

AWAY = "UNAVAILABLE"


def answer(away: dict[str, str], *, database: bool = True, path: str = "/readyz") -> tuple[int, str, dict[str, str]]:
    def ping() -> None:
        if not database:
            raise Unavailable("The database is away.")

    app = Flask("health")
    app.register_blueprint(health_blueprint(ping, lambda: away, service_count=2))
    response = app.test_client().get(path)
    body = response.get_json()
    return response.status_code, body["status"], body["failures"]


@pytest.mark.parametrize(
    ("away", "database", "status", "said"),
    [
        ({}, True, 200, "ready"),
        ({"analytics": AWAY}, True, 200, "degraded"),
        ({"analytics": AWAY, "contacts": AWAY}, True, 503, "not ready"),
        ({}, False, 503, "not ready"),
    ],
)
def test_what_is_away_is_named_and_decides_only_where_nothing_can_be_served(
    away: dict[str, str], database: bool, status: int, said: str
) -> None:
    failures = away | ({} if database else {"database": "The database is away."})
    assert answer(away, database=database) == (status, said, failures)


def test_who_asks_for_all_parts_is_told_of_each() -> None:
    assert answer({}, path="/readyz?parts=all")[0] == 200
    assert answer({"analytics": AWAY}, path="/readyz?parts=all") == (503, "degraded", {"analytics": AWAY})
