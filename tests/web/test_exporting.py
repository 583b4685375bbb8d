"""Lists of orders as tables: all pages, the list's filters, and nothing that a spreadsheet runs."""

import csv
import io
import zipfile
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.support import Json, json_of, moved, place, position, problem

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =cmd|' /C calc'!A0", "\uff1d1+1", "\u200b=1")
_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def exported(client: FlaskClient, query: str = "") -> list[Json]:
    """The rows of the CSV file by the names of their columns."""
    answer = client.get(f"/api/orders/export{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def sheet(client: FlaskClient, query: str = "") -> list[list[tuple[str, str]]]:
    """The cells of a workbook, row by row: each its kind and its value. No formula among them."""
    answer = client.get(f"/api/orders/export?format=xlsx{query}")
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        root = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert root.find(f".//{_NS}f") is None
    return [
        [(cell.get("t", "n"), "".join(cell.itertext())) for cell in row]
        for row in root.iter(f"{_NS}row")
    ]


def test_a_row_says_what_the_order_is(admin: FlaskClient) -> None:
    line = {"name": "Tea", "quantity": "1.5", "unit": "kg", "unit_price": "4.00"}
    cup = {"name": "Cup", "quantity": 2, "options": [{"name": "Colour", "value": "red"}]}
    order = place(
        admin,
        customer={"name": "Ada", "email": "ada@x.example", "phone": "+49 30 1"},
        items=[line, {**cup, "unit_price": "1.00"}],
        address={"line1": "Main St 1", "city": "Bern"},
        shipping="2.50",
        tip="1.00",
        tags=["late", "vip"],
        note='two\nlines, "quoted"',
        payments=[{"method": "card", "amount": "5.00"}],
    )
    (row,) = exported(admin)
    assert (row["number"], row["id"]) == (str(order["number"]), order["id"])
    assert row["created_at"] == order["created_at"]
    assert row["items"] == "1.500 kg x Tea; 2 x Cup (red)"
    assert [row[name] for name in ("subtotal", "tip", "total")] == ["8.00", "1.00", "11.50"]
    assert [row[name] for name in ("paid", "due")] == ["5.00", "6.50"]
    assert (row["payment_status"], row["phone"]) == ("partly_paid", "'+49 30 1")
    assert (row["address_line1"], row["address_city"]) == ("Main St 1", "Bern")
    assert (row["tags"], row["note"]) == ("late, vip", 'two\nlines, "quoted"')
    assert row["driver"] == row["cancel_reason"] == ""


def test_all_pages_are_in_the_file_in_the_order_of_the_list(admin: FlaskClient) -> None:
    orders = [{"customer": f"C{n}", "shipping": f"{n % 7}"} for n in range(450)]
    assert admin.post("/api/orders/batch", json={"orders": orders}).status_code == 207
    rows = exported(admin, "?sort=-total")
    assert len({row["number"] for row in rows}) == 450
    assert [float(row["total"]) for row in rows] == sorted(
        (n % 7 for n in range(450)), reverse=True
    )
    assert len(sheet(admin)) == 451


def test_the_filters_of_the_list_hold(admin: FlaskClient) -> None:
    place(admin, customer="Ada")
    ready = moved(admin, place(admin, customer="Bo"), "processing", "ready")
    assert [row["id"] for row in exported(admin, "?status=ready&status=failed")] == [ready["id"]]
    assert [row["customer"] for row in exported(admin, "?q=ad")] == ["Ada"]
    assert exported(admin, "?type=donation") == []
    assert len(sheet(admin, "&status=ready")) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_run(admin: FlaskClient, text: str) -> None:
    item = {"name": text, "quantity": 1, "unit_price": "1.00"}
    place(admin, customer=f"{text}x", items=[item], note=text, tags=[text], channel=text)
    (row,) = exported(admin)
    kept = json_of(admin.get("/api/orders"))["orders"][0]
    assert row["note"] == f"'{kept['note']}"
    assert row["customer"] == f"'{kept['customer']['name']}"
    assert row["channel"] == f"'{kept['channel']}"
    assert row["tags"] == f"'{kept['tags'][0]}"
    cells = sheet(admin)[1]
    assert ("inlineStr", kept["note"]) in [(kind, value) for kind, value in cells]


def test_amounts_and_moments_are_values_in_a_workbook(admin: FlaskClient) -> None:
    place(admin, shipping="12.34")
    head, row = sheet(admin)
    names = [value for _, value in head]
    assert names[:3] == ["number", "display_number", "external_id"]
    assert ("n", "12.34") in row
    assert ("n", "1") in row
    assert any(kind == "n" and float(value) > 40_000 for kind, value in row)  # days since 1900


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("format=pdf", "format"),
        ("format=csv&format=xlsx", "format"),
        ("limit=5", "limit"),
        ("cursor=x", "cursor"),
        ("status=lost", "status.0"),
        ("q=" + "x" * 201, "q"),
        ("wrong=1", "wrong"),
    ],
)
def test_nonsense_is_named(app: Flask, admin: FlaskClient, query: str, path: str) -> None:
    before = position(app)
    problem(admin.get(f"/api/orders/export?{query}"), 422, path)
    assert position(app) == before
