"""Keeping the analytics: a consumer of the log.

An event only says which order to look at: what counts is the order as it is now, and what of it
was taken in before. So taking one in again does no harm, and thinned events do as well as whole
ones. While a rebuild makes another generation, both are kept.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from orderboard.analytics import periods
from orderboard.analytics.facts import facts_of, names_of, sums_of
from orderboard.analytics.model import (
    AnalyticsCell,
    AnalyticsGeneration,
    AnalyticsName,
    AnalyticsOrder,
)
from orderboard.consumers.consumer import Consumer
from orderboard.events.event import Event
from orderboard.events.log import Transaction
from orderboard.jsontext import dump, load
from orderboard.orders.measures import measured

Json = dict[str, Any]
NAME = "analytics"
_GATHER, _BATCH = 1.0, 40
_generations, _cells = AnalyticsGeneration.__table__, AnalyticsCell.__table__
_taken, _names = AnalyticsOrder.__table__, AnalyticsName.__table__
_SUMS = ("orders", "amount", "extra")
_PLACE = tuple(column.name for column in _cells.primary_key.columns)
Totals = dict[tuple[int, int, str, str, str], list[int]]
"""By grain, start, kind, key and currency."""


def _some(name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(name, expanding=True)


def _upserts(table: sa.Table, key: Sequence[str], how: str) -> dict[str, Any]:
    """By dialect: inserts rows, and changes the others columns of those that are there."""
    found: dict[str, Any] = {}
    for name, insert in (("postgresql", postgresql.insert), ("sqlite", sqlite.insert)):
        statement = insert(table)
        new = {column.name: statement.excluded[column.name] for column in table.columns}
        set_ = {n: table.c[n] + v if how == "add" else v for n, v in new.items() if n not in key}
        found[name] = statement.on_conflict_do_update(index_elements=[*key], set_=set_)
    return found


# Built once: putting a statement together costs more than running it.
_all_generations = sa.select(_generations)
_taken_of = sa.select(_taken).where(
    _taken.c.generation == sa.bindparam("generation"), _taken.c.number.in_(_some("numbers"))
)
_put_cells = _upserts(_cells, _PLACE, "add")
_put_taken = _upserts(_taken, ("generation", "number"), "replace")
_put_names = _upserts(_names, ("sku",), "replace")
_empty = sa.delete(_cells).where(
    *(_cells.c[name] == sa.bindparam(f"of_{name}") for name in _PLACE), _cells.c.orders == 0
)


def consumer(zone: str) -> Consumer:
    """What keeps the analytics; ``zone`` is the shop's time zone."""
    apply = partial(_take_in, ZoneInfo(zone))
    return Consumer(
        name=NAME, apply=apply, topic="board", needs_data=False, gather=_GATHER, batch=_BATCH
    )


def zone_of(generation: Any, shop_zone: ZoneInfo) -> ZoneInfo:
    """The zone of a generation's hours and days."""
    return ZoneInfo(generation.zone) if generation.zone else shop_zone


def current(connection: Connection, shop_zone: ZoneInfo) -> tuple[int, ZoneInfo]:
    """The generation that is in force, and its zone."""
    row = connection.execute(_all_generations.where(_generations.c.is_current)).one()
    return row.id, zone_of(row, shop_zone)


def refresh(tx: Transaction, zone: ZoneInfo, order_ids: Collection[str]) -> None:
    """Bring the sums up to date with some orders. Only one transaction at a time may do this."""
    orders = measured(tx.connection, order_ids)
    for row in tx.execute(_all_generations).all():
        take(tx, row.id, zone_of(row, zone), orders)


def take(tx: Transaction, generation: int, zone: ZoneInfo, orders: Iterable[Json]) -> None:
    """Have a generation say of some orders what they are now. One transaction at a time."""
    now = {order["number"]: (order, dump(facts_of(order))) for order in orders}
    if not now:
        return
    asked = {"generation": generation, "numbers": [*now]}
    before = {row.number: row for row in tx.execute(_taken_of, asked)}
    totals: Totals = defaultdict(lambda: [0, 0, 0])
    rows, names = [], dict[str, str]()
    for number, (order, facts) in sorted(now.items()):
        old = before.get(number)
        hour = periods.hour_of(order["created_at"], zone)
        if old is not None and (old.hour, old.facts) == (hour, facts):
            continue
        if old is not None:
            _add(totals, old.hour, zone, load(old.facts), -1)
        _add(totals, hour, zone, load(facts), 1)
        names |= names_of(order)
        rows.append({"generation": generation, "number": number, "hour": hour, "facts": facts})
    _write(tx, generation, totals, rows, names)


def _add(totals: Totals, hour: int, zone: ZoneInfo, facts: Sequence[Any], times: int) -> None:
    sums = sums_of(facts)
    for grain, start in periods.grains(hour, zone):
        for key, added in sums.items():
            cell = totals[grain, start, *key]
            for place, number in enumerate(added):
                cell[place] += times * number


def _write(
    tx: Transaction, generation: int, totals: Totals, rows: Sequence[Json], names: dict[str, str]
) -> None:
    if not rows:
        return
    dialect = tx.connection.dialect.name
    tx.execute(_put_taken[dialect], rows)
    if names:
        tx.execute(_put_names[dialect], [{"sku": s, "name": n} for s, n in sorted(names.items())])
    changed = {place: sums for place, sums in totals.items() if any(sums)}
    cells: list[Json] = [
        {"generation": generation, "grain": grain, "start": start, "kind": kind, "key": key}
        | {"currency": currency, **dict(zip(_SUMS, sums, strict=True))}
        for (grain, start, kind, key, currency), sums in changed.items()
    ]
    if cells:
        tx.execute(_put_cells[dialect], cells)
    # What nothing is left of goes, and with it what somebody gave as a reason.
    less = [cell for cell in cells if cell["orders"] < 0]
    if less:
        tx.execute(_empty, [{f"of_{name}": cell[name] for name in _PLACE} for cell in less])


def _take_in(zone: ZoneInfo, tx: Transaction, events: Sequence[Event]) -> None:
    refresh(tx, zone, {event.order_id for event in events if event.order_id})
