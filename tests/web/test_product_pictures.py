"""Pictures of products that the shop keeps itself."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from tests.web.support import json_of, position, problem

Json = dict[str, Any]
PATH = "/api/products/TEA/picture"


@pytest.fixture(autouse=True)
def teas(admin: FlaskClient) -> None:
    """Two products."""
    for sku in ("TEA", "CHAI"):
        assert admin.post("/api/products", json={"sku": sku, "name": sku}).status_code == 201


def photo(colour: str = "#c0392b", size: tuple[int, int] = (2400, 1200)) -> bytes:
    """A photo that says where it was taken."""
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0)})
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


def given(client: FlaskClient, content: bytes, path: str = PATH, **more: Any) -> TestResponse:
    return client.put(path, data=content, content_type="image/jpeg", **more)


def taken_in(client: FlaskClient, table: str) -> TestResponse:
    return client.post("/api/products/import", data=table, content_type="text/csv")


def test_it_is_drawn_anew_and_kept_by_browsers_for_ever(
    admin: FlaskClient, client: FlaskClient
) -> None:
    product = json_of(given(admin, photo()))
    address = product["image"]
    assert (product["version"], address) == (2, json_of(admin.get("/api/products/TEA"))["image"])
    shown = client.get(address)
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert "immutable" in shown.headers["Cache-Control"]
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    picture = Image.open(BytesIO(shown.data))
    assert picture.size == (1000, 500)
    assert not picture.getexif()
    again = client.get(address, headers={"If-None-Match": shown.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert f'src="{address}"' in client.get("/").text
    assert json_of(client.get("/api/catalogue?sku=TEA"))["products"][0]["image"] == address


def test_a_picture_is_kept_while_a_product_shows_it(
    app: Flask, admin: FlaskClient, client: FlaskClient
) -> None:
    first = json_of(given(admin, photo()))["image"]
    assert json_of(given(admin, photo(), "/api/products/CHAI/picture"))["image"] == first
    before = position(app)
    given(admin, photo())
    assert position(app) == before
    other = json_of(given(admin, photo("#0000ff")))["image"]
    assert other != first
    assert [client.get(one).status_code for one in (first, other)] == [200, 200]
    assert json_of(admin.delete("/api/products/CHAI/picture"))["image"] is None
    assert [client.get(one).status_code for one in (first, other)] == [404, 200]
    assert admin.delete("/api/products/CHAI/picture").status_code == 200
    assert client.get("/shop/pictures/" + "0" * 64).status_code == 404


def test_it_is_forgotten_however_its_last_product_comes_to_show_something_else(
    admin: FlaskClient, client: FlaskClient
) -> None:
    elsewhere = "https://shop.example/tea.png"
    table = f"sku,image\nTEA,{elsewhere}\n"
    ways: list[Callable[[], TestResponse]] = [
        lambda: admin.patch("/api/products/TEA", json={"image": None}),
        lambda: admin.patch("/api/products/TEA", json={"image": elsewhere}),
        lambda: taken_in(admin, table),
    ]
    for way in ways:
        address = json_of(given(admin, photo()))["image"]
        assert client.get(address).status_code == 200
        assert way().status_code == 200
        assert client.get(address).status_code == 404


def test_a_table_may_have_products_show_each_others_pictures(
    admin: FlaskClient, client: FlaskClient
) -> None:
    tea = json_of(given(admin, photo()))["image"]
    chai = json_of(given(admin, photo("#0000ff"), "/api/products/CHAI/picture"))["image"]
    answer = taken_in(admin, f"sku,image\nTEA,{chai}\nCHAI,{tea}\n")
    assert json_of(answer)["updated"] == 2
    assert [client.get(one).status_code for one in (tea, chai)] == [200, 200]


def test_an_address_at_which_the_shop_keeps_nothing_is_refused(
    app: Flask, admin: FlaskClient
) -> None:
    nowhere, before = "/shop/pictures/" + "0" * 64, position(app)
    problem(admin.patch("/api/products/TEA", json={"image": nowhere}), 422, "image")
    new = {"sku": "NEW", "name": "New", "image": nowhere}
    problem(admin.post("/api/products", json=new), 422, "image")
    table = f"sku,name,image\nCHAI,Renamed,\nTEA,Tea,{nowhere}\n"
    problem(taken_in(admin, table), 422, "line 3.image")
    assert position(app) == before


def test_an_order_names_no_picture_that_may_be_gone_before_it(
    admin: FlaskClient, client: FlaskClient
) -> None:
    given(admin, photo())
    elsewhere = "https://shop.example/chai.png"
    admin.patch("/api/products/CHAI", json={"image": elsewhere})
    items = [{"sku": sku, "quantity": 1} for sku in ("TEA", "CHAI")]
    buyer = {"name": "Ada", "phone": "0700"}
    answer = client.post("/api/orders", json={"customer": buyer, "items": items})
    shown = json_of(admin.get(f"/api/orders/{json_of(answer)['id']}"))["items"]
    assert [line.get("image") for line in shown] == [None, elsewhere]


def test_who_has_seen_another_version_is_told(admin: FlaskClient) -> None:
    seen = {"If-Match": '"1"'}
    assert given(admin, photo(), headers=seen).status_code == 200
    found = problem(given(admin, photo("#00ff00"), headers=seen), 412)
    assert found["product"]["version"] == 2
    problem(given(admin, photo(), "/api/products/NONE/picture"), 404)


def bomb() -> bytes:
    """A file of some kilobytes that is a picture of 25 megapixels."""
    out = BytesIO()
    Image.new("1", (5000, 5000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"<script>alert(1)</script>", 422),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 422),
        (b"\xff\xd8\xff\xe0" + b"\0" * 100, 422),
        (photo()[:2000], 422),
        (b"", 422),
        (bomb(), 422),
        (b"\0" * 8_000_001, 413),
    ],
    ids=["script", "drawing", "head", "half", "nothing", "bomb", "large"],
)
def test_what_is_no_picture_is_refused(
    app: Flask, admin: FlaskClient, content: bytes, status: int
) -> None:
    before = position(app)
    problem(given(admin, content), status, *(["body"] if status == 422 else []))
    problem(admin.put(PATH, data=content, content_type="text/html"), 415)
    assert position(app) == before
    assert json_of(admin.get("/api/products/TEA"))["image"] is None


def test_50_megabytes_are_refused_before_they_are_read(admin: FlaskClient) -> None:
    class Unread(BytesIO):
        def read(self, *_: Any) -> bytes:
            raise AssertionError("it was read")

    length = {"CONTENT_LENGTH": str(50 * 1024 * 1024)}
    answer = admin.put(
        PATH, input_stream=Unread(), content_type="image/png", environ_overrides=length
    )
    problem(answer, 413)


def test_a_table_with_it_is_taken_in_again(admin: FlaskClient, app: Flask) -> None:
    given(admin, photo())
    table = admin.get("/api/products/export").data
    assert b"/shop/pictures/" in table
    before = position(app)
    answer = admin.post("/api/products/import", data=table, content_type="text/csv")
    assert json_of(answer)["unchanged"] == 2
    assert position(app) == before
    for wrong in ("/shop/logo", "/shop/pictures/x", "//else.example/x", "javascript:alert(1)"):
        problem(admin.patch("/api/products/TEA", json={"image": wrong}), 422, "image")
