"""Codes of digital rewards at the API: uploaded into pools, withdrawn, counted, shown to staff who help a member, with a reason."""

import asyncio
from datetime import datetime
from typing import Annotated

import orjson
from fastapi import Path
from pydantic import Field
from starlette.requests import Request

from regulars.domains.loyalty.api import goods_schemas as shown
from regulars.domains.loyalty.api import schemas
from regulars.domains.loyalty.service import handing
from regulars.domains.loyalty.tasks import reward_codes
from regulars.domains.rewards.model import PREFIX as REWARD_ORDER
from regulars.domains.rewards.model import CodeBatch, UploadState
from regulars.kernel import ids, problem
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.http import auth, body, routing
from regulars.platform.http.responses import NDJSON, Json
from regulars.platform.http.strict import Strict

router = routing.Router(prefix="/v1", tags=["rewards"])

Reader = Annotated[Actor, auth.needs("rewards.read")]
Manager = Annotated[Actor, auth.needs(handing.PERMISSION)]
Revealer = Annotated[Actor, auth.needs(handing.REVEAL)]
PoolPath = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_-]{0,39}$", examples=["cinema"])]
_TEXT = "text/plain"
BatchPath = Annotated[str, Path(min_length=1, max_length=40, examples=["rcb_01jf3q7t5v8x9y0z1a2b3c4d5e"])]
_MOST_BYTES = handing.MOST * 64


class PoolOut(schemas.Out):
    """A pool of codes: how many are free, given to an order and unseen, seen; the rewards in force that hand them out."""

    pool: str
    free: int
    given: int
    seen: int
    rewards: list[shown.Words]


class PoolsOut(schemas.Out):
    """Every pool, by name."""

    items: list[PoolOut]


class CodeBatchOut(schemas.Out):
    """One upload of `wanted` codes: how many came in so far, how many the pool knew already, how many free ones were withdrawn. It is
    `ready` once all came in; `void`, nothing of it is handed out any more.
    """

    id: str
    pool: str
    state: UploadState
    wanted: int
    added: int
    known: int
    withdrawn: int
    made_at: datetime
    made_by: str


class CodeBatchesOut(schemas.Out):
    """The uploads to a pool, newest first."""

    items: list[CodeBatchOut]


class WithdrawIn(Strict):
    """Why the codes are withdrawn; it stays in the audit log."""

    reason: Annotated[str, Field(min_length=1, max_length=300, examples=["Bought for the wrong cinema"])]


class RevealIn(Strict):
    """Why the codes are looked at; it stays in the audit log."""

    reason: Annotated[str, Field(min_length=1, max_length=300, examples=["Member cannot open the app"])]


class RevealedOut(schemas.Out):
    """The codes of an order, which count as seen from now on."""

    codes: list[str]
    seen_at: datetime


@router.get("/reward-codes", response_model=PoolsOut, openapi_extra=routing.said(en="Pools of reward codes", zh="兑换码库存"))
def pools(request: Request, actor: Reader) -> Json:
    """How many codes each pool has left. No code is shown."""
    with _db(request).reading(actor) as ctx:
        found = handing.stocks(ctx)
    items = [
        {
            "pool": one.pool.pool,
            "free": one.pool.free,
            "given": one.pool.given,
            "seen": one.pool.seen,
            "rewards": [shown.words(label) for label in one.rewards],
        }
        for one in found
    ]
    return Json({"items": items})


@router.get(
    "/reward-codes/{pool}/batches",
    response_model=CodeBatchesOut,
    openapi_extra=routing.said(en="Uploads of reward codes", zh="兑换码上传记录"),
)
def list_uploads(request: Request, pool: PoolPath, *, actor: Reader) -> Json:
    """Who put how many codes into the pool, and when."""
    with _db(request).reading(actor) as ctx:
        return Json({"items": [_batch(one) for one in handing.uploads(ctx, pool)]})


