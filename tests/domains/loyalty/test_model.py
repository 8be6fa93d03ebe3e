"""Standings and their copies, what a standing remembers, and facts that go to rows and come back."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest

from regulars.domains.loyalty import model
from regulars.domains.loyalty.model import Fact, Standing
from regulars.domains.orders import rules as orders
from regulars.domains.orders.model import Refund, Refunded, RefundLine
from regulars.domains.points.model import ALWAYS, NEVER
from regulars.domains.tiers.model import TierStanding
from regulars.kernel.ids import HoldId, MemberId, RefundId, SubjectId
from tests.support import factories
from tests.support.wallets import FRIEND, MEMBER, NOON, day, entry, lot

REF = UUID(int=5)
SILVER = TierStanding("silver", day(-3), day(3))


def full() -> Standing:
    """A standing of which every field says something else."""
    return Standing(
        MEMBER,
        version=2,
        seq=3,
        as_of=day(0),
        joined_at=day(-9),
        held_out=True,
        tiers={"main": SILVER},
        orders=4,
        spend=5,
        first_order_at=day(-8),
        last_order_at=day(-1),
        history={REF: [lot(1)]},
    )


def test_a_copy_has_every_field_its_own_wallet_and_the_same_history() -> None:
    original = full()
    original.wallet.usage["x", NOON.date()] = 1
    copy = original.copy()
    assert copy == original
    assert copy.history is original.history
    copy.wallet.usage.clear()
    copy.tiers["main"] = TierStanding("gold", NOON, NEVER)
    assert (original.wallet.usage, original.tier) == ({("x", NOON.date()): 1}, SILVER)


def test_a_fork_has_every_field_and_its_own_history() -> None:
    original = full()
    fork = original.fork()
    assert fork == original
    fork.history[REF].append(lot(2))
    fork.history[UUID(int=6)] = []
    assert original.history == {REF: [lot(1)]}


def test_a_standing_remembers_what_refunds_and_cancellations_ask_for() -> None:
    found = full()
    found.history.clear()
    kept = [entry(kind, 1, ref=5) for kind in ("grant", "spend", "confirm", "restore")]
    other = entry("grant", 2, ref=6)
    found.remember([entry("hold", 1, ref=5), *kept[:2], entry("grant", 1), other, entry("settle", 1, ref=5), *kept[2:]])
    found.remember([entry("receive", 1, ref=5), entry("send", 1, ref=7)])
    assert found.history == {REF: kept, UUID(int=6): [other]}


KEYED: dict[str, Any] = {"member_id": MEMBER, "at": NOON, "ref": REF}
POINTS: dict[str, Any] = {"unit": "points", "points": 7}
MOMENT = "2026-03-02T12:00:00+00:00"
DATES: dict[str, Any] = {"level": "gold", "since": day(1), "keep_until": day(1)}
NO_DATES: dict[str, Any] = {"level": None, "since": None, "keep_until": None}


@pytest.mark.parametrize(
    ("fact", "kind", "body"),
    [
        (model.HoldPlaced(**KEYED, **POINTS, until=day(1)), "hold", {**POINTS, "until": MOMENT}),
        (model.HoldCancelled(**KEYED), "hold_cancel", {}),
        (model.PointsRedeemed(**KEYED, **POINTS, reason="mug"), "redeem", {**POINTS, "reason": "mug"}),
        (model.PointsRedeemed(**KEYED, **POINTS), "redeem", {**POINTS, "reason": ""}),
        (model.RedemptionCancelled(**KEYED), "redeem_cancel", {}),
        (model.PointsAdjusted(**KEYED, **POINTS, reason="sorry"), "adjust", {**POINTS, "reason": "sorry"}),
        (model.PointsTransferred(**KEYED, **POINTS, receiver=FRIEND), "transfer", {**POINTS, "receiver": str(FRIEND)}),
        (
            model.TransferReceived(**KEYED, sender=FRIEND, unit="points", lots=((day(1), 3), (day(1), 4))),
            "transfer_in",
            {"sender": str(FRIEND), "unit": "points", "lots": [[MOMENT, 3], [MOMENT, 4]]},
        ),
        (
            model.StandingOpened(**KEYED, lots=(("points", day(1), ALWAYS, 3),), **DATES),
            "opening",
            {"lots": [["points", MOMENT, "1970-01-01T00:00:00+00:00", 3]], "level": "gold", "since": MOMENT, "keep_until": MOMENT},
        ),
        (model.StandingOpened(**KEYED, lots=()), "opening", {"lots": [], **NO_DATES}),
        (model.TimePassed(**KEYED), "time", {}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_fact_goes_to_its_row_and_comes_back(fact: Any, kind: str, body: dict[str, object]) -> None:
    assert (fact.kind, fact.body()) == (kind, body)
    row = orjson.loads(orjson.dumps(body))
    assert model.from_body(kind, member_id=MEMBER, at=NOON, ref=REF, body=row) == fact


@pytest.mark.parametrize("kind", ["order", "refund", "miracle"])
def test_a_kind_without_a_body_cannot_be_read_back(kind: str) -> None:
    with pytest.raises(ValueError, match=f"^a fact of kind '{kind}' has no body to read it from$"):
        model.from_body(kind, member_id=MEMBER, at=NOON, ref=REF, body={})


@pytest.mark.parametrize(
    ("fact", "claim"),
    [
        (model.PointsRedeemed(**KEYED, **POINTS), ("redeem", REF.hex)),
        (model.HoldPlaced(**KEYED, **POINTS, until=NOON), ("hold", REF.hex)),
        (model.TransferReceived(**KEYED, sender=FRIEND, unit="points", lots=()), None),
        (model.TimePassed(member_id=MEMBER, at=NOON), None),
        (factories.paid(MEMBER, "A-1"), ("order", "shop\x1fA-1")),
    ],
)
def test_what_a_fact_claims_for_itself(fact: Fact, claim: tuple[str, str] | None) -> None:
    assert fact.claim == claim


def test_the_fingerprint_of_a_keyed_fact_is_its_kind_member_and_wish() -> None:
    fact = model.HoldPlaced(**KEYED, **POINTS, until=day(1))
    said = orjson.dumps(["hold", MEMBER.hex, {"points": 7, "unit": "points"}])
    assert fact.fingerprint() == hashlib.sha256(said).digest()


@pytest.mark.parametrize(
    ("change", "same"),
    [
        # A retry a second later is still the same wish.
        ({"until": day(2), "at": NOON + timedelta(seconds=1)}, True),
        ({"points": 8}, False),
        ({"unit": "growth"}, False),
        ({"member_id": FRIEND}, False),
    ],
)
def test_the_deadline_and_the_moment_of_a_wish_are_not_part_of_it(change: dict[str, Any], same: bool) -> None:
    fact = model.HoldPlaced(**KEYED, **POINTS, until=day(1))
    assert (replace(fact, **change).fingerprint() == fact.fingerprint()) is same


def test_an_order_paid_speaks_for_its_order() -> None:
    fact = factories.paid(MEMBER, "A-1")
    assert (fact.member_id, fact.at, fact.ref) == (MEMBER, NOON, fact.order.order_id)
    assert fact.fingerprint() == orders.fingerprint(fact.order)
    assert (fact.body(), replace(fact, hold_id=HoldId(REF)).body()) == ({}, {"hold": str(REF)})


def returned(member: MemberId | None, at: datetime = NOON) -> Refund:
    return Refund(
        refund_id=RefundId(REF),
        subject_id=SubjectId(MEMBER),
        member_id=member,
        source="shop",
        number="R-1",
        refunded_at=at,
        currency="GBP",
        order_id=None,
        lines=(RefundLine(1, 5),),
    )


def test_a_refund_belongs_to_the_member_of_its_order_and_claims_itself_once_on_arrival_and_once_when_applied() -> None:
    order = factories.order(MEMBER, "A-1")
    alone = model.LinesRefunded(refund=returned(FRIEND, day(2)))
    known = replace(alone, state=Refunded(order, {1: 20, 2: 30}, 4))
    assert (alone.member_id, known.member_id) == (FRIEND, MEMBER)
    assert (alone.at, alone.ref) == (day(2), REF)
    assert (alone.body(), known.body()) == ({}, {"taken": {"1": 20, "2": 30}})
    assert alone.claim == ("refund", "shop\x1fR-1")
    assert replace(known, from_waiting=True).claim == ("refund_applied", "shop\x1fR-1")
    assert alone.fingerprint() == orders.refund_fingerprint(alone.refund)
