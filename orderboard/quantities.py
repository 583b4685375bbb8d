"""The kinds of numbers and times that come in from outside (see ``fields`` for texts)."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

from orderboard import clock
from orderboard.fields import Json, text_of

_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,3})?")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}"
    r"(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})"
)


class Money(fields.Field[Decimal]):
    """An amount: decimal text, or a JSON number (which the parser hands on exactly)."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Decimal:
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
            if not isinstance(exponent, int) or abs(exponent) > 30:
                raise ValidationError("must be an amount of money")
            value = format(Decimal(value), "f")
        if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
            raise ValidationError('must be an amount of money, as in "19.90"')
        return Decimal(value)

    def openapi(self) -> Json:
        """The field in JSON Schema."""
        text = {"type": "string", "pattern": r"^[0-9]{1,15}(\.[0-9]{1,3})?$", "examples": ["19.90"]}
        return {
            "anyOf": [text, {"type": "number", "minimum": 0}],
            "description": "A decimal with no more digits than the currency has; "
            "as a number only where that is exact.",
        }


class Whole(fields.Field[int]):
    """A whole number from ``low`` to ``high``."""

    def __init__(self, low: int, high: int, **rest: Any) -> None:
        super().__init__(**rest)
        self.low, self.high = low, high

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            raise ValidationError("must be a whole number")
        if not self.low <= value <= self.high:
            raise ValidationError(f"must be from {self.low} to {self.high}")
        if value != int(value):
            raise ValidationError("must be a whole number")
        return int(value)

    def openapi(self) -> Json:
        """The field in JSON Schema."""
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


class Degrees(fields.Field[float]):
    """A latitude or longitude: a number between ``-most`` and ``most``."""

    def __init__(self, most: int, **rest: Any) -> None:
        super().__init__(**rest)
        self.most = most

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
            raise ValidationError("must be a number")
        if not -self.most <= value <= self.most:
            raise ValidationError(f"must be from {-self.most} to {self.most}")
        return round(float(value), 7)

    def openapi(self) -> Json:
        """The field in JSON Schema."""
        return {"type": "number", "minimum": -self.most, "maximum": self.most}


def _moment(text: str) -> datetime | None:
    """The moment that RFC 3339 text names. Python alone would read other forms as well."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        return clock.parse_rfc3339(text)
    except (ValueError, OverflowError):
        return None


class Moment(fields.Field[datetime]):
    """A time: RFC 3339 with an offset from UTC."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> datetime:
        moment = _moment(text_of(value, 40).upper())
        if moment is None:
            raise ValidationError(
                "must be a time with an offset from UTC, as in 2030-01-31T17:00:00Z"
            )
        if not 1970 <= moment.year <= 9000:
            raise ValidationError("must be a time between the years 1970 and 9000")
        return moment

    def openapi(self) -> Json:
        """The field in JSON Schema."""
        return {"type": "string", "format": "date-time"}


class MomentText(Moment):
    """The same, kept as text in UTC ending in ``Z``."""

    def _deserialize(self, value: Any, *place: Any, **rest: Any) -> str:  # type: ignore[override]
        return clock.rfc3339(super()._deserialize(value, *place, **rest))
