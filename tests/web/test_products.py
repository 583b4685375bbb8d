"""The catalogue over HTTP: products, one and many, as a table, and as the public sees them."""

import csv
import io
import threading
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orderboard.audiences import KINDS
from orderboard.events import log
from tests.web.support import as_driver, json_of, new_driver, position, problem, with_key

Json = dict[str, Any]
TEA: Json = {
    "sku": "T-1",
    "name": "Green tea",
    "category": "Tea",
    "price": "4.90",
    "stock": 12,
    "reorder_level": 5,
    "tax_rate": "7",
    "options": [
        {
            "name": "Size",
            "required": True,
            "values": [{"value": "100 g"}, {"value": "1 kg", "price": "30.00"}],
        }
    ],
}


def add(client: FlaskClient, **more: Any) -> Json:
    answer = client.post("/api/products", json={**TEA, **more})
    assert answer.status_code == 201, answer.text
    return json_of(answer)


def listed(client: FlaskClient, query: str = "") -> list[str]:
    return [p["sku"] for p in json_of(client.get(f"/api/products{query}"))["products"]]


def events(client: FlaskClient, after: int = 0) -> list[Json]:
    found = json_of(client.get("/api/events?limit=1000"))["events"]
    return [event for event in found if event["position"] > after]


def imported(client: FlaskClient, text: str, query: str = "") -> Json:
    answer = client.post(f"/api/products/import{query}", data=text, content_type="text/csv")
    assert answer.status_code == 200, answer.text
    return json_of(answer)


def test_a_product_is_added_read_and_heard_of(admin: FlaskClient, app: Flask) -> None:
    answer = admin.post("/api/products", json=TEA)
    product = json_of(answer)
    assert answer.headers["Location"] == "/api/products/T-1"
    assert answer.headers["ETag"] == '"1"'
    assert {name: product[name] for name in ("price", "currency", "stock", "available")} == {
        "price": "4.90",
        "currency": "USD",
        "stock": 12,
        "available": 12,
    }
    assert product["options"] == [
        {
            "name": "Size",
            "required": True,
            "values": [{"value": "100 g", "price": "0.00"}, {"value": "1 kg", "price": "30.00"}],
        }
    ]
    assert json_of(admin.get("/api/products/T-1")) == product
    (event,) = events(admin)
    assert (event["type"], event["product"]) == ("product.created", product)
    assert position(app) == 1


def test_the_least_is_a_sku_and_a_name(admin: FlaskClient) -> None:
    product = json_of(admin.post("/api/products", json={"sku": "x", "name": "X"}))
    assert (product["price"], product["stock"], product["active"]) == ("0.00", None, True)
    assert product["low"] is False, "what is not counted never runs out"


@pytest.mark.parametrize("sku", ["T 1", "T.1", "Ä-1", "100%", "sku?#", ".hidden"])
def test_a_sku_of_any_letters_has_an_address(admin: FlaskClient, sku: str) -> None:
    answer = admin.post("/api/products", json={"sku": sku, "name": "X"})
    found = admin.get(answer.headers["Location"])
    assert json_of(found)["sku"] == sku


def test_a_sku_is_there_once(admin: FlaskClient, app: Flask) -> None:
    add(admin)
    before = position(app)
    found = problem(admin.post("/api/products", json=TEA), 409)
    assert found["sku"] == "T-1"
    assert position(app) == before


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"sku": "a/b"}, "sku"),
        ({"sku": "import"}, "sku"),
        ({"sku": ".."}, "sku"),
        ({"sku": ""}, "sku"),
        ({"sku": "x" * 101}, "sku"),
        ({"name": " "}, "name"),
        ({"name": "x" * 501}, "name"),
        ({"price": "-1"}, "price"),
        ({"price": "1.001"}, "price"),
        ({"price": "99999999999999"}, "price"),
        ({"stock": "1.0001"}, "stock"),
        ({"stock": -1}, "stock"),
        ({"stock": True}, "stock"),
        ({"stock": 10**10}, "stock"),
        ({"tax_rate": "101"}, "tax_rate"),
        ({"tax_rate": "1.00001"}, "tax_rate"),
        ({"currency": "EURO"}, "currency"),
        ({"image": "javascript:alert(1)"}, "image"),
        ({"active": "yes"}, "active"),
        ({"options": [{"name": "Size", "values": []}]}, "options.0.values"),
        ({"options": [{"name": "Size"}]}, "options.0.values"),
        ({"options": [{"values": [{"value": "L"}]}]}, "options.0.name"),
        (
            {"options": [{"name": "S", "values": [{"value": "L"}, {"value": "l"}]}]},
            "options.0.values",
        ),
        (
            {"options": [{"name": n, "values": [{"value": "L"}]} for n in ("Size", "size")]},
            "options",
        ),
        (
            {"options": [{"name": "S", "values": [{"value": "L", "price": "0.001"}]}]},
            "options.0.values.0.price",
        ),
        ({"options": [TEA["options"][0]] * 21}, "options"),
        ({"options": "Size"}, "options"),
        ({"reserved": 3}, "reserved"),
    ],
)
def test_nonsense_is_refused_by_name(
    admin: FlaskClient, app: Flask, given: Json, path: str
) -> None:
    problem(admin.post("/api/products", json={**TEA, **given}), 422, path)
    assert position(app) == 0


