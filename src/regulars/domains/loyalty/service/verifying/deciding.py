"""Each decision made again, from the recorded fact, version and values, must be the journal; in the end it must be the standing."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from regulars.domains.loyalty.model import Decision, Fact, Programmes, Standing
from regulars.domains.loyalty.rules import decide as rules
from regulars.domains.loyalty.rules import passing
from regulars.domains.loyalty.service import applying
from regulars.domains.loyalty.service.verifying.chunk import Chunk, claim_keys, fact_of
from regulars.domains.loyalty.service.verifying.finding import Finding, differences, shown
from regulars.domains.points.model import Entry
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Problem

_INSTANT = timedelta(microseconds=1)


def redecide(chunk: Chunk, member: UUID, rows: list[tuple[Any, ...]], journal: dict[int, list[Entry]]) -> Iterator[Finding]:
    """Every decision is made again; stops at the first that comes out otherwise."""
    try:
        standing = _opened(member, rows[0][8])
    except (KeyError, ValueError, TypeError) as wrong:
        yield Finding(what="input", member=member, where="seq 1", stored=str(rows[0][8]), expected=f"joined_at and held_out ({wrong})")
        return
    for row in rows:
        fact, where = fact_of(chunk, row), f"seq {row[1]}"
        if fact is None:
            yield Finding(what="input", member=member, where=where, stored=f"{row[3]} {row[4]}", expected="the recorded fact")
            return
        yield from _claim(chunk, member, row, fact)
        programme = chunk.versions.get(row[7])
        in_force = _in_force(chunk.programmes, row)
        if programme is None or row[7] not in in_force:
            yield Finding(what="version", member=member, where=where, stored=str(row[7]), expected=f"version {in_force[0]}")
            return
        try:
            decision = rules.decide(programme, standing, fact, room=_room(row[8]))
        except (Problem, ValueError, KeyError) as refused:
            yield Finding(
                what="input", member=member, where=where, stored=f"{row[3]} {row[8]}", expected=f"a fact that is accepted ({refused})"
            )
            return
        wrong_entries = list(_entries(member, row[1], journal.get(row[1], []), decision))
        yield from wrong_entries
        if wrong_entries:
            # What follows rests on this decision; saying it again for every later one would hide the cause.
            return
        standing = decision.standing
        standing.remember(decision.entries)
    yield from _final(chunk, member, standing)


def _room(body: dict[str, Any]) -> dict[str, int]:
    """What was left in the shared counters that the decision looked at."""
    return {name: left for name, (left, _) in body.get("room", {}).items() if left is not None}


def _in_force(programmes: Programmes, row: tuple[Any, ...]) -> tuple[int, int]:
    """The version the decision should be made by; and the one before it, if that ended in the very instant it was recorded."""
    found = applying.version_for(programmes, row[6], row[9])
    ended = applying.version_for(programmes, row[6], row[9] - _INSTANT)
    return found.version, ended.version


def _opened(member: UUID, body: dict[str, Any]) -> Standing:
    joined_at = datetime.fromisoformat(body["joined_at"])
    return Standing(MemberId(member), 0, 0, joined_at, joined_at, bool(body["held_out"]), {})


def _claim(chunk: Chunk, member: UUID, row: tuple[Any, ...], fact: Fact) -> Iterator[Finding]:
    keys = claim_keys(fact)
    if not keys:
        return
    found = [chunk.held[key] for key in keys if key in chunk.held]
    shown = f"{keys[0][0]} {keys[0][1]}".replace("\x1f", ":")
    if not found:
        yield Finding(what="claim", member=member, where=shown, stored="missing", expected="the claim of this fact")
    for claim in found:
        if claim.ref != row[4]:
            yield Finding(what="claim", member=member, where=shown, stored=str(claim.ref), expected=str(row[4]))
        elif claim.body_hash != fact.fingerprint():
            yield Finding(
                what="input", member=member, where=f"seq {row[1]}", stored="another content", expected=f"what {shown} was claimed with"
            )


def _entries(member: UUID, seq: int, stored: list[Entry], decision: Decision) -> Iterator[Finding]:
    for n in range(max(len(stored), len(decision.entries))):
        have = stored[n] if n < len(stored) else None
        want = decision.entries[n] if n < len(decision.entries) else None
        if have is None or want is None or not _same(have, want):
            yield Finding(what="journal", member=member, where=f"seq {seq} n {n}", stored=_line(have), expected=_line(want))


def _same(have: Entry, want: Entry) -> bool:
    if have[:7] != want[:7]:
        return False
    # Through JSON once, because a tuple comes back from the database as a list.
    return bool(have.why == orjson.loads(orjson.dumps(want.why)))


def _line(entry: Entry | None) -> str:
    return "nothing" if entry is None else f"{entry.kind} {entry.amount} {entry.unit} {orjson.dumps(entry.why).decode()}"


def _final(chunk: Chunk, member: UUID, standing: Standing) -> Iterator[Finding]:
    head = chunk.heads.get(member)
    if head is None:
        return
    due = passing.next_due(chunk.programmes.at(standing.as_of), standing)
    expected = {
        "joined_at": (head[4], standing.joined_at),
        "held_out": (head[5], standing.held_out),
        "orders": (head[6], standing.orders),
        "spend": (head[7], standing.spend),
        "first_order_at": (head[8], standing.first_order_at),
        "last_order_at": (head[9], standing.last_order_at),
    }
    for name, (stored, wanted) in expected.items():
        if stored != wanted:
            yield Finding(what="counter", member=member, where=f"head.{name}", stored=shown(stored), expected=shown(wanted))
    if head[10] > due:
        yield Finding(what="counter", member=member, where="head.next_due_at", stored=shown(head[10]), expected=f"{shown(due)} or before")
    yield from differences("tier", member, chunk.tiers.get(member, {}), standing.tiers)
