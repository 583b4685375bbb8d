"""The index of the search for customers: kept in the transactions that keep their records."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from orderboard.customers.model import CustomerText
from orderboard.events.log import Transaction

_texts = CustomerText.__table__
_index = sa.text("INSERT INTO customer_grams (rowid, text) VALUES (:of, :now)")
_unindex = sa.text(
    "INSERT INTO customer_grams (customer_grams, rowid, text) VALUES ('delete', :of, :was)"
)
_change = sa.update(_texts).where(_texts.c.customer_id == sa.bindparam("of"))
_change = _change.values(text=sa.bindparam("now"))
_insert = sa.insert(_texts).values(customer_id=sa.bindparam("of"), text=sa.bindparam("now"))

_some = sa.select(_texts).where(_texts.c.customer_id.in_(sa.bindparam("ids", expanding=True)))


def put(tx: Transaction, texts: Mapping[int, str]) -> None:
    """Have customers found by these texts, and by nothing else."""
    known = _known(tx, texts)
    other = {n: text for n, text in texts.items() if n in known and known[n] != text}
    new = {n: text for n, text in texts.items() if n not in known}
    _take_out(tx, {n: known[n] for n in other})
    for statement, some in ((_change, other), (_insert, new)):
        rows = [{"of": n, "now": text} for n, text in some.items()]
        if rows:
            tx.execute(statement, rows)
        if rows and _by_fts5(tx):
            tx.execute(_index, rows)


def remove(tx: Transaction, customer_ids: Collection[int]) -> None:
    """Have these customers found by nothing any more."""
    _take_out(tx, _known(tx, customer_ids))
    tx.execute(sa.delete(_texts).where(_texts.c.customer_id.in_(customer_ids)))


def _known(tx: Transaction, customer_ids: Collection[int]) -> dict[int, str]:
    return {row.customer_id: row.text for row in tx.execute(_some, {"ids": [*customer_ids]})}


def _take_out(tx: Transaction, known: Mapping[int, str]) -> None:
    if known and _by_fts5(tx):
        tx.execute(_unindex, [{"of": n, "was": text} for n, text in known.items()])


def _by_fts5(tx: Transaction) -> bool:
    return bool(tx.connection.dialect.name == "sqlite")
