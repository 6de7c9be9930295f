"""Whether a message may go out. Pure: the rules of law and of the company, without a database."""

from __future__ import annotations

from dataclasses import dataclass

SERVICE = frozenset({"contract", "legal_obligation"})
"""Bases of messages that people cannot object to, such as a receipt or a recall."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a person and an address. `status` is what was said last, `suppressed` why nothing is sent."""

    known: bool = True
    do_not_contact: bool = False
    status: str = ""
    suppressed: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether it may, and why, as the API says it."""

    allowed: bool
    reason: str


def decide(lawful_basis: str, standing: Standing) -> Decision:
    """What holds. The first refusal counts; an address that does not exist refuses even what must be told."""
    refusal = _refusal(standing, service=lawful_basis in SERVICE)
    if refusal:
        return Decision(False, refusal)
    if lawful_basis in SERVICE:
        return Decision(True, "SERVICE_MESSAGE")
    if standing.status == "granted":
        return Decision(True, "CONSENT_GIVEN")
    if lawful_basis == "legitimate_interest":
        return Decision(True, "LEGITIMATE_INTEREST")
    return Decision(False, "NOT_CONFIRMED" if standing.status in {"pending", "expired"} else "NO_CONSENT")


def _refusal(standing: Standing, *, service: bool) -> str:
    if not standing.known:
        return "CONTACT_UNKNOWN"
    if standing.suppressed == "hard_bounce":
        return "ADDRESS_BOUNCES"
    if service:
        return ""
    if standing.do_not_contact:
        return "DO_NOT_CONTACT"
    if standing.suppressed:
        return "ADDRESS_SUPPRESSED"
    return "WITHDRAWN" if standing.status == "withdrawn" else ""
