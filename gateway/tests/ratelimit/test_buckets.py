"""The arithmetic of a token bucket, by a clock that the test moves."""

from __future__ import annotations

from gateway.ratelimit.buckets import Bucket, Quota
from hypothesis import given
from hypothesis import strategies as st

QUOTA = Quota("company", 10.0, 50)


def spend(bucket: Bucket, now: float) -> bool:
    """Takes one request where it fits."""
    fits = bucket.wait_s(now, 1) <= 0
    if fits:
        bucket.take(now, 1)
    return fits


def test_a_full_bucket_gives_its_burst_and_then_its_rate() -> None:
    bucket = Bucket("k", QUOTA)
    assert sum(spend(bucket, 100.0) for _ in range(80)) == 50
    assert bucket.left(100.0) == 0
    assert round(bucket.wait_s(100.0, 1), 3) == 0.1
    assert sum(spend(bucket, 101.0) for _ in range(80)) == 10


def test_a_bucket_says_what_is_left_and_when_it_is_full_again() -> None:
    bucket = Bucket("k", QUOTA)
    for _ in range(20):
        bucket.take(100.0, 1)
    assert (bucket.left(100.0), bucket.full_in_s(100.0)) == (30, 2)
    assert (bucket.left(101.0), bucket.full_in_s(101.0)) == (40, 1)
    assert (bucket.left(500.0), bucket.full_in_s(500.0)) == (50, 0)
    assert QUOTA.policy == '"company";q=50;w=5'


def test_the_debt_of_what_others_used_is_over_in_bounded_time() -> None:
    bucket = Bucket("k", QUOTA)
    bucket.debit(100.0, 1_000_000)
    assert not spend(bucket, 105.0)
    assert spend(bucket, 105.2)


@given(
    gaps=st.lists(st.floats(0, 3), min_size=1, max_size=200),
    per_s=st.sampled_from([1.0, 7.0, 50.0]),
    burst=st.integers(1, 40),
)
def test_no_rhythm_of_requests_gets_more_than_burst_and_rate(gaps: list[float], per_s: float, burst: int) -> None:
    bucket = Bucket("k", Quota("company", per_s, burst))
    now, given_at = 1000.0, []
    for gap in gaps:
        now += gap
        if spend(bucket, now):
            given_at.append(now)
        assert 0 <= bucket.left(now) <= burst
    for first, start in enumerate(given_at):
        for last in range(first, len(given_at)):
            assert last - first + 1 <= burst + per_s * (given_at[last] - start) + 1e-3
    # And nobody is refused who keeps to the rate.
    now += burst / per_s
    assert all(spend(bucket, now + 1.001 * step / per_s) for step in range(20))
