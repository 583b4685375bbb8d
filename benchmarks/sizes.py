"""How much of everything is measured."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """Numbers of listeners, rounds of which the median counts, and seconds of one round.

    ``past_few`` and ``past`` are orders that a shop already has, ``questions`` how often each
    question is asked of them.
    """

    few: int = 1000
    many: int = 8000
    flooded: int = 2000
    rounds: int = 3
    seconds: float = 5.0
    orders_a_second: int = 10
    floods: int = 4
    connecting: int = 2000
    past_few: int = 1000
    past: int = 1_000_000
    questions: int = 100


FULL = Sizes()
QUICK = Sizes(few=500, many=2000, flooded=500, rounds=1, seconds=2.0, connecting=500, past=20_000)
