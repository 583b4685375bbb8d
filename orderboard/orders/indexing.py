"""The index of the search: kept in each order's own transaction, and made anew on request.

On SQLite it is FTS5's, on PostgreSQL a GIN index over the same rows of three letters. That one is
made of a function of our own: pg_trgm would leave out punctuation, and in some locales all letters
but ASCII's, and needs an extension that not everybody may create.
"""

from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from orderboard.database import reading
from orderboard.events import log
from orderboard.events.event import Event
from orderboard.orders import marked, queries
from orderboard.orders.model import OrderText, SearchState
from orderboard.orders.searching import text_of
from orderboard.statements import Statement

Json = dict[str, Any]
VERSION = 1
"""Of the texts: another one has all of them made anew at the next start."""
_texts, _state = OrderText.__table__, SearchState.__table__
_SEEN = frozenset(
    {"customer", "address", "billing_address", "items", "external_id", "display_number"}
)
"""The fields of an order that its text is made of."""
_PIECE = 200
_index = Statement(sa.text("INSERT INTO order_grams (rowid, text) VALUES (:number, :text)"))
_unindex = Statement(
    sa.text("INSERT INTO order_grams (order_grams, rowid, text) VALUES ('delete', :number, :text)")
)
_insert = Statement(sa.insert(_texts))
_change = sa.update(_texts).where(_texts.c.number == sa.bindparam("of"))
_change = _change.values(text=sa.bindparam("now"))
_known = sa.select(_texts).where(_texts.c.number.in_(sa.bindparam("numbers", expanding=True)))


def keep(connection: Connection, events: list[Event]) -> None:
    """Note what new events change; to be done in their transaction."""
    new: dict[int, Json] = {}
    changed: dict[int, Json] = {}
    for event in events:
        order = event.about_its_order
        if order is None:
            continue
        if event.type == "order.created" or order["number"] in new:
            new[order["number"]] = order
        elif not _SEEN.isdisjoint(event.was):
            changed[order["number"]] = order
    _add(connection, {number: text_of(order) for number, order in new.items()})
    if changed:
        put(connection, changed.values())


def put(connection: Connection, orders: Iterable[Json]) -> None:
    """Have some orders found by what they are now; nobody else may put the same at once."""
    texts = {order["number"]: text_of(order) for order in orders}
    known = {row.number: row.text for row in connection.execute(_known, {"numbers": [*texts]})}
    other = {n: text for n, text in texts.items() if n in known and known[n] != text}
    if other:
        if connection.dialect.name == "sqlite":
            _unindex.run_many(connection, [{"number": n, "text": known[n]} for n in other])
            _index.run_many(connection, [{"number": n, "text": t} for n, t in other.items()])
        connection.execute(_change, [{"of": n, "now": text} for n, text in other.items()])
    _add(connection, {n: text for n, text in texts.items() if n not in known})


def _add(connection: Connection, texts: dict[int, str]) -> None:
    rows = [{"number": number, "text": text} for number, text in texts.items()]
    _insert.run_many(connection, rows)
    if connection.dialect.name == "sqlite":
        _index.run_many(connection, rows)


def ensure(progress: Callable[[int], None] = lambda _: None) -> None:
    """Put all orders that an older version has left out; goes on where it was broken off."""
    with reading() as connection:
        state = connection.execute(sa.select(_state)).one()
    if state.version != VERSION:
        _put_all(state.reached, progress)


def rebuild(progress: Callable[[int], None] = lambda _: None) -> None:
    """Put all orders anew, while the shop is open. Needs the app's context.

    ``progress`` is told how many have been put.
    """
    with log.transaction() as tx:
        tx.execute(sa.update(_state).values(version=0, reached=0))
    _put_all(0, progress)


def _put_all(reached: int, progress: Callable[[int], None]) -> None:
    done, more = 0, True
    while more:
        with log.transaction() as tx:
            log.hold_head(tx)  # whoever changes one of these orders does so before or after
            orders = queries.numbered(tx.connection, reached, _PIECE)
            put(tx.connection, orders)
            marked.put(tx.connection, orders)
            # Orders that are placed from here on are put when they are placed.
            more = len(orders) == _PIECE
            reached = orders[-1]["number"] if more else 0
            values = {"reached": reached} if more else {"reached": 0, "version": VERSION}
            tx.execute(sa.update(_state).values(**values))
        done += len(orders)
        progress(done)
