"""The journal of all members at the API: found, downloaded, added up; and what one member redeemed at once."""

from datetime import date, datetime
from typing import Annotated, Any, BinaryIO
from uuid import UUID

from fastapi import Query
from starlette.requests import Request

from regulars.domains.loyalty.api import downloads, schemas
from regulars.domains.loyalty.api import goods_schemas as shown
from regulars.domains.loyalty.api.downloads import Download, Form
from regulars.domains.loyalty.model import Programme
from regulars.domains.loyalty.rules import mine
from regulars.domains.loyalty.service import ledgers, listing
from regulars.domains.loyalty.service.ledgers import Criteria, LedgerRow, Redemption
from regulars.domains.members import service as members
from regulars.domains.members.model import PREFIX as MEMBER
from regulars.domains.points.model import NEVER
from regulars.kernel import ids
from regulars.kernel.text import Text
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.files import writing
from regulars.platform.http import auth, paging, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Word

router = routing.Router(prefix="/v1", tags=["ledger"])

Reader = Annotated[Actor, auth.needs("points.read")]
Page = Annotated[paging.Page, paging.page("ledger", int, datetime, UUID, int, int)]
RedemptionPage = Annotated[paging.Page, paging.page("members.redemptions", int)]
Unit = Annotated[Word | None, Query(description="A unit of the programme, a ladder, or goods like `coupon:welcome`.", examples=["points"])]
Kinds = Annotated[list[Word] | None, Query(max_length=20, description="What happened.", examples=[["spend", "expire"]])]
Whose = Annotated[Word | None, Query(description="One member, by id or `external:` and your own id.", examples=["external:10042"])]
First = Annotated[date | None, Query(alias="from", description="Effective on this day of the programme or later.")]
Last = Annotated[date | None, Query(alias="to", description="Effective on this day of the programme or earlier.")]
Reason = Annotated[Word | None, Query(description="A part of a typed reason, or of the name of an earning rule.", examples=["parcel"])]

_HEADINGS = (
    Text("recorded at", "记录时间"),
    Text("effective at", "生效时间"),
    Text("member", "会员"),
    Text("unit", "类型"),
    Text("entry", "流水类别"),
    Text("amount", "数量"),
    Text("why", "原因"),
    Text("expires at", "有效期至"),
    Text("fact", "事实"),
    Text("fact id", "事实编号"),
    Text("programme version", "计划版本"),
    Text("by", "操作者"),
)


class EntryOut(schemas.Out):
    """One entry with its reason in both languages, and whose it is. `change` has a sign, and is 0 where only a state changed."""

    member: str
    seq: int
    n: int
    unit: str
    kind: str
    amount: int
    change: int
    at: datetime
    expires_at: datetime | None
    fact: str
    effective_at: datetime
    recorded_at: datetime
    programme: int
    actor: str
    why: dict[str, Any]
    text: shown.Words


class EntriesOut(schemas.Out):
    """A page of all members' entries, newest record first."""

    items: list[EntryOut]
    next: str | None


class TotalOut(schemas.Out):
    """What all balances of a unit come to: what ever came and went, and what is there. `outstanding` is what members are still owed."""

    unit: str
    label: shown.Words
    money: bool
    issued: int
    spent: int
    expired: int
    reversed: int
    available: int
    pending: int
    held: int
    debt: int
    outstanding: int


class TotalsOut(schemas.Out):
    """Every unit of the programme in force."""

    currency: str
    items: list[TotalOut]


class RedemptionOut(schemas.Out):
    """Units that were spent at once; `cancelled_at` null: they still are."""

    id: str
    unit: str
    points: int
    reason: str
    at: datetime
    actor: str
    cancelled_at: datetime | None


class RedemptionsOut(schemas.Out):
    """A page of redemptions, newest first."""

    items: list[RedemptionOut]
    next: str | None


@router.get(
    "/ledger",
    response_model=EntriesOut,
    openapi_extra=routing.said(
        en="Read all members' ledger", zh="全部会员流水", description_zh="按记录时间倒序；可按类别、单位、日期、会员、原因筛选。"
    ),
)
def list_entries(
    request: Request,
    page: Page,
    *,
    actor: Reader,
    unit: Unit = None,
    kind: Kinds = None,
    member: Whose = None,
    first: First = None,
    last: Last = None,
    reason: Reason = None,
) -> Json:
    """Everything that changed anybody's standing, newest record first, each entry with its reason."""
    wanted = _criteria(unit=unit, kind=kind, member=member, first=first, last=last, reason=reason)
    before = (page.after[0], page.after[1], page.after[2], page.after[3], page.after[4]) if page.after else None
    with _db(request).reading(actor) as ctx:
        rows = ledgers.page(ctx, wanted, before=before, limit=page.fetch)
    return Json(page.answer(rows, lambda one: one.place, show=_entry))


def _criteria(*, kind: list[str] | None, **same: Any) -> Criteria:
    return Criteria(kinds=tuple(kind) if kind else None, **same)


