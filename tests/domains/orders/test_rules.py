"""What makes two orders the same, and what may still be refunded of one."""

import hashlib
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson
import pytest

from regulars.domains.orders import rules as orders
from regulars.domains.orders.model import Line, Order, Payment, Refund, Refunded, RefundLine
from regulars.kernel.ids import MemberId, OrderId, RefundId, SubjectId
from regulars.kernel.problem import Kind
from tests.support.wallets import FRIEND, MEMBER, NOON, TICK

LINE = Line(1, "oolong", 2, 1_000, 100, 150, 50, "tea")
ORDER = Order(
    order_id=OrderId(UUID(int=1)),
    subject_id=SubjectId(UUID(int=70)),
    member_id=MEMBER,
    source="shop",
    number="A-1",
    paid_at=NOON,
    currency="GBP",
    lines=(LINE, Line(2, "castella", 1, 500)),
    freight=300,
    store="soho",
    channel="web",
    payments=(Payment("card", 1_650), Payment("points", 50)),
)
REFUND = Refund(
    refund_id=RefundId(UUID(int=2)),
    subject_id=SubjectId(UUID(int=70)),
    member_id=MEMBER,
    source="shop",
    number="R-1",
    refunded_at=NOON,
    currency="GBP",
    order_id=OrderId(UUID(int=1)),
    order_number="A-1",
    lines=(RefundLine(1, 300, 1), RefundLine(2, 500, 1)),
)


def test_what_lines_orders_and_refunds_come_to() -> None:
    assert (LINE.payable, ORDER.total, REFUND.total) == (900, 1_700, 800)


def test_the_fingerprint_is_the_hash_of_everything_the_sender_said() -> None:
    # Written out, because recorded fingerprints must still match after the code has changed.
    said = [
        *("shop", "A-1", "2026-03-01T12:00:00+00:00", "GBP"),
        [[1, "oolong", 2, 1_000, 100, 150, 50, "tea"], [2, "castella", 1, 500, 0, 0, 0, ""]],
        *(300, "soho", "web", [["card", 1_650], ["points", 50]], f"{70:032x}"),
    ]
    assert orders.fingerprint(ORDER) == hashlib.sha256(orjson.dumps(said)).digest()
    assert orders.fingerprint(replace(ORDER, member_id=None)) == hashlib.sha256(orjson.dumps([*said[:-1], ""])).digest()


def test_the_fingerprint_of_a_refund_is_the_hash_of_everything_the_sender_said() -> None:
    said = ["shop", "R-1", "2026-03-01T12:00:00+00:00", "GBP", "A-1", [[1, 300, 1], [2, 500, 1]]]
    assert orders.refund_fingerprint(REFUND) == hashlib.sha256(orjson.dumps(said)).digest()


OTHER: tuple[dict[str, Any], ...] = (
    *({"no": 3}, {"product": "green"}, {"quantity": 1}, {"amount": 999}),
    *({"discount": 99}, {"tax": 149}, {"points_paid": 49}, {"category": ""}),
)


@pytest.mark.parametrize(
    "change",
    [
        {"source": "pos"},
        {"number": "A-2"},
        {"paid_at": NOON + TICK},
        {"currency": "EUR"},
        {"lines": (LINE,)},
        {"lines": ORDER.lines[::-1]},
        *({"lines": (replace(LINE, **other), ORDER.lines[1])} for other in OTHER),
        {"freight": 301},
        {"store": "bank"},
        {"channel": "app"},
        {"payments": ()},
        {"payments": (Payment("card", 1_651), Payment("points", 50))},
        {"payments": (Payment("cash", 1_650), Payment("points", 50))},
        {"subject_id": SubjectId(UUID(int=71))},
        {"member_id": None},
    ],
    ids=str,
)
def test_another_content_has_another_fingerprint(change: dict[str, Any]) -> None:
    assert orders.fingerprint(replace(ORDER, **change)) != orders.fingerprint(ORDER)


def test_our_own_ids_and_the_subject_of_an_anonymous_order_are_not_part_of_what_the_sender_said() -> None:
    assert orders.fingerprint(replace(ORDER, order_id=OrderId(UUID(int=9)))) == orders.fingerprint(ORDER)
    assert orders.fingerprint(replace(ORDER, member_id=FRIEND)) == orders.fingerprint(ORDER)
    anonymous = replace(ORDER, member_id=None)
    assert orders.fingerprint(replace(anonymous, subject_id=SubjectId(UUID(int=9)))) == orders.fingerprint(anonymous)


