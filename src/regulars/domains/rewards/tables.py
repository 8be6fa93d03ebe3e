"""Reward orders with every change they went through, codes to hand out, and gift cards."""

import sqlalchemy as sa

from regulars.platform.db import metadata

_WHEN = sa.DateTime(timezone=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


orders = sa.Table(
    "reward_orders",
    metadata,
    sa.Column("member_id", sa.Uuid, primary_key=True),
    sa.Column("reward_order_id", sa.Uuid, primary_key=True),
    sa.Column("reward", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("quantity", sa.BigInteger, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("points", sa.BigInteger, nullable=False),
    sa.Column("cash", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    # Counts changes; a write is refused when somebody else recorded one in between.
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("placed_at", _WHEN, nullable=False),
    sa.Column("changed_at", _WHEN, nullable=False),
    sa.Column("changed_by", sa.Text, nullable=False),
    _text("address_ref"),
    _text("carrier"),
    _text("tracking"),
    _text("note"),
    sa.Column("period", sa.Date),
    sa.Column("from_stock", sa.Boolean, nullable=False),
    # What is still to be sent, the oldest first.
    sa.Index(None, "state", "placed_at", "reward_order_id"),
    sa.CheckConstraint("quantity > 0", name="quantity"),
    sa.CheckConstraint("points >= 0 AND cash >= 0", name="price"),
    sa.CheckConstraint("state IN ('placed', 'fulfilled', 'completed', 'cancelled')", name="state"),
)
events = sa.Table(
    "reward_order_events",
    metadata,
    sa.Column("member_id", sa.Uuid, primary_key=True),
    sa.Column("reward_order_id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("at", _WHEN, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    _text("carrier"),
    _text("tracking"),
    _text("note"),
)
code_batches = sa.Table(
    "reward_code_batches",
    metadata,
    sa.Column("batch_id", sa.Uuid, primary_key=True),
    sa.Column("pool", sa.Text, nullable=False),
    # The data key of its codes, wrapped: without the keys outside the data folder nobody reads them.
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
    sa.Column("added", sa.BigInteger, nullable=False),
    sa.Column("known", sa.BigInteger, nullable=False),
    sa.Column("made_at", _WHEN, nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),
    # How many codes the upload held; 0 of those an earlier release took, which came in whole.
    sa.Column("wanted", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("withdrawn", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("state", sa.Text, nullable=False, server_default="ready"),
    sa.Index(None, "pool", "batch_id"),
    sa.CheckConstraint("state IN ('adding', 'ready', 'void')", name="state"),
)
code_parts = sa.Table(
    "reward_code_parts",
    metadata,
    sa.Column("batch_id", sa.Uuid, primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True),
    # Codes that are still to come in, a line each, sealed together under the data key of their upload.
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
codes = sa.Table(
    "reward_codes",
    metadata,
    sa.Column("pool", sa.Text, primary_key=True),
    # A keyed digest, so that one code is in a pool once.
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("code_id", sa.Uuid, nullable=False),
    sa.Column("batch_id", sa.Uuid, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("order_id", sa.Uuid),
    sa.Column("given_to", sa.Uuid),
    sa.Column("given_at", _WHEN),
    sa.Column("seen_at", _WHEN),
    # The oldest free one is the next.
    sa.Index("reward_codes_free_idx", "pool", "code_id", postgresql_where=sa.text("order_id IS NULL")),
    sa.Index("reward_codes_order_idx", "order_id", postgresql_where=sa.text("order_id IS NOT NULL")),
    sa.CheckConstraint(
        "(order_id IS NULL) = (given_to IS NULL) AND (order_id IS NULL) = (given_at IS NULL) AND (seen_at IS NULL OR order_id IS NOT NULL)",
        name="given",
    ),
)
gift_cards = sa.Table(
    "gift_cards",
    metadata,
    # A keyed digest: whoever reads the table can redeem nothing.
    sa.Column("code_hash", sa.Text, primary_key=True),
    sa.Column("last_four", sa.Text, nullable=False),
    sa.Column("batch", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("expires_at", _WHEN, nullable=False),
    sa.Column("made_at", _WHEN, nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="open"),
    sa.Column("redeemed_by", sa.Uuid),
    sa.Column("redeemed_at", _WHEN),
    # Sold or given; none where nobody said. What was sold has its price, and may have its order and buyer.
    sa.Column("origin", sa.Text),
    sa.Column("price", sa.BigInteger),
    sa.Column("sold_order", sa.Text),
    sa.Column("sold_to", sa.Uuid),
    sa.Index(None, "batch"),
    sa.Index(None, "redeemed_by", postgresql_where=sa.text("redeemed_by IS NOT NULL")),
    sa.CheckConstraint("amount > 0", name="amount"),
    sa.CheckConstraint("state IN ('open', 'redeemed', 'void')", name="state"),
    sa.CheckConstraint("(state = 'redeemed') = (redeemed_by IS NOT NULL AND redeemed_at IS NOT NULL)", name="redeemed"),
    sa.CheckConstraint("origin IN ('sold', 'given')", name="origin"),
    sa.CheckConstraint(
        "(origin IS NOT DISTINCT FROM 'sold') = (price IS NOT NULL) AND (price IS NOT NULL OR (sold_order IS NULL AND sold_to IS NULL))",
        name="sold",
    ),
)
