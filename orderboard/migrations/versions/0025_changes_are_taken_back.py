"""What an event takes back, and what an order gave back and an undo takes again."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_KEPT = (
    sa.table("stock_holds", sa.column("given_back")),
    sa.table("discount_uses", sa.column("given_back")),
)


def upgrade() -> None:
    op.add_column("events", sa.Column("undoes", sa.BigInteger(), nullable=True))
    for table in _KEPT:
        column: sa.Column[bool] = sa.Column(
            "given_back", sa.Boolean(), nullable=False, server_default=sa.false()
        )
        op.add_column(table.name, column)


def downgrade() -> None:
    for table in _KEPT:
        op.execute(sa.delete(table).where(table.c.given_back))
        op.drop_column(table.name, "given_back")
    op.drop_column("events", "undoes")
