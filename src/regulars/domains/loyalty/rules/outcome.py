"""What a simulation adds up: members under two programmes, as sums that merge in any grouping to the same outcome.

The value of points is what they redeem for, by each side's own rate; units that are not redeemed have none. A member's value is what was
granted and neither taken back nor lapsed: what the member used or still can use.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from regulars.domains.loyalty.model import Programme
from regulars.domains.loyalty.model.simulation import (
    Example,
    Flow,
    LevelSum,
    Outcome,
    Place,
    Reason,
    Replayed,
    RuleSum,
    Side,
    SpendBin,
    Verdict,
)
from regulars.domains.loyalty.rules import replaying
from regulars.kernel.ids import MemberId

EXAMPLES = 20
"""How many winners and losers are kept, those with the largest difference first."""
EDGES = (1, *(step * 10**power for power in range(2, 10) for step in (1, 2, 5)))
"""Where the bands of the histogram begin, for gains; losses are their mirror."""

_K = TypeVar("_K")
_PRECISION = 5


@dataclass(frozen=True, slots=True)
class Terms:
    """What both programmes say about worth and rank, looked up once."""

    before: Programme
    after: Programme
    worth_before: Mapping[str, tuple[int, int]] = field(init=False)
    worth_after: Mapping[str, tuple[int, int]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "worth_before", worth(self.before))
        object.__setattr__(self, "worth_after", worth(self.after))


def worth(programme: Programme) -> dict[str, tuple[int, int]]:
    """By unit that can be redeemed: so many points are worth so many minor units."""
    return {unit.id: (unit.redeem.points, unit.redeem.worth) for unit in programme.units.values() if unit.redeem is not None}


def value(rates: Mapping[str, tuple[int, int]], unit: str, amount: int) -> int:
    """What ``amount`` of the unit redeems for, rounded towards zero; 0 for a unit that is not redeemed."""
    if unit not in rates:
        return 0
    points, minor = rates[unit]
    return amount * minor // points if amount >= 0 else -(-amount * minor // points)


def lasting_value(rates: Mapping[str, tuple[int, int]], flows: Mapping[str, Flow]) -> int:
    """What a member used or still can use, in minor units."""
    return sum(value(rates, unit, flow.lasting) for unit, flow in flows.items())


def spend_bin(spend: int) -> int:
    """The band of a spend: exact below 32, then sixteen bands for each doubling, so that a band is never wider than a sixteenth."""
    shift = max(0, spend.bit_length() - _PRECISION)
    return (shift << _PRECISION) | (spend >> shift)


def add(outcome: Outcome, terms: Terms, member_id: MemberId, *, spend: int, before: Replayed, after: Replayed) -> None:
    """The member is in the outcome. ``spend`` is what the member bought in the period, less refunds."""
    before.value = lasting_value(terms.worth_before, before.flows)
    after.value = lasting_value(terms.worth_after, after.flows)
    outcome.members += 1
    outcome.buyers += spend > 0
    outcome.revenue += spend
    _add_side(outcome.before, before, spend)
    _add_side(outcome.after, after, spend)
    for ladder in before.levels.keys() | after.levels.keys():
        _count(outcome.moves, (ladder, before.levels.get(ladder, ""), after.levels.get(ladder, "")))
    difference = after.value - before.value
    found = verdict(difference, rise(terms, before.levels, after.levels))
    _count(outcome.verdicts, found)
    _count(outcome.differences, found, difference)
    _count(outcome.histogram, band(difference))
    if difference:
        _keep(outcome, terms, member_id, spend=spend, before=before, after=after)


def _count(counts: dict[_K, int], key: _K, by: int = 1) -> None:
    counts[key] = counts.get(key, 0) + by


def _add_side(side: Side, one: Replayed, spend: int) -> None:
    for unit, flow in one.flows.items():
        side.flows.setdefault(unit, Flow()).add(flow)
    for rule, given in one.rules.items():
        side.rules.setdefault(rule, RuleSum()).add(given)
    for month, amount in one.months.items():
        _count(side.months, month, amount)
    for place, at in one.at_level.items():
        side.at_level.setdefault(place, LevelSum()).add(at)
    for place in one.levels.items():
        _count(side.levels, place)
    for kind, times in one.refused.items():
        _count(side.refused, kind, times)
    if spend > 0:
        side.bins.setdefault(spend_bin(spend), SpendBin()).add(SpendBin(1, spend, one.value, int(one.value <= 0)))


def band(difference: int) -> int:
    """The histogram's band: 0 for no difference, n for gains from ``EDGES[n - 1]`` on, -n for losses alike."""
    size = bisect_right(EDGES, abs(difference))
    return size if difference > 0 else -size


def rise(terms: Terms, before: Mapping[str, str], after: Mapping[str, str]) -> int:
    """1 when the member stands higher under the draft, -1 lower, 0 as high; over several ladders the sum of them decides."""
    old = {ladder.id: [level.id for level in ladder.levels] for ladder in replaying.ladders(terms.before)}
    new = {ladder.id: [level.id for level in ladder.levels] for ladder in replaying.ladders(terms.after)}
    total = sum(_rise(old[one], new[one], before.get(one, ""), after.get(one, "")) for one in old.keys() & new.keys())
    return (total > 0) - (total < 0)


def _rise(old: list[str], new: list[str], was: str, now: str) -> int:
    """Levels of one name are the same level. Others are compared on a ladder that has both, or else by their place from below."""
    if was == now:
        return 0
    for names in (old, new):
        if was in names and now in names:
            return 1 if names.index(now) > names.index(was) else -1
    place_was, place_now = old.index(was) if was in old else 0, new.index(now) if now in new else 0
    return (place_now > place_was) - (place_now < place_was)


