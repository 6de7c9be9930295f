"""Settings of approvals, with their units and defaults."""

from __future__ import annotations

from chassis.settings import Settings


class ApprovalSettings(Settings):
    """How long approvals wait, how many policies there may be, and how many people are mailed."""

    approval_policies_max: int = 50
    """Approval policies of a company."""
    approval_expires_after_hours: int = 720
    """Hours after which nobody can agree any more, where a step says nothing else."""
    approval_mails_max: int = 50
    """People mailed for one step of an approval. The others see it on their page of approvals."""
    approvals_look_every_s: float = 30.0
    """Seconds between two looks for approvals that escalate or expire."""
