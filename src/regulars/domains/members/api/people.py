"""Registering, finding, reading, changing and closing members."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime
from starlette.requests import Request

from regulars.domains.members import service
from regulars.domains.members.api import schemas
from regulars.domains.members.model import PREFIX, Enrolment, Status
from regulars.domains.members.service import Criteria
from regulars.kernel import ids
from regulars.platform.context import Actor, Ctx
from regulars.platform.db import Database
from regulars.platform.http import auth, idempotency, paging, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Word

router = routing.Router(prefix="/v1/members", tags=["members"])

Reader = Annotated[Actor, auth.needs("members.read")]
Writer = Annotated[Actor, auth.needs("members.write")]
Revealer = Annotated[Actor, auth.needs("members.reveal")]
Page = Annotated[paging.Page, paging.page("members", datetime, UUID)]


@router.post(
    "",
    response_model=schemas.MemberOut,
    status_code=201,
    responses={200: {"model": schemas.MemberOut}},
    openapi_extra=routing.said(en="Register a member", zh="登记会员"),
)
def register(request: Request, body: schemas.RegisterIn, *, actor: Writer, key: idempotency.OptionalKey = None) -> Json:
    """Register a member: 201. The same again answers 200 with the member as it is; another body under the same id is a conflict."""
    asked = Enrolment(
        external_id=body.external_id or "",
        joined_at=body.joined_at,
        source=body.source,
        phone=body.phone,
        email=body.email,
        name=body.name,
        birthday=body.birthday,
        locale=body.locale,
        store=body.store,
        region=body.region,
    )
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        made = service.register(ctx, asked, keyring=request.app.state.keyring, attempt=key or "")
        profile = service.get_profile(ctx, made.ref.member_id, keyring=request.app.state.keyring)
    return Json(schemas.member(profile).model_dump(), status_code=201 if made.created else 200)


@router.get("", response_model=schemas.MembersOut, openapi_extra=routing.said(en="List members", zh="会员列表"))
def list_members(
    request: Request,
    page: Page,
    *,
    actor: Reader,
    external_id: Annotated[Word | None, Query(description="Your own id of the member.")] = None,
    joined_from: Annotated[AwareDatetime | None, Query()] = None,
    joined_before: Annotated[AwareDatetime | None, Query()] = None,
    status: Annotated[Literal["active", "closed", "erased"] | None, Query(description="Left out: all but the erased.")] = None,
) -> Json:
    """Members, newest first. By phone, e-mail address, name or birthday: `POST /v1/members/search`."""
    wanted = Criteria(
        external_id=external_id,
        joined_from=joined_from,
        joined_before=joined_before,
        status=None if status is None else Status(status),
    )
    return _page(request, actor, wanted=wanted, page=page)


@router.post(
    "/search", response_model=schemas.MembersOut, openapi_extra=routing.said(en="Find members by their details", zh="按信息查找会员")
)
def search(request: Request, body: schemas.SearchIn, *, page: Page, actor: Reader) -> Json:
    """Find members by what is known of them, newest first. Personal details are sent in the body, so that no log keeps them."""
    wanted = Criteria(**body.model_dump(exclude={"status"}), status=None if body.status is None else Status(body.status))
    return _page(request, actor, wanted=wanted, page=page)


def _page(request: Request, actor: Actor, *, wanted: Criteria, page: paging.Page) -> Json:
    db: Database = request.app.state.db
    with db.reading(actor) as ctx:
        found = service.list_members(ctx, wanted, keyring=request.app.state.keyring, after=page.after, limit=page.fetch)
        listed = service.profiles(ctx, found, keyring=request.app.state.keyring)
    return Json(
        page.answer(listed, lambda row: (row.member.joined_at, row.member.member_id), show=lambda row: schemas.member(row).model_dump())
    )


@router.get("/{member}", response_model=schemas.MemberOut, openapi_extra=routing.said(en="Read a member", zh="查看会员"))
def read(request: Request, member: schemas.MemberKey, *, actor: Reader) -> Json:
    """One member, personal fields masked."""
    db: Database = request.app.state.db
    with db.reading(actor) as ctx:
        profile = service.get_profile(ctx, service.get_ref(ctx, member).member_id, keyring=request.app.state.keyring)
    return Json(schemas.member(profile).model_dump())


@router.patch("/{member}", response_model=schemas.MemberOut, openapi_extra=routing.said(en="Change a member", zh="修改会员"))
def change(request: Request, member: schemas.MemberKey, *, body: schemas.ChangeIn, actor: Writer) -> Json:
    """Change a member's details. What is left out stays, `null` removes a personal field."""
    asked = body.model_dump(include=body.model_fields_set - {"version", "region"})
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        after = service.update(
            ctx,
            service.get_ref(ctx, member).member_id,
            asked,
            expected_version=body.version,
            keyring=request.app.state.keyring,
            region=body.region,
        )
        return _shown(request, ctx, member_id=after.member_id)


@router.post(
    "/{member}/reveal",
    response_model=schemas.MemberOut,
    openapi_extra=routing.said(en="See a member's details in full", zh="查看会员完整信息"),
)
def reveal(request: Request, member: schemas.MemberKey, *, body: schemas.ReasonIn, actor: Revealer) -> Json:
    """One member with its personal fields in full. Who looked, and why, goes into the audit log."""
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        ref = service.get_ref(ctx, member)
        profile = service.reveal(ctx, ref.member_id, reason=body.reason, keyring=request.app.state.keyring)
    return Json(schemas.member(profile).model_dump())


@router.post(
    "/{member}/close", response_model=schemas.MemberOut, openapi_extra=routing.said(en="Close a member's account", zh="注销会员账户")
)
def close(request: Request, member: schemas.MemberKey, *, body: schemas.VersionIn, actor: Writer) -> Json:
    """Close the account: it is kept, and not changed any more."""
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        after = service.close(ctx, service.get_ref(ctx, member).member_id, expected_version=body.version)
        return _shown(request, ctx, member_id=after.member_id)


@router.get(
    "/{member}/duplicates",
    response_model=schemas.DuplicatesOut,
    openapi_extra=routing.said(en="List possible duplicates", zh="疑似重复会员"),
)
def duplicates(request: Request, member: schemas.MemberKey, *, actor: Reader) -> Json:
    """Members who gave the same phone number or e-mail address, and so may be the same person."""
    db: Database = request.app.state.db
    with db.reading(actor) as ctx:
        ref = service.get_ref(ctx, member)
        pairs = service.duplicates(ctx, [ref.member_id])
    asked = ids.encode(PREFIX, ref.member_id)
    return Json({"items": [schemas.duplicate(pair, asked).model_dump() for pair in pairs]})


def _shown(request: Request, ctx: Ctx, *, member_id: ids.MemberId) -> Json:
    profile = service.get_profile(ctx, member_id, keyring=request.app.state.keyring)
    return Json(schemas.member(profile).model_dump())
