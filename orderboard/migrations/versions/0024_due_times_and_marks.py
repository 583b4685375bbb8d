"""When orders are due, and what lists are narrowed by: payment, channel, tags, method."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_NEVER = "9999-12-31 00:00:00"
_PIECE = 1000
_TOLD = ("details", "tracking", "times")
_orders = sa.table(
    "orders",
    sa.column("number", sa.Integer),
    sa.column("due_at", sa.DateTime(timezone=True)),
)
_text = (
    "SELECT number, substr(CAST(created_at AS varchar), 1, 10) AS day, payment_status,"
    " CAST(details AS varchar) AS details, CAST(tracking AS varchar) AS tracking,"
    " CAST(times AS varchar) AS times"
    " FROM orders WHERE number > :behind ORDER BY number LIMIT :piece"
)


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.execute("SET LOCAL TIME ZONE 'UTC'")
    due = sa.Column("due_at", sa.DateTime(timezone=True), nullable=False, server_default=_never())
    op.add_column("orders", due)
    marks = op.create_table(
        "order_marks",
        sa.Column("mark", sa.String(length=120), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["number"],
            ["orders.number"],
            name=op.f("fk_order_marks_number_orders"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("mark", "day", "number", name=op.f("pk_order_marks")),
        sqlite_with_rowid=False,
    )
    _fill(connection, marks)
    _index()
    if connection.dialect.name == "postgresql":
        op.execute("ALTER TABLE orders ALTER COLUMN due_at DROP DEFAULT")


def _never() -> sa.TextClause:
    return sa.text(f"'{_NEVER}.000000'" if _is_sqlite() else f"'{_NEVER}+00'")


def _is_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")


def _index() -> None:
    narrow = ["status", "type", "due_at", "number"]
    theirs = sa.text("driver_id IS NOT NULL")
    op.create_index("ix_orders_due", "orders", ["due_at", "number"])
    op.create_index("ix_orders_status_due", "orders", narrow)
    op.create_index(
        "ix_orders_driver_due",
        "orders",
        ["driver_id", *narrow],
        sqlite_where=theirs,
        postgresql_where=theirs,
    )
    day = "substr(created_at, 1, 10)" if _is_sqlite() else "((created_at AT TIME ZONE 'UTC')::date)"
    op.execute(f"CREATE INDEX ix_orders_day_due ON orders ({day}, due_at, number)")


def _fill(connection: sa.Connection, marks: sa.Table) -> None:
    behind, some = -1, sa.text(_text)
    put = sa.update(_orders).where(_orders.c.number == sa.bindparam("of"))
    put = put.values(due_at=sa.bindparam("at"))
    while rows := connection.execute(some, {"behind": behind, "piece": _PIECE}).mappings().all():
        orders = [_read(row) for row in rows]
        connection.execute(
            sa.insert(marks),
            [
                {"mark": mark, "day": order["day"], "number": order["number"]}
                for order in orders
                for mark in sorted({*_marks_of(order)})
            ],
        )
        if due := [{"of": o["number"], "at": at} for o in orders if (at := _due_of(o))]:
            connection.execute(put, due)
        behind = rows[-1]["number"]


def _read(row: Any) -> dict[str, Any]:
    told = {name: json.loads(row[name]) if row[name] else {} for name in _TOLD}
    return {**row, "day": date.fromisoformat(row["day"]), **{n: v or {} for n, v in told.items()}}


def _marks_of(order: dict[str, Any]) -> Iterator[str]:
    details = order["details"]
    yield f"payment:{order['payment_status']}"
    if details.get("channel"):
        yield f"channel:{details['channel']}"
    if details.get("fulfilment"):
        yield f"method:{details['fulfilment']['method']}"
    for tag in details.get("tags") or ():
        yield f"tag:{tag}"


def _due_of(order: dict[str, Any]) -> datetime | None:
    details = order["details"]
    wanted = details.get("fulfilment") or {}
    promised = (details.get("acceptance") or {}).get("ready_at")
    if order["times"].keys() & {"ready", "shipped"}:
        promised = None  # and kept
    said = promised or wanted.get("until") or wanted.get("from") or order["tracking"].get("eta")
    return datetime.fromisoformat(said).astimezone(UTC) if said else None


def downgrade() -> None:
    for name in ("day_due", "driver_due", "status_due", "due"):
        op.drop_index(f"ix_orders_{name}", "orders")
    op.drop_table("order_marks")
    op.drop_column("orders", "due_at")
