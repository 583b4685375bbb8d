"""What a provider of online payments does for the shop, whichever it is.

Amounts are in minor units of their currency, as everywhere in the house; what a provider counts in
is its own file's concern. Each method that asks the provider raises Unreachable or Refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from orderboard.errors import OrderboardError

KEYS = "chk_"
"""What the keys of our pages begin with; a provider's account may serve others beside us."""


class Unreachable(OrderboardError):
    """The provider does not answer, or not now; asking again with the same key is right."""


class AlreadyAsked(Unreachable):
    """Another request with the same key is under way."""


class Refused(OrderboardError):
    """The provider will not do it, however often it is asked; the text is its reason."""


class NotUnderstood(Unreachable):
    """What came from the provider is not what its documentation says."""


class BadSignature(OrderboardError):
    """What came to the webhook is not from the provider, or is too old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be paid. ``key``: the same one never makes a second page.

    ``paid_url`` and ``left_url``: where the customer goes on who has paid, or has thought better.
    """

    key: str
    amount: int
    currency: str
    title: str
    paid_url: str
    left_url: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Checkout:
    """A page of the provider's on which that is paid: its name there, and its address."""

    reference: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """Somebody paid: on which page (by its name there, and by the key it was opened with).

    ``status``: ``paid``, or ``pending`` while a bank takes its time, and then perhaps ``failed``.
    """

    checkout: str
    key: str | None
    payment: str
    amount: int
    currency: str
    status: str = "paid"


@dataclass(frozen=True, slots=True)
class Returned:
    """How money that goes back is doing: ``pending``, ``succeeded`` or ``failed``.

    ``key`` is the one it was asked with, where the provider tells it.
    """

    reference: str
    status: str
    key: str | None = None


def is_ours(key: str | None) -> bool:
    """Whether a page with this key was opened by us, or at least by one like us."""
    return key is not None and key.startswith(KEYS)


class Provider(Protocol):
    """One provider, with the shop's key to it."""

    @property
    def name(self) -> str:
        """What it is called in settings and records."""

    @property
    def title(self) -> str:
        """What it is called by people."""

    def takes(self, amount: int, currency: str) -> bool:
        """Whether exactly this amount can be paid there."""

    def open(self, wanted: Wanted) -> Checkout:
        """Make a page on which it is paid."""

    def close(self, reference: str) -> None:
        """Have nobody pay on that page any more."""

    def give_back(self, payment: str, amount: int, currency: str, key: str) -> Returned:
        """Give back some of a payment; the same key never gives it twice."""

    def read(
        self, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> Paid | Returned | None:
        """What the provider tells by its webhook; None is nothing that concerns the shop.

        Strict only about what is ours: what is not taken is told again for days, and a provider
        that is refused too often tells nothing any more.

        Raises BadSignature and NotUnderstood.
        """
