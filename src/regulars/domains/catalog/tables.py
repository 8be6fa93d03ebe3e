"""Tables of the catalog: reference data, small beside the members', the same on every shard."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from regulars.platform import db

_AT = sa.DateTime(timezone=True)

stores = sa.Table(
    "stores",
    db.metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("name_en", sa.Text, nullable=False),
    sa.Column("name_zh", sa.Text, nullable=False),
    sa.Column("region", sa.Text, nullable=False),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("changed_at", _AT, nullable=False),
)

categories = sa.Table(
    "categories",
    db.metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("name_en", sa.Text, nullable=False),
    sa.Column("name_zh", sa.Text, nullable=False),
    sa.Column("parent", sa.Text),
    sa.Column("path", ARRAY(sa.Text), nullable=False),
    sa.Column("changed_at", _AT, nullable=False),
)

products = sa.Table(
    "products",
    db.metadata,
    sa.Column("sku", sa.Text, primary_key=True),
    sa.Column("name_en", sa.Text, nullable=False),
    sa.Column("name_zh", sa.Text, nullable=False),
    sa.Column("category", sa.Text, sa.ForeignKey("categories.code"), index=True),
    sa.Column("price", sa.BigInteger),
    sa.Column("currency", sa.Text),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("changed_at", _AT, nullable=False),
    sa.CheckConstraint("(price IS NULL) = (currency IS NULL)", name="price_has_currency"),
)
