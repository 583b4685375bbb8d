"""What a customer's page offers and does about paying online."""

from typing import Any

import structlog

from orderboard import settings
from orderboard.catalogue import selling
from orderboard.errors import Conflict, NotFound
from orderboard.money import to_text
from orderboard.online.opening import Shown, open_checkout, payable
from orderboard.online.provider import Provider, Refused, Unreachable
from orderboard.orders import queries, views
from orderboard.web import limits
from orderboard.web.answers import parts
from orderboard.web.problems import TooMany

Json = dict[str, Any]
logger = structlog.get_logger("orderboard.online")
WENT_WRONG = "Your order is placed, and the payment page could not be opened. You can pay it here."
_NOT_NOW = "The payment page cannot be opened just now. Your order stands; try again in a moment."
_NOT_AT_ALL = "The payment page cannot be opened. Your order stands; ask the shop how to pay."


def provider() -> Provider:
    """By whom customers pay here. Raises NotFound where nobody does."""
    found = parts().provider
    if found is None:
        raise NotFound("Nobody pays online here.")
    return found


def offered(order: Json) -> str | None:
    """How much of an order (a snapshot) its customer can pay online now, if anything."""
    found = parts().provider
    amount = payable(order, selling.is_open()) if found else 0
    if not found or not found.takes(amount, order["currency"]):
        return None
    return to_text(amount, order["currency"])


def on_from(path: str, method: str | None) -> str:
    """Where a customer goes on who has placed an order: to its page at ``path``, or to pay it.

    Whatever goes wrong with that, the order is placed, and its page says how it goes on.
    """
    if method != "online" or parts().provider is None:
        return path
    try:
        return str(pay_by_link(path.rpartition("/")[2])["url"])
    except (Conflict, TooMany):
        return path
    except (Unreachable, Refused):
        return f"{path}?payment=later"
    except Exception:
        logger.exception("payment_page_not_opened")
        return f"{path}?payment=later"


def pay_by_link(token: str) -> Json:
    """Open the page for the order of a customer's link: ``url``, and what is ``due``.

    Raises NotFound, Conflict, Unreachable and Refused.
    """
    by = provider()
    order, _ = queries.get_by_token(token)
    limits.hit("pay", parts().settings.intake_limit)
    title = f"{settings.current().shop_name}: order #{order['number']}"
    page = views.track_url(order, parts().settings.base_url)
    try:
        url = open_checkout(by, order["id"], Shown(title, page), selling.is_open())
    except (Unreachable, Refused) as error:
        logger.warning("payment_page_not_opened", provider=by.name, reason=str(error))
        kind, text = (
            (Unreachable, _NOT_NOW) if isinstance(error, Unreachable) else (Refused, _NOT_AT_ALL)
        )
        raise kind(text) from error
    return {"url": url, "due": order["payment"]["due"]}
