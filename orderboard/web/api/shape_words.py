"""The few words that JSON Schemas are built from, since so much may be null."""

from typing import Any

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
TEXT_OR_NULL: Json = {"type": ["string", "null"]}
NUMBER_OR_NULL: Json = {"type": ["number", "null"]}
COUNT: Json = {"type": "integer", "minimum": 0}
MONEY: Json = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$", "examples": ["19.90"]}
TIME: Json = {"type": "string", "format": "date-time"}
TIME_OR_NULL: Json = {"type": ["string", "null"], "format": "date-time"}
EVENT_ID: Json = {"type": "string", "pattern": "^[0-9a-z]{1,32}-[0-9]{1,18}$"}


def thing(**properties: Json) -> Json:
    """An object that has all of these."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def some(**properties: Json) -> Json:
    """An object that has some of these."""
    return {"type": "object", "properties": properties}


def or_null(schema: Json) -> Json:
    """The schema, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def many(schema: Json) -> Json:
    """A list of these."""
    return {"type": "array", "items": schema}


def named(name: str) -> Json:
    """A reference to one of SCHEMAS."""
    return {"$ref": f"#/components/schemas/{name}"}


def counts(names: tuple[str, ...]) -> Json:
    """A count for each name."""
    return thing(**dict.fromkeys(names, COUNT))
