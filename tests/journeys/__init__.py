"""What people do, from end to end, with nothing put in any part's place."""

import pytest

pytest.register_assert_rewrite(
    "tests.journeys.clerks", "tests.journeys.house", "tests.journeys.views"
)
