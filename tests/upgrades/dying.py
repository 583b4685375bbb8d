"""``python -m tests.upgrades.dying TEXT TIMES …``: brings a database up to date, and dies before.

For each text a process begins the upgrade, as every command does at its start. At the statement in
which the text stands the so-manieth time it kills itself (SIGKILL). The last process comes to its
end. What each of them ended with is printed.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from orderboard.cli.offline import at_hand
from orderboard.statements import Statement


def main() -> None:
    """Upgrade the database that the environment names, again and again."""
    moments = [*zip(sys.argv[1::2], map(int, sys.argv[2::2]), strict=True), None]
    for moment in moments:
        if not (child := os.fork()):
            _upgrade(moment)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _upgrade(moment: tuple[str, int] | None) -> None:
    if moment is not None:
        _die_at(*moment)
    with at_hand():
        pass
    os._exit(0)


def _die_at(text: str, times: int) -> None:
    seen = 0

    def look(statement: str) -> None:
        nonlocal seen
        seen += text in statement
        if seen == times:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(Engine, "before_cursor_execute", lambda _c, _r, told, *_: look(told))
    for way in ("run", "run_many"):
        setattr(Statement, way, _looked_at(getattr(Statement, way), look))


def _looked_at(way: Callable[..., Any], look: Callable[[str], None]) -> Callable[..., Any]:
    """The same way of running a statement; SQLite's driver is asked past the engine's events."""

    def run(statement: Statement, connection: Connection, values: Any) -> Any:
        if connection.dialect.name == "sqlite":
            look(statement._for(connection).text)
        return way(statement, connection, values)

    return run


if __name__ == "__main__":
    main()
