"""The figures are kept, not counted. What they are so far is worked out after the upgrade."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    generations = op.create_table(
        "figure_generations",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_generations")),
    )
    op.create_table(
        "figures",
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("channel", sa.String(length=100), nullable=False),
        sa.Column("orders", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "generation",
            "day",
            "status",
            "type",
            "currency",
            "channel",
            name=op.f("pk_figures"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "figure_keys",
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=254), nullable=False),
        sa.Column("occurrences", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("generation", "kind", "key", name=op.f("pk_figure_keys")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "figure_counts",
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("generation", "name", name=op.f("pk_figure_counts")),
        sqlite_with_rowid=False,
    )
    op.bulk_insert(generations, [{"id": 1, "zone": None, "is_current": True}])
