"""Benefits used, rewards ordered, gift cards."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def upgrade() -> None:
    """Create the tables."""
    _benefit_uses()
    _reward_orders()
    _gift_cards()


def _benefit_uses() -> None:
    op.create_table(
        "benefit_uses",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("use_id", sa.Uuid(), nullable=False),
        sa.Column("benefit", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("period", sa.Date(), nullable=True),
        sa.Column("order_ref", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("changed_at", _AT, nullable=False),
        sa.Column("charged", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("benefit_uses_quantity_check")),
        sa.CheckConstraint("cost >= 0", name=op.f("benefit_uses_cost_check")),
        sa.CheckConstraint("state IN ('used', 'charged', 'reversed')", name=op.f("benefit_uses_state_check")),
        sa.PrimaryKeyConstraint("member_id", "use_id", name=op.f("benefit_uses_pkey")),
    )
    op.create_index(op.f("benefit_uses_benefit_at_idx"), "benefit_uses", ["benefit", "at"], unique=False)


def _reward_orders() -> None:
    op.create_table(
        "reward_orders",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("reward_order_id", sa.Uuid(), nullable=False),
        sa.Column("reward", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("cash", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("placed_at", _AT, nullable=False),
        sa.Column("changed_at", _AT, nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        _text("address_ref"),
        _text("carrier"),
        _text("tracking"),
        _text("note"),
        sa.Column("period", sa.Date(), nullable=True),
        sa.Column("from_stock", sa.Boolean(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("reward_orders_quantity_check")),
        sa.CheckConstraint("points >= 0 AND cash >= 0", name=op.f("reward_orders_price_check")),
        sa.CheckConstraint("state IN ('placed', 'fulfilled', 'completed', 'cancelled')", name=op.f("reward_orders_state_check")),
        sa.PrimaryKeyConstraint("member_id", "reward_order_id", name=op.f("reward_orders_pkey")),
    )
    op.create_index(
        op.f("reward_orders_state_placed_at_reward_order_id_idx"), "reward_orders", ["state", "placed_at", "reward_order_id"], unique=False
    )
    op.create_table(
        "reward_order_events",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("reward_order_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        _text("carrier"),
        _text("tracking"),
        _text("note"),
        sa.PrimaryKeyConstraint("member_id", "reward_order_id", "version", name=op.f("reward_order_events_pkey")),
    )


def _gift_cards() -> None:
    op.create_table(
        "gift_cards",
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("last_four", sa.Text(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("expires_at", _AT, nullable=False),
        sa.Column("made_at", _AT, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("redeemed_by", sa.Uuid(), nullable=True),
        sa.Column("redeemed_at", _AT, nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("gift_cards_amount_check")),
        sa.CheckConstraint("state IN ('open', 'redeemed', 'void')", name=op.f("gift_cards_state_check")),
        sa.CheckConstraint(
            "(state = 'redeemed') = (redeemed_by IS NOT NULL AND redeemed_at IS NOT NULL)", name=op.f("gift_cards_redeemed_check")
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("gift_cards_pkey")),
    )
    op.create_index(op.f("gift_cards_batch_idx"), "gift_cards", ["batch"], unique=False)
    op.create_index(
        op.f("gift_cards_redeemed_by_idx"),
        "gift_cards",
        ["redeemed_by"],
        unique=False,
        postgresql_where=sa.text("redeemed_by IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop them: what was used, ordered and not yet redeemed is forgotten."""
    for table in ("gift_cards", "reward_order_events", "reward_orders", "benefit_uses"):
        op.drop_table(table)
