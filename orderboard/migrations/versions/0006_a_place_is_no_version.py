"""Where an order is stands beside it: it passes, and is no change of the order."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_orders = sa.table(
    "orders",
    sa.column("number", sa.Integer),
    sa.column("tracking", sa.JSON(none_as_null=True)),
    sa.column("place", sa.JSON(none_as_null=True)),
)


def upgrade() -> None:
    op.add_column("orders", sa.Column("place", sa.JSON(), nullable=True))
    tracked = sa.select(_orders.c.number, _orders.c.tracking).where(_orders.c.tracking.is_not(None))
    connection = op.get_bind()
    rows = connection.execute(tracked).all()
    move = sa.update(_orders).where(_orders.c.number == sa.bindparam("of"))
    move = move.values(tracking=sa.bindparam("rest"), place=sa.bindparam("here"))
    moved = [
        {"of": number, "rest": _rest(tracking), "here": tracking["location"]}
        for number, tracking in rows
        if "location" in tracking
    ]
    if moved:
        connection.execute(move, moved)


def _rest(tracking: dict[str, object]) -> dict[str, object] | None:
    return {name: value for name, value in tracking.items() if name != "location"} or None
