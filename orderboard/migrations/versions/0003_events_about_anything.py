"""Events about anything: each says what it is heard under, and what was before."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TOPICS = {
    "'board'": "position > 0",
    "'order:' || order_id": "order_id IS NOT NULL",
    "'driver:' || driver_id": "driver_id IS NOT NULL",
    "'driver:' || other_driver_id": "other_driver_id IS NOT NULL AND other_driver_id <> driver_id",
}


def upgrade() -> None:
    op.create_table(
        "event_topics",
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("topic", "position", name=op.f("pk_event_topics")),
        sqlite_with_rowid=False,
    )
    for topic, where in _TOPICS.items():
        # The texts are this file's own.
        op.execute(f"INSERT INTO event_topics SELECT {topic}, position FROM events WHERE {where}")  # noqa: S608
    for index in ("ix_events_order", "ix_events_driver", "ix_events_other_driver"):
        op.drop_index(index, "events")
    for column in (
        sa.Column("topics", sa.Text(), nullable=False, server_default=""),
        sa.Column("was", sa.Text(), nullable=False, server_default="{}"),
    ):
        op.add_column("events", column)
    op.execute('ALTER TABLE events RENAME COLUMN "order" TO data')
    op.execute(
        "UPDATE events SET topics = 'board' || coalesce(' order:' || order_id, '')"
        " || coalesce(' driver:' || driver_id, '') || coalesce(' driver:' || other_driver_id, '')"
    )
    for column_name in ("driver_id", "other_driver_id"):
        op.execute(f"ALTER TABLE events DROP COLUMN {column_name}")
