"""DuckDB, the embedded engine below Ibis: how it is opened, what it may do, and how an expression runs on it.

Expressions are built on tables by name, without a connection; here they become SQL and run. Another engine is another module like this.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import pyarrow as pa

THREADS = 2
MEMORY = "1GB"

Row = tuple[Any, ...]

_SQL = {
    dt.int32: "INTEGER",
    dt.int64: "BIGINT",
    dt.string: "VARCHAR",
    dt.boolean: "BOOLEAN",
    dt.uuid: "UUID",
    dt.date: "DATE",
    dt.Timestamp(timezone="UTC", scale=6): "TIMESTAMPTZ",
}


def opened(*, spill: Path | None = None, threads: int = THREADS, memory: str = MEMORY) -> duckdb.DuckDBPyConnection:
    """A connection to an empty database in memory that speaks UTC, loads nothing from elsewhere, and spills to ``spill`` if at all."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": threads,
            "memory_limit": memory,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "temp_directory": str(spill) if spill is not None else "",
            "preserve_insertion_order": False,
        },
    )
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def sql_of(expression: ir.Table) -> str:
    """The statement DuckDB runs for the expression."""
    return str(ibis.to_sql(expression, dialect="duckdb"))


def rows(connection: duckdb.DuckDBPyConnection, expression: ir.Table) -> list[Row]:
    """All rows of the expression."""
    return fetch(connection, sql_of(expression))


def fetch(connection: duckdb.DuckDBPyConnection, statement: str) -> list[Row]:
    """All rows of the statement. Any number of threads may ask at once: each uses a cursor of its own."""
    with connection.cursor() as cursor:
        return cursor.execute(statement).fetchall()


def show(connection: duckdb.DuckDBPyConnection, files: Mapping[str, Sequence[Path]], schemas: Mapping[str, ibis.Schema]) -> None:
    """Each table of ``files`` is there by its name. One without files is there without rows, with the columns of ``schemas``."""
    for name, paths in files.items():
        if paths:
            listed = ", ".join(_text(str(path)) for path in paths)
            connection.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM read_parquet([{listed}], hive_partitioning = false)")
        else:
            connection.execute(f"CREATE OR REPLACE VIEW {name} AS {_nothing(schemas[name])}")


def _nothing(schema: ibis.Schema) -> str:
    columns = ", ".join(f'CAST(NULL AS {_SQL[kind]}) AS "{name}"' for name, kind in schema.items())
    return f"SELECT {columns} LIMIT 0"


def _cast(expression: ir.Table, schema: ibis.Schema) -> str:
    """The statement with each column cast: DuckDB widens sums to 128 bits behind Ibis's back, which Parquet would keep as floats."""
    columns = ", ".join(f'CAST("{name}" AS {_SQL[kind]}) AS "{name}"' for name, kind in schema.items())
    return f"SELECT {columns} FROM ({sql_of(expression)})"


def keep(connection: duckdb.DuckDBPyConnection, name: str, expression: ir.Table, schema: ibis.Schema) -> None:
    """The rows of the expression are a table of this connection, with the columns of ``schema``."""
    connection.execute(f"CREATE OR REPLACE TABLE {name} AS {_cast(expression, schema)}")


def give(connection: duckdb.DuckDBPyConnection, name: str, rows_: pa.Table) -> None:
    """The Arrow table's rows are a table of this connection."""
    connection.register("given", rows_)
    connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM given")
    connection.unregister("given")


def drop(connection: duckdb.DuckDBPyConnection, *names: str) -> None:
    """These tables of the connection are gone, and what they took."""
    for name in names:
        connection.execute(f"DROP TABLE IF EXISTS {name}")


def write(connection: duckdb.DuckDBPyConnection, expression: ir.Table, schema: ibis.Schema, file: Path, *, order: str) -> Path:
    """The rows of the expression are one Parquet file with the columns of ``schema``, in the order of the columns ``order``."""
    rows_ = f"{_cast(expression, schema)} ORDER BY {order}"
    connection.execute(f"COPY ({rows_}) TO {_text(str(file))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)")
    return file


def spread(connection: duckdb.DuckDBPyConnection, expression: ir.Table, schema: ibis.Schema, folder: Path, *, by: str) -> None:
    """The rows of the expression are Parquet files in ``folder/<by>=<value>/``, in no order."""
    folder.mkdir(parents=True, exist_ok=True)
    connection.execute(
        f"COPY ({_cast(expression, schema)}) TO {_text(str(folder))} (FORMAT parquet, PARTITION_BY ({by}), OVERWRITE_OR_IGNORE)"
    )


@contextmanager
def working(*, spill: Path | None = None, memory: str = MEMORY) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection for one piece of work, closed afterwards."""
    connection = opened(spill=spill, memory=memory)
    try:
        yield connection
    finally:
        connection.close()


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
