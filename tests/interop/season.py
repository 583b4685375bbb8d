"""All clients at once, straight to the house and through nginx, while one thing after the other
goes wrong: what each heard is judged afterwards.
"""

import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import httpx
from playwright.sync_api import Browser

from tests.faults import audience, logbook, oracle
from tests.faults.listeners import Notes
from tests.faults.oracle import Flaw
from tests.faults.record import Run, place_of
from tests.interop import environments, listening
from tests.interop.clients import CLIENTS, NGINX, STRAIGHT
from tests.interop.listening import Listening
from tests.journeys.house import House, open_house
from tests.journeys.proxy import Proxy, proxy_to
from tests.proxies.programs import proxy
from tests.servers import wait_until

LATE = 4
"""Seconds, much less than a heartbeat, within which everybody knows of an order in quiet times."""
ROOM = 50
"""Streams in each worker: enough for all, and soon full."""
_PATIENCE = 60
_RETRY_MS = "400"
_AT_ONCE = 8


class Season:
    """What happens, in the order in which it does. ``late`` are those who missed being prompt."""

    def __init__(self, house: House, direct: Proxy, listeners: list[Listening]) -> None:
        self.house, self.listeners = house, listeners
        self.late: list[str] = []
        self._direct = direct

    def pass_by(self) -> None:
        """All of it."""
        self._orders(1)
        self._all_know("at the beginning")
        self._quiet()
        self._workers_are_killed()
        self._workers_are_replaced()
        self._the_house_is_away()
        self._the_house_is_full()
        for one in self.listeners:
            one.notes.read_afresh()

    def flaws(self) -> list[Flaw]:
        """What is wrong with what anybody heard."""
        url = f"sqlite:///{self.house.server.home}/orderboard.db"
        records = [one.notes.record for one in self.listeners]
        return oracle.flaws(Run(logbook.read(url), self.house.address, records))

    def _quiet(self) -> None:
        for _ in range(3):
            self._orders(1)
            self.late += self._behind(LATE)

    def _workers_are_killed(self) -> None:
        for worker in self.house.server.workers():
            os.kill(worker, signal.SIGKILL)
            self._orders(4)
            self._all_know("after a worker was killed")

    def _workers_are_replaced(self) -> None:
        before = set(self.house.server.workers())
        self.house.server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: self._are_replaced(before), _PATIENCE, "new workers")
        self._all_know("after workers were replaced")

    def _are_replaced(self, before: set[int]) -> bool:
        self._orders(1)
        return not before & set(self.house.server.workers())

    def _the_house_is_away(self) -> None:
        self.house.server.stop()
        through = [one for one in self.listeners if one.way == NGINX]
        wait_until(lambda: all("away" in _ends(one) for one in through), _PATIENCE, "nginx's word")
        self.house.server.start("--with-parent", str(os.getpid()))
        self._orders(4)
        self._all_know("after a restart")

    def _the_house_is_full(self) -> None:
        straight = [one for one in self.listeners if one.way == STRAIGHT]
        with _crowd(self.house) as crowd:
            self._direct.refuse_streams()
            crowd.fill(2 * ROOM - (len(self.listeners) - len(straight)))
            self._direct.recover()
            self._orders(4)
            with suppress(AssertionError):
                wait_until(lambda: all("full" in _ends(one) for one in straight), _PATIENCE)
        not_refused = [one.name for one in straight if "full" not in one.ends]
        assert not not_refused, f"{not_refused} of {len(straight)}"
        self._orders(4)
        self._all_know("after they were refused")

    def _orders(self, count: int) -> None:
        for _ in range(count):
            self.house.move(self.house.place(), "processing")

    def _all_know(self, when: str) -> None:
        print(time.strftime("%T"), when, flush=True)
        behind = self._behind(_PATIENCE)
        assert not behind, f"{when}: {', '.join(behind)}"

    def _behind(self, seconds: float) -> list[str]:
        """Who does not know everything within some seconds, and how far each has come."""
        head = place_of(self.house.head())[1]
        with suppress(AssertionError):
            wait_until(lambda: all(one.reached >= head for one in self.listeners), seconds)
        return [
            f"{one.name} at {one.reached} of {head} {one.junk[-5:]}"
            for one in self.listeners
            if one.reached < head
        ]


class Crowd:
    """Strangers who take every seat that is left."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._sockets: list[socket.socket] = []

    def fill(self, seats: int) -> None:
        """Until as many seats are taken, whichever worker has them."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:

            def come() -> bool:
                list(pool.map(lambda _: self._is_let_in(), range(_AT_ONCE)))
                return len(self._sockets) >= seats

            wait_until(come, _PATIENCE, "a full house")

    def leave(self) -> None:
        """All go."""
        for one in self._sockets:
            one.close()

    def _is_let_in(self) -> bool:
        one = socket.create_connection(("127.0.0.1", self._house.server.port), timeout=10)
        head = ["GET /api/stream HTTP/1.1", "Host: localhost"]
        head += [f"{name}: {value}" for name, value in self._house.credentials.items()]
        one.sendall("\r\n".join([*head, "", ""]).encode())
        said = b""
        while b"\nevent: " not in said:
            said += one.recv(4096)
        if b"event: end" in said:
            one.close()
            return False
        self._sockets.append(one)
        return True


@contextmanager
def _crowd(house: House) -> Iterator[Crowd]:
    crowd = Crowd(house)
    try:
        yield crowd
    finally:
        crowd.leave()


@contextmanager
def season(folder: Path, browser: Browser) -> Iterator[Season]:
    """Everybody listens until the block ends."""
    with ThreadPoolExecutor(4) as pool:
        packages = [one.name for one in CLIENTS if one.program.endswith(".py")]
        list(pool.map(environments.python, ["node", *(p for p in packages if p != "curl")]))
    settings = {
        "ORDERBOARD_TRUSTED_PROXIES": "1",
        "ORDERBOARD_STREAM_RETRY_MS": _RETRY_MS,
        "ORDERBOARD_STREAM_LISTENERS": str(ROOM),
    }
    with ExitStack() as stack:
        house = stack.enter_context(open_house(folder / "home", 10, **settings))
        direct = stack.enter_context(proxy_to(house.server.port))
        nginx = stack.enter_context(proxy("nginx", folder / "nginx", house.server.port))
        house.staff.timeout = httpx.Timeout(_PATIENCE)  # there may be no worker for a while
        house.place()
        ports = {STRAIGHT: direct.port, NGINX: nginx.plain}
        yield Season(house, direct, list(_listeners(stack, house, browser, ports)))


def _listeners(
    stack: ExitStack, house: House, browser: Browser, ports: dict[str, int]
) -> Iterator[Listening]:
    reader, staff = audience.reader(house.server.key("read")), audience.board(house)
    for way, port in ports.items():
        for client in (one for one in CLIENTS if way in one.ways):
            who = reader if client.program else staff
            notes = Notes(f"{client.name} {way}", who, house.address)
            notes.read()
            address = f"http://127.0.0.1:{port}/api/stream?after={notes.record.last_id}"
            if client.program:
                yield stack.enter_context(listening.program(client, way, notes, address))
            else:
                opened = listening.in_page(browser, house, client, way, notes, address)
                yield stack.enter_context(opened)


def _ends(one: Listening) -> list[str]:
    one.look()
    return one.ends
