"""The programme in words, what differs between two versions, and an order tried out: what the programme screens ask."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import ConfigDict, Field
from starlette.requests import Request

from regulars.domains.loyalty import attributes, document, service
from regulars.domains.loyalty.api import programme, schemas
from regulars.domains.loyalty.rules.tracing import Judged, Trace
from regulars.domains.loyalty.service import trying
from regulars.domains.members import service as members
from regulars.domains.members.model import PREFIX as MEMBER
from regulars.domains.orders.model import Order
from regulars.kernel import ids
from regulars.kernel.attributes import Registry
from regulars.kernel.ids import MemberId, SubjectId
from regulars.kernel.text import Text
from regulars.platform.context import Ctx
from regulars.platform.db import Database
from regulars.platform.http import routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Strict

router = routing.Router(prefix="/v1/programme", tags=["programme"])

_ATTRIBUTES = Registry(attributes.ATTRIBUTES)
_Count = Annotated[int, Field(ge=0, le=10**12)]


class Words(schemas.Out):
    """A text in both languages."""

    en: str
    zh: str


class ItemOut(schemas.Out):
    """One thing in the document that members can feel."""

    path: Annotated[str, Field(description="Its place; the same from version to version.", examples=["earning.base"])]
    part: Literal["programme", "unit", "ladder", "level", "rule", "coupon", "benefit", "reward"]
    title: Words
    sentence: Words
    content: Annotated[dict[str, Any], Field(description="This part of the document as JSON.")]


class OutlineOut(schemas.Out):
    """The document read aloud."""

    items: list[ItemOut]


class ChangeOut(schemas.Out):
    """One difference; `before` is null for what is new, `after` for what is gone."""

    path: str
    title: Words
    kind: Literal["added", "removed", "changed", "moved"]
    before: Words | None
    after: Words | None


class ChangesOut(schemas.Out):
    """What differs; empty when both mean the same."""

    items: list[ChangeOut]


class MadeUpIn(Strict):
    """A member that does not exist. `level` left out: what the balance of the ladder's unit carries."""

    level: Annotated[str | None, Field(max_length=40, examples=["gold"])] = None
    orders: _Count = 0
    spend: schemas.Amount = 0
    balances: Annotated[dict[str, _Count], Field(default_factory=dict, max_length=20, examples=[{"growth": 1600}])]
    joined_days_ago: Annotated[int, Field(ge=0, le=36_500)] = 0
    held_out: bool = False


class TryIn(Strict):
    """An order to be tried. `document` or `version`, or neither: what is in force at the order's time."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "standing": {"level": "gold", "orders": 1},
                    "order": {
                        "paid_at": "2026-02-28T10:15:00Z",
                        "currency": "GBP",
                        "lines": [{"product": "85048", "category": "christmas", "quantity": 12, "amount": 8340}],
                    },
                }
            ]
        }
    )

    document: Annotated[str | None, Field(min_length=1, max_length=500_000)] = None
    version: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = None
    member: Annotated[schemas.MemberIn | None, Field(description="A real member as they stand now; needs members.read.")] = None
    standing: Annotated[MadeUpIn | None, Field(description="Somebody made up in the member's place.")] = None
    order: schemas.OrderBody


class LeafOut(schemas.Out):
    """One comparison of a rule's condition."""

    path: str
    field: str
    label: Words
    operator: str
    expected: Any
    actual: Any
    holds: bool


class JudgedOut(schemas.Out):
    """The comparisons for one line, or (`line` null) for the order as a whole."""

    line: int | None
    leaves: list[LeafOut]


class TraceOut(schemas.Out):
    """What a rule wanted to give, what it gave, and why."""

    rule: str
    title: Words
    kind: Literal["per_amount", "fixed", "multiply"]
    unit: str
    state: Annotated[
        Literal["granted", "capped", "withheld", "outdone", "nothing", "not_met"],
        Field(description="withheld: control group; outdone: a higher factor of its lane counted; nothing: too small for a whole unit."),
    ]
    lines: list[int]
    desired: int
    granted: int
    judged: list[JudgedOut]


class TriedOut(schemas.Out):
    """What the order would do; nothing was recorded."""

    granted: dict[str, int]
    level_before: str
    level_after: str
    rules: list[TraceOut]
    reasons: list[Words]


def _words(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}


def _document(ctx: Ctx, version: int | None) -> document.Document:
    number = service.programmes(ctx).at(ctx.now).version if version is None else version
    return document.read(service.version(ctx, number).document)


