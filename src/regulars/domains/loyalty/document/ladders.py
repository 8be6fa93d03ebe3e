"""Ladders: how members climb, keep and lose a level. Spend and visits are counted in a hidden unit with the ladder's own window."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from regulars.domains.loyalty import model
from regulars.domains.loyalty.document.parts import Amount, Id, Label, Part
from regulars.domains.tiers.model import TIERS, Basis, Ladder, Level
from regulars.kernel import periods
from regulars.kernel.text import Text

Round = Literal["day", "month", "quarter", "year"]
LadderId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
COUNTED = {"spend": Text("spend", "消费额"), "visits": Text("visits", "消费次数")}


class Day(Part):
    """A day of the year."""

    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=1, le=31)]


class Keep(Part):
    """How long a level is kept before it is looked at again: so many months, or to the next such day that is so many months away."""

    months: Annotated[int, Field(ge=0, le=120)] = 12
    round_to: Round | None = None
    until: Day | None = None

    @model_validator(mode="after")
    def some_time(self) -> Self:
        if not self.months and self.until is None:
            raise ValueError("give at least one month, or a day of the year as until")
        if self.until is not None and self.round_to is not None:
            raise ValueError("until names the day already; leave round_to out")
        return self


class Window(Part):
    """What of spend and visits counts: ``lifetime``; ``rolling`` months or days; the ``calendar`` year, quarter or month; or the
    member's own year from ``anniversary`` to anniversary of joining.
    """

    kind: Literal["lifetime", "rolling", "calendar", "anniversary"] = "rolling"
    months: Annotated[int, Field(ge=0, le=120)] = 0
    days: Annotated[int, Field(ge=0, le=3650)] = 0
    period: Literal["month", "quarter", "year"] = "year"

    @model_validator(mode="after")
    def some_time(self) -> Self:
        if (self.kind == "rolling") != bool(self.months or self.days):
            raise ValueError("months or days belong to a rolling window, and a rolling window needs them")
        return self


class Rung(Part):
    """One level, reached ``from`` this much of what the ladder counts. ``floor``: once reached, nobody falls below it.
    ``invited``: reached by invitation only.
    """

    id: Id
    label: Label
    from_: Annotated[Amount, Field(alias="from")]
    floor: bool = False
    invited: bool = False


class Rungs(Part):
    """A ladder. ``counts``: the available balance of ``unit`` (whose expiry is the window), spend in minor units, paid orders,
    months since joining, or nothing (levels are given by invitation). ``upgrade``: at once or at the review; ``downgrade`` at the
    review: to what is then carried, one step, or none; ``grace_days`` to qualify again after it; ``notice_days`` before it, members
    who would drop are told; ``on_refund``: a refund lowers the level at once, or waits for the review.
    """

    counts: Literal["unit", "spend", "visits", "tenure", "invitation"] = "unit"
    unit: Id | None = None
    window: Window | None = None
    keep: Keep = Keep()
    upgrade: Literal["at_once", "at_review"] = "at_once"
    downgrade: Literal["reassess", "one_step", "none"] = "reassess"
    grace_days: Annotated[int, Field(ge=0, le=365)] = 0
    notice_days: Annotated[int, Field(ge=0, le=365)] = 0
    on_refund: Literal["at_review", "at_once"] = "at_review"
    levels: Annotated[list[Rung], Field(min_length=1, max_length=20)]

    @model_validator(mode="after")
    def counts_something(self) -> Self:
        if (self.counts == "unit") != (self.unit is not None):
            raise ValueError("name the unit when the ladder counts one, and only then")
        if self.window is not None and self.counts not in COUNTED:
            raise ValueError("a window belongs to spend and visits; a unit's window is its own expiry")
        return self


class MainLadder(Rungs):
    """The ladder that every programme has."""

    id: Literal["main"] = "main"
    label: Label = Label(en=TIERS.en, zh=TIERS.zh)


class OtherLadder(Rungs):
    """A further ladder, with a name of its own."""

    id: LadderId
    label: Label


AnyLadder = MainLadder | OtherLadder


def build(ladder: AnyLadder) -> Ladder:
    """The ladder as the engine knows it."""
    until = ladder.keep.until
    return Ladder(
        id=ladder.id,
        label=ladder.label.text,
        basis=Basis(ladder.counts) if ladder.counts in (Basis.tenure, Basis.invitation) else Basis.unit,
        unit=counted_unit(ladder),
        levels=tuple(
            Level(
                id=one.id,
                threshold=one.from_,
                label=one.label.text,
                floor=one.floor,
                # On a ladder that counts nothing, every level but the first is given.
                invited=one.invited or (place > 0 and ladder.counts == Basis.invitation),
            )
            for place, one in enumerate(ladder.levels)
        ),
        keep_months=ladder.keep.months,
        keep_round_to=ladder.keep.round_to,
        review_on=(until.month, until.day) if until else None,
        upgrade=ladder.upgrade,
        downgrade=ladder.downgrade,
        grace_days=ladder.grace_days,
        notice_days=ladder.notice_days,
        on_refund=ladder.on_refund,
    )


def counted_unit(ladder: AnyLadder) -> str:
    """The unit whose balance the ladder counts; empty for tenure and invitations."""
    if ladder.counts in COUNTED:
        return f"{ladder.counts}:{ladder.id}"
    return ladder.unit or ""


def hidden_unit(ladder: AnyLadder) -> model.Unit | None:
    """The unit in which the ladder's spend or visits are counted, None for other ladders."""
    if ladder.counts not in COUNTED:
        return None
    return model.Unit(
        id=counted_unit(ladder),
        label=COUNTED[ladder.counts],
        expiry=_window(ladder.window or Window(kind="lifetime")),
        pending_days=0,
        owes=False,
        redeem=None,
        transfer=None,
        hidden=True,
        only_counted=True,
        minor=ladder.counts == "spend",
    )


def _window(window: Window) -> model.Expiry:
    round_to: periods.RoundTo | None = None
    match window.kind:
        case "lifetime":
            return model.Expiry(kind="never")
        case "anniversary":
            return model.Expiry(kind="anniversary")
        case "calendar":
            round_to = window.period
    return model.Expiry(kind="rolling", months=window.months, days=window.days, round_to=round_to)


def hidden_rule(ladder: AnyLadder) -> model.Rule | None:
    """The rule by which every order counts on the ladder, None for other ladders."""
    if ladder.counts not in COUNTED:
        return None
    spends = ladder.counts == "spend"
    return model.Rule(
        id=f"counts:{ladder.id}",
        label=COUNTED[ladder.counts],
        kind="per_amount" if spends else "whole",
        unit=counted_unit(ladder),
        test=None,
        by_line=False,
        reads=frozenset(),
        give=1,
        exclude=frozenset(("discount", "freight")),
    )
