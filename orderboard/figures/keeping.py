"""Keeping the figures in step: the work done in the transaction of each new event."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
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
from orderboard.jsontext import dump
from orderboard.statements import Statement

Json = dict[str, Any]
_generations, _rows = Generation.__table__, FigureRow.__table__
_keys, _counts = FigureKey.__table__, FigureCount.__table__
_AT_ONCE = 500
_current = Statement(
    sa.select(_generations.c.id, _generations.c.zone).where(_generations.c.is_current)
)
_forget = Statement(
    sa.delete(_keys).where(
        _keys.c.generation == sa.bindparam("of_generation"),
        _keys.c.kind == sa.bindparam("of_kind"),
        _keys.c.key == sa.bindparam("of_key"),
    )
)


def keeper(zone: str) -> InStep:
    """The work that keeps the figures; ``zone`` is the shop's time zone."""
    return partial(_keep, ZoneInfo(zone))


def current(connection: Connection, zone: ZoneInfo) -> tuple[int, ZoneInfo]:
    """The generation that is in force, and the zone of its days: the shop's where none is noted."""
    ((generation, noted),) = _current.run(connection, {})
    return generation, ZoneInfo(noted) if noted else zone


def take_in(delta: Delta, event: Event, zone: ZoneInfo) -> None:
    """Add what an event changes to a delta."""
    order = event.about_its_order
    if order is None:
        return
    if event.type == "order.created":
        delta.add(order, zone)
    else:
        delta.change(order, event.was, zone)


def write(connection: Connection, generation: int, delta: Delta) -> None:
    """Add a delta to a generation. Nobody else may write to it at the same time."""
    rows = [
        {
            "generation": generation,
            **cell._asdict(),
            "orders": orders,
            "total": delta.totals[cell],
            "refunded": delta.refunded[cell],
        }
        for cell, orders in delta.orders.items()
        if orders or delta.totals[cell] or delta.refunded[cell]
    ]
    _add_rows[connection.dialect.name].run_many(connection, rows)
    counts = _write_keys(connection, generation, delta.keys)
    counts[REQUESTS] += delta.requests
    named = [{"generation": generation, "name": n, "value": v} for n, v in counts.items() if v]
    _add_counts[connection.dialect.name].run_many(connection, named)


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
    gone: list[Json] = []
    for some in _pieces((kind, key, by) for (kind, key), by in keys.items() if by):
        adding = _add_keys[connection.dialect.name]
        rows = adding.run(connection, {"generation": generation, "keys": dump(some)})
        for kind, key, now in rows:
            grown[kind] += (now == keys[kind, key]) - (now == 0)
            if now == 0:
                gone.append({"of_generation": generation, "of_kind": kind, "of_key": key})
    _forget.run_many(connection, gone)
    return grown


def _pieces(keys: Iterable[tuple[str, str, int]]) -> Iterator[list[tuple[str, str, int]]]:
    rest = iter(keys)
    while piece := list(islice(rest, _AT_ONCE)):
        yield piece


def _adding(table: Any, numbers: tuple[str, ...]) -> Mapping[str, Statement]:
    """By dialect: inserts a row, or adds its numbers to those of the row that is there."""
    found = {}
    for dialect, insert in (("postgresql", postgresql.insert), ("sqlite", sqlite.insert)):
        statement = insert(table)
        found[dialect] = Statement(
            statement.on_conflict_do_update(
                index_elements=list(table.primary_key.columns),
                set_={name: table.c[name] + statement.excluded[name] for name in numbers},
            )
        )
    return found


def _adding_keys(given: str) -> Statement:
    """The same for all keys of a piece, a list of (kind, key, by how many); answers what is now.

    One statement: on PostgreSQL each of its own would be a way to the server and back.
    """
    return Statement(
        sa.text(
            "INSERT INTO figure_keys (generation, kind, key, occurrences)"
            f" SELECT :generation, {given} WHERE true"
            " ON CONFLICT (generation, kind, key)"
            " DO UPDATE SET occurrences = figure_keys.occurrences + excluded.occurrences"
            " RETURNING kind, key, occurrences"
        )
    )


_add_rows = _adding(_rows, ("orders", "total", "refunded"))
_add_counts = _adding(_counts, ("value",))
_add_keys = {
    "sqlite": _adding_keys(
        "json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')"
        " FROM json_each(:keys)"
    ),
    "postgresql": _adding_keys(
        "value->>0, value->>1, CAST(value->>2 AS bigint)"
        " FROM json_array_elements(CAST(:keys AS json))"
    ),
}
