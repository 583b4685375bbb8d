"""Each client at work: a program, or a page in a browser, and what it has heard so far."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.faults.listeners import Notes
from tests.interop import environments
from tests.interop.clients import Client
from tests.journeys.house import House

_PROGRAMS = Path(__file__).with_name("programs")
_LISTEN = """
([path, types]) => {
  window.told = [];
  const source = new EventSource(path);
  for (const type of types) {
    source.addEventListener(type, ({ lastEventId: id, data }) => told.push({ type, id, data }));
  }
}
"""
_TYPES = ["order.created", "order.updated", "order.cancelled", "heartbeat", "reset", "end"]


class Listening:
    """``notes`` are what it applied; ``ends`` the reasons it was told for the ends of streams."""

    def __init__(self, client: Client, way: str, notes: Notes) -> None:
        self.client, self.way, self.notes = client, way, notes
        self.name = notes.record.name
        self.ends: list[str] = []
        self.junk: list[str] = []

    @property
    def reached(self) -> int:
        """The newest position it was told of."""
        self.look()
        return self.notes.record.reached

    def look(self) -> None:
        """Take in what has been heard. Programs tell it by themselves."""

    def hear(self, told: dict[str, Any]) -> None:
        """Take in one event."""
        if told["type"] == "end":
            self.ends.append(json.loads(told["data"])["reason"])
        else:
            self.notes.hear(told["type"], told["id"], told["data"])


class Program(Listening):
    """One that runs in a process of its own, and prints what it hears."""

    def __init__(self, client: Client, way: str, notes: Notes, address: str) -> None:
        super().__init__(client, way, notes)
        self.process = subprocess.Popen(
            [*_command(client), json.dumps([address, notes.audience.headers])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"MODULES": str(environments.modules())},
        )
        self._thread = threading.Thread(target=self._read, name=self.name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.kill()
        self.process.wait()
        self._thread.join(5)
        self.process.stdout.close()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            try:
                told = json.loads(line)
                self.hear(told)
            except (ValueError, TypeError, KeyError):
                self.junk.append(line)


class InPage(Listening):
    """The browser's own, in a page of the site."""

    def __init__(self, client: Client, way: str, notes: Notes, page: Page, path: str) -> None:
        super().__init__(client, way, notes)
        self._page = page
        page.evaluate(_LISTEN, [path, _TYPES])

    def look(self) -> None:
        """Take in what the page has heard since the last look."""
        for told in self._page.evaluate("told.splice(0)"):
            self.hear(told)


@contextmanager
def program(client: Client, way: str, notes: Notes, address: str) -> Iterator[Program]:
    """A program until the block ends; ``address``: of the stream."""
    running = Program(client, way, notes, address)
    try:
        yield running
    finally:
        running.stop()


@contextmanager
def in_page(
    browser: Browser, house: House, client: Client, way: str, notes: Notes, address: str
) -> Iterator[InPage]:
    """A page until the block ends, in which staff are signed in."""
    site, _, path = address.partition("/api/")
    context = browser.new_context(storage_state=house.signed_in())  # type: ignore[arg-type]
    try:
        page = context.new_page()
        page.goto(f"{site}/api/docs")
        yield InPage(client, way, notes, page, f"/api/{path}")
    finally:
        context.close()


def _command(client: Client) -> list[str]:
    file = str(_PROGRAMS / client.program)
    if file.endswith(".mjs"):
        return [str(environments.node()), file]
    if client.name == "curl":
        return [sys.executable, "-u", file]
    return [str(environments.python(client.name)), "-u", file]
