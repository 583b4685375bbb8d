"""What one connection, and a thousand, can do to everybody else.

Starts the real thing with one worker, lets hostile clients (``hostile``) of one address do one
thing after the other, and has somebody at another address ask ``/healthz``, place orders and listen
meanwhile. Stops by itself. Run it as ``python -m benchmarks.attacks``; ``--tree`` measures another
checkout, ``--only`` what has a word in its name.
"""

import argparse
import multiprocessing
import os
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.bystander import LONGEST, Bystander, seconds_for
from benchmarks.hostile import ATTACKS, GET, Attack, Crowd
from benchmarks.meanwhile import key_of
from benchmarks.servers import Server, environment, start_orderboard

_QUESTION = GET % b"/healthz" + b"Connection: close\r\n\r\n"
_RECOVERY = 90.0


def main() -> None:
    """Run all attacks and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--connections", type=int, nargs="*", default=[1, 1000])
    parser.add_argument("--tree", type=Path, default=Path.cwd())
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    os.chdir(options.tree)
    with tempfile.TemporaryDirectory(prefix="ob", dir="/tmp") as folder:
        home = Path(folder)
        # Otherwise most of what is posted would be refused before its body is looked at.
        more = {"PYTHONPATH": str(options.tree), "ORDERBOARD_INTAKE_LIMIT": "1000000"}
        server = start_orderboard(home, **more)
        try:
            _all(server, key_of(environment(home, server.port) | more), options)
        finally:
            server.stop()


def _all(server: Server, key: str, options: argparse.Namespace) -> None:
    columns = "healthz p50 | p99 | max | order p50 | p99 | heard p50 | p99"
    print(f"| {'attack, ms':30} | connections | {columns} | answers |")
    print(f"| --- | {' | '.join(['---:'] * 9)} |")
    alone = _measure(server.port, key, ATTACKS["nothing"], 0, options.seconds)
    print(f"| {'(nobody attacks)':30} | {0:11} | {_figures(alone)} |", flush=True)
    for name, attack in ATTACKS.items():
        for count in options.connections:
            if options.only in name:
                _recover(server.port)
                took = _measure(server.port, key, attack, count, options.seconds)
                print(f"| {name:30} | {count:11} | {_figures(took)} |", flush=True)


def _measure(port: int, key: str, attack: Attack, count: int, seconds: float) -> Bystander:
    """What somebody else felt while an attack went on."""
    crowd = multiprocessing.Process(target=_attack, args=(port, attack, count, seconds))
    crowd.start()
    with Bystander(port, key) as bystander:
        time.sleep(seconds)
    crowd.join(seconds + LONGEST)
    crowd.kill()
    return bystander


def _attack(port: int, attack: Attack, count: int, seconds: float) -> None:
    Crowd(port, attack, count).go_on(seconds)


def _recover(port: int) -> None:
    ends = time.monotonic() + _RECOVERY
    while seconds_for(port, _QUESTION) >= 0.1 and time.monotonic() < ends:
        time.sleep(0.1)


def _figures(took: Bystander) -> str:
    asked, ordered, heard = (_parts(part) for part in (took.asked, took.ordered, took.heard))
    values = [*asked, *ordered[:2], *heard[:2]]
    return " | ".join(f"{s * 1e3:6.0f}" for s in values) + f" | {len(took.asked):7}"


def _parts(took: list[float]) -> tuple[float, float, float]:
    """The 50th and the 99th of 100, and the largest."""
    parts = statistics.quantiles([*took, *took], n=100) if took else [LONGEST] * 99
    return parts[49], parts[98], max(took, default=LONGEST)


if __name__ == "__main__":
    main()
