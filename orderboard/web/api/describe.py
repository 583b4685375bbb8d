"""What a view says of itself: the source of the OpenAPI document."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from marshmallow import Schema

View = TypeVar("View", bound=Callable[..., Any])
Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A view in words. ``answers``: status → (what it means, its JSON Schema, or None)."""

    summary: str
    tag: str
    body: type[Schema] | None = None
    query: type[Schema] | None = None
    answers: Mapping[int, tuple[str, Json | None]] = field(default_factory=dict)
    headers: tuple[Json, ...] = ()
    media: str = "application/json"
    body_media: str | None = None


def describe(
    summary: str,
    tag: str,
    *,
    body: type[Schema] | None = None,
    query: type[Schema] | None = None,
    answers: Mapping[int, tuple[str, Json | None]],
    headers: tuple[Json, ...] = (),
    media: str = "application/json",
    body_media: str | None = None,
) -> Callable[[View], View]:
    """Describe a view for the document; ``media`` is the type of its good answers; several
    have a comma and a space between them.

    ``body_media``: the type of a body that is text and not JSON.
    """

    def mark(view: View) -> View:
        view.described = Description(  # type: ignore[attr-defined]
            summary=summary,
            tag=tag,
            body=body,
            query=query,
            answers=answers,
            headers=headers,
            media=media,
            body_media=body_media,
        )
        return view

    return mark


def header(name: str, summary: str, schema: Json) -> Json:
    """A request header as the document names it."""
    return {"name": name, "in": "header", "description": summary, "schema": schema}
