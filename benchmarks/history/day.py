"""One day of a shop's past, as the rows of the product's tables. Pure.

What an order is, what is kept of an event and what figures it is part of the product's own
functions say. Only a move is written down here once more, for thousands of them a second.
"""

from base64 import b32encode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.history import world
from benchmarks.history.plan import ASSIGNED, Day
from orderboard.clock import rfc3339
from orderboard.demo.baskets import CURRENCY
from orderboard.events.event import Actor, Event
from orderboard.events.kinds import Kind
from orderboard.figures.delta import Delta
from orderboard.jsontext import dump
from orderboard.orders import events, lines, marked, placing, rules
from orderboard.orders.new_order import Birth, NewOrder
from orderboard.orders.searching import text_of
from orderboard.orders.snapshot import snapshot

Json = dict[str, Any]
_WAREHOUSE, _DISPATCH = Actor("staff", "Mira"), Actor("staff", "Teo")
_WEB, _SHOP = "web", "webshop"
_CONSTANTS = 4096
"""Parts of events that are kept for all orders that are alike."""
_REASONS = {
    "cancelled": "Ordered twice by mistake.",
    "declined": "Out of stock until next week.",
    "failed": "Nobody at home.",
    "on_hold": "Address to be confirmed.",
}

_CROCKFORD = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)
_ULID_PADDING = 4


@dataclass(slots=True)
class Rows:
    """What a day adds to the tables and to the figures."""

    orders: list[Json] = field(default_factory=list)
    lines: list[Json] = field(default_factory=list)
    events: list[Json] = field(default_factory=list)
    texts: list[Json] = field(default_factory=list)
    marks: list[Json] = field(default_factory=list)
    delta: Delta = field(default_factory=Delta)


@dataclass(frozen=True, slots=True)
class Shop:
    """What holds for all days. Up to the position ``thinned`` the log keeps no whole orders."""

    seed: int
    customers: int
    zone: str
    thinned: int


def rows_of(day: Day, shop: Shop) -> Rows:
    """Everything that a day's orders leave behind."""
    dice = Random(f"{shop.seed} orders {day.number}")
    rows, zone = Rows(), ZoneInfo(shop.zone)
    whole = day.first_position + 8 * len(day.stories) > shop.thinned
    for place, moments in enumerate(day.moments()):
        order = _Placed(dice, shop, day.first_order + place, moments[0], whole)
        for step, moment in zip(day.stories[place], moments[1:], strict=False):
            order.go_on(dice, step.what, moment)
        rows.orders.append(order.row)
        rows.lines += lines.rows_of(order.row["number"], order.lines)
        rows.events += order.events
        rows.texts.append({"number": order.row["number"], "text": text_of(order.data)})
        rows.marks += marked.rows_of(order.data)
        rows.delta.add(order.data, zone)
    rows.events.sort(key=itemgetter("at", "order_id"))
    for position, event in enumerate(rows.events, day.first_position):
        event["position"] = position
        if position <= shop.thinned:
            event["data"] = None
    return rows


