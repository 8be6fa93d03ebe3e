"""Gift cards know whether they were sold, for what and to whom, or given."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, all empty: of cards that are there already nobody said it, and the previous release goes on making such."""
    op.add_column("gift_cards", sa.Column("origin", sa.Text()))
    op.add_column("gift_cards", sa.Column("price", sa.BigInteger()))
    op.add_column("gift_cards", sa.Column("sold_order", sa.Text()))
    op.add_column("gift_cards", sa.Column("sold_to", sa.Uuid()))
    op.create_check_constraint(op.f("gift_cards_origin_check"), "gift_cards", "origin IN ('sold', 'given')")
    op.create_check_constraint(
        op.f("gift_cards_sold_check"),
        "gift_cards",
        "(origin IS NOT DISTINCT FROM 'sold') = (price IS NOT NULL) AND (price IS NOT NULL OR (sold_order IS NULL AND sold_to IS NULL))",
    )


def downgrade() -> None:
    """Drop them. What was sold is known no more; what cards are worth and what became of them stays."""
    op.drop_constraint(op.f("gift_cards_sold_check"), "gift_cards", type_="check")
    op.drop_constraint(op.f("gift_cards_origin_check"), "gift_cards", type_="check")
    for column in ("sold_to", "sold_order", "price", "origin"):
        op.drop_column("gift_cards", column)
