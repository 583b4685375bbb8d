"""The tables of orders and their lines. Amounts are whole minor units of the order's currency."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from orderboard.database import UTCDateTime, db

STRANGERS = "web"
"""The source of orders from people about whom nothing is known. They share no external ids."""
_WAKES = sa.text("held_until IS NOT NULL")
_UNIQUE = f"external_id IS NOT NULL AND source <> '{STRANGERS}'"


def _sorted(column: str) -> Iterator[sa.Index]:
    """The indexes of a sort: of all orders, of each status and type, and of each driver's."""
    name, theirs = column.removesuffix("_at"), sa.text("driver_id IS NOT NULL")
    narrow = ("status", "type", column, "number")
    yield sa.Index(f"ix_orders_{name}", column, "number")
    yield sa.Index(f"ix_orders_status_{name}", *narrow)
    yield sa.Index(
        f"ix_orders_driver_{name}",
        "driver_id",
        *narrow,
        sqlite_where=theirs,
        postgresql_where=theirs,
    )


class Order(db.Model):  # type: ignore[name-defined,misc]
    """An order as it is now. How it came to be so stands in the log.

    ``details``: what only some orders have, as it is told (see ``snapshot``). ``lines_given``: how
    many lines it ever had, so that no line gets the id of another; null while those are the first.
    ``due_at``: what follows from the rest (see ``due``), kept to be sorted by.
    """

    __tablename__ = "orders"

    number: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    id: Mapped[str] = mapped_column(sa.String(40), unique=True)
    track_token: Mapped[str] = mapped_column(sa.String(40), unique=True)
    source: Mapped[str] = mapped_column(sa.String(100))
    external_id: Mapped[str | None] = mapped_column(sa.String(200))
    type: Mapped[str] = mapped_column(sa.String(16))
    status: Mapped[str] = mapped_column(sa.String(16))
    times: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    customer_name: Mapped[str] = mapped_column(sa.String(200))
    customer_company: Mapped[str | None] = mapped_column(sa.String(200))
    customer_email: Mapped[str | None] = mapped_column(sa.String(254))
    customer_phone: Mapped[str | None] = mapped_column(sa.String(40))
    customer_key: Mapped[str] = mapped_column(sa.String(254))
    currency: Mapped[str] = mapped_column(sa.String(3))
    subtotal: Mapped[int] = mapped_column(sa.BigInteger)
    shipping: Mapped[int] = mapped_column(sa.BigInteger)
    tax: Mapped[int] = mapped_column(sa.BigInteger)
    discount: Mapped[int] = mapped_column(sa.BigInteger)
    total: Mapped[int] = mapped_column(sa.BigInteger)
    address: Mapped[dict[str, object] | None] = mapped_column(sa.JSON(none_as_null=True))
    payment_method: Mapped[str] = mapped_column(sa.String(16))
    payment_status: Mapped[str] = mapped_column(sa.String(16))
    payments: Mapped[list[Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    refunds: Mapped[list[Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    details: Mapped[dict[str, object] | None] = mapped_column(sa.JSON(none_as_null=True))
    lines_given: Mapped[int | None] = mapped_column(sa.SmallInteger)
    note: Mapped[str | None] = mapped_column(sa.Text)
    related_order: Mapped[str | None] = mapped_column(sa.String(40))
    driver_id: Mapped[str | None] = mapped_column(sa.ForeignKey("drivers.id"))
    tracking: Mapped[dict[str, object] | None] = mapped_column(sa.JSON(none_as_null=True))
    place: Mapped[dict[str, object] | None] = mapped_column(sa.JSON(none_as_null=True))
    prints: Mapped[dict[str, object] | None] = mapped_column(sa.JSON(none_as_null=True))
    cancel_reason: Mapped[str | None] = mapped_column(sa.Text)
    cancellation_request: Mapped[dict[str, str] | None] = mapped_column(sa.JSON(none_as_null=True))
    held_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(sa.Integer)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_by_kind: Mapped[str] = mapped_column(sa.String(16))
    updated_by_name: Mapped[str | None] = mapped_column(sa.String(200))
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (
        sa.Index(
            "uq_orders_external_id",
            "source",
            "external_id",
            unique=True,
            sqlite_where=sa.text(_UNIQUE),
            postgresql_where=sa.text(_UNIQUE),
        ),
        sa.Index(
            "ix_orders_held_until", "held_until", sqlite_where=_WAKES, postgresql_where=_WAKES
        ),
        *_sorted("created_at"),
        *_sorted("updated_at"),
        *_sorted("total"),
        *_sorted("due_at"),
    )


class AcceptanceWatch(db.Model):  # type: ignore[name-defined,misc]
    """One row: up to which order it was seen to that those which nobody accepts are told of."""

    __tablename__ = "acceptance_watch"

    id: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    number: Mapped[int] = mapped_column(sa.Integer)


class WaitingAgain(db.Model):  # type: ignore[name-defined,misc]
    """An order that waits again to be accepted, as it was on hold, or by an undo.

    ``at``: since when; None when that is over or was told of.
    """

    __tablename__ = "waiting_again"

    order_id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class OrderText(db.Model):  # type: ignore[name-defined,misc]
    """What a search for an order looks through."""

    __tablename__ = "order_search"

    number: Mapped[int] = mapped_column(
        sa.ForeignKey("orders.number", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    text: Mapped[str] = mapped_column(sa.Text)


class OrderMark(db.Model):  # type: ignore[name-defined,misc]
    """Something that an order has and lists are narrowed by (see ``marks``)."""

    __tablename__ = "order_marks"

    mark: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    day: Mapped[date] = mapped_column(sa.Date, primary_key=True)
    number: Mapped[int] = mapped_column(
        sa.ForeignKey("orders.number", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )

    __table_args__ = ({"sqlite_with_rowid": False},)


class SearchState(db.Model):  # type: ignore[name-defined,misc]
    """One row: of which version the texts of all orders are, and how far they were made anew."""

    __tablename__ = "search_state"

    id: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(sa.Integer)
    reached: Mapped[int] = mapped_column(sa.Integer)


class OrderLine(db.Model):  # type: ignore[name-defined,misc]
    """One line of an order: so much of a thing at a price, less a discount on the line.

    ``line`` is what its id counts, null for that of its place. The quantity is ``quantity`` and so
    many ``thousandths``, the price ``unit_price`` and so many ``micros``, millionths of a minor
    unit; null is none. ``details``: what only some lines have, as it is told. A name may have 500
    characters; SQLite keeps to no length, and its tables say what the first version said.
    """

    __tablename__ = "order_lines"

    order_number: Mapped[int] = mapped_column(
        sa.ForeignKey("orders.number", ondelete="CASCADE"), primary_key=True
    )
    place: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    sku: Mapped[str | None] = mapped_column(sa.String(100))
    name: Mapped[str] = mapped_column(sa.String(300).with_variant(sa.String(500), "postgresql"))
    quantity: Mapped[int] = mapped_column(sa.Integer)
    unit_price: Mapped[int] = mapped_column(sa.BigInteger)
    discount: Mapped[int] = mapped_column(sa.BigInteger)
    line: Mapped[int | None] = mapped_column(sa.SmallInteger)
    thousandths: Mapped[int | None] = mapped_column(sa.SmallInteger)
    micros: Mapped[int | None] = mapped_column(sa.Integer)
    details: Mapped[dict[str, object] | None] = mapped_column(sa.JSON(none_as_null=True))
