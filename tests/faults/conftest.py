"""What storms need."""

import pytest
from playwright.sync_api import Browser

from tests.faults import npm
from tests.faults.cast import Tools
from tests.postgres import Postgres


@pytest.fixture(scope="session")
def tools(browser: Browser, cluster: Postgres) -> Tools:
    """A browser, the client that npm brings, a cluster."""
    return Tools(browser, npm.eventsource(), cluster)