_Version = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Left out: the version in force.")]


@router.get("/outline", response_model=OutlineOut, openapi_extra=routing.said(en="Read the programme in words", zh="用文字描述会员计划"))
def outline(request: Request, actor: programme.Reader, version: _Version = None) -> Json:
    """Units, ladder, levels and rules, each as a sentence."""
    db: Database = request.app.state.db
    with db.reading(actor) as ctx:
        items = document.outline(_document(ctx, version))
    return Json(
        {
            "items": [
                {"path": i.path, "part": i.part, "title": _words(i.title), "sentence": _words(i.sentence), "content": i.content}
                for i in items
            ]
        }
    )


class CompareIn(Strict):
    """What to compare with: a version, or a document that is not kept yet."""

    before: Annotated[int | None, Field(ge=1, le=2**31 - 1, description="Left out: the version in force.")] = None
    after: Annotated[int | None, Field(ge=1, le=2**31 - 1, description="Left out: `document`, or the version in force.")] = None
    document: Annotated[str | None, Field(min_length=1, max_length=500_000)] = None


@router.post("/compare", response_model=ChangesOut, openapi_extra=routing.said(en="Compare two versions in words", zh="用文字比较两个版本"))
def compare(request: Request, body: CompareIn, actor: programme.Reader) -> Json:
    """What differs between two versions, or between a version and a document, item by item."""
    db: Database = request.app.state.db
    with db.reading(actor) as ctx:
        before = _document(ctx, body.before)
        after = document.read(body.document) if body.document is not None else _document(ctx, body.after)
    return Json({"items": [_change(change) for change in document.changes(before, after)]})


def _change(change: document.Change) -> dict[str, Any]:
    return {
        "path": change.path,
        "title": _words(change.title),
        "kind": change.kind,
        "before": _words(change.before) if change.before else None,
        "after": _words(change.after) if change.after else None,
    }


@router.post(
    "/try",
    response_model=TriedOut,
    openapi_extra=routing.said(en="Try an order", zh="试算一笔订单", description_zh="逐条说明每条规则为何发放或不发放；不保存。"),
)
def try_order(request: Request, body: TryIn, actor: programme.Reader) -> Json:
    """What an order would earn, and why each rule gave what it gave. Nothing is recorded."""
    db: Database = request.app.state.db
    order = schemas.order_of(body.order, source="try", number="try")
    wanted = trying.MadeUp(**body.standing.model_dump()) if body.standing else None
    with db.reading(actor) as ctx:
        if body.member is not None:
            ctx.require("members.read")
            order = _of_member(order, _member(ctx, body.member))
        tried = trying.try_order(ctx, order, text=body.document, version=body.version, made_up=wanted)
    return Json(
        {
            "granted": tried.granted,
            "level_before": tried.level_before,
            "level_after": tried.level_after,
            "rules": [_trace(one) for one in tried.traces],
            "reasons": list(tried.reasons),
        }
    )


def _member(ctx: Ctx, given: schemas.MemberIn) -> MemberId:
    external_id, member_id = given.asked()
    key = ids.encode(MEMBER, member_id) if member_id else f"external:{external_id}"
    return members.get_ref(ctx, key).member_id


def _of_member(order: Order, member_id: MemberId) -> Order:
    return replace(order, member_id=member_id, subject_id=SubjectId(member_id))


def _trace(one: Trace) -> dict[str, Any]:
    return {
        "rule": one.rule.id,
        "title": _words(one.rule.label),
        "kind": one.rule.kind,
        "unit": one.rule.unit,
        "state": one.state,
        "lines": list(one.lines),
        "desired": one.desired,
        "granted": one.granted,
        "judged": [_judged(judged) for judged in one.judged],
    }


def _judged(judged: Judged) -> dict[str, Any]:
    leaves = []
    for leaf in judged.leaves:
        attribute = _ATTRIBUTES.get(leaf.field)
        leaves.append(
            {
                "path": leaf.path,
                "field": leaf.field,
                "label": {"en": attribute.label_en, "zh": attribute.label_zh},
                "operator": leaf.operator,
                "expected": _plain(leaf.expected),
                "actual": _plain(leaf.actual),
                "holds": leaf.holds,
            }
        )
    return {"line": judged.line, "leaves": leaves}


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value if isinstance(value, bool | int | str | datetime) or value is None else str(value)
