"""Text as searches compare it. Pure."""

import unicodedata


def folded(text: str) -> str:
    """Text as it is compared: accents and the like are left out, every digit is an ASCII one."""
    if text.isascii():
        return text.lower()  # most are; the same in a twentieth of the time
    plain = _bare(_bare(text).casefold())
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in plain)


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
