"""What happened to a member, newest first, in one stream."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from starlette.requests import Request

from regulars.domains.loyalty.api import people_schemas as schemas
from regulars.domains.loyalty.api.schemas import MemberKey
from regulars.domains.loyalty.service import timeline
from regulars.domains.loyalty.service.timeline import Happened
from regulars.domains.members import service as members
from regulars.domains.members.model import NOTE_PREFIX, RECEIPT_PREFIX
from regulars.kernel import ids
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.http import auth, paging, routing
from regulars.platform.http.responses import Json

router = routing.Router(prefix="/v1/people/{member}/timeline", tags=["people"])

Reader = Annotated[Actor, auth.needs("members.read")]
Page = Annotated[paging.Page, paging.page("people.timeline", datetime, int, str)]
_PARTS = ("order", "refund", "tier", "points", "consent", "note", "exposure")


@router.get(
    "",
    response_model=schemas.TimelineOut,
    openapi_extra=routing.said(
        en="Read what happened to a member", zh="会员时间线", description_zh="可按类别筛选；无权限的类别列于 withheld。"
    ),
)
def happened(
    request: Request,
    member: MemberKey,
    *,
    page: Page,
    actor: Reader,
    kind: Annotated[list[schemas.Kind] | None, Query(max_length=7, description="Only these kinds; left out: all you may see.")] = None,
) -> Json:
    """Orders, refunds, decisions with their entries, levels, consents, notes and exposures. Kinds you may not see are named."""
    db: Database = request.app.state.db
    with db.reading(actor) as ctx:
        ref = members.get_ref(ctx, member)
        shown, withheld = timeline.visible(ctx, kind or ())
        before = (page.after[0], page.after[1], page.after[2]) if page.after else None
        rows = timeline.timeline(ctx, ref, kinds=shown, keyring=request.app.state.keyring, before=before, limit=page.fetch) if shown else []
    return Json({**page.answer(rows, lambda row: row.position, show=_shown), "withheld": list(withheld)})


def _shown(row: Happened) -> dict[str, Any]:
    parts: dict[str, Any] = dict.fromkeys(_PARTS)
    parts[row.kind] = _told(row)
    return {"kind": row.kind, "at": row.at, "key": f"{row.kind}:{row.position[2]}", **parts}


def _told(row: Happened) -> dict[str, Any]:
    """What is told, with ids as they are on the wire."""
    told = dict(row.told)
    match row.kind:
        case "order":
            told["id"] = ids.encode("ord", UUID(told["id"]))
        case "refund":
            told["id"] = ids.encode("rfd", UUID(told["id"]))
            told["order"] = ids.encode("ord", UUID(told["order"])) if told["order"] else None
        case "consent":
            told["receipt"] = ids.encode(RECEIPT_PREFIX, UUID(told["receipt"]))
        case "note":
            told["id"] = ids.encode(NOTE_PREFIX, UUID(told["id"]))
        case "points" | "tier":
            told["lines"] = [{name: getattr(line, name) for name in schemas.LineAt.model_fields} for line in row.lines]
    return told
