"""When an order can be had."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from orderboard.settings.hours import offered, trouble
from orderboard.settings.values import Shop, Span

BERLIN = ZoneInfo("Europe/Berlin")
MORNING, EVENING = Span(9 * 60, 12 * 60), Span(17 * 60, 24 * 60)
WEEK = ((MORNING, EVENING),) * 5 + ((MORNING,), ())
"""Monday to Friday morning and evening, on Saturday the morning, on Sunday closed."""
SHOP = Shop(shop_name="Bakery", opening_hours=WEEK, lead_minutes=45)
WEDNESDAY = datetime(2030, 1, 9, 9, 0, tzinfo=UTC)
"""Ten o'clock in Berlin."""


def times(now: datetime, shop: Shop = SHOP) -> list[str]:
    """The times of the first day that are offered."""
    _, moments = offered(shop, BERLIN, now)[0]
    return [f"{moment:%a %H:%M}" for moment in moments]


def test_times_begin_after_the_time_an_order_takes() -> None:
    assert times(WEDNESDAY)[:4] == ["Wed 11:00", "Wed 11:30", "Wed 12:00", "Wed 17:00"]
    assert times(WEDNESDAY)[-1] == "Wed 23:30"


def test_closed_days_are_left_out() -> None:
    days = [f"{day:%a}" for day, _ in offered(SHOP, BERLIN, WEDNESDAY)]
    assert days == ["Wed", "Thu", "Fri", "Sat", "Mon", "Tue", "Wed"]


def test_a_shop_that_is_never_open_offers_nothing() -> None:
    never = Shop(shop_name="Gone", opening_hours=((),) * 7)
    assert offered(never, BERLIN, WEDNESDAY) == []
    assert trouble(never, BERLIN, WEDNESDAY, datetime(2030, 1, 9, 12, tzinfo=UTC))


def test_what_is_offered_can_be_had() -> None:
    spring = datetime(2030, 3, 29, 9, 0, tzinfo=UTC)
    always = Shop(shop_name="Kiosk", opening_hours=((Span(0, 24 * 60),),) * 7, lead_minutes=0)
    for shop in (SHOP, always):
        for now in (WEDNESDAY, spring):
            for _, moments in offered(shop, BERLIN, now):
                for moment in moments:
                    assert trouble(shop, BERLIN, now, moment) is None, moment


def test_the_hour_that_spring_leaves_out_is_not_offered() -> None:
    always = Shop(shop_name="Kiosk", opening_hours=((Span(0, 24 * 60),),) * 7, lead_minutes=0)
    saturday = datetime(2030, 3, 30, 12, 0, tzinfo=UTC)
    (_, sunday) = offered(always, BERLIN, saturday)[1]
    hours = [moment.hour for moment in sunday]
    assert hours == [0, 1, *range(3, 24)]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (datetime(2030, 1, 9, 8, 59, tzinfo=UTC), "is over"),
        (datetime(2030, 1, 9, 9, 20, tzinfo=UTC), "is too soon: an order takes 45 minutes"),
        (datetime(2030, 1, 9, 9, 40, tzinfo=UTC), None),
        (datetime(2030, 1, 9, 13, 0, tzinfo=UTC), "is when the shop is closed"),
        (datetime(2030, 1, 13, 10, 0, tzinfo=UTC), "is when the shop is closed"),
        (datetime(2030, 1, 9, 16, 0, tzinfo=UTC), None),
        (datetime(2031, 1, 9, 10, 0, tzinfo=UTC), "is too far away"),
    ],
)
def test_a_time_is_judged_by_the_shops_own_clock(wanted: datetime, said: str | None) -> None:
    assert trouble(SHOP, BERLIN, WEDNESDAY, wanted) == said
