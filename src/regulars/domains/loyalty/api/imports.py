"""Files in by upload: sent, looked at, imported while anybody may watch, cancelled, gone on with; what was not taken, as list and file."""

import asyncio
import zoneinfo
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path as FilePath
from typing import Annotated, Any, BinaryIO
from uuid import UUID

from fastapi import Query
from starlette.requests import Request

from regulars.domains.loyalty import service
from regulars.domains.loyalty.api import downloads
from regulars.domains.loyalty.api import import_schemas as schemas
from regulars.domains.loyalty.api.downloads import Download, Form
from regulars.domains.loyalty.model import uploads
from regulars.domains.loyalty.store import uploads as store
from regulars.domains.loyalty.tasks import upload_files, upload_preview, upload_report, upload_runs
from regulars.domains.orders.intake import model as intake
from regulars.domains.orders.intake import reasons, times
from regulars.domains.orders.intake import service as intake_service
from regulars.domains.orders.intake.model import Field, Profile
from regulars.kernel import ids, money, problem
from regulars.platform.context import Actor, Ctx
from regulars.platform.db import Database
from regulars.platform.http import auth, body, paging, problems, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Word
from regulars.platform.settings import Settings

router = routing.Router(prefix="/v1/imports", tags=["imports"])

Reader = Annotated[Actor, auth.needs("imports.read")]
Runner = Annotated[Actor, auth.needs("imports.run")]
Page = Annotated[paging.Page, paging.page("imports", datetime, UUID)]
RowPage = Annotated[paging.Page, paging.page("imports.quarantine", int, int)]

VALUES = "imports.values"
_AT_ONCE = 1 << 20
_CURRENCIES = (
    "CNY HKD TWD JPY KRW SGD MYR THB VND IDR PHP INR AUD NZD USD CAD MXN BRL EUR GBP CHF SEK NOK DKK PLN TRY AED SAR ZAR RUB".split()
)
_REQUIRED = frozenset({Field.order_number, Field.time})
_BODY = {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}


@router.post(
    "/files",
    response_model=schemas.UploadOut,
    status_code=201,
    openapi_extra={
        **routing.said(en="Send a file", zh="上传文件", description_zh="请求体即文件内容；格式由内容判断，文件名仅作显示。"),
        "requestBody": _BODY,
    },
)
async def send(
    request: Request,
    *,
    actor: Runner,
    name: Annotated[Word, Query(description="What to call it; a label only.", examples=["sales-2026-02.csv"])],
) -> Json:
    """Send a file of orders: its bytes are the body, whatever their type. Nothing is imported yet. CSV, XLSX, NDJSON or Parquet."""
    settings = _settings(request)
    label = upload_files.label(name)
    _require_plain(request)
    body.require_size(request, settings.upload_max_bytes)
    receiving = upload_files.Receiving(folder=upload_files.folder(settings.data_dir), name=label)
    try:
        async for part in _parts(body.limited(request, settings.upload_max_bytes)):
            await asyncio.to_thread(receiving.take, part)
        made = await asyncio.to_thread(_finished, _db(request), receiving, actor)
    except BaseException:
        receiving.discard()
        raise
    return Json(schemas.upload(made), status_code=201)


def _require_plain(request: Request) -> None:
    """The body is the file itself. A form around it would be stored as if it were a part of the file."""
    kind = request.headers.get("content-type", "application/octet-stream")
    if kind.strip().lower().startswith("multipart/"):
        raise problems.MEDIA(accepted="application/octet-stream", given=kind[:100])


async def _parts(request: Request) -> AsyncIterator[bytes]:
    """The body in parts of a size that is worth a trip to another thread."""
    waiting = bytearray()
    async for part in request.stream():
        waiting += part
        if len(waiting) >= _AT_ONCE:
            yield bytes(waiting)
            waiting.clear()
    if waiting:
        yield bytes(waiting)


def _finished(db: Database, receiving: upload_files.Receiving, actor: Actor) -> uploads.Upload:
    with db.transaction(actor) as ctx:
        return receiving.finish(ctx)


@router.get("/choices", response_model=schemas.ChoicesOut, openapi_extra=routing.said(en="Read what can be chosen", zh="可选项"))
def choices(request: Request, actor: Runner) -> Json:
    """Everything that can be said about a file: fields, zones, currencies and how dates and numbers are written."""
    settings = _settings(request)
    with _db(request).reading(actor) as ctx:
        default = _default(ctx)
    answer = {
        "fields": [
            {"field": f.value, "en": label.en, "zh": label.zh, "personal": f in intake.PERSONAL, "required": f in _REQUIRED}
            for f, label in intake.LABELS.items()
        ],
        "zones": _zones(),
        "currencies": [code for code in dict.fromkeys([default.currency, *_CURRENCIES]) if money.known(code)],
        "date_formats": [{"form": form, "example": example} for form, example in times.EXAMPLES.items()],
        "numbers": list(intake.NUMBERS),
        "zone": default.zone,
        "currency": default.currency,
        "most_bytes": settings.upload_max_bytes,
        "keep_days": settings.upload_keep_days,
    }
    return Json(answer)