def _entry(found: LedgerRow) -> dict[str, object]:
    row, entry = found.row, found.row.entry
    same = {name: getattr(row, name) for name in ("seq", "n", "fact", "effective_at", "recorded_at", "programme", "actor", "text")}
    return {
        "member": ids.encode(MEMBER, found.member_id),
        **same,
        "unit": entry.unit,
        "kind": entry.kind,
        "amount": entry.amount,
        "change": mine.change(entry),
        "at": entry.at,
        "expires_at": None if entry.expires_at == NEVER else entry.expires_at,
        "why": entry.why,
    }


@router.get(
    "/ledger/file",
    status_code=200,
    response_class=Download,
    responses=downloads.described("Every entry that matches, newest record first, with its reason."),
    openapi_extra=routing.said(
        en="Download all members' ledger", zh="下载全部会员流水", description_zh="最多二十万条；下载会记入审计日志。"
    ),
)
def download(
    request: Request,
    *,
    actor: Reader,
    form: Annotated[Form, Query(alias="format")] = "csv",
    unit: Unit = None,
    kind: Kinds = None,
    member: Whose = None,
    first: First = None,
    last: Last = None,
    reason: Reason = None,
) -> Download:
    """At most 200,000 entries as CSV (UTF-8 with its mark) or XLSX, amounts with their sign. Times are UTC. No personal field is in it."""
    wanted, language = _criteria(unit=unit, kind=kind, member=member, first=first, last=last, reason=reason), downloads.language(request)
    with _db(request).transaction(actor) as ctx:
        programme, rows = listing.in_force(ctx), ledgers.whole(ctx, wanted)
        labels = {one.id: one.label.in_(language) for one in programme.units.values()} if programme else {}

        def write(out: BinaryIO) -> None:
            lines = (cells for part in ((_heading(language),), (_cells(row, labels, language) for row in rows)) for cells in part)
            if form == "csv":
                writing.write_csv(out, lines)
            else:
                writing.write_xlsx(out, {Text("Ledger", "流水").in_(language): lines})

        return Download(write, name="ledger", form=form)


def _heading(language: str) -> tuple[writing.Cell, ...]:
    return tuple(heading.in_(language) for heading in _HEADINGS)


def _cells(found: LedgerRow, labels: dict[str, str], language: str) -> tuple[writing.Cell, ...]:
    row, entry = found.row, found.row.entry
    return (
        row.recorded_at,
        row.effective_at,
        ids.encode(MEMBER, found.member_id),
        labels.get(entry.unit, entry.unit),
        entry.kind,
        mine.change(entry),
        row.text["zh" if language.startswith("zh") else "en"],
        None if entry.expires_at == NEVER else entry.expires_at,
        row.fact,
        str(row.fact_ref),
        row.programme,
        row.actor,
    )


@router.get(
    "/ledger/totals",
    response_model=TotalsOut,
    openapi_extra=routing.said(
        en="What all balances come to", zh="余额合计", description_zh="全部会员各类积分的累计发放、使用、过期与现有余额。"
    ),
)
def totals(request: Request, *, actor: Reader) -> Json:
    """Per unit what members ever got, spent and lost, and what they hold, as their balances were last written."""
    with _db(request).reading(actor) as ctx:
        programme, found = listing.in_force(ctx), ledgers.totals(ctx)
    items = [_total(one, programme) for one in found] if programme else []
    return Json({"currency": programme.currency if programme else "", "items": items})


def _total(one: ledgers.Total, programme: Programme) -> dict[str, object]:
    unit = programme.units[one.unit]
    same = {name: getattr(one, name) for name in ("unit", "issued", "spent", "expired", "reversed", "available", "pending", "held", "debt")}
    outstanding = one.available + one.pending + one.held - one.debt
    return {**same, "label": shown.words(unit.label), "money": unit.money, "outstanding": outstanding}


@router.get(
    "/members/{member}/redemptions",
    response_model=RedemptionsOut,
    openapi_extra=routing.said(en="A member's redemptions", zh="会员抵扣记录", description_zh="一次性使用的积分，含已撤销的。"),
)
def list_redemptions(request: Request, member: schemas.MemberKey, *, page: RedemptionPage, actor: Reader) -> Json:
    """What a member redeemed at once, newest first, and what of it was cancelled."""
    with _db(request).reading(actor) as ctx:
        member_id = members.get_ref(ctx, member).member_id
        rows = ledgers.redemptions(ctx, member_id, before=page.after[0] if page.after else None, limit=page.fetch)
    return Json(page.answer(rows, lambda one: (one.seq,), show=_redemption))


def _redemption(one: Redemption) -> dict[str, object]:
    same = {name: getattr(one, name) for name in RedemptionOut.model_fields if name != "id"}
    return {"id": ids.encode("rdm", one.ref), **same}


def _db(request: Request) -> Database:
    found: Database = request.app.state.db
    return found