@router.post(
    "/reward-codes/{pool}/batches",
    response_model=CodeBatchOut,
    status_code=201,
    responses={202: {"model": CodeBatchOut, "description": "Coming in, in the background."}},
    dependencies=[body.stream(_TEXT, NDJSON)],
    openapi_extra=routing.said(
        en="Upload reward codes",
        zh="上传兑换码",
        description_zh='每行一个兑换码（文本），或每行一个 {"code"}（NDJSON）；加密保存，重复的自动忽略。超过十万个时转后台处理。',
    ),
)
async def upload(request: Request, pool: PoolPath, *, actor: Manager) -> Json:
    """Up to a million codes, one a line: the code itself as text, or a document with `code` (NDJSON). They are sealed at once and shown
    nowhere; those the pool has already are left out, so that it is safe to repeat. More than 100,000 come in in the background (202).
    """
    raw = b"".join([part async for part in body.limited(request, _MOST_BYTES).stream()])
    lines = _lines(raw, documents=request.headers.get("content-type", "").startswith(NDJSON))

    def store() -> CodeBatch:
        with _db(request).transaction(actor) as ctx:
            return reward_codes.start(ctx, pool, lines, keyring=request.app.state.keyring)

    made = await asyncio.to_thread(store)
    return Json(_batch(made), status_code=202 if made.state is UploadState.adding else 201)


@router.get(
    "/reward-codes/{pool}/batches/{batch}",
    response_model=CodeBatchOut,
    openapi_extra=routing.said(en="Watch an upload of reward codes", zh="查看兑换码上传进度"),
)
def read_upload(request: Request, pool: PoolPath, *, batch: BatchPath, actor: Reader) -> Json:
    """How many of its codes came in."""
    with _db(request).reading(actor) as ctx:
        return Json(_batch(handing.get_upload(ctx, ids.decode(handing.PREFIX, batch), pool=pool)))


@router.post(
    "/reward-codes/{pool}/batches/{batch}/void",
    response_model=CodeBatchOut,
    openapi_extra=routing.said(
        en="Withdraw reward codes", zh="作废兑换码批次", description_zh="未发放的兑换码立即删除，不再发放；已发放的不受影响。"
    ),
)
def void_upload(request: Request, pool: PoolPath, *, batch: BatchPath, asked: WithdrawIn, actor: Manager) -> Json:
    """Withdraw what nobody has been given: those codes are gone, and the rest of an upload that still comes in is dropped. What orders have
    stays theirs; what they give back is not handed out again. Safe to repeat.
    """
    with _db(request).transaction(actor) as ctx:
        return Json(_batch(handing.withdraw(ctx, pool, ids.decode(handing.PREFIX, batch), reason=asked.reason)))


def _lines(raw: bytes, *, documents: bool) -> list[str]:
    """The code of each line, an empty one where there is none. Refusals name the line and never what stands in it."""
    found = []
    for number, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").splitlines(), 1):
        try:
            code = orjson.loads(line)["code"] if documents and line.strip() else line.decode() if not documents else ""
        except (orjson.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError) as wrong:
            wanted = 'a document like {"code": "…"}' if documents else "text in UTF-8"
            raise problem.invalid(f"line {number}", "unreadable", wanted) from wrong
        if not isinstance(code, str):
            raise problem.invalid(f"line {number}", type(code).__name__, "a code as text")
        found.append(code)
    return found


@router.post(
    "/reward-orders/{order}/codes/reveal",
    response_model=RevealedOut,
    openapi_extra=routing.said(
        en="Reveal the codes of an order", zh="查看订单兑换码", description_zh="记入审计日志，并视为已查看：订单不能再取消。"
    ),
)
def reveal(request: Request, order: shown.OrderPath, *, asked: RevealIn, actor: Revealer) -> Json:
    """The codes that the order handed out, for whoever helps the member. The audit log notes it; the order cannot be cancelled any more."""
    with _db(request).transaction(actor) as ctx:
        found = handing.reveal_to_staff(ctx, ids.decode(REWARD_ORDER, order), reason=asked.reason, keyring=request.app.state.keyring)
    return Json({"codes": found.codes, "seen_at": found.seen_at})


def _batch(one: CodeBatch) -> dict[str, object]:
    same = {name: getattr(one, name) for name in CodeBatchOut.model_fields if name != "id"}
    return {"id": handing.wire(one.batch_id), **same}


def _db(request: Request) -> Database:
    found: Database = request.app.state.db
    return found
