"""What goes wrong, when and for how long, drawn from a seed. Pure.

Faults come in lanes. In one lane they come one after the other, and the lanes know nothing of each
other: a worker may be killed while Redis stands still and the database restarts.
"""

from dataclasses import dataclass
from random import Random

SERVER = ("kill_worker", "hang_up", "deploy")
STORE = ("kill_store", "pause_store", "flush_store", "restart_store", "drop_subscriptions")
COURIER = ("kill_courier", "pause_courier", "second_courier")
NETWORK = ("cut", "half_open", "slow_network", "slow_reader", "stalled_reader", "cut_clerks")
DATABASE = {"sqlite": ("lock_database",), "postgresql": ("restart_database", "drop_sessions")}
RESTORED = ("begin_epoch",)
_RESTORED_IN = 0.3
"""The part of all storms in which positions lose their meaning: in the others nobody is reset."""
KINDS = (
    *RESTORED,
    *SERVER,
    *COURIER,
    *STORE,
    *NETWORK,
    *DATABASE["sqlite"],
    *DATABASE["postgresql"],
)
WHERE = ("pages", "scripts", "node")
"""The networks that listeners come through."""


@dataclass(frozen=True, slots=True)
class Fault:
    """``wait``: seconds of peace before it; ``seconds``: how long it lasts, where it lasts at all;
    ``where``: the network that it befalls; ``share``: the part of the connections there.
    """

    kind: str
    wait: float
    seconds: float
    where: str
    share: float

    def __str__(self) -> str:
        place = f" {self.where}" if self.kind in NETWORK[:4] else ""
        return f"{self.kind}{place}"


def draw(random: Random, database: str, seconds: float) -> list[list[Fault]]:
    """Lanes of faults for so many seconds; every kind comes once before one comes again."""
    restored = RESTORED if random.random() < _RESTORED_IN else ()
    return [
        _lane(random, kinds, pause, seconds)
        for kinds, pause in (
            (SERVER, 3.0),
            (COURIER, 2.0),
            (STORE, 1.5),
            (NETWORK, 1.5),
            (DATABASE[database] + restored, 5.0),
        )
    ]


def _lane(random: Random, kinds: tuple[str, ...], pause: float, seconds: float) -> list[Fault]:
    lane: list[Fault] = []
    bag: list[str] = []
    spent = 0.0
    while spent < seconds:
        bag = bag or random.sample(kinds, len(kinds))
        fault = Fault(
            bag.pop(),
            wait=random.uniform(0.2, 1.8) * pause,
            seconds=random.uniform(0.8, 2.5),
            where=random.choice(WHERE),
            share=random.choice((0.5, 1.0)),
        )
        lane.append(fault)
        spent += fault.wait + fault.seconds
    return lane
