"""The routes of the catalog."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from regulars.domains.catalog import service
from regulars.domains.catalog.model import Category, Product, Store, Upserted
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.http import auth, paging, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Currency, Minor, Strict

BATCH_MAX = 5_000

router = routing.Router(prefix="/v1/catalog", tags=["catalog"])

Reader = Annotated[Actor, auth.needs("catalog.read")]
Writer = Annotated[Actor, auth.needs("catalog.write")]
_Code = Annotated[str, Field(min_length=1, max_length=100)]
_Name = Annotated[str, Field(max_length=300)]
_Codes = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=100)]] | None,
    Query(max_length=200, description="Only these, in one page; left out: all, page by page."),
]
StoresPage = Annotated[paging.Page, paging.page("catalog.stores", str)]
CategoriesPage = Annotated[paging.Page, paging.page("catalog.categories", str)]
ProductsPage = Annotated[paging.Page, paging.page("catalog.products", str)]


class Out(BaseModel):
    """The base of what is given: every field is always there."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class StoreIn(Strict):
    """A shop or an online channel."""

    code: Annotated[_Code, Field(examples=["SH-001"])]
    name_en: Annotated[_Name, Field(examples=["Nanjing Road"])] = ""
    name_zh: Annotated[_Name, Field(examples=["南京路店"])] = ""
    region: Annotated[str, Field(max_length=100, description="Your own grouping.", examples=["East"])] = ""
    zone: Annotated[str, Field(max_length=64, description="IANA time zone; empty: the programme's.", examples=["Asia/Shanghai"])] = ""
    active: bool = True


class CategoryIn(Strict):
    """A category below `parent`, or a root."""

    code: Annotated[_Code, Field(examples=["tea"])]
    name_en: Annotated[_Name, Field(examples=["Tea"])] = ""
    name_zh: Annotated[_Name, Field(examples=["茶"])] = ""
    parent: Annotated[_Code | None, Field(examples=["drinks"])] = None


class ProductIn(Strict):
    """Something sold. The price is what the label says, in minor units; it never decides what an order cost."""

    sku: Annotated[_Code, Field(examples=["85123A"])]
    name_en: Annotated[_Name, Field(examples=["White hanging heart"])] = ""
    name_zh: Annotated[_Name, Field(examples=["白色心形挂饰"])] = ""
    category: Annotated[_Code | None, Field(examples=["tea"])] = None
    price: Annotated[Minor | None, Field(examples=[2980])] = None
    currency: Currency | None = None
    active: bool = True


class StoresIn(Strict):
    """Stores to be put in, each code once."""

    items: Annotated[list[StoreIn], Field(min_length=1, max_length=BATCH_MAX)]


class CategoriesIn(Strict):
    """Categories to be put in, each code once, in any order."""

    items: Annotated[list[CategoryIn], Field(min_length=1, max_length=BATCH_MAX)]


class ProductsIn(Strict):
    """Products to be put in, each code once."""

    items: Annotated[list[ProductIn], Field(min_length=1, max_length=BATCH_MAX)]


class UpsertedOut(Out):
    """How many rows are new, have become different, or were so already."""

    created: int
    changed: int
    unchanged: int


class StoreOut(Out):
    """A store."""

    code: str
    name_en: str
    name_zh: str
    region: str
    zone: str
    active: bool


class CategoryOut(Out):
    """A category; `path` leads from its root down to itself."""

    code: str
    name_en: str
    name_zh: str
    parent: str | None
    path: list[str]


class ProductOut(Out):
    """A product."""

    sku: str
    name_en: str
    name_zh: str
    category: str | None
    price: int | None
    currency: str | None
    active: bool


class StoresOut(Out):
    """A page of stores by code."""

    items: list[StoreOut]
    next: str | None


class CategoriesOut(Out):
    """A page of categories by code."""

    items: list[CategoryOut]
    next: str | None


class ProductsOut(Out):
    """A page of products by code."""

    items: list[ProductOut]
    next: str | None


