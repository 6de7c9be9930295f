"""Whether a message may go out: the rules alone."""

from __future__ import annotations

import pytest
from marketing.usecases.decision import Standing, decide

GRANTED, WITHDRAWN, PENDING = Standing(status="granted"), Standing(status="withdrawn"), Standing(status="pending")


@pytest.mark.parametrize(
    ("basis", "standing", "allowed", "reason"),
    [
        ("consent", Standing(), False, "NO_CONSENT"),
        ("consent", GRANTED, True, "CONSENT_GIVEN"),
        ("consent", PENDING, False, "NOT_CONFIRMED"),
        ("consent", Standing(status="expired"), False, "NOT_CONFIRMED"),
        ("consent", WITHDRAWN, False, "WITHDRAWN"),
        ("consent", Standing(known=False, status="granted"), False, "CONTACT_UNKNOWN"),
        ("consent", Standing(do_not_contact=True, status="granted"), False, "DO_NOT_CONTACT"),
        ("consent", Standing(status="granted", suppressed="complaint"), False, "ADDRESS_SUPPRESSED"),
        ("consent", Standing(status="granted", suppressed="hard_bounce"), False, "ADDRESS_BOUNCES"),
        ("legitimate_interest", Standing(), True, "LEGITIMATE_INTEREST"),
        ("legitimate_interest", WITHDRAWN, False, "WITHDRAWN"),
        ("legitimate_interest", Standing(do_not_contact=True), False, "DO_NOT_CONTACT"),
        ("contract", Standing(do_not_contact=True, status="withdrawn"), True, "SERVICE_MESSAGE"),
        ("legal_obligation", Standing(suppressed="complaint"), True, "SERVICE_MESSAGE"),
        ("legal_obligation", Standing(suppressed="hard_bounce"), False, "ADDRESS_BOUNCES"),
        ("contract", Standing(known=False), False, "CONTACT_UNKNOWN"),
    ],
)
def test_a_message_goes_out_by_law_and_by_what_was_said(
    basis: str, standing: Standing, allowed: bool, reason: str
) -> None:
    found = decide(basis, standing)
    assert (found.allowed, found.reason) == (allowed, reason)
