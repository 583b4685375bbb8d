"""The OpenAPI document, made from the views and the schemas that check what comes in."""

import re
from functools import cache
from typing import Any

from flask import Blueprint, Flask, Response, current_app, render_template
from marshmallow import Schema, fields, validate
from werkzeug.routing import Rule

from orderboard.catalogue.schemas import LONGEST_SKU, Sku
from orderboard.fields import TextOr
from orderboard.version import VERSION
from orderboard.web.access import allow, allowed_roles
from orderboard.web.answers import answer
from orderboard.web.api import analytics_shapes, customer_shapes
from orderboard.web.api.describe import Description, describe
from orderboard.web.api.shape_words import named
from orderboard.web.api.shapes import SCHEMAS

Json = dict[str, Any]
api = Blueprint("document", __name__)
_ALWAYS = {
    400: "The request cannot be read.",
    401: "No key, or one that is not good.",
    403: "The key is not good for this.",
    422: "A field is wrong; `errors` names it.",
    429: "Too many requests; see Retry-After.",
    503: "The database cannot be reached; try again.",
}
_ID: Json = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"}
_COUNTED: Json = {"type": "integer", "minimum": 0, "maximum": 2_147_483_647}
_NUMBER: Json = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
_IN_PATH: dict[str, Json] = {
    "sku": Sku(LONGEST_SKU, required=True).openapi(),
    "key_id": _COUNTED,
    "staff_id": _NUMBER,
    "session_id": _NUMBER,
}
_WITH_BODY = {413: "The body is too large.", 415: "The body is not JSON."}


@api.get("/openapi.json")
@allow("public")
@describe("This document", "Document", answers={200: ("OpenAPI 3.1.", {"type": "object"})})
def openapi() -> Response:
    """The document of this API."""
    return answer(document(current_app._get_current_object()))  # type: ignore[attr-defined]


@api.get("/docs")
@allow("public")
@describe(
    "This document to read",
    "Document",
    media="text/html",
    answers={200: ("A page.", {"type": "string"})},
)
def docs() -> str:
    """The document as a page."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    return render_template("docs/api.html", document=document(app))


@cache
def document(app: Flask) -> Json:
    """The OpenAPI 3.1 document of an app's views under /api."""
    paths: dict[str, Json] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        described = getattr(app.view_functions[rule.endpoint], "described", None)
        if described is not None:
            method = next(m for m in sorted(rule.methods or ()) if m not in ("HEAD", "OPTIONS"))
            path = re.sub(r"<(?:[^:>]+:)?([^>]+)>", r"{\1}", rule.rule)
            roles = allowed_roles(app, rule.endpoint)
            paths.setdefault(path, {})[method.lower()] = _operation(rule, described, roles)
    key = {"type": "http", "scheme": "bearer", "description": "A key: `ob_…`"}
    cookie = {"type": "apiKey", "in": "cookie", "name": "orderboard_session"}
    return {
        "openapi": "3.1.0",
        "info": {"title": "orderboard", "version": VERSION, "summary": "A live order board."},
        "paths": paths,
        "components": {
            "schemas": SCHEMAS | customer_shapes.SCHEMAS | analytics_shapes.SCHEMAS,
            "securitySchemes": {"key": key, "session": cookie},
        },
    }


def _operation(rule: Rule, described: Description, roles: frozenset[str]) -> Json:
    in_path = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": _IN_PATH.get(name, _ID),
        }
        for name in sorted(rule.arguments)
    ]
    operation: Json = {
        "operationId": rule.endpoint.replace(".", "_"),
        "summary": described.summary,
        "tags": [described.tag],
        "parameters": [*in_path, *described.headers, *_query(described.query)],
        "responses": _responses(described),
        "security": _security(roles),
        "x-roles": sorted(roles),
    }
    if described.body:
        content = {"application/json": {"schema": json_schema(described.body)}}
        operation["requestBody"] = {"required": True, "content": content}
    elif described.body_media:
        content = {described.body_media: {"schema": {"type": "string"}}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _responses(described: Description) -> Json:
    good = {
        str(status): {
            "description": words,
            "content": {media: {"schema": schema} for media in _media(status, described)}
            if schema
            else {},
        }
        for status, (words, schema) in described.answers.items()
    }
    problem = {"application/problem+json": {"schema": named("Problem")}}
    usual = {**_ALWAYS, **_WITH_BODY} if described.body or described.body_media else _ALWAYS
    always = {
        str(status): {"description": words, "content": problem} for status, words in usual.items()
    }
    return {**always, **good}


def _media(status: int, described: Description) -> list[str]:
    return described.media.split(", ") if status < 400 else ["application/problem+json"]


def _security(roles: frozenset[str]) -> list[dict[str, list[str]]]:
    with_credentials: list[dict[str, list[str]]] = [{"key": []}, {"session": []}]
    return [*with_credentials, {}] if roles & {"public", "public_intake"} else with_credentials


def _query(schema: type[Schema] | None) -> list[Json]:
    if schema is None:
        return []
    return [
        {
            "name": field.data_key or name,
            "in": "query",
            "schema": _not_null(field),
            "required": field.required,
        }
        for name, field in schema().fields.items()
    ]


def json_schema(schema: type[Schema]) -> Json:
    """A marshmallow schema in JSON Schema."""
    known = schema().fields
    return {
        "type": "object",
        "description": (schema.__doc__ or "").strip(),
        "properties": {name: _of_field(field) for name, field in known.items()},
        "required": [name for name, field in known.items() if field.required],
        "additionalProperties": False,
    }


def _of_field(field: Any) -> Json:
    found = _not_null(field)
    return {"anyOf": [found, {"type": "null"}]} if found and field.allow_none else found


def _not_null(field: Any) -> Json:
    match field:
        case TextOr():
            short = field.schema.fields[field.field]
            found: Json = {"anyOf": [_of_field(short), json_schema(type(field.schema))]}
        case fields.Nested():
            found = json_schema(type(field.schema))
        case fields.List():
            found = {"type": "array", "items": _of_field(field.inner), **_length(field)}
        case fields.Raw():
            return {}
        case _:
            found = field.openapi()
    return found | {name: str(text) for name, text in field.metadata.items()}


def _length(field: Any) -> Json:
    found: Json = {}
    for check in field.validators:
        if isinstance(check, validate.Length):
            bounds = (("minItems", check.min), ("maxItems", check.max))
            found |= {name: bound for name, bound in bounds if bound is not None}
    return found
