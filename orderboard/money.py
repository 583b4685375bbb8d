"""Exact money: whole minor units inside, decimal text outside (digits by ISO 4217)."""

from decimal import Decimal
from functools import lru_cache

_TWO = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD
CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD
HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD
MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON
RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD
TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
"""
_NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"

DIGITS: dict[str, int] = {
    **dict.fromkeys(_TWO.split(), 2),
    **dict.fromkeys(_NONE.split(), 0),
    **dict.fromkeys(_THREE.split(), 3),
}
"""A currency's ISO 4217 code → the number of decimal digits it is written with."""

LARGEST = 10**12
"""Minor units that one amount may have; far below 2⁶³, so that sums over all orders fit too."""

PRICE_DIGITS = 6
"""Decimal digits that the price of one of a thing may have."""

_MOST_DIGITS = 20
"""Digits before the point beyond which a number is no amount and not worth working with."""


def to_minor(amount: Decimal, currency: str, signed: bool = False) -> int:
    """An amount in whole minor units. ValueError when it is not exact or too large, or negative
    and not ``signed``.
    """
    digits = DIGITS[currency]
    whole, exact = _scaled(amount, digits, signed)
    if not exact:
        raise ValueError(f"has more than the {digits} decimal digits that {currency} has")
    return _bounded(whole)


def to_minor_and_micros(amount: Decimal, currency: str) -> tuple[int, int]:
    """A price in whole minor units and millionths of one. ValueError when it has more than 6
    decimal digits, is too large or negative.
    """
    digits = DIGITS[currency]
    whole, exact = _scaled(amount, digits, signed=False)
    if exact:
        return _bounded(whole), 0
    micros, exact = _scaled(amount, PRICE_DIGITS, signed=False)
    if not exact:
        raise ValueError(f"has more than {PRICE_DIGITS} decimal digits")
    per_minor = 10 ** (PRICE_DIGITS - digits)
    return _bounded(whole), micros % per_minor * (1_000_000 // per_minor)


def _scaled(amount: Decimal, digits: int, signed: bool) -> tuple[int, bool]:
    """An amount with so many digits, cut off behind them, and whether that is all of it."""
    if not amount.is_finite() or amount.adjusted() > _MOST_DIGITS:
        raise ValueError("must be an amount of money")
    whole = int(amount.scaleb(digits))
    if amount < 0 and not signed:
        raise ValueError("must not be negative")
    return whole, Decimal(whole).scaleb(-digits) == amount


def _bounded(minor: int) -> int:
    if abs(minor) > LARGEST:
        raise ValueError("is too large")
    return minor


def minor_at(
    amount: Decimal | None,
    path: str,
    currency: str,
    errors: dict[str, str],
    signed: bool = False,
) -> int:
    """The same of a field that may be missing; what is wrong is noted under the field's path."""
    if amount is None:
        return 0
    try:
        return to_minor(amount, currency, signed)
    except ValueError as error:
        errors[path] = str(error)
        return 0


def to_exact_text(minor: int, micros: int, currency: str) -> str:
    """A price as decimal text: with the currency's digits, and more where it has more."""
    if not micros:
        return to_text(minor, currency)
    price = Decimal(minor * 1_000_000 + micros).scaleb(-PRICE_DIGITS - DIGITS[currency])
    return format(price.normalize(), "f")


@lru_cache(4096)  # an order has fifteen of them, most of which others have as well
def to_text(minor: int, currency: str) -> str:
    """Minor units as decimal text with exactly the currency's digits: 1990 → ``19.90``."""
    digits = DIGITS[currency]
    if not digits:
        return str(minor)
    text = str(abs(minor)).rjust(digits + 1, "0")
    return f"{'-' if minor < 0 else ''}{text[:-digits]}.{text[-digits:]}"


def from_text(text: str, currency: str) -> int:
    """The minor units of text that ``to_text`` made."""
    return int(text.replace(".", "")) if DIGITS[currency] else int(text)
