"""An outcome as plain data: what the console shows, the command line prints and the table keeps. Labels in both languages."""

from collections.abc import Mapping
from typing import Any

from regulars.domains.loyalty.model import Programme
from regulars.domains.loyalty.model import simulation as model
from regulars.domains.loyalty.model.simulation import Ask, Example, Flow, Outcome, Reason, RuleSum, Side, Verdict
from regulars.domains.loyalty.rules import outcome as rules
from regulars.domains.loyalty.rules import replaying
from regulars.domains.loyalty.rules.outcome import Terms
from regulars.domains.loyalty.service.simulating import assuming
from regulars.domains.tiers.model import Ladder
from regulars.kernel import ids
from regulars.kernel.text import Text

Json = dict[str, Any]
_BASIS = 10_000
_FLOWS = ("granted", "received", "spent", "expired", "reversed", "sent", "outstanding")


def result(ask: Ask, terms: Terms, found: Outcome) -> Json:
    """Everything the simulation found; the same outcome always gives the same data."""
    return {
        "currency": terms.before.currency,
        "as_of": ask.as_of.isoformat(),
        "since": ask.since.isoformat() if ask.since else None,
        "sample_bp": ask.sample_bp,
        "members": found.members,
        "buyers": found.buyers,
        "orders": found.orders,
        "refunds": found.refunds,
        "revenue": found.revenue,
        "before": _side(terms.before, terms.worth_before, found.before, found.revenue),
        "after": _side(terms.after, terms.worth_after, found.after, found.revenue),
        "ladders": [_ladder(terms, found, ladder_id) for ladder_id in _ladder_ids(terms)],
        "rules": _rules(terms, found),
        "months": _months(found),
        "verdicts": [
            {"verdict": one.value, "members": found.verdicts.get(one, 0), "value": found.differences.get(one, 0)} for one in Verdict
        ],
        "histogram": _histogram(found.histogram),
        "winners": [_example(terms, one) for one in found.winners],
        "losers": [_example(terms, one) for one in found.losers],
        "assumptions": assuming.told(terms, found),
    }


def words(text: Text) -> dict[str, str]:
    """A text in both languages."""
    return {"en": text.en, "zh": text.zh}


def _side(programme: Programme, worth: Mapping[str, tuple[int, int]], side: Side, revenue: int) -> Json:
    units = [_unit(programme, worth, side, unit) for unit in programme.units]
    cost = sum(unit["cost"] for unit in units)
    return {
        "version": programme.version,
        "label": words(programme.label),
        "units": units,
        "cost": cost,
        "liability": sum(unit["liability"] for unit in units),
        "cost_share_bp": cost * _BASIS // revenue if revenue > 0 else None,
        "levels": _at_levels(programme, worth, side),
        "deciles": [
            {"members": one.members, "spend": one.spend, "value": one.value, "nothing": one.nothing} for one in rules.deciles(side.bins)
        ],
    }


def _unit(programme: Programme, worth: Mapping[str, tuple[int, int]], side: Side, unit: str) -> Json:
    flow = side.flows.get(unit, Flow())
    return {
        "unit": unit,
        "label": words(programme.units[unit].label),
        "redeemed": unit in worth,
        **{name: getattr(flow, name) for name in _FLOWS},
        "cost": rules.value(worth, unit, flow.lasting),
        "liability": rules.value(worth, unit, flow.outstanding),
    }


def _at_levels(programme: Programme, worth: Mapping[str, tuple[int, int]], side: Side) -> list[Json]:
    """What orders earned by the level they were placed on."""
    found = []
    for place in rules.places(programme):
        at = side.at_level.get(place, model.LevelSum())
        earned = sum(rules.value(worth, unit, amount) for unit, amount in at.units.items())
        found.append(
            {
                "ladder": place[0],
                "level": place[1],
                "members": side.levels.get(place, 0),
                "orders": at.orders,
                "spend": at.spend,
                "value": earned,
            }
        )
    return found


def _ladder_ids(terms: Terms) -> list[str]:
    both = [*replaying.ladders(terms.before), *replaying.ladders(terms.after)]
    return list(dict.fromkeys(ladder.id for ladder in both))


