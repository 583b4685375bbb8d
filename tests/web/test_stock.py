"""Stock: promised with the order, gone with the goods, back when they stay. Never below zero."""

import threading
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orderboard.config import Settings
from tests.web.support import json_of, moved, place, position, problem, with_key

Json = dict[str, Any]


def stocked(admin: FlaskClient, sku: str = "T-1", **more: Any) -> None:
    product = {"sku": sku, "name": f"Tea {sku}", "stock": 10, **more}
    assert admin.post("/api/products", json=product).status_code == 201


def items(**quantities: int) -> list[Json]:
    return [
        {"sku": sku.replace("_", "-"), "name": sku, "quantity": quantity}
        for sku, quantity in quantities.items()
    ]


def counts(admin: FlaskClient, sku: str = "T-1") -> tuple[object, object, object]:
    """A product's stock, what of it is promised, and what is left to promise."""
    product = json_of(admin.get(f"/api/products/{sku}"))
    return product["stock"], product["reserved"], product["available"]


def test_an_order_is_promised_what_it_wants_and_everybody_hears_what_is_left(
    admin: FlaskClient, client: FlaskClient
) -> None:
    stocked(admin)
    order = place(client, items=items(T_1=3))
    assert counts(admin) == (10, 3, 7)
    event, placed = json_of(admin.get("/api/events"))["events"][-2:]
    assert (event["type"], event["product"]["available"]) == ("product.updated", 7)
    assert event["was"] == {"reserved": 0, "available": 10}
    assert (placed["type"], placed["order"]["id"]) == ("order.created", order["id"])
    (shown,) = json_of(client.get("/api/catalogue"))["products"]
    assert shown["available"] == 7


def test_lines_of_one_sku_are_wanted_together(admin: FlaskClient, client: FlaskClient) -> None:
    stocked(admin)
    place(client, items=items(T_1=3) + items(T_1=4))
    assert counts(admin) == (10, 7, 3)


def test_more_than_is_left_is_refused_and_nothing_else_is_done(
    admin: FlaskClient, client: FlaskClient, app: Flask
) -> None:
    stocked(admin)
    stocked(admin, "T-2", stock=2)
    before = position(app)
    wanted = {"customer": "Ada", "items": items(T_1=1, T_2=3)}
    found = problem(client.post("/api/orders", json=wanted), 409)
    assert (found["sku"], found["available"]) == ("T-2", 2)
    assert "2" in found["detail"]
    assert position(app) == before
    assert counts(admin) == (10, 0, 10)
    assert json_of(admin.get("/api/orders"))["orders"] == []


def test_in_a_batch_only_the_orders_that_want_too_much_are_refused(admin: FlaskClient) -> None:
    stocked(admin)
    orders = [{"customer": "Ada", "items": items(T_1=n)} for n in (6, 5, 4, 1)]
    results = json_of(admin.post("/api/orders/batch", json={"orders": orders}))["results"]
    assert [result["status"] for result in results] == [201, 409, 201, 409]
    assert results[1]["problem"]["available"] == 4
    assert results[3]["problem"]["available"] == 0
    assert counts(admin) == (10, 10, 0)


@pytest.mark.parametrize("product", [{"stock": None}, None])
def test_what_is_not_counted_is_never_sold_out(
    admin: FlaskClient, client: FlaskClient, product: Json | None
) -> None:
    if product:
        stocked(admin, **product)
    order = place(client, items=items(T_1=1000))
    moved(admin, order, "processing", "shipped", "delivered")
    if product:
        assert counts(admin) == (None, 0, None)


@pytest.mark.parametrize("kind", ["return", "exchange", "donation"])
def test_what_comes_to_the_shop_is_promised_to_nobody(admin: FlaskClient, kind: str) -> None:
    stocked(admin)
    place(admin, type=kind, items=items(T_1=3))
    assert counts(admin) == (10, 0, 10)


