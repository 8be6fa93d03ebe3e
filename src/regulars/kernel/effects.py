"""What a fact may do to a member's standing: a closed union, so that a new effect cannot be forgotten anywhere.

Journeys, surveys and games never touch a balance; they submit facts, and only these effects can come of one. Whoever handles
effects ends in ``assert_never`` as ``describe`` does: mypy then names every place that a new member of the union must visit.
"""

from dataclasses import dataclass
from typing import assert_never

from regulars.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantPoints:
    """``amount`` (above zero) of the point ``unit`` is given. Raises ``ValueError`` for any other amount."""

    unit: str
    amount: int
    reason: Text

    def __post_init__(self) -> None:
        _require_positive(self.amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendPoints:
    """``amount`` (above zero) of the point ``unit`` is taken. Raises ``ValueError`` for any other amount."""

    unit: str
    amount: int
    reason: Text

    def __post_init__(self) -> None:
        _require_positive(self.amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTier:
    """The member stands on ``tier`` of ``ladder``; None is below the lowest tier."""

    ladder: str
    tier: str | None
    reason: Text


Effect = GrantPoints | SpendPoints | ChangeTier


def describe(effect: Effect) -> Text:
    """One sentence that says what happened and why."""
    match effect:
        case GrantPoints():
            return Text(
                f"Granted {effect.amount} {effect.unit}: {effect.reason.en}", f"发放 {effect.amount} {effect.unit}：{effect.reason.zh}"
            )
        case SpendPoints():
            return Text(
                f"Spent {effect.amount} {effect.unit}: {effect.reason.en}", f"使用 {effect.amount} {effect.unit}：{effect.reason.zh}"
            )
        case ChangeTier(tier=None):
            return Text(f"No tier of {effect.ladder}: {effect.reason.en}", f"{effect.ladder} 无等级：{effect.reason.zh}")
        case ChangeTier():
            return Text(
                f"Tier {effect.tier} of {effect.ladder}: {effect.reason.en}", f"{effect.ladder} 等级 {effect.tier}：{effect.reason.zh}"
            )
        case _:
            assert_never(effect)


def _require_positive(amount: int) -> None:
    if amount <= 0:
        raise ValueError("an effect moves more than zero points; its kind says in which direction")
