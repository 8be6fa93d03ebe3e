"""The derived tables as Ibis expressions over the lake's facts, in steps that each become a table of the working connection.

Days come from the calendar that is given, by quarters of an hour: every zone's day begins on one. Nothing here knows a zone.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

from regulars.domains.insights.model import derived
from regulars.domains.insights.store import engine, tables

SLOT_SECONDS = 900
SOURCES = ("orders", "refunds", "entries", "members", "subject_members", "tier_standings")
MEMORY = "2GB"
SLICE = 2_000_000
"""About as many orders are sorted at once, unless told otherwise."""
ANONYMOUS = -1
"""The slice of orders that belong to no member."""

_CALENDAR = ibis.table({"slot": "int64", "day": "int32", "week": "int32", "month": "int32"}, name="slots")
_PEOPLE = ibis.table(
    {"member_no": "int32", "member_id": "uuid", "joined": "int32", "home": "string", "tier": "string", "held_out": "boolean"}, name="people"
)
_FACTS = ibis.table(
    {
        "order_id": "uuid",
        "number": "string",
        "paid_at": "timestamp('UTC', 6)",
        "day": "int32",
        "week": "int32",
        "month": "int32",
        "member_no": "int32",
        "store": "string",
        "channel": "string",
        "product": "string",
        "total": "int64",
        "refunded": "int64",
        "kept": "boolean",
    },
    name="facts",
)
_COUNTED = ibis.table({**_FACTS.schema(), "leads": "boolean"}, name="counted")
_FLAGS = ("leads", "leads_week", "leads_month")
_NUMBERS = ("n", "gap", "next_gap")
_LED = ibis.table({**_FACTS.schema(), **dict.fromkeys(_FLAGS, "boolean"), **dict.fromkeys(_NUMBERS, "int32")}, name="led")
# What takes a place in a lot, and what leaves it; a release moves points between two lots that lapse together.
INTO_LOTS = ("grant", "receive", "restore", "unhold", "return")
OUT_OF_LOTS = ("settle", "spend", "hold", "expire", "reverse", "deduct", "send")


def span(files: Mapping[str, Sequence[Path]]) -> tuple[int, int] | None:
    """The first and the last quarter of an hour (since 1970) that any fact lies in; ``None`` when there is none."""
    seen = [
        tables.table(name).aggregate(low=_slot(tables.table(name)[column]).min(), high=_slot(tables.table(name)[column]).max())
        for name, column in (("orders", "paid_at"), ("refunds", "refunded_at"), ("entries", "at"), ("members", "joined_at"))
    ]
    lapsing = _lapsing()
    seen.append(lapsing.aggregate(low=_slot(lapsing.expires_at).min(), high=_slot(lapsing.expires_at).max()))
    with engine.working() as connection:
        engine.show(connection, {name: files.get(name, ()) for name in SOURCES}, tables.SCHEMAS)
        every = ibis.union(*seen)
        low, high = engine.rows(connection, every.aggregate(low=every.low.min(), high=every.high.max()))[0]
    return None if low is None else (int(low), int(high))


def write(files: Mapping[str, Sequence[Path]], calendar: pa.Table, into: Path, *, spill: Path, slice_orders: int) -> dict[str, list[Path]]:
    """Every derived table is one or more Parquet files in ``into``; returns them by name.

    ``calendar``: slot, day, week, month for the whole span. Members are worked through in slices of about ``slice_orders``:
    what has to be sorted at once fits into memory however many orders there are.
    """
    made: dict[str, list[Path]] = {name: [] for name in derived.SCHEMAS}
    with engine.working(spill=spill, memory=MEMORY) as connection:
        engine.show(connection, {name: files.get(name, ()) for name in SOURCES}, tables.SCHEMAS)
        engine.give(connection, "slots", calendar)
        engine.keep(connection, "people", _people(), _PEOPLE.schema())
        for name, (expression, order) in _whole().items():
            made[name].append(engine.write(connection, expression, tables.SCHEMAS[name], into / f"{name}.parquet", order=order))
        counts = (tables.table("orders").count().as_table(), _PEOPLE.count().as_table())
        orders, members = (int(engine.rows(connection, count)[0][0]) for count in counts)
        width = -(-max(members, 1) // (orders // slice_orders + 1))
        engine.spread(connection, _facts(width), ibis.schema({**_FACTS.schema(), "slice": "int32"}), spill / "facts", by="slice")
        for part in range(-(-max(members, 1) // width)):
            _write_slice(connection, part, width=width, spill=spill, into=into, made=made)
        _write_slice(connection, ANONYMOUS, width=width, spill=spill, into=into, made=made)
    return made


def _write_slice(
    connection: duckdb.DuckDBPyConnection, part: int, *, width: int, spill: Path, into: Path, made: dict[str, list[Path]]
) -> None:
    """The orders of one slice of members, and these members, are written."""
    engine.show(connection, {"facts": sorted((spill / "facts" / f"slice={part}").glob("*.parquet"))}, {"facts": _FACTS.schema()})
    engine.keep(connection, "counted", _counted(), _COUNTED.schema())
    engine.keep(connection, "led", _led(), _LED.schema())
    results = {derived.ORDERS: (_orders(), "day, member_no")}
    if part != ANONYMOUS:
        these = _PEOPLE.filter((_PEOPLE.member_no >= part * width) & (_PEOPLE.member_no < (part + 1) * width))
        results[derived.MEMBERS] = (_members(these), "member_no")
    for name, (expression, order) in results.items():
        file = into / f"{name}-{part + 1:03}.parquet"
        made[name].append(engine.write(connection, expression, tables.SCHEMAS[name], file, order=order))


def _whole() -> dict[str, tuple[ir.Table, str]]:
    """The derived tables that are made in one piece, and the columns they are sorted by."""
    return {
        derived.REFUNDS: (_refunds(), "day"),
        derived.POINTS: (_points(), "day, unit, kind, tier, held_out"),
        derived.LOTS: (_lots(), "expires, unit, tier, held_out"),
    }


def _slot(at: ir.TimestampValue) -> ir.IntegerValue:
    """Quarters of an hour since 1970."""
    return (at.epoch_seconds() // SLOT_SECONDS).cast("int64")


def _lapsing() -> ir.Table:
    """Entries of lots whose validity ends."""
    entries = tables.table("entries")
    return entries.filter(entries.expires_at < ibis.timestamp("9999-01-01 00:00:00+00:00"))


def _beside(left: ir.Table, right: ir.Table, key: str) -> ir.Table:
    """Each row of ``left`` with what ``right``, which has every ``key`` once at most, knows about it."""
    return left.left_join(right, key, rname="{name}_again").drop(f"{key}_again")


def _people() -> ir.Table:
    """Members numbered by id, with where they stand now."""
    members, standings = tables.table("members"), tables.table("tier_standings")
    one = standings.filter(standings.ladder == "main")
    levels = one.select("member_id", "level")
    joined = _beside(_beside(members.mutate(slot=_slot(members.joined_at)), levels, "member_id"), _CALENDAR, "slot")
    return joined.select(
        ibis.row_number().over(ibis.window(order_by=joined.member_id)).cast("int32").name("member_no"),
        joined.member_id,
        joined.day.name("joined"),
        joined.store.name("home"),
        joined.level.name("tier"),
        joined.held_out,
    )


def _facts(width: int) -> ir.Table:
    """Orders with their day, their member and what of them came back, in slices of ``width`` members."""
    orders, subjects, refunds = tables.table("orders"), tables.table("subject_members"), tables.table("refunds")
    back = refunds.filter(refunds.order_id.notnull()).group_by("order_id").aggregate(refunded=refunds.total.sum().cast("int64"))
    owners = subjects.inner_join(_PEOPLE, "member_id").select("subject_id", "member_no")
    found = _beside(
        _beside(orders.mutate(slot=_slot(orders.paid_at)).inner_join(_CALENDAR, "slot"), owners, "subject_id"), back, "order_id"
    )
    refunded = found.refunded.coalesce(0)
    return found.select(
        found.order_id,
        found.number,
        found.paid_at,
        found.day,
        found.week,
        found.month,
        found.member_no,
        found.store,
        found.channel,
        found.first_product.name("product"),
        found.total,
        refunded.name("refunded"),
        # An order of free lines only has nothing to refund and counts.
        (~((refunded > 0) & (refunded >= found.total - found.freight))).name("kept"),
        (found.member_no // width).cast("int32").coalesce(ANONYMOUS).name("slice"),
    )


def _counted() -> ir.Table:
    """The members' kept orders; the first of a day leads it."""
    known = _FACTS.filter(_FACTS.kept & _FACTS.member_no.notnull())
    before = known.day.lag().over(ibis.window(group_by=known.member_no, order_by=[known.paid_at, known.number, known.order_id]))
    return known.mutate(leads=before.isnull() | (before != known.day))


