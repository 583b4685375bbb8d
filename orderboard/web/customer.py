"""What the customer of an order may do by its link."""

from typing import Any

from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.orders import commands, queries
from orderboard.web import limits
from orderboard.web.answers import parts

Json = dict[str, Any]


def cancel_by_link(token: str, reason: str) -> Json:
    """Cancel the order of a customer's link, or ask for it; answers its snapshot."""
    order, _ = queries.get_by_token(token)
    limits.hit("cancel", parts().settings.intake_limit)
    actor = Actor("customer", order["customer"]["name"])
    with log.transaction() as tx:
        held = commands.hold(tx, order["id"])
        return commands.cancel_as_customer(tx, held, reason, actor)
