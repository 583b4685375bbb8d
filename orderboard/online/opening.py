"""Sending a customer to the page on which an order is paid: one page for one amount.

The page has a key, kept before the provider is asked: whoever presses twice, or again because an
answer got lost, comes to the same page. The provider is asked outside of any transaction.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from ulid import ULID

from orderboard import clock
from orderboard.database import reading
from orderboard.errors import Conflict
from orderboard.events import log
from orderboard.events.log import Transaction
from orderboard.money import from_text
from orderboard.online.model import CheckoutRow
from orderboard.online.provider import (
    KEYS,
    AlreadyAsked,
    Checkout,
    Provider,
    Refused,
    Unreachable,
    Wanted,
)
from orderboard.orders import commands, paying, rules
from orderboard.orders.model import STRANGERS

Json = dict[str, Any]
LIFE = timedelta(hours=3)
"""For how long a page is open. What becomes of the order meanwhile the page does not know."""
_LEFT = timedelta(minutes=45)
"""What has to be left of it for somebody to be sent there."""
_TRIES = 3
"""Pages that are opened at most, while what is due changes with each answer."""
_OTHERS_ANSWER = 3.0
"""Seconds to wait for the answer that another request with the same key is waiting for."""
_UNPAYABLE = frozenset({"on_hold", "returned", *rules.CALLED_OFF})
_checkouts = CheckoutRow.__table__


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page says, and where it leads: ``page`` is the address of the customer's page."""

    title: str
    page: str


def payable(order: Mapping[str, Any], sells: bool) -> int:
    """How much of an order may be paid online now, in minor units. Pure.

    ``sells``: prices are the catalogue's. Where they are not, a stranger's are wishes, which the
    shop has to accept first.
    """
    if order["payment_method"] != "online" or order["type"] in rules.INBOUND:
        return 0
    wished = order["source"] == STRANGERS and not sells and order["status"] == "pending"
    if wished or order["status"] in _UNPAYABLE:
        return 0
    currency = str(order["currency"])
    online = [one for one in order["payments"] if one.get("provider")]
    coming = [one for one in online if one["status"] in paying.WAITED_FOR]
    on_its_way = sum(from_text(one["amount"], currency) for one in coming)
    return max(from_text(order["payment"]["due"], currency) - on_its_way, 0)


def open_checkout(provider: Provider, order_id: str, shown: Shown, sells: bool) -> str:
    """The address of the page on which an order is paid.

    Raises Conflict where nothing is to be paid, Unreachable and Refused.
    """
    for _ in range(_TRIES):
        row = _entered(provider, order_id, sells)
        if row["url"]:
            return str(row["url"])
        try:
            checkout = provider.open(_wanted(row, shown))
        except Refused:
            with log.transaction() as tx:
                _set(tx, row["id"], is_closed=True)  # the next try is a page with another key
            raise
        except AlreadyAsked as error:
            return _of_another_request(row["id"], error)
        if _answered(provider, row, checkout, sells):
            return checkout.url
    raise Unreachable("is slower than what is due changes")


def _answered(provider: Provider, row: Json, checkout: Checkout, sells: bool) -> bool:
    """Whether the page is for what is due still; those that are not for it are closed.

    The provider may have taken its time, and another request have opened the right page meanwhile.
    """
    with log.transaction() as tx:
        order = commands.hold(tx, row["order_id"]).snapshot()
        due = (payable(order, sells), order["currency"])
        is_right = due == (row["amount"], row["currency"])
        address = {"url": checkout.url} if is_right else {}
        _set(tx, row["id"], reference=checkout.reference, **address)
        wrong = _others(tx, row) if is_right else [(row["id"], checkout.reference)]
    _close(provider, wrong)
    return is_right


def _entered(provider: Provider, order_id: str, sells: bool) -> Json:
    """The row of the page that is open for what is due, or of a new one."""
    with log.transaction() as tx:
        held = commands.hold(tx, order_id)
        order = held.snapshot()
        amount, currency = payable(order, sells), str(order["currency"])
        if not provider.takes(amount, currency):
            raise Conflict("There is nothing to be paid online of this order now.")
        now = clock.now()
        found = _open_page(tx, provider.name, order_id, amount)
        if found is None:
            found = {
                "id": f"{KEYS}{ULID()}",
                "order_id": order_id,
                "provider": provider.name,
                "amount": amount,
                "currency": currency,
                "url": None,
                "until": now + LIFE,
                "is_closed": False,
            }
            tx.execute(sa.insert(_checkouts), found)
        return found


def _open_page(tx: Transaction, provider: str, order_id: str, amount: int) -> Json | None:
    mine = (_checkouts.c.order_id == order_id) & (_checkouts.c.provider == provider)
    alive = (_checkouts.c.until > clock.now() + _LEFT) & ~_checkouts.c.is_closed
    same = (_checkouts.c.amount == amount) & _checkouts.c.payment.is_(None)
    some = sa.select(_checkouts).where(mine, alive, same).order_by(_checkouts.c.until.desc())
    row = tx.execute(some.limit(1)).mappings().first()
    return dict(row) if row else None


def _wanted(row: Json, shown: Shown) -> Wanted:
    return Wanted(
        key=row["id"],
        amount=row["amount"],
        currency=row["currency"],
        title=shown.title,
        paid_url=f"{shown.page}?payment=made",
        left_url=shown.page,
        until=row["until"],
    )


def _of_another_request(key: str, error: AlreadyAsked) -> str:
    """The address that another request got meanwhile. Raises the error if there is none."""
    until = time.monotonic() + _OTHERS_ANSWER
    while time.monotonic() < until:
        with reading() as connection:
            mine = sa.select(_checkouts.c.url).where(_checkouts.c.id == key)
            if url := connection.execute(mine).scalar():
                return str(url)
        time.sleep(0.1)
    raise error


def _others(tx: Transaction, row: Json) -> list[tuple[str, str]]:
    """The open pages for other amounts: key and reference."""
    others = (_checkouts.c.order_id == row["order_id"]) & (_checkouts.c.id != row["id"])
    theirs = (_checkouts.c.provider == row["provider"]) & _checkouts.c.reference.is_not(None)
    still = _checkouts.c.payment.is_(None) & ~_checkouts.c.is_closed
    some = sa.select(_checkouts.c.id, _checkouts.c.reference).where(others, theirs, still)
    return [(found.id, found.reference) for found in tx.execute(some)]


def _close(provider: Provider, pages: Sequence[tuple[str, str]]) -> None:
    """Have pages closed, that nobody pays twice. What cannot be closed stays: what is paid there
    is recorded as it is.
    """
    for key, reference in pages:
        try:
            provider.close(reference)
        except (Unreachable, Refused):
            continue
        with log.transaction() as tx:
            _set(tx, key, is_closed=True)


def _set(tx: Transaction, key: str, **values: Any) -> None:
    tx.execute(sa.update(_checkouts).where(_checkouts.c.id == key).values(**values))
