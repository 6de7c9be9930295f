"""Settings of marketing."""

from __future__ import annotations

from chassis.settings import Settings


class MarketingProcessSettings(Settings):
    """Settings of marketing beside those of every process."""

    consent_request_valid_h: int = 168
    """Hours in which the link of a double opt-in can be confirmed."""
    personal_data_rows_max: int = 500
    """Rows of a table in the answer to what is held about a person; it says where there are more."""
