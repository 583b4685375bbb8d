"""A database as the first version left it, with orders, lines and events in it."""

import json
from typing import Any

import sqlalchemy as sa

from orderboard.database import db
from orderboard.money import to_text
from orderboard.schema import upgrade

Json = dict[str, Any]
AT, TEXT_AT = "2030-03-31 00:59:59.500000", "2030-03-31T00:59:59.500000Z"
LOCATION = {"lat": 1.5, "lng": 2.5, "at": TEXT_AT}
_LINE = "INSERT INTO order_lines VALUES (:number, 0, 'TEA', 'Oolong tea', 2, 500, 0)"
_EVENT = (
    "INSERT INTO events (position, type, at, actor_kind, changes, order_id, driver_id,"
    " other_driver_id, \"order\") VALUES (:position, :type, :at, 'staff', :changes, :order_id,"
    " :driver, NULL, :order)"
)


def fill(orders: int) -> None:
    """Make the first version's tables, and so many orders in them. Needs the app's context."""
    upgrade("0001")
    rows = [_row(number) for number in range(1, orders + 1)]
    names = ", ".join(rows[0])
    values = ", ".join(f":{name}" for name in rows[0])
    events = [event for row in rows for event in _events(row)]
    with db.engine.begin() as connection:
        driver = {"id": "drv_bo", "name": "Bo Diddley", "at": AT}
        hire = "INSERT INTO drivers (id, name, created_at) VALUES (:id, :name, :at)"
        connection.execute(sa.text(hire), driver)
        connection.execute(sa.text(f"INSERT INTO orders ({names}) VALUES ({values})"), rows)
        connection.execute(sa.text(_LINE), rows)
        connection.execute(sa.text(_EVENT), events)
        connection.execute(sa.text("UPDATE log_head SET position = :n"), {"n": len(events)})
        if connection.dialect.name == "postgresql":
            last = sa.text("SELECT setval('orders_number_seq', :n)")
            connection.execute(last, {"n": orders})


def orders_as_they_are() -> list[tuple[Any, ...]]:
    """Of each order what no upgrade may change, and its events' positions."""
    kept = "number, id, track_token, source, external_id, type, status, customer_name, total"
    told = "SELECT order_id, count(*), min(position), max(position) FROM events GROUP BY order_id"
    with db.engine.connect() as connection:
        rows = connection.execute(sa.text(f"SELECT {kept}, version FROM orders ORDER BY number"))
        found = [tuple(row) for row in rows]
        events = connection.execute(sa.text(f"{told} ORDER BY order_id"))
        return [*found, *(tuple(row) for row in events)]


def _row(number: int) -> Json:
    by_driver = number % 3 == 0
    return {
        "number": number,
        "id": f"ord_{number:06}",
        "track_token": f"token{number}",
        "source": ("staff", "web", "key:shop")[number % 3],
        "external_id": f"x{number}" if number % 3 == 2 else None,
        "type": "purchase" if number % 4 else "return",
        "status": "processing" if number % 2 else "pending",
        "times": json.dumps({"pending": TEXT_AT}),
        "customer_name": f"Ada Lovelace {number % 50}",
        "customer_key": f"ada lovelace {number % 50}",
        "currency": "USD" if number % 5 else "EUR",
        **dict.fromkeys(("shipping", "tax", "discount"), 0),
        **dict.fromkeys(("subtotal", "total"), 1000),
        **dict.fromkeys(("payment_method", "payment_status"), "none"),
        "driver_id": "drv_bo" if by_driver else None,
        "tracking": json.dumps({"carrier": "DHL", "location": LOCATION}) if by_driver else None,
        "search": f"ada lovelace {number % 50}",
        "version": 2 if number % 2 else 1,
        **dict.fromkeys(("created_at", "updated_at"), AT),
        "updated_by_kind": "staff",
    }


def _events(row: Json) -> list[Json]:
    """Its placing, and its move if it was moved; all positions are taken."""
    number = row["number"]
    first = number + number // 2  # each odd one before it has two
    placed = {
        "position": first,
        "type": "order.created",
        "at": AT,
        "changes": "[]",
        "order_id": row["id"],
        "driver": row["driver_id"],
        "order": json.dumps(_snapshot(row)),
    }
    if row["version"] == 1:
        return [placed]
    moved = {"type": "order.updated", "position": first + 1, "changes": '["status"]'}
    return [placed, {**placed, **moved}]


def _snapshot(row: Json) -> Json:
    return {
        "id": row["id"],
        "number": row["number"],
        "status": row["status"],
        "customer": {"name": row["customer_name"], "email": None, "phone": None, "company": None},
        "total": to_text(row["total"], row["currency"]),
        "driver": None,
    }