def test_an_edit_changes_what_is_given_and_tells_what_was_before(admin: FlaskClient) -> None:
    add(admin)
    answer = admin.patch("/api/products/T-1", json={"price": 5, "stock": 4, "name": "Green tea"})
    product = json_of(answer)
    assert (product["price"], product["available"], product["low"]) == ("5.00", 4, True)
    event = events(admin)[-1]
    assert event["type"] == "product.updated"
    assert event["was"] == {"price": "4.90", "stock": 12, "available": 12, "low": False}
    assert product["version"] == 2
    assert product["updated_by"] == {"kind": "script", "name": "office"}


def test_an_edit_that_changes_nothing_is_no_event(admin: FlaskClient, app: Flask) -> None:
    product = add(admin)
    before = position(app)
    same = {name: value for name, value in TEA.items() if name != "sku"}
    assert json_of(admin.patch("/api/products/T-1", json=same)) == product
    assert position(app) == before
    problem(admin.patch("/api/products/T-1", json={}), 422, "body")
    problem(admin.patch("/api/products/T-1", json={"sku": "T-2"}), 422, "sku")
    problem(admin.patch("/api/products/none", json={"name": "x"}), 404)


def test_another_currency_needs_another_price(admin: FlaskClient) -> None:
    add(admin)
    problem(admin.patch("/api/products/T-1", json={"currency": "JPY"}), 422, "price", "options")
    yen: Json = {"currency": "JPY", "price": 700}
    problem(admin.patch("/api/products/T-1", json=yen), 422, "options")  # 30.00 are not 3000
    sizes = [{"name": "Size", "values": [{"value": "1 kg", "price": "4200"}]}]
    product = json_of(admin.patch("/api/products/T-1", json={**yen, "options": sizes}))
    assert (product["price"], product["options"][0]["values"][0]["price"]) == ("700", "4200")
    add(admin, sku="T-2", options=[{"name": "Size", "values": [{"value": "1 kg"}]}])
    assert admin.patch("/api/products/T-2", json=yen).status_code == 200


def test_who_has_seen_an_old_version_is_told_how_it_is_now(admin: FlaskClient) -> None:
    tag = f'"{add(admin)["version"]}"'
    first = admin.patch("/api/products/T-1", json={"price": "5"}, headers={"If-Match": tag})
    assert first.status_code == 200
    second = admin.patch("/api/products/T-1", json={"price": "6"}, headers={"If-Match": tag})
    found = problem(second, 412)
    assert found["product"] == json_of(first)
    assert found["changed_by"] == {"kind": "script", "name": "office"}
    assert json_of(admin.get("/api/products/T-1"))["price"] == "5.00"


def test_the_list_is_by_name_and_goes_on_behind_a_cursor(admin: FlaskClient) -> None:
    names = ["pear", "Apple", "Äpfel", "zucchini", "apple"]
    for n, name in enumerate(names):
        add(admin, sku=f"S{n}", name=name)
    found, query = [], "?limit=2"
    while True:
        page = json_of(admin.get(f"/api/products{query}"))
        found += [product["name"] for product in page["products"]]
        if not page["next"]:
            break
        query = f"?limit=2&cursor={page['next']}"
    assert found == ["Äpfel", "Apple", "apple", "pear", "zucchini"]


@pytest.mark.parametrize("cursor", ["x", "bm8=", "WzEsMl0=", "W10=", "%00", "W1tdLFtdXQ=="])
def test_a_cursor_that_is_none_is_refused(admin: FlaskClient, cursor: str) -> None:
    problem(admin.get(f"/api/products?cursor={cursor}"), 422, "cursor")
    problem(admin.get(f"/api/catalogue?cursor={cursor}"), 422, "cursor")


def test_products_are_found_by_words_category_and_what_is_left(admin: FlaskClient) -> None:
    add(admin)
    add(admin, sku="C_1", name="Café crème", category="Coffee", stock=2)
    add(admin, sku="C%2", name="Coffee beans", category="Coffee", active=False, stock=None)
    assert listed(admin, "?q=creme+caf") == ["C_1"]
    assert listed(admin, "?q=GREEN") == ["T-1"]
    assert listed(admin, "?q=coffee") == ["C_1", "C%2"]
    assert listed(admin, "?q=c_") == ["C_1"]
    assert listed(admin, "?q=c%25") == ["C%2"]
    assert listed(admin, "?category=Coffee&active=yes") == ["C_1"]
    assert listed(admin, "?low=yes") == ["C_1"]
    assert listed(admin, "?active=no") == ["C%2"]
    assert listed(admin, "?q=nothing") == []
    problem(admin.get("/api/products?low=perhaps"), 422, "low")


