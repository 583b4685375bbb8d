"""What placing an order costs when nothing is built around it: the yardstick of placing.py.

One Flask view and the SQLAlchemy ORM insert an order and its lines; no log, no keys, no rules,
nobody told. Served by the same gunicorn with the same SQLite settings.
"""

from gevent import monkey

monkey.patch_all()

# ruff: noqa: E402
import os
import sqlite3
import time
import uuid

import sqlalchemy as sa
from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship


class Base(DeclarativeBase):
    """The base of both tables."""


class Line(Base):
    """One line."""

    __tablename__ = "lines"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"))
    sku: Mapped[str]
    name: Mapped[str]
    quantity: Mapped[int]
    unit_price: Mapped[str]


class Order(Base):
    """One order."""

    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    customer: Mapped[str] = mapped_column(index=True)
    email: Mapped[str]
    type: Mapped[str] = mapped_column(index=True)
    status: Mapped[str] = mapped_column(index=True)
    address: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    created_at: Mapped[float] = mapped_column(index=True)
    lines: Mapped[list[Line]] = relationship()


engine = sa.create_engine(f"sqlite:///{os.environ['PLAIN_DATABASE']}")


@sa.event.listens_for(engine, "connect")
def prepare(connection: sqlite3.Connection, _record: object) -> None:
    """The same settings as orderboard's."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


Base.metadata.create_all(engine)
app = Flask(__name__)


@app.post("/api/orders")
def place() -> ResponseReturnValue:
    """Insert what came."""
    data = request.get_json()
    order = Order(
        public_id=uuid.uuid4().hex,
        customer=data["customer"]["name"],
        email=data["customer"]["email"],
        type=data["type"],
        status="pending",
        address=data["address"],
        created_at=time.time(),
        lines=[Line(**item) for item in data["items"]],
    )
    with Session(engine) as session:
        session.add(order)
        session.commit()
        return jsonify(id=order.public_id, number=order.id, status=order.status), 201