@pytest.mark.parametrize(
    ("way", "then"),
    [
        ((), (10, 3, 7)),
        (("processing", "on_hold"), (10, 3, 7)),
        (("declined",), (10, 0, 10)),
        (("cancelled",), (10, 0, 10)),
        (("processing", "ready", "cancelled"), (10, 0, 10)),
        (("processing", "shipped"), (7, 0, 7)),
        (("processing", "ready", "delivered"), (7, 0, 7)),
        (("processing", "shipped", "delivered", "completed"), (7, 0, 7)),
        (("processing", "shipped", "failed", "shipped", "delivered"), (7, 0, 7)),
        (("processing", "shipped", "failed", "cancelled"), (10, 0, 10)),
        (("processing", "shipped", "delivered", "returned"), (10, 0, 10)),
    ],
)
def test_stock_goes_with_the_goods(
    admin: FlaskClient, client: FlaskClient, way: tuple[str, ...], then: tuple[int, int, int]
) -> None:
    stocked(admin)
    moved(admin, place(client, items=items(T_1=3)), *way)
    assert counts(admin) == then


def test_a_customers_cancellation_gives_back_too(admin: FlaskClient, client: FlaskClient) -> None:
    stocked(admin)
    order = place(client, items=items(T_1=3))
    token = order["track_url"].rpartition("/")[2]
    client.put(f"/api/track/{token}/cancel", json={"reason": "x"})
    assert counts(admin) == (10, 0, 10)


def test_many_that_are_moved_at_once_take_and_give_back(
    admin: FlaskClient, client: FlaskClient
) -> None:
    stocked(admin)
    orders = [place(client, items=items(T_1=2)) for _ in range(3)]
    change = {"ids": [order["id"] for order in orders], "status": "cancelled"}
    assert admin.post("/api/orders/bulk/status", json=change).status_code == 207
    assert counts(admin) == (10, 0, 10)


def test_an_order_that_is_edited_is_promised_what_it_wants_then(
    admin: FlaskClient, client: FlaskClient
) -> None:
    stocked(admin)
    stocked(admin, "T-2", stock=5)
    path = f"/api/orders/{place(client, items=items(T_1=8))['id']}"
    assert admin.patch(path, json={"items": items(T_1=10)}).status_code == 200
    assert counts(admin) == (10, 10, 0)
    found = problem(admin.patch(path, json={"items": items(T_1=11)}), 409)
    assert (found["sku"], found["available"]) == ("T-1", 10)
    problem(admin.patch(path, json={"items": items(T_1=1, T_2=6)}), 409)
    assert counts(admin) == (10, 10, 0)
    assert admin.patch(path, json={"items": items(T_2=5)}).status_code == 200
    assert (counts(admin), counts(admin, "T-2")) == ((10, 0, 10), (5, 5, 0))
    assert admin.patch(path, json={"note": "x"}).status_code == 200
    assert counts(admin, "T-2") == (5, 5, 0)


def test_what_is_counted_from_now_on_gives_back_only_what_was_promised(
    admin: FlaskClient, client: FlaskClient
) -> None:
    stocked(admin, stock=None)
    before = place(client, items=items(T_1=3))
    admin.patch("/api/products/T-1", json={"stock": 10})
    moved(admin, before, "cancelled")
    assert counts(admin) == (10, 0, 10)
    promised = place(client, items=items(T_1=4))
    admin.patch("/api/products/T-1", json={"stock": None})
    moved(admin, promised, "processing", "shipped")
    assert counts(admin) == (None, 0, None)


def test_a_count_below_what_is_promised_leaves_nothing_to_promise(
    admin: FlaskClient, client: FlaskClient
) -> None:
    stocked(admin)
    place(client, items=items(T_1=6))
    admin.patch("/api/products/T-1", json={"stock": 4})
    assert counts(admin) == (4, 6, 0)
    problem(client.post("/api/orders", json={"customer": "x", "items": items(T_1=1)}), 409)


def test_orders_keep_nobody_from_editing_the_product(
    admin: FlaskClient, client: FlaskClient
) -> None:
    stocked(admin)
    seen = admin.get("/api/products/T-1").headers["ETag"]
    place(client, items=items(T_1=6))
    edited = admin.patch("/api/products/T-1", json={"price": "5"}, headers={"If-Match": seen})
    assert edited.status_code == 200
    assert json_of(edited)["revision"] == 3


