"""What a house may not leave behind: connections, descriptors, streams, processes."""

import re
from collections import Counter
from contextlib import suppress
from pathlib import Path

import httpx

from tests.journeys.house import House
from tests.processes import Process, processes
from tests.servers import wait_until

DATABASE_CONNECTIONS = 8
"""How many connections to its database a worker keeps when nothing is to be done."""
STORE_CONNECTIONS = 32
"""The same for Redis: as many as requests came at once."""
_FILES_OF_ONE = 3
"""Descriptors of one connection to SQLite: the database, its log, and what all of them share."""
_ASKS = 12
_LISTENING = "0A"
_LISTENERS = re.compile(
    r"^orderboard_(?:listeners\{.*\}|subscribers|stream_behind) (\S+)$", re.MULTILINE
)
_COUNTS = re.compile(r'(?m)^orderboard_stream_(joined|left)_total{process="(\w+)"} (\S+)$')


def descriptors(pid: int, port: int) -> Counter[str]:
    """What a process holds open, by kind: ``client`` is a connection that came in at the port."""
    mine = _sockets_at(port)
    kinds: Counter[str] = Counter()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        try:
            kinds[_kind(str(entry.readlink()), mine)] += 1
        except FileNotFoundError:
            continue  # closed since the folder was read
    return kinds


def baseline(house: House) -> Counter[str]:
    """What a worker at rest holds open: the most of each kind in any of them."""
    for _ in range(_ASKS):
        with house.staff.stream("GET", "/api/stream") as stream:
            assert stream.is_success
    wait_until(lambda: not _still_listening(house), what="nobody listening")
    kinds: Counter[str] = Counter()
    for pid in house.server.workers():
        kinds |= descriptors(pid, house.server.port)
    del kinds["client"]
    return kinds


def after_rest(house: House, before: Counter[str], seconds: float = 30) -> list[str]:
    """What somebody still listens to or holds open when everything had time to end."""
    left: list[str] = []

    def at_rest() -> bool:
        left[:] = [*_still_listening(house), *_still_open(house, before)]
        return not left

    with suppress(AssertionError):
        wait_until(at_rest, seconds)
    return left


def after_end(family: list[Process], seconds: float = 20) -> list[str]:
    """Which processes of a family still run when all of them had time to end."""
    known = {(process.pid, process.command) for process in family}

    def running() -> list[Process]:
        return [one for one in processes() if (one.pid, one.command) in known]

    with suppress(AssertionError):
        wait_until(lambda: not running(), seconds)
    return [f"process {one.pid} still runs: {one.command[:80]}" for one in running()]


def _still_listening(house: House) -> list[str]:
    """What the workers say of themselves, asked so often that each of them has answered."""
    found = []
    for _ in range(_ASKS):
        text = httpx.get(f"{house.address}/metrics", headers={"Connection": "close"}).text
        found += [
            f"a worker says {line[0]}" for line in _LISTENERS.finditer(text) if +float(line[1])
        ]
        here: Counter[str] = Counter()
        for name, process, count in _COUNTS.findall(text):
            here[process] += int(float(count)) * (1 if name == "joined" else -1)
        assert here
        found += [
            f"{count} more joined than left {process}" for process, count in here.items() if count
        ]
    return sorted(set(found))


def _still_open(house: House, before: Counter[str]) -> list[str]:
    allowed = before | Counter(
        database=DATABASE_CONNECTIONS * _FILES_OF_ONE,
        socket=before["socket"] + DATABASE_CONNECTIONS + STORE_CONNECTIONS,
    )
    return [
        f"worker {pid} holds {count} of {kind}, {allowed[kind]} at most"
        for pid in house.server.workers()
        for kind, count in descriptors(pid, house.server.port).items()
        if count > allowed[kind]
    ]


def _kind(target: str, mine: dict[str, str]) -> str:
    if target.startswith("socket:"):
        return mine.get(target[8:-1], "socket")
    if target.startswith("pipe:"):
        return "pipe"
    if "/wgunicorn-" in target:
        return "sign of life"
    return "database" if ".db" in target else target


def _sockets_at(port: int) -> dict[str, str]:
    """The inodes of the sockets at a port of this machine, but for those at its other side."""
    found: dict[str, str] = {}
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if int(fields[1].partition(":")[2], 16) == port:
            found[fields[9]] = "listening" if fields[3] == _LISTENING else "client"
    return found
