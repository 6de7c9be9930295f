"""Methods of goal progress. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import models
from funia_sdk.transport import Operation, Sent, Transport

_LIST = Operation("goal_progress.list", "GET", "/v1/goal-progress")


class GoalProgressApi:
    """What somebody is to reach in a month or a quarter: the methods."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, day: str | None = None, timeout_s: float | None = None) -> models.ListGoalProgressResponse:
        """How far the goals are that run on a day: those of the caller, of whom the caller sees, and of the
        company.

        day: Day; today where not given.
        """
        return self._transport.call(
            _LIST, models.ListGoalProgressResponse, {}, Sent(query={"day": day}, timeout_s=timeout_s)
        )
