"""Wrong values for every kind of field, as JSON text."""

from collections.abc import Iterator
from typing import Any

from marshmallow import Schema, fields

from orderboard import fields as kinds

TYPES = ["true", "[]", "{}", '["x"]', '{"x": 1}', "NaN", "-Infinity", "1e400", "[[[[]]]]"]
NUMBERS = ["0.5", "12", "-1", "9223372036854775808", "100000000000000000000", "1" * 5000]
UNSHOWN = ['"\\u0000"', '"a\\u0000b"', '"\\ud800"', '"\\udfff\\ud800"', '"\\u0007"', '"\\u007f"']
TEXTS = [*UNSHOWN, '"x"']
NULL = ["null"]
BLANK = ['""', '" \\t\\n "']
BIG = '"' + "x" * 8192 + '"'

_MONEY = [
    *TYPES,
    *TEXTS,
    *BLANK,
    *NULL,
    BIG,
    *("-1", "-0.01", "0.001", "1e-9", "1e-400", "100000000000000000000", "9223372036854775808"),
    *("1e15", "1e99999999999999999999", "1" * 5000, "1.0000000000000000000000000000001"),
    *('"-1"', '"+1"', '"1e2"', '"NaN"', '"Infinity"', '"1,50"', '"0x10"', '"1_0"', '" 1"', '"1 "'),
    *('"1.005"', '"\\u0661"', '"1.0.0"', '"."', '"1."', '".5"', f'"{"1" * 400}"', '"10000000000.01"'),
]
_WHOLE = [
    *TYPES,
    *TEXTS,
    *BLANK,
    *NULL,
    *("0", "-1", "1.5", "1000001", "2147483648", "9223372036854775808", "100000000000000000000"),
    *("1" * 5000, "1e6000", "1e-400", '"1"'),
]
_MOMENT = [
    *TYPES,
    *NUMBERS,
    *TEXTS,
    *BLANK,
    BIG,
    *('"2030-01-31"', '"2030-01-31T17:00:00"', '"2030-01-31T17:00:00+01"', '"17:00:00Z"', '"now"'),
    *('"10000-01-01T00:00:00Z"', '"9999-12-31T23:59:59-23:59"', '"0001-01-01T00:00:00+14:00"'),
    *('"2030-02-30T00:00:00Z"', '"2030-01-31T25:00:00Z"', '"2030-01-31T17:00:00+25:00"'),
    *('"1969-12-31T23:59:59Z"', '"9001-01-01T00:00:00Z"', '"2030-W05-4T17:00:00Z"', '"+02030-01-31T17:00:00Z"'),
    *('"20300131T170000Z"', '"2030-01-31T17:00:00 Z"', '"\\u0662030-01-31T17:00:00Z"'),
]
_WEB = ["ftp://x", "javascript:alert(1)", "//x", "https://", "https://[", "http://a b", "x" * 501]


def wrong_for(field: Any) -> list[str]:
    """JSON texts of which none is good for a field."""
    null = [] if field.allow_none else NULL
    blank = BLANK if field.required else []
    match field:
        case kinds.Money():
            return _MONEY
        case kinds.Whole():
            return _WHOLE
        case kinds.Flag():
            return [*TYPES[1:], *NUMBERS, *TEXTS, *BLANK, *NULL, '"true"', "0", "1"]
        case kinds.Degrees():
            over = [f"{field.most}.0000001", f"-{field.most + 1}", "1e400", "-1e400", "1" * 5000]
            return [*TYPES, *TEXTS, *BLANK, '"1"', *over, *null]
        case kinds.Moment():
            return [*_MOMENT, *null]
        case kinds.Choice() | kinds.Currency():
            return [*TYPES, *NUMBERS, *TEXTS, *BLANK, BIG, '"PENDING"', '"XXX"', '"usd"', *null]
        case kinds.Text():
            own: list[str] = ['"' + "x" * (field.longest + 1) + '"']
            if isinstance(field, kinds.Email):
                own += ['"x"', '"@"', '"a@"', '"@b"', '"a b@c.d"', '"a@b@c"', '"a@b..c"']
            if isinstance(field, kinds.WebAddress):
                own += [f'"{address}"' for address in _WEB]
            return [*TYPES, *NUMBERS, *UNSHOWN, BIG, *own, *blank, *null]
        case kinds.TextOr():
            return [*NUMBERS, *UNSHOWN, BIG, *BLANK, "true", "[]", '["x"]', "NaN", *null]
        case fields.Nested():
            return [*NUMBERS, *TEXTS, *BLANK, "true", "[]", '["x"]', "NaN", *null]
        case fields.List():
            return [*NUMBERS, *TEXTS, *BLANK, "true", "{}", "NaN", *null]
    raise AssertionError(f"say what is wrong for {field!r}")


def bad_values(schema: Schema, good: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """The path of every field that a good body has, with each text that is wrong for it."""
    assert set(good) == set(schema.fields), "a good body has every field"
    yield f"{path}nonsense", "1"
    for name, field in schema.fields.items():
        for text in wrong_for(field):
            yield f"{path}{name}", text
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(field, fields.List) and not isinstance(inner, (fields.Nested, fields.Raw)):
            for text in wrong_for(inner):
                yield f"{path}{name}.0", text
        elif isinstance(inner, (fields.Nested, kinds.TextOr)):
            value = good[name]
            step = f"{path}{name}."
            if isinstance(field, fields.List):
                value, step = value[0], f"{step}0."
                yield step[:-1], "null"
                yield step[:-1], '"x"'
                yield step[:-1], "[]"
            yield from bad_values(inner.schema, value, step)
