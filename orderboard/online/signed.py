"""What both providers have in common: objects that say something, and signatures in hex digits."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import Any

from orderboard.online.provider import BadSignature, NotUnderstood

Json = dict[str, Any]
LONGEST = 255
"""Characters of a provider's ids."""


def check(secret: str, signed: bytes, signatures: Iterable[str]) -> None:
    """Raise BadSignature unless one of these is the signature; how long it takes tells nothing."""
    right = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest().encode()
    # Each is compared, as bytes: text beyond ASCII would raise.
    good = [hmac.compare_digest(right, one.encode(errors="replace")) for one in signatures]
    if not any(good):
        raise BadSignature("This is not signed by the provider.")


def opened(body: bytes) -> "Fields":
    """What a signed body says. Raises NotUnderstood."""
    try:
        return Fields(json.loads(body))
    except (ValueError, RecursionError):
        raise NotUnderstood("The body is not JSON.") from None


class Fields:
    """A JSON object that says what it should; what it does not say raises NotUnderstood."""

    def __init__(self, data: Any, path: str = "") -> None:
        if not isinstance(data, dict):
            raise NotUnderstood(f"{path or 'The body'} is not an object.")
        self._data, self._path = data, path

    def within(self, *names: str) -> "Fields":
        """An object inside."""
        found = self
        for name in names:
            found = Fields(found._data.get(name), found._at(name))
        return found

    def each(self, name: str) -> "list[Fields]":
        """The objects of a list."""
        found = self._data.get(name)
        if not isinstance(found, list):
            raise NotUnderstood(f"{self._at(name)} is not a list.")
        return [Fields(one, self._at(name)) for one in found]

    def text(self, name: str, longest: int = LONGEST) -> str:
        """A text that is there, on one line."""
        found = self._data.get(name)
        if not isinstance(found, str) or not 0 < len(found) <= longest or not found.isprintable():
            raise NotUnderstood(f"{self._at(name)} is not a text.")
        return found

    def address(self, name: str) -> str:
        """The address of a page."""
        found = self.text(name, 4096)
        if not found.isascii() or not found.startswith(("https://", "http://")):
            raise NotUnderstood(f"{self._at(name)} is no address.")
        return found

    def maybe(self, *names: str) -> str | None:
        """A text that may be missing; the last name is its own, the others lead to it."""
        found: Any = self._data
        for name in names:
            found = found.get(name) if isinstance(found, dict) else None
        short = isinstance(found, str) and 0 < len(found) <= LONGEST and found.isprintable()
        return found if short else None

    def count(self, name: str) -> int:
        """A whole number that is not negative."""
        found = self._data.get(name)
        if type(found) is not int or not 0 <= found < 2**53:
            raise NotUnderstood(f"{self._at(name)} is not a whole number.")
        return found

    def _at(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name
