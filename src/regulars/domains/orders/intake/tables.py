"""Tables of the intake: imports, the rows that wait in them, what was quarantined, saved mappings. No member is named in any key.

The spool and the personal values in it live only while an import runs; the values are sealed under a key of the import's own,
which goes with it.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from regulars.platform.db import metadata

_WHEN = sa.DateTime(timezone=True)
# Compared and sorted byte by byte: the order must not depend on a server's language, since imports resume by it.
_KEY = sa.Text(collation="C")

imports = sa.Table(
    "imports",
    metadata,
    sa.Column("import_id", sa.Uuid, primary_key=True),
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("settings", JSONB, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    # Rows read.
    sa.Column("position", sa.BigInteger, nullable=False),
    # The guard of every write of this row.
    sa.Column("step", sa.BigInteger, nullable=False),
    # While rows are recorded: without what the lanes did of it.
    sa.Column("progress", sa.Float, nullable=False),
    sa.Column("counts", JSONB, nullable=False),
    sa.Column("wrapped_key", sa.LargeBinary),
    # Whether orders of the same source were there before: then refunds look for their sales among those too.
    sa.Column("history", sa.Boolean, nullable=False),
    sa.Column("started_at", _WHEN, nullable=False),
    sa.Column("updated_at", _WHEN, nullable=False),
    sa.Column("finished_at", _WHEN),
    sa.Index(None, "started_at"),
    sa.CheckConstraint("state IN ('reading', 'applying', 'done', 'abandoned')", name="state"),
)
import_lanes = sa.Table(
    "import_lanes",
    metadata,
    # A share of the customers, recorded by itself: from low (none: the first) up to high (none: the last, and nobody), without high.
    # Lanes live while an import is recorded.
    sa.Column("import_id", sa.Uuid, primary_key=True),
    sa.Column("lane", sa.Integer, primary_key=True),
    sa.Column("low", _KEY),
    sa.Column("high", _KEY),
    # Customers before this one are done, and so many orders and refunds of it.
    sa.Column("cursor_customer", _KEY),
    sa.Column("cursor_done", sa.BigInteger, nullable=False),
    sa.Column("done", sa.Boolean, nullable=False),
    # The guard of every write of this row.
    sa.Column("step", sa.BigInteger, nullable=False),
    sa.Column("progress", sa.Float, nullable=False),
    sa.Column("counts", JSONB, nullable=False),
    sa.Column("updated_at", _WHEN, nullable=False),
)
import_rows = sa.Table(
    "import_rows",
    metadata,
    # No key: rows only come in by COPY, guarded by the import's position, are read whole and in one order, and go together.
    sa.Column("import_id", sa.Uuid, nullable=False),
    sa.Column("row_no", sa.BigInteger, nullable=False),
    sa.Column("order_no", _KEY, nullable=False),
    sa.Column("customer", _KEY, nullable=False),
    sa.Column("at", _WHEN, nullable=False),
    sa.Column("product", _KEY, nullable=False),
    sa.Column("quantity", sa.BigInteger, nullable=False),
    sa.Column("price", _KEY, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("discount", sa.BigInteger, nullable=False),
    sa.Column("tax", sa.BigInteger, nullable=False),
    sa.Column("freight", sa.BigInteger, nullable=False),
    sa.Column("currency", _KEY, nullable=False),
    sa.Column("category", _KEY, nullable=False),
    sa.Column("store", _KEY, nullable=False),
    sa.Column("channel", _KEY, nullable=False),
)
import_people = sa.Table(
    "import_people",
    metadata,
    sa.Column("import_id", sa.Uuid, primary_key=True),
    sa.Column("customer", _KEY, primary_key=True),
    sa.Column("row_no", sa.BigInteger, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
import_quarantine = sa.Table(
    "import_quarantine",
    metadata,
    sa.Column("import_id", sa.Uuid, nullable=False),
    sa.Column("row_no", sa.BigInteger, nullable=False),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    # True: the row went in, only this value of it did not.
    sa.Column("kept", sa.Boolean, nullable=False),
    sa.Index(None, "import_id", "row_no"),
)
import_mappings = sa.Table(
    "import_mappings",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("columns", JSONB, nullable=False),
    sa.Column("profile", JSONB, nullable=False),
    sa.Column("saved_at", _WHEN, nullable=False),
)
