"""One storm over one house: everything goes on, everything goes wrong, and then it is judged."""

import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import httpx
from playwright.sync_api import Error as BrowserError

from tests.faults import leaks, logbook, oracle, plan, sums
from tests.faults.cast import FOLLOWED, Cast, Tools
from tests.faults.clerks import StormClerk
from tests.faults.network import Network, network_to
from tests.faults.oracle import Flaw
from tests.faults.record import Record, Reset, Run, Told
from tests.faults.trouble import Trouble
from tests.journeys.clerks import at_work
from tests.journeys.house import House, open_house
from tests.servers import Valkey, valkey

ORDERS, CHANGES = 6, 10
"""How many of each all clerks together do in a second."""
_SAID = 4000


@dataclass(slots=True)
class Summary:
    """What a run came to. ``kinds`` counts the faults, ``troubles`` what the clerks met;
    ``broken`` says why it did not come to its end.
    """

    seed: int
    database: str
    seconds: float = 0.0
    kinds: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    events: int = 0
    listeners: int = 0
    applied: int = 0
    resets: int = 0
    flaws: list[Flaw] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    broken: str = ""
    said: str = ""
    """What the server printed last."""

    @property
    def faults(self) -> int:
        """How many there were, of all kinds."""
        return self.kinds.total()

    @property
    def failed(self) -> bool:
        """Whether any promise was broken, or the run itself was."""
        return bool(self.flaws or self.leaks or self.broken)

    def count(self, *kinds: str) -> int:
        """How many flaws of these kinds there are."""
        return sum(flaw.kind in kinds for flaw in self.flaws)


def storm(seed: int, database: str, seconds: float, tools: Tools) -> Summary:
    """Let a storm of so many seconds pass over a new house on ``sqlite`` or ``postgresql``."""
    summary, began = Summary(seed, database), time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="ob", dir="/tmp") as path,
        _database(database, Path(path), tools) as url,
        valkey(Path(path)) as store,
        open_house(Path(path) / "home", DATABASE_URL=url, REDIS_URL=store.url) as house,
    ):
        try:
            _Storm(house, url, store, summary, tools).pass_over(seconds)
        except (AssertionError, OSError, httpx.HTTPError, BrowserError) as error:
            traceback.print_exc()
            summary.broken = f"{type(error).__name__}: {error}"
        family = house.server.family()
        house.server.stop()
        summary.leaks += leaks.after_end(family)
        summary.said = house.server.output[-_SAID:]
    summary.seconds = time.monotonic() - began
    return summary


@contextmanager
def _database(kind: str, folder: Path, tools: Tools) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/orderboard.db"
    else:
        with tools.cluster.database() as url:
            yield url


class _Storm:
    def __init__(
        self, house: House, url: str, store: Valkey, summary: Summary, tools: Tools
    ) -> None:
        self._house, self._url, self._store = house, url, store
        self._summary, self._tools = summary, tools
        self._random = Random(f"{summary.database} {summary.seed}")
        self._cast = Cast(house)

    def pass_over(self, seconds: float) -> None:
        before = leaks.baseline(self._house)
        lanes = plan.draw(self._random, self._summary.database, seconds)
        with ExitStack() as ways:
            networks = {
                name: ways.enter_context(network_to(self._house.server.port))
                for name in (*plan.WHERE, "clerks")
            }
            with ExitStack() as stack:
                self._cast.open(stack, networks, self._tools)
                clerks = self._clerks(networks["clerks"].port)
                trouble = self._trouble(networks)
                with at_work(clerks, int(ORDERS * seconds), int(CHANGES * seconds), seconds):
                    with _under_way(trouble, lanes):
                        time.sleep(seconds / 2)
                        self._cast.join(stack, networks)
                        time.sleep(seconds / 2)
                    for network in networks.values():
                        network.heal()
                self._cast.settle(self._house.head())
                self._judge(clerks, self._cast.records())
        self._summary.leaks += leaks.after_rest(self._house, before)
        self._summary.kinds = trouble.counts

    def _clerks(self, port: int) -> list[StormClerk]:
        seed, drivers = f"{self._random.random()}", self._cast.drivers
        clerks = [
            StormClerk(self._house, f"clerk{number}", seed, port, drivers)
            for number in range(FOLLOWED)
        ]
        for clerk, order in zip(clerks, self._cast.followed, strict=True):
            clerk.follow(self._house.read(order))
        return clerks

    def _trouble(self, networks: dict[str, Network]) -> Trouble:
        postgres = self._summary.database == "postgresql"
        return Trouble(
            house=self._house,
            store=self._store,
            networks=networks,
            database=self._url,
            cluster=self._tools.cluster if postgres else None,
            stalled=self._cast.board,
            random=Random(self._random.random()),
        )

    def _judge(self, clerks: list[StormClerk], records: list[Record]) -> None:
        run = Run(
            log=logbook.read(self._url),
            base_url=self._house.address,
            records=records,
            placed=[placed for clerk in clerks for placed in clerk.placed],
            changed=[changed for clerk in clerks for changed in clerk.changed],
            sent=[mark for clerk in clerks for mark in clerk.sent],
        )
        summary = self._summary
        summary.flaws = oracle.flaws(run) + sums.flaws(self._url)
        summary.events, summary.listeners = len(run.log), len(records)
        summary.applied = sum(record.count(Told) for record in records)
        summary.resets = sum(record.count(Reset) for record in records)
        for clerk in clerks:
            summary.troubles += clerk.troubles


@contextmanager
def _under_way(trouble: Trouble, lanes: list[list[plan.Fault]]) -> Iterator[None]:
    """Everything goes wrong until the block ends; then what was begun is ended."""
    with ThreadPoolExecutor(len(lanes)) as pool:
        going: list[Future[None]] = [pool.submit(trouble.lane, lane) for lane in lanes]
        try:
            yield
        finally:
            trouble.over.set()
        for lane in going:
            lane.result()
