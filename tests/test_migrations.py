"""Databases of before become databases of now, with what is in them."""

import json
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import check

from orderboard import clock, create_app
from orderboard.config import Settings
from orderboard.database import db
from orderboard.figures import rebuilding
from orderboard.orders.model import Order
from orderboard.schema import upgrade
from orderboard.web.idempotency import IdempotencyKey
from tests.web.support import json_of, place, problem, with_key

_keys = IdempotencyKey.__table__
_orders = Order.__table__
DUE, LATER = "2031-01-01T00:00:00.000000Z", "2031-01-01T09:00:00.000000Z"
PLACE = {"lat": 1.5, "lng": 2.5, "at": "2030-01-01T00:00:00.000000Z"}


@pytest.fixture
def database_url(empty_database_url: str) -> str:
    """A database that nobody has migrated."""
    return empty_database_url


@pytest.fixture
def old(settings: Settings) -> Iterator[Flask]:
    """An app whose database is as the first version made it."""
    app = create_app(settings)
    with app.app_context():
        upgrade("0001")
    yield app
    app.extensions["orderboard"].stream.close()
    with app.app_context():
        db.engine.dispose()


def old_order(app: Flask, number: int, source: str) -> str:
    """Write an order as the first version would have; answers its id."""
    order_id = f"ord_{number}"
    row = {
        "number": number,
        "id": order_id,
        "track_token": f"token{number}",
        "source": source,
        "external_id": "77" if source != "staff" else None,
        "type": "purchase",
        "status": "pending",
        "times": '{"pending": "2030-01-01T00:00:00.000000Z"}',
        "customer_name": f"Ada {number}",
        "customer_key": f"ada {number}",
        "currency": "USD",
        **dict.fromkeys(("shipping", "tax", "discount"), 0),
        **dict.fromkeys(("subtotal", "total"), 1000),
        "payment_method": "none",
        "payment_status": "none",
        "tracking": json.dumps({"carrier": "DHL", "location": PLACE}),
        "search": "ada",
        "version": 1,
        **dict.fromkeys(("created_at", "updated_at"), "2030-01-01 00:00:00.000000"),
        "updated_by_kind": "staff",
    }
    line = "INSERT INTO order_lines VALUES (:number, 0, 'T', 'Tea', 1, 1000, 0)"
    names = ", ".join(row)
    values = ", ".join(f":{name}" for name in row)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(sa.text(f"INSERT INTO orders ({names}) VALUES ({values})"), row)
        connection.execute(sa.text(line), {"number": number})
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT setval('orders_number_seq', :number)"), row)
    return order_id


def to_now(app: Flask) -> None:
    with app.app_context():
        upgrade()


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
def test_the_migrations_make_what_the_models_say(old: Flask) -> None:
    to_now(old)
    with old.app_context():
        check()


def test_strangers_external_ids_stay_and_mean_nothing_to_others_any_more(old: Flask) -> None:
    stranger, shop = old.test_client(), with_key(old, "intake", name="shop")
    first = {source: old_order(old, n, source) for n, source in enumerate(("web", "key:shop"), 1)}
    to_now(old)
    place(stranger, external_id="77")
    again = shop.post("/api/orders", json={"customer": "Ada", "external_id": "77"})
    assert problem(again, 409)["order_id"] == first["key:shop"]
    with old.app_context(), db.engine.connect() as connection:
        kept = connection.execute(sa.select(Order.external_id)).scalars().all()
    assert kept == ["77"] * 3


def test_orders_of_before_are_all_there_and_counted(old: Flask) -> None:
    for number in (1, 2, 3):
        old_order(old, number, "staff")
    to_now(old)
    with old.app_context():
        rebuilding.ensure("UTC")
    admin = with_key(old, "admin")
    orders = json_of(admin.get("/api/orders"))["orders"]
    assert sorted(order["number"] for order in orders) == [1, 2, 3]
    for order in orders:
        assert order["tracking"]["carrier"] == "DHL"
        assert order["tracking"]["location"] == PLACE
        assert order["items"][0]["name"] == "Tea"
    figures = json_of(admin.get("/api/overview"))
    assert (figures["orders"], figures["revenue"], figures["products"]) == (3, "30.00", 1)
    answer = admin.put(f"/api/orders/{orders[0]['id']}/status", json={"status": "cancelled"})
    assert answer.status_code == 200
    assert json_of(admin.get("/api/overview"))["revenue"] == "20.00"


def test_who_was_one_of_the_staff_is_an_owner(old: Flask) -> None:
    row = "INSERT INTO staff (email, name, created_at) VALUES ('a@b.example', 'Ada', '2030-01-01')"
    with old.app_context(), db.engine.begin() as connection:
        connection.execute(sa.text(row))
    to_now(old)
    (ada,) = json_of(with_key(old, "admin").get("/api/staff"))["staff"]
    assert (ada["email"], ada["role"]) == ("a@b.example", "owner")


