"""Everything that is measured: orderboard, the floors, and its peers."""

from benchmarks.contenders.contender import Contender, Sample
from benchmarks.contenders.floor import BareLoop, PythonLoop
from benchmarks.contenders.nchan import Nchan
from benchmarks.contenders.orderboard import Orderboard
from benchmarks.contenders.socketio import SocketIO
from benchmarks.contenders.starlette import SseStarlette

GROUPS: list[list[type[Contender]]] = [
    [Orderboard, BareLoop, PythonLoop],
    [Nchan],
    [SocketIO],
    [SseStarlette],
]
"""Those of one group are measured in turns, round by round, so that a ratio is of one moment."""

__all__ = ["GROUPS", "BareLoop", "Contender", "Orderboard", "PythonLoop", "Sample"]
