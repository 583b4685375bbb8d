"""Reading discount codes."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from orderboard.database import reading
from orderboard.discounts.model import DiscountCode
from orderboard.discounts.snapshot import snapshot

Json = dict[str, Any]
_codes = DiscountCode.__table__
_any = sa.select(sa.exists().where(_codes.c.active))
_one = sa.select(_codes).where(_codes.c.code == sa.bindparam("of_code"))


def everything() -> list[Json]:
    """All codes: those that can be used first, then by code."""
    with reading() as connection:
        statement = sa.select(_codes).order_by(_codes.c.active.desc(), _codes.c.code)
        return [snapshot(dict(row)) for row in connection.execute(statement).mappings()]


def any_in_force() -> bool:
    """Whether customers have any use for a field to type a code into."""
    with reading() as connection:
        return bool(connection.execute(_any).scalar())


def row_of(connection: Connection, code: str) -> Json | None:
    """The row of a code, in whatever case it is typed."""
    row = connection.execute(_one, {"of_code": code.strip().upper()}).mappings().first()
    return dict(row) if row else None
