"""Wrong values for every kind of field, as JSON text."""

from collections.abc import Callable, Iterator
from typing import Any

from marshmallow import Schema, fields

from orderboard import fields as kinds
from orderboard import objects, quantities
from orderboard.catalogue.schemas import Sku
from orderboard.discounts.schemas import DiscountCode
from orderboard.settings.schemas import Colour, PrinterAddress, TimeOfDay
from orderboard.web.api.views import Query

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
    BIG,
    *("-1", "-0.01", "0.001", "1e-9", "1e-400", "100000000000000000000", "9223372036854775808"),
    *("1e15", "1e99999999999999999999", "1" * 5000, "1.0000000000000000000000000000001"),
    *('"-1"', '"+1"', '"1e2"', '"NaN"', '"Infinity"', '"1,50"', '"0x10"', '"1_0"', '" 1"', '"1 "'),
    *(
        '"1.005"',
        '"\\u0661"',
        '"1.0.0"',
        '"."',
        '"1."',
        '".5"',
        f'"{"1" * 400}"',
        '"10000000000.01"',
    ),
]
_LARGE = ("1000001", "2147483648")
_WHOLE = [
    "0",
    *TYPES,
    *TEXTS,
    *BLANK,
    *("-1", "1.5", *_LARGE, "9223372036854775808", "100000000000000000000"),
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
    *('"1969-12-31T23:59:59Z"', '"9001-01-01T00:00:00Z"', '"2030-W05-4T17:00:00Z"'),
    *('"20300131T170000Z"', '"2030-01-31T17:00:00 Z"', '"\\u0662030-01-31T17:00:00Z"'),
]
_EMAILS = ['"x"', '"@"', '"a@"', '"@b"', '"a b@c.d"', '"a@b@c"', '"a@b..c"']
_COLOURS = ['"red"', '"#fff"', '"#12345g"', '"#ffffff"', '"123456"', '"#1234\\u0661\\u0661"']
_TIMES = ['"9:00"', '"25:00"', '"09:60"', '"0900"', '"09:0\\u0661"', '"24:01"', '"noon"']
_QUERIES = ["true", "[]", "NaN", *UNSHOWN, BIG, '"nonsense=1"', '"status=x"', '"cursor=x"']
_QUERIES += ['"total_from=abc"', '"due_before=soon"', '"sort=due&sort=due"', '"limit=5"']
_QUERIES += ['{"x": 1}', '{"status": {}}', '{"tag": [[]]}', '{"sort": true}', '{"view": "x"}']
_WEB = ['"ftp://x"', '"javascript:alert(1)"', '"//x"', '"https://"', '"https://["', '"http://a b"']


_PRINTERS = [
    *('"http://kitchen:9100"', '"kitchen:0"', '"kitchen:80"', '"kitchen:6379"', '"kitchen:65536"'),
    *('"kitchen:9100/x"', '"a@kitchen"', '"kit chen"', '"kitchen:"', '":9100"', '"-x:9100"'),
    *('"0.0.0.0:9100"', '"224.0.0.1"', '"255.255.255.255"', '"1.2.3:9100"', '"[::]:9100"'),
    *('"[ff02::1]"', '"fe80::1"', '"k\\u00fcche:9100"', '"kitchen:\\u0661024"'),
]


_DECIMAL = [
    *TYPES,
    *TEXTS,
    *BLANK,
    BIG,
    *(
        "100000000000000000000",
        "1" * 5000,
        "0.00001",
        '"1,5"',
        '"1."',
        '"1e2"',
        '"\\u0661"',
        '" 1"',
    ),
]


def _money(field: quantities.Money) -> list[str]:
    good = ["-0.01", "-1", '"-1"'] if field.signed else []
    good += ["0.001", '"1.005"'] if field.digits > 3 else []
    return [text for text in _MONEY if text not in good]


def _is_short_number(text: str) -> bool:
    return text.removeprefix("-").isdigit() and len(text) < 40


