"""What a database holds in the business's own words, and order files for import tests."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import psycopg

from regulars.domains.experiments import service as experiments
from regulars.domains.loyalty import service as loyalty
from regulars.domains.orders.intake import service as intake
from regulars.domains.orders.intake.model import Import, Profile
from regulars.domains.orders.intake.planning import Plan, Wish
from regulars.kernel import ids
from regulars.platform import db as database
from regulars.platform.clock import MovableClock
from regulars.platform.db import Database
from regulars.platform.files.opening import Options
from tests.domains.loyalty import programmes
from tests.support import postgres

Raw = psycopg.Connection[tuple[object, ...]]
HEADER = ("Invoice", "InvoiceDate", "Customer ID", "StockCode", "Quantity", "Price")

# Everything the business knows, without what differs between two runs of the same work: the moment of recording, drawn ids, and
# hashes over such ids.
_CONTENT = {
    "orders": "subject_id, order_id, member_id, source, number, paid_at, currency, total, freight, store, channel, lines, refunded, "
    "refund_version",
    "refunds": "subject_id, refund_id, order_id, member_id, source, number, order_number, refunded_at, currency, total, lines",
    "refunds_waiting": "source, order_number, refund_id, body",
    "members": "external_id, joined_at, source, status, locale, store, version",
    "subject_members": "member_id, subject_id",
    "subjects": "subject_id",
    "claims": "kind, key, subject_id, ref, answer",
    "decisions": "member_id, seq, version, kind, ref, subject_id, at, programme, body, actor",
    "journal": "member_id, seq, n, unit, kind, amount, at, expires_at, available_at, ref, why",
    "point_lots": "member_id, unit, expires_at, available_at, amount",
    "point_totals": "member_id, unit, available, pending, held, debt, granted, received, spent, expired, reversed, sent",
    "point_usage": "member_id, rule, period_start, amount",
    "standings": "member_id, version, seq, as_of, joined_at, held_out, orders, spend, first_order_at, last_order_at, next_due_at",
    "tier_standings": "member_id, ladder, level, since, keep_until",
    "outbox": "name, key, payload",
}
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
_WIRE = re.compile(r"mbr_[0-9a-z]{26}")


def content(connection: Raw) -> dict[str, list[str]]:
    """Every business row as text, sorted, with members by their own id."""
    names = {str(row[0]): f"member {row[1]}" for row in connection.execute("SELECT member_id, external_id FROM members")}

    def named(row: str) -> str:
        row = _UUID.sub(lambda found: names.get(found[0], found[0]), row)
        return _WIRE.sub(lambda found: names.get(str(ids.decode("mbr", found[0])), found[0]), row)

    out = {}
    for table, columns in _CONTENT.items():
        rows = connection.execute(f"SELECT row_to_json(r)::text FROM (SELECT {columns} FROM {table}) r").fetchall()
        out[table] = sorted(named(str(row[0])) for row in rows)
    return out


def nobody_held_out(db: Database) -> None:
    """Who is held out follows from drawn ids: for two databases to agree, nobody is."""
    with db.transaction() as ctx:
        experiments.change_hold_out(ctx, experiments.hold_out(ctx).version, on=False)


def row(
    number: str, when: str = "2025-03-01 10:00", customer: str = "m1", product: str = "cup", quantity: int = 1, price: str = "10.00"
) -> tuple[str, ...]:
    """A row of ``HEADER``."""
    return (number, when, customer, product, str(quantity), price)


def written(path: Path, rows: Iterable[Sequence[str]], header: Sequence[str] = HEADER) -> Path:
    """A CSV file of the rows."""
    path.write_text("\n".join(",".join(one) for one in [header, *rows]) + "\n", encoding="utf-8")
    return path


def planned(path: Path, profile: Profile | None = None, **overrides: str) -> Plan:
    """How the file is read."""
    return intake.plan(path, Wish(overrides=overrides, profile=profile or Profile(), options=Options()))


def classes(one: Import) -> dict[str, int]:
    """Rows by class, only those there are; together they are all rows."""
    if sum(one.counts.classes.values()) != one.counts.rows:
        raise AssertionError(f"{one.counts} does not account for every row")
    return dict(one.counts.classes)


def member_of(connection: Raw, external_id: str) -> UUID:
    """The member's id."""
    found = connection.execute("SELECT member_id FROM members WHERE external_id = %s", (external_id,)).fetchone()
    if found is None or not isinstance(found[0], UUID):
        raise AssertionError(f"no member {external_id}")
    return found[0]


@contextmanager
def a_house(server: str, template: str, clock: MovableClock) -> Iterator[tuple[Database, Raw]]:
    """A fresh database with the plain programme and nobody held out."""
    for url in postgres.clone(server, template):
        db = database.connect(url, clock_=clock)
        with db.transaction() as ctx:
            loyalty.publish(ctx, loyalty.add_draft(ctx, programmes.PLAIN).version)
        nobody_held_out(db)
        with psycopg.connect(url, autocommit=True) as connection:
            yield db, connection
        db.close()
