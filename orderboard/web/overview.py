"""The figures over all orders, as boards are shown and told them."""

from typing import Any

from orderboard.figures import overview as figures
from orderboard.orders.risk import at_risk
from orderboard.settings import current
from orderboard.web.answers import parts

Json = dict[str, Any]


def overview_now() -> Json:
    """The figures of this moment."""
    settings, stream = parts().settings, parts().stream
    found, head = figures.overview(settings.currency, settings.timezone)
    return {
        **found,
        "at_risk": at_risk(current().accept_within),
        "unread_messages": 0,  # there are no messages yet; the contract names their number
        "subscribers": stream.subscribers(),
        "position": f"{head.epoch}-{head.position}",
    }
