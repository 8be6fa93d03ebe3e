"""The check-up: every border from both sides, what is not graded, and the worked example of its page."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domains.loyalty import document
from regulars.domains.loyalty.model.checkup import Area, Figures, Grade, LevelFigure, Shape
from regulars.domains.loyalty.model.simulation import SpendBin
from regulars.domains.loyalty.rules import checkup, outcome
from regulars.domains.loyalty.rules.standards import STANDARDS
from regulars.domains.loyalty.service import checking
from tests.domains.loyalty import programmes
from tests.support import factories

PAGE = Path(__file__).parents[3] / "docs" / "algorithms" / "checkup.md"
PLAIN = Shape(units=2, rules=2, conditions=0, words=60, undated=0, benefits={})


def test_the_worked_example_of_the_page_holds() -> None:
    (block,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    exec(compile(block, PAGE.name, "exec"), {})  # noqa: S102 - the page's own example


@pytest.mark.parametrize("name", STANDARDS)
def test_bands_lie_within_each_other_and_each_border_is_inside_its_band(name: str) -> None:
    standard = STANDARDS[name]
    for grade, (low, high) in zip(Grade, standard.bands, strict=False):
        for border in (low, high):
            if border is not None:
                assert checkup.graded(standard, border) <= grade
    outer_low, outer_high = standard.bands[-1]
    if outer_low is not None and outer_low > 0:
        assert checkup.graded(standard, outer_low - 1) is Grade.E
    if outer_high is not None:
        assert checkup.graded(standard, outer_high + 1) is Grade.E
    assert checkup.graded(standard, None) is Grade.E


@given(st.sampled_from(sorted(STANDARDS)), st.integers(-20_000, 20_000))
def test_a_grade_never_improves_away_from_the_best_band(name: str, value: int) -> None:
    standard = STANDARDS[name]
    low, high = standard.bands[0]
    if low is not None and value < low:
        assert checkup.graded(standard, value) >= checkup.graded(standard, value + 1)
    elif high is not None and value > high:
        assert checkup.graded(standard, value) >= checkup.graded(standard, value - 1)
    else:
        assert checkup.graded(standard, value) is Grade.A


def levels(*given_: tuple[int, int, int]) -> tuple[LevelFigure, ...]:
    return tuple(LevelFigure(ladder="main", level=f"l{i}", members=m, spend=s, value=v) for i, (m, s, v) in enumerate(given_))


def test_with_too_few_buyers_only_simplicity_is_graded() -> None:
    figures = Figures(buyers=99, revenue=1, granted=1, spent=0, expired=0, outstanding=1, levels=levels((99, 1, 1)), deciles=())
    for given_ in (None, figures):
        found = {finding.area: finding for finding in checkup.check_up(PLAIN, given_)}
        assert found[Area.simplicity].grade is Grade.A
        assert [found[area].grade for area in Area if area is not Area.simplicity] == [None] * 4
        assert all(found[area].advice[0].zh.startswith("未评级") for area in Area if area is not Area.simplicity)


def test_spread_names_a_crowd_at_the_bottom_and_an_empty_top() -> None:
    assert checkup.spread(levels((990, 0, 0), (10, 0, 0), (0, 0, 0))) == {"above": 100, "top": 0, "entropy": 510, "empty": 1}
    assert checkup.spread(levels((5, 0, 0))) == {}


def test_a_tenth_that_gets_nothing_has_no_ratio_and_is_an_e() -> None:
    found = checkup.fairness([SpendBin(10, 1_000, 0, 10), SpendBin(10, 9_000, 100, 0)])
    assert found == {"rates": None, "nothing": 5_000, "concentration": 111}
    assert checkup.fairness([SpendBin(10, 1_000, 0, 10)]) == {"nothing": 10_000}


def test_levels_without_a_difference_are_counted_unless_benefits_make_it() -> None:
    flat = levels((1, 1_000, 10), (1, 1_000, 10), (1, 1_000, 15))
    assert checkup.difference(PLAIN, flat) == {"step": 100, "flat": 1}
    felt = Shape(units=2, rules=2, conditions=0, words=60, undated=0, benefits={("main", "l0"): 0, ("main", "l1"): 2, ("main", "l2"): 2})
    assert checkup.difference(felt, flat) == {"step": 150, "flat": 0}


def test_what_a_document_asks_of_its_reader_is_counted() -> None:
    typed = document.read(factories.demo_document())
    shape = checking.shape(typed, document.build(typed, 1))
    assert (shape.units, shape.rules, shape.conditions, shape.undated) == (2, 6, 4, 0)
    assert shape.words > 100
    never = programmes.changed(("    expiry: {rolling: {months: 12}}\n", ""))
    assert checking.shape(document.read(never), factories.programme(never)).undated == 1


@given(st.lists(st.integers(1, 10**7), min_size=1, max_size=60))
def test_tenths_hold_every_buyer_and_every_penny(spends: list[int]) -> None:
    bins: dict[int, SpendBin] = {}
    for spend in spends:
        bins.setdefault(outcome.spend_bin(spend), SpendBin()).add(SpendBin(1, spend, spend // 100, int(spend < 100)))
    tenths = outcome.deciles(bins)
    assert [one.members for one in tenths] == [len(spends) * (i + 1) // 10 - len(spends) * i // 10 for i in range(10)]
    assert sum(one.spend for one in tenths) == sum(spends)
    assert sum(one.value for one in tenths) == sum(spend // 100 for spend in spends)
    assert sum(one.nothing for one in tenths) == sum(spend < 100 for spend in spends)


@given(st.integers(1, 10**12), st.integers(1, 10**12))
def test_bands_of_spend_rise_with_it_and_are_narrow(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert outcome.spend_bin(low) <= outcome.spend_bin(high)
    if outcome.spend_bin(low) == outcome.spend_bin(high):
        assert high - low <= low / 16
