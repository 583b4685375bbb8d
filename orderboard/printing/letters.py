"""Text as a printer has letters for it: what it lacks is written with what it has. Pure."""

# ruff: noqa: RUF001
import unicodedata

_INSTEAD = {
    "€": "EUR ",
    "₹": "Rs ",
    "£": "GBP ",
    "¥": "JPY ",
    "×": "x",
    "−": "-",
    "–": "-",
    "—": "-",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "‘": "'",
    "’": "'",
    "‚": ",",
    "…": "...",
    "•": "*",
    "·": "-",
    "ß": "ss",
    "Æ": "AE",
    "æ": "ae",
    "Œ": "OE",
    "œ": "oe",
    "Ø": "O",
    "ø": "o",
    "Ł": "L",
    "ł": "l",
    "Đ": "D",
    "đ": "d",
    "ı": "i",
    "Þ": "Th",
    "þ": "th",
    "ð": "d",
    "™": "(TM)",
    "®": "(R)",
    "©": "(C)",
    "№": "No. ",
    "½": "1/2",
    "¼": "1/4",
    "¾": "3/4",
}
_UNSEEN = ("Cf", "Mn", "Me", "Cs", "Co")
"""Kinds of characters that join or mark others, or that nobody can see."""


def encoded(text: str, code_page: str) -> bytes:
    """One line of text in a code page; never an error, and no control character in it."""
    return b"".join(_letter(letter, code_page) for letter in printable(text))


def printable(text: str) -> str:
    """Text without what would steer a printer, accents joined with their letters."""
    clean = "".join(" " if unicodedata.category(c) in ("Cc", "Zs", "Zl", "Zp") else c for c in text)
    return unicodedata.normalize("NFC", clean)


def fitting(text: str, code_page: str) -> str:
    """Text as it will stand on paper, so that its width is known."""
    return encoded(text, code_page).decode(code_page)


def _letter(letter: str, code_page: str) -> bytes:
    for tried in (letter, _INSTEAD.get(letter, ""), _bare(letter)):
        try:
            if tried:
                return tried.encode(code_page)
        except UnicodeEncodeError:
            continue
    return b"" if unicodedata.category(letter) in _UNSEEN else b"?"


def _bare(letter: str) -> str:
    """A letter without its accents, a sign as the letters it is made of."""
    parts = unicodedata.normalize("NFKD", letter)
    return "".join(part for part in parts if not unicodedata.combining(part))
