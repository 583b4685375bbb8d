"""The product doing again what a made past says, and what its tables then hold."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from orderboard import clock
from orderboard.database import db
from orderboard.events import log
from orderboard.events.event import Actor, Event
from orderboard.orders import commands, placing
from orderboard.orders.model import Order
from orderboard.orders.new_order import NewOrder
from orderboard.people import drivers

Json = dict[str, Any]
_AT_ONCE = 200
_NUMBERS = "SELECT setval(pg_get_serial_sequence('orders', 'number'), 1, false)"
_STAY = (
    *("probe", "figure_generations", "analytics_generations", "log_thinned", "search_state"),
    "shop_settings",
)
"""Tables that no order changes."""
_FIGURES = ("figures", "figure_counts")


def tables() -> dict[str, list[tuple[Any, ...]]]:
    """All that the database holds, but for figures that have come to nothing."""
    with db.engine.connect() as connection:
        return {
            table.name: sorted(
                (
                    tuple(row)
                    for row in connection.execute(sa.select(table))
                    if table.name not in _FIGURES
                    or any(row[-2:] if "total" in table.c else row[-1:])
                ),
                key=repr,
            )
            for table in db.metadata.sorted_tables
        }


def clear() -> None:
    """Leave nothing of the past, and the log at its beginning."""
    with log.transaction() as tx:
        for table in reversed(db.metadata.sorted_tables):
            if table.name == "log_head":
                tx.execute(sa.update(table).values(position=0))
            elif table.name not in _STAY:
                tx.execute(sa.delete(table))
        if tx.connection.dialect.name == "postgresql":
            tx.execute(sa.text(_NUMBERS))


def do_again(events: list[Event], rows: dict[str, Json], monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the product do everything at its moment. ``rows``: the orders by their ids."""
    while events:
        some, events = events[:_AT_ONCE], events[_AT_ONCE:]
        if some[0].type == "driver.created":
            _hire(some[0], monkeypatch)
            events = some[1:] + events
            continue
        with log.transaction() as tx:
            for event in some:
                with monkeypatch.context() as patch:
                    patch.setattr(clock, "now", lambda at=event.at: datetime.fromisoformat(at))
                    _do(tx, event, rows, patch)


def _hire(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    assert event.data
    driver_id = event.data["id"].removeprefix("drv_")
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: datetime.fromisoformat(event.at))
        patch.setattr(drivers, "ULID", lambda: driver_id)
        drivers.add(event.data["name"], event.data["phone"], Actor(**event.actor))


def _do(
    tx: log.Transaction, event: Event, rows: dict[str, Json], patch: pytest.MonkeyPatch
) -> None:
    order, actor = event.data, Actor(**event.actor)
    assert order
    if event.type == "order.created":
        row = rows[order["id"]]
        birth = placing.Birth(row["created_at"], row["id"], row["track_token"])
        patch.setattr(placing.Birth, "now", lambda: birth)
        placing.place(tx, _new_order(order), actor, order["source"])
        return
    held = commands.hold(tx, order["id"])
    if "driver" in event.was:
        commands.assign(tx, held, order["driver"]["id"], actor)
    elif actor.kind == "customer":
        commands.cancel_as_customer(tx, held, order["cancel_reason"], actor)
    else:
        commands.move(tx, held, order["status"], order["cancel_reason"], actor)


def _new_order(order: Json) -> NewOrder:
    money = ("unit_price", "discount", "total")
    return NewOrder(
        customer=order["customer"],
        currency=order["currency"],
        type=order["type"],
        items=[
            {**item, "quantity": 1000 * item["quantity"]}
            | {name: Decimal(item[name]) for name in money}
            for item in order["items"]
        ],
        shipping=Decimal(order["shipping"]),
        tax=Decimal(order["tax"]),
        discount=Decimal(order["discount"]),
        address={k: v for k, v in order["address"].items() if v is not None},
        payment_method=order["payment_method"],
        note=order["note"],
        external_id=order["external_id"],
    )


def rows_by_id() -> dict[str, Json]:
    """The rows of all orders."""
    with db.engine.connect() as connection:
        found = connection.execute(sa.select(Order.__table__)).mappings()
        return {row["id"]: dict(row) for row in found}
