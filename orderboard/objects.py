"""Objects whose keys come in from outside as well (see ``fields`` for texts)."""

from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields

from orderboard.fields import HIDDEN, SHOWN, Json, text_of
from orderboard.quantities import Moment


class Words(fields.Field[dict[str, str]]):
    """An object of text keys and text values, ``most`` of them at most."""

    def __init__(self, most: int, longest_key: int, longest: int, **rest: Any) -> None:
        super().__init__(**rest)
        self.most, self.longest_key, self.longest = most, longest_key, longest

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> dict[str, str]:
        if not isinstance(value, dict):
            raise ValidationError("must be an object of texts")
        if len(value) > self.most:
            raise ValidationError(f"must have {self.most} keys or fewer")
        found: dict[str, str] = {}
        for key, text in value.items():
            if not text_of(key, self.longest_key):
                raise ValidationError("must not have an empty key")
            try:
                found[key] = text_of(text, self.longest)
            except ValidationError as error:
                raise ValidationError({key: error.messages}) from None
        return found

    def openapi(self) -> Json:
        """The field in JSON Schema."""
        shown = f"^{SHOWN}*$"
        return {
            "type": "object",
            "maxProperties": self.most,
            "propertyNames": {
                "maxLength": self.longest_key,
                "pattern": f"^{SHOWN}*[^\\s{HIDDEN}]{SHOWN}*$",
            },
            "additionalProperties": {
                "type": "string",
                "maxLength": self.longest,
                "pattern": shown,
            },
        }


class Times(fields.Field[dict[str, datetime]]):
    """An object of times by some of these words."""

    def __init__(self, words: tuple[str, ...], **rest: Any) -> None:
        super().__init__(**rest)
        self.words, self._time = words, Moment()

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> dict[str, datetime]:
        if not isinstance(value, dict):
            raise ValidationError("must be an object of times")
        if not value.keys() <= set(self.words):
            raise ValidationError(f"must have no other keys than {', '.join(self.words)}")
        found: dict[str, datetime] = {}
        for word, text in value.items():
            try:
                found[word] = self._time._deserialize(text)
            except ValidationError as error:
                raise ValidationError({word: error.messages}) from None
        return found

    def openapi(self) -> Json:
        """The field in JSON Schema."""
        return {
            "type": "object",
            "propertyNames": {"enum": list(self.words)},
            "additionalProperties": self._time.openapi(),
        }
