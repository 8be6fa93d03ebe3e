"""What a member and an operator see: standings as of now, balances with what lapses when, the journal with its reasons."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from regulars.domains.loyalty.model import Standing
from regulars.domains.loyalty.rules import explain, passing
from regulars.domains.loyalty.service import loading, publishing
from regulars.domains.loyalty.store import journal as store
from regulars.domains.points.model import ALWAYS, NEVER, Entry
from regulars.domains.tiers.model import Projection
from regulars.kernel import ids, problem
from regulars.kernel.ids import MemberId
from regulars.platform import claims
from regulars.platform.context import Ctx


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What a member holds of one unit now. ``expiring``: (instant, amount) of spendable lots, soonest first; ``releasing`` likewise."""

    unit: str
    available: int
    pending: int
    held: int
    debt: int
    expiring: tuple[tuple[datetime, int], ...]
    releasing: tuple[tuple[datetime, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalRow:
    """One entry with the decision it belongs to and its reason in words."""

    seq: int
    n: int
    entry: Entry
    fact: str
    fact_ref: UUID
    effective_at: datetime
    recorded_at: datetime
    programme: int
    actor: str
    text: dict[str, str] = field(default_factory=dict)


def standing(ctx: Ctx, member_id: MemberId) -> Standing:
    """The member's standing as of now: what has lapsed does not count, even if the clock's job is late. Raises ``not_found``."""
    programmes = publishing.programmes(ctx)
    found = loading.load_one(ctx, programmes, member_id)
    passing.advance(programmes.at(ctx.now), found, ctx.now)
    return found


def find_standing(ctx: Ctx, member_ids: list[MemberId]) -> dict[MemberId, Standing]:
    """The standings of many members as of now; ids that are no member are left out."""
    programmes = publishing.programmes(ctx)
    found = loading.load(ctx, programmes, member_ids)
    for one in found.values():
        passing.advance(programmes.at(ctx.now), one, ctx.now)
    return found


def owner_of(ctx: Ctx, kind: str, ref: UUID) -> MemberId:
    """Whose hold this is, from the claim that was taken for it. Raises ``not_found``."""
    claim = claims.find(ctx.tx, [(kind, ref.hex)]).get((kind, ref.hex))
    if claim is None or claim.subject_id is None:
        raise problem.NOT_FOUND(what=kind, key=ids.encode("hld", ref))
    return MemberId(claim.subject_id)


def balances(ctx: Ctx, member_id: MemberId) -> list[Balance]:
    """What the member holds of each unit of the programme now. Raises ``not_found``."""
    found = standing(ctx, member_id)
    return [balance_of(found, unit.id) for unit in publishing.programmes(ctx).at(ctx.now).shown_units]


def balance_of(found: Standing, unit: str) -> Balance:
    """What a standing holds of one unit."""
    totals = found.wallet.total(unit)
    lots = sorted((key[1], key[2], amount) for key, amount in found.wallet.lots.items() if key[0] == unit)
    return Balance(
        unit=unit,
        available=totals.available,
        pending=totals.pending,
        held=totals.held,
        debt=totals.debt,
        expiring=tuple((expires, amount) for expires, available, amount in lots if available == ALWAYS and expires != NEVER),
        releasing=tuple(sorted((available, amount) for _, available, amount in lots if available != ALWAYS)),
    )


def tier_projection(ctx: Ctx, member_id: MemberId) -> Projection:
    """What keeps the member's level at its review, and what reaches the next one. Raises ``not_found``."""
    return projections(ctx, member_id)[0]


def projections(ctx: Ctx, member_id: MemberId) -> list[Projection]:
    """The same on every ladder, the main one first. Raises ``not_found``."""
    programme = publishing.programmes(ctx).at(ctx.now)
    found = standing(ctx, member_id)
    return [passing.project(programme, found, ladder, at=ctx.now) for ladder in programme.ladders]


def journal(
    ctx: Ctx, member_id: MemberId, *, unit: str | None = None, before: tuple[int, int] | None = None, limit: int = 50
) -> list[JournalRow]:
    """A page of the member's journal, newest first, after the cursor (seq, n); each row says why in both languages."""
    by_version = publishing.programmes(ctx).by_version()
    rows = []
    for row in store.page(ctx.tx, member_id, unit=unit, before=before, limit=limit):
        entry = Entry(*row[2:10])
        programme = by_version[row[14]]
        text = {language: explain.sentence(programme, entry, language) for language in ("en", "zh")}
        rows.append(
            JournalRow(
                seq=row[0],
                n=row[1],
                entry=entry,
                fact=row[10],
                fact_ref=row[11],
                effective_at=row[12],
                recorded_at=row[13],
                programme=row[14],
                actor=row[15],
                text=text,
            )
        )
    return rows
