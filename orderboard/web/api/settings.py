"""The shop's settings for staff and scripts, and what anybody may know of the shop."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response

from orderboard.errors import Invalid
from orderboard.events import log
from orderboard.orders import rules
from orderboard.pictures import Picture
from orderboard.settings import commands, known, queries, views
from orderboard.settings.schemas import EditSettings
from orderboard.web.access import allow, identity
from orderboard.web.answers import answer, parts
from orderboard.web.api.describe import describe
from orderboard.web.api.sent_pictures import sent_picture
from orderboard.web.api.shape_words import named
from orderboard.web.api.shop_shapes import PUBLIC_SHOP, SETTINGS
from orderboard.web.api.versions import IF_MATCH, versions_wanted
from orderboard.web.body import LARGEST_SINGLE, json_body

Json = dict[str, Any]
api = Blueprint("settings", __name__)
_edit = EditSettings()
_BOX = (640, 320)
"""Within which the logo is kept, in pixels; pages show it much smaller."""
_DONE = {
    200: ("The settings.", SETTINGS),
    412: ("Somebody changed them since; `settings` is how they are now.", named("Problem")),
}


@api.get("/shop")
@allow("public")
@describe(
    "What the shop says of itself", "Settings", answers={200: ("For its pages.", PUBLIC_SHOP)}
)
def read_shop() -> Response:
    """Name, looks, contact, hours, as anybody may know them."""
    config = parts().settings
    shop = views.public(queries.everything(config))
    return answer({**shop, "currency": config.currency, "timezone": config.timezone})


@api.get("/settings")
@allow("admin", "viewer")
@describe("Read the settings", "Settings", answers={200: ("All of them.", SETTINGS)})
def read_settings() -> Response:
    """Each setting with its value, whether it is fixed, and the variable that can fix it."""
    return _answered(queries.everything(parts().settings))


@api.patch("/settings")
@allow("admin", "owner")
@describe(
    "Change the settings",
    "Settings",
    body=EditSettings,
    headers=(IF_MATCH,),
    answers={**_DONE, 409: ("The environment sets it; `errors` names it.", named("Problem"))},
)
def edit_settings() -> Response:
    """Change what is given, leave the rest. Every page and process has it at once."""
    given, config = json_body(_edit), parts().settings
    if not given:
        raise Invalid({"body": "must set at least one field"})
    _check_printers(given.get("printers", ()))
    with log.transaction() as tx:
        row = commands.hold(tx, config, versions_wanted())
        settings = commands.edit(tx, row, given, config, identity().actor)
    known.known().forget()
    return _answered(settings)


@api.put("/settings/logo")
@allow("admin", "owner")
@describe(
    "Set the logo",
    "Settings",
    body_media="application/octet-stream",
    headers=(IF_MATCH,),
    answers=_DONE,
)
def set_logo() -> Response:
    """A PNG, JPEG, WebP or GIF picture. It is drawn anew, without what else is in the file."""
    return _with_logo(sent_picture(LARGEST_SINGLE, _BOX))


@api.delete("/settings/logo")
@allow("admin", "owner")
@describe("Remove the logo", "Settings", headers=(IF_MATCH,), answers=_DONE)
def remove_logo() -> Response:
    """Have pages show the shop's name alone."""
    return _with_logo(None)


def _check_printers(given: Sequence[Json]) -> None:
    """Raise Invalid for printers of orders that there cannot be."""
    errors = {
        f"printers.{place}.{name}.{at}": f"must be one of {', '.join(words)}"
        for place, printer in enumerate(given)
        for name, words in (("types", rules.TYPES), ("methods", rules.METHODS))
        for at, word in enumerate(printer.get(name, ()))
        if word not in words
    }
    if errors:
        raise Invalid(errors)


def _with_logo(logo: Picture | None) -> Response:
    config = parts().settings
    with log.transaction() as tx:
        row = commands.hold(tx, config, versions_wanted())
        settings = commands.set_logo(tx, row, logo, config, identity().actor)
    known.known().forget()
    return _answered(settings)


def _answered(settings: Json) -> Response:
    told = views.with_origins(settings, parts().settings)
    return answer(told, 200, {"ETag": f'"{settings["version"]}"'})
