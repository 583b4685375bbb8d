"""What the shop says of itself: who sets it, what wins, who hears of it, and nonsense."""

import time
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from orderboard import create_app
from orderboard import settings as shop_settings
from orderboard.audiences import KINDS
from orderboard.config import Settings
from orderboard.database import db
from orderboard.events import log
from orderboard.settings import known
from orderboard.settings.values import Span
from tests.conftest import _close as close
from tests.web.support import as_staff, json_of, place, position, problem, said, with_key

Json = dict[str, Any]
CONTACT = {"phone": "+49 30 1234", "email": "shop@example.com", "address": "Main St 1\nBerlin"}


def values(client: FlaskClient) -> Json:
    """Each setting's value."""
    found = json_of(client.get("/api/settings"))["settings"]
    return {name: setting["value"] for name, setting in found.items()}


def changed(client: FlaskClient, **given: Any) -> Json:
    answer = client.patch("/api/settings", json=given)
    assert answer.status_code == 200, answer.text
    return json_of(answer)


def png(size: tuple[int, int] = (64, 32)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "#1d6f42").save(out, "PNG")
    return out.getvalue()


def test_everything_can_be_set_and_is_read_back(admin: FlaskClient, app: Flask) -> None:
    given = {
        "shop_name": "Käthe's Bread",
        "accent": "#1D6F42",
        "contact": CONTACT,
        "imprint": "Käthe Brot GmbH\nHRB 1",
        "opening_hours": {
            "monday": [{"from": "08:00", "until": "12:00"}, {"from": "13:00", "until": "24:00"}],
            "sunday": [],
        },
        "lead_minutes": 45,
        "methods": ["pickup"],
        "accept_within": 5,
        "undo_within": 5,
        "duplicate_within": 5,
        "decline_reasons": ["Sold out", "Closed"],
        "unknown_skus": "refuse",
        "public_intake": False,
    }
    changed(admin, **given)
    now = values(admin)
    hours = now.pop("opening_hours")
    for name, value in (given | {"accent": "#1d6f42"}).items():
        if name != "opening_hours":
            assert now[name] == value
    assert hours["monday"] == given["opening_hours"]["monday"]  # type: ignore[index]
    assert hours["sunday"] == []
    assert hours["tuesday"] == [{"from": "00:00", "until": "24:00"}], "what was left out stays"
    with app.app_context():
        shop = shop_settings.current()
    assert (shop.shop_name, shop.accent, shop.lead_minutes) == ("Käthe's Bread", "#1d6f42", 45)
    assert shop.opening_hours[0] == (Span(480, 720), Span(780, 1440))
    assert shop.opening_hours[6] == ()
    assert (shop.contact.email, shop.methods) == ("shop@example.com", ("pickup",))


