"""Changing an order: who may, which version they have seen, and how it is afterwards."""

import re
from collections.abc import Callable
from typing import Any

from flask import Response, request

from orderboard.errors import ChangedMeanwhile, Invalid
from orderboard.events import log
from orderboard.events.log import Transaction
from orderboard.orders import commands
from orderboard.orders.commands import Held
from orderboard.web.access import Identity, identity
from orderboard.web.answers import answer
from orderboard.web.api.describe import header
from orderboard.web.seeing import order_view

Json = dict[str, Any]
Work = Callable[[Transaction, Held, Identity], Json]
_TAGS = r'\s*(W/)?"[!#-~]*"\s*(,\s*(W/)?"[!#-~]*"\s*)*'
_ETAGS = re.compile(_TAGS)
IF_MATCH = header(
    "If-Match",
    "The ETag of the order you read; `*` for any.",
    {"type": "string", "pattern": rf"^({_TAGS}|\*)$"},
)


def change(order_id: str, work: Work) -> Response:
    """Do work on an order that the caller may see; answers how it is then."""
    who = identity()
    versions = _versions_wanted()
    try:
        with log.transaction() as tx:
            held = commands.hold(tx, order_id, versions)
            order_view(held.before, who)  # not found, where it is somebody else's
            order = work(tx, held, who)
    except ChangedMeanwhile as error:
        by = error.changed_by if who.sees_all else {"kind": error.changed_by["kind"], "name": None}
        raise ChangedMeanwhile(order_view(error.order, who), by) from None
    return answered(order, who)


def answered(order: Json, who: Identity) -> Response:
    """An order as an answer, with its ETag."""
    return answer(order_view(order, who), headers={"ETag": f'"{order["version"]}"'})


def _versions_wanted() -> frozenset[str] | None:
    """The ETags of If-Match; a proxy may have made them weak. None where any version will do."""
    text = request.headers.get("If-Match")
    if text is None or text.strip() == "*":
        return None
    if not _ETAGS.fullmatch(text):
        raise Invalid({"If-Match": 'must be the ETag of an order, as in "3"'})
    return frozenset(re.findall(r'"([^"]*)"', text))
