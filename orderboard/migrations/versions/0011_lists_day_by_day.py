"""Each day's orders sorted, for lists of some time that are sorted by something else."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    day = "substr(created_at, 1, 10)" if sqlite else "((created_at AT TIME ZONE 'UTC')::date)"
    for column in ("updated_at", "total"):
        name = f"ix_orders_day_{column.removesuffix('_at')}"
        op.execute(f"CREATE INDEX {name} ON orders ({day}, {column}, number)")
