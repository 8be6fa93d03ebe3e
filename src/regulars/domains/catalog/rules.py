"""Pure decisions of the catalog: which codes and names are usable, and where a category lies in its tree."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace

from regulars.domains.catalog.model import CYCLE, TOO_DEEP, UNKNOWN_CATEGORY, Category, Product, Store
from regulars.kernel import money, periods, problem

CODE_MAX = 100
NAME_MAX = 300
LEVELS_MAX = 16
_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")


def store(asked: Store) -> Store:
    """The store as it is kept. Raises ``input.invalid`` naming the code or field that is wrong."""
    checked = code("code", asked.code)
    if asked.zone:
        periods.zone(asked.zone)
    return replace(
        asked,
        code=checked,
        name_en=_name("name_en", asked.name_en),
        name_zh=_name("name_zh", asked.name_zh),
        region=_name("region", asked.region),
    )


def category(asked: Category) -> Category:
    """The category as it is kept, its path still to be worked out. Raises ``input.invalid``."""
    parent = None if asked.parent is None else code("parent", asked.parent)
    return Category(
        code=code("code", asked.code),
        name_en=_name("name_en", asked.name_en),
        name_zh=_name("name_zh", asked.name_zh),
        parent=parent,
    )


def product(asked: Product) -> Product:
    """The product as it is kept. Raises ``input.invalid``; a price needs its currency and must not be negative."""
    if (asked.price is None) != (asked.currency is None):
        raise problem.invalid("currency", asked.currency, "given together with the price, or neither")
    if asked.currency is not None:
        money.exponent(asked.currency)
    if asked.price is not None and not 0 <= asked.price < money.MAX_MINOR:
        raise problem.invalid("price", asked.price, f"minor units from 0 to {money.MAX_MINOR - 1}")
    return replace(
        asked,
        sku=code("sku", asked.sku),
        name_en=_name("name_en", asked.name_en),
        name_zh=_name("name_zh", asked.name_zh),
        category=None if asked.category is None else code("category", asked.category),
    )


def code(field: str, text: str) -> str:
    """The brand's own code without outer spaces, otherwise as it came. Raises ``input.invalid``."""
    plain = text.strip()
    if not 1 <= len(plain) <= CODE_MAX or any(unicodedata.category(c) in _INVISIBLE for c in plain):
        raise problem.invalid(field, text, f"1 to {CODE_MAX} visible characters")
    return plain


def placed(known: Mapping[str, Category], asked: Iterable[Category]) -> list[Category]:
    """Every category whose row differs once ``asked`` is put into ``known``, with its path: the asked ones and those moved with them.

    Raises ``catalog.unknown_category`` for a parent that is nowhere, ``catalog.cycle``, ``catalog.too_deep``.
    """
    forest = dict(known) | {c.code: c for c in asked}
    paths: dict[str, tuple[str, ...]] = {}
    for start in sorted(forest):
        _walk(forest, start, paths)
    after = {c: replace(row, path=paths[c]) for c, row in forest.items()}
    return [row for c, row in sorted(after.items()) if known.get(c) != row]


def _walk(forest: Mapping[str, Category], start: str, paths: dict[str, tuple[str, ...]]) -> None:
    """Put the paths of ``start`` and of all above it into ``paths``. A loop and not a recursion: the input decides how deep it goes."""
    climbed: list[str] = []
    here: str | None = start
    while here is not None and here not in paths:
        if here in climbed:
            raise CYCLE(code=here, path=" > ".join(reversed([*climbed[climbed.index(here) :], here])))
        if here not in forest:
            raise UNKNOWN_CATEGORY(code=here, named_by=climbed[-1])
        climbed.append(here)
        here = forest[here].parent
    above = paths[here] if here is not None else ()
    for step in reversed(climbed):
        above = (*above, step)
        if len(above) > LEVELS_MAX:
            raise TOO_DEEP(code=step, most=LEVELS_MAX)
        paths[step] = above


def _name(field: str, text: str) -> str:
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    if len(plain) > NAME_MAX or any(unicodedata.category(c) in ("Cc", "Cs") for c in plain):
        raise problem.invalid(field, text, f"up to {NAME_MAX} printable characters")
    return plain
