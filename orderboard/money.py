"""Exact money: whole minor units inside, decimal text outside (digits by ISO 4217)."""

from decimal import Decimal

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

_MOST_DIGITS = 20
"""Digits before the point beyond which a number is no amount and not worth working with."""


def to_minor(amount: Decimal, currency: str) -> int:
    """An amount in whole minor units. ValueError when it is not exact, negative or too large."""
    digits = DIGITS[currency]
    if not amount.is_finite() or amount.adjusted() > _MOST_DIGITS:
        raise ValueError("must be an amount of money")
    whole = int(amount.scaleb(digits))
    if Decimal(whole).scaleb(-digits) != amount:
        raise ValueError(f"has more than the {digits} decimal digits that {currency} has")
    if whole < 0:
        raise ValueError("must not be negative")
    if whole > LARGEST:
        raise ValueError("is too large")
    return whole


def minor_at(amount: Decimal | None, path: str, currency: str, errors: dict[str, str]) -> int:
    """The same of a field that may be missing; what is wrong is noted under the field's path."""
    if amount is None:
        return 0
    try:
        return to_minor(amount, currency)
    except ValueError as error:
        errors[path] = str(error)
        return 0


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
