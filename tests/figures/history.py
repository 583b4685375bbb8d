"""A random history of a shop: orders placed, moved, edited, cancelled, one after the other."""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from random import Random
from typing import Any

from orderboard.errors import Conflict, IllegalMove, Invalid
from orderboard.events import log
from orderboard.events.event import Actor
from orderboard.orders import commands, editing, payments, rules
from orderboard.orders.commands import Held
from orderboard.orders.new_order import NewOrder
from orderboard.orders.placing import place

Json = dict[str, Any]
STAFF = Actor("staff", "Ada")
_PEOPLE = ("Ada", "Bo", "Cy", "ADA", "Dee")
_SKUS = ("tea", "cup", "pot", None)


class History:
    """What happens in a shop, drawn from a seed. Needs the app's context."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.ids: list[str] = []

    def go_on(self, steps: int) -> None:
        """Let so many things happen."""
        for _ in range(steps):
            self.step()

    def step(self) -> None:
        """Let one thing happen; what the rules forbid does not."""
        if not self.ids or self.dice.random() < 0.35:
            self._place()
            return
        do = self.dice.choice(
            (self._move, self._move, self._edit, self._wish, self._answer, self._money)
        )
        with log.transaction() as tx:
            held = commands.hold(tx, self.dice.choice(self.ids))
            with suppress(Conflict, IllegalMove, Invalid):
                do(tx, held)

    def _place(self) -> None:
        with log.transaction() as tx:
            for _ in range(self.dice.choice((1, 1, 3))):
                self.ids.append(place(tx, self._new(), STAFF, self.dice.choice("ab"))["id"])

    def _new(self) -> NewOrder:
        return NewOrder(
            customer=self._customer(),
            currency=self.dice.choice(("EUR", "JPY", "KWD")),
            type=self.dice.choice(rules.TYPES),
            items=self._items(),
        )

    def _customer(self) -> Json:
        name = self.dice.choice(_PEOPLE)
        more: list[Callable[[], Json]] = [
            dict,
            lambda: {"email": f"{name}@x.example"},
            lambda: {"phone": "+49 30 1"},
        ]
        return {"name": name, **self.dice.choice(more)()}

    def _items(self) -> list[Json]:
        return [
            {
                "sku": self.dice.choice(_SKUS),
                "name": "a thing",
                "quantity": 1000 * self.dice.randint(1, 3),
                "unit_price": Decimal(self.dice.randint(0, 20)),
            }
            for _ in range(self.dice.randint(0, 3))
        ]

    def _move(self, tx: log.Transaction, held: Held) -> None:
        allowed = rules.MOVES[held.row["status"]]
        if allowed:
            commands.move(tx, held, self.dice.choice(allowed), "because", STAFF)

    def _edit(self, tx: log.Transaction, held: Held) -> None:
        changes: Json = {"customer": self._customer(), "items": self._items(), "note": "new"}
        name = self.dice.choice(list(changes))
        editing.edit(tx, held, {name: changes[name]}, STAFF)

    def _money(self, tx: log.Transaction, held: Held) -> None:
        amount = Decimal(self.dice.randint(1, 30))
        if self.dice.random() < 0.2:
            said = self.dice.choice(rules.PAYMENT_STATUSES)
            editing.edit(tx, held, {"payment_status": said}, STAFF)
        elif self.dice.random() < 0.5:
            payments.add_payment(tx, held, {"method": "card", "amount": amount}, STAFF)
        else:
            payments.refund(tx, held, {"amount": amount, "reason": "because"}, STAFF)

    def _wish(self, tx: log.Transaction, held: Held) -> None:
        commands.cancel_as_customer(tx, held, "changed my mind", Actor("customer", "x"))

    def _answer(self, tx: log.Transaction, held: Held) -> None:
        commands.answer_cancellation(tx, held, self.dice.random() < 0.5, None, STAFF)
