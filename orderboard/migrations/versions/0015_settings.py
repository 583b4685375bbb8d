"""What the shop says of itself."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    settings = op.create_table(
        "shop_settings",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_by_kind", sa.String(length=16), nullable=True),
        sa.Column("updated_by_name", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_settings")),
    )
    # There from the start, so that whoever changes something always has a row to hold.
    op.bulk_insert(settings, [{"id": 1, "given": {}, "version": 0}])
    op.create_table(
        "shop_logos",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("media", sa.String(length=40), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_shop_logos")),
    )


def downgrade() -> None:
    op.drop_table("shop_logos")
    op.drop_table("shop_settings")
