"""A courier with a consumer of the tests': ``python -m tests.consumers.courier_process``.

The consumer notes each event in a table in which nothing is unique. ``DIE_AT=n``: at the n-th event
it kills itself, its notes written and not committed; ``DIE_AFTER=n``: right behind that commit.
"""

import os
import signal
from collections.abc import Sequence
from dataclasses import replace

from orderboard import courier, create_app
from orderboard.consumers.consumer import Consumer
from orderboard.events import log
from orderboard.events.event import Event
from orderboard.events.log import Transaction
from tests.consumers.support import note

DIE_AT, DIE_AFTER = (int(os.environ.get(name, "0")) for name in ("DIE_AT", "DIE_AFTER"))


def apply(tx: Transaction, events: Sequence[Event]) -> None:
    """Note them; first see whether it is time to die."""
    if DIE_AFTER and events[0].position > DIE_AFTER:
        os.kill(os.getpid(), signal.SIGKILL)
    note(tx, events, str(os.getpid()))
    if any(event.position == DIE_AT for event in events):
        os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Be a courier until somebody says stop."""
    app = create_app()
    log.announce_to(app, lambda _epoch, _events: None)
    parts = app.extensions["orderboard"]
    noting = Consumer(name="noting", apply=apply, batch=5)
    app.extensions["orderboard"] = replace(parts, consumers=(noting,))
    wakeup = courier.Wakeup(parts.settings)
    signal.signal(signal.SIGTERM, lambda *_: wakeup.stop())
    with app.app_context():
        courier.work(wakeup)


if __name__ == "__main__":
    main()
