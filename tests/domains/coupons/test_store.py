"""Coupons and codes on real tables: many at once, each code once."""

import threading
from dataclasses import replace
from uuid import UUID

from regulars.domains.coupons.model import Batch, Code, CodeFilter, CouponFilter, Held, MemberCoupon, Taking
from regulars.domains.coupons.store import codes, holding
from regulars.platform import db
from regulars.platform.context import Ctx
from regulars.platform.db import Database
from tests.domains.coupons.shapes import NOON, day, held

ONE, TWO, NOBODY = UUID(int=1), UUID(int=2), UUID(int=3)
BATCH = Batch(
    batch_id=UUID(int=70),
    definition="ten",
    name="Spring",
    prefix="SPR",
    length=12,
    wanted=4,
    created_at=NOON,
    created_by="operator:1",
)


def by_id(*coupons: Held) -> dict[UUID, Held]:
    return {coupon.coupon_id: coupon for coupon in coupons}


FULL = held(
    9, "tea", version=3, state="reserved", starts=day(1), ends=day(2), code="AB", source="batch", ref=UUID(int=5), until=day(3), passed=2
)


def test_what_is_saved_is_loaded_for_many_members_and_only_what_is_live(ctx: Ctx) -> None:
    mine, theirs = by_id(held(1), held(2, state="used", ref=UUID(int=8)), FULL), by_id(held(4, "cake"))
    nothing: dict[UUID, dict[UUID, Held]] = {ONE: {}, TWO: {}, NOBODY: {}}
    db.rows_of_each(ctx.tx, holding.writes(nothing, {ONE: mine, TWO: theirs, NOBODY: {}}))
    assert holding.load_all(ctx.tx, [ONE, TWO, NOBODY]) == {ONE: mine, TWO: theirs, NOBODY: {}}
    everybody = [ONE, TWO, NOBODY]
    (live,) = db.rows_of_each(ctx.tx, [holding.read(everybody)])
    assert holding.held(everybody, live) == {ONE: by_id(held(1), FULL), TWO: theirs, NOBODY: {}}
    later = by_id(held(1, state="lapsed"), replace(FULL, state="issued", ref=None))
    db.rows_of_each(ctx.tx, holding.writes({ONE: mine, TWO: theirs}, {ONE: later, TWO: theirs}))
    assert holding.load_all(ctx.tx, [ONE]) == {ONE: {**mine, **later}}
    assert holding.counts(ctx.tx, ["ten", "cake", "none"]) == {"ten": {"lapsed": 1, "used": 1}, "cake": {"issued": 1}, "none": {}}
    db.rows_of_each(ctx.tx, holding.writes({TWO: theirs}, {TWO: theirs}))


def test_operators_list_coupons_by_definition_state_and_member_page_by_page(ctx: Ctx) -> None:
    mine, theirs = by_id(held(1), held(3, state="used"), held(5, "cake")), by_id(held(2), held(4))
    db.rows_of_each(ctx.tx, holding.writes({ONE: {}, TWO: {}}, {ONE: mine, TWO: theirs}))

    def listed(before: UUID | None = None, limit: int = 9, **wanted: object) -> list[int]:
        found = holding.page(ctx.tx, CouponFilter(**wanted), before=before, limit=limit)  # type: ignore[arg-type]  # passed by name
        return [each.held.coupon_id.int for each in found]

    assert listed() == [5, 4, 3, 2, 1]
    assert listed(definition="ten", limit=2) == [4, 3]
    assert listed(definition="ten", limit=2, before=UUID(int=3)) == [2, 1]
    assert listed(state="used") == [3]
    assert listed(member_id=TWO) == [4, 2]
    assert holding.page(ctx.tx, CouponFilter(state="used"), before=None, limit=1) == [MemberCoupon(ONE, held(3, state="used"))]


def wish(code: str, member: UUID = ONE, coupon: int = 100) -> Taking:
    return Taking(code, member, UUID(int=coupon), NOON)


