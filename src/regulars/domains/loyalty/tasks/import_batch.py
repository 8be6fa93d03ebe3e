"""One piece of an import: orders and refunds of the file matched, turned into facts, applied, and every row of them counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from regulars.domains.loyalty import service as loyalty
from regulars.domains.loyalty.model import Fact, LinesRefunded, OrderPaid
from regulars.domains.members import service as members
from regulars.domains.members.model import Enrolment, MemberRef
from regulars.domains.orders import model as orders
from regulars.domains.orders.intake import reasons, records
from regulars.domains.orders.intake import service as intake
from regulars.domains.orders.intake.assembly import GivenBack, Group, Sale
from regulars.domains.orders.intake.matching import History, Matched, Shelf
from regulars.domains.orders.intake.model import PERSONAL, Bad, Counts, Cursor, Import, Lane, Person, Profile, RowClass
from regulars.kernel.problem import KEY_REUSED, Problem
from regulars.platform import batching, claims
from regulars.platform.claims import Claim
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring


class LostRace(Exception):  # noqa: N818 - how a transaction is told to be tried again; not an error.
    """Somebody else changed one of the members at the same moment; nothing may be committed."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One order, or one refund with what it was matched to; ``cursor`` is where the import stands once it is recorded."""

    what: Sale | Matched
    cursor: Cursor

    @property
    def owner(self) -> str:
        return self.cursor.customer


@dataclass(slots=True)
class Sorting:
    """Matches refunds in the order of the stream: keeps the lines of the customer at hand, and where in it we are."""

    source: str
    history: bool
    owner: str | None = None
    done: int = 0
    shelf: Shelf = field(default_factory=Shelf)

    def matched(self, ctx: Ctx, groups: Sequence[tuple[Group, bool]]) -> list[Piece]:
        """The groups ready to be recorded, without those that were before. Groups come in the stream's order, each once."""
        histories = self._histories(ctx, groups)
        pieces = []
        for group, again in groups:
            if group.owner != self.owner:
                self.owner, self.done, self.shelf = group.owner, 0, Shelf()
            self.done += 1
            if isinstance(group, GivenBack) and self.shelf.history is None and group.owner in histories:
                self.shelf.remember(histories[group.owner])
            what = self._sorted(group)
            if not again:
                pieces.append(Piece(what, Cursor(group.owner, self.done)))
        return pieces

    def _sorted(self, group: Group) -> Sale | Matched:
        # Nobody's refund matches nobody's sale: there is no telling whether it was the same person.
        shelf = self.shelf if group.owner else Shelf()
        if isinstance(group, GivenBack):
            return shelf.match(group)
        if group.owner:
            shelf.add(group)
        return group

    def _histories(self, ctx: Ctx, groups: Sequence[tuple[Group, bool]]) -> dict[str, History]:
        """What is recorded already of customers who give something back: only their refunds can depend on it."""
        if not self.history:
            return {}
        owners = {group.owner for group, _ in groups if isinstance(group, GivenBack) and group.owner}
        return intake.histories(ctx, self.source, members.find_by_external(ctx, owners))


@dataclass(frozen=True, slots=True)
class Terms:
    """Which import, and what is needed to record its pieces."""

    one: Import
    profile: Profile
    keyring: Keyring | None


@dataclass(slots=True)
class Tally:
    """What a batch comes to: counts of rows and of other things, and rows that were refused after all."""

    counts: Counts = field(default_factory=Counts)
    bad: list[Bad] = field(default_factory=list)

    def rows(self, kind: RowClass, number: int, *, known: bool) -> None:
        """``number`` rows ended in the class."""
        if number:
            self.counts.classes[kind.value] += number
            if known:
                self.counts.known[kind.value] += number

    def refuse(self, bad: Iterable[Bad]) -> None:
        """These rows are quarantined."""
        for one in bad:
            self.bad.append(one)
            if not one.kept:
                self.counts.classes[RowClass.quarantined.value] += 1
                self.counts.reasons[one.reason] += 1

    def also(self, **more: int) -> None:
        """Other things that happened so often."""
        self.counts.other.update({name: number for name, number in more.items() if number})


