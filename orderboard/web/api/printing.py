"""What of the orders is on paper, and the printers in the network."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response

from orderboard import clock
from orderboard.errors import Conflict, Invalid, NotFound
from orderboard.events import log
from orderboard.orders import commands, printing
from orderboard.printing import escpos, jobs
from orderboard.printing.delivering import NotPrinted, deliver
from orderboard.printing.schemas import Print
from orderboard.printing.words import moment
from orderboard.settings import current
from orderboard.settings.printers import Printer
from orderboard.web.access import allow, identity
from orderboard.web.answers import answer, parts
from orderboard.web.api.changing import answered
from orderboard.web.api.describe import describe
from orderboard.web.api.shape_words import TEXT, named, thing
from orderboard.web.body import json_body

Json = dict[str, Any]
api = Blueprint("printing", __name__)
_print = Print()
_JOB = thing(id=TEXT, order_id=TEXT, printer=TEXT, status={"enum": ["waiting", "sending"]})
_TRIAL = thing(printed={"type": "boolean"}, detail=TEXT)


@api.put("/orders/<id:order_id>/printed")
@allow("admin", "operator")
@describe(
    "Note that an order was printed",
    "Printing",
    answers={
        200: ("The order. Its version is the one before.", named("Order")),
        404: ("No such order.", named("Problem")),
    },
)
def mark_printed(order_id: str) -> Response:
    """Count one more time that it is on paper, by hand. What a printer failed at is settled."""
    who = identity()
    with log.transaction() as tx:
        held = commands.hold(tx, order_id)
        order = held.before | printing.mark_printed(tx, order_id, who.actor)
    return answered(order, who)


@api.post("/orders/<id:order_id>/prints")
@allow("admin", "operator")
@describe(
    "Have a printer in the network print an order",
    "Printing",
    body=Print,
    answers={
        202: ("It is next. `order.printed` or `order.print_failed` tells what came of it.", _JOB),
        404: ("No such order.", named("Problem")),
    },
)
def print_order(order_id: str) -> Response:
    """Print a ticket. What the printer has still to print of the order is not printed twice."""
    wanted = json_body(_print)["printer"]
    if wanted not in {printer.id for printer in current().printers}:
        raise Invalid({"printer": "is no printer of the settings"})
    with log.transaction() as tx:
        job = jobs.ask(tx, order_id, wanted)
    return answer({name: job[name] for name in ("id", "order_id", "printer", "status")}, 202)


@api.post("/printers/<id:printer_id>/test")
@allow("admin", "operator")
@describe(
    "Print a test ticket",
    "Printing",
    answers={
        200: ("Whether it was printed, and what went wrong.", _TRIAL),
        404: ("No such printer.", named("Problem")),
        409: ("This printer is being tested.", named("Problem")),
    },
)
def test_printer(printer_id: str) -> Response:
    """Print a few lines, which takes up to some seconds, and say how that went."""
    shop = current()
    printer = next((one for one in shop.printers if one.id == printer_id), None)
    if printer is None:
        raise NotFound("There is no such printer.")
    if printer.id in _tested:
        raise Conflict(f"{printer.name} is being tested just now.")
    _tested.add(printer.id)
    try:
        return answer(_tried(printer, shop.shop_name))
    finally:
        _tested.discard(printer.id)


_tested: set[str] = set()
"""The printers that this process tests just now: a hanging one is not asked by many at once."""


def _tried(printer: Printer, shop: str) -> Json:
    at = moment(clock.now(), ZoneInfo(parts().settings.timezone))
    try:
        is_sure = deliver(printer.address, escpos.trial(shop, printer, at))
    except NotPrinted as error:
        return {"printed": False, "detail": f"{printer.name} {error}."}
    took = "printed the test." if is_sure else "took the test: look whether it printed it."
    return {"printed": True, "detail": f"{printer.name} {took}"}
