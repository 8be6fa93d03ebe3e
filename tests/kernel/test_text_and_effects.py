"""Texts in two languages, and the closed union of effects."""

import pytest

from regulars.kernel import effects
from regulars.kernel.effects import ChangeTier, Effect, GrantPoints, SpendPoints
from regulars.kernel.text import Text

WHY = Text("birthday", "生日礼")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "金额"),
        ("zh-CN", "金额"),
        ("ZH-hans", "金额"),
        ("en", "total"),
        ("en-GB", "total"),
        ("fr", "total"),
        ("", "total"),
        ("x-zh", "total"),
    ],
)
def test_a_text_speaks_chinese_when_asked_and_english_otherwise(language: str, text: str) -> None:
    assert Text("total", "金额").in_(language) == text


@pytest.mark.parametrize(("en", "zh"), [("", "金额"), ("total", ""), (" ", "金额"), ("total", "\t")])
def test_a_text_is_needed_in_both_languages(en: str, zh: str) -> None:
    with pytest.raises(ValueError, match="a text is needed in English and in Chinese"):
        Text(en, zh)


@pytest.mark.parametrize(
    ("effect", "en", "zh"),
    [
        (GrantPoints(unit="points", amount=1, reason=WHY), "Granted 1 points: birthday", "发放 1 points：生日礼"),
        (SpendPoints(unit="points", amount=40, reason=WHY), "Spent 40 points: birthday", "使用 40 points：生日礼"),
        (ChangeTier(ladder="main", tier="gold", reason=WHY), "Tier gold of main: birthday", "main 等级 gold：生日礼"),
        (ChangeTier(ladder="main", tier=None, reason=WHY), "No tier of main: birthday", "main 无等级：生日礼"),
    ],
)
def test_every_effect_is_described(effect: Effect, en: str, zh: str) -> None:
    assert effects.describe(effect) == Text(en, zh)


@pytest.mark.parametrize("kind", [GrantPoints, SpendPoints])
@pytest.mark.parametrize("amount", [0, -1])
def test_an_effect_moves_more_than_nothing(kind: type[GrantPoints] | type[SpendPoints], amount: int) -> None:
    with pytest.raises(ValueError, match="an effect moves more than zero points"):
        kind(unit="points", amount=amount, reason=WHY)


def test_what_is_not_an_effect_is_a_programming_error() -> None:
    with pytest.raises(AssertionError):
        effects.describe("points")  # type: ignore[arg-type]  # what mypy would refuse
