"""Problems: declared once, complete when made, said in both languages, fit to travel."""

import copy
import pickle

import pytest

from regulars.kernel import problem
from regulars.kernel.problem import Fault, Kind, Problem

SHORT = problem.define(
    "tests.short", Kind.limit, en="Only {available} are left, {asked} were asked for.", zh="仅剩 {available}，申请 {asked}。{reason_zh}"
)


def test_a_problem_carries_its_code_kind_fields_and_texts() -> None:
    made = SHORT(available=40, asked=100, reason_zh="！")
    assert (made.code, made.kind, made.fields) == ("tests.short", Kind.limit, {"available": 40, "asked": 100, "reason_zh": "！"})
    assert made.text() == made.text("en") == made.text("fr") == "Only 40 are left, 100 were asked for."
    assert made.text("zh") == made.text("zh-CN") == made.text("ZH-cn") == "仅剩 40，申请 100。！"
    assert str(made) == "tests.short: Only 40 are left, 100 were asked for."


def test_its_faults_are_named_in_its_text_for_logs() -> None:
    faults = (Fault(field="a", value="1", expected="two"), Fault(field="b", value="x", expected="y"))
    made = SHORT(available=1, asked=2, reason_zh="", faults=faults)
    assert made.faults == faults
    assert str(made) == "tests.short: Only 1 are left, 2 were asked for. (a: '1' — expected two; b: 'x' — expected y)"


def test_a_field_that_a_text_needs_must_be_given_when_the_problem_is_made() -> None:
    with pytest.raises(TypeError, match=r"tests\.short is missing asked, reason_zh"):
        SHORT(available=1)
    assert SHORT(available=1, asked=2, reason_zh="", more=3).fields["more"] == 3


def test_the_names_in_a_text_are_found_whatever_is_done_with_them() -> None:
    made = problem.define("tests.formatted", Kind.invalid, en="{a:,} {b.c} {d[0]} {{e}}", zh="{a!r}")
    with pytest.raises(TypeError, match=r"tests\.formatted is missing a, b, d$"):
        made()


def test_a_problem_survives_being_copied_and_pickled() -> None:
    made = SHORT(available=40, asked=100, reason_zh="", faults=(Fault(field="a", value="1", expected="two"),))
    for again in (copy.copy(made), pickle.loads(pickle.dumps(made))):  # noqa: S301 - our own bytes
        assert isinstance(again, Problem)
        assert (again.type, again.fields, again.faults, str(again)) == (made.type, made.fields, made.faults, str(made))


def test_a_code_is_declared_once() -> None:
    assert problem.define("tests.once", Kind.invalid, en="a", zh="甲") is problem.define("tests.once", Kind.invalid, en="a", zh="甲")
    for kind, en, zh in [(Kind.conflict, "a", "甲"), (Kind.invalid, "b", "甲"), (Kind.invalid, "a", "乙")]:
        with pytest.raises(ValueError, match=r"problem code 'tests\.once' is declared twice"):
            problem.define("tests.once", kind, en=en, zh=zh)
    assert problem.declared()["tests.once"].en == "a"


def test_the_list_of_declared_problems_is_a_copy() -> None:
    problem.declared().clear()
    assert problem.declared()["input.invalid"] is problem.INVALID


@pytest.mark.parametrize(
    ("kind", "status", "exit_code", "retry"),
    [
        (Kind.invalid, 422, 2, False),
        (Kind.unauthenticated, 401, 3, False),
        (Kind.forbidden, 403, 3, False),
        (Kind.not_found, 404, 4, False),
        (Kind.conflict, 409, 5, False),
        (Kind.limit, 422, 6, False),
        (Kind.unavailable, 503, 7, True),
    ],
)
def test_each_kind_maps_to_a_status_an_exit_code_and_a_retry(kind: Kind, status: int, exit_code: int, retry: bool) -> None:
    assert (problem.HTTP_STATUS[kind], problem.EXIT_CODE[kind], problem.RETRY[kind]) == (status, exit_code, retry)
    assert len(Kind) == len(problem.HTTP_STATUS) == len(problem.EXIT_CODE) == len(problem.RETRY) == 7


def test_the_common_refusal_names_field_value_and_what_is_expected() -> None:
    made = problem.invalid("amount", "x", "a number")
    assert made.type is problem.INVALID
    assert made.faults == (Fault(field="amount", value="x", expected="a number"),)
    assert made.text("en") == "The input is not valid: amount: 'x' — a number"
    assert made.text("zh") == "输入有误：amount: 'x' — a number"


def test_braces_in_what_came_in_do_no_harm() -> None:
    assert problem.invalid("{a}", "{b}", "{c}").text() == "The input is not valid: {a}: '{b}' — {c}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x" * 121, "x" * 120),
        ("金" * 121, "金" * 120),
        (None, "None"),
        (12, "12"),
        (10**999, "1" + "0" * 119),
        (2**3322 - 1, str(2**3322 - 1)[:120]),
        (2**3322, "a number of more than 1,000 digits"),
        (-(10**2000), "a number of more than 1,000 digits"),
        ("a\ud800b", "a?b"),
    ],
)
def test_a_value_is_shown_short_and_encodable_whatever_it_is(value: object, text: str) -> None:
    assert problem.shown(value) == text
    assert problem.invalid("a", value, "b").faults[0].value == text


def test_the_house_wide_problems_speak_both_languages() -> None:
    for made, en, zh in [
        (problem.NOT_FOUND(what="order", key="ord_1"), "There is no order ord_1.", "找不到 order ord_1。"),
        (problem.FORBIDDEN(permission="points.adjust"), "This needs the permission points.adjust.", "需要权限 points.adjust。"),
        (
            problem.UNAVAILABLE(),
            "Too many changes to the same record at once. Nothing was changed; try again.",
            "同一记录同时变更过多，未做任何修改，请重试。",
        ),
        (
            problem.KEY_REUSED(key="k"),
            "The key k was already used with another body. Send the first body again, or a new key.",
            "键 k 已用于另一份内容。请重发原内容，或换一个新键。",
        ),
    ]:
        assert (made.text("en"), made.text("zh")) == (en, zh)
