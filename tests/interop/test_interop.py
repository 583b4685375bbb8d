"""Every client hears every event once and in order, as far as its own design lets it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.faults.record import Told
from tests.interop.clients import CLIENTS, Client, table
from tests.interop.season import Season, season
from tests.servers import ROOT

pytestmark = pytest.mark.timeout(300)
clients = pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)


@pytest.fixture(scope="module")
def passed(browser: Browser) -> Iterator[Season]:
    """A season that has passed."""
    with (
        tempfile.TemporaryDirectory(prefix="ob", dir="/tmp") as path,
        season(Path(path), browser) as opened,
    ):
        opened.pass_by()
        yield opened


@clients
def test_a_client_hears_each_event_once_and_in_order(passed: Season, client: Client) -> None:
    mine = [one for one in passed.listeners if one.client is client]
    assert [one.way for one in mine] == list(client.ways)
    names = {one.name for one in mine}
    found = [flaw for flaw in passed.flaws() if flaw.who in names]
    assert [str(flaw) for flaw in found if flaw.kind not in client.breaks] == []
    assert all(one.notes.record.count(Told) > 0 for one in mine)


@clients
def test_a_client_hears_an_event_when_it_happens(passed: Season, client: Client) -> None:
    assert [name for name in passed.late if name.startswith(f"{client.name} ")] == []


def test_the_docs_say_which_clients_were_tried_and_how(passed: Season) -> None:
    assert table() in (ROOT / "docs" / "watch-the-stream.md").read_text()
    assert {one.client.name for one in passed.listeners} == {client.name for client in CLIENTS}
