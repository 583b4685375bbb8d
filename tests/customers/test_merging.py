"""Two customers who turn out to be one, whatever happens before and after."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from orderboard.consumers import positions
from orderboard.customers import commands, queries
from orderboard.customers.keeping import CUSTOMERS
from orderboard.customers.model import Customer, CustomerAlias, CustomerOrder, CustomerText
from orderboard.customers.queries import Filter
from orderboard.database import db, reading
from orderboard.errors import Conflict
from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.orders.queries import numbered
from tests.consumers.support import place_some
from tests.customers.support import catch_up
from tests.customers.test_keeping import counted
from tests.figures.history import History

Json = dict[str, Any]
STAFF = Actor("staff", "Ada")
_customers, _aliases = Customer.__table__, CustomerAlias.__table__


@pytest.fixture(autouse=True)
def inside(app: Flask) -> Iterator[None]:
    """The app's context."""
    with app.app_context():
        positions.register([CUSTOMERS.name])
        yield


def merge(into: str, other: str) -> None:
    with log.transaction() as tx:
        commands.merge(tx, into, other, STAFF)


def everybody() -> list[Json]:
    return queries.page(Filter(currency="EUR", limit=10_000)).customers


def keys() -> dict[str, str]:
    """The key of each customer and of those merged into it → the customer's id."""
    own = sa.select(_customers.c.key, _customers.c.public_id)
    others = sa.select(_aliases.c.key, _customers.c.public_id)
    others = others.join(_customers, _customers.c.id == _aliases.c.customer_id)
    with reading() as connection:
        return {row.key: row.public_id for row in connection.execute(sa.union_all(own, others))}


def check() -> None:
    """Sums and counts of each customer are those of the orders of all its keys."""
    plain, whose = counted(), keys()
    assert plain.keys() <= whose.keys()
    for customer in everybody():
        theirs = [
            plain[key]
            for key, public_id in whose.items()
            if public_id == customer["id"] and key in plain
        ]
        assert customer["orders_count"] == sum(one["orders"] for one in theirs)
        assert customer["first_seen"] == min(one["seen"][0] for one in theirs)
        assert customer["last_seen"] == max(one["seen"][1] for one in theirs)
        for sum_ in customer["sums"]:
            cells = [one["sums"].get(sum_["currency"], (0, 0)) for one in theirs]
            assert sum_["orders"] == sum(orders for orders, _ in cells)
    with reading() as connection:
        texts = {*connection.execute(sa.select(CustomerText.customer_id)).scalars()}
        ids = {*connection.execute(sa.select(_customers.c.id)).scalars()}
    assert texts == ids, "each is found, and nobody else"


@pytest.mark.parametrize("seed", range(3))
def test_records_say_what_the_orders_say_however_customers_are_merged(seed: int) -> None:
    random = Random(seed)
    history = History(random)
    for _ in range(4):
        history.go_on(30)
        catch_up()
        into, other = random.sample([one["id"] for one in everybody()], 2)
        merge(into, other)
        check()
    positions.rewind(CUSTOMERS.name, 0, needs_data=False)
    catch_up()
    check()


def test_made_anew_from_the_beginning_they_stay_one() -> None:
    place_some(2, "Ada")
    place_some(3, "Bo")
    catch_up()
    ada, bo = (called(name) for name in ("Ada", "Bo"))
    merge(bo["id"], ada["id"])
    positions.rewind(CUSTOMERS.name, 0, needs_data=False)
    catch_up()
    (one,) = everybody()
    assert (one["id"], one["orders_count"], one["also"]) == (bo["id"], 5, ["ada"])


def called(name: str) -> Json:
    (found,) = [one for one in everybody() if one["name"] == name]
    return found


def test_who_was_merged_can_be_merged_on() -> None:
    for name in ("Ada", "Bo", "Cy"):
        place_some(1, name)
    catch_up()
    ada, bo, cy = (called(name)["id"] for name in ("Ada", "Bo", "Cy"))
    merge(bo, ada)
    merge(cy, bo)
    place_some(1, "Ada")
    catch_up()
    (one,) = everybody()
    assert (one["id"], one["orders_count"], one["also"]) == (cy, 4, ["ada", "bo"])


def test_of_whom_no_order_is_left_nothing_is_left() -> None:
    place_some(1, "Ada")
    place_some(1, "Bo")
    catch_up()
    merge(called("Bo")["id"], called("Ada")["id"])
    with log.transaction() as tx:
        tx.execute(sa.text("UPDATE orders SET customer_key = 'cy', customer_name = 'Cy'"))
    positions.rewind(CUSTOMERS.name, 0, needs_data=False)
    catch_up()
    (one,) = everybody()
    assert (one["name"], one["also"], one["orders_count"]) == ("Cy", [], 2)
    with reading() as connection:
        assert connection.execute(sa.select(CustomerAlias.key)).all() == []


def test_nobody_waits_for_a_merge_of_very_many_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "MOST_MERGED", 2)
    place_some(3, "Ada")
    place_some(1, "Bo")
    catch_up()
    ada, bo = called("Ada")["id"], called("Bo")["id"]
    with pytest.raises(Conflict):
        merge(bo, ada)
    assert len(everybody()) == 2
    merge(ada, bo)
    assert called("Bo")["id"] == ada


def test_every_order_belongs_to_one_customer_who_is_there() -> None:
    History(Random(5)).go_on(60)
    catch_up()
    first, *others = [one["id"] for one in everybody()]
    for other in others:
        merge(first, other)
    with db.engine.connect() as connection:
        owners = connection.execute(sa.select(CustomerOrder.customer_id).distinct()).all()
        orders = numbered(connection, 0, 10_000)
    (one,) = everybody()
    assert (len(owners), one["orders_count"]) == (1, len(orders))
