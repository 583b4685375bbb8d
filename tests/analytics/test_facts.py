"""What of an order counts, and how durations are kept."""

import pytest

from orderboard.analytics.facts import bucket_of, seconds_of


def test_what_stands_for_a_duration_is_less_than_two_percent_off() -> None:
    for power in range(1, 120):
        seconds = round(1.17**power)
        assert seconds_of(bucket_of(seconds)) == pytest.approx(seconds, rel=0.02)
    assert seconds_of(bucket_of(0)) == 0
