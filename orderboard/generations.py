"""Tables with several generations of rows, one of which is in force: the others are removed.

Each table's primary key begins with ``generation``. So neither finding them nor removing a piece
reads the rows of the one in force, however many these are.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from orderboard.database import reading
from orderboard.events import log

_PIECE = 500


def remove_others(tables: Sequence[sa.Table], current: int) -> None:
    """Remove the rows of every generation but this one, in pieces."""
    for table in tables:
        for old in _generations_in(table):
            if old != current:
                _remove(table, old)


def _generations_in(table: sa.Table) -> list[int]:
    """From each generation to the next higher one."""
    of = table.c.generation
    higher = sa.select(sa.func.min(of)).where(of > sa.bindparam("last"))
    found = [-1]
    with reading() as connection:
        while (next_ := connection.execute(higher, {"last": found[-1]}).scalar()) is not None:
            found.append(next_)
    return found[1:]


def _remove(table: sa.Table, generation: int) -> None:
    gone = True
    while gone:
        with log.transaction() as tx:
            gone = tx.execute(_removal(table, generation)).rowcount > 0


def _removal(table: sa.Table, generation: int) -> sa.Delete:
    key = list(table.primary_key.columns)
    some = sa.select(*key).where(table.c.generation == generation).limit(_PIECE)
    return sa.delete(table).where(sa.tuple_(*key).in_(some))
