"""An index for every filter of a list in every order."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_orders_status", "orders")
    op.drop_index("ix_orders_driver", "orders")
    op.create_index("ix_orders_total", "orders", ["total", "number"])
    theirs = sa.text("driver_id IS NOT NULL")
    for column in ("created_at", "updated_at", "total"):
        name, narrow = column.removesuffix("_at"), ["status", "type", column, "number"]
        op.create_index(f"ix_orders_status_{name}", "orders", narrow)
        op.create_index(
            f"ix_orders_driver_{name}",
            "orders",
            ["driver_id", *narrow],
            sqlite_where=theirs,
            postgresql_where=theirs,
        )
