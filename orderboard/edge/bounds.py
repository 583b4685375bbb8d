"""The bounds of one process's connections, and what was refused."""

from collections import Counter
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext

from orderboard.config import Settings
from orderboard.edge.connections import Connections
from orderboard.edge.fair_queue import FairQueue
from orderboard.edge.memory import Memory
from orderboard.edge.plain import Early
from orderboard.edge.request import BoundedRequest

REASONS = ("full", "address", "line", "fields", "malformed", "slow", "body", "memory", "stalled")


class Bounds:
    """Bounds for the connections of this process.

    ``most_body``: bytes of the largest body that any view takes. ``early``: who answers before the
    framework, if anybody does.
    """

    early: Early | None = None

    def __init__(self, settings: Settings, most_body: int) -> None:
        self.proxies = settings.trusted_proxies
        self.most_raw, self.send_timeout = 2 * most_body, settings.send_timeout
        self.connections = Connections(settings.connections, settings.connections_per_address)
        self.fair_queue = FairQueue()
        self.memory = Memory()
        self.refused: Counter[str] = Counter(dict.fromkeys(REASONS, 0))

    def count(self, reason: str) -> None:
        """Count a refusal for one of REASONS."""
        self.refused[reason] += 1

    def place_of(self, request: BoundedRequest) -> AbstractContextManager[None]:
        """Behind proxies a request counts for who asks through them. Raises Refused."""
        if not self.proxies:
            return nullcontext()
        accept = [value for name, value in request.headers if name == "ACCEPT"] or ["*/*"]
        return self.connections.place(self.told_in(request), accept[0].encode("latin-1"))

    def told_in(self, request: BoundedRequest) -> str:
        """Whom the proxies name as asking."""
        return self.told(value for name, value in request.headers if name == "X-FORWARDED-FOR")

    def told(self, said: Iterable[str]) -> str:
        """The same, by what they said."""
        addresses = [part.strip() for part in ",".join(said).split(",")]
        return addresses[-self.proxies] if len(addresses) >= self.proxies else ""
