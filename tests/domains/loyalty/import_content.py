"""What a database holds in the business's own words: the same facts give the same content, whatever ids and clocks did."""

import hashlib
import re
from collections.abc import Iterable

from sqlalchemy import text

from regulars.app import schema
from regulars.platform.db import Database

# What differs between two runs of the same work: when it was written down, and ids that are drawn, not derived.
_VOLATILE = frozenset(
    {
        "recorded_at", "taken_at", "since", "opened_at", "changed_at", "created_at", "updated_at", "started_at", "finished_at", "available_after",
        "next_attempt_at", "occurred_at", "emitted_at", "at_commit", "bucket", "exposure_id", "event_id", "attempt_at",
    }
)  # fmt: skip
_LEFT_OUT = re.compile(r"imports|import_.*|outbox.*|procrastinate.*|alembic_version|programme_versions|operator.*|audit.*|member_keys|member_fields|member_blinds")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def content(db: Database) -> dict[str, str]:
    """A digest of every business table: members by their own id, without the moment of recording."""
    tables = [table for table in schema.metadata().sorted_tables if not _LEFT_OUT.fullmatch(table.name)]
    with db.reading() as ctx:
        names = {str(row[0]): f"member {row[1]}" for row in ctx.tx.execute(text("SELECT member_id, external_id FROM members"))}
        wires = {str(row[0]): row[1] for row in ctx.tx.execute(text("SELECT member_id, external_id FROM members"))}
        out = {}
        for table in tables:
            columns = [column.name for column in table.columns if column.name not in _VOLATILE]
            rows = ctx.tx.execute(text(f"SELECT row_to_json(r)::text FROM (SELECT {', '.join(map(_quoted, columns))} FROM {table.name}) r"))
            out[table.name] = _digest(_named(str(row[0]), names, wires) for row in rows)
    return out


def _quoted(name: str) -> str:
    return f'"{name}"'


def _named(row: str, names: dict[str, str], wires: dict[str, str]) -> str:
    from uuid import UUID

    from regulars.kernel import ids

    row = _UUID.sub(lambda found: names.get(found[0], found[0]), row)
    for found in set(re.findall(r"mbr_[0-9a-z]{26}", row)):
        row = row.replace(found, f"member {wires.get(str(UUID(int=ids.decode('mbr', found).int)), found)}")
    return row


def _digest(rows: Iterable[str]) -> str:
    ordered = sorted(rows)
    return f"{len(ordered)} rows {hashlib.sha256(chr(10).join(ordered).encode()).hexdigest()[:16]}"
