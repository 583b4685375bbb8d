"""The tables of products. Prices are whole minor units, stock is in thousandths of a unit."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from orderboard.database import UTCDateTime, db


class Product(db.Model):  # type: ignore[name-defined,misc]
    """Something that can be ordered.

    ``stock`` is what is in the shop, what is promised to orders (``reserved``) included; null
    where it is not counted. ``sort_name`` is the name as lists are sorted, ``text`` what a search
    looks through. ``version`` counts what people changed, ``revision`` what orders did to the stock
    as well.
    """

    __tablename__ = "products"

    sku: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(500))
    description: Mapped[str | None] = mapped_column(sa.Text)
    category: Mapped[str | None] = mapped_column(sa.String(100))
    price: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3))
    tax_rate: Mapped[str | None] = mapped_column(sa.String(10))
    options: Mapped[list[Any]] = mapped_column(sa.JSON)
    image: Mapped[str | None] = mapped_column(sa.String(500))
    stock: Mapped[int | None] = mapped_column(sa.BigInteger)
    reserved: Mapped[int] = mapped_column(sa.BigInteger)
    reorder_level: Mapped[int] = mapped_column(sa.BigInteger)
    active: Mapped[bool] = mapped_column(sa.Boolean)
    sort_name: Mapped[str] = mapped_column(sa.String(500))
    text: Mapped[str] = mapped_column(sa.Text)
    version: Mapped[int] = mapped_column(sa.Integer)
    revision: Mapped[int] = mapped_column(sa.Integer)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_by_kind: Mapped[str] = mapped_column(sa.String(16))
    updated_by_name: Mapped[str | None] = mapped_column(sa.String(200))

    __table_args__ = (
        sa.Index("ix_products_sort_name", "sort_name", "sku"),
        sa.Index("ix_products_category", "category", "sort_name", "sku"),
    )


class ProductPicture(db.Model):  # type: ignore[name-defined,misc]
    """A picture as it is sent to browsers. ``digest`` names its bytes, which products may share."""

    __tablename__ = "product_pictures"

    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    media: Mapped[str] = mapped_column(sa.String(40))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)


class StockHold(db.Model):  # type: ignore[name-defined,misc]
    """How much of a product an order was promised; ``taken`` once it has left the shop.

    ``given_back``: the order came to nothing, and this is kept so that an undo takes it again.
    """

    __tablename__ = "stock_holds"

    order_id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    sku: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    quantity: Mapped[int] = mapped_column(sa.BigInteger)
    taken: Mapped[bool] = mapped_column(sa.Boolean)
    given_back: Mapped[bool] = mapped_column(sa.Boolean, server_default=sa.false())

    __table_args__ = ({"sqlite_with_rowid": False},)
