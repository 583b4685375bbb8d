"""The table of what printers in the network have to print."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from orderboard.database import UTCDateTime, db


class PrintJob(db.Model):  # type: ignore[name-defined,misc]
    """An order that a printer is to print.

    ``cause``: what brought it there (``placed``, ``accepted``, ``asked``). ``status``: ``waiting``,
    ``sending``, ``printed``, ``failed``, ``dropped``. ``due``: when it is tried next. ``until``:
    when it is given up. ``unsure``: how often nobody knows whether it was printed. ``is_told``:
    the board shows that it is not printed.
    """

    __tablename__ = "print_jobs"

    id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    order_id: Mapped[str] = mapped_column(sa.String(40), index=True)
    printer: Mapped[str] = mapped_column(sa.String(20))
    cause: Mapped[str] = mapped_column(sa.String(16))
    status: Mapped[str] = mapped_column(sa.String(16))
    tries: Mapped[int] = mapped_column(sa.Integer)
    unsure: Mapped[int] = mapped_column(sa.Integer)
    is_told: Mapped[bool] = mapped_column(sa.Boolean)
    due: Mapped[datetime] = mapped_column(UTCDateTime)
    until: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (sa.Index("ix_print_jobs_open", "status", "printer", "id"),)
