"""The lake's tables as Ibis knows them: names and types, bound to no connection."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from regulars.domains.insights.model import derived, lake_tables

_TYPES: Mapping[pa.DataType, str] = {
    pa.uuid(): "uuid",
    pa.timestamp("us", tz="UTC"): "timestamp('UTC', 6)",
    pa.string(): "string",
    pa.int64(): "int64",
    pa.int32(): "int32",
    pa.bool_(): "boolean",
    pa.date32(): "date",
}

SCHEMAS: Mapping[str, ibis.Schema] = {
    **{name: ibis.schema({field.name: _TYPES[field.type] for field in table.schema}) for name, table in lake_tables.TABLES.items()},
    **{name: ibis.schema(columns) for name, columns in derived.SCHEMAS.items()},
}


def table(name: str) -> ir.Table:
    """The table of this name, to build expressions on. Raises ``KeyError`` for one that the lake does not have."""
    return ibis.table(SCHEMAS[name], name=name)
