"""Settings of reports that are sent regularly, with their units and defaults."""

from __future__ import annotations

from chassis.settings import Settings


class ReportSettings(Settings):
    """How many schedules people may have, how large a mailed report may be, and how often a failed one is tried."""

    report_schedules_max: int = 30
    """Schedules of one person."""
    report_recipients_max: int = 20
    """People that one schedule is sent to."""
    report_mail_max_bytes: int = 5 * 1024 * 1024
    """Size of the file that is attached. A schedule whose report is larger is paused."""
    reports_look_every_s: float = 4.0
    """Seconds between two looks for reports that are due."""
    report_lease_s: float = 300.0
    """Seconds after which a run whose process died is made by another."""
    report_attempts_max: int = 6
    """How often a run is tried where services are away."""
    report_retry_s: float = 60.0
    """Seconds before the second try; doubled for each one after it."""
    report_runs_keep_days: int = 90
    """Days that ended runs are shown."""
