"""A new order as somebody places it, and what it gets at its birth. Pure, but for chance."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from ulid import ULID

from orderboard import clock

Json = dict[str, Any]


_WAITS = ("pending", "on_hold")


@dataclass(slots=True, kw_only=True)  # frozen ones take three times as long to be made
class NewOrder:
    """An order as somebody places it, which nobody changes. Amounts are decimals in units of the
    currency.
    """

    customer: Json
    currency: str
    type: str = "purchase"
    items: Sequence[Json] = ()
    shipping: Decimal | None = None
    tax: Decimal | None = None
    taxes: Sequence[Json] = ()
    tax_included: bool = False
    fees: Sequence[Json] = ()
    tip: Decimal | None = None
    discount: Decimal | None = None
    discounts: Sequence[Json] = ()
    rounding: Decimal | None = None
    address: Json | None = None
    billing_address: Json | None = None
    fulfilment: Json | None = None
    shipments: Sequence[Json] = ()
    payment_method: str = "none"
    payments: Sequence[Json] = ()
    note: str | None = None
    channel: str | None = None
    display_number: str | None = None
    tags: Sequence[str] = ()
    metadata: Mapping[str, str] | None = None
    locale: str | None = None
    external_id: str | None = None
    related_order: str | None = None
    placed_at: datetime | None = None
    status: str | None = None
    times: Mapping[str, datetime] | None = None

    @property
    def happened_elsewhere(self) -> bool:
        """Whether it says when it was placed or how far it has come."""
        return self.placed_at is not None or self.status is not None or self.times is not None

    @property
    def may_be_over(self) -> bool:
        """Whether what was wanted by a time may have happened: not while it only waits."""
        return self.happened_elsewhere and (
            self.placed_at is not None or self.times is not None or self.status not in _WAITS
        )


class Birth(NamedTuple):
    """When an order is placed, and what nobody can guess: its id and the token of its link."""

    moment: datetime
    id: str
    track_token: str

    @classmethod
    def now(cls) -> "Birth":
        """Of an order that is placed now."""
        return cls(clock.now(), f"ord_{ULID()}", secrets.token_urlsafe(16))
