"""Runs the migrations on the database of the current app."""

import sqlalchemy as sa
from alembic import context

from orderboard.database import db, patience

_UNSAID = (
    *("order_grams", "ix_order_search_grams", "ix_orders_day_"),
    *("customer_grams", "ix_customer_search_grams"),
)
"""What the models cannot say: FTS5's tables, and indexes of expressions."""


def is_known_to_models(_thing: object, name: str | None, *_: object) -> bool:
    """Whether the models have to say the same of a thing as the database."""
    return not (name or "").startswith(_UNSAID)


with db.engine.connect().execution_options(orderboard_until=patience()) as connection:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        compare_type=True,
        include_object=is_known_to_models,
    )
    if connection.dialect.name == "postgresql":
        # An index over years of orders takes its time.
        connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
        # Several nodes may start at once; SQLite has one writer at a time anyway.
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(7162534)"))
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
