"""Analytics. The courier takes in the orders so far while the shop is open."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    generations = op.create_table(
        "analytics_generations",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analytics_generations")),
    )
    place = ("generation", "grain", "kind", "start", "key", "currency")
    op.create_table(
        "analytics_cells",
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("grain", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("start", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=210), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("orders", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("extra", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(*place, name=op.f("pk_analytics_cells")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "analytics_orders",
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("generation", "number", name=op.f("pk_analytics_orders")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "analytics_names",
        sa.Column("sku", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("sku", name=op.f("pk_analytics_names")),
        sqlite_with_rowid=False,
    )
    op.bulk_insert(generations, [{"id": 1, "zone": None, "is_current": True}])


def downgrade() -> None:
    for table in ("names", "orders", "cells", "generations"):
        op.drop_table(f"analytics_{table}")
    op.execute("DELETE FROM consumers WHERE name = 'analytics'")
