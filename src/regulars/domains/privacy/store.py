"""The only statements that reach into every slice's tables: they know them by the registry, and by nothing else."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from regulars.platform import db


def rows(tx: Connection, table: str, key: str, *, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Every row of ``table`` whose ``key`` is one of ``ids``, by its primary key."""
    known = db.metadata.tables[table]
    found = tx.execute(sa.select(known).where(known.c[key].in_(ids)).order_by(*known.primary_key.columns))
    return [dict(row) for row in found.mappings()]


def delete(tx: Connection, table: str, key: str, *, ids: Sequence[UUID]) -> int:
    """Remove every row of ``table`` whose ``key`` is one of ``ids``; return how many there were."""
    known = db.metadata.tables[table]
    return tx.execute(sa.delete(known).where(known.c[key].in_(ids))).rowcount