def _led() -> ir.Table:
    """One row a member and day with kept orders: its number, and the days to those around it."""
    led = _COUNTED.filter(_COUNTED.leads).drop("leads")
    around = ibis.window(group_by=led.member_no, order_by=led.day)
    before = {name: led[name].lag().over(around) for name in ("week", "month")}
    return led.mutate(
        leads=ibis.literal(value=True),
        leads_week=before["week"].isnull() | (before["week"] != led.week),
        leads_month=before["month"].isnull() | (before["month"] != led.month),
        n=(ibis.row_number().over(around) + 1).cast("int32"),
        gap=(led.day - led.day.lag().over(around)).cast("int32"),
        next_gap=(led.day.lead().over(around) - led.day).cast("int32"),
    )


def _orders() -> ir.Table:
    """All orders: those that lead a day with its numbers, the others without."""
    nothing = {name: ibis.literal(value=False) for name in _FLAGS} | {name: ibis.null("int32") for name in _NUMBERS}
    columns = [*_FACTS.columns, *_FLAGS, *_NUMBERS]
    following = _COUNTED.filter(~_COUNTED.leads).drop("leads").mutate(**nothing).select(columns)
    uncounted = _FACTS.filter(~(_FACTS.kept & _FACTS.member_no.notnull())).mutate(**nothing).select(columns)
    firsts = _LED.filter(_LED.n == 1).select("member_no", first="day", first_month="month")
    every = _beside(ibis.union(_LED.select(columns), following, uncounted), firsts, "member_no")
    found = _beside(every, _PEOPLE.select("member_no", "tier", "held_out"), "member_no")
    kind = ibis.cases(
        (found.member_no.isnull(), derived.ANONYMOUS),
        (found["first"].isnull() | (found.day <= found["first"]), derived.NEW),
        else_=derived.RETURNING,
    )
    return found.mutate(kind=kind).select(list(derived.SCHEMAS[derived.ORDERS]))


