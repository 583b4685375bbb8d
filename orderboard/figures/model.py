"""The tables of the figures.

Each row belongs to a generation. One generation is current: it is kept in each order's own
transaction. ``orderboard rebuild figures`` makes the next one beside it and then changes over.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from orderboard.database import db


class Generation(db.Model):  # type: ignore[name-defined,misc]
    """A set of figures. ``zone`` is the time zone of its days, null for the shop's at first."""

    __tablename__ = "figure_generations"

    id: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    zone: Mapped[str | None] = mapped_column(sa.String(64))
    is_current: Mapped[bool] = mapped_column(sa.Boolean)


class FigureRow(db.Model):  # type: ignore[name-defined,misc]
    """How many orders of a day (empty: of all days) are alike, and what they come to.

    ``refunded`` is what of that went back.
    """

    __tablename__ = "figures"

    generation: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    day: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    status: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    type: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    currency: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    channel: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    orders: Mapped[int] = mapped_column(sa.BigInteger)
    total: Mapped[int] = mapped_column(sa.BigInteger)
    refunded: Mapped[int] = mapped_column(sa.BigInteger, server_default=sa.text("0"))

    __table_args__ = ({"sqlite_with_rowid": False},)


class FigureKey(db.Model):  # type: ignore[name-defined,misc]
    """How often something that is counted once occurs: a customer, a product (``kind``)."""

    __tablename__ = "figure_keys"

    generation: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(254), primary_key=True)
    occurrences: Mapped[int] = mapped_column(sa.BigInteger)

    __table_args__ = ({"sqlite_with_rowid": False},)


class FigureCount(db.Model):  # type: ignore[name-defined,misc]
    """A number by name: ``customers``, ``products``, ``cancellation_requests``."""

    __tablename__ = "figure_counts"

    generation: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    value: Mapped[int] = mapped_column(sa.BigInteger)

    __table_args__ = ({"sqlite_with_rowid": False},)
