"""The analytics counted from the orders, one after the other, in the plainest way there is."""

import json
import math
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from orderboard.analytics.keeping import consumer
from orderboard.analytics.model import AnalyticsCell, AnalyticsGeneration, AnalyticsOrder
from orderboard.consumers import positions
from orderboard.consumers.running import Worker
from orderboard.database import reading
from orderboard.orders.queries import numbered

Json = dict[str, Any]
_TIMES = {"accept": "processing", "ready": "ready", "ship": "shipped", "deliver": "delivered"}
_GRAINS = ("%Y-%m-%d %H %z", "%Y-%m-%d", "%Y-%m")


def catch_up(zone: str = "UTC") -> None:
    """Have the analytics say what the orders say. Needs the app's context."""
    positions.register(["analytics"])
    worker = Worker(consumer(zone))
    while worker.step() is not None:
        pass


def counted(zone: str) -> Json:
    """What the sums should be of the orders that there are: by hour, day or month."""
    with reading() as connection:
        orders = numbered(connection, 0, 1_000_000)
    sums: dict[tuple[str, ...], Counter[int]] = {}
    for order in orders:
        at = datetime.fromisoformat(order["created_at"])
        there = at.astimezone(ZoneInfo(zone))
        for grain in _GRAINS:
            for key, numbers in _parts(order, at):
                cell = sums.setdefault((there.strftime(grain), *key), Counter())
                cell.update(dict(enumerate(numbers)))
    return {cell: (n[0], n[1], n[2]) for cell, n in sums.items()}


def _parts(order: Json, at: datetime) -> list[tuple[tuple[str, str, str], tuple[int, int, int]]]:
    currency, status = order["currency"], order["status"]
    digits = {"JPY": 0, "KWD": 3}.get(currency, 2)
    refunds = round(float(order["payment"]["refunded"]) * 10**digits)
    is_off = status in ("cancelled", "declined", "returned")
    money = (1, 0 if is_off else round(float(order["total"]) * 10**digits) - refunds, refunds)
    found = [
        (("total", "", currency), money),
        (("status", status, currency), money),
        (("type", order["type"], currency), money),
        (("channel", order.get("channel") or "", currency), money),
    ]
    if status in ("cancelled", "declined"):
        found.append((("reason", order["cancel_reason"] or "", ""), (1, 0, 0)))
    for kind, step in _TIMES.items():
        if step in order["times"]:
            took = datetime.fromisoformat(order["times"][step]) - at
            seconds = round(took.total_seconds())
            bucket = 0 if seconds < 1 else 1 + math.floor(math.log(seconds, 1.04) + 1e-12)
            found.append(((kind, str(bucket), ""), (1, seconds, 0)))
    lines: dict[str, Counter[str]] = {}
    for line in order["items"] if not is_off else ():
        key = "s" + line["sku"] if line["sku"] else "n" + line["name"]
        amount = round(float(line["total"]) * 10**digits)
        each = lines.setdefault(key, Counter())
        each.update(amount=amount, quantity=round(float(line["quantity"]) * 1000))
    found += [
        (("product", key, currency), (1, n["amount"], n["quantity"])) for key, n in lines.items()
    ]
    return found


def kept(zone: str) -> Json:
    """What the sums are."""
    with reading() as connection:
        current = connection.execute(
            sa.select(AnalyticsGeneration.id).where(AnalyticsGeneration.is_current)
        ).scalar_one()
        table = AnalyticsCell.__table__
        rows = connection.execute(sa.select(table).where(table.c.generation == current)).all()
    return {
        (_name(row, ZoneInfo(zone)), row.kind, row.key, row.currency): (
            row.orders,
            row.amount,
            row.extra,
        )
        for row in rows
    }


def _name(row: Any, zone: ZoneInfo) -> str:
    if row.grain == 0:
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=row.start)
        return at.astimezone(zone).strftime(_GRAINS[0])
    if row.grain == 1:
        return date.fromordinal(row.start).strftime(_GRAINS[1])
    return f"{row.start // 12}-{row.start % 12 + 1:02}"


def generations() -> set[int]:
    """The generations of which anything is there."""
    with reading() as connection:
        tables = (AnalyticsCell, AnalyticsOrder)
        found = {*connection.execute(sa.select(AnalyticsGeneration.id)).scalars()}
        for table in tables:
            column = table.__table__.c.generation
            found |= {*connection.execute(sa.select(column).distinct()).scalars()}
    return found


def facts() -> list[Any]:
    """The facts that are kept of orders."""
    with reading() as connection:
        rows = connection.execute(sa.select(AnalyticsOrder.__table__.c.facts)).scalars()
        return [json.loads(row) for row in rows]
