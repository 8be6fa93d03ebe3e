"""From coupons as they are written to coupons as they are priced: conditions become closures, days become instants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from regulars.domains.coupons import model
from regulars.domains.loyalty.document.coupons.schema import Claim, Coupon, Lane, Times, Validity
from regulars.kernel import codes, conditions, periods, problem
from regulars.kernel.attributes import Registry
from regulars.kernel.problem import Fault
from regulars.kernel.text import Text

_OF_AN_ORDER = ("order.", "line.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """What coupons refer to in the rest of the document: the names of its ``units``, its attributes, currency and zone."""

    units: Mapping[str, Text]
    registry: Registry
    currency: str
    zone: periods.Zone


def build(
    written: Sequence[Coupon], lanes: Sequence[Lane], within: Within, *, faults: list[Fault]
) -> tuple[dict[str, model.Definition], tuple[model.Lane, ...]]:
    """The compiled coupons by id and their lanes, as the document orders them. What is wrong is added to ``faults``, with its place."""
    faults += _repeated([lane.id for lane in lanes], "coupon_lanes")
    faults += _repeated([part.id for part in written], "coupons")
    made = {part.id: _definition(part, f"coupons[{i}]", within, faults=faults) for i, part in enumerate(written)}
    for i, part in enumerate(written):
        faults += _lane(part, f"coupons[{i}]", lanes)
    typed = [definition.generic_code for definition in made.values()]
    faults += [
        Fault(field=f"coupons[{i}].generic_code", value=code, expected="a code that no other coupon has")
        for i, code in enumerate(typed)
        if code and code in typed[:i]
    ]
    return made, tuple(model.Lane(lane.id, lane.many) for lane in lanes)


def _repeated(ids: list[str], place: str) -> list[Fault]:
    expected = "an id that no earlier one has"
    return [Fault(field=f"{place}[{i}].id", value=name, expected=expected) for i, name in enumerate(ids) if name in ids[:i]]


def _lane(part: Coupon, path: str, lanes: Sequence[Lane]) -> list[Fault]:
    found = next((lane for lane in lanes if lane.id == part.lane), None)
    if found is None:
        known = ", ".join(lane.id for lane in lanes) or "coupon_lanes, which has none yet"
        return [Fault(field=f"{path}.lane", value=part.lane, expected=f"one of {known}")]
    if part.per_order > 1 and not found.many:
        return [Fault(field=f"{path}.per_order", value=str(part.per_order), expected=f"1, since the lane {found.id} takes one coupon")]
    return []


def _definition(part: Coupon, path: str, within: Within, *, faults: list[Fault]) -> model.Definition:
    scope = _condition(part.when, f"{path}.when", within, faults=faults)
    return model.Definition(
        id=part.id,
        label=part.label.text,
        most=part.max_discount,
        test=scope.test,
        words=scope.words,
        by_line=any(name.startswith("line.") for name in scope.reads),
        reads=scope.reads,
        min_spend=part.min_spend,
        min_spend_on=part.min_spend_on,
        stores=frozenset(part.stores),
        validity=_validity(part.validity, within.zone),
        lane=part.lane,
        exclusive=part.exclusive,
        per_order=part.per_order,
        limit=_limit(part.limit),
        stock=part.stock,
        budget=model.Budget(total=part.budget.total, per_store=part.budget.per_store, when_short=part.budget.when_short),
        incentive=part.incentive,
        claim=_claim(part.claim, f"{path}.claim", within, faults=faults) if part.claim else None,
        given_on=part.given_on or "",
        generic_code=_code(part.generic_code, f"{path}.generic_code", faults),
        code_uses=part.code_uses,
        transfers=part.transfers,
        on_refund=part.on_refund,
        grace_days=part.grace_days,
        **_worth(part),
    )


def _worth(part: Coupon) -> dict[str, Any]:
    """The kind of the coupon and the words that only this kind has."""
    if part.spend_off:
        steps = tuple(model.Step(step.from_, step.less) for step in part.spend_off.steps)
        return {"kind": "spend_off", "steps": steps, "every": part.spend_off.every}
    if part.percent:
        return {"kind": "percent", "rate_bp": part.percent.rate_bp}
    if part.cash:
        return {"kind": "cash", "face": part.cash.face}
    if part.exchange:
        return {"kind": "exchange", "pick": part.exchange.pick, "copay": part.exchange.copay}
    return {"kind": "free_delivery"}


@dataclass(frozen=True, slots=True)
class _Condition:
    test: model.Test | None = None
    words: Text | None = None
    reads: frozenset[str] = frozenset()


def _condition(when: dict[str, Any] | None, path: str, within: Within, *, faults: list[Fault]) -> _Condition:
    if when is None:
        return _Condition()
    try:
        tree = conditions.parse(when, within.registry)
    except problem.Problem as refused:
        faults += [Fault(field=f"{path}.{f.field}", value=f.value, expected=f.expected) for f in refused.faults]
        return _Condition()
    return _Condition(conditions.compile(tree), _words(tree, within.registry), conditions.attributes_read(tree))


def _words(tree: conditions.Tree, registry: Registry) -> Text:
    return Text(conditions.sentence(tree, registry, "en"), conditions.sentence(tree, registry, "zh"))


def _start(day: str | None, zone: periods.Zone) -> datetime | None:
    return periods.day_start(date.fromisoformat(day), zone) if day else None


def _end(day: str | None, zone: periods.Zone) -> datetime | None:
    return periods.day_start(date.fromisoformat(day) + timedelta(days=1), zone) if day else None


def _validity(part: Validity, zone: periods.Zone) -> model.Validity:
    return model.Validity(
        start=_start(part.from_, zone),
        until=_end(part.until, zone),
        delay_days=part.delay_days,
        months=part.months,
        days=part.days,
        round_to=part.round_to,
    )


def _limit(times: Times | None) -> model.Limit | None:
    return model.Limit(times.times, times.per) if times else None


def _claim(part: Claim, path: str, within: Within, *, faults: list[Fault]) -> model.Claim:
    condition = _condition(part.when, f"{path}.when", within, faults=faults)
    foreign = sorted(name for name in condition.reads if name.startswith(_OF_AN_ORDER))
    if foreign:
        faults.append(
            Fault(field=f"{path}.when", value=foreign[0], expected="attributes of the member and the time: nothing is bought yet")
        )
    if part.price and part.price.unit not in within.units:
        known = ", ".join(within.units)
        faults.append(Fault(field=f"{path}.price.unit", value=part.price.unit, expected=f"one of the units {known}"))
    return model.Claim(
        test=condition.test,
        words=condition.words,
        reads=condition.reads,
        start=_start(part.from_, within.zone),
        until=_end(part.until, within.zone),
        limit=_limit(part.limit),
        unit=part.price.unit if part.price else "",
        price=part.price.amount if part.price else 0,
    )


def _code(typed: str | None, path: str, faults: list[Fault]) -> str:
    if typed is None:
        return ""
    try:
        return codes.normalise(typed)
    except problem.Problem as refused:
        faults.append(Fault(field=path, value=typed, expected=refused.text()))
        return ""
