"""The rewards mall as operators write it. ``points`` are whole units, ``cash`` minor units; days are local days, both included."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from regulars.domains.loyalty.document import audience, parts
from regulars.domains.loyalty.document.audience import Surroundings
from regulars.domains.rewards import model
from regulars.kernel import money, periods
from regulars.kernel.audience import Audience
from regulars.kernel.problem import Fault
from regulars.kernel.text import Text

_KINDS = {
    "goods": Text("sent to the member", "实物配送"),
    "coupon": Text("given as a coupon at once", "即时发券"),
    "gift_card": Text("given as stored value at once", "即时充入储值"),
    "digital": Text("given as a code at once", "即时发码"),
    "experience": Text("arranged with the member", "预约体验"),
}
_GIVES = {"coupon": "coupon", "gift_card": "money", "digital": "codes"}


def _day(value: object) -> object:
    # YAML makes a date of what looks like one; JSON and a quoted text don't.
    return date.fromisoformat(value) if isinstance(value, str) else value


Day = Annotated[date, BeforeValidator(_day)]


class Description(parts.Part):
    """Some sentences in both languages."""

    en: Annotated[str, Field(min_length=1, max_length=2_000)]
    zh: Annotated[str, Field(min_length=1, max_length=2_000)]


class Coupon(parts.Part):
    """``count`` coupons of one definition for each that is ordered."""

    id: parts.Id
    count: Annotated[int, Field(ge=1, le=100)] = 1


class Worth(parts.Part):
    """``amount`` minor units of a money unit for each that is ordered."""

    unit: parts.Id
    amount: parts.Positive


class Reward(audience.For):
    """One item of the mall. Without ``stock`` there is no end of it, without ``limit`` a member may order any number."""

    id: parts.Id
    label: parts.Label
    description: Description | None = None
    image: Annotated[str, Field(max_length=500)] = ""
    kind: Literal["goods", "coupon", "gift_card", "digital", "experience"]
    unit: parts.Id
    points: parts.Positive
    cash: parts.Amount = 0
    stock: Annotated[int, Field(ge=0, le=10**9)] | None = None
    limit: audience.Times | None = None
    from_: Annotated[Day | None, Field(alias="from")] = None
    until: Day | None = None
    coupon: Coupon | None = None
    money: Worth | None = None
    codes: parts.Id | None = None

    @model_validator(mode="after")
    def gives_what_it_says(self) -> Self:
        given = {name for name in ("coupon", "money", "codes") if getattr(self, name) is not None}
        wanted = {_GIVES[self.kind]} if self.kind in _GIVES else set()
        if given != wanted:
            raise ValueError(f"a reward of kind {self.kind} gives {', '.join(wanted) or 'none of coupon, money, codes'}")
        if self.from_ and self.until and self.until < self.from_:
            raise ValueError("until is the last day and lies on or after from")
        return self


def build(written: Sequence[Reward], within: Surroundings, *, coupons: Collection[str], faults: list[Fault]) -> dict[str, model.Reward]:
    """The compiled rewards by id, in the order of the document. What is wrong is added to ``faults``, and left out.

    ``coupons`` are the ids of the document's coupons.
    """
    faults += audience.twice([part.id for part in written], "rewards", "reward")
    built = {}
    for i, part in enumerate(written):
        path = f"rewards[{i}]"
        unknown = _unknown(part, path, units=within.units, coupons=coupons)
        faults += unknown
        who = audience.build(part, path, within=within, faults=faults)
        if not unknown:
            built[part.id] = _reward(part, within, who)
    return built


def _unknown(part: Reward, path: str, *, units: Collection[str], coupons: Collection[str]) -> list[Fault]:
    known_units, known_coupons = f"one of the units {', '.join(units)}", f"one of the coupons {', '.join(coupons) or '(none)'}"
    faults = []
    if part.unit not in units:
        faults.append(Fault(field=f"{path}.unit", value=part.unit, expected=known_units))
    if part.money is not None and part.money.unit not in units:
        faults.append(Fault(field=f"{path}.money.unit", value=part.money.unit, expected=known_units))
    if part.coupon is not None and part.coupon.id not in coupons:
        faults.append(Fault(field=f"{path}.coupon.id", value=part.coupon.id, expected=known_coupons))
    return faults


def _reward(part: Reward, within: Surroundings, who: Audience) -> model.Reward:
    zone, description = within.zone, part.description
    return model.Reward(
        id=part.id,
        label=part.label.text,
        description=Text(description.en, description.zh) if description else None,
        image=part.image,
        kind=model.Kind(part.kind),
        unit=part.unit,
        unit_label=within.units[part.unit],
        points=part.points,
        cash=part.cash,
        stock=part.stock,
        limit=audience.quota(part.limit),
        audience=who,
        opens_at=periods.day_start(part.from_, zone) if part.from_ else None,
        closes_at=periods.day_start(part.until + timedelta(days=1), zone) if part.until else None,
        grant=_grant(part),
    )


def _grant(part: Reward) -> model.Grant | None:
    if part.coupon is not None:
        return model.GrantCoupon(part.coupon.id, part.coupon.count)
    if part.money is not None:
        return model.GrantMoney(part.money.unit, part.money.amount)
    return model.GrantCode(part.codes, 1) if part.codes is not None else None


def sentence(part: Reward, within: Surroundings) -> Text:
    """The reward in one sentence: its price, for whom, how often and how many, how it is given, and when."""
    unit, who = within.units[part.unit], audience.sentence(part, within)
    cash = money.said(part.cash, within.currency)
    plus = Text(f" and {cash}", f" + {cash}") if part.cash else None
    often, how = audience.often(part.limit), _KINDS[part.kind]
    stock = Text("any number in stock", "库存不限") if part.stock is None else Text(f"{part.stock:,} in stock", f"库存 {part.stock:,} 件")
    when = _when(part)
    return Text(
        f"{part.points:,} {unit.en}{plus.en if plus else ''}. {who.en}: {often.en}, {stock.en}, {how.en}{when[0]}.",
        f"{part.points:,} {unit.zh}{plus.zh if plus else ''}。{who.zh}：{often.zh}，{stock.zh}，{how.zh}{when[1]}。",
    )


def _when(part: Reward) -> tuple[str, str]:
    first, last = part.from_, part.until
    if first and last:
        return f", from {first} to {last}", f"，{first} 至 {last}"
    if first:
        return f", from {first}", f"，{first} 起"
    return (f", until {last}", f"，至 {last} 止") if last else ("", "")
