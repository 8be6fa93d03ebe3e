"""Gift cards at the API: made, listed and withdrawn by batch, redeemed for a member."""

import asyncio
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import Field
from starlette.requests import Request

from regulars.domains.loyalty.api import goods_schemas as shown
from regulars.domains.loyalty.api import orders as order_routes
from regulars.domains.loyalty.api import schemas, standings
from regulars.domains.loyalty.model import ValueLoaded
from regulars.domains.loyalty.service import gifting
from regulars.domains.members.model import PREFIX as MEMBER
from regulars.domains.rewards.model import Batch, CardState, GiftCard, Origin, Owed
from regulars.kernel import ids
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Problem
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.http import auth, idempotency, paging, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Strict, Word

router = routing.Router(prefix="/v1", tags=["gift-cards"])

Manager = Annotated[Actor, auth.needs(gifting.PERMISSION)]
Loader = Annotated[Actor, auth.needs("value.load")]
Reader = Annotated[Actor, auth.needs("reports.read")]
MOST = 10_000
CardPage = Annotated[paging.Page, paging.page("gift_cards.cards", str, str)]
Only = Annotated[CardState | None, Query(description="Left out: all.")]
State = Literal["open", "redeemed", "void"]
_NAME = r"^[A-Za-z0-9._-]{1,64}$"
BatchPath = Annotated[str, Path(pattern=_NAME, examples=["new-year-2026"])]


class MakeIn(Strict):
    """A batch of cards: its name, what one is worth in minor units of a money unit, how many, and until when they can be redeemed.

    `origin`: `sold` (then `price` is what was paid for one; `order` and `buyer` may be said) or `given`, for nothing.
    """

    batch: Annotated[str, Field(pattern=_NAME, examples=["new-year-2026"])]
    unit: Annotated[str, Field(min_length=1, max_length=40, examples=["value"])]
    amount: Annotated[schemas.Positive, Field(examples=[10_000])]
    count: Annotated[int, Field(ge=1, le=MOST)]
    expires_at: Annotated[datetime, Field(examples=["2028-12-31T16:00:00Z"])]
    origin: Annotated[Origin | None, Field(description="Left out: not said, and reported apart.")] = None
    price: Annotated[schemas.Positive | None, Field(description="What one card was sold for.", examples=[9_500])] = None
    order: Annotated[Word | None, Field(description="The order that sold them, as the shop calls it.", examples=["shop:10042"])] = None
    buyer: Annotated[Word | None, Field(description="The member who bought them.", examples=["external:10042"])] = None


class MadeOut(schemas.Out):
    """The codes, this once: they are kept nowhere."""

    batch: str
    unit: str
    amount: int
    expires_at: datetime
    codes: list[str]


class BatchOut(schemas.Out):
    """What became of a batch of cards of `face` each; amounts are minor units of `currency`. `origin` null: nobody said."""

    batch: str
    unit: str
    currency: str
    face: int
    expires_at: datetime
    made_at: datetime
    made_by: str
    cards: int
    redeemed: int
    void: int
    amount: int
    redeemed_amount: int
    origin: Origin | None
    price: int | None
    order: str | None
    buyer: str | None


class StandOut(schemas.Out):
    """So many cards, their face, and what was received for them; null: nobody said."""

    cards: int
    amount: int
    received: int | None


class OwedOut(schemas.Out):
    """Cards of one origin and money unit. `open`: what can still be redeemed is owed (sold) or promised (given); `lapsed`: breakage."""

    origin: Annotated[Origin | None, Field(description="Null: nobody said.")]
    unit: str
    currency: str
    open: StandOut
    lapsed: StandOut
    redeemed: StandOut


class LiabilityOut(schemas.Out):
    """Gift cards as of `at`: those sold, then those given, then those of which nobody said it. Withdrawn ones are left out."""

    at: datetime
    items: list[OwedOut]


class BatchesOut(schemas.Out):
    """Every batch, newest first."""

    items: list[BatchOut]


