"""The figures counted from the orders, one after the other, in the plainest way there is."""

from collections import Counter
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from orderboard.database import db, reading
from orderboard.figures.model import FigureCount, FigureKey, FigureRow, Generation
from orderboard.orders.queries import numbered

Json = dict[str, Any]


def counted(zone: str) -> Json:
    """What the tables of the figures should hold of the orders that there are."""
    with reading() as connection:
        orders = numbered(connection, 0, 1_000_000)
    rows, totals = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    refunded = Counter[tuple[str, ...]]()
    customers, products = Counter[str](), Counter[str]()
    requests = 0
    for order in orders:
        at = datetime.fromisoformat(order["created_at"]).astimezone(ZoneInfo(zone))
        for day in ("", at.strftime("%Y-%m-%d")):
            cell = (day, order["status"], order["type"], order["currency"], order["source"])
            rows[cell] += 1
            digits = {"JPY": 0, "KWD": 3}.get(order["currency"], 2)
            totals[cell] += round(float(order["total"]) * 10**digits)
            refunded[cell] += round(float(order["payment"]["refunded"]) * 10**digits)
        who = order["customer"]
        customers[(who["email"] or who["phone"] or who["name"]).casefold()] += 1
        products.update(line["sku"] for line in order["items"] if line["sku"])
        requests += order["cancellation_request"] is not None
    counts = {
        "customers": len(customers),
        "products": len(products),
        "cancellation_requests": requests,
    }
    return {
        "rows": {cell: (number, totals[cell], refunded[cell]) for cell, number in rows.items()},
        "keys": {("customers", k): n for k, n in customers.items()}
        | {("products", k): n for k, n in products.items()},
        "counts": {name: number for name, number in counts.items() if number},
    }


def kept() -> Json:
    """What the tables of the figures do hold, without what has come to nothing."""
    with reading() as connection:
        current = connection.execute(
            sa.select(Generation.id).where(Generation.is_current)
        ).scalar_one()
        rows = connection.execute(sa.select(FigureRow.__table__)).all()
        keys = connection.execute(sa.select(FigureKey.__table__)).all()
        counts = connection.execute(sa.select(FigureCount.__table__)).all()
    return {
        "rows": {
            (r.day, r.status, r.type, r.currency, r.channel): (r.orders, r.total, r.refunded)
            for r in rows
            if r.generation == current and (r.orders or r.total or r.refunded)
        },
        "keys": {(k.kind, k.key): k.occurrences for k in keys if k.generation == current},
        "counts": {c.name: c.value for c in counts if c.generation == current and c.value},
    }


def generations() -> set[int]:
    """The generations of which anything is there."""
    with db.engine.connect() as connection:
        found: set[int] = set()
        for table in (Generation, FigureRow, FigureKey, FigureCount):
            column = Generation.id if table is Generation else table.__table__.c.generation
            found |= {int(number) for (number,) in connection.execute(sa.select(column).distinct())}
        return found
