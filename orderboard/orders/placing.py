"""Placing orders: from the shape of a new order to its rows and its first event."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

from orderboard import clock
from orderboard.catalogue import stock
from orderboard.errors import Conflict, Invalid
from orderboard.events.event import Actor
from orderboard.events.log import Transaction
from orderboard.orders import paying, rules, totals
from orderboard.orders.details import check_details
from orderboard.orders.due import due_in
from orderboard.orders.duplicates import first_of
from orderboard.orders.events import CREATED
from orderboard.orders.external_ids import ExternalIds
from orderboard.orders.lines import Line, rows_of
from orderboard.orders.model import Order, OrderLine
from orderboard.orders.new_order import Birth, NewOrder
from orderboard.orders.past import Course, course
from orderboard.orders.skus import check_known, skus_of, wanted
from orderboard.orders.snapshot import DETAILS, details_of, snapshot
from orderboard.statements import Statement

Json = dict[str, Any]
_orders, _lines = Order.__table__, OrderLine.__table__
_insert_orders, _insert_lines = Statement(sa.insert(_orders)), Statement(sa.insert(_lines))
_number_of = Statement(sa.select(_orders.c.number).where(_orders.c.id == sa.bindparam("id")))
_newest = Statement(sa.select(sa.func.coalesce(sa.func.max(_orders.c.number), sa.text("0"))))
_next_numbers = Statement(
    sa.select(sa.text("nextval(pg_get_serial_sequence('orders', 'number'))")).select_from(
        sa.func.generate_series(sa.text("1"), sa.bindparam("count", type_=sa.Integer))
    )
)


def place(
    tx: Transaction, order: NewOrder, actor: Actor, source: str, only_known: bool = False
) -> Json:
    """Place one order; answers its snapshot.

    Raises Invalid for amounts that do not come out and for a related order that is not there,
    Conflict (``order_id``) when the source has placed this ``external_id`` before, and OutOfStock
    (``sku``, ``available``) when not as much is left as is wanted. An id that a
    stranger gives is kept and means nothing to others.
    """
    (placed,) = place_many(tx, [(order, actor)], source, only_known)
    if isinstance(placed, Exception):
        raise placed
    return placed


def place_many(
    tx: Transaction,
    orders: Sequence[tuple[NewOrder, Actor]],
    source: str,
    only_known: bool = False,
) -> list[Json | Invalid | Conflict]:
    """Place the good ones of some orders; answers of each its snapshot, or what is wrong.

    ``only_known``: skus that are not in the catalogue are wrong.
    """
    drafts = _drafts(tx, orders, source, only_known)
    good = [draft for draft in drafts if isinstance(draft, _Draft)]
    new: dict[str, int] = {}
    for draft, number in zip(good, _numbers(tx, len(good)), strict=True):
        row = draft.row
        row["number"] = number
        if first := first_of(tx, row, draft.lines, new):
            row["details"] = {**(row["details"] or {}), "duplicate_of": first}
        new[row["id"]] = number
    tx.run_many(_insert_orders, [draft.row for draft in good])
    lines = (rows_of(draft.row["number"], draft.lines) for draft in good)
    tx.run_many(_insert_lines, list(chain.from_iterable(lines)))
    return [_record(tx, draft) if isinstance(draft, _Draft) else draft for draft in drafts]


def contact(customer: Json) -> Json:
    """The columns of a customer."""
    return {
        **{
            f"customer_{part}": customer.get(part) for part in ("name", "company", "email", "phone")
        },
        "customer_key": rules.customer_key(customer),
    }


def new_row(
    order: NewOrder, priced: totals.Priced, actor: Actor, source: str, birth: Birth
) -> Json:
    """The row of an order that has just been placed, but for its number. Pure.

    Raises Invalid for a past that no order could have had.
    """
    moment, came = birth.moment, _course(order, birth.moment)
    details = details_of(_given(order, DETAILS, _details)) | priced.extras
    check_details(details, priced.lines, moment, order.may_be_over)
    row: Json = {
        "id": birth.id,
        "track_token": birth.track_token,
        "source": source,
        "external_id": order.external_id,
        "type": order.type,
        "status": came.status,
        "times": {status: clock.rfc3339(at) for status, at in came.times.items()},
        **contact(order.customer),
        "currency": order.currency,
        "subtotal": priced.subtotal,
        "shipping": priced.shipping,
        "tax": priced.tax,
        "discount": priced.discount,
        "total": priced.total,
        "address": order.address,
        "payment_method": order.payment_method,
        "payment_status": "none" if order.payment_method == "none" else "due",
        "payments": paying.recorded_at_once(order.payments, order.currency, moment),
        "refunds": None,
        "details": details or None,
        "lines_given": None,
        "note": order.note,
        "related_order": order.related_order,
        "driver_id": None,
        "tracking": None,
        "place": None,
        "prints": None,
        "cancel_reason": None,
        "cancellation_request": None,
        "held_until": None,
        "version": 1,
        "created_at": came.placed_at,
        "updated_at": moment,
        "updated_by_kind": actor.kind,
        "updated_by_name": actor.name,
        "due_at": due_in(details, None, {}),
    }
    if row["payments"]:
        row["payment_status"] = paying.standing(row).status
    return row


def _course(order: NewOrder, now: datetime) -> Course:
    if order.happened_elsewhere:
        return course(order.placed_at, order.status, order.times, now)
    return Course(now, "pending", {"pending": now})


_details, _amounts = attrgetter(*DETAILS), attrgetter(*totals.AMOUNTS)


def _given(order: NewOrder, names: Sequence[str], all_of: Callable[[Any], Any]) -> Json:
    """Those of an order's fields that say something; ``all_of`` gets them all."""
    return {name: value for name, value in zip(names, all_of(order), strict=True) if value}


