"""Settings of support."""

from __future__ import annotations

from chassis.settings import Settings


class SupportSettings(Settings):
    """Settings of support beside those of every process."""

    ticket_close_after_days: int = 7
    """How long a customer's word opens a solved ticket again; then it closes, and a word begins a new one."""
    personal_data_rows_max: int = 500
    """Rows of a table in the answer to what is held about a person; it says where there are more."""
