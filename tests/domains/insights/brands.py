"""A small brand that lives through the real engine, and looks at the lake it was exported to."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow.parquet as pq

from regulars.domains.insights.service import exporting
from regulars.domains.insights.tasks import export_lake
from regulars.domains.loyalty import service as loyalty
from regulars.domains.loyalty.model import Fact
from regulars.domains.members.model import MemberRef
from regulars.platform import batching
from regulars.platform.db import Database
from regulars.platform.lake import reading
from regulars.platform.lake.manifests import Manifest
from tests.domains.loyalty import programmes
from tests.domains.loyalty.conftest import done
from tests.domains.loyalty.test_applying import refund
from tests.support import factories


def opened(db: Database, *, zone: str = "Europe/London", members: int = 2) -> list[MemberRef]:
    """A plain programme is in force and there are members."""
    with db.transaction() as ctx:
        text = programmes.PLAIN.replace("Europe/London", zone)
        loyalty.publish(ctx, loyalty.add_draft(ctx, text).version)
        return factories.enrol(ctx, members)


def take(db: Database, *facts: Fact) -> None:
    """The facts are recorded, all of them good."""
    done(batching.run(db, loyalty.handle, list(facts)))


def order(db: Database, member: MemberRef | None, number: str, amount: int = 1_000, *, at: datetime = factories.NOON) -> None:
    """An order of two lines: ``amount``, and a pound of ``extra``."""
    extra = factories.line(2, 100, product="extra", category="small")
    take(db, factories.paid(member, number, [factories.line(1, amount), extra], at=at))


def give_back(db: Database, member: MemberRef, number: str, amount: int) -> None:
    """Some of the order's first line is refunded."""
    take(db, refund(member, number, (1, amount), number=f"r-{number}"))


def export(db: Database, folder: Path, **more: Any) -> Manifest:
    """What an export published."""
    made = export_lake.run(db, folder, **more)
    if made is None:
        raise ValueError("nothing was published")
    return made


def rows(folder: Path, table: str, *columns: str) -> list[tuple[Any, ...]]:
    """These columns of every row of the lake's table, sorted."""
    with reading.opened(folder) as reader:
        found = [pq.read_table(path, columns=list(columns), partitioning=None) for path in reader.paths(table)]
    together = [row for one in found for row in zip(*(one.column(name).to_pylist() for name in columns), strict=True)]
    return sorted(together, key=str)


def numbers(folder: Path) -> list[str]:
    """The order numbers in the lake, each as often as it is there."""
    return [row[0] for row in rows(folder, "orders", "number")]


def differences(db: Database, folder: Path) -> list[str]:
    """What the lake's check finds, by name."""
    with db.reading() as ctx:
        return [found.what for found in exporting.check(ctx, folder)]


def owners(folder: Path) -> Sequence[tuple[UUID, UUID]]:
    """(subject, member) of the lake's map."""
    return rows(folder, "subject_members", "subject_id", "member_id")