def test_what_is_left_out_of_the_contact_stays_and_null_takes_away(admin: FlaskClient) -> None:
    changed(admin, contact=CONTACT, imprint="Us")
    changed(admin, contact={"phone": None}, imprint=None)
    assert values(admin)["contact"] == CONTACT | {"phone": None}
    assert values(admin)["imprint"] is None


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({}, "body"),
        ({"shop_name": ""}, "shop_name"),
        ({"shop_name": None}, "shop_name"),
        ({"shop_name": "a\nb"}, "shop_name"),
        ({"shop_name": "x" * 101}, "shop_name"),
        ({"shop_name": 7}, "shop_name"),
        ({"accent": "red"}, "accent"),
        ({"accent": "#fff"}, "accent"),
        ({"accent": "#12345g"}, "accent"),
        ({"accent": "#ffffff"}, "accent"),
        ({"accent": "#000;}"}, "accent"),
        ({"contact": {"email": "nobody"}}, "contact.email"),
        ({"contact": {"fax": "1"}}, "contact.fax"),
        ({"contact": None}, "contact"),
        ({"imprint": "x" * 20_001}, "imprint"),
        ({"opening_hours": {"mon": []}}, "opening_hours.mon"),
        ({"opening_hours": {"monday": None}}, "opening_hours.monday"),
        ({"opening_hours": {"monday": [{"from": "09:00"}]}}, "opening_hours.monday.0.until"),
        (
            {"opening_hours": {"monday": [{"from": "24:00", "until": "24:00"}]}},
            "opening_hours.monday.0.from",
        ),
        (
            {"opening_hours": {"monday": [{"from": "9:00", "until": "10:00"}]}},
            "opening_hours.monday.0.from",
        ),
        (
            {"opening_hours": {"monday": [{"from": "10:00", "until": "09:00"}]}},
            "opening_hours.monday",
        ),
        (
            {
                "opening_hours": {
                    "sunday": [
                        {"from": "08:00", "until": "12:00"},
                        {"from": "11:00", "until": "13:00"},
                    ]
                }
            },
            "opening_hours.sunday",
        ),
        (
            {"opening_hours": {"monday": [{"from": "00:00", "until": "00:01"}] * 7}},
            "opening_hours.monday",
        ),
        ({"lead_minutes": -1}, "lead_minutes"),
        ({"lead_minutes": 1.5}, "lead_minutes"),
        ({"lead_minutes": 10**12}, "lead_minutes"),
        ({"methods": []}, "methods"),
        ({"methods": ["drone"]}, "methods.0"),
        ({"methods": "pickup"}, "methods"),
        ({"unknown_skus": "ask"}, "unknown_skus"),
        ({"public_intake": "on"}, "public_intake"),
        ({"currency": "EUR"}, "currency"),
        ({"logo": "abc"}, "logo"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nonsense_is_refused_by_name_and_changes_nothing(
    admin: FlaskClient, app: Flask, given: Json, path: str
) -> None:
    before = values(admin), position(app)
    problem(admin.patch("/api/settings", json=given), 422, path)
    assert (values(admin), position(app)) == before


def test_a_change_is_one_event_with_what_was_before(admin: FlaskClient) -> None:
    changed(admin, shop_name="Bread", accent="#1d6f42")
    changed(admin, shop_name="Bread")
    changed(admin, shop_name="More bread")
    events = json_of(admin.get("/api/events?limit=10"))["events"]
    assert [event["type"] for event in events] == ["settings.updated"] * 2
    assert events[1]["was"] == {"shop_name": "Bread"}
    assert events[1]["settings"]["shop_name"] == "More bread"
    assert events[1]["settings"]["version"] == 2


def test_the_public_hears_what_it_may_see(admin: FlaskClient, app: Flask) -> None:
    changed(admin, shop_name="Bread", unknown_skus="refuse")
    told = app.test_client().get("/api/shop")
    assert json_of(told)["shop_name"] == "Bread"
    assert not {"unknown_skus", "public_intake", "updated_by"} & json_of(told).keys()
    with app.app_context():
        event = log.since(0, 10)[-1]
    seen = KINDS.view(event, "catalogue", "")
    assert seen is not None
    assert seen["settings"].keys() == json_of(told).keys() - {"currency", "timezone"}
    assert seen["was"].keys() == {"shop_name"}
    assert KINDS.view(event, "order:x", "") is None
    assert KINDS.view(event, "driver:x", "") is None


def test_two_who_change_them_at_once_do_not_undo_each_other(admin: FlaskClient) -> None:
    seen = admin.get("/api/settings").headers["ETag"]
    headers = {"If-Match": seen}
    assert admin.patch("/api/settings", json={"imprint": "A"}, headers=headers).status_code == 200
    late = admin.patch("/api/settings", json={"imprint": "B"}, headers=headers)
    assert problem(late, 412)["settings"]["imprint"] == "A"
    assert values(admin)["imprint"] == "A"


class TestTheEnvironmentWins:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        given = settings.given | {"ORDERBOARD_SHOP_NAME", "ORDERBOARD_PUBLIC_INTAKE"}
        return replace(settings, given=given, shop_name="From outside")

    def test_what_it_sets_is_fixed_and_a_change_of_it_is_refused(
        self, admin: FlaskClient, app: Flask
    ) -> None:
        found = json_of(admin.get("/api/settings"))["settings"]
        name = {"value": "From outside", "fixed": True, "variable": "ORDERBOARD_SHOP_NAME"}
        assert found["shop_name"] == name
        assert found["public_intake"]["fixed"]
        assert not found["unknown_skus"]["fixed"]
        assert found["currency"] == {
            "value": "USD",
            "fixed": True,
            "variable": "ORDERBOARD_CURRENCY",
        }
        refused = admin.patch("/api/settings", json={"shop_name": "Mine", "imprint": "Me"})
        assert "ORDERBOARD_SHOP_NAME" in problem(refused, 409, "shop_name")["detail"]
        assert values(admin)["imprint"] is None
        assert position(app) == 0

    def test_it_wins_over_what_was_set_before(self, app: Flask, settings: Settings) -> None:
        free = create_app(replace(settings, given=frozenset()))
        changed(with_key(free, "admin"), shop_name="Mine")
        close(free)
        with app.app_context():
            assert shop_settings.current().shop_name == "From outside"


def test_public_intake_is_turned_off_and_on_while_the_shop_runs(
    admin: FlaskClient, app: Flask
) -> None:
    stranger = app.test_client()
    place(stranger)
    changed(admin, public_intake=False)
    problem(stranger.post("/api/orders", json={"customer": "Ada"}), 401)
    changed(admin, public_intake=True)
    place(stranger)


def test_orders_are_held_to_the_catalogue_from_the_moment_it_is_said(admin: FlaskClient) -> None:
    items = [{"sku": "X-1", "name": "Tea", "quantity": 1, "unit_price": "1.00"}]
    place(admin, items=items)
    changed(admin, unknown_skus="refuse")
    problem(admin.post("/api/orders", json={"customer": "A", "items": items}), 422, "items.0.sku")


@pytest.fixture
def other(app: Flask, settings: Settings) -> Iterator[Flask]:
    """Another server of the same shop."""
    another = create_app(settings)
    another.extensions["orderboard"].stream.start()
    yield another
    close(another)


def name_known_to(app: Flask) -> str:
    with app.app_context():
        return shop_settings.current().shop_name


def test_every_server_knows_of_a_change_at_once(
    admin: FlaskClient, app: Flask, other: Flask
) -> None:
    assert name_known_to(other) == "orderboard"
    for name in ("Bread", "More bread"):
        changed(admin, shop_name=name)
        assert name_known_to(app) == name
        end = time.monotonic() + 5
        while name_known_to(other) != name:
            assert time.monotonic() < end, "the other server has not heard of it"
            time.sleep(0.01)


def test_an_order_costs_no_statement_for_the_settings(client: FlaskClient, app: Flask) -> None:
    stream = app.extensions["orderboard"].stream
    end = time.monotonic() + 5
    while not stream.figures()["epoch"]:
        assert time.monotonic() < end, "the stream does not start"
        time.sleep(0.01)
    place(client)
    asked: list[str] = []
    with app.app_context():
        sa.event.listen(
            db.engine, "before_cursor_execute", lambda _c, _k, text, *_: asked.append(text)
        )
    for _ in range(3):
        place(client)
    assert not [text for text in asked if "shop_settings" in text]
    client.get("/api/shop")
    assert [text for text in asked if "shop_settings" in text], "a statement would not be seen"


class TestLogo:
    def test_it_is_shown_to_everybody_and_kept_by_browsers(
        self, admin: FlaskClient, client: FlaskClient
    ) -> None:
        assert client.get("/shop/logo").status_code == 404
        set_ = admin.put("/api/settings/logo", data=png(), content_type="image/png")
        url = json_of(set_)["settings"]["logo_url"]["value"]
        shown = client.get(url)
        assert (shown.status_code, shown.mimetype) == (200, "image/png")
        assert "immutable" in shown.headers["Cache-Control"]
        assert shown.headers["X-Content-Type-Options"] == "nosniff"
        assert Image.open(BytesIO(shown.data)).size == (64, 32)
        plain = client.get("/shop/logo")
        assert plain.headers["Cache-Control"] == "no-cache"
        again = client.get("/shop/logo", headers={"If-None-Match": plain.headers["ETag"]})
        assert again.status_code == 304
        another = admin.put("/api/settings/logo", data=png((10, 10)), content_type="image/png")
        assert json_of(another)["settings"]["logo_url"]["value"] != url
        assert admin.delete("/api/settings/logo").status_code == 200
        assert client.get(url).status_code == 404

    def test_the_same_logo_again_is_no_event(self, admin: FlaskClient, app: Flask) -> None:
        for _ in range(2):
            admin.put("/api/settings/logo", data=png(), content_type="image/png")
        assert position(app) == 1

    @pytest.mark.parametrize(
        ("content", "media", "status"),
        [
            (b"<script>alert(1)</script>", "image/png", 422),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png", 422),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", 415),
            (b"", "image/png", 422),
            (png(), "text/html", 415),
            (b"\0" * (2 * 1024 * 1024 + 1), "image/png", 413),
        ],
    )
    def test_what_is_no_picture_is_refused(
        self, admin: FlaskClient, app: Flask, content: bytes, media: str, status: int
    ) -> None:
        refused = admin.put("/api/settings/logo", data=content, content_type=media)
        problem(refused, status, *(["body"] if status == 422 else []))
        assert position(app) == 0
        assert values(admin)["logo_url"] is None