def record(ctx: Ctx, terms: Terms, lane: Lane, pieces: Sequence[Piece], *, progress: float) -> Lane:
    """The pieces are recorded and the lane stands behind them. Raises ``LostRace``, ``import.running``: then nothing may be kept."""
    tally = Tally()
    source = terms.profile.source
    refs = _members(ctx, terms, pieces, tally)
    facts: list[Fact] = []
    parts: list[list[tuple[int, list[int]]]] = []
    for piece in pieces:
        ref = refs.get(piece.owner)
        made = [] if isinstance(ref, Problem) else _facts(piece.what, source, ref)
        parts.append([(len(facts) + at, rows) for at, (_, rows) in enumerate(made)])
        facts += [fact for fact, _ in made]
    answers = loyalty.apply(ctx, facts) if facts else []
    if any(answer is batching.AGAIN for answer in answers):
        raise LostRace
    for piece, places in zip(pieces, parts, strict=True):
        ref = refs.get(piece.owner)
        given = [(answers[at], rows) for at, rows in places]
        _tell(tally, piece.what, ref if isinstance(ref, Problem) else None, given, member=bool(piece.owner))
    return intake.advance(ctx, lane, pieces[-1].cursor, tally.counts, bad=tally.bad, progress=progress)


def refuse(ctx: Ctx, lane: Lane, piece: Piece, error: Exception, *, progress: float) -> Lane:
    """The database cannot take this piece: its rows are quarantined and the lane stands behind it."""
    tally = Tally()
    code = type(error).__name__
    tally.refuse(Bad(row, "", "", reasons.REFUSED.code, code) for row in _rows(piece.what))
    tally.refuse(_own_bad(piece.what))
    return intake.advance(ctx, lane, piece.cursor, tally.counts, bad=tally.bad, progress=progress)


def foresee(ctx: Ctx, lane: Lane, pieces: Sequence[Piece], source: str, *, progress: float) -> Lane:
    """The lane as it would stand if the pieces were recorded: what is known or in conflict is told by the claims, nothing is applied."""
    tally = Tally()
    refs: dict[str, MemberRef | None] = {**members.find_by_external(ctx, {piece.owner for piece in pieces} - {""})}
    made = [_facts(piece.what, source, refs.get(piece.owner)) for piece in pieces]
    held = claims.find(ctx.tx, [fact.claim for facts in made for fact, _ in facts if fact.claim])
    for piece, facts in zip(pieces, made, strict=True):
        given = [(_foreseen(fact, held), rows) for fact, rows in facts]
        _tell(tally, piece.what, None, given, member=bool(piece.owner))
    return intake.advance(ctx, lane, pieces[-1].cursor, tally.counts, bad=tally.bad, progress=progress)


def _foreseen(fact: Fact, held: Mapping[claims.Key, Claim]) -> loyalty.Answer:
    claim = held.get(fact.claim) if fact.claim else None
    if claim is None:
        return loyalty.Done({})
    if isinstance(fact, (OrderPaid, LinesRefunded)) and claim.body_hash == fact.fingerprint():
        return loyalty.Done({}, duplicate=True)
    if isinstance(fact, OrderPaid):
        return orders.ORDER_REUSED(number=fact.order.number, source=fact.order.source)
    return KEY_REUSED(key=claim.key.replace("\x1f", ":"))


def _rows(what: Sale | Matched) -> list[int]:
    return what.rows if isinstance(what, Sale) else what.matched + what.unmatched


def _own_bad(what: Sale | Matched) -> list[Bad]:
    return what.bad if isinstance(what, Sale) else what.refund.bad


def _facts(what: Sale | Matched, source: str, ref: MemberRef | None) -> list[tuple[Fact, list[int]]]:
    """The facts of a piece, each with the rows it is made of."""
    if isinstance(what, Sale):
        return [(OrderPaid(order=records.order(what, source, ref)), what.rows)]
    if what.known:
        return []
    return [(LinesRefunded(refund=refund), part.rows) for part, refund in records.refunds(what, source, ref)]


def _tell(
    tally: Tally, what: Sale | Matched, refused: Problem | None, given: Sequence[tuple[loyalty.Answer, list[int]]], *, member: bool
) -> None:
    """Count every row of a piece in exactly one class."""
    tally.refuse(_own_bad(what))
    if refused is not None:
        tally.refuse(_refused(refused, _rows(what)))
        return
    if isinstance(what, Sale):
        _tell_sale(tally, what, given[0][0], member=member)
    else:
        _tell_refund(tally, what, given)


