"""Customers are listed, searched, merged and erased."""

import sqlalchemy as sa
from alembic import op

from orderboard.customers.searching import text_of

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_IDS = {
    "sqlite": "UPDATE customers SET public_id = 'cus_' || lower(hex(randomblob(16)))",
    "postgresql": "UPDATE customers"
    " SET public_id = 'cus_' || replace(gen_random_uuid()::text, '-', '')",
}
_FTS5 = """
    CREATE VIRTUAL TABLE customer_grams USING fts5(
        text, content='customer_search', content_rowid='customer_id', detail=none, columnsize=0,
        tokenize='trigram case_sensitive 1'
    )
"""
_PIECE = 1000


def upgrade() -> None:
    connection = op.get_bind()
    id_column = sa.Column("public_id", sa.String(length=40), nullable=False, server_default="")
    op.add_column("customers", id_column)
    op.execute(_IDS[connection.dialect.name])
    op.create_index("uq_customers_public_id", "customers", ["public_id"], unique=True)
    op.create_index("ix_customers_last_seen", "customers", ["last_seen", "id"])
    op.create_index("ix_customers_orders", "customers", ["orders", "id"])
    op.create_index(
        "ix_customer_sums_revenue", "customer_sums", ["currency", "revenue", "customer_id"]
    )
    op.create_table(
        "customer_aliases",
        sa.Column("key", sa.String(length=254), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_customer_aliases")),
    )
    op.create_index("ix_customer_aliases_customer_id", "customer_aliases", ["customer_id"])
    op.create_table(
        "customer_erasures",
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("public_id", name=op.f("pk_customer_erasures")),
    )
    texts = op.create_table(
        "customer_search",
        sa.Column("customer_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_customer_search")),
    )
    _fill(connection, texts)
    if connection.dialect.name == "sqlite":
        op.execute(_FTS5)
        op.execute("INSERT INTO customer_grams (customer_grams) VALUES ('rebuild')")
    else:
        op.execute("ALTER TABLE customers ALTER COLUMN public_id DROP DEFAULT")
        op.execute(
            "CREATE INDEX ix_customer_search_grams ON customer_search"
            " USING gin (orderboard_grams(text)) WITH (gin_pending_list_limit = 512)"
        )


def _fill(connection: sa.Connection, texts: sa.Table) -> None:
    some = sa.text(
        "SELECT id, name, company, email, phone FROM customers WHERE id > :behind"
        " ORDER BY id LIMIT :piece"
    )
    behind = -1
    while rows := connection.execute(some, {"behind": behind, "piece": _PIECE}).mappings().all():
        found = [{"customer_id": row["id"], "text": text_of(dict(row), ())} for row in rows]
        connection.execute(sa.insert(texts), found)
        behind = rows[-1]["id"]


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE customer_grams")
    for table in ("customer_search", "customer_erasures", "customer_aliases"):
        op.drop_table(table)
    op.drop_index("ix_customer_sums_revenue", "customer_sums")
    for name in ("ix_customers_orders", "ix_customers_last_seen", "uq_customers_public_id"):
        op.drop_index(name, "customers")
    op.drop_column("customers", "public_id")
