"""A brand that never was, written straight into a lake: a million members, twenty million orders, the same for the same seed.

Members join over three years. Each orders at a rate of their own (gamma), so that most come rarely and a few every week; one order in
ten is anonymous, one in twenty-five is refunded, a third of these wholly. Every member order grants points.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from regulars.domains.insights.model import lake_tables
from regulars.kernel import periods
from regulars.platform.lake import manifests
from regulars.platform.lake.manifests import File, Manifest

BEGIN = datetime(2023, 1, 1, tzinfo=UTC)
DAYS = 1_096
_SECONDS = DAYS * 86_400
_START_US = int(BEGIN.timestamp()) * 1_000_000
_WHEN = pa.timestamp("us", tz="UTC")
_SLOT = timedelta(minutes=15)

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large the brand is. ``seed`` decides everything else."""

    members: int = 1_000_000
    orders: int = 20_000_000
    stores: int = 60
    products: int = 2_000
    seed: int = 7
    zone: str = "Europe/London"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Orders:
    """Orders in the order of their time: the owner (-1: anonymous), seconds since the beginning, and the id's bytes."""

    owner: Ints
    at: Ints
    total: Ints
    store: Ints
    channel: Ints
    product: Ints
    ids: NDArray[np.uint8]


def write(folder: Path, size: Size) -> int:
    """The brand's lake lies in ``folder``; returns how many orders it has."""
    chance = np.random.default_rng(size.seed)
    members = _ids(chance, size.members)
    joined = np.sort(chance.integers(0, _SECONDS - 86_400, size.members))
    _write_members(folder, chance, members, joined, size)
    orders = _orders(chance, joined, size)
    for name, rows in _by_month(orders.at):
        _write_month(folder, name, rows, orders=orders, members=members, chance=chance)
    _write_calendar(folder, periods.zone(size.zone))
    return int(orders.at.size)


def publish(folder: Path, zone: str, derived: Mapping[str, Sequence[Path]]) -> None:
    """What lies in ``folder`` and is ``derived`` from it is a lake that can be asked."""
    facts = {place.name: sorted(place.glob("*.parquet")) for place in folder.iterdir() if place.name in lake_tables.TABLES}
    tables = {name: tuple(_file(folder, path) for path in paths) for name, paths in {**facts, **derived}.items()}
    manifest = Manifest(
        lake_id=UUID(int=1),
        epoch=1,
        serial=1,
        token=UUID(int=1),
        watermark=1,
        as_of=BEGIN + timedelta(days=DAYS),
        seconds=0.0,
        tables=tables,
        about={"zone": zone, "currency": "GBP"},
    )
    manifests.publish(folder, manifest)


def _file(folder: Path, path: Path) -> File:
    return File(path=str(path.relative_to(folder)), rows=pq.read_metadata(path).num_rows, bytes=path.stat().st_size, digest="")


def _ids(chance: np.random.Generator, count: int) -> NDArray[np.uint8]:
    return np.frombuffer(chance.bytes(count * 16), dtype=np.uint8).reshape(count, 16)


def _orders(chance: np.random.Generator, joined: Ints, size: Size) -> _Orders:
    anonymous = size.orders // 10
    known = size.orders - anonymous
    # Members early enough and eager enough order more; everybody who joins orders once, on that day.
    weight = chance.gamma(0.8, 1.0, size.members) * (_SECONDS - joined)
    more = chance.multinomial(known - size.members, weight / weight.sum())
    owner = np.repeat(np.arange(size.members), more)
    later = joined[owner] + (chance.random(owner.size) * (_SECONDS - joined[owner])).astype(np.int64)
    owners = np.concatenate([np.arange(size.members), owner, np.full(anonymous, -1)])
    at = np.concatenate([joined, later, chance.integers(0, _SECONDS, anonymous)])
    order = np.argsort(at, kind="stable")
    count = order.size
    return _Orders(
        owner=owners[order],
        at=at[order],
        total=chance.gamma(2.0, 2_000.0, count).astype(np.int64) + 1,
        store=chance.integers(0, size.stores, count),
        channel=chance.choice(4, count, p=(0.5, 0.25, 0.15, 0.1)),
        product=np.minimum(chance.zipf(1.3, count), size.products) - 1,
        ids=_ids(chance, count),
    )


def _by_month(at: Ints) -> Iterator[tuple[str, slice]]:
    first = BEGIN.date()
    begin = 0
    while begin < at.size:
        after = periods.add_months(first, 1)
        end = int(np.searchsorted(at, (after - BEGIN.date()).days * 86_400))
        yield f"{first:%Y-%m}", slice(begin, end)
        begin, first = end, after


