"""The parts of the benchmark, in the order in which they run."""

from collections.abc import Callable

from benchmarks.parts.answering import answering
from benchmarks.parts.connecting import connecting
from benchmarks.parts.delivery import delivery_to_few, delivery_to_many
from benchmarks.parts.memory import memory
from benchmarks.parts.run import Run
from benchmarks.parts.saturation import saturation
from benchmarks.parts.storm import storm

PARTS: dict[str, Callable[[list[Run]], None]] = {
    "memory": memory,
    "delivery-many": delivery_to_many,
    "answering": answering,
    "storm": storm,
    "saturation": saturation,
    "delivery-few": delivery_to_few,
    "connecting": connecting,
}
"""Memory is the first, for it wants servers that are fresh."""

__all__ = ["PARTS", "Run"]