@cache
def _zones() -> list[str]:
    return sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/")))


@router.get(
    "/files/{file}", response_model=schemas.UploadOut, openapi_extra=routing.said(en="Read a sent file's details", zh="查看上传文件")
)
def read_file(request: Request, file: schemas.UploadKey, *, actor: Reader) -> Json:
    """What is known of the file; not its content."""
    with _db(request).reading(actor) as ctx:
        return Json(schemas.upload(upload_files.get(ctx, ids.decode(uploads.UPLOAD, file))))


@router.get(
    "/files/{file}/preview", response_model=schemas.PreviewOut, openapi_extra=routing.said(en="Look at a sent file", zh="预览上传文件")
)
def guess(request: Request, file: schemas.UploadKey, *, actor: Runner) -> Json:
    """Columns with what they seem to mean, first rows, settings found out, and what would be quarantined of the first rows."""
    return _preview(request, file, schemas.WishIn(), actor=actor)


@router.post(
    "/files/{file}/preview",
    response_model=schemas.PreviewOut,
    openapi_extra=routing.said(en="Look at a sent file under other settings", zh="按设置预览上传文件"),
)
def look(request: Request, file: schemas.UploadKey, *, body: schemas.WishIn, actor: Runner) -> Json:
    """The same, with what you say about the file. Nothing is recorded."""
    return _preview(request, file, body, actor=actor)


def _preview(request: Request, file: str, wish: schemas.WishIn, *, actor: Actor) -> Json:
    upload, path, default, settlement = _sent(request, file, actor)
    now = _db(request).clock.now()
    seen = upload_preview.preview(path, upload.name, wish.wish(default), now=now, settlement=settlement)
    return Json(schemas.preview(upload, seen))


def _sent(request: Request, file: str, actor: Actor) -> tuple[uploads.Upload, FilePath, Profile, str]:
    """The upload, where it lies, the settings to begin with, and the one currency that is taken (empty: any)."""
    settings = _settings(request)
    with _db(request).reading(actor) as ctx:
        found = upload_files.get(ctx, ids.decode(uploads.UPLOAD, file))
        upload = upload_files.require_there(found, keep_days=settings.upload_keep_days)
        default, published = _default(ctx), bool(service.programmes(ctx).versions)
    path = upload_files.folder(settings.data_dir) / upload.upload_id.hex
    return upload, path, default, default.currency if published else ""


def _default(ctx: Ctx) -> Profile:
    """The programme's zone and currency, for a file of which nothing is said."""
    programmes = service.programmes(ctx)
    if not programmes.versions:
        return Profile()
    programme = programmes.at(ctx.now)
    return replace(Profile(), zone=programme.zone.key, currency=programme.currency)


@router.post(
    "",
    response_model=schemas.ImportOut,
    status_code=201,
    responses={200: {"model": schemas.ImportOut, "description": "It is under way already."}},
    openapi_extra=routing.said(en="Import a sent file", zh="导入文件", description_zh="后台执行；同一文件重复导入不会产生任何变化。"),
)
def start(request: Request, body: schemas.StartIn, *, actor: Runner) -> Json:
    """Import a sent file in the background. While an import of it under the same settings goes on, that one is answered (200)."""
    settings = _settings(request)
    upload, path, default, _ = _sent(request, body.file, actor)
    with upload_files.called(path, upload.name):
        plan = intake_service.plan(path, body.wish(default))
    with _db(request).transaction(actor) as ctx:
        run_id, new = upload_runs.start(ctx, upload.upload_id, plan, data_dir=settings.data_dir, keep_days=settings.upload_keep_days)
        return Json(schemas.imported(upload_runs.get(ctx, run_id)), status_code=201 if new else 200)


@router.get("", response_model=schemas.ImportsOut, openapi_extra=routing.said(en="List imports", zh="导入列表"))
def list_imports(request: Request, page: Page, *, actor: Reader) -> Json:
    """Imports, newest first; those begun from a command line, too."""
    with _db(request).reading(actor) as ctx:
        before = (page.after[0], page.after[1]) if page.after else None
        rows = upload_runs.list_imports(ctx, before=before, limit=page.fetch)
    return Json(page.answer(rows, lambda seen: (seen.at, seen.run_id), show=schemas.imported))


@router.get("/{run}", response_model=schemas.ImportOut, openapi_extra=routing.said(en="Watch an import", zh="查看导入进度"))
def read(request: Request, run: schemas.ImportKey, *, actor: Reader) -> Json:
    """How far the import is and what became of its rows so far."""
    with _db(request).reading(actor) as ctx:
        return Json(schemas.imported(upload_runs.get(ctx, ids.decode(uploads.IMPORT, run))))