class _Draft(NamedTuple):
    """An order that is good and has no number yet."""

    row: Json
    lines: Sequence[Line]
    actor: Actor


def _drafts(
    tx: Transaction, orders: Sequence[tuple[NewOrder, Actor]], source: str, only_known: bool
) -> list[_Draft | Invalid | Conflict]:
    drafts: list[_Draft | Invalid | Conflict] = []
    ids = ExternalIds(tx, source)
    skus = skus_of(item for order, _ in orders for item in order.items)
    known = stock.known(tx, skus) if only_known else skus
    counted = stock.Counted(tx, skus)
    for order, actor in orders:
        try:
            priced = _priced(order)
            check_known(order.items, known)
            row = new_row(order, priced, actor, source, Birth.now())
            ids.check(order.external_id)
            _check_related(tx, order)
            if order.type not in rules.INBOUND and row["status"] in rules.PROMISES:
                counted.promise(row["id"], wanted(priced.lines), actor)
        except (Invalid, Conflict) as error:
            drafts.append(error)
            continue
        ids.take(order.external_id, row["id"])
        drafts.append(_Draft(row, priced.lines, actor))
    return drafts


def _priced(order: NewOrder) -> totals.Priced:
    return totals.price(order.items, _given(order, totals.AMOUNTS, _amounts), order.currency)


def _check_related(tx: Transaction, order: NewOrder) -> None:
    if order.related_order and not tx.run(_number_of, {"id": order.related_order}):
        raise Invalid({"related_order": "there is no order with this id"})


def _numbers(tx: Transaction, count: int) -> Sequence[int]:
    """The numbers of so many new orders; none is used up where they are not to be kept."""
    if tx.is_rehearsal:
        return range(count)
    if tx.connection.dialect.name == "postgresql":
        return [number for (number,) in tx.run(_next_numbers, {"count": count})]
    # As SQLite itself would: it has one writer at a time, and that is this transaction.
    ((newest,),) = tx.run(_newest, {})
    return range(newest + 1, newest + 1 + count)


def _record(tx: Transaction, draft: _Draft) -> Json:
    row = draft.row
    placed = snapshot(row, draft.lines, None)
    tx.record(CREATED, actor=draft.actor, data=placed, order_id=row["id"], at=row["updated_at"])
    return placed
