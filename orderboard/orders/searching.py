"""What a search for orders looks through, and what the words of one mean. Pure.

An order's text is its words, folded: without accents, in lower case, each once. Words of the
customer's name and the number have marks before them, so that one or two letters are found at
their beginning in the same index as three and more are anywhere.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from orderboard.folding import folded

MARK = "\x01"
"""Stands in no text that comes from outside: no field takes it."""
MOST_WORDS = 10
GRAM = 3
"""Letters in a row that the index knows."""
_MOST_GRAMS = 40
_ADDRESS = ("name", "line1", "line2", "city", "region", "postal_code", "country")
_OF_A_PHONE = re.compile(r"[+()/.\-]*\d[+()/.\-\d]*")
_NUMBER = re.compile(r"#?(\d{1,9})")


def text_of(order: Mapping[str, Any]) -> str:
    """What a search looks through, from an order's snapshot."""
    customer, address = order["customer"], order["address"] or {}
    texts = [customer["company"], customer["email"], customer["phone"], order["external_id"]]
    texts += [address.get(part) for part in _ADDRESS]
    if billing := order.get("billing_address"):
        texts += [billing[part] for part in _ADDRESS]
    texts.append(order.get("display_number"))
    texts += [text for line in order["items"] for text in (line["sku"], line["name"])]
    texts += [one["value"] for line in order["items"] for one in line.get("options", ())]
    begin = [str(order["number"]), *folded(customer["name"]).split()]
    words = [MARK * (GRAM - 1) + word for word in begin]
    words += [word for text in texts if text for word in folded(text).split()]
    words.append("".join(c for c in folded(customer["phone"] or "") if c.isdigit()))
    return " ".join(dict.fromkeys(word for word in words if word))


@dataclass(frozen=True, slots=True)
class Term:
    """Something that an order must have: one of ``texts``, or a number, or a driver.

    Each of ``texts`` is of parts that all must stand in the order's text. ``name``: what the
    driver's name must have in it; none for what can be no name.
    """

    texts: tuple[tuple[str, ...], ...]
    number: int | None = None
    name: str | None = None


def terms(search: str) -> list[Term]:
    """What an order must have to be found; all of it."""
    found: list[Term] = []
    run: list[str] = []
    for word in folded(search).split()[:MOST_WORDS]:
        if _OF_A_PHONE.fullmatch(word):
            run.append(word)
            continue
        found += _of_digits(run)
        run = []
        found.append(Term(((_part(word),),), number_of(word), word))
    return [*found, *_of_digits(run)]


def number_of(word: str) -> int | None:
    """The number of an order that this is: ``51`` or ``#51``."""
    match = _NUMBER.fullmatch(folded(word).strip())
    return int(match[1]) if match else None


def is_called(name: str, wanted: str) -> bool:
    """Whether somebody's name has this in it; of one or two letters, a word that begins so."""
    known = folded(name)
    if len(wanted) >= GRAM:
        return wanted in known
    return any(word.startswith(wanted) for word in known.split())


def grams(text: str) -> list[str]:
    """The rows of three letters in a text, but not more than a search needs."""
    rows = dict.fromkeys(text[n : n + GRAM] for n in range(len(text) - GRAM + 1))
    return list(rows)[:_MOST_GRAMS]


def _of_digits(run: list[str]) -> Iterable[Term]:
    """Numbers one after the other: a telephone's in any way of writing, or each for itself."""
    if not run:
        return
    digits = "".join(c for c in "".join(run) if c.isdigit()).lstrip("0")
    if len(digits) >= GRAM and run != [digits]:
        each = tuple(_part(word) for word in run)
        yield Term(((digits,), each), number_of(run[0]) if len(run) == 1 else None)
        return
    for word in run:
        yield Term(((_part(word),),), number_of(word), word)


def _part(word: str) -> str:
    return MARK * (GRAM - len(word)) + word
