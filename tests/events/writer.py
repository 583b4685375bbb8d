"""A process that writes to the log: some transactions commit, some are rolled back, some hang.

Run as ``python -m tests.events.writer NAME COUNT HANG_AT``: it prints a line for each event that
it knows to be committed, and at the transaction HANG_AT it stops in the middle, rows written and
position taken, until it is killed.
"""

import os
import random
import sys
import time

import sqlalchemy as sa

from orderboard import create_app
from orderboard.errors import Busy
from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.events.log import Transaction
from orderboard.orders.new_order import NewOrder
from orderboard.orders.placing import place

_random = random.Random(os.environ["WRITER_SEED"] + sys.argv[1])


class RolledBack(Exception):
    """Ends a transaction that is not to count."""


def main(name: str, count: int, hang_at: int) -> None:
    app = create_app()
    with app.app_context():
        for number in range(count):
            order = NewOrder(customer={"name": f"{name}-{number}"}, currency="USD")
            while not _write(name, order, hang=number == hang_at):
                pass
    os._exit(0)  # the stream's threads are of no use here


def _write(name: str, order: NewOrder, hang: bool) -> bool:
    try:
        with log.transaction() as tx:
            for _ in range(_random.randint(1, 3)):
                place(tx, order, Actor("system", name), name)
            if hang:
                _hang(tx)
            time.sleep(_random.random() * 0.003)
            _sometimes_fail()
    except (RolledBack, Busy):
        return False
    print(order.customer["name"], flush=True)
    return True


def _sometimes_fail() -> None:
    if _random.random() < 0.3:
        raise RolledBack


def _hang(tx: Transaction) -> None:
    tx.execute(sa.text("UPDATE log_head SET position = position + 1"))
    print("hanging", flush=True)
    time.sleep(60)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
