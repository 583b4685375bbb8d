"""Runs the migrations on the database of the current app."""

import sqlalchemy as sa
from alembic import context

from orderboard.database import db, patience

with db.engine.connect().execution_options(orderboard_until=patience()) as connection:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        compare_type=True,
    )
    if connection.dialect.name == "postgresql":
        # Several nodes may start at once; SQLite has one writer at a time anyway.
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(7162534)"))
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
