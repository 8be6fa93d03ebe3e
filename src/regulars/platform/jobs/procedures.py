"""procrastinate's own tables, types and functions, as its release brings them."""

import re

import procrastinate
from sqlalchemy.engine import Connection

from regulars.platform import db


def schema_sql() -> str:
    """Everything procrastinate needs, as one script of many statements. Needs no extension that PostgreSQL doesn't bring itself."""
    return procrastinate.schema.SchemaManager.get_schema()


def install(tx: Connection) -> None:
    """The queue exists. For a database that has none; a later release of procrastinate brings migrations of its own."""
    db.driver(tx).execute(schema_sql().encode())


def uninstall(tx: Connection) -> None:
    """No trace of the queue is left, waiting jobs included."""
    script = schema_sql()
    statements = [f"DROP TABLE IF EXISTS {name} CASCADE" for name in re.findall(r"CREATE TABLE (\w+)", script)]
    statements += [f"DROP FUNCTION IF EXISTS {name} CASCADE" for name in re.findall(r"CREATE FUNCTION (\w+)", script)]
    statements += [f"DROP TYPE IF EXISTS {name} CASCADE" for name in re.findall(r"CREATE TYPE (\w+)", script)]
    db.driver(tx).execute(";".join(statements).encode())
