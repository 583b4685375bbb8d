"""The tables of discount codes. Amounts are whole minor units of the code's currency."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from orderboard.database import UTCDateTime, db


class DiscountCode(db.Model):  # type: ignore[name-defined,misc]
    """A code: so many ``percent`` of the goods, or an ``amount``, off an order.

    ``used`` counts the orders that have it now, ``most_uses`` bounds them (null: nothing does).
    ``version`` counts what people changed; that an order uses a code makes none.
    """

    __tablename__ = "discount_codes"

    code: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    name: Mapped[str | None] = mapped_column(sa.String(200))
    percent: Mapped[str | None] = mapped_column(sa.String(10))
    amount: Mapped[int | None] = mapped_column(sa.BigInteger)
    minimum: Mapped[int | None] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3))
    valid_from: Mapped[datetime | None] = mapped_column(UTCDateTime)
    valid_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    most_uses: Mapped[int | None] = mapped_column(sa.Integer)
    used: Mapped[int] = mapped_column(sa.Integer)
    active: Mapped[bool] = mapped_column(sa.Boolean)
    version: Mapped[int] = mapped_column(sa.Integer)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_by_kind: Mapped[str] = mapped_column(sa.String(16))
    updated_by_name: Mapped[str | None] = mapped_column(sa.String(200))


class DiscountUse(db.Model):  # type: ignore[name-defined,misc]
    """That an order has a code, so that exactly this use is given back.

    ``given_back``: the order came to nothing, and this is kept so that an undo uses it again.
    """

    __tablename__ = "discount_uses"

    order_id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    given_back: Mapped[bool] = mapped_column(sa.Boolean, server_default=sa.false())

    __table_args__ = ({"sqlite_with_rowid": False},)