def test_orders_that_were_said_to_be_refunded_bring_nothing_any_more(old: Flask) -> None:
    for number in (1, 2, 3):
        old_order(old, number, "staff")
    shares = "INSERT INTO customer_orders VALUES ({}, {}, 'USD', 1000, '2030-01-01')"
    with old.app_context():
        upgrade("0015")
        with db.engine.begin() as connection:
            for statement in (
                "UPDATE orders SET payment_status = 'refunded' WHERE number = 2",
                "UPDATE figure_generations SET zone = 'UTC'",
                "INSERT INTO customer_sums VALUES (1, 'USD', 2, 2000), (2, 'USD', 1, 1000)",
                shares.format(1, 1),
                shares.format(2, 1),
                shares.format(3, 2),
            ):
                connection.execute(sa.text(statement))
        upgrade()
        rebuilding.ensure("UTC")
        with db.engine.connect() as connection:
            sums = connection.execute(sa.text("SELECT customer_id, revenue FROM customer_sums"))
            brought = connection.execute(sa.text("SELECT number, revenue FROM customer_orders"))
            assert sorted(map(tuple, sums)) == [(1, 1000), (2, 1000)]
            assert sorted(map(tuple, brought)) == [(1, 1000), (2, 0), (3, 1000)]
    admin = with_key(old, "admin")
    assert json_of(admin.get("/api/overview"))["revenue"] == "20.00"
    order = json_of(admin.get("/api/orders/ord_2"))
    assert (order["payment"]["refunded"], order["payment"]["due"]) == ("10.00", "0.00")


def test_customers_of_before_have_an_address_and_are_found(old: Flask) -> None:
    row = "INSERT INTO customers VALUES ({0}, 'k{0}', '{1}', NULL, 'k{0}@x.example', NULL, {2})"
    when = "1, '2030-01-01', '2030-01-01'"
    with old.app_context():
        upgrade("0016")
        with db.engine.begin() as connection:
            for number, name in ((1, "Ada Lovelace"), (2, "Bo")):
                connection.execute(sa.text(row.format(number, name, when)))
        upgrade()
    admin = with_key(old, "admin")
    (ada,) = json_of(admin.get("/api/customers?q=lovelace"))["customers"]
    (bo,) = json_of(admin.get("/api/customers?q=k2@x"))["customers"]
    assert {one["id"][:4] for one in (ada, bo)} == {"cus_"}
    assert ada["id"] != bo["id"]
    assert json_of(admin.get(f"/api/customers/{ada['id']}"))["name"] == "Ada Lovelace"


def test_the_answers_that_strangers_shared_are_forgotten(old: Flask) -> None:
    scopes = ("/api/orders web", "/ web", "/api/orders key:web", "/api/orders staff:1")
    row = {"key": "1", "fingerprint": "", "answer": "", "created_at": clock.now()}
    with old.app_context():
        with db.engine.begin() as connection:
            connection.execute(sa.insert(_keys), [{**row, "scope": scope} for scope in scopes])
        upgrade()
        with db.engine.connect() as connection:
            left = connection.execute(sa.select(_keys.c.scope)).scalars().all()
    assert sorted(left) == sorted(scopes[2:])


def test_orders_of_before_are_found_by_what_they_have_and_when_they_are_due(old: Flask) -> None:
    for number in range(1, 6):
        old_order(old, number, "staff")
    wanted = {"fulfilment": {"method": "pickup", "from": DUE, "until": LATER}, "tags": ["gift"]}
    accepted = {"acceptance": {"ready_at": DUE}, "channel": "till"}
    kept = {"acceptance": {"ready_at": DUE}, "fulfilment": {"method": "ship", "until": LATER}}
    with old.app_context():
        upgrade("0023")
        with db.engine.begin() as connection:
            change = sa.update(_orders).where(_orders.c.number == sa.bindparam("of"))
            connection.execute(change, {"of": 1, "details": wanted})
            connection.execute(change, {"of": 2, "details": accepted, "payment_status": "paid"})
            connection.execute(change, {"of": 3, "tracking": {"eta": DUE}})
            connection.execute(change, {"of": 4, "tracking": None})
            connection.execute(change, {"of": 5, "details": kept, "times": {"ready": DUE}})
    to_now(old)
    admin = with_key(old, "admin")
    for query, numbers in (
        ("sort=due", [2, 3, 1, 5, 4]),
        ("sort=-due", [5, 1, 3, 2, 4]),
        ("due_before=2031-01-01T00:00:01Z&sort=created", [2, 3]),
        ("tag=gift&method=pickup", [1]),
        ("channel=till&payment=paid", [2]),
        ("payment=none&sort=created", [1, 3, 4, 5]),
    ):
        orders = json_of(admin.get(f"/api/orders?{query}"))["orders"]
        assert [order["number"] for order in orders] == numbers, query
