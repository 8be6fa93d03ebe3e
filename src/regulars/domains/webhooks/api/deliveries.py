"""The log of an endpoint: what was sent, what came back, and sending it again."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime
from starlette.requests import Request

from regulars.domains.webhooks import model, service
from regulars.domains.webhooks.api import schemas
from regulars.domains.webhooks.api.endpoints import Reader, Writer, endpoint_id
from regulars.domains.webhooks.model import MessageId, State
from regulars.kernel import ids
from regulars.platform.db import Database
from regulars.platform.http import paging, routing
from regulars.platform.http.responses import Json

router = routing.Router(prefix="/v1/webhooks/endpoints/{endpoint}", tags=["webhooks"])

Page = Annotated[paging.Page, paging.page("webhooks.deliveries", datetime, UUID)]
TypeOf = Annotated[str | None, Query(alias="type", max_length=100, pattern="^[a-z0-9_.]+$", description="Of this type only.")]
Since = Annotated[AwareDatetime | None, Query(description="First due at this time or later.")]
Until = Annotated[AwareDatetime | None, Query(description="First due before this time.")]


def _message(text: str) -> MessageId:
    return MessageId(ids.decode(model.MESSAGE, text))


@router.get("/deliveries", response_model=schemas.DeliveriesOut, openapi_extra=routing.said(en="List deliveries", zh="投递日志"))
def list_deliveries(
    request: Request,
    endpoint: schemas.EndpointKey,
    page: Page,
    *,
    actor: Reader,
    state: schemas.State | None = None,
    type_: TypeOf = None,
    since: Since = None,
    until: Until = None,
) -> Json:
    """What was to be sent to the endpoint in the last thirty days, newest first."""
    db: Database = request.app.state.db
    with db.reading(actor) as ctx:
        rows = service.list_deliveries(
            ctx,
            endpoint_id(endpoint),
            state=State(state) if state else None,
            type_=type_,
            since=since,
            until=until,
            before=(page.after[0], MessageId(page.after[1])) if page.after else None,
            limit=page.fetch,
        )
    return Json(page.answer(rows, lambda row: (row.created_at, row.message_id), show=lambda row: schemas.delivery(row).model_dump()))


@router.get("/deliveries/{message}", response_model=schemas.OneDeliveryOut, openapi_extra=routing.said(en="Read a delivery", zh="查看投递"))
def read_delivery(request: Request, endpoint: schemas.EndpointKey, message: schemas.MessageKey, *, actor: Reader) -> Json:
    """The body that is sent, and every attempt with the beginning of the response."""
    db: Database = request.app.state.db
    with db.reading(actor) as ctx:
        delivery, body, attempts = service.get_delivery(ctx, endpoint_id(endpoint), _message(message))
    shown = schemas.OneDeliveryOut(delivery=schemas.delivery(delivery), body=body, attempts=[schemas.attempt(one) for one in attempts])
    return Json(shown.model_dump())


@router.post(
    "/deliveries/{message}/replay",
    response_model=schemas.OneDeliveryOut,
    openapi_extra=routing.said(en="Send a message again", zh="重发一条消息"),
)
def replay_one(request: Request, endpoint: schemas.EndpointKey, message: schemas.MessageKey, *, actor: Writer) -> Json:
    """The message is sent again under the same `webhook-id`, so that a receiver that has it can tell."""
    db: Database = request.app.state.db
    key, wanted = endpoint_id(endpoint), _message(message)
    with db.transaction(actor) as ctx:
        service.replay(ctx, key, wanted)
        delivery, body, attempts = service.get_delivery(ctx, key, wanted)
    shown = schemas.OneDeliveryOut(delivery=schemas.delivery(delivery), body=body, attempts=[schemas.attempt(one) for one in attempts])
    return Json(shown.model_dump())


@router.post(
    "/replay-failed", response_model=schemas.ReplayedOut, openapi_extra=routing.said(en="Send again what failed", zh="重发失败消息")
)
def replay_failed(request: Request, endpoint: schemas.EndpointKey, body: schemas.ReplayIn, *, actor: Writer) -> Json:
    """Every message of the window that failed is sent again."""
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        count = service.replay_failed(ctx, endpoint_id(endpoint), since=body.since, until=body.until)
    return Json({"messages": count})


@router.post(
    "/test", response_model=schemas.DeliveryOut, status_code=202, openapi_extra=routing.said(en="Send a test message", zh="发送测试消息")
)
def send_test(request: Request, endpoint: schemas.EndpointKey, *, actor: Writer) -> Json:
    """A message of type `webhooks.test` waits to be sent; read its delivery for what came of it."""
    db: Database = request.app.state.db
    key = endpoint_id(endpoint)
    with db.transaction(actor) as ctx:
        delivery, _, _ = service.get_delivery(ctx, key, service.send_test(ctx, key))
    return Json(schemas.delivery(delivery).model_dump(), 202)
