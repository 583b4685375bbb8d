"""Staff have roles. Whoever was one of the staff could do everything, and is an owner."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("staff", sa.Column("role", sa.String(length=16), nullable=True))
    op.execute("UPDATE staff SET role = 'owner'")


def downgrade() -> None:
    op.execute("DELETE FROM staff WHERE role IS NULL")
    op.drop_column("staff", "role")
