"""CPU of placing an order, from the server's call of the app to its answer, without a server.

``python -m benchmarks.order_cpu`` prints the microseconds of CPU that an order costs alone and in
a batch of 50, the median of five rounds each, on SQLite in a new folder or in ``DATABASE_URL``.
``--profile single`` (or ``batch``) says where they go. What a server adds is not in it (see
``benchmarks.placing``), and nobody listens.
"""

import argparse
import cProfile
import io
import json
import logging
import os
import pstats
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

from flask import Flask

from benchmarks.shop import ORDER
from orderboard import create_app
from orderboard.people import keys
from orderboard.schema import migrate

BATCH = 50
_ROUNDS = 5
Ask = Callable[[], None]


def main() -> None:
    """Measure, and print two lines or a profile."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", choices=("single", "batch"))
    parser.add_argument("--seconds", type=float, default=2.0, help="of CPU, of each round")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ob", dir="/tmp") as home:
        asked = _questions(_app(home))
        if options.profile:
            _profile(asked[options.profile][0], options.seconds)
        else:
            for name, (ask, orders) in asked.items():
                print(f"{name:8}{_measured(ask, orders, options.seconds)}")
        sys.stdout.flush()
    os._exit(0)  # the stream's threads look at a database that is gone


def _app(home: str) -> Flask:
    nowhere = {"REDIS_URL": "redis://127.0.0.1:1/0", "SECRET_KEY": "benchmark" * 4}
    os.environ.update(ORDERBOARD_HOME=home, **nowhere)
    app = create_app()
    logging.disable(logging.CRITICAL)
    return app


def _questions(app: Flask) -> dict[str, tuple[Ask, int]]:
    """By name: what is asked, and how many orders that places."""
    with app.app_context():
        migrate()
        key = keys.create("benchmark", ["intake"])
    numbered = [_order(number) for number in range(BATCH)]
    one, many = json.dumps(numbered[0]).encode(), json.dumps({"orders": numbered}).encode()
    return {
        "single": (lambda: _post(app, key, "/api/orders", one), 1),
        "batch": (lambda: _post(app, key, "/api/orders/batch", many), BATCH),
    }


def _order(number: int) -> dict[str, Any]:
    """One of many customers', for one of many things."""
    customer = {**ORDER["customer"], "email": f"ada{number}@shop.example"}
    first, *rest = ORDER["items"]
    return {**ORDER, "customer": customer, "items": [{**first, "sku": f"TEA-{number}"}, *rest]}


def _post(app: Flask, key: str, path: str, body: bytes) -> None:
    # By hand: Flask's own test client costs half as much as what is measured.
    environ = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1:8000",
        "HTTP_AUTHORIZATION": f"Bearer {key}",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    answers: list[str] = []
    b"".join(app(environ, lambda status, *_: answers.append(status)))  # type: ignore[arg-type]
    if not answers[0].startswith(("201", "207")):
        raise RuntimeError(f"{path} was answered {answers[0]}")


def _measured(ask: Ask, orders: int, seconds: float) -> str:
    _for_seconds(ask, seconds / 4)
    rounds = [_round(ask, orders, seconds) for _ in range(_ROUNDS)]
    user, system = (statistics.median(part) for part in zip(*rounds, strict=True))
    return f"{user + system:6.0f} us an order (Python and SQL {user:.0f}, system {system:.0f})"


def _round(ask: Ask, orders: int, seconds: float) -> tuple[float, float]:
    before = resource.getrusage(resource.RUSAGE_SELF)
    count = orders * _for_seconds(ask, seconds)
    after = resource.getrusage(resource.RUSAGE_SELF)
    user, system = after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime
    return user / count * 1e6, system / count * 1e6


def _for_seconds(ask: Ask, seconds: float) -> int:
    end, count = time.process_time() + seconds, 0
    while time.process_time() < end:
        ask()
        count += 1
    return count


def _profile(ask: Ask, seconds: float) -> None:
    _for_seconds(ask, seconds / 4)
    profile = cProfile.Profile(time.process_time)
    profile.enable()
    _for_seconds(ask, seconds)
    profile.disable()
    pstats.Stats(profile).sort_stats("cumulative").print_stats(80)


if __name__ == "__main__":
    main()
