"""Orders and refunds in, one by one or as NDJSON; orders out."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any, Protocol

from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from regulars.domains.loyalty.api import schemas
from regulars.domains.loyalty.model import Fact, LinesRefunded
from regulars.domains.loyalty.service import Done, Given, OrderGiven
from regulars.domains.members import service as members
from regulars.domains.members.model import PREFIX as MEMBER
from regulars.domains.orders import service as orders
from regulars.domains.orders.model import Refund
from regulars.kernel import ids, problem
from regulars.kernel.ids import MemberId, OrderId, RefundId, SubjectId
from regulars.kernel.problem import Problem
from regulars.platform import log
from regulars.platform.context import Actor, Ctx
from regulars.platform.db import Database
from regulars.platform.http import auth, body, faults, language, problems, responses, routing
from regulars.platform.http.responses import NDJSON, Json, encode

router = routing.Router(tags=["orders"])

Writer = Annotated[Actor, auth.needs("orders.write")]
Reader = Annotated[Actor, auth.needs("orders.read")]

LINE_MAX = 1_048_576
AT_ONCE = 512


class Batcher(Protocol):
    """What collects concurrent requests into one transaction."""

    async def submit(self, item: Given) -> Done: ...


def batcher(request: Request) -> Batcher:
    """The server's own batcher."""
    found: Batcher = request.app.state.batcher
    return found


async def submit(request: Request, what: OrderGiven | Fact, actor: Actor) -> Done:
    """``what`` is recorded, or was before. Raises the problem that refused it."""
    return await batcher(request).submit(Given(what, actor.id))


def given(order: schemas.OrderIn) -> OrderGiven:
    """The order as the service takes it. Raises ``input.invalid``."""
    external_id, member_id = order.member.asked() if order.member else (None, None)
    made = schemas.order_of(order, source=order.source, number=order.number)
    return OrderGiven(order=made, external_id=external_id, member_id=member_id, coupons=tuple(one.use() for one in order.coupons))


@router.post(
    "/v1/orders",
    response_model=schemas.Recorded,
    status_code=201,
    responses={200: {"model": schemas.Recorded, "description": "It was recorded before: the same answer."}},
    openapi_extra=routing.said(
        en="Record a paid order", zh="记录一笔已支付订单", description_zh="同一来源与单号重复提交不会产生任何变化；内容不同则冲突。"
    ),
)
async def record(request: Request, body: schemas.OrderIn, actor: Writer) -> Json:
    """Record a paid order: what it earned is in the answer. Safe to repeat: source and number name it for ever."""
    done = await submit(request, given(body), actor)
    return Json(schemas.recorded(done.answer, duplicate=done.duplicate), status_code=200 if done.duplicate else 201)


@router.post(
    "/v1/orders:batch",
    response_model=schemas.BatchLine,
    dependencies=[body.stream(NDJSON, answers=NDJSON)],
    openapi_extra=routing.said(
        en="Record many orders (NDJSON)", zh="批量记录订单（NDJSON）", description_zh="每行一笔订单，逐行返回结果；单行出错不影响其他行。"
    ),
)
async def record_batch(request: Request, actor: Writer) -> Response:
    """Record many orders, one JSON document a line (NDJSON). The answer has one line for each, in order; a bad one stops no other."""
    return await responses.collected(_batch(request, actor, problems.speaks(request)))


async def _batch(request: Request, actor: Actor, speak: language.Language) -> AsyncIterator[bytes]:
    waiting: list[tuple[int, asyncio.Task[dict[str, Any]]]] = []
    async for number, line in _lines(request):
        waiting.append((number, asyncio.create_task(_one(request, line, actor, speak))))
        if len(waiting) >= AT_ONCE:
            for done in await _answers(waiting):
                yield done
            waiting = []
    for done in await _answers(waiting):
        yield done


async def _answers(waiting: list[tuple[int, "asyncio.Task[dict[str, Any]]"]]) -> list[bytes]:
    return [encode({"line": number, **await task}) + b"\n" for number, task in waiting]


async def _lines(request: Request) -> AsyncIterator[tuple[int, bytes | Problem]]:
    rest, number, skipping = b"", 0, False
    async for chunk in request.stream():
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            number += 1
            if skipping or len(line) > LINE_MAX:
                skipping = False
                yield number, problem.invalid("line", f"over {LINE_MAX} bytes", f"{LINE_MAX} bytes at most")
            elif line.strip():
                yield number, line
        if len(rest) > LINE_MAX:
            # Drop what cannot be a line and go on at the next one: memory stays flat whatever is sent.
            rest, skipping = b"", True
    if rest.strip() or skipping:
        yield number + 1, problem.invalid("line", "…", f"{LINE_MAX} bytes at most") if skipping else rest