@router.post("/{run}/cancel", response_model=schemas.ImportOut, openapi_extra=routing.said(en="Cancel an import", zh="取消导入"))
def cancel(request: Request, run: schemas.ImportKey, *, actor: Runner) -> Json:
    """The import stops before its next piece. What is recorded stays, and it can go on later. Safe to repeat."""
    with _db(request).transaction(actor) as ctx:
        return Json(schemas.imported(upload_runs.cancel(ctx, ids.decode(uploads.IMPORT, run))))


@router.post("/{run}/resume", response_model=schemas.ImportOut, openapi_extra=routing.said(en="Go on with an import", zh="继续导入"))
def resume(request: Request, run: schemas.ImportKey, *, actor: Runner) -> Json:
    """An import that was cancelled or failed goes on where its last commit ended. Safe to repeat."""
    keep_days = _settings(request).upload_keep_days
    with _db(request).transaction(actor) as ctx:
        return Json(schemas.imported(upload_runs.resume(ctx, ids.decode(uploads.IMPORT, run), keep_days=keep_days)))


@router.get(
    "/{run}/quarantine",
    response_model=schemas.QuarantineOut,
    openapi_extra=routing.said(en="List what was not taken", zh="隔离行", description_zh="查看原值需要 imports.values 权限。"),
)
def quarantine(
    request: Request,
    run: schemas.ImportKey,
    *,
    page: RowPage,
    actor: Reader,
    reason: Annotated[Word | None, Query(description="Only this reason's code.")] = None,
) -> Json:
    """Rows that were not taken, with line, field and reason. What stood there is shown to holders of `imports.values`."""
    with _db(request).reading(actor) as ctx:
        one = upload_runs.get(ctx, ids.decode(uploads.IMPORT, run)).one
        after = (page.after[0], page.after[1]) if page.after else None
        rows = store.quarantine(ctx.tx, one.import_id, reason=reason, after=after, limit=page.fetch) if one else []
    positions = _positions(rows, after)
    listed = list(zip(rows, positions, strict=True))
    values = actor.can(VALUES)
    answer = page.answer(listed, lambda row: row[1], show=lambda row: _quarantined(row[0], values=values))
    return Json({**answer, "reasons": schemas.reasons_of(one) if one else []})


def _positions(rows: list[tuple[int, str, str, str, str, bool]], after: tuple[int, int] | None) -> list[tuple[int, int]]:
    """Behind each row: its line and how many entries of the line have been shown by then."""
    line, shown = after or (0, 0)
    found = []
    for row in rows:
        shown = shown + 1 if row[0] == line else 1
        line = row[0]
        found.append((line, shown))
    return found


def _quarantined(row: tuple[int, str, str, str, str, bool], *, values: bool) -> dict[str, Any]:
    line, field, value, code, detail, kept = row
    label = upload_report.label(field)

    def said(say: Any) -> dict[str, str]:
        return {"en": say("en"), "zh": say("zh")}

    return {
        "line": line,
        "field": field,
        "label": {"en": label.en, "zh": label.zh} if label else None,
        "value": value if values else None,
        "reason": code,
        # A reason's own words may quote the row, so who may not see values is told the reason in general.
        "wrong": said(lambda tongue: reasons.wrong(code, detail, tongue) if values else reasons.title(code, tongue)),
        "expected": said(lambda tongue: reasons.expected(code, detail, tongue))
        if values and reasons.expected(code, detail, "en")
        else None,
        "kept": kept,
    }


@router.get(
    "/{run}/report",
    status_code=200,
    response_class=Download,
    responses=downloads.described("Every row that was not taken, with its reason."),
    openapi_extra=routing.said(en="Download what was not taken", zh="下载隔离报告"),
)
def report(
    request: Request,
    run: schemas.ImportKey,
    *,
    actor: Reader,
    form: Annotated[Form, Query(alias="format")] = "csv",
) -> Download:
    """The quarantine as CSV (UTF-8 with its mark) or XLSX (with the counts), in the language asked for. No cell is a formula."""
    with _db(request).reading(actor) as ctx:
        seen = upload_runs.get(ctx, ids.decode(uploads.IMPORT, run))
        one = seen.one
        if one is None:
            raise problem.NOT_FOUND(what="report", key=run)
        name = seen.upload.name if seen.upload else FilePath(one.file).name

        def write(out: BinaryIO) -> None:
            upload_report.write(ctx, out, one, name, form=form, language=downloads.language(request), values=actor.can(VALUES))

        return Download(write, name=f"{name}.quarantine", form=form)


def _db(request: Request) -> Database:
    found: Database = request.app.state.db
    return found


def _settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found