def _texts(field: kinds.Text) -> list[str]:
    blank = BLANK if getattr(field, "filled", field.required) else []
    too_long = '"' + "x" * (field.longest + 1) + '"'
    return [*TYPES, *NUMBERS, *UNSHOWN, too_long, *blank]


def _degrees(field: quantities.Degrees) -> list[str]:
    over = [f"{field.most}.0000001", f"-{field.most + 1}", "1e400", "-1e400", "1" * 5000]
    return [*TYPES, *TEXTS, *BLANK, '"1"', *over]


_CHOICE = [*TYPES, *NUMBERS, *TEXTS, *BLANK, BIG, '"PENDING"', '"XXX"', '"usd"']
_NO_OBJECT = [*NUMBERS, "true", "[]", '["x"]', "NaN", *BLANK]


def _no_lists(_: Any) -> list[str]:
    return [*NUMBERS, *TEXTS, *BLANK, "true", "{}", "NaN"]


_PICTURES = ['"/shop/pictures/"', '"/shop/pictures/../x"', f'"/shop/pictures/{"g" * 64}"']


def _whole(field: Any) -> list[str]:
    large = [text for text in _LARGE if int(text) <= field.high]
    return [text for text in _WHOLE[field.low == 0 :] if text not in large]


_BY_KIND: dict[type, Callable[[Any], list[str]]] = {
    quantities.Money: _money,
    quantities.Whole: _whole,
    quantities.Degrees: _degrees,
    quantities.Moment: lambda _: _MOMENT,
    quantities.MomentText: lambda _: _MOMENT,
    kinds.Flag: lambda _: [*TYPES[1:], *NUMBERS, *TEXTS, *BLANK, '"true"', "0", "1"],
    kinds.Choice: lambda _: _CHOICE,
    kinds.Currency: lambda _: _CHOICE,
    kinds.Text: _texts,
    Sku: lambda field: [*_texts(field), '"a/b"', '".."', '"bulk"'],
    quantities.Percent: lambda _: [*_DECIMAL, "-1", "101", '"100.1"'],
    quantities.Number: lambda _: _DECIMAL,
    quantities.Quantity: lambda _: [*_DECIMAL, "-1", "0.0001", "1e15"],
    kinds.Line: lambda field: [*_texts(field), '"a\\nb"', '"a\\u2028b"'],
    Colour: lambda field: [*_texts(field), *_COLOURS],
    PrinterAddress: lambda field: [*_texts(field), *_PRINTERS],
    TimeOfDay: lambda field: [*_texts(field), *_TIMES],
    kinds.Code: lambda field: [text for text in _texts(field) if not _is_short_number(text)],
    kinds.Locale: lambda field: [*_texts(field), '"german"', '"de-"', '"d"', '"d1"'],
    objects.Words: lambda _: [*_NO_OBJECT, *TEXTS, '{"x": 1}', '{"x": null}', '{"": "x"}'],
    objects.Times: lambda _: [*_NO_OBJECT, *TEXTS, '{"x": 1}', '{"pending": null}'],
    kinds.Email: lambda field: [*_texts(field), *_EMAILS],
    kinds.WebAddress: lambda field: [*_texts(field), *_WEB],
    kinds.ImageAddress: lambda field: [*_texts(field), *_WEB, *_PICTURES],
    DiscountCode: lambda field: [*_texts(field), '"a"', '"a b"', '"\u00e4\u00f6"', '"a/b"'],
    Query: lambda _: [*_QUERIES, *NUMBERS],
    kinds.TextOr: lambda _: [*_NO_OBJECT, *UNSHOWN, BIG],
    fields.Nested: lambda _: [*_NO_OBJECT, *TEXTS],
    fields.List: _no_lists,
    kinds.Several: _no_lists,
}


def wrong_for(field: Any) -> list[str]:
    """JSON texts of which none is good for a field."""
    assert type(field) in _BY_KIND, f"say what is wrong for {field!r}"
    return [*_BY_KIND[type(field)](field), *([] if field.allow_none else NULL)]


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
