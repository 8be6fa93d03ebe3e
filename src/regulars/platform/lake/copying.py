"""Rows of a statement as Arrow batches, by PostgreSQL's binary COPY: nothing passes through Python objects."""

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa
from adbc_driver_postgresql import dbapi

from regulars.platform.db import Database


@contextmanager
def batches(db: Database, statement: str) -> Iterator[pa.RecordBatchReader]:
    """The rows of ``statement`` as they come, on a connection of their own that ends with the block."""
    url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with dbapi.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        yield cursor.fetch_record_batch()
