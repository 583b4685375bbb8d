"""Money goes back by its provider: a consumer notes what is to go, a chore of the courier asks.

The provider is asked in a thread and outside of any transaction, with a key that it gives money
back for only once: whatever is killed or lost in between is asked again.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from orderboard import clock
from orderboard.consumers.consumer import Consumer
from orderboard.database import reading
from orderboard.events import log
from orderboard.events.event import Actor, Event
from orderboard.events.log import Transaction
from orderboard.money import from_text
from orderboard.online.model import CheckoutRow, TransferRow
from orderboard.online.provider import Provider, Refused, Returned, Unreachable
from orderboard.orders import commands, payments
from orderboard.orders.events import REFUND_MADE, REFUNDS

Json = dict[str, Any]
logger = logging.getLogger(__name__)
PATIENCE = timedelta(hours=12)
"""For how long a provider is asked again. Stripe knows a key for a day: later it pays twice."""
_LONGEST_PAUSE = 3600.0
_LOOK, _LATER = 0.05, 1.0
"""Seconds to the next look: while the provider is asked, and when there is nothing to ask."""
_WAITING = "waiting"
_LOOK_THERE = "look there whether it went back."
_checkouts, _transfers = CheckoutRow.__table__, TransferRow.__table__
_paid_at = (_checkouts.c.order_id == _transfers.c.order_id) & (
    _checkouts.c.entry == _transfers.c.entry
)


def note(tx: Transaction, events: Sequence[Event]) -> None:
    """Note what is to go back of refunds that were made; what is noted already stays as it is."""
    for event in events:
        order = event.data or {"refunds": [{}]}
        for transfer in order["refunds"][-1].get("transfers", ()):
            mine = sa.select(_transfers.c.id).where(_transfers.c.id == transfer["id"])
            if not tx.execute(mine).first():
                tx.execute(sa.insert(_transfers), _row(order, transfer, clock.now()))


CONSUMER = Consumer(
    name="refunds", apply=note, topic=REFUNDS, kinds=frozenset({REFUND_MADE.name}), gather=1.0
)


def _row(order: Json, transfer: Json, now: datetime) -> Json:
    return {
        "id": transfer["id"],
        "order_id": order["id"],
        "entry": transfer["payment"],
        "amount": from_text(transfer["amount"], order["currency"]),
        "currency": order["currency"],
        "status": _WAITING,
        "tries": 0,
        "due": now,
        "until": now + PATIENCE,
    }


class Sender:
    """The chore: each call takes one small step and answers the seconds to the next.

    Without a provider it gives up what waits for one that was removed.
    """

    def __init__(self, provider: Provider | None) -> None:
        self._provider = provider
        self._title = provider.title if provider else "Courier"
        self._row: Json = {}
        self._question: _Question | None = None

    def __call__(self) -> float:
        """Ask for the next transfer that is due, or write down what became of the one before."""
        if self._question is None:
            return self._begin()
        if self._question.is_alive():
            return _LOOK
        self._finish(self._question.outcome)
        self._question = None
        return _LOOK

    def _begin(self) -> float:
        row = _next_due()
        if row is None:
            return _LATER
        provider = self._provider
        if provider is None or row["payment"] is None or row["provider"] != provider.name:
            self._give_up(row["id"], _removed(row["provider"]))
            return _LOOK
        # Also of what was never seen to be asked: it may have been, by a machine that died then.
        if clock.now() >= row["until"]:
            self._give_up(
                row["id"], f"{provider.title} could not be reached in time; {_LOOK_THERE}"
            )
            return _LOOK
        self._row = row
        self._question = _Question(
            lambda: provider.give_back(row["payment"], row["amount"], row["currency"], row["id"])
        )
        self._question.start()
        return _LOOK

    def _give_up(self, key: str, reason: str) -> None:
        settle(self._title, key, "failed", None, reason, only_waiting=True)

    def _finish(self, outcome: Returned | Exception) -> None:
        key = self._row["id"]
        match outcome:
            case Returned():
                settle(self._title, key, outcome.status, outcome.reference)
            case Refused():
                self._give_up(key, str(outcome))
            case _:
                self._postpone(outcome)

    def _postpone(self, error: Exception) -> None:
        expected = isinstance(error, Unreachable)
        logger.warning("a refund waits: %s", error, exc_info=None if expected else error)
        row = self._row
        pause = timedelta(seconds=min(2.0 ** min(row["tries"], 12), _LONGEST_PAUSE))
        values = {"tries": row["tries"] + 1, "due": min(clock.now() + pause, row["until"])}
        with log.transaction() as tx:
            mine = sa.update(_transfers).where(_transfers.c.id == row["id"])
            tx.execute(mine.values(**values))


def _removed(name: str | None) -> str:
    """Why a provider is not asked that is not set up (any more)."""
    if name is None:
        return "It is not known by whom it was paid; it goes back by hand."
    return f"{name.title()} is not set up any more: {_LOOK_THERE} If not, it goes back by hand."


class _Question(threading.Thread):
    """A question to a provider; it does not keep the courier from ending."""

    def __init__(self, ask: Callable[[], Returned]) -> None:
        super().__init__(name="refund", daemon=True)
        self._ask = ask
        self.outcome: Returned | Exception = Unreachable("was not asked")

    def run(self) -> None:
        """Ask, and keep what comes of it."""
        try:
            self.outcome = self._ask()
        except Exception as error:  # noqa: BLE001 - whoever started it looks at it
            self.outcome = error


def _next_due() -> Json | None:
    due = (_transfers.c.status == _WAITING) & (_transfers.c.due <= clock.now())
    some = sa.select(_transfers, _checkouts.c.payment, _checkouts.c.provider)
    first = some.outerjoin(_checkouts, _paid_at).where(due).order_by(_transfers.c.due).limit(1)
    with reading() as connection:
        row = connection.execute(first).mappings().first()
        return dict(row) if row else None


def record_return(provider: Provider, told: Returned) -> bool:
    """Record how a refund is doing that the provider tells of; answers whether it is ours."""
    by_name = _transfers.c.reference == told.reference
    mine = by_name if told.key is None else by_name | (_transfers.c.id == told.key)
    with reading() as connection:
        key = connection.execute(sa.select(_transfers.c.id).where(mine)).scalar()
    if key is None:
        return False
    reason = None if told.status != "failed" else "The bank did not take it."
    settle(provider.title, key, told.status, told.reference, reason)
    return True


def settle(
    title: str,
    key: str,
    status: str,
    reference: str | None,
    reason: str | None = None,
    *,
    only_waiting: bool = False,
) -> None:
    """Write down how a transfer is doing, with its order. What has failed does not come back, and
    what is done is not under way again, in whichever order that is told.

    ``title``: of whoever says so. ``only_waiting``: unless something was told of it meanwhile.
    """
    with log.transaction() as tx:
        mine = _transfers.c.id == key
        order_id = tx.execute(sa.select(_transfers.c.order_id).where(mine)).scalar_one()
        held = commands.hold(tx, order_id)
        before = tx.execute(sa.select(_transfers.c.status).where(mine)).scalar_one()
        if before == "failed" or (before == "succeeded" and status == "pending"):
            return
        if only_waiting and before != _WAITING:
            return
        values = {"status": status, **({"reference": reference} if reference else {})}
        tx.execute(sa.update(_transfers).where(mine).values(**values))
        actor = Actor("system", title)
        payments.settle_transfer(tx, held, key, status, reason, actor)
