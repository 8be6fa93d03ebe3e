"""Changed ladders: who would move, asked and watched; and everybody re-assessed, watched, cancelled, gone on with."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from starlette.requests import Request

from regulars.domains.loyalty import service
from regulars.domains.loyalty.api import programme
from regulars.domains.loyalty.api import reassessment_schemas as schemas
from regulars.domains.loyalty.model import reassessment as model
from regulars.domains.loyalty.service.reassessing import telling
from regulars.domains.loyalty.tasks import preview_reassessment, reassess
from regulars.kernel import ids
from regulars.platform.context import Ctx
from regulars.platform.db import Database
from regulars.platform.http import paging, routing
from regulars.platform.http.responses import Json

router = routing.Router(prefix="/v1/programme", tags=["programme"])

PreviewPage = Annotated[paging.Page, paging.page("reassessment-previews", datetime, UUID)]
Page = Annotated[paging.Page, paging.page("reassessments", datetime, UUID)]


@router.post(
    "/reassessment-previews",
    response_model=schemas.PreviewOut,
    status_code=201,
    openapi_extra=routing.said(
        en="Preview who moves",
        zh="预览谁会变动",
        description_zh="按当前计数值，以新等级表逐个评定全部会员：谁从哪级到哪级、权益成本如何变化；后台执行，不改动任何会员。",
    ),
)
def start_preview(request: Request, body: schemas.PreviewIn, *, actor: programme.Writer) -> Json:
    """Look at everybody under changed ladders, in the background: who moves from where to where, and what it costs. Nobody is moved."""
    with _db(request).transaction(actor) as ctx:
        return Json(schemas.preview(preview_reassessment.start(ctx, **body.model_dump())), status_code=201)


@router.get(
    "/reassessment-previews", response_model=schemas.PreviewsOut, openapi_extra=routing.said(en="List previews", zh="等级变动预览列表")
)
def list_previews(request: Request, page: PreviewPage, *, actor: programme.Reader) -> Json:
    """Previews, newest first, without their results."""
    with _db(request).reading(actor) as ctx:
        before = (page.after[0], page.after[1]) if page.after else None
        rows = preview_reassessment.list_previews(ctx, before=before, limit=page.fetch)
    return Json(page.answer(rows, lambda seen: (seen.one.asked_at, seen.one.preview_id), show=schemas.preview))


@router.get(
    "/reassessment-previews/{preview}",
    response_model=schemas.PreviewOut,
    openapi_extra=routing.said(en="Watch a preview", zh="查看等级变动预览"),
)
def read_preview(request: Request, preview: schemas.PreviewKey, *, actor: programme.Reader) -> Json:
    """How far the preview is, and what it found once it is done."""
    with _db(request).reading(actor) as ctx:
        return Json(schemas.preview(preview_reassessment.get(ctx, ids.decode(model.PREVIEW, preview))))


@router.post(
    "/reassessment-previews/{preview}/cancel",
    response_model=schemas.PreviewOut,
    openapi_extra=routing.said(en="Cancel a preview", zh="取消等级变动预览"),
)
def cancel_preview(request: Request, preview: schemas.PreviewKey, *, actor: programme.Writer) -> Json:
    """The preview stops; nothing of it is kept. Safe to repeat."""
    with _db(request).transaction(actor) as ctx:
        return Json(schemas.preview(preview_reassessment.cancel(ctx, ids.decode(model.PREVIEW, preview))))


@router.post(
    "/reassessments",
    response_model=schemas.ReassessmentOut,
    status_code=201,
    responses={200: {"model": schemas.ReassessmentOut, "description": "One like this is under way: this one."}},
    openapi_extra=routing.said(
        en="Re-assess everybody",
        zh="重新评定全部会员",
        description_zh="按现行版本的等级表重新评定全部会员，须先以相同方式预览；可中断、可继续，重复执行不会重复变动。",
    ),
)
def start_reassessment(request: Request, body: schemas.ReassessmentIn, *, actor: programme.Publisher) -> Json:
    """Put everybody where the ladders in force put them, in the background. It has to be previewed first. One that is under way like
    this is given back.
    """
    with _db(request).transaction(actor) as ctx:
        seen, new = reassess.start(ctx, **body.model_dump())
        return Json(_shown(ctx, seen), status_code=201 if new else 200)


@router.get(
    "/reassessments", response_model=schemas.ReassessmentsOut, openapi_extra=routing.said(en="List re-assessments", zh="重新评定列表")
)
def list_reassessments(request: Request, page: Page, *, actor: programme.Reader) -> Json:
    """Re-assessments, newest first."""
    with _db(request).reading(actor) as ctx:
        before = (page.after[0], page.after[1]) if page.after else None
        rows = reassess.list_reassessments(ctx, before=before, limit=page.fetch)
        known = telling.names(service.programmes(ctx))
    return Json(
        page.answer(rows, lambda seen: (seen.one.at, seen.one.reassessment_id), show=lambda seen: schemas.reassessment(seen, known))
    )


@router.get(
    "/reassessments/{reassessment}",
    response_model=schemas.ReassessmentOut,
    openapi_extra=routing.said(en="Watch a re-assessment", zh="查看重新评定"),
)
def read_reassessment(request: Request, reassessment: schemas.Key, *, actor: programme.Reader) -> Json:
    """How far the re-assessment is, and who has moved so far."""
    with _db(request).reading(actor) as ctx:
        return Json(_shown(ctx, reassess.get(ctx, ids.decode(model.REASSESSMENT, reassessment))))


@router.post(
    "/reassessments/{reassessment}/cancel",
    response_model=schemas.ReassessmentOut,
    openapi_extra=routing.said(en="Cancel a re-assessment", zh="取消重新评定"),
)
def cancel_reassessment(request: Request, reassessment: schemas.Key, *, actor: programme.Publisher) -> Json:
    """The re-assessment stops; who has moved stays moved, and it can go on later. Safe to repeat."""
    with _db(request).transaction(actor) as ctx:
        return Json(_shown(ctx, reassess.cancel(ctx, ids.decode(model.REASSESSMENT, reassessment))))


@router.post(
    "/reassessments/{reassessment}/resume",
    response_model=schemas.ReassessmentOut,
    openapi_extra=routing.said(en="Go on with a re-assessment", zh="继续重新评定"),
)
def resume_reassessment(request: Request, reassessment: schemas.Key, *, actor: programme.Publisher) -> Json:
    """One that was cancelled or failed goes on where it stopped. Safe to repeat."""
    with _db(request).transaction(actor) as ctx:
        return Json(_shown(ctx, reassess.resume(ctx, ids.decode(model.REASSESSMENT, reassessment))))


def _shown(ctx: Ctx, seen: reassess.Seen) -> dict[str, object]:
    return schemas.reassessment(seen, telling.names(service.programmes(ctx)))


def _db(request: Request) -> Database:
    found: Database = request.app.state.db
    return found
