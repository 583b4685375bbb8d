"""What is sold, read for an order that is placed now."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from orderboard.catalogue.model import Product
from orderboard.database import reading
from orderboard.events.log import Transaction
from orderboard.statements import Statement

Json = dict[str, Any]
_products = Product.__table__
_any = Statement(sa.select(sa.text("EXISTS (SELECT 1 FROM products WHERE active)")))
_these = sa.select(_products).where(_products.c.sku.in_(sa.bindparam("skus", expanding=True)))


def is_shop(tx: Transaction) -> bool:
    """Whether anything is sold."""
    return bool(tx.run(_any, {})[0][0])


def is_open() -> bool:
    """The same, for a page."""
    with reading() as connection:
        return bool(_any.run(connection, {})[0][0])


def rows_of(tx: Transaction, skus: Iterable[str]) -> dict[str, Json]:
    """The rows of those products that there are, sold or not."""
    wanted = {"skus": sorted(set(skus))}
    return {row["sku"]: dict(row) for row in tx.execute(_these, wanted).mappings()}