class CardOut(schemas.Out):
    """One card, known by the end of its code. Open, it can be redeemed until `expires_at`; redeemed, a member has its money."""

    batch: str
    last_four: str
    unit: str
    currency: str
    amount: int
    expires_at: datetime
    state: State
    origin: Origin | None
    redeemed_by: str | None
    redeemed_at: datetime | None


class CardsOut(schemas.Out):
    """A page of cards, by the end of their codes."""

    items: list[CardOut]
    next: str | None


class VoidIn(Strict):
    """Why the cards are withdrawn; it stays in the audit log."""

    reason: Annotated[str, Field(min_length=1, max_length=300, examples=["Lost by the printer"])]


class VoidCardIn(shown.CodeIn):
    """One card by its code, and why it is withdrawn; it stays in the audit log."""

    reason: Annotated[str, Field(min_length=1, max_length=300, examples=["Lost"])]


class VoidedOut(schemas.Out):
    """How many cards were withdrawn now."""

    batch: str
    withdrawn: int


class LoadedOut(schemas.Out):
    """What the card put on the member's stored value. The same `Idempotency-Key` gets the same answer."""

    id: str
    member: str
    amount: int
    duplicate: bool


@router.post(
    "/gift-cards",
    response_model=MadeOut,
    status_code=201,
    openapi_extra=routing.said(en="Make gift cards", zh="制作礼品卡", description_zh="卡码仅在本次响应中提供一次，系统只保存摘要。"),
)
def make(request: Request, body: MakeIn, *, actor: Manager) -> Json:
    """Make a batch of cards. The answer holds their codes, once: a batch whose answer was lost is withdrawn and made anew."""
    sale = gifting.Sale(**body.model_dump(include={"origin", "price", "order", "buyer"}))
    order = gifting.Order(**body.model_dump(include={"batch", "unit", "amount", "count", "expires_at"}), sale=sale)
    with _db(request).transaction(actor) as ctx:
        codes = gifting.make(ctx, order, keyring=request.app.state.keyring)
    same = body.model_dump(include={"batch", "unit", "amount", "expires_at"})
    return Json({**same, "codes": codes}, status_code=201)


@router.get("/gift-cards", response_model=BatchesOut, openapi_extra=routing.said(en="List batches of gift cards", zh="礼品卡批次"))
def list_batches(request: Request, *, actor: Manager) -> Json:
    """How many cards of each batch there are, and how many were redeemed and withdrawn."""
    with _db(request).reading(actor) as ctx:
        return Json({"items": [_batch(one) for one in gifting.batches(ctx)]})


def _batch(one: Batch) -> dict[str, object]:
    same = {name: getattr(one, name) for name in BatchOut.model_fields if name not in ("order", "buyer")}
    return {**same, "order": one.sold_order, "buyer": ids.encode(MEMBER, one.sold_to) if one.sold_to else None}


@router.get(
    "/reports/gift-cards",
    response_model=LiabilityOut,
    openapi_extra=routing.said(
        en="What gift cards are owed", zh="礼品卡负债", description_zh="按售出与赠送分列：未兑换（负债）、已失效（失效收入）、已兑换。"
    ),
)
def read_liability(request: Request, *, actor: Reader) -> Json:
    """What is outstanding of cards that were sold, which the brand owes, apart from those that were given, and what of either lapsed."""
    with _db(request).reading(actor) as ctx:
        return Json({"at": ctx.now, "items": [_owed(one) for one in gifting.owed(ctx)]})


def _owed(one: Owed) -> dict[str, object]:
    stands = {name: {what: getattr(one, f"{name}_{what}") for what in StandOut.model_fields} for name in ("open", "lapsed", "redeemed")}
    return {"origin": one.origin, "unit": one.unit, "currency": one.currency, **stands}


@router.post(
    "/gift-cards/{batch}/void",
    response_model=VoidedOut,
    openapi_extra=routing.said(en="Withdraw a batch of gift cards", zh="作废礼品卡批次"),
)
def void(request: Request, batch: BatchPath, *, body: VoidIn, actor: Manager) -> Json:
    """Withdraw every card of the batch that nobody redeemed. Safe to repeat."""
    with _db(request).transaction(actor) as ctx:
        return Json({"batch": batch, "withdrawn": gifting.void(ctx, batch, reason=body.reason)})


