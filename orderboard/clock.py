"""The one place that reads the time."""

from datetime import UTC, datetime


def now() -> datetime:
    """The current moment, aware, in UTC."""
    return datetime.now(UTC)


def rfc3339(moment: datetime) -> str:
    """An aware moment as RFC 3339 text in UTC with microseconds, ending in ``Z``."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.isoformat(timespec="microseconds")[:26] + "Z"


def parse_rfc3339(text: str) -> datetime:
    """The moment that an RFC 3339 text names, in UTC.

    Raises ValueError when the text is no such time or names no offset from UTC.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time needs an offset from UTC, as in 2030-01-31T17:00:00Z")
    if "T" not in text and "t" not in text and " " not in text:
        raise ValueError("a time needs a date and a time of day")
    return moment.astimezone(UTC)
