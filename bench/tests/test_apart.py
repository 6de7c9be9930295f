"""What is asked apart."""

import os

from bench.apart import apart


def test_who_asks_apart_is_a_session_of_its_own() -> None:
    session = apart(os.getsid, 0)
    assert session not in (0, os.getsid(0))
