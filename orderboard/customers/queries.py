"""Reading customers: one, many by search and page, and the one whom an order is from."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from orderboard.clock import rfc3339
from orderboard.customers.finding import Place, find
from orderboard.customers.keeping import ids_of_keys, other_keys
from orderboard.customers.model import Customer, CustomerErasure, CustomerOrder, CustomerSum
from orderboard.database import reading
from orderboard.errors import NotFound
from orderboard.events.log import Head, head_in
from orderboard.money import to_text
from orderboard.orders import queries as orders
from orderboard.orders.contacts import contacts_of

Json = dict[str, Any]
_customers, _sums, _shares = Customer.__table__, CustomerSum.__table__, CustomerOrder.__table__
_erasures = CustomerErasure.__table__
_newest_first = (_shares.c.at.desc(), _shares.c.number.desc())
_MOST_COUNTED = 1000
"""Orders behind one that are counted to say the how manieth it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which customers to list, and how sorted. ``currency``: of the sums that are sorted by."""

    q: str = ""
    sort: str = "-last_seen"
    currency: str
    after: tuple[Any, int] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Some customers, where the next page goes on, and how far the log was before."""

    customers: list[Json]
    next: Place | None
    head: Head


@dataclass(frozen=True, slots=True)
class History:
    """A customer with some of their orders, newest first, and where the next of them are."""

    customer: Json
    orders: list[Json]
    next: Place | None


def page(wanted: Filter) -> Page:
    """A page of customers. Sorted by sums it has those only who have ordered in that currency."""
    after = Place(*wanted.after) if wanted.after else None
    with reading(at_one_moment=True, long=True) as connection:
        head = head_in(connection)
        places = find(
            connection, wanted.q, wanted.sort, wanted.currency, after, limit=wanted.limit + 1
        )
        here = places[: wanted.limit]
        found = _snapshots(connection, [place.number for place in here])
    more = len(places) > wanted.limit
    return Page(found, here[-1] if more else None, head)


def get(public_id: str) -> Json:
    """One customer. Raises NotFound."""
    with reading() as connection:
        return _snapshots(connection, [id_of(connection, public_id)])[0]


def history(public_id: str, after: tuple[Any, int] | None, limit: int) -> History:
    """One customer with a page of their orders. Raises NotFound."""
    with reading(at_one_moment=True, long=True) as connection:
        customer_id = id_of(connection, public_id)
        mine = sa.select(_shares.c.at, _shares.c.number)
        mine = mine.where(_shares.c.customer_id == customer_id).order_by(*_newest_first)
        if after:
            mine = mine.where(sa.tuple_(_shares.c.at, _shares.c.number) < sa.tuple_(*after))
        places = [Place(*row) for row in connection.execute(mine.limit(limit + 1))]
        here = places[:limit]
        by_number = {
            order["number"]: order
            for order in orders.of_numbers(connection, [place.number for place in here])
        }
        found = [by_number[place.number] for place in here if place.number in by_number]
        customer = _snapshots(connection, [customer_id])[0]
    return History(customer, found, here[-1] if len(places) > limit else None)


def of_order(order_id: str) -> Json:
    """Whose an order is: ``{customer, ordinal, previous}``. Raises NotFound.

    ``ordinal`` 4: it is their fourth; None where more than a thousand came after it. ``previous``
    is the order of theirs before it, or None. While the record is behind, all of them are None.
    """
    with reading(at_one_moment=True) as connection:
        number = orders.numbers_of(connection, [order_id]).get(order_id)
        if number is None:
            raise NotFound("There is no such order.")
        mine = sa.select(_shares).where(_shares.c.number == number)
        share = connection.execute(mine).first()
        if share is None:
            return {"customer": None, "ordinal": None, "previous": None}
        customer = _snapshots(connection, [share.customer_id])[0]
        theirs = sa.select(_shares.c.number).where(_shares.c.customer_id == share.customer_id)
        place = sa.tuple_(_shares.c.at, _shares.c.number)
        here = sa.tuple_(share.at, share.number)
        later = connection.execute(theirs.where(place > here).limit(_MOST_COUNTED + 1)).all()
        before = theirs.where(place < here).order_by(*_newest_first).limit(1)
        previous = orders.of_numbers(connection, connection.execute(before).scalars())
    counted = len(later) <= _MOST_COUNTED
    return {
        "customer": customer,
        "ordinal": customer["orders_count"] - len(later) if counted else None,
        "previous": previous[0] if previous else None,
    }


def keys_of(connection: Connection, customer_id: int) -> list[str]:
    """All keys of a customer: its own first, then those of who was merged into it."""
    own = sa.select(_customers.c.key).where(_customers.c.id == customer_id)
    return [
        *connection.execute(own).scalars(),
        *other_keys(connection, [customer_id])[customer_id],
    ]


def keys_with(connection: Connection, key: str) -> list[str]:
    """All keys of the customer whose key this is; itself alone, where no record has it."""
    customer_id = ids_of_keys(connection, [key]).get(key)
    return [key] if customer_id is None else keys_of(connection, customer_id)


def some_orders(connection: Connection, keys: Collection[str], limit: int) -> list[str] | None:
    """The ids of some orders of the customers whose keys these are; None where they have no more.

    Those are left out that are somebody else's by now, which the records do not know yet.
    """
    ids = {*ids_of_keys(connection, keys).values()}
    theirs = sa.select(_shares.c.number).where(_shares.c.customer_id.in_(ids)).limit(limit)
    numbers = connection.execute(theirs).scalars().all()
    if not numbers:
        return None
    found = contacts_of(connection, numbers)
    mine = [number for number in numbers if found[number]["customer_key"] in keys]
    return orders.ids_of(connection, mine)


def id_of(connection: Connection, public_id: str) -> int:
    """The number of a customer. Raises NotFound."""
    mine = sa.select(_customers.c.id).where(_customers.c.public_id == public_id)
    found = connection.execute(mine).scalar()
    if found is None:
        raise NotFound("There is no such customer.")
    return int(found)


def _snapshots(connection: Connection, ids: Sequence[int]) -> list[Json]:
    """Some customers as they are told, in this order."""
    some = sa.select(_customers).where(_customers.c.id.in_(ids))
    rows = {row["id"]: row for row in connection.execute(some).mappings()}
    sums, others = _sums_of(connection, ids), other_keys(connection, ids)
    public_ids = [row["public_id"] for row in rows.values()]
    wished = sa.select(_erasures.c.public_id).where(_erasures.c.public_id.in_(public_ids))
    erasing = {*connection.execute(wished).scalars()}
    return [
        {
            "id": rows[n]["public_id"],
            **{part: rows[n][part] for part in ("name", "company", "email", "phone")},
            "also": others[n],
            "orders_count": rows[n]["orders"],
            "sums": sums[n],
            "first_seen": rfc3339(rows[n]["first_seen"]),
            "last_seen": rfc3339(rows[n]["last_seen"]),
            "erasing": rows[n]["public_id"] in erasing,
        }
        for n in ids
        if n in rows
    ]


def _sums_of(connection: Connection, ids: Collection[int]) -> dict[int, list[Json]]:
    theirs = sa.select(_sums).where(_sums.c.customer_id.in_([*ids]))
    found: dict[int, list[Json]] = {n: [] for n in ids}
    for row in connection.execute(theirs.order_by(_sums.c.orders.desc(), _sums.c.currency)):
        total = to_text(row.revenue, row.currency)
        found[row.customer_id].append(
            {"currency": row.currency, "orders": row.orders, "total": total}
        )
    return found
