"""Totals are exact, whatever the amounts."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderboard.errors import Invalid
from orderboard.money import DIGITS, LARGEST
from orderboard.orders.totals import price

CURRENCIES = st.sampled_from(["JPY", "EUR", "KWD", *sorted(DIGITS)])


@st.composite
def carts(draw: st.DrawFn) -> tuple[list[dict[str, Any]], dict[str, Decimal], str]:
    """Lines and amounts whose total is not negative, and their currency."""
    currency = draw(CURRENCIES)

    def amount(most: int = 10**7) -> Decimal:
        return Decimal(draw(st.integers(0, most))).scaleb(-DIGITS[currency])

    items = []
    for _ in range(draw(st.integers(0, 8))):
        quantity, unit_price = draw(st.integers(1, 1000)), amount()
        worth = int(quantity * unit_price.scaleb(DIGITS[currency]))
        items.append({"name": "x", "quantity": 1000 * quantity})
        items[-1] |= {"unit_price": unit_price, "discount": amount(worth)}
    return items, {"shipping": amount(), "tax": amount()}, currency


@settings(max_examples=150, deadline=None)
@given(carts())
def test_totals_come_out_to_the_last_digit(
    cart: tuple[list[dict[str, Any]], dict[str, Decimal], str],
) -> None:
    items, amounts, currency = cart
    priced = price(items, amounts, currency)
    lines = [
        Fraction(item["unit_price"]) * item["quantity"] / 1000 - Fraction(item["discount"])
        for item in items
    ]
    unit = 10 ** DIGITS[currency]
    assert Fraction(priced.subtotal, unit) == sum(lines)
    whole = sum(lines) + Fraction(amounts["shipping"]) + Fraction(amounts["tax"])
    assert Fraction(priced.total, unit) == whole
    again = price(
        items, {**amounts, "discount": Decimal(priced.total).scaleb(-DIGITS[currency])}, currency
    )
    assert again.total == 0


def refused(items: list[dict[str, Any]], currency: str = "EUR", **amounts: str) -> dict[str, str]:
    """Why a cart is refused, by the field's path."""
    decimals = [
        {name: Decimal(value) if isinstance(value, str) else value for name, value in item.items()}
        for item in items
    ]
    with pytest.raises(Invalid) as error:
        price(
            [{"name": "x", "quantity": 1000, **item} for item in decimals],
            {name: Decimal(amount) for name, amount in amounts.items()},
            currency,
        )
    return error.value.errors


@pytest.mark.parametrize(
    ("currency", "amount"), [("EUR", "0.001"), ("JPY", "0.1"), ("KWD", "1e-4")]
)
def test_more_digits_than_the_currency_has_are_refused(currency: str, amount: str) -> None:
    assert list(refused([{"discount": amount}], currency)) == ["items.0.discount"]
    assert list(refused([], currency, shipping=amount)) == ["shipping"]


def test_every_bad_amount_is_named() -> None:
    errors = refused([{"unit_price": "1"}, {"unit_price": "-1"}], tax="0.001", shipping="1e30")
    assert sorted(errors) == ["items.1.unit_price", "shipping", "tax"]


def test_a_discount_cannot_be_more_than_what_it_is_on() -> None:
    line = {"unit_price": "1", "discount": "1.01"}
    assert list(refused([line])) == ["items.0.discount"]
    assert list(refused([{"unit_price": "1"}], discount="1.01")) == ["discount"]


def test_no_line_and_no_order_is_larger_than_may_be() -> None:
    largest = str(Decimal(LARGEST).scaleb(-2))
    assert list(refused([{"unit_price": largest, "quantity": 2000}])) == ["items.0"]
    assert list(refused([{"unit_price": largest}, {"unit_price": "0.01"}])) == ["items"]


@st.composite
def details(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any], str]:
    """A line with any price and quantity that there may be, amounts of all kinds, a currency."""
    currency = draw(CURRENCIES)

    def amount(least: int = 0, most: int = 10**5) -> Decimal:
        return Decimal(draw(st.integers(least, most))).scaleb(-DIGITS[currency])

    def parts() -> list[dict[str, Any]]:
        return [{"name": "x", "amount": amount()} for _ in range(draw(st.integers(0, 3)))]

    line = {"name": "x", "quantity": draw(st.integers(1, 10**9))}
    line["unit_price"] = Decimal(draw(st.integers(0, 10**10))).scaleb(-6)
    unit = 10 ** DIGITS[currency]
    amounts = {
        **{name: amount() for name in ("shipping", "tip")},
        **{name: parts() for name in ("taxes", "fees")},
        "rounding": amount(-unit, unit),
        "tax_included": draw(st.booleans()),
    }
    return line, amounts, currency


@settings(max_examples=300, deadline=None)
@given(details())
def test_the_total_is_the_sum_of_all_parts_and_only_lines_are_rounded(
    cart: tuple[dict[str, Any], dict[str, Any], str],
) -> None:
    line, amounts, currency = cart
    unit = 10 ** DIGITS[currency]
    exact = Fraction(line["unit_price"]) * line["quantity"] / 1000 * unit
    taxes, fees = (sum((p["amount"] for p in amounts[n]), Decimal(0)) for n in ("taxes", "fees"))
    plain = round(exact) + int(unit * (amounts["shipping"] + fees + amounts["tip"]))
    due = plain + int(unit * amounts["rounding"])
    total = due if amounts["tax_included"] else due + int(unit * taxes)
    if total < 0 or (amounts["tax_included"] and unit * taxes > total) or exact > LARGEST:
        with pytest.raises(Invalid):
            price([line], amounts, currency)
        return
    priced = price([line], amounts, currency)
    assert priced.lines[0].total == round(exact)  # half to even, as Python's own
    assert (priced.tax, priced.total) == (int(unit * taxes), total)
    assert priced.total == price([line], {**amounts, "tax": taxes or None}, currency).total
