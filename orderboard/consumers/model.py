"""The tables of consumers, and of what only one process may do at a time."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from orderboard.database import UTCDateTime, db


class ConsumerRow(db.Model):  # type: ignore[name-defined,misc]
    """How far a consumer has come. ``failures`` counts tries of the event right behind that."""

    __tablename__ = "consumers"

    name: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    epoch: Mapped[str] = mapped_column(sa.String(32))
    position: Mapped[int] = mapped_column(sa.BigInteger)
    is_paused: Mapped[bool] = mapped_column(sa.Boolean)
    failures: Mapped[int] = mapped_column(sa.Integer)
    error: Mapped[str | None] = mapped_column(sa.Text)


class SetAside(db.Model):  # type: ignore[name-defined,misc]
    """An event that a consumer could not take, however often it tried."""

    __tablename__ = "consumer_set_aside"

    consumer: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    position: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    type: Mapped[str] = mapped_column(sa.String(64))
    error: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Lease(db.Model):  # type: ignore[name-defined,misc]
    """Who may do something alone, and until when (seconds since 1970, by the database's clock)."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    holder: Mapped[str] = mapped_column(sa.String(200))
    until: Mapped[float] = mapped_column(sa.Double)
