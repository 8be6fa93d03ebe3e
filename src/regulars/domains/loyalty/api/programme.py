"""The programme document: read it, check a draft, publish it at a time, roll back."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path
from pydantic import Field
from starlette.requests import Request

from regulars.domains.loyalty import document, service
from regulars.domains.loyalty.api import schemas
from regulars.domains.loyalty.service import publishing
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.http import auth, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Strict

router = routing.Router(prefix="/v1/programme", tags=["programme"])

Reader = Annotated[Actor, auth.needs("programme.read")]
Writer = Annotated[Actor, auth.needs("programme.write")]
Publisher = Annotated[Actor, auth.needs("programme.publish")]
Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="A version's number.")]
_Yaml = Annotated[str, Field(min_length=1, max_length=500_000, description="The document as YAML.", examples=["format: 1\nname: {en: …}"])]


class DraftIn(Strict):
    """A programme document and what it is about."""

    document: _Yaml
    note: Annotated[str, Field(max_length=500)] = ""


class CheckIn(Strict):
    """A programme document to be checked; nothing is kept."""

    document: _Yaml


class CheckOut(schemas.Out):
    """The document is valid."""

    valid: bool


class PublishIn(Strict):
    """From when the version is in force; left out: now."""

    at: datetime | None = None


class VersionOut(schemas.Out):
    """One version of the programme."""

    version: int
    state: str
    document: str
    note: str
    created_at: datetime
    created_by: str
    effective_from: datetime | None
    published_by: str | None


class VersionsOut(schemas.Out):
    """All versions, newest first."""

    items: list[VersionOut]


def _out(version: publishing.Version) -> dict[str, Any]:
    return {name: getattr(version, name) for name in VersionOut.model_fields}


def _db(request: Request) -> Database:
    found: Database = request.app.state.db
    return found


@router.get("", response_model=VersionOut, openapi_extra=routing.said(en="Read the programme in force", zh="当前会员计划"))
def read(request: Request, actor: Reader) -> Json:
    """The version in force now."""
    with _db(request).reading(actor) as ctx:
        return Json(_out(service.version(ctx, service.programmes(ctx).at(ctx.now).version)))


@router.get(
    "/schema",
    dependencies=[auth.needs("programme.read")],
    openapi_extra=routing.said(en="Read the document's JSON Schema", zh="文档的 JSON Schema"),
)
def schema() -> Json:
    """The JSON Schema of the document language."""
    return Json(document.Document.model_json_schema())


@router.get("/versions", response_model=VersionsOut, openapi_extra=routing.said(en="List versions", zh="所有版本"))
def list_versions(request: Request, actor: Reader) -> Json:
    """Every version, newest first."""
    with _db(request).reading(actor) as ctx:
        return Json({"items": [_out(version) for version in service.list_versions(ctx)]})


@router.get("/versions/{version}", response_model=VersionOut, openapi_extra=routing.said(en="Read a version", zh="查询版本"))
def read_version(request: Request, version: Number, actor: Reader) -> Json:
    """One version."""
    with _db(request).reading(actor) as ctx:
        return Json(_out(service.version(ctx, version)))


@router.post(
    "/check",
    response_model=CheckOut,
    dependencies=[auth.needs("programme.write")],
    openapi_extra=routing.said(en="Check a document", zh="检查文档", description_zh="逐处指出错误；不保存。"),
)
def check(body: CheckIn) -> Json:
    """Check a document: every wrong place is named. Nothing is kept."""
    document.build(document.read(body.document), 0)
    return Json({"valid": True})


@router.post("/versions", response_model=VersionOut, status_code=201, openapi_extra=routing.said(en="Add a draft", zh="新建草稿"))
def add_draft(request: Request, body: DraftIn, actor: Writer) -> Json:
    """Keep a checked document as a draft."""
    with _db(request).transaction(actor) as ctx:
        return Json(_out(service.add_draft(ctx, body.document, note=body.note)), status_code=201)


@router.post("/versions/{version}/publish", response_model=VersionOut, openapi_extra=routing.said(en="Publish a draft", zh="发布草稿"))
def publish(request: Request, version: Number, body: PublishIn, actor: Publisher) -> Json:
    """Publish a draft, now or at a later time."""
    with _db(request).transaction(actor) as ctx:
        return Json(_out(service.publish(ctx, version, at=body.at)))


@router.post(
    "/versions/{version}/roll-back",
    response_model=VersionOut,
    status_code=201,
    openapi_extra=routing.said(en="Roll back to a version", zh="回滚到版本"),
)
def roll_back(request: Request, version: Number, body: PublishIn, actor: Publisher) -> Json:
    """What this version says takes effect again, as a new version."""
    with _db(request).transaction(actor) as ctx:
        return Json(_out(service.roll_back(ctx, version, at=body.at)), status_code=201)
