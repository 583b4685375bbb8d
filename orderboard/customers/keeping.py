"""Keeping the records of customers: a consumer of the log.

An event only says which order to look at: what counts is the order as it is now, and what of it
was taken in before. So taking one in again does no harm, and thinned events do as well as whole
ones: ``orderboard consumers rewind customers 0`` makes all records anew.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from ulid import ULID

from orderboard.consumers.consumer import Consumer
from orderboard.customers import indexing
from orderboard.customers.model import Customer, CustomerAlias, CustomerOrder, CustomerSum
from orderboard.customers.searching import text_of
from orderboard.events.event import Event
from orderboard.events.log import Transaction
from orderboard.orders.contacts import contacts, contacts_of

Json = dict[str, Any]
_customers, _sums, _shares = Customer.__table__, CustomerSum.__table__, CustomerOrder.__table__
_aliases = CustomerAlias.__table__
_GATHER = 1.0
"""Seconds. Of ten orders a second each would otherwise be a transaction with a sync of its own, and
cost 5 ms of CPU here, as much as placing it; together they cost 1.2 ms each."""
_BATCH = 40
"""Events at a time: about 5 ms on SQLite and 10 on PostgreSQL, for which whoever writes waits. Some
of it a batch costs however small it is, so while many orders come it should not be small.
"""
_CELL = ("customer_id", "currency")
_CONTACT = ("name", "company", "email", "phone")


def _some(name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(name, expanding=True)


# Built once: putting a statement together costs more than running it.
_shares_of = sa.select(_shares).where(_shares.c.number.in_(_some("numbers")))
_drop_shares = sa.delete(_shares).where(_shares.c.number.in_(_some("numbers")))
_add_shares, _add_customer = sa.insert(_shares), sa.insert(_customers).returning(_customers.c.id)
_keys = sa.union_all(
    sa.select(_customers.c.key, _customers.c.id).where(_customers.c.key.in_(_some("keys"))),
    sa.select(_aliases.c.key, _aliases.c.customer_id).where(_aliases.c.key.in_(_some("keys"))),
)
_aliases_of = sa.select(_aliases).where(_aliases.c.customer_id.in_(_some("ids")))
_aliases_of = _aliases_of.order_by(_aliases.c.key)
_drop_sums = sa.delete(_sums).where(_sums.c.customer_id.in_(_some("ids")), _sums.c.orders == 0)
_change = sa.update(_customers).where(_customers.c.id == sa.bindparam("of_id"))
_change = _change.values(
    {name: sa.bindparam(name) for name in ("orders", "first_seen", "last_seen", *_CONTACT)}
)


def _adding(insert: Any) -> sa.Executable:
    statement = insert(_sums)
    add = {name: _sums.c[name] + statement.excluded[name] for name in ("orders", "revenue")}
    found: sa.Executable = statement.on_conflict_do_update(index_elements=_CELL, set_=add)
    return found


_add_sums = {"postgresql": _adding(postgresql.insert), "sqlite": _adding(sqlite.insert)}


def _facts() -> sa.Select[Any]:
    """What follows for some customers from their orders."""
    theirs = _shares.c.customer_id == _customers.c.id
    newest = sa.select(_shares.c.number).where(theirs)
    newest = newest.order_by(_shares.c.at.desc(), _shares.c.number.desc()).limit(1)
    summed = sa.select(sa.func.sum(_sums.c.orders)).where(_sums.c.customer_id == _customers.c.id)
    return sa.select(
        _customers.c.id,
        newest.scalar_subquery().label("newest"),
        sa.select(sa.func.min(_shares.c.at)).where(theirs).scalar_subquery().label("first_seen"),
        sa.select(sa.func.max(_shares.c.at)).where(theirs).scalar_subquery().label("last_seen"),
        summed.scalar_subquery().label("orders"),
    ).where(_customers.c.id.in_(_some("ids")))


_facts_of = _facts()


def take_in(tx: Transaction, events: Sequence[Event]) -> None:
    """Bring the records up to date with the orders that some events are about."""
    refresh(tx, {event.order_id for event in events if event.order_id})


CUSTOMERS = Consumer(
    name="customers", apply=take_in, topic="board", needs_data=False, gather=_GATHER, batch=_BATCH
)


def refresh(tx: Transaction, order_ids: Collection[str]) -> None:
    """Bring the records up to date with some orders. Only one transaction at a time may do this."""
    orders = contacts(tx.connection, order_ids)
    ids = _ids(tx, orders)
    now = {order["number"]: _share(order, ids[order["customer_key"]]) for order in orders}
    known = tx.execute(_shares_of, {"numbers": list(now)}).mappings()
    before = {row["number"]: dict(row) for row in known}
    changed = [number for number, share in now.items() if share != before.get(number)]
    old = [before[number] for number in changed if number in before]
    new = [now[number] for number in changed]
    if new:
        if old:
            tx.execute(_drop_shares, {"numbers": [share["number"] for share in old]})
        tx.execute(_add_shares, new)
        _add_up(tx, old, new)
    complete(tx, {share["customer_id"] for share in (*before.values(), *now.values())})


def _share(order: Json, customer_id: int) -> Json:
    return {
        "number": order["number"],
        "customer_id": customer_id,
        "currency": order["currency"],
        "revenue": order["revenue"],
        "at": order["created_at"],
    }


def ids_of_keys(connection: Connection, keys: Collection[str]) -> dict[str, int]:
    """The numbers of the customers whose keys these are, as far as they are known."""
    return {row.key: row.id for row in connection.execute(_keys, {"keys": [*keys]})}


def other_keys(connection: Connection, customer_ids: Collection[int]) -> dict[int, list[str]]:
    """Of each of some customers the keys of those who were merged into it."""
    found: dict[int, list[str]] = {customer_id: [] for customer_id in customer_ids}
    for row in connection.execute(_aliases_of, {"ids": [*customer_ids]}):
        found[row.customer_id].append(row.key)
    return found


def _ids(tx: Transaction, orders: Iterable[Json]) -> dict[str, int]:
    """The numbers of these orders' customers; those who are new get one."""
    first = {order["customer_key"]: order for order in orders}
    ids = ids_of_keys(tx.connection, first)
    for key, order in first.items():
        if key not in ids:
            moment = order["created_at"]
            row = {"key": key, "name": "", "orders": 0, "first_seen": moment, "last_seen": moment}
            row["public_id"] = f"cus_{ULID()}"
            ids[key] = tx.execute(_add_customer, row).scalar_one()
    return ids


