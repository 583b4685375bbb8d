"""The quick way of loading takes what marshmallow takes, and makes the same of it."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError, fields

from orderboard.fastload import loader
from orderboard.orders import schemas
from orderboard.orders.bulk_schemas import BulkMove
from orderboard.quantities import Quantity
from orderboard.web.body import parse

SCHEMAS = [
    schema()
    for schema in (
        schemas.PlaceOrder,
        schemas.EditOrder,
        schemas.Move,
        BulkMove,
        schemas.Track,
        schemas.AnswerCancellation,
        schemas.Assign,
    )
]
BY_NAME = {
    "customer": [
        {"name": " Ada ", "email": "a@x.example"},
        "Ada",
        {"name": ""},
        {"name": "A", "x": 1},
    ],
    "items": [
        [{"name": "Tea", "quantity": 2, "unit_price": "4.90"}, {"name": "Cup", "quantity": 1}],
        [{"name": "Tea"}],
        [None],
        [{"name": "Tea", "quantity": 1}] * 201,
        {},
    ],
    "address": [
        {"line1": "1 Main St", "lat": 52.5, "lng": Decimal("13.4")},
        "1 Main St",
        {"lat": 99},
    ],
    "shipping": ["3.90", Decimal("3.9"), 4, "-1", "1e3", "NaN"],
    "status": ["processing", "canceled", "lost"],
    "ids": [["ord_1", "ord_2"], [], ["ord_1"] * 501, [""]],
    "accept": [True, "yes"],
    "eta": ["2030-01-31T17:00:00Z", "2030-01-31"],
    "location": [{"lat": 1, "lng": 2}, {"lat": 1}],
    "partner": [{"name": "Fast"}, {"phone": "1"}],
    "url": ["https://x.example/1", "ftp://x"],
    "type": ["return", "gift"],
    "currency": ["EUR", "eur"],
    "email": ["a@x.example"],
}
ANYTHING = st.sampled_from(
    [
        None,
        "",
        " ",
        "text",
        "x" * 5000,
        "\x00",
        "\ud800",
        True,
        0,
        -1,
        10**30,
        Decimal("0.5"),
        [],
        {},
    ]
)
NAMES = sorted({name for schema in SCHEMAS for name in schema.fields} | {"unknown"})


def value_of(name: str) -> st.SearchStrategy[Any]:
    known = BY_NAME.get(name)
    return st.sampled_from(known) | ANYTHING if known else ANYTHING


BODIES = st.lists(st.sampled_from(NAMES), max_size=5, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: value_of(name) for name in names})
)


def outcome(load: Any, data: Any) -> Any:
    try:
        return load(data)
    except ValidationError as error:
        return error.messages


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: type(schema).__name__)
@given(data=BODIES | ANYTHING)
def test_both_ways_make_the_same_of_every_body(schema: Schema, data: Any) -> None:
    assert outcome(loader(schema), data) == outcome(schema.load, data)


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_both_ways_make_the_same_of_each_field(name: str) -> None:
    for schema in (one for one in SCHEMAS if name in one.fields):
        for value in BY_NAME[name]:
            data = {"customer": "Ada", "status": "ready", name: value}
            known = {field: data[field] for field in data if field in schema.fields}
            assert outcome(loader(schema), known) == outcome(schema.load, known)


def test_a_good_order_does_not_go_the_long_way(monkeypatch: pytest.MonkeyPatch) -> None:
    schema = schemas.PlaceOrder()
    monkeypatch.setattr(schema, "load", lambda _: pytest.fail("went the long way"))
    text = b"""{"customer": {"name": "Ada", "email": "ada@shop.example", "phone": null},
        "items": [{"sku": "TEA", "name": "Tea", "quantity": 2, "unit_price": 4.90}],
        "address": "1 Main St", "note": " "}"""
    order = loader(schema)(parse(text))
    assert order["items"][0]["unit_price"] == Decimal("4.90")
    assert order["address"] == {"line1": "1 Main St"}
    assert order["note"] is None


def test_a_schema_with_defaults_goes_the_long_way() -> None:
    class Paged(Schema):
        limit = fields.Integer(load_default=50)

    assert loader(Paged())({}) == {"limit": 50}


@pytest.mark.parametrize("value", [0, -1, 1001, 10**30, True, "0", "1000.001", "-1"])
def test_a_quantity_has_its_bounds_however_it_is_written(value: Any) -> None:
    quantity = Quantity(1, 1000)
    with pytest.raises(ValidationError):
        quantity.deserialize(value)
    assert [quantity.deserialize(good) for good in (1, 1000, "1000", "0.001")] == [
        *(1000, 1_000_000, 1_000_000, 1)
    ]
