"""The tables of customers. Amounts are whole minor units of their currency."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from orderboard.database import UTCDateTime, db


class Customer(db.Model):  # type: ignore[name-defined,misc]
    """Somebody who has ordered; ``key`` is what makes orders one customer's.

    Name and contact data are those of the newest order. ``public_id`` says nothing of the person,
    so it can stand in addresses.
    """

    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(40))
    key: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    company: Mapped[str | None] = mapped_column(sa.String(200))
    email: Mapped[str | None] = mapped_column(sa.String(254))
    phone: Mapped[str | None] = mapped_column(sa.String(40))
    orders: Mapped[int] = mapped_column(sa.Integer)
    first_seen: Mapped[datetime] = mapped_column(UTCDateTime)
    last_seen: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (
        sa.Index("uq_customers_public_id", "public_id", unique=True),
        sa.Index("ix_customers_last_seen", "last_seen", "id"),
        sa.Index("ix_customers_orders", "orders", "id"),
    )


class CustomerAlias(db.Model):  # type: ignore[name-defined,misc]
    """Another key of a customer, whose orders were another's until the two were merged."""

    __tablename__ = "customer_aliases"

    key: Mapped[str] = mapped_column(sa.String(254), primary_key=True)
    customer_id: Mapped[int] = mapped_column(sa.Integer, index=True)


class CustomerText(db.Model):  # type: ignore[name-defined,misc]
    """What a search for a customer looks through."""

    __tablename__ = "customer_search"

    customer_id: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(sa.Text)


class CustomerErasure(db.Model):  # type: ignore[name-defined,misc]
    """A wish to have a person forgotten, until that is done.

    ``name`` stands in the place of the person's; ``position``: of the log when it was wished.
    """

    __tablename__ = "customer_erasures"

    public_id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    keys: Mapped[list[str]] = mapped_column(sa.JSON)
    name: Mapped[str] = mapped_column(sa.String(200))
    position: Mapped[int] = mapped_column(sa.BigInteger)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_by: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class CustomerSum(db.Model):  # type: ignore[name-defined,misc]
    """What a customer's orders in one currency come to; some may bring no revenue."""

    __tablename__ = "customer_sums"

    customer_id: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    currency: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    orders: Mapped[int] = mapped_column(sa.Integer)
    revenue: Mapped[int] = mapped_column(sa.BigInteger)

    __table_args__ = (
        sa.Index("ix_customer_sums_revenue", "currency", "revenue", "customer_id"),
        {"sqlite_with_rowid": False},
    )


class CustomerOrder(db.Model):  # type: ignore[name-defined,misc]
    """Whose an order is, and what of it is in the sums. So an order can be taken in again."""

    __tablename__ = "customer_orders"

    number: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    customer_id: Mapped[int] = mapped_column(sa.Integer)
    currency: Mapped[str] = mapped_column(sa.String(3))
    revenue: Mapped[int] = mapped_column(sa.BigInteger)
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (sa.Index("ix_customer_orders_customer", "customer_id", "at", "number"),)
