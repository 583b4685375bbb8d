"""What orderboard is to reach with one worker on one core."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """A bound: an absolute one, or a multiple of the floor taken in the same run."""

    text: str
    holds: Callable[[float, float], bool]
    needs_floor: bool = True

    def met(self, ours: float, floor: float | None) -> bool | None:
        """Whether it is met; None where there is no floor to compare with."""
        if floor is None and self.needs_floor:
            return None
        return self.holds(ours, floor or 0.0)


def _at_most(bound: float, text: str) -> Target:
    return Target(text, lambda ours, _: ours <= bound, needs_floor=False)


TARGETS = {
    "cpu-many": Target("≤ 1.25 x floor", lambda ours, floor: ours <= 1.25 * floor),
    "p99-many": Target("≤ 1.3 x floor", lambda ours, floor: ours <= 1.3 * floor),
    "memory": _at_most(1, "≤ 1"),
    "saturated": Target("≥ 2 x floor", lambda ours, floor: ours >= 2 * floor),
    "storm": _at_most(5, "≤ 5"),
    "storm-reads": _at_most(20, "≤ 20"),
    "post-p99": _at_most(25, "≤ 25"),
}
"""By figure. The targets are for the full sizes."""
