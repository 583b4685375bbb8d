"""What opening a stream costs the worker: ``python -m benchmarks.opening [--missed 100]``.

CPU of the worker process for each of some thousands of streams, user's and system's, a few rounds.
To compare two versions, run it in both checkouts at the same time: they have the machine in common.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

from benchmarks import machine
from benchmarks.asking import Connection, request
from benchmarks.contenders import Orderboard
from benchmarks.contenders.contender import Place
from benchmarks.receiver import Asking, Receiver

_TICKS = 100
"""Of the system's clock for processes, a second."""


def main() -> None:
    """Measure and print a line for each round."""
    options = _options()
    if unfit := machine.unfit(options.count):
        raise SystemExit(unfit)
    with tempfile.TemporaryDirectory(prefix="ob", dir="/tmp") as folder:
        place = Place(Path(folder), machine.Cores.of_this_process())
        board = Orderboard(place)
        board.start()
        try:
            machine.compiled("receiver", place.folder)
            program = place.folder / "receiver"
            receiver = Receiver(program, board.server.port, place.cores.receiver)
            _measure(board, receiver, options.count, options.missed, options.rounds)
            receiver.close()
        finally:
            board.server.stop()


def _measure(board: Orderboard, receiver: Receiver, count: int, missed: int, rounds: int) -> None:
    asking = _behind(board, missed) if missed else board.asking()
    receiver.open(min(count, 500), asking)
    worker = max(pid for pid in board.server.pids() if _is_gunicorns(pid))
    for _ in range(rounds):
        receiver.drop()
        time.sleep(1)
        before = _spent(worker)
        took = receiver.open(count, asking)
        user, system = (
            (now - then) / count * 1e6 for now, then in zip(_spent(worker), before, strict=True)
        )
        print(f"user {user:4.0f} µs  system {system:4.0f} µs  {count / took:6.0f} a second")


def _behind(board: Orderboard, missed: int) -> Asking:
    """What somebody asks who has missed so many events, or some more."""
    key = f"Authorization: Bearer {board._key}"
    with Connection(board.server.port) as connection:
        page = connection.ask(request("GET", "/api/orders?limit=1", b"", key))
        for _ in range(0, missed, board.in_batch):
            connection.ask(board.batch)
    return board.listen(str(json.loads(page)["position"])), board.asking()[1]


def _is_gunicorns(pid: int) -> bool:
    return b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes()


def _spent(pid: int) -> tuple[float, float]:
    """Seconds of CPU of a process, the user's and the system's."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return int(fields[11]) / _TICKS, int(fields[12]) / _TICKS


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--missed", type=int, default=0, help="events that each has missed")
    parser.add_argument("--rounds", type=int, default=4)
    return parser.parse_args()


if __name__ == "__main__":
    main()