def test_a_repeated_request_is_promised_nothing_more(admin: FlaskClient) -> None:
    stocked(admin)
    for _ in range(3):
        answer = admin.post(
            "/api/orders",
            json={"customer": "Ada", "items": items(T_1=3)},
            headers={"Idempotency-Key": "once"},
        )
        assert answer.status_code == 201
    assert counts(admin) == (10, 3, 7)


def test_fifty_who_want_the_last_ten_at_once_get_ten(app: Flask, admin: FlaskClient) -> None:
    stocked(admin)
    found: list[int] = []
    gate = threading.Barrier(50)

    def ask() -> None:
        client = app.test_client()
        gate.wait()
        wanted = {"customer": "Ada", "items": items(T_1=1)}
        found.append(client.post("/api/orders", json=wanted).status_code)

    together(50, ask)
    assert sorted(found) == [201] * 10 + [409] * 40
    assert counts(admin) == (10, 10, 0)


def test_batches_moves_edits_and_counts_at_once_wait_for_each_other_and_end(
    app: Flask, admin: FlaskClient
) -> None:
    for sku in ("A", "B", "C"):
        stocked(admin, sku, stock=1000)
    office = with_key(app, "admin", name="x")
    known = [place(office, external_id=f"k{n}", items=items(A=1, B=1, C=1)) for n in range(8)]
    gate = threading.Barrier(8)
    answers: list[int] = []

    def ask(n: int) -> None:
        client = app.test_client()
        client.environ_base.update(admin.environ_base)
        gate.wait()
        for turn in range(4):
            order = known[(n + turn) % 8]
            match n % 4:
                case 0:
                    names = [("A", "B"), ("C", "A")] if turn % 2 else [("B", "C"), ("A", "B")]
                    orders = [
                        {
                            "customer": "x",
                            "external_id": f"{n}-{turn}-{name}",
                            "items": items(**dict.fromkeys(skus, 1)),
                        }
                        for name, skus in enumerate(names)
                    ]
                    answer = client.post("/api/orders/batch", json={"orders": orders})
                case 1:
                    ids = [o["id"] for o in (known if turn % 2 else known[::-1])]
                    move = {"ids": ids, "status": ("on_hold", "processing")[turn % 2]}
                    answer = client.post("/api/orders/bulk/status", json=move)
                case 2:
                    answer = client.patch(
                        f"/api/orders/{order['id']}", json={"items": items(C=2, A=1)}
                    )
                case _:
                    change = {"skus": ["C", "B", "A"], "stock": {"add": 1}}
                    answer = client.post("/api/products/bulk", json=change)
            answers.append(answer.status_code)

    together(8, ask, numbered=True)
    assert set(answers) <= {200, 201, 207, 409}, answers
    orders = json_of(admin.get("/api/orders?limit=200"))["orders"]
    for sku in ("A", "B", "C"):
        promised = sum(
            line["quantity"] for order in orders for line in order["items"] if line["sku"] == sku
        )
        assert counts(admin, sku)[1] == promised


class TestAShopThatSellsOnlyWhatItKnows:
    """ORDERBOARD_UNKNOWN_SKUS is ``refuse``."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, unknown_skus="refuse")

    def test_a_sku_that_is_not_in_the_catalogue_is_refused_by_line(
        self, admin: FlaskClient, app: Flask
    ) -> None:
        stocked(admin)
        before = position(app)
        wanted = [*items(T_1=1), {"name": "no sku", "quantity": 1}, *items(X_1=1, X_2=1)]
        problem(
            admin.post("/api/orders", json={"customer": "Ada", "items": wanted}),
            422,
            "items.2.sku",
            "items.3.sku",
        )
        assert position(app) == before
        order = place(admin, items=wanted[:2])
        problem(
            admin.patch(f"/api/orders/{order['id']}", json={"items": wanted}),
            422,
            "items.2.sku",
            "items.3.sku",
        )
        results = admin.post(
            "/api/orders/batch",
            json={"orders": [{"customer": "a", "items": items(X_1=1)}, {"customer": "b"}]},
        )
        assert [r["status"] for r in json_of(results)["results"]] == [422, 201]


def together(number: int, work: Any, numbered: bool = False) -> None:
    """Do the same in so many threads."""
    threads = [threading.Thread(target=work, args=(n,) if numbered else ()) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not [thread for thread in threads if thread.is_alive()]
