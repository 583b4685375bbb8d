"""The tables of the analytics.

Each row belongs to a generation. The one that is in force is what people read; ``orderboard
rebuild analytics`` makes the next one beside it and then changes over.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from orderboard.database import db


class AnalyticsGeneration(db.Model):  # type: ignore[name-defined,misc]
    """A set of sums. ``zone`` is the time zone of its hours and days, null for the shop's."""

    __tablename__ = "analytics_generations"

    id: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    zone: Mapped[str | None] = mapped_column(sa.String(64))
    is_current: Mapped[bool] = mapped_column(sa.Boolean)


class AnalyticsCell(db.Model):  # type: ignore[name-defined,misc]
    """A sum over the orders that were placed in an hour, a day or a month (``grain``, ``start``:
    see ``periods``) and are alike in one thing: ``kind`` says in what, ``key`` how.

    ``extra`` is what was refunded, and of products the thousandths that were sold.
    """

    __tablename__ = "analytics_cells"

    generation: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    grain: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    start: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(sa.String(210), primary_key=True)
    currency: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    orders: Mapped[int] = mapped_column(sa.BigInteger)
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    extra: Mapped[int] = mapped_column(sa.BigInteger)

    __table_args__ = ({"sqlite_with_rowid": False},)


class AnalyticsOrder(db.Model):  # type: ignore[name-defined,misc]
    """What of an order is in the sums, so that it can be taken out again."""

    __tablename__ = "analytics_orders"

    generation: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    hour: Mapped[int] = mapped_column(sa.Integer)
    facts: Mapped[str] = mapped_column(sa.Text)

    __table_args__ = ({"sqlite_with_rowid": False},)


class AnalyticsName(db.Model):  # type: ignore[name-defined,misc]
    """What a product was called when it was last ordered."""

    __tablename__ = "analytics_names"

    sku: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(500))

    __table_args__ = ({"sqlite_with_rowid": False},)
