"""Incentive coupons that an act brings are exposures: for who gets one, and for who would have got it but for the hold-out."""

from typing import Any
from uuid import UUID

import psycopg
import pytest

from regulars.domains.experiments import service as experiments
from regulars.domains.loyalty import service
from regulars.domains.loyalty.model import ActDone, Exposure
from regulars.platform import batching
from regulars.platform.db import Database
from tests.domains.loyalty import programmes, whole
from tests.domains.loyalty.conftest import done
from tests.support import factories
from tests.support.engine import Machine

COUPONS = """
coupons:
  - {id: welcome, label: {en: Welcome, zh: 新人券}, cash: {face: 300}, lane: shop, validity: {days: 30}, stock: 2,
     given_on: registration, incentive: true}
  - {id: basic, label: {en: Basic, zh: 基础券}, cash: {face: 100}, lane: shop, validity: {days: 30}, given_on: registration}
"""
SHOP = programmes.changed(more_rules="coupon_lanes:\n  - {id: shop}" + COUPONS.replace("stock: 2", "stock: 9"))


def machine(*, held_out: bool) -> Machine:
    return Machine(factories.programme(whole.text().replace("\ncoupons:\n", COUPONS)), held_out=held_out)


@pytest.mark.parametrize("held_out", [False, True])
def test_an_incentive_coupon_of_an_act_is_an_exposure_for_both_sides(held_out: bool) -> None:
    made = machine(held_out=held_out).act("registration", 1)
    assert made.exposures == [Exposure("welcome", 1, "coupon")]
    assert made.answer["given"] == (["basic"] if held_out else ["welcome", "basic"])


def test_what_nobody_could_have_got_was_not_withheld() -> None:
    met = machine(held_out=True)
    met.taken["coupon:welcome:stock"] = 2
    assert (met.act("registration", 1).exposures, met.act("review", 2, value=5).exposures) == ([], [])


def test_the_log_tells_who_met_the_coupon_and_whom_it_was_withheld_from(
    db: Database, connection: psycopg.Connection[tuple[Any, ...]]
) -> None:
    with db.transaction() as ctx:
        service.publish(ctx, service.add_draft(ctx, SHOP).version)
        experiments.change_hold_out(ctx, 1, share_bp=5_000)
        refs = factories.enrol(ctx, 20)
    facts = [
        ActDone(member_id=ref.member_id, at=factories.NOON, ref=UUID(int=n), act="registration", source="shop", number=str(n))
        for n, ref in enumerate(refs, 1)
    ]
    answers = done(batching.run(db, service.handle, facts[:4]))
    logged = dict(connection.execute("SELECT member_id, held_out FROM exposures WHERE what = 'coupon:welcome'").fetchall())
    sides = dict(connection.execute("SELECT member_id, held_out FROM holdout_members").fetchall())
    assert {"basic" in str(answer.answer["given"]) for answer in answers} == {True}
    assert logged == {ref.member_id: sides[ref.member_id] for ref in refs[:4]}
    with db.reading() as ctx:
        assert list(service.verify(ctx)) == []