def test_50_megabytes_are_refused_before_they_are_sent(
    live: Any, live_keys: dict[str, str]
) -> None:
    head = (
        "PUT /api/settings/logo HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n"
        f"Authorization: Bearer {live_keys['admin']}\r\nContent-Length: {50 * 1024 * 1024}\r\n"
        "Connection: close\r\n\r\n"
    )
    began = time.monotonic()
    answer = said(live, head.encode())
    assert answer.startswith(b"HTTP/1.1 413")
    assert time.monotonic() - began < 5


def test_the_page_shows_what_the_environment_sets_as_fixed(app: Flask, settings: Settings) -> None:
    given = settings.given | {"ORDERBOARD_SHOP_NAME"}
    bound = create_app(replace(settings, given=given, shop_name="From outside"))
    page = as_staff(bound).get("/admin/settings").text
    close(bound)
    field = page.partition('id="shop_name"')[2].partition(">")[0]
    assert "disabled" in field
    assert 'value="From outside"' in field
    assert "Set by <code>ORDERBOARD_SHOP_NAME</code>" in page


def test_a_page_that_says_the_database_is_away_has_the_shops_name(
    admin: FlaskClient, app: Flask
) -> None:
    changed(admin, shop_name="Bread")
    assert name_known_to(app) == "Bread"
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE shop_settings RENAME TO elsewhere"))
    with app.app_context():
        known.known().forget()
    page = app.test_client().get("/nothing", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert ">Bread<" in page.text
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE elsewhere RENAME TO shop_settings"))
    changed(admin, shop_name="More bread")
    assert name_known_to(app) == "More bread"
