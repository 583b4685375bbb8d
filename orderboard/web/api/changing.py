"""Changing an order: who may, which version they have seen, and how it is afterwards."""

from collections.abc import Callable
from typing import Any

from flask import Response

from orderboard.errors import ChangedMeanwhile
from orderboard.events import log
from orderboard.events.log import Transaction
from orderboard.orders import commands
from orderboard.orders.commands import Held
from orderboard.web.access import Identity, identity
from orderboard.web.answers import answer
from orderboard.web.api.versions import versions_wanted
from orderboard.web.seeing import order_view

Json = dict[str, Any]
Work = Callable[[Transaction, Held, Identity], Json]


def change(order_id: str, work: Work) -> Response:
    """Do work on an order that the caller may see; answers how it is then."""
    who = identity()
    versions = versions_wanted()
    try:
        with log.transaction() as tx:
            held = commands.hold(tx, order_id, versions)
            order_view(held.before, who)  # not found, where it is somebody else's
            order = work(tx, held, who)
    except ChangedMeanwhile as error:
        by = error.changed_by if who.sees_all else {"kind": error.changed_by["kind"], "name": None}
        raise ChangedMeanwhile(order_view(error.thing, who), by) from None
    return answered(order, who)


def answered(order: Json, who: Identity) -> Response:
    """An order as an answer, with its ETag."""
    return answer(order_view(order, who), headers={"ETag": f'"{order["version"]}"'})
