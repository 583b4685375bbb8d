"""Listing orders: filters, search, sorting and pages."""

from base64 import urlsafe_b64encode
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.support import json_of, moved, new_driver, place, position, problem

SORTS = ("created", "updated", "total", "due")


def listed(client: FlaskClient, **query: Any) -> list[str]:
    """The customers of the orders that a query lists, which have different names."""
    answer = client.get("/api/orders", query_string=query)
    assert answer.status_code == 200, answer.text
    return [order["customer"]["name"] for order in json_of(answer)["orders"]]


def walked(client: FlaskClient, meanwhile: Any = None, **query: Any) -> list[int]:
    """The numbers of all orders, page by page; ``meanwhile()`` runs before each next page."""
    numbers: list[int] = []
    cursor = ""
    while True:
        page = json_of(client.get("/api/orders", query_string={**query, "cursor": cursor}))
        numbers += [order["number"] for order in page["orders"]]
        cursor = page["next"]
        if cursor is None:
            return numbers
        if meanwhile:
            meanwhile()


def test_the_newest_comes_first_with_a_position(app: Flask, admin: FlaskClient) -> None:
    for name in ("A", "B", "C"):
        place(admin, customer=name)
    page = json_of(admin.get("/api/orders"))
    assert [order["customer"]["name"] for order in page["orders"]] == ["C", "B", "A"]
    assert page["next"] is None
    assert page["position"].endswith(f"-{position(app)}")


def test_filters_take_several_values_and_work_together(app: Flask, admin: FlaskClient) -> None:
    bo, cy = new_driver(app, "Bo"), new_driver(app, "Cy")
    for name, kind, route, driver in (
        ("A", "purchase", (), bo),
        ("B", "return", ("processing",), bo),
        ("C", "bulk", ("on_hold",), cy),
        ("D", "bulk", ("processing",), None),
    ):
        order = moved(admin, place(admin, customer=name, type=kind), *route)
        admin.put(f"/api/orders/{order['id']}/driver", json={"driver": driver})
    for query, found in (
        ({"status": "processing"}, "DB"),
        ({"status": ["processing", "on_hold"]}, "DCB"),
        ({"status": ["processing", "processing"]}, "DB"),
        ({"type": ["bulk", "return"]}, "DCB"),
        ({"driver": bo}, "BA"),
        ({"driver": [bo, cy]}, "CBA"),
        ({"driver": "drv_none"}, ""),
        ({"status": ["processing", "on_hold"], "type": "bulk", "driver": cy}, "C"),
        ({"type": "bulk", "q": "d"}, "D"),
        ({"limit": 2}, "DC"),
    ):
        assert "".join(listed(admin, **query)) == found, query


def test_times_bound_a_list(admin: FlaskClient) -> None:
    orders = [place(admin, customer=name) for name in "ABC"]
    moved(admin, orders[0], "on_hold")
    middle = orders[1]["created_at"]
    for query, found in (
        ({"created_from": middle}, "CB"),
        ({"created_to": middle}, "A"),
        ({"created_from": middle, "created_to": orders[2]["created_at"]}, "B"),
        ({"updated_after": orders[2]["updated_at"]}, "A"),
        ({"created_from": "2100-01-01T00:00:00+02:00"}, ""),
        ({"created_from": "1970-01-01 00:00:00z", "created_to": "2100-01-01T00:00:00.123Z"}, "CBA"),
    ):
        assert "".join(listed(admin, **query)) == found, query


def test_a_search_looks_through_all_that_people_know_of_an_order(admin: FlaskClient) -> None:
    ada = place(
        admin,
        customer={
            "name": "Ada Straße",
            "company": "Engines_100%",
            "email": "Ada@Example.com",
            "phone": "+49 (30) 12-34",
        },
        items=[{"name": "Tea", "sku": "NW-0042", "quantity": 1}],
        address={"line1": "Unter den Linden 1", "city": "ΒΕΡΟΛΊΝΟ", "postal_code": "10117"},
        external_id="shop#9",
    )
    for _ in range(3):
        place(admin, customer="Somebody")
    for text in (
        str(ada["number"]),
        f"#{ada['number']}",
        "ada",
        "STRASSE",
        "straße ada",
        "engines_100%",
        "ada@example.COM",
        "(30)",
        "493012",
        "+49 (30) 12-34",
        "nw-0042",
        "linden",
        "βερολίνο",
        "10117 unter",
        "shop#9",
        "s_100%",
    ):
        found = listed(admin, q=text)
        assert "Ada Straße" in found, text
        assert text == str(ada["number"]) or len(found) == 1, text
    for text in (
        "100_",
        "%",
        "ada somebody",
        "#999999999",
        "99999999999999999999",
        "\\",
        "' OR 1=1",
    ):
        found = listed(admin, q=text)
        assert found == [], text


