"""Batches of coupon codes at the API: made in the background, watched, downloaded, withdrawn."""

from datetime import datetime
from typing import Annotated, BinaryIO
from uuid import UUID

from fastapi import Path, Query
from pydantic import Field
from starlette.requests import Request

from regulars.domains.coupons.model import Batch
from regulars.domains.loyalty.api import schemas
from regulars.domains.loyalty.api.downloads import Download
from regulars.domains.loyalty.tasks import coupon_codes
from regulars.kernel import codes, ids
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.http import auth, paging, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Strict, Word

router = routing.Router(prefix="/v1/coupon-batches", tags=["coupons"])

Reader = Annotated[Actor, auth.needs("coupons.read")]
Manager = Annotated[Actor, auth.needs(coupon_codes.PERMISSION)]
Page = Annotated[paging.Page, paging.page("coupon_batches", UUID)]
BatchPath = Annotated[str, Path(min_length=1, max_length=40, examples=["cpb_01jf3q7t5v8x9y0z1a2b3c4d5e"])]
_MARK = b"\xef\xbb\xbf"


class BatchIn(Strict):
    """How many codes for which kind of coupon; each is the prefix and then `length` characters, of which the last is a check."""

    definition: Annotated[str, Field(min_length=1, max_length=40, examples=["welcome"])]
    name: Annotated[str, Field(min_length=1, max_length=100, examples=["Spring leaflet"])]
    count: Annotated[int, Field(ge=1, le=coupon_codes.MOST, examples=[10_000])]
    prefix: Annotated[str, Field(max_length=12, examples=["TEA"])] = ""
    length: Annotated[int, Field(ge=codes.SHORTEST, le=codes.LONGEST)] = 12


class BatchOut(schemas.Out):
    """A batch: `made` of `wanted` codes so far. Only one that is `ready` gives codes out."""

    id: str
    definition: str
    name: str
    prefix: str
    length: int
    wanted: int
    made: int
    state: str
    created_at: datetime
    created_by: str


class BatchesOut(schemas.Out):
    """A page of batches, newest first."""

    items: list[BatchOut]
    next: str | None


@router.post(
    "",
    response_model=BatchOut,
    status_code=201,
    openapi_extra=routing.said(
        en="Make coupon codes", zh="批量生成券码", description_zh="后台生成，最多一百万个；可查看进度，作废即停止。"
    ),
)
def start_batch(request: Request, body: BatchIn, *, actor: Manager) -> Json:
    """Make up to a million codes in the background. Withdrawing the batch stops it."""
    with _db(request).transaction(actor) as ctx:
        made = coupon_codes.start(
            ctx, definition=body.definition, name=body.name, wanted=body.count, prefix=body.prefix, length=body.length
        )
    return Json(_batch(made), status_code=201)


@router.get("", response_model=BatchesOut, openapi_extra=routing.said(en="List batches of coupon codes", zh="券码批次"))
def list_batches(
    request: Request, page: Page, *, actor: Reader, definition: Annotated[Word | None, Query(description="Only of this kind.")] = None
) -> Json:
    """Batches with how far each is."""
    with _db(request).reading(actor) as ctx:
        rows = coupon_codes.list_batches(ctx, definition=definition, before=page.after[0] if page.after else None, limit=page.fetch)
    return Json(page.answer(rows, lambda one: (one.batch_id,), show=_batch))


@router.get("/{batch}", response_model=BatchOut, openapi_extra=routing.said(en="Watch a batch of coupon codes", zh="查看券码批次"))
def read_batch(request: Request, batch: BatchPath, *, actor: Reader) -> Json:
    """How many of its codes are made."""
    with _db(request).reading(actor) as ctx:
        return Json(_batch(coupon_codes.get(ctx, ids.decode(coupon_codes.PREFIX, batch))))


@router.get(
    "/{batch}/codes",
    status_code=200,
    response_class=Download,
    responses={200: {"description": "Every code.", "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}}},
    openapi_extra=routing.said(en="Download coupon codes", zh="下载券码", description_zh="CSV（带 BOM）；下载会记入审计日志。"),
)
def download_codes(request: Request, batch: BatchPath, *, actor: Manager) -> Download:
    """Every code of the batch as CSV (UTF-8 with its mark): the code, and whether it is free, taken or void. The audit log notes it."""
    with _db(request).transaction(actor) as ctx:
        found = coupon_codes.get(ctx, ids.decode(coupon_codes.PREFIX, batch))
        coupon_codes.note_download(ctx, found)

        def write(out: BinaryIO) -> None:
            out.write(_MARK + b"code,state\r\n")
            out.writelines(f"{one.code},{one.state}\r\n".encode() for one in coupon_codes.whole(ctx, found.batch_id))

        return Download(write, name=f"{batch}-codes", form="csv")


@router.post("/{batch}/void", response_model=BatchOut, openapi_extra=routing.said(en="Withdraw a batch of coupon codes", zh="作废券码批次"))
def void_batch(request: Request, batch: BatchPath, *, actor: Manager) -> Json:
    """No more codes of it are made or given out; coupons that members took stay theirs. Safe to repeat."""
    with _db(request).transaction(actor) as ctx:
        return Json(_batch(coupon_codes.void(ctx, ids.decode(coupon_codes.PREFIX, batch))))


def _batch(batch: Batch) -> dict[str, object]:
    same = {name: getattr(batch, name) for name in BatchOut.model_fields if name != "id"}
    return {"id": coupon_codes.wire(batch.batch_id), **same}


def _db(request: Request) -> Database:
    found: Database = request.app.state.db
    return found