def test_the_list_of_what_is_low_has_all_that_is_marked_as_low(admin: FlaskClient) -> None:
    marked = {
        str(stock): add(admin, sku=str(stock), stock=stock)["low"] for stock in (0, 4, 5, 6, None)
    }
    assert marked == {"0": True, "4": True, "5": True, "6": False, "None": False}
    assert listed(admin, "?low=yes") == [sku for sku, low in marked.items() if low]


def test_many_are_changed_at_once_and_each_is_judged_for_itself(admin: FlaskClient) -> None:
    add(admin)
    add(admin, sku="T-2", price="10.05", stock=None)
    change = {"skus": ["T-1", "none", "T-2", "T-1"], "price": {"percent": "10"}}
    answer = admin.post("/api/products/bulk", json=change)
    assert answer.status_code == 207
    results = json_of(answer)["results"]
    assert [result["status"] for result in results] == [200, 404, 200, 200]
    assert [r["product"]["price"] for r in results if "product" in r] == ["5.39", "11.06", "5.39"]
    change = {"skus": ["T-1", "T-2"], "stock": {"add": -13}, "active": False}
    results = json_of(admin.post("/api/products/bulk", json=change))["results"]
    assert [result["status"] for result in results] == [422, 422]
    assert json_of(admin.get("/api/products/T-1"))["active"] is True
    change = {"skus": ["T-1"], "stock": {"add": "-1.5"}}
    (result,) = json_of(admin.post("/api/products/bulk", json=change))["results"]
    assert result["product"]["stock"] == "10.500"


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"skus": ["T-1"]}, "body"),
        ({"skus": [], "active": True}, "skus"),
        ({"skus": ["x"] * 501, "active": True}, "skus"),
        ({"skus": ["x"], "price": {}}, "price"),
        ({"skus": ["x"], "stock": {}}, "stock"),
        ({"skus": ["x"], "price": {"percent": -101}}, "price.percent"),
        ({"skus": ["x"], "stock": {"add": "0.0001"}}, "stock.add"),
        ({"skus": ["x"], "stock": None}, "stock"),
    ],
)
def test_a_bulk_change_that_is_none_is_refused(admin: FlaskClient, change: Json, path: str) -> None:
    problem(admin.post("/api/products/bulk", json=change), 422, path)


def test_a_price_for_many_is_one_thing_and_fits_each_currency(admin: FlaskClient) -> None:
    add(admin)
    both = {"skus": ["T-1"], "price": {"to": 1, "percent": 1}}
    problem(admin.post("/api/products/bulk", json=both), 422, "price.percent", "price.to")
    finer = {"skus": ["T-1"], "price": {"to": "0.001"}}
    (result,) = json_of(admin.post("/api/products/bulk", json=finer))["results"]
    assert [error["path"] for error in result["problem"]["errors"]] == ["price.to"]


TABLE = "sku,name,price,stock,discontinued\nT-1,Green tea,5.10,12,0\nT-9,Black tea,3.20,,1\n"


def test_a_table_says_first_what_it_would_change(admin: FlaskClient, app: Flask) -> None:
    add(admin)
    before = position(app)
    found = imported(admin, TABLE, "?preview=yes")
    assert position(app) == before
    assert (found["created"], found["updated"], found["unchanged"]) == (1, 1, 0)
    assert found["preview"] is True
    assert found["changes"][0] == {
        "sku": "T-1",
        "name": "Green tea",
        "was": {"price": "4.90"},
        "now": {"price": "5.10"},
    }
    assert found["changes"][1]["was"] is None


def test_a_table_is_taken_in_once(admin: FlaskClient, app: Flask) -> None:
    add(admin)
    assert imported(admin, TABLE)["created"] == 1
    assert listed(admin, "?active=no") == ["T-9"]
    assert json_of(admin.get("/api/products/T-1"))["category"] == "Tea", "no cell, no change"
    before = position(app)
    again = imported(admin, TABLE)
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 2)
    assert position(app) == before


