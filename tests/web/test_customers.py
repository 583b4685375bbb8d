"""Customers over HTTP: the list, one of them, whose an order is, merging, export and erasure."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orderboard import forgetting
from orderboard.customers import finding, queries
from tests.customers.support import catch_up, erase_all
from tests.web.support import as_staff, json_of, moved, place, position, problem, token_of

Json = dict[str, Any]
ADA = {"name": "Ada Lovelace", "email": "ada@x.example", "phone": "+49 30 1234", "company": "AE"}
BO = {"name": "Bo Ek", "email": "bo@y.example"}
TEA = {"name": "Tea", "quantity": 2, "unit_price": "4.50"}


def order(client: FlaskClient, who: Any, pieces: int = 1, **more: Any) -> Json:
    items = [{**TEA, "quantity": pieces}]
    return place(client, **({"customer": who, "items": items, "currency": "USD"} | more))


def caught_up(app: Flask) -> None:
    with app.app_context():
        catch_up()


def listed(client: FlaskClient, query: str = "") -> list[Json]:
    answer = client.get(f"/api/customers{query}")
    assert answer.status_code == 200, answer.text
    found: list[Json] = json_of(answer)["customers"]
    return found


def names(client: FlaskClient, query: str = "") -> list[str]:
    return [customer["name"] for customer in listed(client, query)]


def called(client: FlaskClient, name: str) -> Json:
    (found,) = [customer for customer in listed(client) if customer["name"] == name]
    return found


@pytest.fixture
def shop(admin: FlaskClient, app: Flask) -> FlaskClient:
    """Ada has ordered twice, Bo three times in two currencies, Cy, of whom only a name is known."""
    order(admin, ADA, 10)
    order(admin, BO)
    order(admin, BO, currency="EUR")
    order(admin, "Cy Dee", 2)
    order(admin, BO)
    order(admin, ADA)
    caught_up(app)
    return admin


def test_a_customer_is_told_with_what_they_ordered(shop: FlaskClient) -> None:
    ada = called(shop, "Ada Lovelace")
    assert ada["id"].startswith("cus_")
    assert {name: ada[name] for name in ADA} == ADA
    assert ada["orders_count"] == 2
    assert ada["sums"] == [{"currency": "USD", "orders": 2, "total": "49.50"}]
    assert ada["first_seen"] < ada["last_seen"]
    found = json_of(shop.get(f"/api/customers/{ada['id']}"))
    assert [o["total"] for o in found["orders"]] == ["4.50", "45.00"], "newest first"
    assert (found["next"], found["name"]) == (None, "Ada Lovelace")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Ada Lovelace", "Bo Ek", "Cy Dee"]),
        ("?sort=last_seen", ["Cy Dee", "Bo Ek", "Ada Lovelace"]),
        ("?sort=-orders", ["Bo Ek", "Ada Lovelace", "Cy Dee"]),
        ("?sort=orders", ["Cy Dee", "Ada Lovelace", "Bo Ek"]),
        ("?sort=-sum", ["Ada Lovelace", "Cy Dee", "Bo Ek"]),
        ("?sort=sum", ["Bo Ek", "Cy Dee", "Ada Lovelace"]),
        ("?sort=-sum&currency=EUR", ["Bo Ek"]),
    ],
)
def test_lists_are_sorted_and_go_on_page_by_page(
    shop: FlaskClient, query: str, expected: list[str]
) -> None:
    assert names(shop, query) == expected
    paged, cursor = [], ""
    for _ in expected:
        answer = json_of(shop.get(f"/api/customers?limit=1&{query[1:]}{cursor}"))
        paged += [customer["name"] for customer in answer["customers"]]
        cursor = f"&cursor={answer['next']}"
    assert (paged, answer["next"]) == (expected, None)


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("lovelace", ["Ada Lovelace"]),
        ("LOVE", ["Ada Lovelace"]),
        ("x.example", ["Ada Lovelace"]),
        ("(030) 1234", ["Ada Lovelace"]),
        ("c", ["Cy Dee"]),
        ("dee cy", ["Cy Dee"]),
        ("example", ["Ada Lovelace", "Bo Ek"]),
        ("example ada", ["Ada Lovelace"]),
        ("%", []),
        ("ovel", ["Ada Lovelace"]),
        ('"ada" OR', []),
        ("\u0301", []),
    ],
)
def test_a_search_finds_by_any_part_of_name_and_contact(
    shop: FlaskClient, q: str, expected: list[str]
) -> None:
    for sort in ("-last_seen", "-sum"):
        answer = shop.get("/api/customers", query_string={"q": q, "sort": sort})
        assert [c["name"] for c in json_of(answer)["customers"]] == expected


@pytest.mark.parametrize("few", [5_000, 0], ids=["few", "many"])
@pytest.mark.parametrize("sort", ["-last_seen", "last_seen", "-orders", "-sum", "sum"])
def test_a_search_goes_on_page_by_page_however_many_it_finds(
    shop: FlaskClient, sort: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "FEW", few)
    whole = names(shop, f"?q=example&sort={sort}")
    first = json_of(shop.get(f"/api/customers?q=example&sort={sort}&limit=1"))
    rest = json_of(shop.get(f"/api/customers?q=example&sort={sort}&cursor={first['next']}"))
    paged = [customer["name"] for customer in (*first["customers"], *rest["customers"])]
    assert (paged, rest["next"]) == (whole, None)
    assert sorted(whole) == ["Ada Lovelace", "Bo Ek"]


def test_nobody_counts_thousands_of_orders_to_say_the_how_manieth_one_is(
    shop: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest, _, oldest = json_of(shop.get("/api/orders?q=bo"))["orders"]
    monkeypatch.setattr(queries, "_MOST_COUNTED", 1)
    assert json_of(shop.get(f"/api/orders/{newest['id']}/customer"))["ordinal"] == 3
    found = json_of(shop.get(f"/api/orders/{oldest['id']}/customer"))
    assert (found["ordinal"], found["customer"]["orders_count"]) == (None, 3)


def test_a_changed_contact_is_found_and_the_old_one_is_not(shop: FlaskClient, app: Flask) -> None:
    first = json_of(shop.get("/api/orders?q=cy"))["orders"][0]
    shop.patch(f"/api/orders/{first['id']}", json={"customer": {"name": "Zed"}})
    caught_up(app)
    assert names(shop, "?q=zed") == ["Zed"]
    assert names(shop, "?q=cy") == []


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("sort=name", "sort"),
        ("currency=DOLLARS", "currency"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("cursor=x", "cursor"),
        ("cursor=WyItbGFzdF9zZWVuIiwgbnVsbCwgMV0=", "cursor"),
        ("q=" + "x" * 201, "q"),
        ("page=2", "page"),
    ],
)
def test_nonsense_is_refused_by_name(shop: FlaskClient, query: str, path: str) -> None:
    problem(shop.get(f"/api/customers?{query}"), 422, path)


def test_a_cursor_of_another_list_is_refused(shop: FlaskClient) -> None:
    cursor = json_of(shop.get("/api/customers?limit=1&sort=-orders"))["next"]
    problem(shop.get(f"/api/customers?cursor={cursor}"), 422, "cursor")
    ada = called(shop, "Ada Lovelace")
    problem(shop.get(f"/api/customers/{ada['id']}?cursor={cursor}"), 422, "cursor")


def test_orders_of_a_customer_come_page_by_page(shop: FlaskClient) -> None:
    path = f"/api/customers/{called(shop, 'Bo Ek')['id']}?limit=2"
    first = json_of(shop.get(path))
    rest = json_of(shop.get(f"{path}&cursor={first['next']}"))
    numbers = [o["number"] for o in (*first["orders"], *rest["orders"])]
    assert (len(first["orders"]), rest["next"]) == (2, None)
    assert numbers == sorted(numbers, reverse=True)
    assert len({*numbers}) == 3


def test_an_order_tells_the_how_manieth_it_is_and_how_the_one_before_ended(
    shop: FlaskClient, app: Flask
) -> None:
    second = json_of(shop.get("/api/orders?q=ada"))["orders"][0]
    shop.put(f"/api/orders/{second['id']}/cancel", json={"reason": "x"})
    third = order(shop, {**ADA, "email": "ADA@x.example"}, 2)
    unknown = json_of(shop.get(f"/api/orders/{third['id']}/customer"))
    assert unknown == {"customer": None, "ordinal": None, "previous": None}
    caught_up(app)
    found = json_of(shop.get(f"/api/orders/{third['id']}/customer"))
    assert found["ordinal"] == 3
    assert found["customer"]["sums"] == [{"currency": "USD", "orders": 3, "total": "54.00"}]
    assert found["previous"]["number"] == second["number"]
    assert found["previous"]["status_label"] == "Cancelled"
    first = json_of(shop.get(f"/api/orders/{second['id']}/customer"))
    assert (first["ordinal"], first["previous"]["status"]) == (2, "pending")
    problem(shop.get("/api/orders/ord_none/customer"), 404)


def test_two_who_are_one_have_their_orders_together_from_then_on(
    shop: FlaskClient, app: Flask
) -> None:
    ada, bo = called(shop, "Ada Lovelace"), called(shop, "Bo Ek")
    before = position(app)
    answer = shop.post(f"/api/customers/{ada['id']}/merge", json={"customer": bo["id"]})
    assert answer.status_code == 200, answer.text
    both = json_of(answer)
    assert (both["id"], both["name"], both["orders_count"]) == (ada["id"], "Ada Lovelace", 5)
    assert both["sums"] == [
        {"currency": "USD", "orders": 4, "total": "58.50"},
        {"currency": "EUR", "orders": 1, "total": "4.50"},
    ]
    assert both["also"] == ["bo@y.example"]
    problem(shop.get(f"/api/customers/{bo['id']}"), 404)
    assert names(shop, "?q=bo@y") == ["Ada Lovelace"], "found by either address"
    order(shop, BO, 100)
    caught_up(app)
    both = called(shop, "Bo Ek")
    assert (both["id"], both["orders_count"]) == (ada["id"], 6), "named as the newest order is"
    (event,) = [
        e
        for e in json_of(shop.get("/api/events"))["events"]
        if e["type"] == "customer.merged" and e["position"] > before
    ]
    assert event["customer"] == {"id": ada["id"], "merged": bo["id"]}
    assert event["actor"]["name"] == "office"


def test_what_cannot_be_merged_is_refused_and_changes_nothing(
    shop: FlaskClient, app: Flask
) -> None:
    ada, bo = called(shop, "Ada Lovelace"), called(shop, "Bo Ek")
    before = position(app), listed(shop)
    path = f"/api/customers/{ada['id']}/merge"
    problem(shop.post(path, json={"customer": ada["id"]}), 422, "customer")
    problem(shop.post(path, json={"customer": "cus_none"}), 422, "customer")
    problem(shop.post(path, json={"customer": None}), 422, "customer")
    problem(shop.post(path, json={}), 422, "customer")
    problem(shop.post("/api/customers/cus_none/merge", json={"customer": bo["id"]}), 404)
    assert (position(app), listed(shop)) == before
    shop.delete(f"/api/customers/{bo['id']}")
    problem(shop.post(path, json={"customer": bo["id"]}), 409)


def test_an_export_has_all_that_is_known_of_a_person(shop: FlaskClient) -> None:
    ada = called(shop, "Ada Lovelace")
    newest = json_of(shop.get("/api/orders?q=ada"))["orders"][0]
    shop.post(f"/api/orders/{newest['id']}/notes", json={"text": "Rings twice"})
    answer = shop.get(f"/api/customers/{ada['id']}/export")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{ada["id"]}.json"'
    found = json.loads(answer.text)
    assert found["customer"] == ada
    assert [o["number"] for o in found["orders"]] == [newest["number"], 1]
    told = [event["type"] for event in found["orders"][0]["events"]]
    assert told == ["order.created", "note.added"]
    assert "Rings twice" in answer.text
    assert "bo@y.example" not in answer.text
    problem(shop.get("/api/customers/cus_none/export"), 404)


def test_an_export_for_a_reader_has_no_link_of_the_customers(
    shop: FlaskClient, reader: FlaskClient
) -> None:
    ada = called(shop, "Ada Lovelace")
    token = token_of(json_of(shop.get("/api/orders?q=ada"))["orders"][0])
    assert token in shop.get(f"/api/customers/{ada['id']}/export").text
    assert token not in reader.get(f"/api/customers/{ada['id']}/export").text


def test_who_is_erased_is_nowhere_any_more_and_sums_stay(shop: FlaskClient, app: Flask) -> None:
    moved(shop, json_of(shop.get("/api/orders?q=ada"))["orders"][0], "processing")
    caught_up(app)
    before = json_of(shop.get("/api/overview"))
    ada = called(shop, "Ada Lovelace")
    answer = as_staff(app).delete(f"/api/customers/{ada['id']}")
    assert (answer.status_code, json_of(answer)["erasing"]) == (202, True)
    again = shop.delete(f"/api/customers/{ada['id']}")
    assert again.status_code == 202, "a second wish is the first one"
    with app.app_context():
        erase_all()
        catch_up()
    problem(shop.get(f"/api/customers/{ada['id']}"), 404)
    for query in ("?q=lovelace", "?q=ada"):
        assert listed(shop, query) == []
        assert json_of(shop.get(f"/api/orders{query}"))["orders"] == []
    events = shop.get("/api/events?limit=1000")
    assert "lovelace" not in events.text.lower()
    last = json_of(events)["events"][-1]
    assert (last["type"], last["customer"]) == ("customer.erased", {"id": ada["id"]})
    assert last["actor"] == {"kind": "staff", "name": "ada"}
    after = json_of(shop.get("/api/overview"))
    same = before.keys() - {"position"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    (forgotten,) = listed(shop, "?q=forgotten")
    assert (forgotten["orders_count"], forgotten["sums"]) == (2, ada["sums"])


def test_an_order_that_comes_while_they_are_erased_is_erased_too(
    shop: FlaskClient, app: Flask
) -> None:
    late = order(shop, ADA)  # the records have not seen it yet
    ada = called(shop, "Ada Lovelace")
    shop.delete(f"/api/customers/{ada['id']}")
    with app.app_context():
        for _ in range(5):
            forgetting.erase_next("UTC")
        catch_up()
        erase_all()
    assert json_of(shop.get(f"/api/orders/{late['id']}"))["customer"]["email"] is None


def test_an_order_that_is_somebody_elses_by_now_is_left_alone(
    shop: FlaskClient, app: Flask
) -> None:
    ada = called(shop, "Ada Lovelace")
    newest = json_of(shop.get("/api/orders?q=ada"))["orders"][0]
    shop.patch(f"/api/orders/{newest['id']}", json={"customer": {"name": "Dee", "phone": "77"}})
    shop.delete(f"/api/customers/{ada['id']}")
    with app.app_context():
        for _ in range(3):
            forgetting.erase_next("UTC")  # before the records know that it went
        catch_up()
        erase_all()
    kept = json_of(shop.get(f"/api/orders/{newest['id']}"))
    assert kept["customer"]["phone"] == "77"
    assert "lovelace" not in shop.get(f"/api/orders/{newest['id']}/events").text.lower()


def test_of_whom_only_a_phone_or_a_name_is_known_is_erased_as_well(
    shop: FlaskClient, app: Flask
) -> None:
    phone = order(shop, {"name": "Straße", "phone": "+49 171 555"})
    caught_up(app)
    for name in ("Cy Dee", "Straße"):
        shop.delete(f"/api/customers/{called(shop, name)['id']}")
    with app.app_context():
        erase_all()
        catch_up()
    assert not {"Cy Dee", "Straße"} & {*names(shop)}
    told = shop.get(f"/api/orders/{phone['id']}/events").text
    assert "171 555" not in told
    assert "Stra" not in told


@pytest.mark.parametrize("known", ["ada@x.example", "1", "Ada Lovelace", "ada%40x.example"])
def test_a_customers_address_is_nothing_that_is_known_of_the_person(
    shop: FlaskClient, known: str
) -> None:
    problem(shop.get(f"/api/customers/{known}"), 404)
