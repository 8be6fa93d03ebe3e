"""The whole retail file, imported and exported as in production, beside what was decided of it."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import psycopg

from regulars.domains.insights.model.report import Report
from regulars.domains.insights.service import reporting
from regulars.domains.insights.tasks import export_lake
from regulars.domains.loyalty.tasks import import_orders
from tests.domains.insights.by_hand import CHANNEL, Hand, Row
from tests.domains.loyalty.import_content import classes, planned
from tests.domains.loyalty.test_import_retail import FILE, furnished

# What the engine decided is no part of the file: it is asked of PostgreSQL's own tables, in SQL that the product does not have.
DECIDED = {
    "standing": (
        ("customer", "tier", "held_out"),
        """SELECT m.external_id::bigint, t.level, h.held_out FROM members m
             LEFT JOIN tier_standings t USING (member_id) LEFT JOIN holdout_members h USING (member_id)""",
    ),
    "entries": (
        ("customer", "unit", "kind", "amount", "at"),
        "SELECT m.external_id::bigint, j.unit, j.kind, j.amount, j.at AT TIME ZONE 'UTC' FROM journal j JOIN members m USING (member_id)",
    ),
    "lots": (
        ("unit", "amount", "expires"),
        """SELECT unit, amount, CASE WHEN expires_at < '9999-01-01' THEN expires_at AT TIME ZONE 'UTC' END FROM point_lots
            WHERE amount <> 0""",
    ),
}


@dataclass(frozen=True)
class Both:
    """The lake in ``lake``, the same file by hand, and the report from PostgreSQL."""

    lake: Path
    hand: Hand
    report: Report


@dataclass(frozen=True)
class Exported:
    """The lake of the whole file, what became of its rows, the report from PostgreSQL, and the rows of ``DECIDED``."""

    lake: Path
    classes: dict[str, int]
    report: Report
    decided: dict[str, list[Row]]

    def tell(self, hand: Hand) -> None:
        """``hand`` knows what was decided."""
        for name, (columns, _) in DECIDED.items():
            hand.add(name, columns, self.decided[name])


def exported(url: str, folder: Path) -> Exported:
    """The file is in PostgreSQL and in a lake; its countries are the stores, and its numbers say a channel."""
    file = folder / "told.parquet"
    duckdb.sql(f"COPY (SELECT *, {CHANNEL.replace('number', 'Invoice')} AS Channel FROM '{FILE}') TO '{file}'")
    db = furnished(url)
    run = import_orders.run(db, planned(file, store="Country"))
    export_lake.run(db, folder / "lake")
    with db.reading() as ctx:
        report = reporting.report(ctx)
    db.close()
    with psycopg.connect(url, autocommit=True) as plain:
        decided = {name: plain.execute(statement).fetchall() for name, (_, statement) in DECIDED.items()}
    return Exported(lake=folder / "lake", classes=classes(run), report=report, decided=decided)
