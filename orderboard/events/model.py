"""The tables of the log."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from orderboard.database import UTCDateTime, db


class LogHead(db.Model):  # type: ignore[name-defined,misc]
    """One row: how far the log has come. Its row lock gives positions in commit order."""

    __tablename__ = "log_head"

    id: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    epoch: Mapped[str] = mapped_column(sa.String(32))
    position: Mapped[int] = mapped_column(sa.BigInteger)


class EventRow(db.Model):  # type: ignore[name-defined,misc]
    """One fact. ``changes``, ``was`` and ``data`` are JSON text, ``topics`` is parted by blanks.

    ``data`` is the whole thing as staff see it, null once the log was thinned there.
    """

    __tablename__ = "events"

    position: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    type: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[str] = mapped_column(UTCDateTime)
    actor_kind: Mapped[str] = mapped_column(sa.String(16))
    actor_name: Mapped[str | None] = mapped_column(sa.String(200))
    changes: Mapped[str] = mapped_column(sa.Text)
    was: Mapped[str] = mapped_column(sa.Text, server_default="{}")
    topics: Mapped[str] = mapped_column(sa.Text, server_default="")
    order_id: Mapped[str | None] = mapped_column(sa.String(40))
    data: Mapped[str | None] = mapped_column(sa.Text)
    undoes: Mapped[int | None] = mapped_column(sa.BigInteger)


class EventTopic(db.Model):  # type: ignore[name-defined,misc]
    """A topic that an event is heard under: whoever hears it catches up by reading along here."""

    __tablename__ = "event_topics"

    topic: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    position: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)

    __table_args__ = ({"sqlite_with_rowid": False},)


class LogThinned(db.Model):  # type: ignore[name-defined,misc]
    """One row: up to which position things that need not be kept for ever have gone."""

    __tablename__ = "log_thinned"

    id: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(sa.BigInteger)
