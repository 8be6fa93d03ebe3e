"""Finding members by what is known of them."""

from datetime import timedelta
from typing import Any

import pytest

from regulars.domains.members import service
from regulars.domains.members.model import Enrolment, MemberRef, Status
from regulars.kernel.problem import Problem
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring
from tests.domains.members.conftest import JOINED, WANG

ANN = Enrolment(external_id="a1", joined_at=JOINED + timedelta(days=1), phone="13900005678", name="Ann Lee", birthday="05-17")
PLAIN = Enrolment(external_id="p1", joined_at=JOINED + timedelta(days=2))


@pytest.fixture
def people(ctx: Ctx, keyring: Keyring) -> dict[str, MemberRef]:
    asked = [WANG, ANN, PLAIN]
    return {e.external_id: ref for e, ref in zip(asked, service.enrol(ctx, asked, keyring=keyring), strict=True)}


FOUND: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["p1", "a1", "w1"]),
    ({"external_id": " w1 "}, ["w1"]),
    ({"external_id": "w9"}, []),
    ({"phone": "+86 138 1234 5678"}, ["w1"]),
    ({"phone": "13800000000"}, []),
    ({"email": "wang.fang@EXAMPLE.com"}, ["w1"]),
    ({"name": "王小芳"}, ["w1"]),
    ({"name": "小芳"}, ["w1"]),
    ({"name": "ANN"}, ["a1"]),
    ({"name": " ann  lee "}, ["a1"]),
    ({"name": "An"}, []),
    ({"last_four": "5678"}, ["a1", "w1"]),
    ({"last_four": "5678", "name": "lee"}, ["a1"]),
    ({"birthday": "05-17"}, ["a1", "w1"]),
    ({"birthday": "lunar:05-17"}, []),
    ({"joined_from": JOINED + timedelta(days=1)}, ["p1", "a1"]),
    ({"joined_before": JOINED + timedelta(days=1)}, ["w1"]),
    ({"joined_from": JOINED, "joined_before": JOINED + timedelta(days=2), "last_four": "5678"}, ["a1", "w1"]),
    ({"status": Status.active}, ["p1", "a1", "w1"]),
    ({"status": Status.closed}, []),
    ({"external_id": "w1", "last_four": "0000"}, []),
]


def test_everything_given_must_hold(ctx: Ctx, keyring: Keyring, people: dict[str, MemberRef]) -> None:
    for criteria, found in FOUND:
        listed = service.list_members(ctx, service.Criteria(**criteria), keyring=keyring)
        assert (criteria, [m.external_id for m in listed]) == (criteria, found)


IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"phone": "12"}, "phone"),
    ({"email": "x"}, "email"),
    ({"name": " "}, "name"),
    ({"last_four": "12a4"}, "last_four"),
    ({"last_four": "１２３４"}, "last_four"),
    ({"last_four": "123"}, "last_four"),
    ({"birthday": "13-01"}, "birthday"),
]


def test_what_cannot_exist_is_not_looked_for(ctx: Ctx, keyring: Keyring) -> None:
    for criteria, field in IMPOSSIBLE:
        with pytest.raises(Problem) as refused:
            service.list_members(ctx, service.Criteria(**criteria), keyring=keyring)
        assert refused.value.faults[0].field == field


def test_pages_join_without_gap_or_double_also_at_equal_times(ctx: Ctx, keyring: Keyring) -> None:
    service.enrol(ctx, [Enrolment(external_id=f"m{i}", joined_at=JOINED + timedelta(days=i // 5)) for i in range(23)])
    seen, after = [], None
    while page := service.list_members(ctx, keyring=keyring, after=after, limit=4):
        seen += page
        after = page[-1].joined_at, page[-1].member_id
    assert len(seen) == len({m.member_id for m in seen}) == 23
    assert seen == sorted(seen, key=lambda m: (m.joined_at, m.member_id), reverse=True)


def test_closed_members_are_listed_and_erased_ones_only_when_asked_for(ctx: Ctx, keyring: Keyring, people: dict[str, MemberRef]) -> None:
    service.close(ctx, people["p1"].member_id, expected_version=1)
    service.forget(ctx, people["a1"].member_id)
    assert [m.external_id for m in service.list_members(ctx, keyring=keyring)] == ["p1", "w1"]
    erased = service.list_members(ctx, service.Criteria(status=Status.erased), keyring=keyring)
    assert [(m.member_id, m.external_id) for m in erased] == [(people["a1"].member_id, None)]
