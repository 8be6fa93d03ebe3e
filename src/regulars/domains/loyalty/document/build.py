"""From the typed document to the compiled programme: conditions become closures, names become objects, once per version."""

from regulars.domains.loyalty import attributes
from regulars.domains.loyalty.document import parts, schema
from regulars.domains.loyalty.model import Cap, Expiry, Programme, Redeem, Rule, Transfer, Unit
from regulars.domains.tiers.model import Ladder, Level
from regulars.kernel import conditions, periods, problem
from regulars.kernel.attributes import Registry
from regulars.kernel.problem import Fault
from regulars.kernel.text import Text


def build(document: schema.Document, version: int) -> Programme:
    """The programme that ``decide`` runs. Raises ``programme.invalid`` for a condition that is unknown, ill-typed or impossible."""
    registry = attributes.registry(document.ladder.levels)
    faults: list[Fault] = []
    rules = [rule for i, one in enumerate(document.earning) if (rule := _rule(one, i, registry, faults)) is not None]
    if faults:
        raise schema.BAD_DOCUMENT(summary=f"{faults[0].field}: {faults[0].expected}", faults=tuple(faults))
    ladder = document.ladder
    return Programme(
        version=version,
        label=_text(document.name),
        currency=document.currency,
        zone=periods.zone(document.time_zone),
        units={name: _unit(name, unit) for name, unit in document.units.items()},
        ladder=Ladder(
            id=ladder.id,
            unit=ladder.unit,
            levels=tuple(Level(id=level.id, threshold=level.from_, label=_text(level.label)) for level in ladder.levels),
            keep_months=ladder.keep.months,
            keep_round_to=ladder.keep.round_to,
            downgrade=ladder.downgrade,
        ),
        earn=tuple(rule for rule in rules if rule.kind != "multiply"),
        multiply=tuple(rule for rule in rules if rule.kind == "multiply"),
        reads=frozenset().union(*(rule.reads for rule in rules)),
    )


def _text(label: parts.Label) -> Text:
    return Text(en=label.en, zh=label.zh)


def _unit(name: str, unit: schema.Unit) -> Unit:
    return Unit(
        id=name,
        label=_text(unit.label),
        expiry=_expiry(unit.expiry),
        pending_days=unit.pending_days,
        owes=unit.on_refund == "owe",
        redeem=Redeem(**unit.redeem.model_dump()) if unit.redeem else None,
        transfer=Transfer(**unit.transfer.model_dump()) if unit.transfer else None,
    )


def _expiry(expiry: schema.Expiry | None) -> Expiry:
    if expiry is None:
        return Expiry(kind="never")
    if expiry.calendar:
        return Expiry(kind="calendar", month=expiry.calendar.month, day=expiry.calendar.day, months=expiry.calendar.min_months)
    rolling = expiry.rolling or schema.Rolling(days=1)
    return Expiry(kind="rolling", months=rolling.months, days=rolling.days, round_to=rolling.round_to)


def _rule(rule: schema.Rule, index: int, registry: Registry, faults: list[Fault]) -> Rule | None:
    test, reads = None, frozenset[str]()
    if rule.when is not None:
        try:
            tree = conditions.parse(rule.when, registry)
        except problem.Problem as refused:
            faults += [Fault(field=f"earning[{index}].when.{f.field}", value=f.value, expected=f.expected) for f in refused.faults]
            return None
        test, reads = conditions.compile(tree), conditions.attributes_read(tree)
    per = rule.per_amount
    return Rule(
        id=rule.id,
        label=_text(rule.label),
        kind="per_amount" if per else "fixed" if rule.fixed else "multiply",
        unit=rule.unit,
        test=test,
        by_line=any(name.startswith("line.") for name in reads),
        reads=reads,
        cap=Cap(period=rule.cap.per, amount=rule.cap.amount) if rule.cap else None,
        incentive=rule.incentive,
        per=per.every if per else 1,
        give=per.give if per else rule.fixed or 0,
        scope=per.by if per else "order",
        exclude=frozenset(per.exclude if per else ()),
        factor_bp=rule.multiply.factor_bp if rule.multiply else 10_000,
        lane=rule.multiply.lane if rule.multiply else "",
    )
