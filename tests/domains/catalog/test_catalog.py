"""Putting stores, categories and products in, and reading them."""

import threading
from collections.abc import Callable

import psycopg
import pytest

from regulars.domains.catalog import service
from regulars.domains.catalog.model import Category, Product, Store, Upserted
from regulars.kernel.problem import Problem
from regulars.platform.context import Actor, Ctx
from regulars.platform.db import Database

Plain = psycopg.Connection[tuple[object, ...]]


def test_stores_are_put_in_again_and_again_without_harm(ctx: Ctx) -> None:
    first, second = Store(code="S1", name_en="One", zone="Asia/Shanghai"), Store(code="S2", region="East")
    assert service.upsert_stores(ctx, [second, first, first]) == Upserted(2, 0, 0)
    assert service.upsert_stores(ctx, [first, second]) == Upserted(0, 0, 2)
    changed = Store(code="S1", name_en="One", zone="Asia/Shanghai", active=False)
    assert service.upsert_stores(ctx, [changed, second, Store(code="S3")]) == Upserted(1, 1, 1)
    assert service.stores(ctx, ["S1", "S2", "S9"]) == {"S1": changed, "S2": second}


def test_an_unchanged_row_is_not_written(db: Database, connection: Plain) -> None:
    def places() -> list[object]:
        return [connection.execute(f"SELECT xmin, ctid FROM {table}").fetchall() for table in ("stores", "categories", "products")]

    def put() -> None:
        with db.transaction() as ctx:
            service.upsert_stores(ctx, [Store(code="S1")])
            service.upsert_categories(ctx, [Category(code="tea")])
            service.upsert_products(ctx, [Product(sku="1", category="tea", price=100, currency="CNY")])

    put()
    before = places()
    put()
    assert places() == before


def test_categories_come_in_any_order_and_move_with_what_is_below(ctx: Ctx) -> None:
    tree = [Category(code="tea", parent="drinks"), Category(code="drinks", parent="food"), Category(code="food"), Category(code="toys")]
    assert service.upsert_categories(ctx, tree) == Upserted(4, 0, 0)
    assert service.upsert_categories(ctx, tree) == Upserted(0, 0, 4)
    assert service.upsert_categories(ctx, [Category(code="drinks", name_zh="饮品", parent="toys")]) == Upserted(0, 1, 0)
    assert {c.code: c.path for c in service.list_categories(ctx)} == {
        "drinks": ("toys", "drinks"),
        "food": ("food",),
        "tea": ("toys", "drinks", "tea"),
        "toys": ("toys",),
    }


def test_products_name_their_category(ctx: Ctx) -> None:
    service.upsert_categories(ctx, [Category(code="drinks"), Category(code="tea", parent="drinks")])
    cup, leaf = Product(sku="cup", name_zh="杯"), Product(sku="leaf", category="tea", price=2980, currency="CNY")
    assert service.upsert_products(ctx, [leaf, cup]) == Upserted(2, 0, 0)
    assert service.upsert_products(ctx, [leaf, cup]) == Upserted(0, 0, 2)
    assert service.products(ctx, ["leaf", "cup", "x"]) == {"leaf": leaf, "cup": cup}
    assert service.categories_of(ctx, ["leaf", "cup", "x"]) == {"leaf": "tea"}
    assert service.category_paths_of(ctx, ["leaf", "cup", "x"]) == {"leaf": ("drinks", "tea")}
    assert service.categories_of(ctx, []) == {}


def test_a_product_of_an_unknown_category_is_refused_and_nothing_changes(ctx: Ctx) -> None:
    with pytest.raises(Problem) as refused:
        service.upsert_products(ctx, [Product(sku="a"), Product(sku="b", category="gone"), Product(sku="c", category="gone")])
    assert refused.value.fields == {"code": "gone", "named_by": "b"}
    assert service.list_products(ctx) == []


def test_every_bad_row_is_named_by_its_place(ctx: Ctx) -> None:
    with pytest.raises(Problem) as refused:
        service.upsert_products(ctx, [Product(sku=""), Product(sku="ok"), Product(sku="x", price=-1, currency="CNY")])
    assert [(f.field, f.value) for f in refused.value.faults] == [("[0].sku", ""), ("[2].price", "-1")]
    assert service.list_products(ctx) == []


def test_one_code_with_two_contents_is_refused(ctx: Ctx) -> None:
    with pytest.raises(Problem) as refused:
        service.upsert_stores(ctx, [Store(code="S1"), Store(code=" S1", active=False)])
    assert (refused.value.faults[0].field, refused.value.faults[0].value) == ("[1].code", "S1")


def test_lists_go_page_by_page(ctx: Ctx) -> None:
    service.upsert_stores(ctx, [Store(code=f"S{i}") for i in range(5)])
    service.upsert_products(ctx, [Product(sku=f"P{i}") for i in range(5)])
    service.upsert_categories(ctx, [Category(code=f"C{i}") for i in range(5)])
    assert [s.code for s in service.list_stores(ctx, limit=2)] == ["S0", "S1"]
    assert [s.code for s in service.list_stores(ctx, after="S1")] == ["S2", "S3", "S4"]
    assert [p.sku for p in service.list_products(ctx, after="P0", limit=2)] == ["P1", "P2"]
    assert [c.code for c in service.list_categories(ctx, after="C3")] == ["C4"]


def test_writing_needs_its_permission(ctx: Ctx) -> None:
    reader = Ctx(tx=ctx.tx, now=ctx.now, actor=Actor(kind="operator", id="o", permissions=frozenset({"catalog.read"})))
    acts: list[Callable[[], object]] = [
        lambda: service.upsert_stores(reader, [Store(code="S1")]),
        lambda: service.upsert_categories(reader, [Category(code="C1")]),
        lambda: service.upsert_products(reader, [Product(sku="P1")]),
    ]
    for act in acts:
        with pytest.raises(Problem) as refused:
            act()
        assert refused.value.fields == {"permission": "catalog.write"}


def test_two_moves_at_once_never_make_a_cycle(db: Database) -> None:
    with db.transaction() as ctx:
        service.upsert_categories(ctx, [Category(code="a"), Category(code="b")])
    barrier, refused = threading.Barrier(2), list[str]()

    def move(code: str, parent: str) -> None:
        barrier.wait()
        try:
            with db.transaction() as ctx:
                service.upsert_categories(ctx, [Category(code=code, parent=parent)])
        except Problem as cycle:
            refused.append(cycle.code)

    threads = [threading.Thread(target=move, args=pair) for pair in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["catalog.cycle"]


def test_the_same_products_put_in_by_many_at_once_are_there_once(db: Database) -> None:
    barrier, done = threading.Barrier(6), list[Upserted]()

    def put(i: int) -> None:
        products = [Product(sku=f"P{n}") for n in range(200)]
        barrier.wait()
        with db.transaction() as ctx:
            done.append(service.upsert_products(ctx, products[::-1] if i % 2 else products))

    threads = [threading.Thread(target=put, args=(i,)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.created for one in done) == [0] * 5 + [200]
