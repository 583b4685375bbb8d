"""An app with nothing but a log and its stream, for a real server to run in several processes.

The log is a file; files beside it say that it cannot be read, and which guard has been revoked.
"""

import contextlib
import gc
import os
import resource
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from flask import Flask, Response, request

from orderboard.stream import Stream, parse_id
from tests.stream.support import Event, Head, Settings, audiences_of, view

HOME = Path(os.environ["STREAM_HOME"])
READ = "SELECT position, name, text FROM events WHERE position > ? {} ORDER BY position LIMIT ?"


@contextlib.contextmanager
def database() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(HOME / "log.db", timeout=5, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


def read(statement: str, *values: object) -> list[tuple[int, str, str]]:
    if (HOME / "broken").exists():
        raise sqlite3.OperationalError("database is locked")
    with database() as connection:
        return connection.execute(statement, values).fetchall()


def head() -> Head:
    return Head("e1", read("SELECT coalesce(max(position), 0) FROM events")[0][0])


def since(position: int, limit: int, topic: str | None) -> list[Event]:
    kind, _, name = (topic or "").partition(":")
    if kind == "order":
        rows = read(READ.format("AND name = ?"), position, name, limit)
    else:
        rows = read(READ.format(""), position, limit)
    return [Event(*row) for row in rows]


def commit(name: str, text: str, count: int) -> list[Event]:
    with database() as connection:
        connection.execute("BEGIN IMMEDIATE")
        (last,) = connection.execute("SELECT coalesce(max(position), 0) FROM events").fetchone()
        events = [Event(last + n, name, text) for n in range(1, count + 1)]
        rows = [(e.position, e.order, e.text) for e in events]
        connection.executemany("INSERT INTO events VALUES (?, ?, ?)", rows)
        connection.execute("COMMIT")
    return events


stream = Stream(
    Settings(
        redis_url=os.environ["STREAM_REDIS"],
        stream_heartbeat=float(os.environ["STREAM_HEARTBEAT"]),
        stream_window=int(os.environ["STREAM_WINDOW"]),
        stream_replay_limit=10_000,
    ),
    contextlib.nullcontext,
    head,
    since,
    str,
    audiences_of,
    view,
    asdict,
    lambda data: Event(**data),
)
app = Flask(__name__)
if os.environ["STREAM_HANDOFF"] == "yes":
    app.wsgi_app = stream.wsgi(app.wsgi_app)  # type: ignore[method-assign]


@app.get("/stream")
def listen() -> Response:
    after = request.headers.get("Last-Event-ID") or request.args.get("after")
    pass_ = request.args.get("pass")
    return stream.respond(
        request.environ,
        request.args["audience"],
        parse_id(after) if after else None,
        (lambda: not (HOME / f"revoked-{pass_}").exists()) if pass_ else None,
    )


@app.post("/orders/<name>")
def place(name: str) -> dict[str, int]:
    events = commit(name, request.args.get("text", ""), int(request.args.get("count", 1)))
    stream.announce("e1", events)
    return {"position": events[-1].position}


@app.get("/kept")
def kept() -> dict[str, int]:
    """How many of the things that a request is made of are alive just now."""
    gc.collect()
    kinds = Counter(type(thing).__name__ for thing in gc.get_objects())
    return {
        name: kinds[name]
        for name in ("Greenlet", "_Greenlet_stdreplace", "Request", "StreamConnection")
    }


@app.get("/figures")
def figures() -> dict[str, object]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return stream.figures() | {"pid": os.getpid(), "cpu": used.ru_utime + used.ru_stime}
