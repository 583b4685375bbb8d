"""Everybody who listens in a run: three kinds of clients, and an audience of every kind."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from orderboard.audiences import KINDS
from tests.faults import audience
from tests.faults.audience import Audience
from tests.faults.listeners import Notes, node_listeners, python_listener
from tests.faults.network import Network
from tests.faults.pages import Opened, open_pages
from tests.faults.record import Record, place_of
from tests.journeys.house import House
from tests.postgres import Postgres
from tests.servers import wait_until

SETTLING = 45
"""Seconds within which everybody has caught up when nothing goes wrong any more."""
FOLLOWED = 4
_TYPES = [*KINDS.names("board"), "heartbeat", "reset"]


@dataclass(frozen=True, slots=True)
class Tools:
    """What every run needs: a browser, what npm installed, a PostgreSQL cluster to be troubled."""

    browser: Browser
    eventsource: Path
    cluster: Postgres


class Cast:
    """They watch orders that are there from the start, and whatever comes.

    ``followed`` are orders that clerks go on changing; ``quiet`` is one that nobody touches, whose
    customer must hear nothing.
    """

    def __init__(self, house: House) -> None:
        self.house = house
        self.drivers = [house.driver(name) for name in ("Dora", "Diego")]
        self.followed = [house.place(customer=f"Followed {n}") for n in range(FOLLOWED)]
        self.quiet = house.place(customer="Left alone")
        for order, driver in zip(self.followed, self.drivers, strict=False):
            house.give(order, driver)
        self.board = audience.board(house)
        self._reader = audience.reader(house.server.key("read"))
        self._notes: list[Notes] = []
        self._pages: list[Opened] = []

    def open(self, stack: ExitStack, networks: Mapping[str, Network], tools: Tools) -> None:
        """Have all of them listen until the stack is closed; nothing may happen meanwhile."""
        first, second, third, *_ = (audience.customer(order) for order in self.followed)
        drivers = [audience.driver(self.house, who) for who in self.drivers]
        watching = (self.board, first, drivers[0])
        pages = open_pages(tools.browser, self.house, networks["pages"].port, *watching)
        self._pages = stack.enter_context(pages)
        for one in (self.board, self._reader, first, second, *drivers):
            self._listen_in_python(stack, one, networks["scripts"])
        self._listen_in_python(stack, audience.customer(self.quiet), networks["scripts"])
        notes = [self._note("Node", one) for one in (self.board, self._reader, third, drivers[1])]
        for note in notes:
            note.read()
        port = networks["node"].port
        stack.enter_context(node_listeners(tools.eventsource, notes, port, _TYPES))

    def join(self, stack: ExitStack, networks: Mapping[str, Network]) -> None:
        """Two more come while everything goes wrong."""
        for one in (self.board, audience.customer(self.followed[3])):
            self._listen_in_python(stack, one, networks["scripts"], late=True)

    def settle(self, head: str) -> None:
        """Wait until everybody knows everything, and note what a snapshot shows now."""
        position = place_of(head)[1]
        for one in self._notes:
            wait_until(
                lambda one=one: one.record.reached >= position,  # type: ignore[misc]
                SETTLING,
                f"{one.record.name} at {head}, not {one.record.last_id}",
            )
            one.read_afresh()
        for page in self._pages:
            page.settle(head)

    def records(self) -> list[Record]:
        """What everybody has written down."""
        seen = [page.record(self.house.address) for page in self._pages]
        return [*seen, *(one.record for one in self._notes)]

    def _listen_in_python(
        self, stack: ExitStack, who: Audience, network: Network, late: bool = False
    ) -> None:
        notes = self._note("late httpx-sse" if late else "httpx-sse", who)
        if not late:
            notes.read()
        stack.enter_context(python_listener(notes, network.port, late))

    def _note(self, kind: str, who: Audience) -> Notes:
        notes = Notes(f"{kind} {who.name}", who, self.house.address)
        self._notes.append(notes)
        return notes