def _tell_sale(tally: Tally, sale: Sale, answer: loyalty.Answer, *, member: bool) -> None:
    if isinstance(answer, Problem):
        tally.refuse(_refused(answer, sale.rows))
        return
    known = isinstance(answer, loyalty.Done) and answer.duplicate
    tally.rows(RowClass.imported_member if member else RowClass.imported_anonymous, len(sale.rows), known=known)
    tally.also(repeated_rows=sale.repeated, free_rows=sale.free, orders_known=int(known), orders=int(not known))


def _tell_refund(tally: Tally, found: Matched, given: Sequence[tuple[loyalty.Answer, list[int]]]) -> None:
    if found.changed:
        tally.refuse(Bad(row, "", found.refund.number, reasons.REFUND_CHANGED.code) for row in _rows(found))
        return
    refused: dict[int, Problem] = {row: answer for answer, rows in given if isinstance(answer, Problem) for row in rows}
    for row, why in refused.items():
        tally.refuse(_refused(why, [row]))
    known = found.known or (bool(given) and all(isinstance(answer, loyalty.Done) and answer.duplicate for answer, _ in given))
    tally.rows(RowClass.refund_matched, sum(row not in refused for row in found.matched), known=known)
    tally.rows(RowClass.refund_unmatched, sum(row not in refused for row in found.unmatched), known=known)
    tally.also(repeated_rows=found.refund.repeated, free_rows=found.refund.free, refunds_known=int(known), refunds=int(not known))


def _refused(why: Problem, rows: Iterable[int]) -> list[Bad]:
    code, detail = reasons.refusal(why)
    return [Bad(row, "", "", code, detail) for row in rows]


def _members(ctx: Ctx, terms: Terms, pieces: Sequence[Piece], tally: Tally) -> dict[str, MemberRef | Problem | None]:
    """Who each customer of the pieces is; new ones are enrolled as of their first row in the file. Nobody is None."""
    first: dict[str, Piece] = {}
    for piece in pieces:
        first.setdefault(piece.owner, piece)
    first.pop("", None)
    found: dict[str, MemberRef | Problem | None] = {"": None}
    found |= members.find_by_external(ctx, first)
    said = intake.people(ctx, terms.one, list(first), keyring=terms.keyring)
    asked = [customer for customer in first if customer not in found or customer in said]
    wanted = [_enrolment(customer, first[customer], said.get(customer), terms.profile) for customer in asked]
    results = members.enrol_each(ctx, wanted, keyring=terms.keyring) if wanted else []
    tally.also(members_new=sum(customer not in found for customer in asked))
    for customer, enrolment, result in zip(asked, wanted, results, strict=True):
        person = said.get(customer)
        if isinstance(result, Problem) and person is not None:
            found[customer] = _without_the_wrong(ctx, enrolment, person, result, tally, keyring=terms.keyring)
        else:
            found[customer] = result
    return found


def _enrolment(customer: str, piece: Piece, person: Person | None, profile: Profile) -> Enrolment:
    at = piece.what.at if isinstance(piece.what, Sale) else piece.what.refund.at
    asked = Enrolment(external_id=customer, joined_at=at, source=profile.source, region=profile.region)
    if person is None:
        return asked
    return replace(asked, phone=person.phone or None, email=person.email or None, name=person.name or None)


def _without_the_wrong(
    ctx: Ctx, asked: Enrolment, person: Person, refused: Problem, tally: Tally, *, keyring: Keyring | None
) -> MemberRef | Problem:
    """Enrol somebody whose phone number, e-mail address or name is unusable without it, and say so; nobody loses an order for that."""
    wrong = {fault.field: fault for fault in refused.faults if fault.field in list(PERSONAL)}
    if not wrong:
        return refused
    left = replace(
        asked,
        phone=None if "phone" in wrong else asked.phone,
        email=None if "email" in wrong else asked.email,
        name=None if "name" in wrong else asked.name,
    )
    result = members.enrol_each(ctx, [left], keyring=keyring)[0]
    if not isinstance(result, Problem):
        hidden = {name: f"({len(fault.value)} characters, hidden)" for name, fault in wrong.items()}
        tally.refuse(
            Bad(person.row_no, name, hidden[name], reasons.PERSONAL_LEFT_OUT.code, fault.expected, kept=True)
            for name, fault in wrong.items()
        )
        tally.also(values_left_out=len(wrong))
    return result
