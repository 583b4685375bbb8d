"""Orders on hold may have a time at which they come back by themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None
_NAME = "ix_orders_held_until"


def upgrade() -> None:
    op.add_column("orders", sa.Column("held_until", sa.DateTime(timezone=True), nullable=True))
    some = sa.text("held_until IS NOT NULL")
    op.create_index(_NAME, "orders", ["held_until"], sqlite_where=some, postgresql_where=some)


def downgrade() -> None:
    op.drop_index(_NAME, table_name="orders")
    op.drop_column("orders", "held_until")