def _members(people: ir.Table) -> ir.Table:
    """These members with what their kept orders amount to."""
    days = _LED.group_by("member_no").aggregate(
        first=_LED.day.min(),
        second=_LED.day.min(where=_LED.n == 2),
        last=_LED.day.max(),
        first_month=_LED.month.min(),
        last_month=_LED.month.max(),
        order_days=_LED.count().cast("int32"),
    )
    sums = _COUNTED.group_by("member_no").aggregate(
        orders=_COUNTED.count().cast("int32"), spend=(_COUNTED.total - _COUNTED.refunded).sum().cast("int64")
    )
    firsts = _LED.filter(_LED.n == 1).select("member_no", "store", "channel", "product")
    found = _beside(_beside(_beside(people, days, "member_no"), sums, "member_no"), firsts, "member_no")
    counts = {name: found[name].coalesce(0) for name in ("order_days", "orders", "spend")}
    return found.mutate(**counts).select(list(derived.SCHEMAS[derived.MEMBERS]))


def _refunds() -> ir.Table:
    """All refunds by the day they were made."""
    refunds, orders, subjects = tables.table("refunds"), tables.table("orders"), tables.table("subject_members")
    owners = subjects.inner_join(_PEOPLE, "member_id").select("subject_id", "member_no", "tier", "held_out")
    made = refunds.mutate(slot=_slot(refunds.refunded_at)).select("slot", "subject_id", "order_id", "total")
    found = _beside(
        _beside(made.inner_join(_CALENDAR, "slot"), owners, "subject_id"), orders.select("order_id", "store", "channel"), "order_id"
    )
    return found.mutate(matched=found.order_id.notnull()).select(list(derived.SCHEMAS[derived.REFUNDS]))


def _points() -> ir.Table:
    entries = tables.table("entries")
    found = _beside(entries.mutate(slot=_slot(entries.at)).inner_join(_CALENDAR, "slot"), _PEOPLE.drop("joined", "home"), "member_id")
    keys = ["day", "month", "unit", "kind", "tier", "held_out"]
    summed = found.group_by(keys).aggregate(amount=found.amount.sum().cast("int64"), entries=found.count())
    return summed.select(list(derived.SCHEMAS[derived.POINTS]))


def _lots() -> ir.Table:
    """What is left in lots, by the day they lapse. The slot of the last valid instant: a lot is valid *until* ``expires_at``."""
    entries = tables.table("entries")
    sign = ibis.cases((entries.kind.isin(INTO_LOTS), 1), (entries.kind.isin(OUT_OF_LOTS), -1), else_=0)
    lapses = entries.expires_at < ibis.timestamp("9999-01-01 00:00:00+00:00")
    signed = entries.mutate(slot=ibis.ifelse(lapses, _slot(entries.expires_at) - 1, ibis.null("int64")), signed=entries.amount * sign)
    found = _beside(_beside(signed, _CALENDAR, "slot"), _PEOPLE.drop("joined", "home"), "member_id")
    keys = ["expires", "month", "unit", "tier", "held_out"]
    summed = found.mutate(expires=found.day).group_by(keys).aggregate(amount=found.signed.sum().cast("int64"))
    return summed.filter(summed.amount != 0).select(list(derived.SCHEMAS[derived.LOTS]))


def connection_of(files: Mapping[str, Sequence[Path]]) -> duckdb.DuckDBPyConnection:
    """A connection for reading the tables of ``files``."""
    connection = engine.opened()
    engine.show(connection, files, tables.SCHEMAS)
    return connection
