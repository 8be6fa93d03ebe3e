"""Benefits as operators write them. ``unit_cost`` and ``max_freight`` are minor units, ``discount_bp`` basis points."""

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from regulars.domains.benefits import model
from regulars.domains.loyalty.document import audience, parts
from regulars.domains.loyalty.document.audience import Surroundings
from regulars.kernel import money
from regulars.kernel.problem import Fault
from regulars.kernel.text import Text

_KINDS = {
    "free_delivery": Text("free delivery", "免运费"),
    "exclusive_price": Text("an exclusive price", "专享价"),
    "priority_service": Text("priority service", "优先服务"),
    "birthday_gift": Text("a birthday gift", "生日礼"),
    "event_access": Text("access to events", "活动参与资格"),
    "custom": Text("a benefit of the brand's own", "自定义权益"),
}


class Benefit(audience.For):
    """One benefit. Without ``quota`` it is unlimited; without ``unit_cost`` each use says what it cost.

    ``claw_back: charge`` makes a use owed when a refund takes away what it rested on: at its cost, in ``charge_unit``, or else in the
    first unit that can be redeemed and may be owed.
    """

    id: parts.Id
    label: parts.Label
    kind: Literal["free_delivery", "exclusive_price", "priority_service", "birthday_gift", "event_access", "custom"]
    quota: audience.Times | None = None
    unit_cost: parts.Amount | None = None
    incentive: bool = False
    claw_back: Literal["keep", "charge"] = "keep"
    charge_unit: parts.Id | None = None
    discount_bp: Annotated[int, Field(ge=1, le=10_000)] | None = None
    max_freight: parts.Positive | None = None

    @model_validator(mode="after")
    def own_parameters(self) -> Self:
        if (self.kind == "exclusive_price") != (self.discount_bp is not None):
            raise ValueError("give discount_bp with exclusive_price and with nothing else")
        if self.max_freight is not None and self.kind != "free_delivery":
            raise ValueError("give max_freight with free_delivery only")
        if self.charge_unit is not None and self.claw_back != "charge":
            raise ValueError("give charge_unit with claw_back: charge only")
        return self


def build(written: Sequence[Benefit], within: Surroundings, *, faults: list[Fault]) -> dict[str, model.Benefit]:
    """The compiled benefits by id, in the order of the document. What is wrong is added to ``faults``."""
    faults += audience.twice([part.id for part in written], "benefits", "benefit")
    return {
        part.id: model.Benefit(
            id=part.id,
            label=part.label.text,
            kind=model.Kind(part.kind),
            audience=audience.build(part, f"benefits[{i}]", within=within, faults=faults),
            quota=audience.quota(part.quota),
            unit_cost=part.unit_cost,
            incentive=part.incentive,
            claw_back=model.ClawBack(part.claw_back),
            charge_unit=part.charge_unit,
            discount_bp=part.discount_bp,
            max_freight=part.max_freight,
        )
        for i, part in enumerate(written)
    }


def sentence(part: Benefit, within: Surroundings) -> Text:
    """The benefit in one sentence: for whom, what, how often, at which cost, and what a refund does."""
    who = audience.sentence(part, within)
    what, often = _what(part, within.currency), audience.often(part.quota)
    said = Text(f"{who.en}: {what.en}, {often.en}", f"{who.zh}：{what.zh}，{often.zh}")
    cost = _cost(part, within.currency)
    said = Text(f"{said.en}; {cost.en}", f"{said.zh}；{cost.zh}")
    if part.claw_back == "charge":
        unit = within.units.get(part.charge_unit or "")
        said = Text(
            f"{said.en}; charged{f' in {unit.en}' if unit else ''} when a refund takes the tier away",
            f"{said.zh}；退款导致降级时{f'以{unit.zh}' if unit else ''}收回成本",
        )
    if part.incentive:
        said = Text(f"{said.en}; not for the control group", f"{said.zh}；对照组除外")
    return Text(said.en + ".", said.zh + "。")


def _what(part: Benefit, currency: str) -> Text:
    kind = _KINDS[part.kind]
    if part.discount_bp is not None:
        return Text(f"{kind.en}, {part.discount_bp / 100:g} % off", f"{kind.zh}，优惠 {part.discount_bp / 100:g} %")
    if part.max_freight is not None:
        most = _money(part.max_freight, currency)
        return Text(f"{kind.en} up to {most}", f"{kind.zh}（每次最高 {most}）")
    return kind


def _cost(part: Benefit, currency: str) -> Text:
    if part.unit_cost is None:
        return Text("each use says what it cost", "成本按每次实际记录")
    cost = _money(part.unit_cost, currency)
    return Text(f"each use costs {cost}", f"每次成本 {cost}")


def _money(minor: int, currency: str) -> str:
    return money.said(minor, currency)
