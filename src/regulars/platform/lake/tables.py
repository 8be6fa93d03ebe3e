"""What the database knows of the lakes that were filled from it."""

import sqlalchemy as sa

from regulars.platform import db

lakes = sa.Table(
    "lakes",
    db.metadata,
    sa.Column("lake_id", sa.Uuid, primary_key=True),
    sa.Column("epoch", sa.BigInteger, nullable=False),
    sa.Column("serial", sa.BigInteger, nullable=False),
    # The manifest that is about to be published, and the one it replaces: the lake must hold one of the two.
    sa.Column("token", sa.Uuid, nullable=False),
    sa.Column("previous", sa.Uuid),
    sa.Column("watermark", sa.BigInteger, nullable=False),
    sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
)
lake_epochs = sa.Table(
    "lake_epochs",
    db.metadata,
    sa.Column("epoch", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("system_identifier", sa.Text, nullable=False),
    # Added to PostgreSQL's transaction numbers, since another cluster counts from elsewhere.
    sa.Column("added", sa.BigInteger, nullable=False),
    sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
)
