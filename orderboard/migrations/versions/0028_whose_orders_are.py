"""Lists are narrowed by who of the staff looks after an order; so far it is nobody."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_DAY = {
    "sqlite": "substr(created_at, 1, 10)",
    "postgresql": "(created_at AT TIME ZONE 'UTC')::date",
}


def upgrade() -> None:
    day = _DAY[op.get_bind().dialect.name]
    op.execute(
        "INSERT INTO order_marks (mark, day, number)"  # noqa: S608
        f" SELECT 'assigned_to:none', {day}, number FROM orders ORDER BY number"
    )


def downgrade() -> None:
    op.execute("DELETE FROM order_marks WHERE mark LIKE 'assigned_to:%'")
