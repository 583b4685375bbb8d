"""Keeping the figures in step: the work done in the transaction of each new event."""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, partial
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from orderboard.events.event import Event
from orderboard.events.log import InStep
from orderboard.figures.delta import CUSTOMERS, REQUESTS, Delta
from orderboard.figures.model import FigureCount, FigureKey, FigureRow, Generation

Json = dict[str, Any]
_generations, _rows = Generation.__table__, FigureRow.__table__
_keys, _counts = FigureKey.__table__, FigureCount.__table__
_AT_ONCE = 500
_current = sa.select(_generations.c.id, _generations.c.zone).where(_generations.c.is_current)
_known = sa.select(_keys.c.key, _keys.c.occurrences).where(
    _keys.c.generation == sa.bindparam("generation"),
    _keys.c.kind == sa.bindparam("kind"),
    _keys.c.key.in_(sa.bindparam("keys", expanding=True)),
)
_forget = sa.delete(_keys).where(
    _keys.c.generation == sa.bindparam("of_generation"),
    _keys.c.kind == sa.bindparam("of_kind"),
    _keys.c.key == sa.bindparam("of_key"),
)


def keeper(zone: str) -> InStep:
    """The work that keeps the figures; ``zone`` is the shop's time zone."""
    return partial(_keep, ZoneInfo(zone))


def current(connection: Connection, zone: ZoneInfo) -> tuple[int, ZoneInfo]:
    """The generation that is in force, and the zone of its days: the shop's where none is noted."""
    found = connection.execute(_current).one()
    return found.id, ZoneInfo(found.zone) if found.zone else zone


def take_in(delta: Delta, event: Event, zone: ZoneInfo) -> None:
    """Add what an event changes to a delta."""
    order = event.data
    if order is None or event.order_id != order.get("id"):
        return  # it carries something else than an order
    if event.type == "order.created":
        delta.add(order, zone)
    else:
        delta.change(order, event.was, zone)


def write(connection: Connection, generation: int, delta: Delta) -> None:
    """Add a delta to a generation. Nobody else may write to it at the same time."""
    rows = [
        {"generation": generation, **cell._asdict(), "orders": orders, "total": delta.totals[cell]}
        for cell, orders in delta.orders.items()
        if orders or delta.totals[cell]
    ]
    _add(connection, _rows, rows, ("orders", "total"))
    counts = _write_keys(connection, generation, delta.keys)
    counts[REQUESTS] += delta.requests
    named = [{"generation": generation, "name": n, "value": v} for n, v in counts.items() if v]
    _add(connection, _counts, named, ("value",))


def rename_customer(connection: Connection, shop_zone: ZoneInfo, old: str, new: str) -> None:
    """Count one order as another customer's, although no event says so. Needs the log's head held.

    A rebuild that is under way has perhaps counted it already, and is told to begin again.
    """
    generation, _ = current(connection, shop_zone)
    delta = Delta()
    delta.keys[CUSTOMERS, old] -= 1
    delta.keys[CUSTOMERS, new] += 1
    write(connection, generation, delta)
    connection.execute(sa.delete(_generations).where(~_generations.c.is_current))


def _keep(shop_zone: ZoneInfo, connection: Connection, events: list[Event]) -> None:
    if not any(event.order_id for event in events):
        return
    generation, zone = current(connection, shop_zone)
    delta = Delta()
    for event in events:
        take_in(delta, event, zone)
    write(connection, generation, delta)


def _write_keys(
    connection: Connection, generation: int, keys: Counter[tuple[str, str]]
) -> Counter[str]:
    """Note how often keys occur; answers by how many the number of different ones has grown."""
    grown: Counter[str] = Counter()
    for kind, changed in _by_kind(keys):
        known: dict[str, int] = {}
        for some in _pieces(changed):
            wanted = {"generation": generation, "kind": kind, "keys": some}
            known |= {row.key: row.occurrences for row in connection.execute(_known, wanted)}
        now = {key: known.get(key, 0) + by for key, by in changed.items()}
        gone = [key for key, occurrences in now.items() if not occurrences and key in known]
        grown[kind] = sum(key not in known for key, number in now.items() if number) - len(gone)
        rows = [
            {"generation": generation, "kind": kind, "key": key, "occurrences": changed[key]}
            for key, occurrences in now.items()
            if occurrences
        ]
        _add(connection, _keys, rows, ("occurrences",))
        if gone:
            names = ({"of_generation": generation, "of_kind": kind, "of_key": key} for key in gone)
            connection.execute(_forget, list(names))
    return grown


def _by_kind(keys: Counter[tuple[str, str]]) -> list[tuple[str, dict[str, int]]]:
    kinds: dict[str, dict[str, int]] = {}
    for (kind, key), by in keys.items():
        if by:
            kinds.setdefault(kind, {})[key] = by
    return list(kinds.items())


def _pieces(keys: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(keys)
    while piece := list(islice(rest, _AT_ONCE)):
        yield piece


def _add(connection: Connection, table: Any, rows: list[Json], numbers: tuple[str, ...]) -> None:
    """Insert rows, or add their numbers to those of the rows that are there."""
    if rows:
        connection.execute(_adding(connection.dialect.name, table, numbers), rows)


@cache
def _adding(dialect: str, table: Any, numbers: tuple[str, ...]) -> sa.Executable:
    # Kept: putting it together costs more than running it.
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(table)
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={name: table.c[name] + statement.excluded[name] for name in numbers},
    )
