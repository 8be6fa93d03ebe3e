"""What stores, categories and products are. Prices are integer minor units of their ISO currency."""

from dataclasses import dataclass

from regulars.kernel import problem
from regulars.kernel.problem import Kind

UNKNOWN_CATEGORY = problem.define(
    "catalog.unknown_category",
    Kind.invalid,
    en="There is no category {code}, named by {named_by}. Nothing was changed; send the category first or along with it.",
    zh="{named_by} 所属的分类 {code} 不存在，未做任何修改。请先提交该分类，或一并提交。",
)
CYCLE = problem.define(
    "catalog.cycle",
    Kind.invalid,
    en="The category {code} would be above itself: {path}. Nothing was changed.",
    zh="分类 {code} 会成为自己的上级：{path}。未做任何修改。",
)
TOO_DEEP = problem.define(
    "catalog.too_deep",
    Kind.invalid,
    en="The category {code} would lie deeper than {most} levels. Nothing was changed.",
    zh="分类 {code} 的层级将超过 {most} 层，未做任何修改。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A shop or an online channel. ``region`` is the brand's own grouping, ``zone`` an IANA time zone or "" for the programme's."""

    code: str
    name_en: str = ""
    name_zh: str = ""
    region: str = ""
    zone: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A node of the category forest. ``path`` leads from the root to the category itself; it is worked out, never sent in."""

    code: str
    name_en: str = ""
    name_zh: str = ""
    parent: str | None = None
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """Something sold. ``price`` minor units of ``currency`` is what the label says; both are None when not known."""

    sku: str
    name_en: str = ""
    name_zh: str = ""
    category: str | None = None
    price: int | None = None
    currency: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Upserted:
    """What an upsert did: rows that are new, rows that became different, rows that were so already."""

    created: int
    changed: int
    unchanged: int
