"""Lots, wallets, units, rules, programmes and standings built by hand: for tests of one pure rule, without a document or a database."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from regulars.domains.loyalty.model import Cap, Decision, Expiry, Programme, Redeem, Rule, Standing, Transfer, Unit, Values
from regulars.domains.points import rules as points
from regulars.domains.points.model import ALWAYS, NEVER, Entry, Totals, Wallet
from regulars.domains.tiers import rules as tiers
from regulars.domains.tiers.model import Ladder, Level, TierStanding
from regulars.kernel import periods
from regulars.kernel.ids import MemberId
from regulars.kernel.text import Text
from tests.support import factories

NOON = factories.NOON
TICK = timedelta(microseconds=1)
MEMBER = MemberId(UUID(int=7))
FRIEND = MemberId(UUID(int=8))
LEVELS = (("member", 0), ("silver", 100), ("gold", 300))
TWELVE_MONTHS = Expiry(kind="rolling", months=12)


def day(days: float) -> datetime:
    """The instant ``days`` after noon of 1 March 2026."""
    return NOON + timedelta(days=days)


def text(name: str) -> Text:
    """A label that shows its language."""
    return Text(en=name.capitalize(), zh=f"〔{name}〕")


def entry(
    kind: str,
    amount: int,
    expires_at: datetime = NEVER,
    *,
    at: datetime = NOON,
    available_at: datetime = ALWAYS,
    unit: str = "points",
    ref: int | UUID | None = None,
    **why: Any,
) -> Entry:
    """A line of the journal; what is not named is its reason."""
    return Entry(unit, kind, amount, at, expires_at, available_at, UUID(int=ref) if isinstance(ref, int) else ref, why)


def lot(amount: int, expires_at: datetime = NEVER, available_at: datetime = ALWAYS, unit: str = "points") -> Entry:
    """A grant of a month ago that fills this lot."""
    return entry("grant", amount, expires_at, at=day(-30), available_at=available_at, unit=unit)


def held(hold: int, amount: int, expires_at: datetime = NEVER, *, until: datetime) -> Entry:
    """Points set aside from this lot."""
    return entry("hold", amount, expires_at, ref=hold, hold=str(UUID(int=hold)), until=until.isoformat())


def wallet(*entries: Entry) -> Wallet:
    """What these entries make of an empty wallet."""
    made = Wallet()
    for each in entries:
        points.post(made, each)
    return made


def totals(found: Wallet, unit: str = "points") -> dict[str, int]:
    """The sums of the unit that are not zero, by name."""
    sums = found.total(unit)
    return {name: getattr(sums, name) for name in (field.name for field in fields(Totals)) if getattr(sums, name)}


def brief(entries: Sequence[Entry], unit: str = "points") -> list[tuple[str, int]]:
    """(kind, amount) of the unit's entries."""
    return [(each.kind, each.amount) for each in entries if each.unit == unit]


def unit(name: str = "points", **more: Any) -> Unit:
    """A unit that lapses after twelve months, can be redeemed and given away, and is owed after a refund."""
    plain: dict[str, Any] = {
        "label": text(name),
        "expiry": TWELVE_MONTHS,
        "pending_days": 0,
        "owes": True,
        "redeem": Redeem(points=1, worth=1, min_points=0, max_share_bp=10_000),
        "transfer": Transfer(per_day=1000, min_points=1),
    }
    return Unit(id=name, **{**plain, **more})


GROWTH = unit("growth", owes=False, redeem=None, transfer=None, only_counted=True)


def rule(name: str, kind: str, *, when: tuple[str, object] | None = None, cap: tuple[str, int] | None = None, **more: Any) -> Rule:
    """A rule about points; ``when`` is an attribute and the value it must have."""
    plain: dict[str, Any] = {"unit": "points", "test": None, "by_line": False, "reads": frozenset[str]()}
    if when is not None:
        attribute, wanted = when
        plain["test"] = lambda values: values[attribute] == wanted
        plain["by_line"] = attribute.startswith("line.")
        plain["reads"] = frozenset([attribute])
    if cap is not None:
        plain["cap"] = Cap(period=cap[0], amount=cap[1])
    return Rule(id=name, label=text(name), kind=kind, **{**plain, **more})


def per_amount(name: str = "base", *, per: int = 100, give: int = 1, **more: Any) -> Rule:
    """One for every hundred minor units of the order."""
    return rule(name, "per_amount", per=per, give=give, **more)


def fixed(name: str, give: int, **more: Any) -> Rule:
    """So many once an order."""
    return rule(name, "fixed", give=give, **more)


def multiply(name: str, factor_bp: int, lane: str = "main", **more: Any) -> Rule:
    """A factor on what per-amount rules gave."""
    return rule(name, "multiply", factor_bp=factor_bp, lane=lane, **more)


def ladder(**more: Any) -> Ladder:
    """Member, silver at 100 and gold at 300 growth; kept twelve months."""
    levels = tuple(Level(id=name, threshold=threshold, label=text(name)) for name, threshold in LEVELS)
    plain: dict[str, Any] = {"keep_months": 12, "keep_round_to": None, "downgrade": "reassess", "levels": levels}
    return Ladder(id="main", unit="growth", **{**plain, **more})


def programme(
    *rules: Rule, units: Sequence[Unit] = (), ladder_: Ladder | None = None, ladders: Sequence[Ladder] = (), zone: str = "Europe/London"
) -> Programme:
    """A programme in pounds of these rules, with points and growth."""
    return Programme(
        version=3,
        label=text("plain"),
        currency="GBP",
        zone=periods.zone(zone),
        units={each.id: each for each in (unit(), GROWTH, *units)},
        ladders=(ladder_ or ladder(), *ladders),
        earn=tuple(each for each in rules if each.kind != "multiply" and each.on == "order"),
        multiply=tuple(each for each in rules if each.kind == "multiply"),
        reads=frozenset().union(*(each.reads for each in rules)),
        on_act={each.on: tuple(one for one in rules if one.on == each.on) for each in rules if each.on != "order"},
        limits={each.budget_name: each.budget for each in rules if each.budget is not None},
    )


def standing(*entries: Entry, tier: TierStanding | None = None, as_of: datetime = NOON, **more: Any) -> Standing:
    """A member who joined at noon of 1 February 2026, with what these entries gave; on the lowest level unless told."""
    joined = NOON - timedelta(days=28)
    level = tier or tiers.opened(ladder(), joined, periods.zone("Europe/London"))
    return Standing(MEMBER, 0, 0, as_of, joined, bool(more.pop("held_out", False)), {"main": level}, wallet=wallet(*entries), **more)


def decision(of: Standing) -> Decision:
    """A decision in the making: nothing decided yet."""
    return Decision(of, [], {}, 3)


def values(**named: object) -> Values:
    """Attributes by name; ``order__store`` is ``order.store``."""
    return {name.replace("__", "."): value for name, value in named.items()}