def test_whatever_is_searched_for_gets_a_clear_answer(admin: FlaskClient) -> None:
    place(admin)
    for text in ('"', "a OR", "NEAR(", "*", "...", "\u0301", "\u202e", "ש", "text:a", "{" * 200):
        assert listed(admin, q=text) == [], text
    for text in ("x" * 10_000, "a\x00b", "\x01"):
        problem(admin.get("/api/orders", query_string={"q": text}), 422, "q")


@pytest.mark.parametrize("sort", [*SORTS, *(f"-{name}" for name in SORTS)])
def test_pages_list_every_order_once_while_new_ones_arrive(admin: FlaskClient, sort: str) -> None:
    # Equal totals and a batch of one moment: only the number tells those orders apart.
    batch = [{"customer": "A", "shipping": n % 3} for n in range(20)]
    admin.post("/api/orders/batch", json={"orders": batch})
    before = walked(admin, sort=sort, limit=200)
    assert sorted(before) == sorted(range(min(before), min(before) + 20))
    name, falling = sort.removeprefix("-"), sort.startswith("-")
    if name == "total":
        assert before != sorted(before)
    else:  # of one moment, or never due
        assert before == sorted(before, reverse=falling)
    for limit in (1, 3, 20):
        assert walked(admin, sort=sort, limit=limit) == before
    during = walked(admin, lambda: place(admin, customer="new", shipping=1), sort=sort, limit=7)
    assert len(set(during)) == len(during)
    assert [number for number in during if number in set(before)] == before


def test_a_page_goes_on_where_the_last_one_ended_with_filters_too(admin: FlaskClient) -> None:
    for n in range(9):
        place(admin, customer="A", type="bulk" if n % 2 else "sample")
    numbers = walked(admin, type="bulk", sort="total", limit=1)
    assert len(numbers) == 4
    first = json_of(admin.get("/api/orders?limit=4"))["next"]
    problem(admin.get(f"/api/orders?sort=total&cursor={first}"), 422, "cursor")
    problem(admin.get(f"/api/orders?sort=created&cursor={first}"), 422, "cursor")


def test_a_cursor_for_another_kind_of_value_is_refused(admin: FlaskClient) -> None:
    place(admin)
    for sort, made in (
        ("total", '["total", "2030-01-01T00:00:00Z", 1]'),
        ("total", '["total", 1.5, 1]'),
        ("total", '["total", true, 1]'),
        ("total", '["total", 99999999999999999999, 1]'),
        ("total", '["total", 1, 99999999999]'),
        ("total", '["total", 1, -1]'),
        ("total", '["total", 1]'),
        ("total", '{"a": 1, "b": 2, "c": 3}'),
        ("total", '"abc"'),
        ("total", "null"),
        ("total", '["total", null, 99999999999]'),
        ("total", "["),
        ("total", "[" * 200),
        ("created", '["created", 1, 1]'),
        ("created", '["created", "2030-01-01T00:00:00", 1]'),
        ("created", '["created", "0001-01-01T00:00:00+09:00", 1]'),
        ("created", '["created", "10000-01-01T00:00:00Z", 1]'),
    ):
        cursor = urlsafe_b64encode(made.encode()).decode()
        refused = admin.get("/api/orders", query_string={"sort": sort, "cursor": cursor})
        problem(refused, 422, "cursor")


def test_figures_count_what_is_there(app: Flask, admin: FlaskClient) -> None:
    tea = {"name": "Tea", "sku": "T", "quantity": 2, "unit_price": "10"}
    ada = {"name": "Ada", "email": "ada@example.com"}
    place(admin, customer=ada, items=[tea])
    place(admin, customer={**ada, "name": "A. L.", "email": "ADA@example.com"}, shipping=5)
    moved(admin, place(admin, customer="Bo", items=[{**tea, "sku": "U"}]), "cancelled")
    moved(admin, place(admin, items=[tea]), "declined")
    place(admin, customer="Bo", currency="JPY", shipping=700, type="bulk")
    delivered = ("processing", "shipped", "delivered")
    moved(admin, place(admin, customer="Bo", items=[tea]), *delivered, "returned")
    found = json_of(admin.get("/api/overview"))
    assert (found["orders"], found["today"], found["customers"], found["products"]) == (6, 6, 3, 2)
    assert (found["currency"], found["revenue"], found["revenue_today"]) == (
        "USD",
        "25.00",
        "25.00",
    )
    assert found["revenue_by_currency"] == {"JPY": "700", "USD": "25.00"}
    counted = {name: count for name, count in found["by_status"].items() if count}
    assert counted == {"pending": 3, "cancelled": 1, "declined": 1, "returned": 1}
    assert {name: n for name, n in found["by_type"].items() if n} == {"purchase": 5, "bulk": 1}
    assert (found["unread_messages"], found["subscribers"]) == (0, 0)
    assert found["position"].endswith(f"-{position(app)}")