def _ladder(terms: Terms, found: Outcome, ladder_id: str) -> Json:
    sides = [_of(programme, ladder_id) for programme in (terms.before, terms.after)]
    # The draft's order of levels first; levels that it dropped follow in their own.
    levels = {level.id: level for ladder in reversed(sides) if ladder for level in ladder.levels}
    labels = {level.id: level.label for ladder in sides if ladder for level in ladder.levels}
    moves = [
        {"before": was, "after": now, "members": members}
        for (ladder, was, now), members in sorted(found.moves.items())
        if ladder == ladder_id
    ]
    return {
        "ladder": ladder_id,
        "levels": [
            {
                "level": level,
                "label": words(labels[level]),
                "before": found.before.levels.get((ladder_id, level), 0),
                "after": found.after.levels.get((ladder_id, level), 0),
            }
            for level in levels
        ],
        "moves": moves,
    }


def _of(programme: Programme, ladder_id: str) -> Ladder | None:
    return next((ladder for ladder in replaying.ladders(programme) if ladder.id == ladder_id), None)


def _rules(terms: Terms, found: Outcome) -> list[Json]:
    unit_before, unit_after = rules.units_by_rule(terms.before), rules.units_by_rule(terms.after)
    labels = _labels(terms)
    return [
        {
            "rule": rule,
            "label": words(labels[rule]),
            "unit": unit_after.get(rule) or unit_before[rule],
            "before": _given(terms.worth_before, found.before, rule, unit_before.get(rule)),
            "after": _given(terms.worth_after, found.after, rule, unit_after.get(rule)),
        }
        for rule in dict.fromkeys([*unit_after, *unit_before])
    ]


def _labels(terms: Terms) -> dict[str, Text]:
    """The rules by id; where both sides have one, by the draft's name."""
    return {rule.id: rule.label for side in (terms.before, terms.after) for rule in (*side.earn, *side.multiply)}


def _given(worth: Mapping[str, tuple[int, int]], side: Side, rule: str, unit: str | None) -> Json | None:
    if unit is None:
        return None
    given = side.rules.get(rule, RuleSum())
    return {
        "units": given.units,
        "orders": given.orders,
        "members": given.members,
        "cut": given.cut,
        "cost": rules.value(worth, unit, given.units),
    }


def _months(found: Outcome) -> list[Json]:
    keys = sorted(found.before.months.keys() | found.after.months.keys())
    return [
        {
            "month": f"{month // 12:04d}-{month % 12 + 1:02d}",
            "unit": unit,
            "before": found.before.months.get((month, unit), 0),
            "after": found.after.months.get((month, unit), 0),
        }
        for month, unit in keys
    ]


def _histogram(bands: Mapping[int, int]) -> list[Json]:
    """From the lowest band that has members to the highest, empty ones between them included. ``low`` and ``high`` belong to the band."""
    if not bands:
        return []
    return [{"low": _low(band), "high": _high(band), "members": bands.get(band, 0)} for band in range(min(bands), max(bands) + 1)]


def _high(band: int) -> int | None:
    """The greatest difference in the band; None where it has no end."""
    if band <= 0:
        return -rules.EDGES[-band - 1] if band else 0
    return rules.EDGES[band] - 1 if band < len(rules.EDGES) else None


def _low(band: int) -> int | None:
    """The least difference in the band: losses mirror gains."""
    high = _high(-band)
    return None if high is None else -high


def _example(terms: Terms, one: Example) -> Json:
    return {
        "member": ids.encode("mbr", one.member_id),
        "spend": one.spend,
        "before": one.before,
        "after": one.after,
        "levels_before": [{"ladder": ladder, "level": level} for ladder, level in one.levels_before],
        "levels_after": [{"ladder": ladder, "level": level} for ladder, level in one.levels_after],
        "reason": {"kind": one.reason.kind, "rule": one.reason.rule or None, "value": one.reason.value, **words(_why(terms, one.reason))},
    }


def _why(terms: Terms, reason: Reason) -> Text:
    if reason.kind == "rule":
        label = _labels(terms)[reason.rule]
        return Text(f"Rule “{label.en}”", f"规则“{label.zh}”")
    if reason.kind == "worth":
        label = _labels(terms)[reason.rule]
        return Text(f"Points of “{label.en}” redeem for another amount", f"“{label.zh}”所得积分的抵扣价值不同")
    if reason.kind == "expired":
        return Text("What lapses", "积分过期")
    if reason.kind == "reversed":
        return Text("What refunds take back", "退款收回")
    return Text("The level reached", "所达等级")
