"""Which codes, names and prices are usable, and where a category lies in its tree."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domains.catalog import rules
from regulars.domains.catalog.model import Category, Product, Store
from regulars.kernel.problem import Problem


def cat(code: str, parent: str | None = None, *path: str) -> Category:
    return Category(code=code, parent=parent, path=path)


def fault(refused: "pytest.ExceptionInfo[Problem]") -> tuple[str, str]:
    (found,) = refused.value.faults
    return found.field, found.expected


@pytest.mark.parametrize(("text", "kept"), [(" 85123A ", "85123A"), ("a/b c", "a/b c"), ("茶", "茶"), ("x" * 100, "x" * 100), ("0", "0")])
def test_a_code_stays_as_it_came_without_outer_spaces(text: str, kept: str) -> None:
    assert rules.code("sku", text) == kept


@pytest.mark.parametrize("text", ["", "  ", "x" * 101, "a\x00", "a\u200bb", "a\x1fb"])
def test_another_code_is_refused(text: str) -> None:
    with pytest.raises(Problem) as refused:
        rules.code("sku", text)
    assert fault(refused) == ("sku", "1 to 100 visible characters")


def test_a_store_is_kept_in_its_one_spelling() -> None:
    asked = Store(code=" S1 ", name_en=" Nanjing  Road", name_zh="南京路店 ", region=" East ", zone="Asia/Shanghai", active=False)
    kept = Store(code="S1", name_en="Nanjing Road", name_zh="南京路店", region="East", zone="Asia/Shanghai", active=False)
    assert rules.store(asked) == kept
    assert rules.store(Store(code="S1")) == Store(code="S1")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": ""}, "code"),
        ({"zone": "Asia/Peking"}, "zone"),
        ({"name_en": "x" * 301}, "name_en"),
        ({"name_zh": "\x00"}, "name_zh"),
        ({"region": "a\ud800"}, "region"),
    ],
)
def test_a_bad_store_is_refused(change: dict[str, str], field: str) -> None:
    with pytest.raises(Problem) as refused:
        rules.store(replace(Store(code="S1"), **change))  # type: ignore[arg-type]  # one text by name
    assert fault(refused)[0] == field


def test_a_name_may_have_three_hundred_characters_and_no_more() -> None:
    assert rules.store(Store(code="S1", name_en="x" * 300)).name_en == "x" * 300
    with pytest.raises(Problem) as refused:
        rules.store(Store(code="S1", name_en="x" * 301))
    assert fault(refused) == ("name_en", "up to 300 printable characters")


def test_a_category_forgets_the_path_it_came_with() -> None:
    asked = Category(code=" tea", name_en=" Tea ", name_zh="茶", parent=" drinks ", path=("made", "up"))
    assert rules.category(asked) == Category(code="tea", name_en="Tea", name_zh="茶", parent="drinks")
    assert rules.category(Category(code="tea")).parent is None


@pytest.mark.parametrize(
    ("change", "field"),
    [({"code": " "}, "code"), ({"parent": ""}, "parent"), ({"name_en": "\x00"}, "name_en"), ({"name_zh": "\x00"}, "name_zh")],
)
def test_a_bad_category_is_refused(change: dict[str, str], field: str) -> None:
    with pytest.raises(Problem) as refused:
        rules.category(replace(Category(code="tea"), **change))  # type: ignore[arg-type]  # one text by name
    assert fault(refused)[0] == field


def test_a_product_is_kept_in_its_one_spelling() -> None:
    asked = Product(sku=" 1 ", name_en=" Cup ", name_zh=" 杯 ", category=" tea ", price=0, currency="CNY", active=False)
    assert rules.product(asked) == Product(sku="1", name_en="Cup", name_zh="杯", category="tea", price=0, currency="CNY", active=False)
    assert rules.product(Product(sku="1")) == Product(sku="1")
    most = Product(sku="1", price=10**15 - 1, currency="JPY")
    assert rules.product(most) == most


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"sku": ""}, "sku"),
        ({"price": 1}, "currency"),
        ({"currency": "CNY"}, "currency"),
        ({"price": 1, "currency": "cny"}, "currency"),
        ({"price": 1, "currency": "ABC"}, "currency"),
        ({"price": -1, "currency": "CNY"}, "price"),
        ({"price": 10**15, "currency": "CNY"}, "price"),
        ({"category": " "}, "category"),
        ({"name_en": "\x00"}, "name_en"),
        ({"name_zh": "\x00"}, "name_zh"),
    ],
)
def test_a_bad_product_is_refused(change: dict[str, object], field: str) -> None:
    with pytest.raises(Problem) as refused:
        rules.product(replace(Product(sku="1"), **change))  # type: ignore[arg-type]  # fields by name
    assert fault(refused)[0] == field


def test_what_a_price_needs_is_said() -> None:
    with pytest.raises(Problem) as refused:
        rules.product(Product(sku="1", price=1))
    assert fault(refused) == ("currency", "given together with the price, or neither")
    with pytest.raises(Problem) as refused:
        rules.product(Product(sku="1", price=-1, currency="CNY"))
    assert fault(refused) == ("price", "minor units from 0 to 999999999999999")


FOREST = {
    "food": cat("food", None, "food"),
    "drinks": cat("drinks", "food", "food", "drinks"),
    "tea": cat("tea", "drinks", "food", "drinks", "tea"),
    "toys": cat("toys", None, "toys"),
}


@pytest.mark.parametrize(
    ("asked", "differing"),
    [
        ([], []),
        ([cat("tea", "drinks")], []),
        ([cat("new")], [cat("new", None, "new")]),
        ([cat("b", "a"), cat("a")], [cat("a", None, "a"), cat("b", "a", "a", "b")]),
        ([cat("tea", "toys")], [cat("tea", "toys", "toys", "tea")]),
        ([cat("drinks")], [cat("drinks", None, "drinks"), cat("tea", "drinks", "drinks", "tea")]),
        (
            [cat("drinks"), cat("food", "drinks")],
            [cat("drinks", None, "drinks"), cat("food", "drinks", "drinks", "food"), cat("tea", "drinks", "drinks", "tea")],
        ),
        ([Category(code="toys", name_en="Toys")], [Category(code="toys", name_en="Toys", path=("toys",))]),
    ],
)
def test_what_lies_below_a_moved_category_moves_along(asked: list[Category], differing: list[Category]) -> None:
    assert rules.placed(FOREST, asked) == differing


def test_a_category_is_never_above_itself() -> None:
    with pytest.raises(Problem) as refused:
        rules.placed(FOREST, [cat("food", "tea")])
    assert (refused.value.code, refused.value.fields) == ("catalog.cycle", {"code": "drinks", "path": "drinks > tea > food > drinks"})
    with pytest.raises(Problem) as refused:
        rules.placed({}, [cat("a", "a")])
    assert refused.value.fields == {"code": "a", "path": "a > a"}


def test_a_parent_that_is_nowhere_is_named_with_its_child() -> None:
    with pytest.raises(Problem) as refused:
        rules.placed(FOREST, [cat("new", "gone")])
    assert (refused.value.code, refused.value.fields) == ("catalog.unknown_category", {"code": "gone", "named_by": "new"})


def test_a_tree_is_sixteen_levels_deep_at_most() -> None:
    chain = [cat(f"c{i:02d}", f"c{i - 1:02d}" if i else None) for i in range(17)]
    assert len(rules.placed({}, chain[:16])[-1].path) == 16
    with pytest.raises(Problem) as refused:
        rules.placed({}, chain)
    assert (refused.value.code, refused.value.fields) == ("catalog.too_deep", {"code": "c16", "most": 16})


@given(st.lists(st.sampled_from(["", "0", "1", "2", "3", "4", "5", "6"]), min_size=7, max_size=7))
def test_every_path_leads_from_a_root_to_its_category(parents: list[str]) -> None:
    # A parent before its child in the list: then no cycle is possible, in whatever order they are sent.
    asked = [cat(str(i), parent if parent and int(parent) < i else None) for i, parent in enumerate(parents)]
    placed = {row.code: row for row in rules.placed({}, asked[::-1])}
    assert placed.keys() == {row.code for row in asked}
    for row in placed.values():
        above = placed[row.parent].path if row.parent else ()
        assert row.path == (*above, row.code)