@pytest.mark.parametrize(
    "change",
    [
        {"source": "pos"},
        {"number": "R-2"},
        {"refunded_at": NOON + TICK},
        {"currency": "EUR"},
        {"order_number": "A-2"},
        {"lines": (RefundLine(1, 300, 1),)},
        {"lines": (RefundLine(1, 301, 1), RefundLine(2, 500, 1))},
        {"lines": (RefundLine(2, 300, 1), RefundLine(2, 500, 1))},
        {"lines": (RefundLine(1, 300, 0), RefundLine(2, 500, 1))},
    ],
    ids=str,
)
def test_another_content_of_a_refund_has_another_fingerprint(change: dict[str, Any]) -> None:
    assert orders.refund_fingerprint(replace(REFUND, **change)) != orders.refund_fingerprint(REFUND)


def asked(*lines: tuple[int, int], member: MemberId | None = MEMBER) -> Refund:
    return replace(REFUND, member_id=member, lines=tuple(RefundLine(no, amount) for no, amount in lines))


@pytest.mark.parametrize(
    ("taken", "refund", "code", "fields"),
    [
        ({}, asked((3, 1)), "orders.refund_unknown_line", {"number": "A-1", "line": 3}),
        ({}, asked((1, 1), (0, 1)), "orders.refund_unknown_line", {"number": "A-1", "line": 0}),
        # What a line cost is its amount less its discount: 900, not 1,000.
        ({}, asked((1, 901)), "orders.refund_too_large", {"number": "A-1", "line": 1, "left": 900, "asked": 901}),
        ({1: 300}, asked((1, 601)), "orders.refund_too_large", {"number": "A-1", "line": 1, "left": 600, "asked": 601}),
        ({1: 900}, asked((1, 1)), "orders.refund_too_large", {"number": "A-1", "line": 1, "left": 0, "asked": 1}),
        ({2: 400}, asked((1, 900), (2, 101)), "orders.refund_too_large", {"number": "A-1", "line": 2, "left": 100, "asked": 101}),
        # A line named twice counts together.
        ({}, asked((1, 500), (1, 401)), "orders.refund_too_large", {"number": "A-1", "line": 1, "left": 900, "asked": 901}),
        ({}, asked((1, 1), member=FRIEND), "orders.refund_wrong_member", {"number": "A-1"}),
        ({}, asked((9, 1), member=FRIEND), "orders.refund_wrong_member", {"number": "A-1"}),
    ],
)
def test_a_refund_is_refused(taken: dict[int, int], refund: Refund, code: str, fields: dict[str, object]) -> None:
    refused = orders.refusal(Refunded(ORDER, taken, 4), refund)
    assert refused is not None
    assert (refused.code, refused.kind, refused.fields) == (code, Kind.invalid, fields)


@pytest.mark.parametrize(
    ("taken", "refund"),
    [
        ({}, asked((1, 900), (2, 500))),
        ({1: 899, 2: 500}, asked((1, 1))),
        ({}, asked((1, 500), (1, 400))),
        ({}, asked((1, 900), member=None)),
        ({}, asked()),
    ],
)
def test_a_refund_down_to_the_last_unit_is_taken(taken: dict[int, int], refund: Refund) -> None:
    assert orders.refusal(Refunded(ORDER, taken, 4), refund) is None


def test_a_refund_that_names_a_member_is_refused_for_an_anonymous_order() -> None:
    refused = orders.refusal(Refunded(replace(ORDER, member_id=None), {}, 0), asked((1, 1)))
    assert refused is not None
    assert refused.code == "orders.refund_wrong_member"


def test_the_state_after_a_refund_adds_up_by_line_and_leaves_the_state_before_alone() -> None:
    before = Refunded(ORDER, {1: 100}, 4)
    after = orders.refunded_after(before, asked((1, 300), (2, 7), (1, 20)))
    assert after == Refunded(ORDER, {1: 420, 2: 7}, 5)
    assert before == Refunded(ORDER, {1: 100}, 4)
