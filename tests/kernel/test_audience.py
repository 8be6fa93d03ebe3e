"""Who something is for, and what is said to who it is not for."""

import pytest

from regulars.kernel import audience
from regulars.kernel.audience import Audience
from regulars.kernel.text import Text

WHAT = Text("The mug", "马克杯")
TIERS = (("silver", Text("Silver", "银卡")), ("gold", Text("Gold", "金卡")))
OFTEN = Audience(test=lambda values: values.get("member.orders") == 3, condition=Text("Orders so far is 3", "历史订单数等于3"))


@pytest.mark.parametrize(
    ("who", "values", "code"),
    [
        (audience.EVERYBODY, {}, None),
        (Audience(tiers=TIERS), {"member.tier": "silver"}, None),
        (Audience(tiers=TIERS), {"member.tier": "gold"}, None),
        (Audience(tiers=TIERS), {"member.tier": "member"}, "audience.other_tier"),
        (Audience(tiers=TIERS), {}, "audience.other_tier"),
        (OFTEN, {"member.orders": 3}, None),
        (OFTEN, {"member.orders": 2}, "audience.condition_unmet"),
        # The tier is told before the condition.
        (Audience(tiers=TIERS, test=lambda _: False), {"member.tier": "member"}, "audience.other_tier"),
        (Audience(tiers=TIERS, test=lambda _: False), {"member.tier": "gold"}, "audience.condition_unmet"),
    ],
)
def test_who_is_among_them(who: Audience, values: dict[str, object], code: str | None) -> None:
    refused = audience.find_refusal(who, WHAT, values)
    assert (refused and refused.code) == code


def test_the_tiers_are_named_in_both_languages() -> None:
    refused = audience.find_refusal(Audience(tiers=TIERS), WHAT, {"member.tier": "member"})
    assert refused is not None
    assert refused.text("en") == "The mug is for the tiers Silver, Gold."
    assert refused.text("zh") == "马克杯仅限银卡、金卡等级。"
    assert refused.fields["needed"] == ["silver", "gold"]


def test_the_condition_is_said_in_both_languages() -> None:
    refused = audience.find_refusal(OFTEN, WHAT, {})
    assert refused is not None
    assert refused.text("en") == "The mug needs this to be true: Orders so far is 3."
    assert refused.text("zh") == "马克杯需要满足：历史订单数等于3。"
