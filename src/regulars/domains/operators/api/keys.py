"""API keys of other systems."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from starlette.requests import Request

from regulars.domains.operators import model, service
from regulars.domains.operators.api import schemas
from regulars.domains.operators.model import ApiKey
from regulars.kernel import ids
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.http import auth, paging, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Strict

router = routing.Router(prefix="/v1/api-keys", tags=["api-keys"])

Manager = Annotated[Actor, auth.needs("keys.manage")]
KeyId = Annotated[str, schemas.wire_id(model.KEY, "A key's id; not its text.")]
Page = Annotated[paging.Page, paging.page("api-keys", UUID)]


class KeyIn(Strict):
    """A key for another system."""

    name: Annotated[schemas.Name, Field(examples=["Web shop"])]
    scopes: Annotated[list[schemas.Scope], Field(min_length=1, max_length=200, examples=[["orders.write", "quotes.write"]])]
    stores: schemas.Stores = Field(default_factory=list)
    expires_at: Annotated[datetime | None, Field(description="Left out: it lasts until it is revoked.")] = None


class KeyOut(schemas.Out):
    """A key without its secret. `last_used_at` is noted at most every ten minutes."""

    id: str
    name: str
    scopes: list[str]
    stores: list[str]
    state: Literal["active", "expired", "revoked"]
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class NewKeyOut(schemas.Out):
    """The key with its text, which is shown only now."""

    key: KeyOut
    text: str


class KeysOut(schemas.Out):
    """A page of keys, newest first."""

    items: list[KeyOut]
    next: str | None


@router.get("", response_model=KeysOut, openapi_extra=routing.said(en="List keys", zh="密钥列表"))
def list_keys(request: Request, page: Page, *, actor: Manager) -> Json:
    """Keys, newest first, without their secrets."""
    db: Database = request.app.state.db
    with db.reading(actor) as ctx:
        rows = service.list_keys(ctx, before=page.after[0] if page.after else None, limit=page.fetch)
    return Json(page.answer(rows, lambda row: (row.key_id,), show=lambda row: _key(row, ctx.now).model_dump()))


@router.post("", response_model=NewKeyOut, status_code=201, openapi_extra=routing.said(en="Make a key", zh="新建密钥"))
def create(request: Request, body: KeyIn, *, actor: Manager) -> Json:
    """Make a key. It cannot do more than its maker may do now, and keeps its scopes when the maker leaves."""
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        made = service.create_key(ctx, name=body.name, scopes=body.scopes, stores=body.stores, expires_at=body.expires_at)
    shown = NewKeyOut(key=_key(made.key, ctx.now), text=made.text)
    return Json(shown.model_dump(), 201, headers={"cache-control": "no-store"})


@router.get("/{key}", response_model=KeyOut, openapi_extra=routing.said(en="Read a key", zh="查看密钥"))
def read(request: Request, key: KeyId, *, actor: Manager) -> Json:
    """One key, without its secret."""
    db: Database = request.app.state.db
    with db.reading(actor) as ctx:
        return Json(_key(service.get_key(ctx, ids.decode(model.KEY, key)), ctx.now).model_dump())


@router.delete("/{key}", response_model=KeyOut, openapi_extra=routing.said(en="Revoke a key", zh="吊销密钥"))
def revoke(request: Request, key: KeyId, *, actor: Manager) -> Json:
    """The key opens nothing any more, everywhere within five seconds. A second time changes nothing."""
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        return Json(_key(service.revoke_key(ctx, ids.decode(model.KEY, key)), ctx.now).model_dump())


def _key(one: ApiKey, now: datetime) -> KeyOut:
    return KeyOut(
        id=ids.encode(model.KEY, one.key_id),
        name=one.name,
        scopes=list(one.scopes),
        stores=list(one.stores),
        state=one.state_at(now).value,
        created_by=one.created_by,
        created_at=one.created_at,
        expires_at=one.expires_at,
        last_used_at=one.last_used_at,
        revoked_at=one.revoked_at,
    )