def _write_month(folder: Path, name: str, rows: slice, *, orders: _Orders, members: NDArray[np.uint8], chance: np.random.Generator) -> None:
    owner, ids = orders.owner[rows], orders.ids[rows]
    count = owner.size
    subjects = np.where((owner >= 0)[:, None], members[owner], ids)
    at = _instants(orders.at[rows])
    zero = pa.array(np.zeros(count, dtype=np.int64))
    paid = {
        "order_id": _uuids(ids),
        "subject_id": _uuids(subjects),
        "source": _coded(np.zeros(count, dtype=np.int64), ["shop"]),
        "number": pa.array(np.char.add("N", np.arange(rows.start, rows.stop).astype(str))),
        "paid_at": at,
        "currency": _coded(np.zeros(count, dtype=np.int64), ["GBP"]),
        "total": pa.array(orders.total[rows]),
        "freight": zero,
        "store": _coded(orders.store[rows], [f"store-{no:03}" for no in range(int(orders.store.max()) + 1)]),
        "channel": _coded(orders.channel[rows], ["app", "shop", "web", "phone"]),
        "lines": pa.array(np.ones(count, dtype=np.int32)),
        "first_product": _coded(orders.product[rows], [f"sku-{no:04}" for no in range(int(orders.product.max()) + 1)]),
        "recorded_at": at,
    }
    _put(folder, "orders", name, paid)
    back = np.flatnonzero(chance.random(count) < 0.04)
    whole = chance.random(back.size) < 1 / 3
    total = np.where(whole, orders.total[rows][back], orders.total[rows][back] // 2)
    when = _instants(orders.at[rows][back] + 86_400)
    refunds = {
        "refund_id": _uuids(_ids(chance, back.size)),
        "order_id": _uuids(ids[back]),
        "subject_id": _uuids(subjects[back]),
        "refunded_at": when,
        "currency": _coded(np.zeros(back.size, dtype=np.int64), ["GBP"]),
        "total": pa.array(total),
        "recorded_at": when,
    }
    _put(folder, "refunds", name, refunds)
    _write_grants(folder, name, members[owner[owner >= 0]], orders.at[rows][owner >= 0], orders.total[rows][owner >= 0] // 100 + 1)


def _write_grants(folder: Path, name: str, member: NDArray[np.uint8], at: Ints, amount: Ints) -> None:
    when, count = _instants(at), at.size
    granted = {
        "member_id": _uuids(member),
        "seq": pa.array(np.arange(count)),
        "n": pa.array(np.zeros(count, dtype=np.int32)),
        "unit": _coded(np.zeros(count, dtype=np.int64), ["points"]),
        "kind": _coded(np.zeros(count, dtype=np.int64), ["grant"]),
        "amount": pa.array(amount),
        "at": when,
        "expires_at": _instants((at // 86_400 // 30 + 13) * 30 * 86_400),
        "available_at": when,
        "recorded_at": when,
    }
    _put(folder, "entries", name, granted)


def _write_members(folder: Path, chance: np.random.Generator, members: NDArray[np.uint8], joined: Ints, size: Size) -> None:
    count = size.members
    store = chance.integers(0, size.stores, count)
    _put(
        folder,
        "members",
        "all",
        {
            "member_id": _uuids(members),
            "joined_at": _instants(joined),
            "source": _coded(np.zeros(count, dtype=np.int64), ["import"]),
            "status": _coded(np.zeros(count, dtype=np.int64), ["active"]),
            "store": _coded(store, [f"store-{no:03}" for no in range(size.stores)]),
            "held_out": pa.array(chance.random(count) < 0.05),
        },
    )
    _put(folder, "subject_members", "all", {"subject_id": _uuids(members), "member_id": _uuids(members)})
    since = _instants(joined)
    levels = chance.choice(4, count, p=(0.7, 0.2, 0.08, 0.02))
    standing = {
        "member_id": _uuids(members),
        "ladder": _coded(np.zeros(count, dtype=np.int64), ["tiers"]),
        "level": _coded(levels, ["member", "silver", "gold", "platinum"]),
        "since": since,
        "keep_until": since,
    }
    _put(folder, "tier_standings", "all", standing)


def _write_calendar(folder: Path, zone: periods.Zone) -> None:
    starts = [BEGIN + _SLOT * no for no in range((DAYS + 2) * 96)]
    days: list[date] = [periods.local_date(start, zone) for start in starts]
    _put(
        folder,
        "calendar",
        "all",
        {
            "slot_start": pa.array(starts, _WHEN),
            "local_day": pa.array(days, pa.date32()),
            "local_week": pa.array([day - timedelta(days=day.weekday()) for day in days], pa.date32()),
            "local_month": pa.array([day.replace(day=1) for day in days], pa.date32()),
            "local_hour": pa.array([periods.local_minute_of_day(start, zone) // 60 for start in starts], pa.int32()),
        },
    )


def _uuids(raw: NDArray[np.uint8]) -> Any:
    stored = pa.Array.from_buffers(pa.binary(16), len(raw), [None, pa.py_buffer(raw.tobytes())])
    return pa.ExtensionArray.from_storage(pa.uuid(), stored)


def _instants(seconds: Ints) -> Any:
    return pa.array(seconds * 1_000_000 + _START_US, pa.int64()).cast(_WHEN)


def _coded(codes: Ints, words: list[str]) -> Any:
    return pa.DictionaryArray.from_arrays(codes.astype(np.int32), pa.array(words))


def _put(folder: Path, table: str, part: str, columns: dict[str, Any]) -> None:
    place = folder / table
    place.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), place / f"{part}.parquet", compression="zstd", row_group_size=1 << 19)
