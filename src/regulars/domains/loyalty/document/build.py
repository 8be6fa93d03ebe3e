"""From the typed document to the compiled programme: conditions become closures, names become objects, once per version."""

from collections.abc import Iterable, Sequence

from regulars.domains.coupons.model import Definition
from regulars.domains.loyalty import attributes
from regulars.domains.loyalty.document import audience, benefits, coupons, earning, ladders, rewards, schema, units, wording
from regulars.domains.loyalty.model import ORDER, Programme, Rule, Unit
from regulars.domains.rewards.model import Reward
from regulars.kernel import periods
from regulars.kernel.attributes import Registry
from regulars.kernel.problem import Fault


def registry(document: schema.Document) -> Registry:
    """The attributes that conditions of the document may read."""
    return attributes.registry(
        {ladder.id: [level.id for level in ladder.levels] for ladder in document.all_ladders},
        {ladder.id: (ladder.label.text, [level.label.text for level in ladder.levels]) for ladder in document.all_ladders},
    )


def surroundings(document: schema.Document) -> audience.Surroundings:
    """What benefits and rewards refer to in the rest of the document."""
    return audience.Surroundings(
        levels={level.id: level.label.text for level in document.ladder.levels},
        units={name: unit.label.text for name, unit in document.units.items()},
        registry=registry(document),
        currency=document.currency,
        zone=periods.zone(document.time_zone),
    )


def for_coupons(document: schema.Document) -> coupons.Within:
    """What coupons refer to in the rest of the document."""
    around = surroundings(document)
    return coupons.Within(units=around.units, registry=around.registry, currency=around.currency, zone=around.zone)


def build(document: schema.Document, version: int) -> Programme:
    """The programme that ``decide`` runs. Raises ``programme.invalid`` for a condition that is unknown, ill-typed or impossible."""
    around = surroundings(document)
    faults: list[Fault] = []
    made = [rule for i, one in enumerate(document.earning) if (rule := earning.build(one, i, around.registry, faults)) is not None]
    given, lanes = coupons.build(document.coupons, document.coupon_lanes, for_coupons(document), faults=faults)
    mall = rewards.build(document.rewards, around, coupons=given.keys(), faults=faults)
    perks = benefits.build(document.benefits, around, faults=faults)
    if faults:
        raise schema.BAD_DOCUMENT(summary=f"{faults[0].field}: {faults[0].expected}", faults=wording.both(faults))
    rules = [*made, *(rule for ladder in document.all_ladders if (rule := ladders.hidden_rule(ladder)) is not None)]
    return Programme(
        version=version,
        label=document.name.text,
        currency=document.currency,
        zone=around.zone,
        units=_units(document),
        ladders=tuple(ladders.build(ladder) for ladder in document.all_ladders),
        earn=tuple(rule for rule in rules if rule.on == ORDER and rule.kind != "multiply"),
        multiply=tuple(rule for rule in rules if rule.kind == "multiply"),
        reads=frozenset().union(*(rule.reads for rule in rules)),
        on_act=_by_act(rules, given.values()),
        limits=_limits(rules, given.values(), mall.values()),
        coupons=given,
        lanes=lanes,
        rewards=mall,
        benefits=perks,
    )


def _units(document: schema.Document) -> dict[str, Unit]:
    spent = {reward.unit for reward in document.rewards}
    counted = {ladder.unit for ladder in document.all_ladders} - spent
    made = {name: units.build(name, unit, counted=name in counted) for name, unit in document.units.items()}
    return made | {unit.id: unit for ladder in document.all_ladders if (unit := ladders.hidden_unit(ladder)) is not None}


def _by_act(rules: Sequence[Rule], given: Iterable[Definition]) -> dict[str, tuple[Rule, ...]]:
    # An act that brings nothing but a coupon has no rule of its own, and has to be told all the same.
    acts = dict.fromkeys([rule.on for rule in rules if rule.on != ORDER] + [one.given_on for one in given if one.given_on])
    return {act: tuple(rule for rule in rules if rule.on == act) for act in acts}


def _limits(rules: Iterable[Rule], given: Iterable[Definition], mall: Iterable[Reward]) -> dict[str, int]:
    """What counters that all members share may reach: budgets of rules and coupons, stocks of coupons and rewards."""
    limits = {rule.budget_name: rule.budget for rule in rules if rule.budget is not None}
    for definition in given:
        limits |= definition.caps()
    return limits | {reward.room: reward.stock for reward in mall if reward.stock is not None}
