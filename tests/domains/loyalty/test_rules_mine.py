"""What a member is told of its own standing, in both languages."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from regulars.domains.loyalty.rules import mine
from regulars.domains.tiers.model import Projection, State
from regulars.domains.tiers.rules import NO_REVIEW
from regulars.kernel.text import Text
from tests.domains.loyalty import programmes
from tests.support import factories
from tests.support.wallets import entry, fixed, multiply, per_amount, programme, unit

PLAIN = factories.programme(programmes.PLAIN)
SHANGHAI = factories.programme(programmes.changed(("Europe/London", "Asia/Shanghai")))
UNTIL = datetime(2027, 3, 2, tzinfo=UTC)


def projection(**more: object) -> Projection:
    plain: dict[str, object] = {
        "ladder": "main",
        "unit": "growth",
        "level": "silver",
        "keep_until": UNTIL,
        "state": State.kept,
        "carried_then": 80,
        "missing_to_keep": 20,
        "next_level": "gold",
        "missing_to_next": 170,
    }
    return Projection(**{**plain, **more})  # type: ignore[arg-type]  # tests pass fields by name


def test_the_last_day_is_the_local_one_before_the_end() -> None:
    assert mine.last_day(UNTIL, PLAIN) == date(2027, 3, 1)
    assert mine.last_day(datetime(2027, 3, 1, 16, tzinfo=UTC), SHANGHAI) == date(2027, 3, 1)
    assert mine.last_day(datetime(2027, 3, 1, 16, 0, 1, tzinfo=UTC), SHANGHAI) == date(2027, 3, 2)


@pytest.mark.parametrize(
    ("of", "en", "zh"),
    [
        (projection(), "170 more growth value reaches Gold", "再得 170 成长值升金卡"),
        (projection(missing_to_next=None), "0 more growth value reaches Gold", "再得 0 成长值升金卡"),
        (projection(level="gold", next_level=None), "You are on the highest level", "您已是最高等级"),
    ],
)
def test_how_far_the_next_level_is(of: Projection, en: str, zh: str) -> None:
    assert (mine.next_words(PLAIN, of, "en"), mine.next_words(PLAIN, of, "zh")) == (en, zh)


@pytest.mark.parametrize(
    ("of", "en", "zh"),
    [
        (projection(), "20 more growth value by 2027-03-01 keeps Silver", "2027-03-01 前再得 20 成长值可保级银卡"),
        (
            projection(state=State.grace),
            "20 more growth value by 2027-03-01 keeps Silver: the grace period is running",
            "缓冲期至 2027-03-01，再得 20 成长值可保级银卡",
        ),
        (
            projection(missing_to_keep=0),
            "What you have keeps Silver beyond 2027-03-01",
            "已满足保级条件，2027-03-01 之后继续保留银卡",
        ),
        (projection(keep_until=NO_REVIEW), None, None),
    ],
)
def test_what_keeps_the_level(of: Projection, en: str | None, zh: str | None) -> None:
    assert (mine.keep_words(PLAIN, of, "en"), mine.keep_words(PLAIN, of, "zh")) == (en, zh)


def test_a_level_brings_the_rules_that_ask_for_it_and_for_nothing_else() -> None:
    silver = ("member.tier", "silver")
    both = replace(fixed("both", 5, when=silver), reads=frozenset({"member.tier", "order.store"}))
    of = programme(per_amount(), fixed("gift", 5, when=silver), multiply("double", 20_000, when=silver), both)
    assert [mine.benefits(of, level) for level in ("silver", "gold")] == [[Text("Gift", "〔gift〕"), Text("Double", "〔double〕")], []]


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("grant", 7),
        ("receive", 7),
        ("restore", 7),
        ("unhold", 7),
        ("spend", -7),
        ("hold", -7),
        ("send", -7),
        ("settle", -7),
        ("expire", -7),
        ("reverse", -7),
        ("deduct", -7),
        ("confirm", 0),
        ("release", 0),
        ("owe", 0),
    ],
)
def test_by_how_much_an_entry_moved_what_the_member_has(kind: str, change: int) -> None:
    assert mine.change(entry(kind, 7)) == change


def test_a_member_calls_points_what_can_be_redeemed_and_is_no_money() -> None:
    assert mine.main_unit(PLAIN) == "points"
    made = programme(units=[unit("points", redeem=None), unit("purse", money=True), unit("stars")])
    assert mine.main_unit(made) == "stars"
    assert mine.main_unit(programme(units=[unit("points", redeem=None)])) == "points"