def verdict(difference: int, rise: int) -> Verdict:
    """Value and level together."""
    sign = (difference > 0) - (difference < 0)
    if sign * rise < 0:
        return Verdict.mixed
    total = sign or rise
    return Verdict.better if total > 0 else Verdict.worse if total < 0 else Verdict.same


def _keep(outcome: Outcome, terms: Terms, member_id: MemberId, *, spend: int, before: Replayed, after: Replayed) -> None:
    """The member is an example when it is among the furthest. Ties go to the lower id, so that no grouping decides who is shown."""
    difference = after.value - before.value
    kept = outcome.winners if difference > 0 else outcome.losers
    place = (-abs(difference), member_id.int)
    if len(kept) >= EXAMPLES and _place(kept[-1]) < place:
        return
    example = Example(
        member_id=member_id,
        spend=spend,
        before=before.value,
        after=after.value,
        levels_before=tuple(sorted(before.levels.items())),
        levels_after=tuple(sorted(after.levels.items())),
        reason=reason(terms, before, after),
    )
    kept.insert(bisect_left([_place(one) for one in kept], place), example)
    del kept[EXAMPLES:]


def _place(example: Example) -> tuple[int, int]:
    return -abs(example.difference), example.member_id.int


def reason(terms: Terms, before: Replayed, after: Replayed) -> Reason:
    """What makes most of the difference, in its direction."""
    direction = 1 if after.value > before.value else -1
    unit_before, unit_after = units_by_rule(terms.before), units_by_rule(terms.after)
    found = [Reason(kind="tier")]
    for rule in sorted(before.rules.keys() | after.rules.keys()):
        was, now = before.rules.get(rule, RuleSum()).units, after.rules.get(rule, RuleSum()).units
        worth_was = value(terms.worth_before, unit_before.get(rule, ""), was)
        worth_now = value(terms.worth_after, unit_after.get(rule, ""), now)
        found.append(Reason(kind="worth" if was == now else "rule", rule=rule, value=worth_now - worth_was))
    for kind in ("expired", "reversed"):
        was, now = _lost(terms.worth_before, before, kind), _lost(terms.worth_after, after, kind)
        found.append(Reason(kind=kind, value=was - now))
    return max(found, key=lambda one: one.value * direction)


def _lost(rates: Mapping[str, tuple[int, int]], one: Replayed, kind: str) -> int:
    return sum(value(rates, unit, flow.expired if kind == "expired" else flow.reversed) for unit, flow in one.flows.items())


def units_by_rule(programme: Programme) -> dict[str, str]:
    """The unit each rule gives."""
    return {rule.id: rule.unit for rule in programme.rules}


def merge(into: Outcome, other: Outcome) -> None:
    """``other`` is in ``into``, too; what is kept of either may be used by neither any more."""
    into.members += other.members
    into.buyers += other.buyers
    into.orders += other.orders
    into.refunds += other.refunds
    into.revenue += other.revenue
    _merge_side(into.before, other.before)
    _merge_side(into.after, other.after)
    _sum(into.moves, other.moves)
    _sum(into.verdicts, other.verdicts)
    _sum(into.differences, other.differences)
    _sum(into.histogram, other.histogram)
    _sum(into.assumed, other.assumed)
    into.winners = sorted([*into.winners, *other.winners], key=_place)[:EXAMPLES]
    into.losers = sorted([*into.losers, *other.losers], key=_place)[:EXAMPLES]


def _sum(into: dict[_K, int], other: Mapping[_K, int]) -> None:
    for key, amount in other.items():
        into[key] = into.get(key, 0) + amount


def _merge_side(into: Side, other: Side) -> None:
    for unit, flow in other.flows.items():
        into.flows.setdefault(unit, Flow()).add(flow)
    for rule, given in other.rules.items():
        into.rules.setdefault(rule, RuleSum()).add(given)
    for place, level in other.at_level.items():
        into.at_level.setdefault(place, LevelSum()).add(level)
    for key, band_ in other.bins.items():
        into.bins.setdefault(key, SpendBin()).add(band_)
    _sum(into.months, other.months)
    _sum(into.levels, other.levels)
    _sum(into.refused, other.refused)


def deciles(bins: Mapping[int, SpendBin]) -> list[SpendBin]:
    """Buyers by spend in ten equal parts, lowest first. A band that lies across a border is shared in proportion, to the last unit."""
    total = sum(one.members for one in bins.values())
    parts = [SpendBin() for _ in range(10)]
    passed = 0
    for _, one in sorted(bins.items()):
        for tenth in range(10):
            low, high = total * tenth // 10, total * (tenth + 1) // 10
            start, end = max(low, passed) - passed, min(high, passed + one.members) - passed
            if end > start:
                parts[tenth].add(_share(one, start, end))
        passed += one.members
    return parts


def _share(one: SpendBin, start: int, end: int) -> SpendBin:
    """The members from the ``start``-th to the ``end``-th of the band, with their part of its sums."""

    def part(amount: int) -> int:
        return amount * end // one.members - amount * start // one.members

    return SpendBin(end - start, part(one.spend), part(one.value), part(one.nothing))


def places(programme: Programme) -> list[Place]:
    """Every level of every ladder, in order."""
    return [(ladder.id, level.id) for ladder in replaying.ladders(programme) for level in ladder.levels]
