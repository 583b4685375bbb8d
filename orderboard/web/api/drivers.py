"""Drivers, and the links that open their pages."""

from flask import Blueprint, Response

from orderboard.errors import Invalid
from orderboard.orders.schemas import EditDriver, NewDriver
from orderboard.people import drivers
from orderboard.web.access import allow, identity
from orderboard.web.answers import answer, parts
from orderboard.web.api.describe import describe
from orderboard.web.api.shape_words import TEXT, many, named, thing
from orderboard.web.body import json_body

api = Blueprint("drivers", __name__)
_new, _edit = NewDriver(), EditDriver()


@api.get("/drivers")
@allow("read", "viewer")
@describe(
    "List drivers",
    "Drivers",
    answers={200: ("All drivers by name.", thing(drivers=many(named("Driver"))))},
)
def list_drivers() -> Response:
    """All drivers."""
    return answer({"drivers": drivers.everyone()})


@api.post("/drivers")
@allow("admin", "operator")
@describe(
    "Add a driver", "Drivers", body=NewDriver, answers={201: ("The driver.", named("Driver"))}
)
def add_driver() -> Response:
    """Add a driver."""
    given = json_body(_new)
    return answer(drivers.add(given["name"], given.get("phone"), identity().actor), 201)


@api.patch("/drivers/<id:driver_id>")
@allow("admin", "operator")
@describe(
    "Change a driver's name or telephone",
    "Drivers",
    body=EditDriver,
    answers={
        200: ("The driver.", named("Driver")),
        404: ("No such driver.", named("Problem")),
    },
)
def edit_driver(driver_id: str) -> Response:
    """Change what is given, leave the rest."""
    given = json_body(_edit)
    if not given:
        raise Invalid({"body": "must set at least one field"})
    return answer(drivers.edit(driver_id, given, identity().actor))


@api.post("/drivers/<id:driver_id>/link")
@allow("admin", "operator")
@describe(
    "Make a driver's link",
    "Drivers",
    answers={
        201: ("The link to hand out; the one before it ends.", thing(url=TEXT)),
        404: ("No such driver.", named("Problem")),
    },
)
def make_link(driver_id: str) -> Response:
    """A new link for a driver's page."""
    token = drivers.new_link_token(driver_id)
    parts().stream.recheck()
    return answer({"url": f"{parts().settings.base_url}/driver/link/{token}"}, 201)