class _Placed:
    """An order from its placing on. ``whole``: its events keep what it was then."""

    __slots__ = ("actor", "data", "driver", "events", "items", "lines", "row", "whole")

    def __init__(self, dice: Random, shop: Shop, number: int, at: datetime, whole: bool) -> None:
        chosen = dice.randrange(world.BASKETS)
        basket = world.baskets(shop.seed)[chosen]
        who = int(shop.customers * dice.random() ** 2)
        by_web = dice.random() < 0.6
        order = NewOrder(
            customer=world.customer(who),
            currency=CURRENCY,
            type=world.kind_of(dice, basket),
            address=world.address(who),
            payment_method="cod" if dice.random() < 0.3 else "online",
            external_id=None if by_web else f"wc-{number}",
        )
        self.actor = Actor("customer", order.customer["name"]) if by_web else Actor("script", _SHOP)
        source = _WEB if by_web else _SHOP
        self.row = placing.new_row(order, basket.priced, self.actor, source, _birth(dice, at))
        self.row["number"] = number
        self.lines, self.whole = basket.priced.lines, whole
        self.driver: Json | None = None
        self.items = _items(shop.seed, chosen, self.row)
        self.data = self._now()
        self.events: list[Json] = []
        self._record(events.CREATED, self.actor, at, {})

    def go_on(self, dice: Random, what: str, at: datetime) -> None:
        """Take the next step of its way."""
        if what == ASSIGNED:
            was: Json = {"driver": self.driver}
            self.driver = dice.choice(world.DRIVERS)
            self._change(events.UPDATED, _DISPATCH, at, {"driver_id": self.driver["id"]}, was)
        else:
            self._move(what, at)

    def _now(self) -> Json:
        # The items stay as they are, and to write them down takes longer than all the rest.
        return snapshot(self.row, (), self.driver) | {"items": self.items}

    def _move(self, status: str, at: datetime) -> None:
        row, reason = self.row, _REASONS.get(status)
        rules.check_move(row["status"], status)
        was = {"status": row["status"]}
        if row["cancel_reason"] != reason:
            was["cancel_reason"] = row["cancel_reason"]
        values = {
            "status": status,
            "times": {**row["times"], status: rfc3339(at)},
            "cancel_reason": reason,
        }
        by_customer = status == "cancelled" and row["version"] == 1
        actor = self.actor if by_customer else _DISPATCH if status == "failed" else _WAREHOUSE
        kind = events.CANCELLED if status == "cancelled" else events.UPDATED
        self._change(kind, actor, at, values, was)

    def _change(self, kind: Kind, actor: Actor, at: datetime, values: Json, was: Json) -> None:
        self.row.update(
            values,
            version=self.row["version"] + 1,
            updated_at=at,
            updated_by_kind=actor.kind,
            updated_by_name=actor.name,
        )
        # Of what is not kept only the figures, and who hears of it, depend on the changes.
        self.data = (
            self._now()
            if self.whole
            else self.data | {"status": self.row["status"], "driver": self.driver}
        )
        self._record(kind, actor, at, was)

    def _record(self, kind: Kind, actor: Actor, at: datetime, was: Json) -> None:
        self.events.append(
            {
                **_constants(kind.name, actor, tuple(was.items())),
                "at": at,
                "topics": " ".join(kind.heard_by(self.data, was)),
                "order_id": self.row["id"],
                "data": dump(self.data) if self.whole else None,
            }
        )


_known_items: dict[tuple[int, int], list[Json]] = {}


def _items(seed: int, basket: int, row: Json) -> list[Json]:
    """A basket's items as the product writes them down."""
    if (seed, basket) not in _known_items:
        lines = world.baskets(seed)[basket].priced.lines
        _known_items[seed, basket] = snapshot(row, lines, None)["items"]
    return _known_items[seed, basket]


@lru_cache(_CONSTANTS)
def _constants(kind: str, actor: Actor, was: tuple[tuple[str, Any], ...]) -> Json:
    """The row of an event, as far as it is the same for all orders to which that happens."""
    return Event(
        position=0,
        type=kind,
        at=rfc3339(datetime.fromtimestamp(0, UTC)),
        actor={"kind": actor.kind, "name": actor.name},
        changes=[name for name, _ in was],
        was=dict(was),
        topics=(),
    ).row()


def _birth(dice: Random, at: datetime) -> Birth:
    token = urlsafe_b64encode(dice.randbytes(16)).rstrip(b"=").decode()
    return Birth(at, f"ord_{_ulid(dice, at)}", token)


def _ulid(dice: Random, at: datetime) -> str:
    """What the library of that name makes, in less time: 26 characters of 5 bits."""
    moment = int(at.timestamp() * 1000).to_bytes(6 + _ULID_PADDING, "big")
    text = b32encode(moment + dice.randbytes(10))[-26:]
    return text.translate(_CROCKFORD).decode()
