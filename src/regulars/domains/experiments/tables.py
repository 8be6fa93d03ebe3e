"""Tables of the experiments slice."""

import sqlalchemy as sa

from regulars.platform import db
from regulars.platform.lake import recording

_AT = sa.DateTime(timezone=True)

holdout_settings = sa.Table(
    "holdout_settings",
    db.metadata,
    # One row: the key can only be true.
    sa.Column("one", sa.Boolean, sa.CheckConstraint("one", name="one_row"), primary_key=True, server_default=sa.true()),
    sa.Column("salt", sa.Text, nullable=False),
    sa.Column("share_bp", sa.Integer, nullable=False),
    sa.Column("is_on", sa.Boolean, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
    sa.Column("changed_at", _AT, nullable=False),
)

holdout_members = sa.Table(
    "holdout_members",
    db.metadata,
    sa.Column("member_id", sa.Uuid, primary_key=True),
    sa.Column("bucket", sa.SmallInteger, nullable=False),
    sa.Column("held_out", sa.Boolean, nullable=False),
    sa.Column("assigned_at", _AT, nullable=False),
)

exposures = sa.Table(
    "exposures",
    db.metadata,
    sa.Column("member_id", sa.Uuid, primary_key=True),
    sa.Column("what", sa.Text, primary_key=True),
    sa.Column("at", _AT, primary_key=True),
    sa.Column("held_out", sa.Boolean, nullable=False),
    sa.Column("recorded_at", _AT, nullable=False),
    *recording.columns(),
)
