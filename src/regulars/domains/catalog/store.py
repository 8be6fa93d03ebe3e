"""Every SQL statement of the catalog. Upserts go in key order, so that two of them cannot deadlock."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from regulars.domains.catalog.model import Category, Product, Store, Upserted
from regulars.platform import db

Row = tuple[Any, ...]


def upsert_stores(tx: Connection, stores: Sequence[Store], at: datetime) -> Upserted:
    """Write these stores; a row that is so already is not touched."""
    ordered = sorted(stores, key=lambda s: s.code)
    rows = db.rows_of(
        tx,
        """INSERT INTO stores AS s (code, name_en, name_zh, region, zone, active, changed_at)
           SELECT w.*, %(at)s FROM unnest(%(codes)s::text[], %(ens)s::text[], %(zhs)s::text[], %(regions)s::text[],
                                          %(zones)s::text[], %(actives)s::boolean[]) AS w
           ON CONFLICT (code) DO UPDATE
              SET name_en = excluded.name_en, name_zh = excluded.name_zh, region = excluded.region, zone = excluded.zone,
                  active = excluded.active, changed_at = excluded.changed_at
            WHERE (s.name_en, s.name_zh, s.region, s.zone, s.active)
                  IS DISTINCT FROM (excluded.name_en, excluded.name_zh, excluded.region, excluded.zone, excluded.active)
           RETURNING xmax = 0""",
        codes=[s.code for s in ordered],
        ens=[s.name_en for s in ordered],
        zhs=[s.name_zh for s in ordered],
        regions=[s.region for s in ordered],
        zones=[s.zone for s in ordered],
        actives=[s.active for s in ordered],
        at=at,
    )
    return _counted(rows, len(ordered))


def upsert_categories(tx: Connection, categories: Sequence[Category], at: datetime) -> Upserted:
    """Write these categories with their paths. The caller holds :func:`lock_categories`."""
    ordered = sorted(categories, key=lambda c: c.code)
    rows = db.rows_of(
        tx,
        # An array of paths can't be ragged, so each path travels as one text; codes hold no control characters.
        """INSERT INTO categories AS c (code, name_en, name_zh, parent, path, changed_at)
           SELECT w.code, w.en, w.zh, w.parent, string_to_array(w.path, chr(31)), %(at)s
             FROM unnest(%(codes)s::text[], %(ens)s::text[], %(zhs)s::text[], %(parents)s::text[], %(paths)s::text[])
                  AS w(code, en, zh, parent, path)
           ON CONFLICT (code) DO UPDATE
              SET name_en = excluded.name_en, name_zh = excluded.name_zh, parent = excluded.parent, path = excluded.path,
                  changed_at = excluded.changed_at
           RETURNING xmax = 0""",
        codes=[c.code for c in ordered],
        ens=[c.name_en for c in ordered],
        zhs=[c.name_zh for c in ordered],
        parents=[c.parent for c in ordered],
        paths=["\x1f".join(c.path) for c in ordered],
        at=at,
    )
    return _counted(rows, len(ordered))


def upsert_products(tx: Connection, products: Sequence[Product], at: datetime) -> Upserted:
    """Write these products; a row that is so already is not touched. Their categories must exist."""
    ordered = sorted(products, key=lambda p: p.sku)
    rows = db.rows_of(
        tx,
        """INSERT INTO products AS p (sku, name_en, name_zh, category, price, currency, active, changed_at)
           SELECT w.*, %(at)s FROM unnest(%(skus)s::text[], %(ens)s::text[], %(zhs)s::text[], %(categories)s::text[],
                                          %(prices)s::bigint[], %(currencies)s::text[], %(actives)s::boolean[]) AS w
           ON CONFLICT (sku) DO UPDATE
              SET name_en = excluded.name_en, name_zh = excluded.name_zh, category = excluded.category, price = excluded.price,
                  currency = excluded.currency, active = excluded.active, changed_at = excluded.changed_at
            WHERE (p.name_en, p.name_zh, p.category, p.price, p.currency, p.active) IS DISTINCT FROM
                  (excluded.name_en, excluded.name_zh, excluded.category, excluded.price, excluded.currency, excluded.active)
           RETURNING xmax = 0""",
        skus=[p.sku for p in ordered],
        ens=[p.name_en for p in ordered],
        zhs=[p.name_zh for p in ordered],
        categories=[p.category for p in ordered],
        prices=[p.price for p in ordered],
        currencies=[p.currency for p in ordered],
        actives=[p.active for p in ordered],
        at=at,
    )
    return _counted(rows, len(ordered))


def lock_categories(tx: Connection) -> None:
    """Wait until nobody else is changing the tree: two moves that are fine alone can make a cycle together. Held to the commit."""
    db.rows_of(tx, "SELECT pg_advisory_xact_lock(hashtext('regulars.catalog.categories'))")


def stores(tx: Connection, codes: Iterable[str]) -> dict[str, Store]:
    """The stores of these codes."""
    rows = db.rows_of(tx, _STORES + "WHERE code = ANY(%(codes)s::text[])", codes=list(codes))
    return {row[0]: _store(row) for row in rows}


def page_stores(tx: Connection, *, after: str, limit: int) -> list[Store]:
    """At most ``limit`` stores by code, beginning behind ``after``."""
    return [_store(row) for row in db.rows_of(tx, _STORES + _PAGE.format(key="code"), after=after, limit=limit)]


def all_categories(tx: Connection) -> dict[str, Category]:
    """The whole tree: thousands of rows at the very most."""
    return {row[0]: _category(row) for row in db.rows_of(tx, _CATEGORIES)}


def page_categories(tx: Connection, *, after: str, limit: int) -> list[Category]:
    """At most ``limit`` categories by code, beginning behind ``after``."""
    return [_category(row) for row in db.rows_of(tx, _CATEGORIES + _PAGE.format(key="code"), after=after, limit=limit)]


def known_categories(tx: Connection, codes: Iterable[str]) -> set[str]:
    """Those of the codes that are categories."""
    return {row[0] for row in db.rows_of(tx, "SELECT code FROM categories WHERE code = ANY(%(codes)s::text[])", codes=list(codes))}


def products(tx: Connection, skus: Iterable[str]) -> dict[str, Product]:
    """The products of these codes."""
    rows = db.rows_of(tx, _PRODUCTS + "WHERE sku = ANY(%(skus)s::text[])", skus=list(skus))
    return {row[0]: _product(row) for row in rows}


def page_products(tx: Connection, *, after: str, limit: int) -> list[Product]:
    """At most ``limit`` products by code, beginning behind ``after``."""
    return [_product(row) for row in db.rows_of(tx, _PRODUCTS + _PAGE.format(key="sku"), after=after, limit=limit)]


def categories_of(tx: Connection, skus: Iterable[str]) -> dict[str, str]:
    """The category of each product that has one."""
    rows = db.rows_of(tx, "SELECT sku, category FROM products WHERE sku = ANY(%(skus)s::text[]) AND category IS NOT NULL", skus=list(skus))
    return {row[0]: row[1] for row in rows}


def category_paths_of(tx: Connection, skus: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The way from the root to the category of each product that has one."""
    rows = db.rows_of(
        tx,
        "SELECT p.sku, c.path FROM products p JOIN categories c ON c.code = p.category WHERE p.sku = ANY(%(skus)s::text[])",
        skus=list(skus),
    )
    return {row[0]: tuple(row[1]) for row in rows}


_STORES = "SELECT code, name_en, name_zh, region, zone, active FROM stores "
_CATEGORIES = "SELECT code, name_en, name_zh, parent, path FROM categories "
_PRODUCTS = "SELECT sku, name_en, name_zh, category, price, currency, active FROM products "
_PAGE = "WHERE {key} > %(after)s ORDER BY {key} LIMIT %(limit)s"


def _store(row: Row) -> Store:
    return Store(code=row[0], name_en=row[1], name_zh=row[2], region=row[3], zone=row[4], active=row[5])


def _category(row: Row) -> Category:
    return Category(code=row[0], name_en=row[1], name_zh=row[2], parent=row[3], path=tuple(row[4]))


def _product(row: Row) -> Product:
    return Product(sku=row[0], name_en=row[1], name_zh=row[2], category=row[3], price=row[4], currency=row[5], active=row[6])


def _counted(rows: Sequence[Row], asked: int) -> Upserted:
    created = sum(1 for row in rows if row[0])
    return Upserted(created, len(rows) - created, asked - len(rows))
