"""When an order can be had: the shop's hours in its zone, and the time it takes. Pure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from orderboard.settings.values import DAY, Shop

DAYS = 7
"""Days with hours of which times are offered."""
_LOOKED_AT = 60
_STEP, _LONG_STEP, _LONG_DAY = 30, 60, 14 * 60
_LATE = timedelta(minutes=10)
"""So much later than it was offered a time may still be taken: filling in a form needs a while."""
_FURTHEST = timedelta(days=90)


def offered(shop: Shop, zone: ZoneInfo, now: datetime) -> list[tuple[date, list[datetime]]]:
    """Times that a customer may choose, as moments in the shop's zone, day by day."""
    soonest = now + timedelta(minutes=shop.lead_minutes)
    first = soonest.astimezone(zone).date()
    days: list[tuple[date, list[datetime]]] = []
    for ahead in range(_LOOKED_AT):
        day = first + timedelta(days=ahead)
        if times := [moment for moment in _of_day(shop, zone, day) if moment >= soonest]:
            days.append((day, times))
        if len(days) == DAYS:
            break
    return days


def trouble(shop: Shop, zone: ZoneInfo, now: datetime, wanted: datetime) -> str | None:
    """Why an order cannot be had at a moment; None where it can."""
    soonest = now + timedelta(minutes=shop.lead_minutes)
    if wanted < now:
        return "is over"
    if wanted < soonest - _LATE:
        return f"is too soon: an order takes {shop.lead_minutes} minutes"
    if wanted > soonest + _FURTHEST:
        return "is too far away"
    local = wanted.astimezone(zone)
    minute = local.hour * 60 + local.minute
    spans = shop.opening_hours[local.weekday()]
    if not any(span.opens <= minute <= span.closes for span in spans):
        return "is when the shop is closed"
    return None


def _of_day(shop: Shop, zone: ZoneInfo, day: date) -> Iterator[datetime]:
    spans = shop.opening_hours[day.weekday()]
    step = _LONG_STEP if sum(s.closes - s.opens for s in spans) > _LONG_DAY else _STEP
    for span in spans:
        for minute in range(-(-span.opens // step) * step, min(span.closes + 1, DAY), step):
            moment = datetime.combine(day, time(*divmod(minute, 60)), zone)
            # What the clocks jump over in spring is no time of this day.
            if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == moment.replace(
                tzinfo=None
            ):
                yield moment
