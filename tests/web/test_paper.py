"""Orders on paper: what stands on tickets and slips, and that an order was printed."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orderboard.audiences import KINDS
from tests.web.support import Json, as_staff, json_of, moved, place, position, problem, timeline

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MANY = ",".join(f"ord_{n}" for n in range(101))
FULL: Json = {
    "customer": {"name": "Ada & Co <b>", "phone": "0700 900", "email": "ada@example.com"},
    "currency": "EUR",
    "items": [
        {
            "sku": "NW-1",
            "name": "Chai",
            "quantity": 2,
            "unit_price": "4.50",
            "options": [{"name": "Milk", "value": "oat", "price": "0.50"}],
            "note": "extra hot",
        },
        {"name": "Flour", "quantity": "1.250", "unit": "kg", "unit_price": "2.00"},
    ],
    "shipping": "1.00",
    "fulfilment": {
        "method": "delivery",
        "from": "2030-01-31T23:30:00Z",
        "until": "2030-02-01T00:15:00Z",
        "instructions": "Back door",
    },
    "address": {"line1": "12 Orchard Row", "postal_code": "10115", "city": "Berlin"},
    "payment_method": "cod",
    "note": "Ring twice",
    "display_number": "B-77",
}


@pytest.fixture
def staff(app: Flask) -> FlaskClient:
    return as_staff(app)


def page(staff: FlaskClient, path: str) -> str:
    """The text of a page as a reader has it, without its markup."""
    answer = staff.get(path)
    assert answer.status_code == 200, answer.text
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    words = re.sub(r"<[^>]+>", " ", main.partition(">")[2])
    return re.sub(r"\s+", " ", words).replace("&amp;", "&").replace("&lt;", "<")


def test_a_ticket_says_all_that_whoever_makes_and_brings_it_needs(
    admin: FlaskClient, staff: FlaskClient
) -> None:
    admin.patch("/api/settings", json={"shop_name": "Bakery", "contact": {"phone": "030 1"}})
    order = place(admin, **FULL)
    text = page(staff, f"/admin/orders/{order['id']}/ticket")
    for words in (
        *("Bakery", "030 1", f"#{order['number']}", "B-77", "Order · Delivery"),
        "Wanted Thu 31 Jan 2030, 23:30 to Fri 1 Feb 2030, 00:15",
        *("2 ×", "Chai", "Milk: oat", "“extra hot”", "€9.00", "1.25 kg ×", "Flour", "€2.50"),
        *("Ring twice", "Subtotal €11.50", "Shipping €1.00", "Total €12.50", "COLLECT €12.50"),
        *("Ada & Co <b", "0700 900", "12 Orchard Row", "10115 Berlin", "Back door"),
    ):
        assert words in text, words
    assert "Copy" not in text


def test_a_slip_has_no_prices_and_a_sheet_has_them(admin: FlaskClient, staff: FlaskClient) -> None:
    order = place(admin, **FULL)
    slip = page(staff, f"/admin/orders/{order['id']}/slip")
    for words in ("Packing slip", "2 Chai Milk: oat", "NW-1", "Deliver to", "Ring twice"):
        assert words in slip, words
    assert not re.search(r"€|[49]\.[05]0|COLLECT", slip)
    sheet = page(staff, f"/admin/orders/{order['id']}/sheet")
    for words in ("Order sheet", "€4.50 €9.00", "Total €12.50", "COLLECT €12.50"):
        assert words in sheet, words


@pytest.mark.parametrize(
    ("order", "payments", "words"),
    [
        ({"payment_method": "cod"}, [], "COLLECT €10.00"),
        ({"payment_method": "online"}, [], "NOT PAID €10.00"),
        ({"payment_method": "cod"}, ["4.00"], "COLLECT €6.00 (€4.00 paid)"),
        ({"payment_method": "online"}, ["10.00"], "PAID"),
        ({"payment_method": "none"}, [], "Nothing to collect"),
    ],
)
def test_the_ticket_says_what_is_to_be_collected(
    admin: FlaskClient, staff: FlaskClient, order: Json, payments: list[str], words: str
) -> None:
    item = {"name": "Bread", "quantity": 1, "unit_price": "10.00"}
    paid = [{"method": "card", "amount": amount} for amount in payments]
    placed = place(admin, items=[item], currency="EUR", payments=paid, **order)
    text = page(staff, f"/admin/orders/{placed['id']}/ticket")
    assert f" {words} Ada" in re.sub(r"\s+", " ", text)


def test_a_cancelled_order_asks_for_no_money(admin: FlaskClient, staff: FlaskClient) -> None:
    order = moved(admin, place(admin, **FULL), "cancelled")
    text = page(staff, f"/admin/orders/{order['id']}/ticket")
    assert "CANCELLED" in text
    assert "COLLECT" not in text


def test_printing_is_an_event_and_no_change_of_the_order(
    app: Flask, admin: FlaskClient, staff: FlaskClient
) -> None:
    order = place(admin)
    path = f"/api/orders/{order['id']}"
    assert order["printed"] is None
    for times in (1, 2):
        answer = staff.put(f"{path}/printed")
        told = json_of(answer)
        assert answer.headers["ETag"] == '"1"'
        assert told["printed"]["times"] == times
        assert told["printed"]["by"] == {"kind": "staff", "name": "ada"}
        assert {**told, "printed": None} == order
        assert json_of(admin.get(path)) == told
    event = timeline(admin, order)[-1]
    assert event["type"] == "order.printed"
    assert event["prints"]["printed"] == told["printed"]
    assert event["was"]["printed"]["times"] == 1
    edited = admin.patch(path, json={"note": "x"}, headers={"If-Match": '"1"'})
    assert edited.status_code == 200
    assert json_of(edited)["printed"] == told["printed"]
    before = position(app)
    problem(admin.put("/api/orders/ord_none/printed"), 404)
    assert position(app) == before


def test_customers_and_drivers_hear_nothing_of_the_paper(
    admin: FlaskClient, client: FlaskClient
) -> None:
    order = place(admin)
    admin.put(f"/api/orders/{order['id']}/printed")
    token = order["track_url"].rpartition("/")[2]
    assert "printed" not in json_of(client.get(f"/api/track/{token}"))
    assert "order.printed" not in {*KINDS.names("order"), *KINDS.names("driver")}
    assert "order.printed" in KINDS.names("board")


def test_what_is_printed_again_says_that_it_is_a_copy_and_a_slip_does_not(
    admin: FlaskClient, staff: FlaskClient
) -> None:
    order = place(admin)
    admin.put(f"/api/orders/{order['id']}/printed")
    for paper, says in (("ticket", True), ("sheet", True), ("slip", False)):
        text = page(staff, f"/admin/orders/{order['id']}/{paper}")
        assert ("Copy" in text) == says, paper


def test_many_are_printed_at_once_in_the_order_asked_for(
    admin: FlaskClient, staff: FlaskClient
) -> None:
    orders = [place(admin, customer=f"C{n}") for n in range(3)]
    ids = [orders[n]["id"] for n in (2, 0, 1)]
    answer = staff.get(f"/admin/tickets?ids={','.join([*ids, ids[0], 'ord_none'])}")
    assert re.findall(r'aria-label="Ticket (#\d+)"', answer.text) == [
        f"#{orders[n]['number']}" for n in (2, 0, 1)
    ]
    assert "1 of the orders is not there." in answer.text
    slips = staff.get(f"/admin/tickets?as=slip&ids={ids[0]}&ids={ids[1]}").text
    assert len(re.findall(r'aria-label="Packing slip', slips)) == 2
    done = json_of(admin.post("/api/orders/bulk/printed", json={"ids": [*ids, "ord_none"]}))
    assert [one["status"] for one in done["results"]] == [200, 200, 200, 404]
    assert {one["order"]["printed"]["times"] for one in done["results"][:3]} == {1}


@pytest.mark.parametrize("query", ["", "?ids=", f"?ids={MANY}", "?ids=a&as=poster"])
def test_pages_that_cannot_be_are_refused_by_name(staff: FlaskClient, query: str) -> None:
    path = "as" if "poster" in query else "ids"
    problem(staff.get(f"/admin/tickets{query}"), 422, path)


def test_what_is_not_there_is_not_printed(staff: FlaskClient) -> None:
    for path in ("orders/ord_none/ticket", "orders/ord_none/slip", "tickets?ids=ord_none"):
        assert staff.get(f"/admin/{path}").status_code == 404
