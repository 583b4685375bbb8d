"""Strangers share no external ids, and no idempotency keys."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_NAME = "uq_orders_external_id"
_OF_THE_KNOWN = sa.text("external_id IS NOT NULL AND source <> 'web'")


def upgrade() -> None:
    _index_anew(_OF_THE_KNOWN)
    keys = sa.table("idempotency_keys", sa.column("scope", sa.String))
    op.execute(sa.delete(keys).where(keys.c.scope.in_(["/ web", "/api/orders web"])))


def _index_anew(which: sa.TextClause) -> None:
    op.drop_index(_NAME, "orders")
    op.create_index(
        _NAME,
        "orders",
        ["source", "external_id"],
        unique=True,
        sqlite_where=which,
        postgresql_where=which,
    )
