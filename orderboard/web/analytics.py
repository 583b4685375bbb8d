"""Which period is asked for, and what happened in it: for the API and the page alike."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import Schema, ValidationError

from orderboard import clock
from orderboard.analytics import periods, views
from orderboard.analytics.periods import INTERVALS
from orderboard.analytics.reading import Period, look_up, zone_now
from orderboard.errors import Invalid
from orderboard.fields import Choice, Currency
from orderboard.quantities import Moment
from orderboard.web.answers import parts

Json = dict[str, Any]
MOST_INTERVALS = 400
_DAYS_AT_FIRST = 30
_HOURLY = 2 * 24 + 1
"""Hours of a period up to which it is divided into hours where nothing is said."""


class DayOrMoment(Moment):
    """A time, or a day of the shop's zone."""

    def _deserialize(self, value: Any, *place: Any, **rest: Any) -> Any:
        if isinstance(value, str) and len(text := value.strip()) == len("2030-01-31"):
            return _day(text)
        return super()._deserialize(value, *place, **rest)

    def openapi(self) -> Json:
        """The field in JSON Schema."""
        return {"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]}


class AnalyticsQuery(Schema):
    """Which period, and how to divide it."""

    from_ = DayOrMoment(
        data_key="from",
        metadata={
            "description": "When it begins: a time, or a day (`2030-01-31`) of the shop's zone,"
            " from its midnight on. Without it the last 30 days. A period is made of whole hours."
        },
    )
    to = DayOrMoment(
        metadata={"description": "When it ends: a time, or the last day of it. Without it now."}
    )
    interval = Choice(
        INTERVALS,
        metadata={
            "description": "Hours, days or weeks (from Monday on) of the shop's zone; 400 at most."
        },
    )
    compare = Choice(
        ("previous",),
        metadata={
            "description": "With the period before: as long a one, and if it begins at midnight, as"
            " many days back by the clock, so that today until ten is beside yesterday until ten."
        },
    )
    currency = Currency(metadata={"description": "Of the amounts; the shop's if none is given."})


def analytics(given: Mapping[str, Any]) -> Json:
    """What happened in the period that an AnalyticsQuery asks for. Raises Invalid."""
    settings = parts().settings
    shop_zone = ZoneInfo(settings.timezone)
    currency = given.get("currency") or settings.currency
    period = _period(given, zone_now(shop_zone))
    asked = [period]
    if given.get("compare"):
        first, end = periods.before(period.first, period.end, period.zone)
        asked.append(Period(first, end, period.interval, period.zone))
    found, products, position = look_up(asked, currency, shop_zone)
    return {
        **views.period(found[0], currency),
        **views.details(found[0], products, currency),
        "interval": period.interval,
        "zone": period.zone.key,
        "currency": currency,
        "previous": views.period(found[1], currency) if found[1:] else None,
        "position": position,
    }


def _period(given: Mapping[str, Any], zone: ZoneInfo) -> Period:
    to = _moment(given.get("to") or clock.now(), zone, is_end=True)
    from_ = given.get("from_")
    if from_ is None:
        # Its day may be the one before: what ends at midnight ends with the last hour of a day.
        from_ = (to - timedelta(microseconds=1)).astimezone(zone).date()
        from_ -= timedelta(days=_DAYS_AT_FIRST - 1)
    begin = _moment(from_, zone)
    if begin >= to:
        raise Invalid({"to": "must be after from"})
    first = periods.hour_of(begin, zone)
    end = periods.hour_of(to - timedelta(microseconds=1), zone) + periods.AN_HOUR
    interval = given.get("interval") or _usual(first, end, zone)
    if periods.count(first, end, interval, zone) > MOST_INTERVALS:
        raise Invalid({"interval": f"divides the period into more than {MOST_INTERVALS}"})
    return Period(first, end, interval, zone)


def _usual(first: int, end: int, zone: ZoneInfo) -> str:
    if periods.count(first, end, "hour", zone) <= _HOURLY:
        return "hour"
    return "day" if periods.count(first, end, "day", zone) <= MOST_INTERVALS else "week"


def _moment(said: date | datetime, zone: ZoneInfo, is_end: bool = False) -> datetime:
    if isinstance(said, datetime):
        return said.astimezone(UTC)
    return periods.moment_of(periods.begin_of_day(said.toordinal() + is_end, zone))


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValidationError("must be a day, as in 2030-01-31, or a time with an offset") from None
    if not 1970 <= day.year <= 9000:
        raise ValidationError("must be a day between the years 1970 and 9000")
    return day
