"""The journal of all members as operators read it: found by kind, unit, days, member and reason, with its reasons in words; its totals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from regulars.domains.loyalty.model import PointsRedeemed, Programme, RedemptionCancelled
from regulars.domains.loyalty.rules import explain
from regulars.domains.loyalty.service import listing, publishing
from regulars.domains.loyalty.service.reading import JournalRow
from regulars.domains.loyalty.store import ledger as store
from regulars.domains.loyalty.store.ledger import Place, Wanted
from regulars.domains.members import service as members
from regulars.domains.operators import service as operators
from regulars.domains.points.model import Entry
from regulars.kernel import periods, problem
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Kind
from regulars.platform.context import Ctx

MOST = 200_000
"""Entries of a file: what a request can write while somebody waits for it."""
_AT_ONCE = 5_000
TOO_LONG = problem.define(
    "ledger.too_long",
    Kind.limit,
    en="More than {most} entries match: ask for fewer days, one unit or one kind.",
    zh="符合条件的流水超过 {most} 条，请缩小日期范围，或只选一种单位或类别。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """Which entries; None is every. ``first`` and ``last`` are effective days of the programme, both included; ``member`` is its key."""

    member: str | None = None
    unit: str | None = None
    kinds: tuple[str, ...] | None = None
    first: date | None = None
    last: date | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """An entry, whose it is, and where it lies."""

    place: Place
    member_id: MemberId
    row: JournalRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """What balances say about a unit over all members, as it was last written."""

    unit: str
    issued: int
    spent: int
    expired: int
    reversed: int
    available: int
    pending: int
    held: int
    debt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Redemption:
    """Units that a member spent at once; ``cancelled_at`` None: they are spent."""

    seq: int
    ref: UUID
    unit: str
    points: int
    reason: str
    at: datetime
    actor: str
    cancelled_at: datetime | None


def page(ctx: Ctx, criteria: Criteria, *, before: Place | None, limit: int) -> list[LedgerRow]:
    """A page of all members' entries, newest record first. Raises ``not_found`` for the member, ``input.invalid``."""
    return _rows(ctx, _wanted(ctx, criteria), before=before, limit=limit)


def whole(ctx: Ctx, criteria: Criteria, *, most: int = MOST) -> Iterator[LedgerRow]:
    """Every entry that matches, ``most`` of them, read in pieces while it is consumed; the audit log says that they were taken away.

    Raises ``ledger.too_long``, ``not_found`` for the member, ``input.invalid``.
    """
    wanted = _wanted(ctx, criteria)
    if store.more_than(ctx.tx, wanted, most=most):
        raise TOO_LONG(most=most)
    said = {name: str(getattr(criteria, name)) for name in ("member", "unit", "kinds", "first", "last") if getattr(criteria, name)}
    operators.audit(ctx, action="ledger.downloaded", entity="ledger", after=said)
    return _pieces(ctx, wanted)


def _pieces(ctx: Ctx, wanted: Wanted) -> Iterator[LedgerRow]:
    before: Place | None = None
    while rows := _rows(ctx, wanted, before=before, limit=_AT_ONCE):
        yield from rows
        before = rows[-1].place


def _wanted(ctx: Ctx, criteria: Criteria) -> Wanted:
    programme = listing.in_force(ctx)
    if criteria.first is not None and criteria.last is not None and criteria.last < criteria.first:
        raise problem.invalid("to", criteria.last.isoformat(), f"a day on or after {criteria.first}")
    return Wanted(
        member_id=members.get_ref(ctx, criteria.member).member_id if criteria.member else None,
        unit=criteria.unit,
        kinds=criteria.kinds,
        start=_begin(programme, criteria.first),
        until=_begin(programme, criteria.last + timedelta(days=1) if criteria.last else None),
        reason=criteria.reason,
        rules=_rules(ctx, criteria.reason) if criteria.reason else (),
    )


def _begin(programme: Programme | None, day: date | None) -> datetime | None:
    return periods.day_start(day, programme.zone) if programme is not None and day is not None else None


def _rules(ctx: Ctx, typed: str) -> tuple[str, ...]:
    """The earning rules of any version whose label has these words, in either language."""
    words = typed.casefold()
    labels = ((rule.id, rule.label) for version in publishing.programmes(ctx).versions for rule in version.rules)
    return tuple(sorted({name for name, label in labels if words in label.en.casefold() or words in label.zh.casefold()}))


def _rows(ctx: Ctx, wanted: Wanted, *, before: Place | None, limit: int) -> list[LedgerRow]:
    by_version = publishing.programmes(ctx).by_version()
    return [_row(row, by_version) for row in store.page(ctx.tx, wanted, before=before, limit=limit)]


def _row(row: Sequence[Any], by_version: dict[int, Programme]) -> LedgerRow:
    entry = Entry(*row[5:13])
    fact, ref, effective_at, recorded_at, version, actor = row[13:]
    return LedgerRow(
        (row[0], row[1], row[2], row[3], row[4]),
        MemberId(row[2]),
        JournalRow(
            seq=row[3],
            n=row[4],
            entry=entry,
            fact=fact,
            fact_ref=ref,
            effective_at=effective_at,
            recorded_at=recorded_at,
            programme=version,
            actor=actor,
            text={language: explain.sentence(by_version[version], entry, language) for language in ("en", "zh")},
        ),
    )


def totals(ctx: Ctx) -> list[Total]:
    """What all members' balances of each unit of the programme come to. Hidden units are left out."""
    programme = listing.in_force(ctx)
    shown = {unit.id for unit in programme.shown_units} if programme else set()
    names = ("unit", "issued", "spent", "expired", "reversed", "available", "pending", "held", "debt")
    return [Total(**dict(zip(names, row, strict=True))) for row in store.units(ctx.tx) if row[0] in shown]


def redemptions(ctx: Ctx, member_id: MemberId, *, before: int | None, limit: int) -> list[Redemption]:
    """A page of what a member redeemed at once, newest first, cancelled ones too."""
    rows = store.redemptions(ctx.tx, member_id, kinds=(PointsRedeemed.kind, RedemptionCancelled.kind), before=before, limit=limit)
    return [
        Redemption(
            seq=seq,
            ref=ref,
            unit=body["unit"],
            points=body["points"],
            reason=body["reason"],
            at=at,
            actor=actor,
            cancelled_at=cancelled_at,
        )
        for seq, ref, body, at, actor, cancelled_at in rows
    ]
