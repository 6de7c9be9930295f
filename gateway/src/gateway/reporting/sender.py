"""Makes the reports that are due and has them mailed: each run with the rights that its owner has at that moment.

Reports are made outside of any transaction, and settled in one. A process that dies in between leaves a run that is
made again once its lease is over, and nothing was mailed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from chassis.errors import FuniaError, Kind
from chassis.work import Row
from prometheus_client import Counter

from gateway.console.ports import Session
from gateway.identity.letters import Attachment
from gateway.identity.usecases.report_runs import Claimed, ReportRuns
from gateway.settings import GatewaySettings

log = logging.getLogger(__name__)

RUNS = Counter("funia_report_runs_total", "Runs of reports that are sent regularly, by outcome.", ["outcome"])
_AT_ONCE = 20
_REFUSALS = frozenset({Kind.INVALID_ARGUMENT, Kind.PERMISSION_DENIED, Kind.NOT_FOUND, Kind.FAILED_PRECONDITION})
"""Errors that say that the report cannot be made as it is asked for; another try may not meet any other."""


class ReportFiles(Protocol):
    """Makes the file of a report's page for a person. Raises FuniaError, NotFound where there is no such report."""

    def __call__(self, session: Session, report: str, form: str) -> Attachment: ...

    def holds(self, session: Session, condition: Mapping[str, Any]) -> bool:
        """Whether a figure lies on the side of the value that an alert waits for."""


class ReportSender:
    """Runs in the worker until cancelled; any number may run. `files` is called once something is due."""

    def __init__(self, runs: ReportRuns, files: Callable[[], ReportFiles], settings: GatewaySettings) -> None:
        self._runs = runs
        self._files = files
        self._settings = settings

    async def run(self) -> None:
        """Looks for what is due, now and every `reports_look_every_s`."""
        while True:
            try:
                await asyncio.to_thread(self.send_due)
            except FuniaError as error:
                log.warning("reports are sent later: %s", error)
            await asyncio.sleep(self._settings.reports_look_every_s)

    def send_due(self) -> int:
        """Tries each run that is due once, a batch at most; returns how many."""
        self._runs.begin_due(limit=_AT_ONCE)
        due = self._runs.waiting(limit=_AT_ONCE)
        for one in due:
            claimed = self._runs.claim(one.tenant_id, one.schedule_id, one.due_at)
            if claimed is not None:
                self._send(claimed)
        return len(due)

    def _send(self, claimed: Claimed) -> None:
        schedule = claimed.schedule
        try:
            session = session_of(claimed)
            if claimed.is_alert:
                holds = self._files().holds(session, schedule.condition)
                if self._runs.stays_quiet(claimed, holds=holds):
                    RUNS.labels("quiet").inc()
                    return
            file = self._files()(session, schedule.report, schedule.format)
        except FuniaError as error:
            if error.kind in _REFUSALS:
                RUNS.labels("paused").inc()
                log.warning("a report is paused: %s", error.reason)
                self._runs.pause(claimed, "REPORT_REFUSED")
            else:
                RUNS.labels("postponed").inc()
                log.warning("a report is sent later: %s", error.reason)
                self._runs.postpone(claimed, error.reason)
            return
        except Exception:
            # One report that breaks must not keep the others back.
            RUNS.labels("postponed").inc()
            log.exception("a report broke")
            self._runs.postpone(claimed, "INTERNAL")
            return
        if len(file.content) > self._settings.report_mail_max_bytes:
            RUNS.labels("paused").inc()
            self._runs.pause(claimed, "TOO_LARGE")
            return
        self._runs.settle(claimed, file)
        RUNS.labels("sent").inc()


def session_of(claimed: Claimed) -> Session:
    """The owner at work, as the console's pages see people. There is no cookie to it, and no form it could send."""
    member: Row = claimed.member
    schedule: Row = claimed.schedule
    return Session(
        user_id=str(member.user_id),
        user_name=member.full_name,
        email=member.email,
        tenant_id=str(member.tenant_id),
        tenant_name=member.tenant_name,
        tenant_slug=member.tenant_slug,
        role=member.role,
        scopes=claimed.role.scopes,
        fields=claimed.role.fields,
        locale=member.locale,
        access_token=claimed.token,
        csrf_token="",
        time_zone=schedule.time_zone,
        country_code=member.country_code,
        currency_code=member.currency_code,
    )
