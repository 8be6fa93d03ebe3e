"""What a member agreed to, and what staff wrote about them."""

from typing import Annotated
from uuid import UUID

from starlette.requests import Request

from regulars.domains.members import service
from regulars.domains.members.api import schemas
from regulars.domains.members.model import NoteId
from regulars.domains.members.service import Said
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.http import auth, paging, routing
from regulars.platform.http.responses import Json

router = routing.Router(prefix="/v1/members/{member}", tags=["members"])

Reader = Annotated[Actor, auth.needs("members.read")]
Writer = Annotated[Actor, auth.needs("members.write")]
NotesPage = Annotated[paging.Page, paging.page("members.notes", UUID)]


@router.get("/consents", response_model=schemas.ConsentsOut, openapi_extra=routing.said(en="List consents", zh="授权记录"))
def list_consents(request: Request, member: schemas.MemberKey, *, actor: Reader) -> Json:
    """What counts now for each purpose and channel, and every record there is."""
    db: Database = request.app.state.db
    with db.reading(actor) as ctx:
        ref = service.get_ref(ctx, member)
        history = service.history(ctx, [ref.member_id]).get(ref.member_id, [])
        current = service.current(ctx, [ref.member_id]).get(ref.member_id, {})
    return Json(
        {
            "current": [schemas.consent(record).model_dump() for _, record in sorted(current.items())],
            "history": [schemas.consent(record).model_dump() for record in history],
        }
    )


@router.post(
    "/consents", response_model=schemas.ConsentOut, status_code=201, openapi_extra=routing.said(en="Record a consent", zh="记录授权")
)
def record_consent(request: Request, member: schemas.MemberKey, *, body: schemas.ConsentIn, actor: Writer) -> Json:
    """Put a yes or a no on record and get its receipt. The same with the same time again is the same record."""
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        ref = service.get_ref(ctx, member)
        record = service.record(ctx, [Said(member_id=ref.member_id, **body.model_dump())])[0]
    return Json(schemas.consent(record).model_dump(), status_code=201)


@router.get("/notes", response_model=schemas.NotesOut, openapi_extra=routing.said(en="List notes", zh="备注列表"))
def list_notes(request: Request, member: schemas.MemberKey, *, page: NotesPage, actor: Reader) -> Json:
    """What staff wrote about the member, newest first."""
    db: Database = request.app.state.db
    with db.reading(actor) as ctx:
        ref = service.get_ref(ctx, member)
        before = None if page.after is None else NoteId(page.after[0])
        notes = service.list_notes(ctx, ref.member_id, keyring=request.app.state.keyring, before=before, limit=page.fetch)
    return Json(page.answer(notes, lambda one: (one.note_id,), show=lambda one: schemas.note(one).model_dump()))


@router.post("/notes", response_model=schemas.NoteOut, status_code=201, openapi_extra=routing.said(en="Add a note", zh="添加备注"))
def add_note(request: Request, member: schemas.MemberKey, *, body: schemas.NoteIn, actor: Writer) -> Json:
    """Write something down about the member."""
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        ref = service.get_ref(ctx, member)
        note = service.add_note(ctx, ref.member_id, body.text, keyring=request.app.state.keyring)
    return Json(schemas.note(note).model_dump(), status_code=201)
