"""The kinds of numbers and times that come in from outside (see ``fields`` for texts)."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

from orderboard import clock
from orderboard.fields import Json, text_of

_SHARE = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}"
    r"(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def _plain(value: Any) -> str:
    """A JSON number or decimal text as plain decimal text; empty for what is neither."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        return ""
    exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
    if not isinstance(exponent, int) or abs(exponent) > 30:
        return ""
    return format(Decimal(value), "f")


class Money(fields.Field[Decimal]):
    """An amount: decimal text, or a JSON number (which the parser hands on exactly).

    ``digits``: decimal digits that it may have at most; ``signed``: it may be negative.
    """

    def __init__(self, digits: int = 3, signed: bool = False, **rest: Any) -> None:
        super().__init__(**rest)
        self.digits, self.signed = digits, signed
        self._pattern = rf"{'-?' if signed else ''}[0-9]{{1,15}}(\.[0-9]{{1,{digits}}})?"
        self._matches = re.compile(self._pattern).fullmatch

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Decimal:
        text = _plain(value)
        if not self._matches(text):
            raise ValidationError('must be an amount of money, as in "19.90"')
        return Decimal(text)

    def openapi(self) -> Json:
        """The field in JSON Schema."""
        text = {"type": "string", "pattern": f"^{self._pattern}$", "examples": ["19.90"]}
        number: Json = {"type": "number"} if self.signed else {"type": "number", "minimum": 0}
        return {
            "anyOf": [text, number],
            "description": "A decimal with no more digits than the currency has; "
            "as a number only where that is exact."
            if self.digits == 3
            else f"A decimal with up to {self.digits} digits.",
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


class Quantity(fields.Field[int]):
    """How much of a thing, in thousandths: a whole number, or decimal text of up to 3 digits.

    ``least`` is in thousandths, ``most`` in whole ones.
    """

    def __init__(self, least: int, most: int, **rest: Any) -> None:
        super().__init__(**rest)
        self.least, self.most = least, most

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        if type(value) is int and self.least <= value * 1000 <= self.most * 1000:
            return value * 1000  # most are
        text = _plain(value)
        if not _SHARE.fullmatch(text):
            raise ValidationError('must be a quantity, as in 3 or "1.250"')
        thousandths = Decimal(text) * 1000
        if thousandths != int(thousandths):
            raise ValidationError("has more than 3 decimal digits")
        if not self.least <= thousandths <= self.most * 1000:
            low = quantity_text(self.least)
            raise ValidationError(f"must be from {low} to {self.most}")
        return int(thousandths)

    def openapi(self) -> Json:
        """The field in JSON Schema."""
        text = {"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,3})?$", "examples": ["1.250"]}
        number = {"type": "number", "minimum": self.least / 1000, "maximum": self.most}
        return {"anyOf": [number, text], "description": "At most 3 decimal digits."}


def quantity_text(thousandths: int) -> int | str:
    """A quantity as it is told: 3, or ``"1.250"`` where it is not whole."""
    whole, rest = divmod(thousandths, 1000)
    return f"{whole}.{rest:03d}" if rest else whole


def thousandths_of(told: int | str) -> int:
    """The thousandths of a quantity as ``quantity_text`` tells it."""
    return int(Decimal(told) * 1000)


class Percent(fields.Field[str]):
    """A rate in percent, from 0 to 100, kept as decimal text without needless digits."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        text = _plain(value)
        if not _SHARE.fullmatch(text) or Decimal(text) > 100:
            raise ValidationError('must be a rate in percent from 0 to 100, as in "19"')
        if -Decimal(text).normalize().as_tuple().exponent > 4:  # type: ignore[operator]
            raise ValidationError("has more than 4 decimal digits")
        return format(Decimal(text).normalize(), "f")

    def openapi(self) -> Json:
        """The field in JSON Schema."""
        text = {"type": "string", "pattern": r"^[0-9]{1,3}(\.[0-9]{1,4})?$", "examples": ["19"]}
        return {
            "anyOf": [text, {"type": "number", "minimum": 0, "maximum": 100}],
            "description": "In percent.",
        }


class Number(fields.Field[Decimal]):
    """A decimal number from ``low`` to ``high`` with so many decimal digits at most."""

    def __init__(self, low: int, high: int, digits: int, **rest: Any) -> None:
        super().__init__(**rest)
        self.low, self.high, self.digits = low, high, digits

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Decimal:
        text = _plain(value)
        if not _SHARE.fullmatch(text.removeprefix("-")):
            raise ValidationError('must be a number, as in "2.5"')
        number = Decimal(text)
        if not self.low <= number <= self.high:
            raise ValidationError(f"must be from {self.low} to {self.high}")
        if number != round(number, self.digits):
            raise ValidationError(f"has more than {self.digits} decimal digits")
        return number

    def openapi(self) -> Json:
        """The field in JSON Schema."""
        pattern = rf"^-?[0-9]{{1,12}}(\.[0-9]{{1,{self.digits}}})?$"
        number = {"type": "number", "minimum": self.low, "maximum": self.high}
        return {"anyOf": [number, {"type": "string", "pattern": pattern}]}


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