def test_a_batch_is_filled_in_chunks_takes_no_code_twice_and_is_then_ready(ctx: Ctx) -> None:
    assert codes.add_batch(ctx.tx, BATCH)
    assert not codes.add_batch(ctx.tx, replace(BATCH, name="Other"))
    other = replace(BATCH, batch_id=UUID(int=71), wanted=1, created_at=day(1))
    assert codes.add_batch(ctx.tx, other)
    assert codes.add_codes(ctx.tx, BATCH.batch_id, ["C", "A", "A"]) == 2
    assert codes.add_codes(ctx.tx, other.batch_id, ["A"]) == 0
    assert codes.add_codes(ctx.tx, BATCH.batch_id, []) == 2
    assert codes.batches(ctx.tx, [BATCH.batch_id])[BATCH.batch_id] == replace(BATCH, made=2)
    assert codes.add_codes(ctx.tx, BATCH.batch_id, ["A", "B", "D", "E", "F"]) == 3
    assert codes.add_codes(ctx.tx, BATCH.batch_id, ["D", "E", "F"]) == 4
    assert codes.add_codes(ctx.tx, BATCH.batch_id, ["G"]) == 4
    assert [each.code for each in codes.page(ctx.tx, CodeFilter(), after="", limit=9)] == ["A", "B", "C", "D"]
    ready = replace(BATCH, made=4, state="ready")
    assert codes.page_batches(ctx.tx, before=None, limit=9) == [other, ready]
    assert codes.page_batches(ctx.tx, before=other.batch_id, limit=9) == [ready]
    assert codes.page_batches(ctx.tx, definition="cake", before=None, limit=9) == []


def filled(ctx: Ctx) -> None:
    codes.add_batch(ctx.tx, BATCH)
    codes.add_codes(ctx.tx, BATCH.batch_id, ["A", "B", "C", "D"])


def test_a_code_is_taken_once_again_only_by_whom_it_belongs_to_and_given_back(ctx: Ctx) -> None:
    codes.add_batch(ctx.tx, BATCH)
    codes.add_codes(ctx.tx, BATCH.batch_id, ["A", "B"])
    assert codes.take(ctx.tx, [wish("A")]) == set()
    codes.add_codes(ctx.tx, BATCH.batch_id, ["C", "D"])
    assert codes.take(ctx.tx, [wish("B"), wish("A"), wish("A", TWO, 101), wish("Z", TWO, 102)]) == {"A", "B"}
    assert codes.take(ctx.tx, [wish("A", TWO, 101)]) == set()
    assert codes.take(ctx.tx, [wish("A")]) == {"A"}
    assert codes.find(ctx.tx, ["A", "C", "Z"]) == {
        "A": Code("A", BATCH.batch_id, "ten", "taken", ONE, UUID(int=100), NOON),
        "C": Code("C", BATCH.batch_id, "ten", "free", None, None, None),
    }
    codes.give_back(ctx.tx, [wish("A", TWO, 101), wish("B")])
    assert codes.take(ctx.tx, [wish("A", TWO, 101), wish("B", TWO, 103)]) == {"B"}
    assert codes.take(ctx.tx, []) == set()


def test_a_void_batch_gives_out_no_more_codes(ctx: Ctx) -> None:
    filled(ctx)
    codes.take(ctx.tx, [wish("A")])
    assert codes.set_state(ctx.tx, BATCH.batch_id, "void")
    assert not codes.set_state(ctx.tx, UUID(int=9), "void")
    assert codes.take(ctx.tx, [wish("B")]) == set()
    assert {code.code: code.state for code in codes.page(ctx.tx, CodeFilter(), after="", limit=9)} == {
        "A": "taken",
        "B": "void",
        "C": "void",
        "D": "void",
    }
    assert codes.add_codes(ctx.tx, BATCH.batch_id, ["E"]) == 4


def test_operators_list_codes_by_batch_definition_state_and_member(ctx: Ctx) -> None:
    filled(ctx)
    codes.take(ctx.tx, [wish("B"), wish("D", TWO, 101)])

    def listed(after: str = "", limit: int = 9, **wanted: object) -> str:
        found = codes.page(ctx.tx, CodeFilter(**wanted), after=after, limit=limit)  # type: ignore[arg-type]  # passed by name
        return "".join(each.code for each in found)

    assert listed(limit=3) == "ABC"
    assert listed(after="C") == "D"
    assert listed(state="free") == "AC"
    assert listed(state="taken") == "BD"
    assert listed(state="void") == ""
    assert listed(member_id=TWO) == "D"
    assert listed(definition="cake") == ""
    assert listed(definition="ten", batch_id=BATCH.batch_id, state="free", after="A") == "C"


def test_edge_20_the_last_code_taken_by_two_at_once_goes_to_one(db: Database) -> None:
    with db.transaction() as ctx:
        filled(ctx)
    meet, won = threading.Barrier(2), list[UUID]()

    def race(member: UUID, coupon: int) -> None:
        with db.transaction() as ctx:
            meet.wait()
            if codes.take(ctx.tx, [wish("C", member, coupon)]):
                won.append(member)

    racers = [threading.Thread(target=race, args=(member, number)) for number, member in enumerate((ONE, TWO), start=200)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    with db.reading() as ctx:
        assert [codes.find(ctx.tx, ["C"])["C"].member_id] == won
    assert len(won) == 1
