"""``python -m tests.upgrades.dying TEXT TIMES …``: brings a database up to date, and dies before.

For each text a process begins the upgrade, as every command does at its start. At the statement in
which the text stands the so-manieth time it kills itself (SIGKILL). The last process comes to its
end. What each of them ended with is printed.
"""

import os
import signal
import sys
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from orderboard.cli.offline import at_hand


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

    def look(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        nonlocal seen
        seen += text in statement
        if seen == times:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(Engine, "before_cursor_execute", look)


if __name__ == "__main__":
    main()
