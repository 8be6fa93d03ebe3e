"""Where members stand on ladders: a cache of the journal."""

import sqlalchemy as sa

from regulars.platform.db import metadata

standings = sa.Table(
    "tier_standings",
    metadata,
    sa.Column("member_id", sa.Uuid, primary_key=True),
    sa.Column("ladder", sa.Text, primary_key=True),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    sa.Column("keep_until", sa.DateTime(timezone=True), nullable=False),
    # What was said about its end: nothing, noticed, grace.
    sa.Column("state", sa.Text, nullable=False, server_default=""),
    # Everybody on a level.
    sa.Index(None, "ladder", "level"),
    postgresql_with={"fillfactor": "80"},
)
