"""The work on customers' records that the courier does, done here and now."""

import time

from orderboard import forgetting
from orderboard.consumers import positions
from orderboard.consumers.running import Worker
from orderboard.customers.keeping import CUSTOMERS
from orderboard.customers.model import CustomerErasure
from orderboard.database import db


def catch_up() -> None:
    """Have the records say what the orders say. Needs the app's context."""
    positions.register([CUSTOMERS.name])
    worker = Worker(CUSTOMERS)
    while worker.step() is not None:
        pass


def erase_all() -> None:
    """Have everybody forgotten who is to be; needs the app's context."""
    until = time.monotonic() + 30
    while db.session.query(CustomerErasure).count():
        assert time.monotonic() < until, "erasing does not come to its end"
        forgetting.erase_next("UTC")
        db.session.rollback()