def _add_up(tx: Transaction, old: Iterable[Json], new: Iterable[Json]) -> None:
    """Take what orders were out of the sums, and put what they are in."""
    orders, revenue = Counter[tuple[int, str]](), Counter[tuple[int, str]]()
    for shares, sign in ((old, -1), (new, 1)):
        for share in shares:
            cell = share["customer_id"], share["currency"]
            orders[cell] += sign
            revenue[cell] += sign * share["revenue"]
    rows = [
        dict(zip(_CELL, cell, strict=True)) | {"orders": n, "revenue": revenue[cell]}
        for cell, n in orders.items()
    ]
    add_to_sums(tx, rows)
    tx.execute(_drop_sums, {"ids": [*{customer_id for customer_id, _ in orders}]})


def add_to_sums(tx: Transaction, rows: Sequence[Json]) -> None:
    """Add orders and revenue to those that stand there for a customer and a currency."""
    tx.execute(_add_sums[tx.connection.dialect.name], rows)


def complete(tx: Transaction, customer_ids: Collection[int]) -> None:
    """Give customers what follows from their orders; those without any go."""
    found = tx.execute(_facts_of, {"ids": list(customer_ids)}).mappings().all()
    said = contacts_of(tx.connection, [row["newest"] for row in found if row["newest"]])
    gone = [row["id"] for row in found if row["newest"] is None]
    rows = [
        {"of_id": row["id"]}
        | {name: row[name] for name in ("orders", "first_seen", "last_seen")}
        | {part: said[row["newest"]][f"customer_{part}"] for part in _CONTACT}
        for row in found
        if row["newest"] is not None
    ]
    if rows:
        tx.execute(_change, rows)
        others = other_keys(tx.connection, [row["of_id"] for row in rows])
        indexing.put(tx, {row["of_id"]: text_of(row, others[row["of_id"]]) for row in rows})
    if gone:
        remove(tx, gone)


def remove(tx: Transaction, customer_ids: Collection[int]) -> None:
    """Take out customers who have no orders any more."""
    indexing.remove(tx, customer_ids)
    tx.execute(sa.delete(_aliases).where(_aliases.c.customer_id.in_(customer_ids)))
    tx.execute(sa.delete(_customers).where(_customers.c.id.in_(customer_ids)))