async def _one(request: Request, line: bytes | Problem, actor: Actor, speak: language.Language) -> dict[str, Any]:
    try:
        if isinstance(line, Problem):
            raise line
        done = await submit(request, given(_read(line, speak)), actor)
    except Problem as refused:
        return {"ok": False, "answer": None, "problem": problems.document(refused, speak=speak, request_id=log.request_id())}
    return {"ok": True, "answer": schemas.recorded(done.answer, duplicate=done.duplicate), "problem": None}


_parse = body.parser(schemas.OrderIn)


def _read(line: bytes, speak: language.Language) -> schemas.OrderIn:
    try:
        read = _parse(line)
    except RequestValidationError as wrong:
        raise problems.invalid(faults.of(wrong.errors(), speak)) from wrong
    if not isinstance(read, schemas.OrderIn):
        raise TypeError("the parser gives its own model")
    return read


@router.post(
    "/v1/orders/{order}/refunds",
    response_model=schemas.Recorded,
    status_code=201,
    responses={200: {"model": schemas.Recorded, "description": "It was recorded before: the same answer."}},
    openapi_extra=routing.said(
        en="Refund lines", zh="按行退款", description_zh="精确冲回所退商品行获得的积分；订单未到时先保留退款，订单到达后自动应用。"
    ),
)
async def refund(request: Request, order: schemas.OrderKey, body: schemas.RefundIn, actor: Writer) -> Json:
    """Give lines back. What they earned is taken back to the point, in any number of parts; a refund before its order is kept."""
    source, number = await asyncio.to_thread(_business_key, request.app.state.db, order)
    member = await asyncio.to_thread(_member, request.app.state.db, body.member) if body.member else None
    refund_id = RefundId(ids.derived(body.refunded_at, "refund", source, body.number))
    made = Refund(
        refund_id=refund_id,
        subject_id=SubjectId(refund_id),
        member_id=member,
        source=source,
        number=body.number,
        refunded_at=body.refunded_at,
        currency=body.currency,
        order_id=None,
        order_number=number,
        lines=schemas.refund_lines(body.lines),
    )
    done = await submit(request, LinesRefunded(refund=made), actor)
    return Json(schemas.recorded(done.answer, duplicate=done.duplicate), status_code=200 if done.duplicate else 201)


def _business_key(db: Database, key: str) -> tuple[str, str]:
    """(source, number) of ``ord_…`` or ``source:number``. Raises ``not_found`` for an id that is no order's."""
    if key.startswith("ord_"):
        with db.reading() as ctx:
            order = _find(ctx, OrderId(ids.decode("ord", key)))
        return order.source, order.number
    source, colon, number = key.partition(":")
    if not colon or not source or not number:
        raise problem.invalid("order", key, "an order id ord_…, or source and number with a colon, like shop:1001")
    return source, number


def _find(ctx: Ctx, order_id: OrderId) -> Any:
    found = orders.by_ids(ctx, [order_id])
    if not found:
        raise problem.NOT_FOUND(what="order", key=ids.encode("ord", order_id))
    return found[0].order


def _member(db: Database, given: schemas.MemberIn) -> MemberId:
    external_id, member_id = given.asked()
    with db.reading() as ctx:
        return members.get_ref(ctx, f"external:{external_id}" if external_id is not None else ids.encode(MEMBER, member_id)).member_id  # type: ignore[arg-type]  # asked() gives exactly one


@router.get("/v1/orders/{order}", response_model=schemas.OrderOut, openapi_extra=routing.said(en="Read an order", zh="查询订单"))
def read(request: Request, order: schemas.OrderKey, actor: Reader) -> Json:
    """One order, with what of each line was refunded."""
    db: Database = request.app.state.db
    source, number = _business_key(db, order)
    with db.reading(actor) as ctx:
        located = orders.locate(ctx, [(source, number)]).get((source, number))
        if located is None or located.subject_id is None or located.ref is None:
            raise problem.NOT_FOUND(what="order", key=order)
        state = orders.get_order(ctx, located.subject_id, located.ref)
    return Json(schemas.order_out(state.order, state.by_line, sum(state.by_line.values())))
