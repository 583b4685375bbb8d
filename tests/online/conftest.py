"""A provider for every test that wants one."""

from collections.abc import Iterator

import pytest

from tests.online.standin import StandIn, stand_in


@pytest.fixture
def house() -> Iterator[StandIn]:
    """What stands in for Stripe and Razorpay."""
    with stand_in() as known:
        yield known
