"""Methods of my day. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import models
from funia_sdk.transport import Operation, Sent, Transport

_GET = Operation("my_day.get", "GET", "/v1/my-day")


class MyDayApi:
    """A task, a meeting, a call or a note: the methods."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, *, day: str | None = None, timeout_s: float | None = None) -> models.MyDay:
        """What the caller has to do: what is overdue, what stands on a day, and what has no time.

        day: Day at the company's place; today where not given.
        """
        return self._transport.call(_GET, models.MyDay, {}, Sent(query={"day": day}, timeout_s=timeout_s))
