"""The kinds of values that come in from outside, each with what makes one good.

Each field also says what it is in the words of JSON Schema (``openapi``), so that the document
of the API cannot say anything else than what is checked.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from marshmallow import Schema, ValidationError, fields

from orderboard.money import DIGITS

Json = dict[str, Any]

MOST_BAD = 20
"""Things of one list that are looked at and found bad."""
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
HIDDEN = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f"
"""What no text may have, inside the brackets of a pattern of JSON Schema."""
SHOWN = f"[^{HIDDEN}]"
"""The same for JSON Schema, in which surrogates cannot stand anyway."""
_LOCALE = "[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*"
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)*")


def text_of(value: Any, longest: int) -> str:
    """A value as text without blank ends. ValidationError when it is none that can be kept."""
    if not isinstance(value, str):
        raise ValidationError("must be text")
    if not value.isprintable() and _UNSHOWN.search(value):  # the first takes a third of the time
        raise ValidationError("has a character that cannot be shown")
    if len(value) > longest:
        raise ValidationError(f"must have {longest} characters or fewer")
    return value.strip()


PICTURES = "/shop/pictures/"
"""Where the pictures are that the shop keeps, each by the name of its bytes."""
_PICTURE = re.compile(f"{PICTURES}[0-9a-f]{{64}}")


def is_kept(address: str | None) -> bool:
    """Whether it is the address of a picture that the shop keeps itself, or kept once."""
    return address is not None and address.startswith(PICTURES)


class Text(fields.Field[str | None]):
    """Text of at most ``longest`` characters. Blank text is none, an error where one is needed.

    ``filled``: where it is given there must be some; what is required always is.
    """

    def __init__(self, longest: int, filled: bool = False, **rest: Any) -> None:
        self.filled = filled or bool(rest.get("required"))
        rest.setdefault("allow_none", not self.filled)
        super().__init__(**rest)
        self.longest = longest

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str | None:
        text = text_of(value, self.longest)
        if not text and self.filled:
            raise ValidationError("must not be empty")
        return self.checked(text) if text else None

    def checked(self, text: str) -> str:
        """The text, or ValidationError where it is not of the kind."""
        return text

    def openapi(self) -> Json:
        """The field in JSON Schema."""
        pattern = f"{SHOWN}*[^\\s{HIDDEN}]{SHOWN}*" if self.filled else f"{SHOWN}*"
        return {"type": "string", "maxLength": self.longest, "pattern": f"^{pattern}$"}


class Code(Text):
    """What machines call something: text, or a whole number, which is taken as text."""

    def _deserialize(self, value: Any, *place: Any, **rest: Any) -> str | None:
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value) if abs(value) < 10**self.longest else value
        return super()._deserialize(value, *place, **rest)

    def openapi(self) -> Json:
        return {"anyOf": [super().openapi(), {"type": "integer"}]}


class Locale(Text):
    """A language and, if wanted, a region: ``de`` or ``de-AT``."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(35, **rest)

    def checked(self, text: str) -> str:
        if not re.fullmatch(_LOCALE, text):
            raise ValidationError('must be a language tag, as in "de" or "de-AT"')
        return text

    def openapi(self) -> Json:
        return {"type": "string", "maxLength": self.longest, "pattern": f"^({_LOCALE})?$"}


class Line(Text):
    """Text in one line."""

    def checked(self, text: str) -> str:
        if not text.isprintable():
            raise ValidationError("must be one line")
        return text


class Email(Text):
    """An e-mail address."""

    def openapi(self) -> Json:
        part = f"[^@.\\s{HIDDEN}]"
        address = rf"[^@\s{HIDDEN}]{{1,64}}@{part}+(\.{part}+)*"
        return {**super().openapi(), "pattern": f"^({address})?$"}

    def checked(self, text: str) -> str:
        if not _EMAIL.fullmatch(text):
            raise ValidationError("must be an e-mail address")
        return text


class WebAddress(Text):
    """An address that begins with http:// or https://."""

    def openapi(self) -> Json:
        rest = f"[^\\s{HIDDEN}]"
        address = rf"https?://[^\[\]/?#\s{HIDDEN}]+([/?#]{rest}*)?"
        return {**super().openapi(), "pattern": f"^({address})?$"}

    def checked(self, text: str) -> str:
        try:
            parts = urlsplit(text)
        except ValueError:
            raise ValidationError("must be a web address") from None
        if parts.scheme not in ("http", "https") or not parts.netloc or re.search(r"\s", text):
            raise ValidationError("must begin with http:// or https://")
        return text


class ImageAddress(WebAddress):
    """The same, or the address of a picture that the shop keeps itself."""

    def openapi(self) -> Json:
        found = super().openapi()
        return {**found, "pattern": f"{found['pattern']}|^{PICTURES}[0-9a-f]{{64}}$"}

    def checked(self, text: str) -> str:
        return text if _PICTURE.fullmatch(text) else super().checked(text)


class Choice(Text):
    """One of a few words."""

    def __init__(self, words: tuple[str, ...], also: Mapping[str, str] | None = None, **rest: Any):
        rest.setdefault("allow_none", False)
        super().__init__(40, **rest)
        self.words, self.also = words, also or {}

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str | None:
        text = text_of(value, 200)
        text = self.also.get(text, text)
        if text not in self.words:
            raise ValidationError(f"must be one of {', '.join(self.words)}")
        return text

    def openapi(self) -> Json:
        return {"type": "string", "enum": [*self.words, *self.also]}


class Currency(Text):
    """A currency's ISO 4217 code."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(3, allow_none=False, **rest)

    def checked(self, text: str) -> str:
        if text not in DIGITS:
            raise ValidationError("must be a currency's ISO 4217 code, as in EUR")
        return text

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        return self.checked(text_of(value, 40))

    def openapi(self) -> Json:
        return {"type": "string", "enum": sorted(DIGITS)}


class Several(fields.List[Any]):
    """A list. Whether it is too long is seen before anything in it is looked at, and whoever sends
    nothing but nonsense is told of the first of it: to look at all is work for nobody's good.
    """

    def _deserialize(self, value: Any, *_: Any, **rest: Any) -> list[Any]:
        if not isinstance(value, list):
            raise self.make_error("invalid")
        self._validate(value)
        result: list[Any] = []
        errors: dict[int, Any] = {}
        for place, each in enumerate(value):
            try:
                result.append(self.inner.deserialize(each, **rest))
            except ValidationError as error:
                errors[place] = error.messages
                if len(errors) == MOST_BAD:
                    break
        if errors:
            raise ValidationError(errors)
        return result


class Flag(fields.Field[bool]):
    """True or false, nothing that merely looks like it."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("must be true or false")
        return value

    def openapi(self) -> Json:
        """The field in JSON Schema."""
        return {"type": "boolean"}


class TextOr(fields.Field[Json]):
    """An object of a schema, or text that stands for the object with one field set to it."""

    def __init__(self, schema: type[Schema], field: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.schema, self.field = schema(), field

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Json:
        if isinstance(value, dict):
            whole: Json = self.schema.load(value)
            return whole
        if not isinstance(value, str):
            raise ValidationError("must be text or an object")
        try:
            short: Json = self.schema.load({self.field: value})
        except ValidationError as error:
            raise ValidationError(error.messages_dict[self.field]) from None
        return short