@pytest.mark.parametrize(
    ("lines", "path"),
    [
        ("T-5,x,1,1,0\nT-5,y,1,1,0", "line 3.sku"),
        ("T-5,x,1,1,0\nT-6,x,free,1,0", "line 3.price"),
        ("T-5,x,1,1,0\nT-6,x,1.001,1,0", "line 3.price"),
        ("T-5,x,1,1,0\nT-6,,1,1,0", "line 3.name"),
        ("T-5,x,1,1,0\nT-6,x,1,-3,0", "line 3.stock"),
        ("T-5,x,1,1,0\nT-6,x,1,1,perhaps", "line 3.active"),
        ("T-5,x,1,1,0\n,x,1,1,0", "line 3.sku"),
        ('T-5,x,1,1,0\n"T-6', "line 3"),
    ],
)
def test_a_table_with_a_wrong_cell_changes_nothing(
    admin: FlaskClient, app: Flask, lines: str, path: str
) -> None:
    for query in ("", "?preview=yes"):
        text = f"sku,name,price,stock,discontinued\n{lines}"
        answer = admin.post(f"/api/products/import{query}", data=text, content_type="text/csv")
        problem(answer, 422, path)
    assert position(app) == 0


def test_only_a_table_is_taken_as_one(admin: FlaskClient) -> None:
    url = "/api/products/import"
    problem(admin.post(url, json=[]), 415)
    problem(admin.post(url, data=b"x" * 5_000_000, content_type="text/csv"), 413)
    problem(admin.post(url, data="sku\n", content_type="text/csv", query_string="x=1"), 422, "x")
    assert imported(admin, "sku\n")["created"] == 0


def test_an_export_is_taken_in_without_a_change(admin: FlaskClient, app: Flask) -> None:
    add(admin, name="=SUM(A1)", description='two\nlines, "quoted"')
    add(admin, sku="T-2", stock="1.25", active=False)
    answer = admin.get("/api/products/export")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    names = {row["sku"]: row["name"] for row in csv.DictReader(io.StringIO(answer.text))}
    assert names["T-1"] == "'=SUM(A1)"
    before = position(app)
    assert imported(admin, answer.text)["unchanged"] == 2
    assert position(app) == before


def test_the_public_sees_what_is_sold_and_not_how_much_is_promised(
    admin: FlaskClient, client: FlaskClient
) -> None:
    add(admin)
    add(admin, sku="T-2", active=False)
    (product,) = json_of(client.get("/api/catalogue"))["products"]
    assert (product["sku"], product["available"], product["price"]) == ("T-1", 12, "4.90")
    hidden = {"stock", "reserved", "reorder_level", "low", "updated_by"}
    assert not hidden & product.keys()
    assert json_of(client.get("/api/catalogue?q=nothing"))["products"] == []


def test_what_was_never_sold_is_heard_of_by_nobody_outside(admin: FlaskClient, app: Flask) -> None:
    with app.app_context():
        add(admin)
        add(admin, sku="T-2", active=False)
        admin.patch("/api/products/T-2", json={"price": "1"})
        admin.patch("/api/products/T-1", json={"active": False, "reorder_level": 1})
        admin.patch("/api/products/T-1", json={"name": "Secret"})
        told = [KINDS.view(event, "catalogue", "") for event in log.since(0, 100)]
    assert [event["product"]["sku"] if event else None for event in told] == [
        "T-1",
        None,
        None,
        "T-1",
        None,
    ]
    assert told[3]
    assert told[3]["product"].keys() == {"sku", "active", "version", "revision"}
    assert told[3]["was"] == {"active": True}
    assert told[3]["changes"] == ["active"], "the names of fields that it does not see, neither"
    assert told[3]["actor"] == {"kind": "script"}


def test_drivers_hear_no_products(app: Flask, admin: FlaskClient) -> None:
    driver = as_driver(app, new_driver(app))
    add(admin)
    assert json_of(driver.get("/api/events"))["events"] == []
    reader = with_key(app, "read", name="report")
    assert [e["type"] for e in json_of(reader.get("/api/events"))["events"]] == [
        "driver.created",
        "product.created",
    ]


def test_two_who_add_the_same_sku_at_once_make_one_product(app: Flask) -> None:
    found: list[int] = []
    gate = threading.Barrier(8)
    clients = [with_key(app, "admin", name=f"k{n}") for n in range(8)]

    def ask(client: FlaskClient) -> None:
        gate.wait()
        found.append(client.post("/api/products", json=TEA).status_code)

    threads = [threading.Thread(target=ask, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [201] + [409] * 7


def test_stock_that_two_add_to_at_once_is_counted_twice(app: Flask, admin: FlaskClient) -> None:
    add(admin, stock=0)
    gate = threading.Barrier(10)

    def ask() -> None:
        client = app.test_client()
        client.environ_base.update(admin.environ_base)
        gate.wait()
        change = {"skus": ["T-1"], "stock": {"add": 1}}
        assert client.post("/api/products/bulk", json=change).status_code == 207

    threads = [threading.Thread(target=ask) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert json_of(admin.get("/api/products/T-1"))["stock"] == 10
