"""What one connection, and a thousand, can do to everybody else.

Starts the real thing with one worker, lets hostile clients (``hostile``) do one thing after the
other, and asks ``/healthz`` meanwhile over a new connection each time. Stops by itself. Run it as
``python -m benchmarks.attacks``; ``--tree`` measures another checkout, ``--only`` what has a word
in its name.
"""

import argparse
import multiprocessing
import os
import socket
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.hostile import ATTACKS, GET, Attack, Crowd
from benchmarks.servers import Server, start_orderboard

_QUESTION = GET % b"/healthz" + b"Connection: close\r\n\r\n"
_LONGEST = 10.0
"""Seconds after which an answer is not waited for any more, and counts as that long."""
_PAUSE = 0.01
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
    with tempfile.TemporaryDirectory(prefix="ob", dir="/tmp") as home:
        more = {"PYTHONPATH": str(options.tree), "ORDERBOARD_INTAKE_LIMIT": "1000000"}
        more["ORDERBOARD_CONNECTIONS_PER_ADDRESS"] = "5000"
        server = start_orderboard(Path(home), **more)
        try:
            _all(server, options)
        finally:
            server.stop()


def _all(server: Server, options: argparse.Namespace) -> None:
    print(f"| {'attack':30} | connections | p50 ms | p99 ms | max ms | answers |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, attack in ATTACKS.items():
        for count in options.connections:
            if options.only in name:
                _recover(server.port)
                took = _measure(server.port, attack, count, options.seconds)
                print(f"| {name:30} | {count:11} | {_figures(took)} |", flush=True)


def _measure(port: int, attack: Attack, count: int, seconds: float) -> list[float]:
    """How long /healthz took, each time it was asked while an attack went on."""
    crowd = multiprocessing.Process(target=_attack, args=(port, attack, count, seconds))
    crowd.start()
    took, ends = [], time.monotonic() + seconds
    while time.monotonic() < ends:
        took.append(_ask(port))
        time.sleep(_PAUSE)
    crowd.join(seconds + _LONGEST)
    crowd.kill()
    return took


def _attack(port: int, attack: Attack, count: int, seconds: float) -> None:
    Crowd(port, attack, count).go_on(seconds)


def _ask(port: int) -> float:
    began = time.monotonic()
    try:
        with socket.create_connection(("127.0.0.1", port), _LONGEST) as connection:
            connection.sendall(_QUESTION)
            if not connection.recv(16).startswith(b"HTTP/1.1 200"):
                return _LONGEST
    except OSError:
        return _LONGEST
    return time.monotonic() - began


def _recover(port: int) -> None:
    ends = time.monotonic() + _RECOVERY
    while _ask(port) >= 0.1 and time.monotonic() < ends:
        time.sleep(0.1)


def _figures(took: list[float]) -> str:
    parts = statistics.quantiles([*took, *took], n=100)
    worst = max(took)
    return " | ".join(f"{s * 1e3:6.0f}" for s in (parts[49], parts[98], worst)) + (
        f" | {len(took):7}"
    )


if __name__ == "__main__":
    main()