@router.put("/stores", response_model=UpsertedOut, openapi_extra=routing.said(en="Put in stores", zh="写入门店"))
def put_stores(request: Request, body: StoresIn, *, actor: Writer) -> Json:
    """The stores are as given, all or none. Sending the same again changes nothing."""
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        return _upserted(service.upsert_stores(ctx, [Store(**item.model_dump()) for item in body.items]))


@router.put("/categories", response_model=UpsertedOut, openapi_extra=routing.said(en="Put in categories", zh="写入品类"))
def put_categories(request: Request, body: CategoriesIn, *, actor: Writer) -> Json:
    """The categories are as given, all or none; what lies below a moved one moves along."""
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        return _upserted(service.upsert_categories(ctx, [Category(**item.model_dump()) for item in body.items]))


@router.put("/products", response_model=UpsertedOut, openapi_extra=routing.said(en="Put in products", zh="写入商品"))
def put_products(request: Request, body: ProductsIn, *, actor: Writer) -> Json:
    """The products are as given, all or none. Sending the same again changes nothing."""
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        return _upserted(service.upsert_products(ctx, [Product(**item.model_dump()) for item in body.items]))


@router.get("/stores", response_model=StoresOut, openapi_extra=routing.said(en="List stores", zh="门店列表"))
def list_stores(request: Request, page: StoresPage, *, actor: Reader, code: _Codes = None) -> Json:
    """Stores by code."""
    db: Database = request.app.state.db
    with db.reading(actor) as ctx:
        if code is not None:
            return _these([_store(row) for _, row in sorted(service.stores(ctx, code).items())])
        rows = service.list_stores(ctx, after=_after(page), limit=page.fetch)
    return Json(page.answer(rows, lambda row: (row.code,), show=_store))


@router.get("/categories", response_model=CategoriesOut, openapi_extra=routing.said(en="List categories", zh="品类列表"))
def list_categories(request: Request, page: CategoriesPage, *, actor: Reader) -> Json:
    """Categories by code, each with its path."""
    db: Database = request.app.state.db
    with db.reading(actor) as ctx:
        rows = service.list_categories(ctx, after=_after(page), limit=page.fetch)
    return Json(page.answer(rows, lambda row: (row.code,), show=_category))


@router.get("/products", response_model=ProductsOut, openapi_extra=routing.said(en="List products", zh="商品列表"))
def list_products(request: Request, page: ProductsPage, *, actor: Reader, sku: _Codes = None) -> Json:
    """Products by code."""
    db: Database = request.app.state.db
    with db.reading(actor) as ctx:
        if sku is not None:
            return _these([_product(row) for _, row in sorted(service.products(ctx, sku).items())])
        rows = service.list_products(ctx, after=_after(page), limit=page.fetch)
    return Json(page.answer(rows, lambda row: (row.sku,), show=_product))


def _after(page: paging.Page) -> str:
    return "" if page.after is None else str(page.after[0])


def _these(items: list[dict[str, object]]) -> Json:
    return Json({"items": items, "next": None})


def _upserted(done: Upserted) -> Json:
    return Json(UpsertedOut(created=done.created, changed=done.changed, unchanged=done.unchanged).model_dump())


def _store(row: Store) -> dict[str, object]:
    return StoreOut(
        code=row.code, name_en=row.name_en, name_zh=row.name_zh, region=row.region, zone=row.zone, active=row.active
    ).model_dump()


def _category(row: Category) -> dict[str, object]:
    return CategoryOut(code=row.code, name_en=row.name_en, name_zh=row.name_zh, parent=row.parent, path=list(row.path)).model_dump()


def _product(row: Product) -> dict[str, object]:
    return ProductOut(
        sku=row.sku,
        name_en=row.name_en,
        name_zh=row.name_zh,
        category=row.category,
        price=row.price,
        currency=row.currency,
        active=row.active,
    ).model_dump()
