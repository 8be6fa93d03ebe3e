"""The coupons members hold (a cache of the journal), and the codes that wait for a member, in batches."""

import sqlalchemy as sa

from regulars.platform.db import metadata

_WHEN = sa.DateTime(timezone=True)

coupons = sa.Table(
    "member_coupons",
    metadata,
    sa.Column("member_id", sa.Uuid, primary_key=True),
    sa.Column("coupon_id", sa.Uuid, primary_key=True),
    sa.Column("definition", sa.Text, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("starts", _WHEN, nullable=False),
    sa.Column("ends", _WHEN, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    # The hold, the order or the member that the state speaks of.
    sa.Column("ref", sa.Uuid),
    sa.Column("until", _WHEN, nullable=False),
    sa.Column("passed", sa.BigInteger, nullable=False),
    sa.CheckConstraint("state IN ('issued', 'reserved', 'used', 'void', 'lapsed', 'passed_on')", name="state"),
    # What can still be used: what is loaded for every fact, however many coupons a member used up in ten years.
    sa.Index("member_coupons_live_idx", "member_id", postgresql_where=sa.text("state IN ('issued', 'reserved')")),
    # Everybody who holds a coupon of this kind.
    sa.Index(None, "definition", "coupon_id"),
    postgresql_with={"fillfactor": "80"},
)
batches = sa.Table(
    "coupon_batches",
    metadata,
    sa.Column("batch_id", sa.Uuid, primary_key=True),
    sa.Column("definition", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("prefix", sa.Text, nullable=False),
    sa.Column("length", sa.Integer, nullable=False),
    sa.Column("wanted", sa.BigInteger, nullable=False),
    sa.Column("made", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("created_at", _WHEN, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.CheckConstraint("state IN ('making', 'ready', 'void')", name="state"),
    sa.CheckConstraint("wanted > 0 AND made >= 0 AND made <= wanted", name="made"),
)
codes = sa.Table(
    "coupon_codes",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("batch_id", sa.Uuid, nullable=False),
    # Who took it, as which coupon, when; all three or none.
    sa.Column("taken_by", sa.Uuid),
    sa.Column("coupon_id", sa.Uuid),
    sa.Column("taken_at", _WHEN),
    # A batch page by page.
    sa.Index(None, "batch_id", "code"),
    # The codes a member took.
    sa.Index("coupon_codes_taken_by_idx", "taken_by", postgresql_where=sa.text("taken_by IS NOT NULL")),
    sa.CheckConstraint("(taken_by IS NULL) = (coupon_id IS NULL) AND (taken_by IS NULL) = (taken_at IS NULL)", name="taken"),
)
