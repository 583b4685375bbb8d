"""What went back is taken off what orders bring, also where staff said by hand that it did.

The figures are made anew at the next start, if there is such an order.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_orders = sa.table("orders", sa.column("number"), sa.column("payment_status"))
_generations = sa.table("figure_generations", sa.column("zone"))
_SUMS = ("customer_id", "currency", "revenue")
_sums = sa.table("customer_sums", *map(sa.column, _SUMS))
_shares = sa.table("customer_orders", sa.column("number"), *map(sa.column, _SUMS))
_said = sa.select(_orders.c.number).where(_orders.c.payment_status == "refunded")


def upgrade() -> None:
    refunded = sa.Column("refunded", sa.BigInteger, nullable=False, server_default=sa.text("0"))
    op.add_column("figures", refunded)
    _make_figures_anew()
    of_them = _shares.c.number.in_(_said)
    theirs = of_them & (_shares.c.customer_id == _sums.c.customer_id)
    theirs &= _shares.c.currency == _sums.c.currency
    brought = sa.select(sa.func.coalesce(sa.func.sum(_shares.c.revenue), 0)).where(theirs)
    sums = sa.update(_sums).values(revenue=_sums.c.revenue - brought.scalar_subquery())
    customers = sa.select(_shares.c.customer_id).where(of_them)
    op.execute(sums.where(_sums.c.customer_id.in_(customers)))
    op.execute(sa.update(_shares).values(revenue=0).where(of_them))


def downgrade() -> None:
    _make_figures_anew()
    op.drop_column("figures", "refunded")


def _make_figures_anew() -> None:
    unknown = sa.update(_generations).values(zone=sa.null())
    op.execute(unknown.where(sa.exists(_said)))
