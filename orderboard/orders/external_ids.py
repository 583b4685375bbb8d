"""External ids: what an order is called by whoever sent it, unique for its source."""

from collections.abc import Sequence

import sqlalchemy as sa

from orderboard.database import reading
from orderboard.errors import Conflict
from orderboard.events.log import Transaction
from orderboard.orders.model import STRANGERS, Order
from orderboard.statements import Statement

_orders = Order.__table__
_NO_STRANGERS = _orders.c.source != sa.literal_column(f"'{STRANGERS}'")
"""Said in the words of the index, without which SQLite would not use it."""
_with_external_id = Statement(
    sa.select(_orders.c.id).where(
        _orders.c.source == sa.bindparam("source"),
        _orders.c.external_id == sa.bindparam("external_id"),
        _NO_STRANGERS,
    )
)


class ExternalIds:
    """The external ids of a source, also those of orders that are about to be inserted."""

    def __init__(self, tx: Transaction, source: str) -> None:
        self._tx, self._source = tx, source
        self._taken: dict[str, str] = {}
        self._locked = False

    def check(self, external_id: str | None) -> None:
        """Raise Conflict for one that the source has used. Strangers share none."""
        if external_id is None or self._source == STRANGERS:
            return
        first = self._taken.get(external_id) or self._placed_before(external_id)
        if first:
            raise Conflict("This source has placed an order with this external_id.", order_id=first)

    def take(self, external_id: str | None, order_id: str) -> None:
        """It is an order's now."""
        if external_id is not None and self._source != STRANGERS:
            self._taken[external_id] = order_id

    def _placed_before(self, external_id: str) -> str | None:
        if not self._locked:
            # Two batches with the same ids in another order would each wait for the other's rows.
            self._tx.alone()
            self._locked = True
        mine = {"source": self._source, "external_id": external_id}
        found = self._tx.run(_with_external_id, mine)
        return found[0][0] if found else None


def known(source: str, external_ids: Sequence[str]) -> frozenset[str]:
    """Which of these external_ids the source has placed orders with."""
    if not external_ids:
        return frozenset()
    theirs = (_orders.c.source == source) & _orders.c.external_id.in_(external_ids)
    with reading() as connection:
        found = connection.execute(sa.select(_orders.c.external_id).where(theirs, _NO_STRANGERS))
        return frozenset(found.scalars())
