"""Units: what members collect. Amounts of money units are minor units of the programme's currency."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from regulars.domains.loyalty import model
from regulars.domains.loyalty.document.parts import Amount, Id, Label, Part, Positive, Share

Round = Literal["day", "month", "quarter", "year"]


class Rolling(Part):
    """Lapses this long after it was earned, at the end of that day, or of the ``round_to`` that day lies in. Of no time at all, it
    lapses at the end of the ``round_to`` in which it was earned. ``slides``: whatever is earned renews all the member has of it.
    """

    months: Annotated[int, Field(ge=0, le=240)] = 0
    days: Annotated[int, Field(ge=0, le=7300)] = 0
    round_to: Round | None = None
    slides: bool = False

    @model_validator(mode="after")
    def some_time(self) -> Self:
        if not self.months and not self.days and self.round_to in (None, "day"):
            raise ValueError("give months or days, or round_to month, quarter or year")
        return self


class Calendar(Part):
    """Lapses at the end of the next ``month``/``day`` that is at least ``min_months`` away."""

    month: Annotated[int, Field(ge=1, le=12)] = 12
    day: Annotated[int, Field(ge=1, le=31)] = 31
    min_months: Annotated[int, Field(ge=0, le=60)] = 0


class Expiry(Part):
    """Exactly one of ``rolling`` and ``calendar``."""

    rolling: Rolling | None = None
    calendar: Calendar | None = None

    @model_validator(mode="after")
    def one(self) -> Self:
        if (self.rolling is None) == (self.calendar is None):
            raise ValueError("give either rolling or calendar; leave expiry out for units that never lapse")
        return self


class Redeem(Part):
    """Every ``points`` are worth ``worth`` minor units, up to ``max_share_bp`` of a cart."""

    points: Positive
    worth: Positive
    min_points: Amount = 0
    max_share_bp: Share = 10_000


class Transfer(Part):
    """Members may give units to each other: at most ``per_day`` a local day, at least ``min_points`` at once."""

    per_day: Positive
    min_points: Positive = 1


class Await(Part):
    """What an order earns waits for the act ``act`` about it; after ``cancel_after_days`` without it, it is given up."""

    act: Id
    cancel_after_days: Annotated[int, Field(ge=1, le=365)] = 30


class Unit(Part):
    """Something members collect. ``money``: it was paid for, one is worth one minor unit, and it never goes below zero."""

    label: Label
    expiry: Expiry | None = None
    pending_days: Annotated[int, Field(ge=0, le=365)] = 0
    pending_until: Await | None = None
    on_refund: Literal["owe", "waive"] = "owe"
    redeem: Redeem | None = None
    transfer: Transfer | None = None
    money: bool = False

    @model_validator(mode="after")
    def one_delay(self) -> Self:
        if self.pending_days and self.pending_until:
            raise ValueError("give pending_days or pending_until, not both")
        return self

    @model_validator(mode="after")
    def money_is_money(self) -> Self:
        if self.money and self.redeem and (self.redeem.points, self.redeem.worth) != (1, 1):
            raise ValueError("one of a money unit is worth one minor unit: leave redeem out, or write points: 1, worth: 1")
        return self


def build(name: str, unit: Unit, *, counted: bool) -> model.Unit:
    """The unit as the engine knows it; ``counted`` says that it is a ladder's and no reward's price."""
    redeem = model.Redeem(**unit.redeem.model_dump()) if unit.redeem else None
    if unit.money and redeem is None:
        redeem = model.Redeem(points=1, worth=1, min_points=0, max_share_bp=10_000)
    awaits = unit.pending_until
    return model.Unit(
        id=name,
        label=unit.label.text,
        expiry=_expiry(unit.expiry),
        pending_days=unit.pending_days,
        owes=unit.on_refund == "owe" and not unit.money,
        redeem=redeem,
        transfer=model.Transfer(**unit.transfer.model_dump()) if unit.transfer else None,
        awaits=model.Await(act=awaits.act, days=awaits.cancel_after_days) if awaits else None,
        money=unit.money,
        minor=unit.money,
        only_counted=counted and redeem is None and unit.transfer is None,
    )


def _expiry(expiry: Expiry | None) -> model.Expiry:
    if expiry is None:
        return model.Expiry(kind="never")
    if expiry.calendar:
        return model.Expiry(kind="calendar", month=expiry.calendar.month, day=expiry.calendar.day, months=expiry.calendar.min_months)
    rolling = expiry.rolling or Rolling(days=1)
    return model.Expiry(kind="rolling", months=rolling.months, days=rolling.days, round_to=rolling.round_to, slides=rolling.slides)
