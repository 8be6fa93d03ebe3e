"""Endpoints, their secrets, and the catalogue of what they may hear."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from regulars.domains.webhooks import model, service
from regulars.domains.webhooks.adapters.posting import Poster
from regulars.domains.webhooks.api import schemas
from regulars.domains.webhooks.model import Destination, Endpoint, EndpointId
from regulars.domains.webhooks.rules.catalogue import TYPES
from regulars.kernel import ids
from regulars.platform.context import Actor, Ctx
from regulars.platform.db import Database
from regulars.platform.http import auth, paging, routing
from regulars.platform.http.responses import Json

router = routing.Router(prefix="/v1/webhooks", tags=["webhooks"])

Reader = Annotated[Actor, auth.needs(service.READ)]
Writer = Annotated[Actor, auth.needs(service.WRITE)]
Page = Annotated[paging.Page, paging.page("webhooks.endpoints", UUID)]
_SHOWN_ONCE = {"cache-control": "no-store"}


def endpoint_id(text: str) -> EndpointId:
    """The endpoint of an address."""
    return EndpointId(ids.decode(model.ENDPOINT, text))


@router.get("/types", response_model=schemas.TypesOut, openapi_extra=routing.said(en="What can be heard", zh="事件目录"))
def list_types(*, _: Reader) -> Json:
    """Every type of message, with an example and its JSON schema."""
    return Json({"items": [schemas.type_(one).model_dump() for one in TYPES.values()]})


@router.get("/endpoints", response_model=schemas.EndpointsOut, openapi_extra=routing.said(en="List endpoints", zh="端点列表"))
def list_endpoints(request: Request, page: Page, *, actor: Reader) -> Json:
    """Endpoints, newest first, without their secrets."""
    db: Database = request.app.state.db
    with db.reading(actor) as ctx:
        rows = service.list_endpoints(ctx, before=page.after[0] if page.after else None, limit=page.fetch)
        shown = _shown(ctx, rows)
    return Json(page.answer(rows, lambda row: (row.endpoint_id,), show=lambda row: shown[row.endpoint_id].model_dump()))


@router.post(
    "/endpoints", response_model=schemas.NewEndpointOut, status_code=201, openapi_extra=routing.said(en="Add an endpoint", zh="新增端点")
)
def add_endpoint(request: Request, body: schemas.EndpointIn, *, actor: Writer) -> Json:
    """The endpoint hears what happens from now on. Its secret is in this answer and nowhere else."""
    db: Database = request.app.state.db
    draft = service.Draft(destination=_checked(request, body.url), description=body.description, events=tuple(body.events))
    with db.transaction(actor) as ctx:
        made, secret = service.add(ctx, draft, keyring=request.app.state.keyring)
        shown = schemas.NewEndpointOut(endpoint=_one(ctx, made), secret=secret)
    return Json(shown.model_dump(), 201, headers=_SHOWN_ONCE)


@router.get("/endpoints/{endpoint}", response_model=schemas.EndpointOut, openapi_extra=routing.said(en="Read an endpoint", zh="查看端点"))
def read_endpoint(request: Request, endpoint: schemas.EndpointKey, *, actor: Reader) -> Json:
    """One endpoint, without its secrets."""
    db: Database = request.app.state.db
    with db.reading(actor) as ctx:
        return Json(_one(ctx, service.get_endpoint(ctx, endpoint_id(endpoint))).model_dump())


@router.patch(
    "/endpoints/{endpoint}", response_model=schemas.EndpointOut, openapi_extra=routing.said(en="Change an endpoint", zh="修改端点")
)
def change_endpoint(request: Request, endpoint: schemas.EndpointKey, body: schemas.EndpointChange, *, actor: Writer) -> Json:
    """What is given replaces what was. Messages that wait go to the new address."""
    db: Database = request.app.state.db
    key = endpoint_id(endpoint)
    destination = None if body.url is None else _checked(request, body.url)
    with db.transaction(actor) as ctx:
        after = service.change(ctx, key, destination=destination, description=body.description, events=body.events)
        return Json(_one(ctx, after).model_dump())


@router.delete("/endpoints/{endpoint}", status_code=204, openapi_extra=routing.said(en="Delete an endpoint", zh="删除端点"))
def delete_endpoint(request: Request, endpoint: schemas.EndpointKey, *, actor: Writer) -> Response:
    """The endpoint is gone, with its secrets and its log."""
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        service.delete(ctx, endpoint_id(endpoint))
    return Response(status_code=204)


@router.post(
    "/endpoints/{endpoint}/enable", response_model=schemas.EndpointOut, openapi_extra=routing.said(en="Enable an endpoint", zh="启用端点")
)
def enable_endpoint(request: Request, endpoint: schemas.EndpointKey, *, actor: Writer) -> Json:
    """What still waits is sent; what happened while it was disabled is not. A second time changes nothing."""
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        return Json(_one(ctx, service.enable(ctx, endpoint_id(endpoint))).model_dump())


@router.post(
    "/endpoints/{endpoint}/disable", response_model=schemas.EndpointOut, openapi_extra=routing.said(en="Disable an endpoint", zh="停用端点")
)
def disable_endpoint(request: Request, endpoint: schemas.EndpointKey, *, actor: Writer) -> Json:
    """Nothing is sent, and nothing new is kept for it. A second time changes nothing."""
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        return Json(_one(ctx, service.disable(ctx, endpoint_id(endpoint))).model_dump())


@router.post(
    "/endpoints/{endpoint}/secrets",
    response_model=schemas.NewSecretOut,
    status_code=201,
    openapi_extra=routing.said(en="Change the secret", zh="更换密钥"),
)
def rotate_secret(request: Request, endpoint: schemas.EndpointKey, body: schemas.RotateIn, *, actor: Writer) -> Json:
    """A new secret, in this answer and nowhere else. Until the overlap ends each message is signed with both."""
    db: Database = request.app.state.db
    key = endpoint_id(endpoint)
    with db.transaction(actor) as ctx:
        secret = service.rotate(ctx, key, overlap=timedelta(hours=body.overlap_hours), keyring=request.app.state.keyring)
        shown = schemas.NewSecretOut(endpoint=_one(ctx, service.get_endpoint(ctx, key)), secret=secret)
    return Json(shown.model_dump(), 201, headers=_SHOWN_ONCE)


def _checked(request: Request, url: str) -> Destination:
    """The address, looked up before a transaction is open: names may take seconds."""
    return Poster(own=request.app.state.settings.webhook_own).checked(url)


def _one(ctx: Ctx, endpoint: Endpoint) -> schemas.EndpointOut:
    return _shown(ctx, [endpoint])[endpoint.endpoint_id]


def _shown(ctx: Ctx, endpoints: Sequence[Endpoint]) -> dict[EndpointId, schemas.EndpointOut]:
    keys = [one.endpoint_id for one in endpoints]
    secrets, counted = service.secrets_of(ctx, keys), service.counts(ctx, keys)
    return {
        one.endpoint_id: schemas.endpoint(one, secrets.get(one.endpoint_id, []), counted.get(one.endpoint_id, (0, 0))) for one in endpoints
    }
