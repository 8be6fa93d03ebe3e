"""Small lakes for tests: facts as a test says them, written as the export would."""

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq

from regulars.domains.insights.model import lake_tables
from regulars.domains.insights.service import deriving
from regulars.kernel import periods
from regulars.platform.lake import manifests
from regulars.platform.lake.manifests import File, Manifest

AS_OF = datetime(2026, 3, 1, 12, tzinfo=UTC)
LONDON, SHANGHAI = "Europe/London", "Asia/Shanghai"
NEVER = datetime(9999, 12, 31, tzinfo=UTC)
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


class Facts:
    """Rows of the lake, as short as a test can say them. Members are numbered; their ids are their numbers."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in lake_tables.TABLES}
        self._count = 0

    def member(self, no: int, joined: str = "2025-01-01T12:00Z", *, tier: str | None = None, held_out: bool = False, home: str = "") -> int:
        """A member with a subject of its own."""
        self._add("members", member_id=UUID(int=no), joined_at=_at(joined), source="test", status="active", store=home, held_out=held_out)
        self._add("subject_members", subject_id=UUID(int=no), member_id=UUID(int=no))
        if tier is not None:
            self._add("tier_standings", member_id=UUID(int=no), ladder="main", level=tier, since=_at(joined), keep_until=NEVER)
        return no

    def order(self, member: int | None, at: str, total: int = 1_000, *, refunded: int = 0, freight: int = 0, **codes: str) -> UUID:
        """A paid order, of a member or of nobody known; ``refunded`` of it an hour later."""
        self._count += 1
        order_id, subject = UUID(int=1 << 64 | self._count), UUID(int=(1 << 65 | self._count) if member is None else member)
        words = {"store": "", "channel": "", "first_product": "sku-1"} | codes
        when = _at(at)
        self._add(
            "orders",
            order_id=order_id,
            subject_id=subject,
            source="test",
            number=str(self._count),
            paid_at=when,
            currency="GBP",
            total=total,
            freight=freight,
            lines=1,
            recorded_at=when,
            **words,
        )
        if refunded:
            self.refund(member, at, refunded, order_id=order_id)
        return order_id

    def refund(self, member: int | None, at: str, total: int, *, order_id: UUID | None = None) -> None:
        """A refund, of an order or of none."""
        self._count += 1
        refund_id, subject = UUID(int=1 << 66 | self._count), UUID(int=member or 1 << 67 | self._count)
        when = _at(at)
        self._add(
            "refunds",
            refund_id=refund_id,
            order_id=order_id,
            subject_id=subject,
            refunded_at=when,
            currency="GBP",
            total=total,
            recorded_at=when,
        )

    def entry(self, member: int, kind: str, amount: int, at: str, expires: str | None = None, unit: str = "points") -> None:
        """A line of the journal."""
        self._count += 1
        when, ends = _at(at), NEVER if expires is None else _at(expires)
        self._add(
            "entries",
            member_id=UUID(int=member),
            seq=self._count,
            n=0,
            unit=unit,
            kind=kind,
            amount=amount,
            at=when,
            expires_at=ends,
            available_at=ALWAYS,
            recorded_at=when,
        )

    def _add(self, table: str, **row: Any) -> None:
        self.rows[table].append(row)


def published(folder: Path, rows: Rows, *, zone: str = LONDON, serial: int = 1, slice_orders: int = 10_000) -> Path:
    """The rows are the lake in ``folder``, derived tables too."""
    files = {name: [_written(folder, table, rows.get(name, ()), serial)] for name, table in lake_tables.TABLES.items()}
    return publish(folder, files, zone=zone, serial=serial, slice_orders=slice_orders)


def publish(folder: Path, files: Mapping[str, Sequence[Path]], *, zone: str = LONDON, serial: int = 1, slice_orders: int = 10_000) -> Path:
    """These files and what is derived from them are the lake in ``folder``."""
    made = deriving.derive(files, folder / f"derived-{serial}", zone=periods.zone(zone), slice_orders=slice_orders)
    tables = {name: tuple(_file(folder, path) for path in paths) for name, paths in {**files, **made}.items()}
    manifests.publish(
        folder,
        Manifest(
            lake_id=UUID(int=1),
            epoch=1,
            serial=serial,
            token=UUID(int=serial),
            watermark=serial,
            as_of=AS_OF,
            seconds=0.0,
            tables=tables,
            about={"zone": zone, "currency": "GBP"},
        ),
    )
    return folder


def _written(folder: Path, table: lake_tables.LakeTable, rows: Sequence[Mapping[str, Any]], serial: int) -> Path:
    path = folder / f"{table.name}-{serial}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = [_column([row[field.name] for row in rows], field.type) for field in table.schema]
    pq.write_table(pa.Table.from_arrays(columns, schema=table.schema), path)
    return path


def _column(values: list[Any], kind: pa.DataType) -> Any:
    if kind == pa.uuid():
        raw = pa.array([None if value is None else value.bytes for value in values], pa.binary(16))
        return pa.ExtensionArray.from_storage(pa.uuid(), raw)
    return pa.array(values, kind)


def _file(folder: Path, path: Path) -> File:
    return File(path=os.path.relpath(path, folder), rows=pq.read_metadata(path).num_rows, bytes=path.stat().st_size, digest="")


def day(text: str) -> date:
    """A date as a test writes it."""
    return date.fromisoformat(text)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
