"""Room for what real orders carry; what stands there already means what it meant.

Nothing is written to the rows of before: a line without a number of its own has that of its place.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_NEW: dict[str, dict[str, Any]] = {
    "orders": {
        "details": sa.JSON(),
        "payments": sa.JSON(),
        "refunds": sa.JSON(),
        "lines_given": sa.SmallInteger(),
    },
    "order_lines": {
        "line": sa.SmallInteger(),
        "thousandths": sa.SmallInteger(),
        "micros": sa.Integer(),
        "details": sa.JSON(),
    },
}


def upgrade() -> None:
    for table, columns in _NEW.items():
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind, nullable=True))
    if op.get_bind().dialect.name == "postgresql":  # SQLite keeps to no length
        op.alter_column("order_lines", "name", type_=sa.String(500))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("order_lines", "name", type_=sa.String(300))
    for table, columns in _NEW.items():
        for name in columns:
            op.drop_column(table, name)
