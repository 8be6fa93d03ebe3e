"""The verbs of the catalog: put in by code, read by code. Every upsert may be sent again without harm."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from regulars.domains.catalog import rules, store
from regulars.domains.catalog.model import UNKNOWN_CATEGORY, Category, Product, Store, Upserted
from regulars.kernel import problem
from regulars.kernel.problem import Fault, Problem
from regulars.platform.context import Ctx

WRITE = "catalog.write"

Thing = TypeVar("Thing", Store, Category, Product)


def upsert_stores(ctx: Ctx, stores: Sequence[Store]) -> Upserted:
    """The stores are as given. Needs ``catalog.write``. Raises ``input.invalid`` naming each bad row; then nothing is changed."""
    ctx.require(WRITE)
    return store.upsert_stores(ctx.tx, _unique(_checked(stores, rules.store), "code", lambda s: s.code), ctx.now)


def upsert_categories(ctx: Ctx, categories: Sequence[Category]) -> Upserted:
    """The categories are as given, and whatever lies below a moved one has moved along. Needs ``catalog.write``.

    A parent may come in the same call, in any order. Raises ``input.invalid``, ``catalog.unknown_category``, ``catalog.cycle``,
    ``catalog.too_deep``; then nothing is changed.
    """
    ctx.require(WRITE)
    asked = _unique(_checked(categories, rules.category), "code", lambda c: c.code)
    store.lock_categories(ctx.tx)
    known = store.all_categories(ctx.tx)
    differing = rules.placed(known, asked)
    store.upsert_categories(ctx.tx, differing, ctx.now)
    differ = {row.code for row in differing}
    created = sum(1 for row in asked if row.code not in known)
    changed = sum(1 for row in asked if row.code in known and row.code in differ)
    return Upserted(created, changed, len(asked) - created - changed)


def upsert_products(ctx: Ctx, products: Sequence[Product]) -> Upserted:
    """The products are as given. Needs ``catalog.write``.

    Raises ``input.invalid`` or ``catalog.unknown_category``; then nothing is changed.
    """
    ctx.require(WRITE)
    asked = _unique(_checked(products, rules.product), "sku", lambda p: p.sku)
    named = {p.category: p.sku for p in reversed(asked) if p.category is not None}
    missing = sorted(named.keys() - store.known_categories(ctx.tx, named))
    if missing:
        raise UNKNOWN_CATEGORY(code=missing[0], named_by=named[missing[0]])
    return store.upsert_products(ctx.tx, asked, ctx.now)


def stores(ctx: Ctx, codes: Iterable[str]) -> dict[str, Store]:
    """The stores among these codes."""
    return store.stores(ctx.tx, codes)


def products(ctx: Ctx, skus: Iterable[str]) -> dict[str, Product]:
    """The products among these codes."""
    return store.products(ctx.tx, skus)


def list_stores(ctx: Ctx, *, after: str = "", limit: int = 100) -> list[Store]:
    """At most ``limit`` stores by code, beginning behind ``after``."""
    return store.page_stores(ctx.tx, after=after, limit=limit)


def list_categories(ctx: Ctx, *, after: str = "", limit: int = 100) -> list[Category]:
    """At most ``limit`` categories by code, beginning behind ``after``."""
    return store.page_categories(ctx.tx, after=after, limit=limit)


def list_products(ctx: Ctx, *, after: str = "", limit: int = 100) -> list[Product]:
    """At most ``limit`` products by code, beginning behind ``after``."""
    return store.page_products(ctx.tx, after=after, limit=limit)


def categories_of(ctx: Ctx, skus: Iterable[str]) -> dict[str, str]:
    """The category of each product that is known and has one; one statement, for the engine's hot path."""
    return store.categories_of(ctx.tx, skus)


def category_paths_of(ctx: Ctx, skus: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The category of each product with all categories above it, from the root down; one statement."""
    return store.category_paths_of(ctx.tx, skus)


def _checked(rows: Sequence[Thing], check: Callable[[Thing], Thing]) -> list[Thing]:
    """All rows in their one spelling, or one ``input.invalid`` with a fault for each that is not usable."""
    out: list[Thing] = []
    faults: list[Fault] = []
    for i, row in enumerate(rows):
        try:
            out.append(check(row))
        except Problem as refused:
            faults += [Fault(field=f"[{i}].{f.field}", value=f.value, expected=f.expected) for f in refused.faults]
    if faults:
        first = faults[0]
        raise problem.INVALID(summary=f"{first.field}: {first.value!r} — {first.expected}", faults=tuple(faults))
    return out


def _unique(rows: list[Thing], field: str, code_of: Callable[[Thing], str]) -> list[Thing]:
    """The rows, each code once; the same row twice is one. Raises ``input.invalid`` for one code with two contents."""
    kept: dict[str, Thing] = {}
    for i, row in enumerate(rows):
        if kept.setdefault(code_of(row), row) != row:
            raise problem.invalid(f"[{i}].{field}", code_of(row), "each code once in a call; this one comes twice with different content")
    return list(kept.values())
