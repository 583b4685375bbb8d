"""Money: exact, with exactly the currency's digits."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderboard.money import DIGITS, LARGEST, to_minor, to_text


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (1990, "EUR", "19.90"),
        (1990, "JPY", "1990"),
        (1990, "KWD", "1.990"),
        (0, "EUR", "0.00"),
        (0, "JPY", "0"),
        (5, "KWD", "0.005"),
        (-5, "EUR", "-0.05"),
        (-199, "JPY", "-199"),
    ],
)
def test_an_amount_has_exactly_the_digits_of_its_currency(
    minor: int, currency: str, text: str
) -> None:
    assert to_text(minor, currency) == text


@given(st.integers(0, LARGEST), st.sampled_from(sorted(DIGITS)))
def test_an_amount_comes_back_as_it_was(minor: int, currency: str) -> None:
    assert to_minor(Decimal(to_text(minor, currency)), currency) == minor


@pytest.mark.parametrize("amount", ["19.9", "19.90", "19.900", "1.99e1", "0019.90"])
def test_the_way_an_amount_is_written_does_not_matter(amount: str) -> None:
    assert to_minor(Decimal(amount), "EUR") == 1990


@pytest.mark.parametrize("currency", sorted(DIGITS))
def test_one_digit_too_many_is_refused(currency: str) -> None:
    with pytest.raises(ValueError, match="decimal digits"):
        to_minor(Decimal(1).scaleb(-DIGITS[currency] - 1), currency)


@pytest.mark.parametrize(
    "amount", ["NaN", "sNaN", "Infinity", "-Infinity", "1e999999", "1e-999999"]
)
def test_what_is_no_amount_is_refused(amount: str) -> None:
    with pytest.raises(ValueError):
        to_minor(Decimal(amount), "EUR")


def test_a_digit_behind_all_that_decimals_keep_still_counts() -> None:
    with pytest.raises(ValueError, match="decimal digits"):
        to_minor(Decimal("1." + "0" * 60 + "1"), "EUR")


@pytest.mark.parametrize("amount", ["-0.01", "-1", str(LARGEST)])
def test_negative_and_endless_amounts_are_refused(amount: str) -> None:
    with pytest.raises(ValueError):
        to_minor(Decimal(amount), "EUR")
