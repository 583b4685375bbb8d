"""An index of what orders are searched by. It is filled after the upgrade, piece by piece."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_FTS5 = """
    CREATE VIRTUAL TABLE order_grams USING fts5(
        text, content='order_search', content_rowid='number', detail=none, columnsize=0,
        tokenize='trigram case_sensitive 1'
    )
"""
# Rows of three letters within each word; its words are short, so this takes no long time.
_GRAMS = """
    CREATE FUNCTION orderboard_grams(words text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS $$
        SELECT coalesce(array_agg(DISTINCT substr(word, place, 3)), '{}')
        FROM unnest(string_to_array(words, ' ')) AS word
        CROSS JOIN LATERAL generate_series(1, length(word) - 2) AS place
    $$
"""


def upgrade() -> None:
    op.create_table(
        "order_search",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"],
            ["orders.number"],
            name=op.f("fk_order_search_number_orders"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_order_search")),
    )
    state = op.create_table(
        "search_state",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_state")),
    )
    op.bulk_insert(state, [{"id": 1, "version": 0, "reached": 0}])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_FTS5)
    else:
        op.execute(_GRAMS)
        op.execute(
            "CREATE INDEX ix_order_search_grams ON order_search"
            " USING gin (orderboard_grams(text)) WITH (gin_pending_list_limit = 512)"
        )
    op.execute("ALTER TABLE orders DROP COLUMN search")
