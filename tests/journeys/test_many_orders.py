"""Many orders, one by one: each listener hears each of them once, in order, and they add up."""

from collections import defaultdict
from decimal import Decimal
from random import Random

from playwright.sync_api import Browser

from tests.journeys import views
from tests.journeys.drawing import DIGITS, Drawn, draw
from tests.journeys.house import House, Json
from tests.servers import wait_until

ORDERS = 300


def test_each_order_is_heard_once_in_order_and_all_add_up(
    new_house: House, browser: Browser, seed: int
) -> None:
    house = new_house
    random = Random(seed)
    drawn = [draw(random, f"no{number}") for number in range(1, ORDERS + 1)]
    with house.listener() as listener, views.board_page(browser, house) as page:
        placed = [house.ask("POST", "/api/orders", one.body) for one in drawn]
        wait_until(lambda: len(listener.events) >= ORDERS, what=f"heard {listener.frames[-1:]}")
        wait_until(lambda: len(views.delivered(page)) >= ORDERS, what="heard by the board")
        assert_adds_up(house, drawn, placed)
        assert_told(
            drawn, placed, [(frame.id, frame.type, frame.data) for frame in listener.events]
        )
        told = [(one["id"], one["type"], one) for one in views.delivered(page)]
        assert_told(drawn, placed, told)
        assert_shown(page, drawn)
        views.as_fresh(page, views.board)
        assert page.evaluate("heard.states") == ["reconnecting", "live"]
    assert listener.connects == 1


def assert_adds_up(house: House, drawn: list[Drawn], placed: list[Json]) -> None:
    assert [order["total"] for order in placed] == [one.total_text for one in drawn]
    revenue: dict[str, Decimal] = defaultdict(Decimal)
    for one in drawn:
        revenue[one.currency] += one.total
    overview = house.ask("GET", "/api/overview")
    sums = {code: f"{sum_:.{DIGITS[code]}f}" for code, sum_ in revenue.items()}
    assert overview["revenue_by_currency"] == sums
    assert overview["revenue"] == sums["USD"]
    assert overview["orders"] == ORDERS


def assert_told(drawn: list[Drawn], placed: list[Json], told: list[tuple[str, str, Json]]) -> None:
    epoch = told[0][0].partition("-")[0]
    places = range(1, len(drawn) + 1)
    assert [(id_, type_) for id_, type_, _ in told] == [
        (f"{epoch}-{place}", "order.created") for place in places
    ]
    assert [data["position"] for _, _, data in told] == list(places)
    assert [data["order"] for _, _, data in told] == placed
    assert [data["order"]["customer"]["name"] for _, _, data in told] == [o.name for o in drawn]
    assert [data["order"]["total"] for _, _, data in told] == [one.total_text for one in drawn]


def assert_shown(page: views.Page, drawn: list[Drawn]) -> None:
    """The rows say each name as it was given: markup is text."""
    views.show_all(page)
    shown = [row["name"] for row in views.rows(page)]
    assert shown == [one.name for one in reversed(drawn)]
