"""What a sent file looks like and what an import of it would do, before it does anything. Nothing is recorded."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from regulars.domains.loyalty.tasks import upload_files
from regulars.domains.orders.intake import checks, columns, reasons, times
from regulars.domains.orders.intake import service as intake
from regulars.domains.orders.intake.model import PERSONAL, Field, Profile
from regulars.domains.orders.intake.planning import Plan, Wish
from regulars.kernel.problem import Problem
from regulars.kernel.text import Text
from regulars.platform.files import opening
from regulars.platform.files.model import Batch, Table

LOOKED_AT = 1_000
SHOWN = 20
SAMPLES = 5
HIDDEN = "•••"
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of the file: what it means, if anything, and some of its first values (hidden when they are personal)."""

    name: str
    field: Field | None
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """So many of the rows looked at would be quarantined for this reason; ``line`` and ``value`` are the first one's."""

    code: str
    text: Text
    rows: int
    line: int
    field: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The file, its columns and first rows, and the settings that were found out. ``problems`` stand in the way of an import.

    Of the first ``looked_at`` rows ``refunds`` and ``adjustments`` have those prefixes, and ``warnings`` would be quarantined.
    """

    kind: str
    notes: tuple[Text, ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    profile: Profile
    looked_at: int
    refunds: int
    adjustments: int
    warnings: tuple[Warned, ...]
    problems: tuple[Problem, ...]


def preview(path: Path, name: str, wish: Wish, *, now: datetime, settlement: str) -> Preview:
    """What the file holds under these wishes. Raises what opening it raises; what only an import minds is in ``problems``."""
    with upload_files.called(path, name):
        table = opening.open_table(path, wish.options)
        head = _first(table)
    plan: Plan | None = None
    problems: tuple[Problem, ...] = ()
    try:
        with upload_files.called(path, name):
            plan = intake.plan(path, wish)
    except Problem as refused:
        problems = (refused,)
    mapping = plan.mapping if plan else _lenient(table.columns, wish)
    meaning = {column: field for field, column in mapping.items()}
    return Preview(
        kind=table.kind,
        notes=table.notes,
        columns=tuple(_column(at, column, meaning.get(column), head.rows) for at, column in enumerate(table.columns)),
        rows=tuple(_shown(row, table.columns, meaning) for row in head.rows[:SHOWN]),
        profile=plan.profile if plan else wish.profile,
        looked_at=len(head),
        refunds=plan.refunds if plan else 0,
        adjustments=plan.adjustments if plan else 0,
        warnings=tuple(_warnings(plan, head, now=now, settlement=settlement)) if plan else (),
        problems=problems,
    )


def _first(table: Table) -> Batch:
    rows: list[Sequence[str]] = []
    numbers: list[int] = []
    found = Batch(rows, numbers)
    for batch in table.batches():
        take = LOOKED_AT - len(rows)
        rows += batch.rows[:take]
        numbers += batch.numbers[:take]
        found.faults.extend(fault for fault in batch.faults if not numbers or fault.row <= numbers[-1] or take > len(batch.rows))
        if len(rows) >= LOOKED_AT:
            break
    return found


def _lenient(names: Sequence[str], wish: Wish) -> dict[Field, str]:
    """What is known of the columns when they cannot be used as they are: the guess, corrected by what fits of the wishes."""
    wished = {Field(field): column for field, column in wish.overrides.items() if field in set(Field) and (not column or column in names)}
    found = {field: column for field, column in columns.guess(names).items() if column not in wished.values()}
    return {field: column for field, column in (found | wished).items() if column}


def _column(at: int, name: str, field: Field | None, rows: Sequence[Sequence[str]]) -> Column:
    values = dict.fromkeys(value for row in rows if (value := row[at].strip()))
    samples = tuple(HIDDEN if field in PERSONAL else value[:_LONGEST] for value in islice(values, SAMPLES))
    return Column(name=name, field=field, samples=tuple(dict.fromkeys(samples)))


def _shown(row: Sequence[str], names: Sequence[str], meaning: Mapping[str, Field]) -> tuple[str, ...]:
    # A row has one value more than columns, which stands for those the file lacks.
    cells = zip(names, row, strict=False)
    return tuple(HIDDEN if value and meaning.get(name) in PERSONAL else value[:_LONGEST] for name, value in cells)


def _warnings(plan: Plan, head: Batch, *, now: datetime, settlement: str) -> list[Warned]:
    """The reasons among the rows looked at, the commonest first."""
    reader = times.Times(plan.profile.date_format, plan.zone, plan.profile.moved_days)
    checker = checks.Checker(plan.table.columns, plan.mapping, plan.profile, now=now, times=reader, settlement=settlement)
    _, bad = checker.check(head)
    counted = Counter(one.reason for one in bad)
    first = {one.reason: one for one in reversed(bad)}
    return [
        Warned(
            code=code,
            text=Text(reasons.title(code, "en"), reasons.title(code, "zh")),
            rows=rows,
            line=first[code].row_no,
            field=first[code].field,
            value=first[code].value,
        )
        for code, rows in counted.most_common()
    ]
