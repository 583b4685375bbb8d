"""A house behind each of the proxies, and a browser that knows the site by its name."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browsers import chromium
from tests.journeys.house import House, open_house
from tests.proxies.clients import VERSIONS, Stream, stream
from tests.proxies.programs import PROGRAMS, SITE, Proxy, proxy
from tests.servers import board_server

INTAKE_LIMIT = 6
"""Orders a minute of one address."""
SLOWEST = "15"
"""Seconds between heartbeats, at most, whatever is set."""


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """``orderboard run``, which trusts the one proxy in front of it."""
    limit = str(INTAKE_LIMIT)
    with (
        tempfile.TemporaryDirectory(prefix="ob", dir="/tmp") as path,
        open_house(
            Path(path) / "home", ORDERBOARD_TRUSTED_PROXIES="1", ORDERBOARD_INTAKE_LIMIT=limit
        ) as opened,
    ):
        yield opened


@pytest.fixture(scope="module")
def proxies(house: House) -> Iterator[dict[str, Proxy]]:
    """All of them, by their names."""
    with ExitStack() as stack:
        yield _all_proxies(stack, house)


@pytest.fixture(scope="module", autouse=True)
def quiet() -> Iterator[list[Stream]]:
    """Streams through all of them, of a house in which nothing happens."""
    with (
        tempfile.TemporaryDirectory(prefix="ob", dir="/tmp") as path,
        board_server(Path(path) / "home", ORDERBOARD_STREAM_HEARTBEAT=SLOWEST) as server,
        ExitStack() as stack,
    ):
        house = House(server)
        stack.enter_context(house.staff)
        yield [
            stack.enter_context(stream(one, "/api/stream", house.credentials, version))
            for one in _all_proxies(stack, house).values()
            for version in VERSIONS
        ]


@pytest.fixture(params=list(PROGRAMS))
def through(request: pytest.FixtureRequest, proxies: dict[str, Proxy]) -> Proxy:
    """One proxy after the other."""
    return proxies[request.param]


@pytest.fixture(scope="module")
def visitor() -> Iterator[Browser]:
    """Chromium that finds the site here. Its name is not this machine's, so that a browser takes
    plain http for as little trustworthy as it is anywhere.
    """
    with chromium(f"--host-resolver-rules=MAP {SITE} 127.0.0.1") as started:
        yield started


def _all_proxies(stack: ExitStack, house: House) -> dict[str, Proxy]:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ob", dir="/tmp")))
    port = house.server.port
    return {name: stack.enter_context(proxy(name, folder / name, port)) for name in PROGRAMS}
