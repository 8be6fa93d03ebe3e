"""What happened to a member, in one stream: orders, refunds, decisions with their entries, levels, consents, notes, exposures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from regulars.domains.loyalty.model import Programme
from regulars.domains.loyalty.rules import explain
from regulars.domains.loyalty.service import publishing, reading
from regulars.domains.loyalty.store import timeline as store
from regulars.domains.members import service as members
from regulars.domains.members.model import MemberRef, NoteId
from regulars.domains.points.model import NEVER, Entry
from regulars.kernel import problem
from regulars.kernel.ids import MemberId
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring

KINDS = store.KINDS
NEEDS = {"order": "orders.read", "refund": "orders.read", "exposure": "experiments.read"}
"""What it takes to see a kind beyond seeing the member."""
_NOTES_AT_ONCE = 200
_JOURNAL_AT_ONCE = 1_000

Position = tuple[datetime, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry of a decision, in words of both languages. ``expires_at`` None: never."""

    n: int
    unit: str
    kind: str
    amount: int
    expires_at: datetime | None
    why: dict[str, Any]
    text: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """Something that happened: ``told`` says what by its kind, ``lines`` are a decision's entries."""

    kind: str
    at: datetime
    position: Position
    told: dict[str, Any]
    lines: tuple[Line, ...] = field(default=())


def visible(ctx: Ctx, kinds: Sequence[str] = ()) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(the kinds the actor is shown, those withheld) of ``kinds``, all when there are none. Raises ``auth.forbidden`` for a kind that
    was asked for by name.
    """
    for kind in kinds:
        if kind in NEEDS:
            ctx.require(NEEDS[kind])
    asked = tuple(kind for kind in KINDS if not kinds or kind in kinds)
    shown = tuple(kind for kind in asked if kind not in NEEDS or ctx.actor.can(NEEDS[kind]))
    return shown, tuple(kind for kind in asked if kind not in shown)


def timeline(
    ctx: Ctx, ref: MemberRef, *, kinds: Sequence[str], keyring: Keyring, before: Position | None = None, limit: int = 50
) -> list[Happened]:
    """A page of what happened, newest first, after the cursor. A fixed number of statements, but for notes: one for 200 of them."""
    member_id = ref.member_id
    subjects = members.subjects(ctx, [member_id]).get(member_id, [])
    rows = store.page(ctx.tx, member_id, subjects, kinds=kinds, before=before, limit=limit)
    decided = store.decided(ctx.tx, member_id, sorted({told["seq"] for *_, kind, told in rows if kind in ("points", "tier")}))
    notes = _notes(ctx, member_id, {UUID(told["id"]) for *_, kind, told in rows if kind == "note"}, keyring)
    programmes = publishing.programmes(ctx).by_version()
    return [_happened(row, decided, notes, programmes) for row in rows]


def _notes(ctx: Ctx, member_id: MemberId, wanted: set[UUID], keyring: Keyring) -> dict[UUID, str]:
    """The texts of these notes."""
    found: dict[UUID, str] = {}
    before: NoteId | None = None
    while wanted - found.keys():
        page = members.list_notes(ctx, member_id, keyring=keyring, before=before, limit=_NOTES_AT_ONCE)
        found |= {note.note_id: note.text for note in page if note.note_id in wanted}
        if len(page) < _NOTES_AT_ONCE:
            break
        before = page[-1].note_id
    return found


def _happened(row: store.Row, decided: dict[int, Any], notes: dict[UUID, str], programmes: dict[int, Programme]) -> Happened:
    at, rank, key, kind, told = row
    lines: tuple[Line, ...] = ()
    if kind in ("points", "tier"):
        decision, entries = decided[told["seq"]]
        fact, ref, effective_at, recorded_at, programme, actor = decision
        mine = [(n, entry) for n, entry in entries if (entry.kind == "tier") == (kind == "tier") and told.get("n", n) == n]
        lines = tuple(_line(programmes[programme], n, entry) for n, entry in mine)
        told = {
            "seq": told["seq"],
            "fact": fact,
            "ref": ref,
            "effective_at": effective_at,
            "recorded_at": recorded_at,
            "programme": programme,
            "actor": actor,
        }
    elif kind == "note":
        told = {**told, "text": notes.get(UUID(told["id"]), "")}
    return Happened(kind=kind, at=at, position=(at, rank, key), told=told, lines=lines)


def _line(programme: Programme, n: int, entry: Entry) -> Line:
    return Line(
        n=n,
        unit=entry.unit,
        kind=entry.kind,
        amount=entry.amount,
        expires_at=None if entry.expires_at == NEVER else entry.expires_at,
        why=entry.why,
        text={language: explain.sentence(programme, entry, language) for language in ("en", "zh")},
    )


def whole_journal(ctx: Ctx, member_id: MemberId, *, unit: str | None = None) -> Iterator[reading.JournalRow]:
    """Every journal entry of the member, newest first, read in pieces while it is consumed. Raises ``not_found`` for no member."""
    if member_id not in members.refs(ctx, [member_id]):
        raise problem.NOT_FOUND(what="member", key=str(member_id))
    before: tuple[int, int] | None = None
    while rows := reading.journal(ctx, member_id, unit=unit, before=before, limit=_JOURNAL_AT_ONCE):
        yield from rows
        before = (rows[-1].seq, rows[-1].n)
