"""Settings of marketing."""

from __future__ import annotations

from chassis.settings import Settings


class MarketingProcessSettings(Settings):
    """Settings of marketing beside those of every process."""

    consent_request_valid_h: int = 168
    """Hours in which the link of a double opt-in can be confirmed."""
