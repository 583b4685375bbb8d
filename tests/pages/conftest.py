"""A shop whose boards are opened in a real browser."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.pages.boards import Shop, shop
from tests.pages.scripted_stream import Script, serving
from tests.pages.shop import Shop as PublicShop
from tests.pages.shop import open_shop
from tests.servers import board_server


@pytest.fixture(scope="module")
def bakery(browser: Browser) -> Iterator[Shop]:
    """A running shop, empty when the first test of a module comes to it."""
    with (
        tempfile.TemporaryDirectory(prefix="ob", dir="/tmp") as folder,
        board_server(Path(folder) / "home", ORDERBOARD_STREAM_HEARTBEAT="2") as server,
        shop(server, browser) as running,
    ):
        yield running


@pytest.fixture
def context(bakery: Shop, browser: Browser) -> Iterator[BrowserContext]:
    """A browser of its own, signed in to the bakery."""
    with bakery.member(browser) as signed_in:
        yield signed_in


@pytest.fixture(scope="session")
def public_shop() -> Iterator[PublicShop]:
    """One shop for all tests of pages that show one order, or one driver's."""
    with (
        tempfile.TemporaryDirectory(prefix="ob", dir="/tmp") as folder,
        open_shop(Path(folder) / "home") as running,
    ):
        yield running


@pytest.fixture
def script() -> Script:
    """What an event stream does that misbehaves on command."""
    return Script()


@pytest.fixture
def address(script: Script) -> Iterator[str]:
    """Where a page is that follows it."""
    with serving(script) as url:
        yield url
