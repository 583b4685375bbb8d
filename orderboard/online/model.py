"""The tables of pages on which orders are paid, and of money that goes back by a provider."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from orderboard.database import UTCDateTime, db


class CheckoutRow(db.Model):  # type: ignore[name-defined,misc]
    """A page of a provider's on which so much of an order can be paid until then.

    ``id`` is the key it is opened with. ``reference`` and ``url`` come with the provider's answer,
    ``payment`` (the provider's name for it) and ``entry`` (the order's) when somebody paid.
    ``is_closed``: nobody is sent there any more.
    """

    __tablename__ = "checkouts"

    id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    order_id: Mapped[str] = mapped_column(sa.String(40))
    provider: Mapped[str] = mapped_column(sa.String(16))
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3))
    reference: Mapped[str | None] = mapped_column(sa.String(255))
    url: Mapped[str | None] = mapped_column(sa.Text)
    until: Mapped[datetime] = mapped_column(UTCDateTime)
    is_closed: Mapped[bool] = mapped_column(sa.Boolean)
    payment: Mapped[str | None] = mapped_column(sa.String(255))
    entry: Mapped[str | None] = mapped_column(sa.String(40))

    __table_args__ = (
        sa.Index("ix_checkouts_order_id", "order_id"),
        sa.Index("uq_checkouts_reference", "provider", "reference", unique=True),
        sa.Index("uq_checkouts_payment", "provider", "payment", unique=True),
    )


class TransferRow(db.Model):  # type: ignore[name-defined,misc]
    """So much of one payment that is to go back for a refund; ``id`` is the key it is asked with.

    ``status``: ``waiting`` to be asked, at ``due`` the next time, and given up behind ``until``;
    ``pending`` at the provider; ``succeeded``; ``failed``.
    """

    __tablename__ = "transfers"

    id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    order_id: Mapped[str] = mapped_column(sa.String(40))
    entry: Mapped[str] = mapped_column(sa.String(40))
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3))
    status: Mapped[str] = mapped_column(sa.String(16))
    reference: Mapped[str | None] = mapped_column(sa.String(255))
    tries: Mapped[int] = mapped_column(sa.Integer)
    due: Mapped[datetime] = mapped_column(UTCDateTime)
    until: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (sa.Index("ix_transfers_due", "status", "due"),)
