"""Earning rules: what an order or an act gives, to whom, up to which limit."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from regulars.domains.loyalty import model
from regulars.domains.loyalty.document.parts import Id, Label, Part, Positive
from regulars.kernel import conditions, problem
from regulars.kernel.attributes import Registry
from regulars.kernel.problem import Fault
from regulars.kernel.text import Text

ACTS = ("check_in", "review", "share", "registration", "birthday", "profile", "delivered", "referral", "survey", "post")
"""Acts with names of our own; a programme may name others."""
_SAID = {
    "check_in": Text("checking in", "签到"),
    "review": Text("a review", "评价"),
    "share": Text("sharing", "分享"),
    "registration": Text("joining", "注册"),
    "birthday": Text("the birthday", "生日"),
    "profile": Text("completing the profile", "完善资料"),
    "delivered": Text("delivery", "确认收货"),
    "referral": Text("a referral", "推荐好友"),
    "survey": Text("a survey", "填写问卷"),
    "post": Text("a post", "发帖"),
}


def act_said(act: str) -> Text:
    """What people call the act; a programme's own by its id."""
    return _SAID.get(act) or Text(f"“{act}”", f"“{act}”")


class Cap(Part):
    """At most ``amount`` per member and period."""

    per: Literal["order", "day", "week", "month", "quarter", "year", "lifetime"]
    amount: Positive


class PerAmount(Part):
    """Give ``give`` units for every ``every`` minor units; of an act, for every ``every`` of its value."""

    every: Positive
    give: Positive
    by: Literal["order", "line"] = "order"
    exclude: list[Literal["discount", "tax", "points", "freight"]] = Field(default=["discount", "points", "freight"])


class Multiply(Part):
    """Multiply what the per-amount rules gave: ``factor_bp`` 20000 doubles. In one lane only the highest factor counts; lanes add."""

    factor_bp: Annotated[int, Field(gt=10_000, le=1_000_000)]
    lane: Id = "main"


class Rule(Part):
    """One earning rule: exactly one of ``per_amount``, ``fixed``, ``multiply``; ``when`` limits it to orders or lines.

    ``on``: the order, or an act such as check_in, review or birthday. ``budget``: what it may give to all members together.
    """

    id: Id
    label: Label
    on: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")] = model.ORDER
    unit: Id
    when: dict[str, Any] | None = None
    per_amount: PerAmount | None = None
    fixed: Positive | None = None
    multiply: Multiply | None = None
    cap: Cap | None = None
    budget: Positive | None = None
    incentive: bool = False

    @model_validator(mode="after")
    def one_effect(self) -> Self:
        if sum(x is not None for x in (self.per_amount, self.fixed, self.multiply)) != 1:
            raise ValueError("give exactly one of per_amount, fixed, multiply")
        if self.on != model.ORDER and self.multiply:
            raise ValueError("multiply belongs to orders; an act has nothing to multiply")
        return self


def build(rule: Rule, index: int, registry: Registry, faults: list[Fault]) -> model.Rule | None:
    """The rule with its condition compiled; None, and a fault more, when the condition cannot be."""
    test, reads = None, frozenset[str]()
    if rule.when is not None:
        try:
            tree = conditions.parse(rule.when, registry)
        except problem.Problem as refused:
            faults += [Fault(field=f"earning[{index}].when.{f.field}", value=f.value, expected=f.expected) for f in refused.faults]
            return None
        test, reads = conditions.compile(tree), conditions.attributes_read(tree)
        strange = _strange(rule, reads)
        if strange:
            faults.append(Fault(field=f"earning[{index}].when", value=strange, expected=f"what is known when the trigger is {rule.on}"))
            return None
    per = rule.per_amount
    return model.Rule(
        id=rule.id,
        label=rule.label.text,
        kind="per_amount" if per else "fixed" if rule.fixed else "multiply",
        unit=rule.unit,
        test=test,
        by_line=any(name.startswith("line.") for name in reads),
        reads=reads,
        cap=model.Cap(period=rule.cap.per, amount=rule.cap.amount) if rule.cap else None,
        incentive=rule.incentive,
        per=per.every if per else 1,
        give=per.give if per else rule.fixed or 0,
        scope=per.by if per else "order",
        exclude=frozenset(per.exclude if per else ()),
        factor_bp=rule.multiply.factor_bp if rule.multiply else 10_000,
        lane=rule.multiply.lane if rule.multiply else "",
        on=rule.on,
        budget=rule.budget,
    )


def _strange(rule: Rule, reads: frozenset[str]) -> str:
    """An attribute that the rule's trigger does not know; empty when it knows them all."""
    foreign = ("act.",) if rule.on == model.ORDER else ("order.", "line.")
    return next((name for name in sorted(reads) if name.startswith(foreign)), "")