@router.get(
    "/gift-cards/{batch}/cards", response_model=CardsOut, openapi_extra=routing.said(en="List gift cards of a batch", zh="批次内的礼品卡")
)
def list_cards(request: Request, batch: BatchPath, *, page: CardPage, actor: Manager, state: Only = None) -> Json:
    """The cards of a batch (in one state), each known by the last four characters of its code: nothing more of it is kept."""
    after = (page.after[0], page.after[1]) if page.after else None
    with _db(request).reading(actor) as ctx:
        rows = gifting.cards(ctx, batch, state=state, after=after, limit=page.fetch)
    return Json(page.answer(rows, lambda one: (one.last_four, one.code_hash), show=_card))


@router.post("/gift-cards:look-up", response_model=CardOut, openapi_extra=routing.said(en="Look a gift card up", zh="查询礼品卡"))
def look_up(request: Request, body: shown.CodeIn, *, actor: Manager) -> Json:
    """What a card is worth, what became of it and who has its money; nothing is changed. Guessing codes locks out (429)."""
    with _db(request).transaction(actor) as ctx:
        found = gifting.look_up(ctx, body.code, keyring=request.app.state.keyring)
    return _answered(found)


@router.post("/gift-cards:void", response_model=CardOut, openapi_extra=routing.said(en="Withdraw one gift card", zh="作废一张礼品卡"))
def void_one(request: Request, body: VoidCardIn, *, actor: Manager) -> Json:
    """Withdraw the card of this code, unless it was redeemed. Safe to repeat. Guessing codes locks out (429)."""
    with _db(request).transaction(actor) as ctx:
        found = gifting.void_one(ctx, body.code, reason=body.reason, keyring=request.app.state.keyring)
    return _answered(found)


def _answered(found: GiftCard | Problem) -> Json:
    if isinstance(found, Problem):
        # Committed by now: the failed try counts.
        raise found
    return Json(_card(found))


def _card(one: GiftCard) -> dict[str, object]:
    same = {name: getattr(one, name) for name in CardOut.model_fields if name != "redeemed_by"}
    return {**same, "redeemed_by": ids.encode(MEMBER, one.redeemed_by) if one.redeemed_by else None}


@router.post(
    "/members/{member}/gift-cards:redeem",
    response_model=LoadedOut,
    status_code=201,
    openapi_extra=routing.said(
        en="Redeem a gift card", zh="兑换礼品卡", description_zh="充入会员储值；每张卡只能兑换一次，输错过多将被锁定。"
    ),
)
async def redeem(request: Request, member: schemas.MemberKey, *, body: shown.CodeIn, actor: Loader, key: idempotency.Key) -> Json:
    """Put a card's amount on the member's stored value. Each card works once; guessing codes locks out (429)."""
    ref = await standings.member_of(request, member)
    return await redeemed(request, ref.member_id, body.code, actor=actor, key=key)


async def redeemed(request: Request, member_id: MemberId, code: str, *, actor: Actor, key: str) -> Json:
    """The card is the member's."""
    wish = standings.wish_id("gift_card", actor, key)

    def look() -> ValueLoaded:
        with _db(request).transaction(actor) as ctx:
            found = gifting.redeeming(ctx, code, member_id=member_id, wish=wish, keyring=request.app.state.keyring)
        if isinstance(found, Problem):
            # Committed by now: the failed try counts.
            raise found
        return found

    done = await order_routes.submit(request, await asyncio.to_thread(look), actor)
    answer = {"id": ids.encode("lod", wish), "member": done.answer["member"], "amount": done.answer["loaded"], "duplicate": done.duplicate}
    return Json(answer, status_code=200 if done.duplicate else 201)


def _db(request: Request) -> Database:
    found: Database = request.app.state.db
    return found
