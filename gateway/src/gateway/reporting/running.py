"""Reports in the worker process. Channels and pages are made once the first report is due."""

from __future__ import annotations

import asyncio
import logging
from functools import cache

from chassis.errors import FuniaError
from chassis.process import Background

from gateway.accounts import ConsoleAccounts
from gateway.channels import open_channel
from gateway.composition import Identity
from gateway.console import ConsoleServices, Stubs
from gateway.console.report_files import ReportDesk
from gateway.identity.usecases.report_runs import ReportRuns
from gateway.reporting.sender import ReportSender

log = logging.getLogger(__name__)


def reports_running(identity: Identity) -> list[Background]:
    """The sender, and the clean-up of old runs; opens nothing yet."""
    settings = identity.settings

    @cache
    def desk() -> ReportDesk:
        stubs = Stubs.over(
            **{name: open_channel(settings, name) for name in ("contacts", "sales", "support", "analytics", "identity")}
        )
        return ReportDesk(
            ConsoleServices(
                identity=ConsoleAccounts(identity, address=lambda: ""),
                stubs=lambda: stubs,
                call_timeout_s=settings.call_deadline_s,
                call_patience_s=settings.call_patience_s,
            )
        )

    runs = ReportRuns(identity.database, identity.tokens, identity.post, settings)
    return [ReportSender(runs, desk, settings).run, lambda: _forget_for_ever(runs, settings.forget_every_s)]


async def _forget_for_ever(runs: ReportRuns, every_s: float) -> None:
    while True:
        try:
            await asyncio.to_thread(runs.forget_old)
        except FuniaError as error:
            log.warning("old runs of reports stay for now: %s", error)
        await asyncio.sleep(every_s)
