"""What tests of consumers write down, and how they read it."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from orderboard.database import db, reading
from orderboard.events import log
from orderboard.events.event import Actor, Event
from orderboard.events.log import Transaction
from orderboard.orders.new_order import NewOrder
from orderboard.orders.placing import place

Json = dict[str, Any]
NOTED = sa.Table(
    "noted_by_a_test",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("position", sa.BigInteger),
    sa.Column("who", sa.Text),
)


def make_table() -> None:
    """The table in which a test's consumer notes what it was handed: nothing there is unique."""
    NOTED.create(db.engine)


def note(tx: Transaction, events: Sequence[Event], who: str = "") -> None:
    """What such a consumer does."""
    tx.execute(sa.insert(NOTED), [{"position": e.position, "who": who} for e in events])


def noted() -> list[int]:
    """What it has noted, in the order in which it did."""
    with reading() as connection:
        rows = connection.execute(sa.select(NOTED.c.position).order_by(NOTED.c.id))
        return [int(row.position) for row in rows]


def place_some(count: int, name: str = "Ada", **more: Any) -> list[str]:
    """Place orders, each in a transaction of its own; answers their ids."""
    ids = []
    for _ in range(count):
        with log.transaction() as tx:
            order = NewOrder(customer={"name": name} | more, currency="EUR")
            ids.append(str(place(tx, order, Actor("customer", name), "web")["id"]))
    return ids
