"""Who something is for: members on some tiers, members of whom a condition is true, or everybody."""

from collections.abc import Mapping
from dataclasses import dataclass

from regulars.kernel import conditions, problem
from regulars.kernel.problem import Kind, Problem
from regulars.kernel.text import Text

TIER = "member.tier"
"""The attribute that holds the id of the tier a member is on."""

OTHER_TIER = problem.define(
    "audience.other_tier",
    Kind.forbidden,
    en="{what} is for the tiers {tiers}.",
    zh="{what_zh}仅限{tiers_zh}等级。",
)
CONDITION_UNMET = problem.define(
    "audience.condition_unmet",
    Kind.forbidden,
    en="{what} needs this to be true: {condition}.",
    zh="{what_zh}需要满足：{condition_zh}。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """``tiers``: id and name of each tier in the order of the ladder, none for all of them. ``test`` is a compiled condition, ``condition``
    the same in words, ``reads`` the attributes it asks for. Tier and condition must both hold.
    """

    tiers: tuple[tuple[str, Text], ...] = ()
    test: conditions.Predicate | None = None
    condition: Text | None = None
    reads: frozenset[str] = frozenset()


EVERYBODY = Audience()


def find_refusal(audience: Audience, what: Text, values: Mapping[str, object]) -> Problem | None:
    """Why the member with these attribute ``values`` is not among them: the tier before the condition; None when it is."""
    if audience.tiers and values.get(TIER) not in dict(audience.tiers):
        names = [name for _, name in audience.tiers]
        return OTHER_TIER(
            what=what.en,
            what_zh=what.zh,
            tiers=", ".join(name.en for name in names),
            tiers_zh="、".join(name.zh for name in names),
            needed=[tier for tier, _ in audience.tiers],
        )
    if audience.test is not None and not audience.test(values):
        said = audience.condition or Text("its condition", "其条件")
        return CONDITION_UNMET(what=what.en, what_zh=what.zh, condition=said.en, condition_zh=said.zh)
    return None
