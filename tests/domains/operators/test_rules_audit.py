"""The chain of hashes, without a database."""

import hashlib
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from regulars.domains.operators import rules
from regulars.domains.operators.model import AuditRow, Break, BreakKind, Seal
from regulars.kernel import ids

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
_ANN, _BEN = (ids.encode("opr", UUID(int=n)) for n in (1, 2))


def _row(n: int, **fields: object) -> AuditRow:
    at = NOW + timedelta(seconds=n)
    row = AuditRow(audit_id=UUID(int=n), at=at, actor_kind="operator", actor_id=_ANN, action="role.put", entity="cashiers")
    return replace(row, **fields)  # type: ignore[arg-type]  # the fields under test have different types


def _sealed(count: int) -> list[AuditRow]:
    rows = [_row(n) for n in range(1, count + 1)]
    links = rules.chain(rows, after=0, previous=rules.CHAIN_START)
    return [replace(row, no=no, hash=hash_) for row, (no, hash_) in zip(rows, links, strict=True)]


def test_the_hash_of_a_row_is_a_published_recipe() -> None:
    row = _row(1, before={"b": 1, "a": "甲"}, after=None, reason="why")
    body = (
        f'[7,"00000000-0000-0000-0000-000000000001","2026-03-01T12:00:01.000000+00:00","operator","{_ANN}","role.put","cashiers",'
        '{"a":"甲","b":1},null,"why"]'
    )
    assert rules.row_hash(b"before", 7, row) == hashlib.sha256(b"before" + body.encode()).digest()


def test_the_hash_does_not_depend_on_the_order_of_keys_or_the_spelling_of_the_zone() -> None:
    one = _row(1, after={"a": 1, "b": 2})
    two = _row(1, after={"b": 2, "a": 1}, at=one.at.astimezone(ZoneInfo("Asia/Shanghai")))
    assert rules.row_hash(b"", 1, one) == rules.row_hash(b"", 1, two)


def test_the_hash_does_not_depend_on_the_zone_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    here = rules.row_hash(b"", 1, _row(1))
    try:
        for zone in ("Asia/Shanghai", "America/St_Johns"):
            monkeypatch.setenv("TZ", zone)
            time.tzset()
            assert rules.row_hash(b"", 1, _row(1)) == here
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    "change",
    [
        {"audit_id": UUID(int=99)},
        {"at": NOW + timedelta(microseconds=1)},
        {"actor_kind": "system"},
        {"actor_id": _BEN},
        {"action": "role.deleted"},
        {"entity": "cashier"},
        {"before": {}},
        {"after": {"permissions": []}},
        {"reason": "x"},
    ],
)
def test_a_change_of_any_field_is_found_and_the_row_named(change: dict[str, object]) -> None:
    rows = _sealed(5)
    assert rules.first_break(rows, after=0, previous=rules.CHAIN_START) is None
    rows[2] = replace(rows[2], **change)  # type: ignore[arg-type]  # the fields under test have different types
    found = rules.first_break(rows, after=0, previous=rules.CHAIN_START)
    assert found == Break(kind=BreakKind.row_changed, no=3, audit_id=rows[2].audit_id)


def test_a_missing_row_is_named_by_its_number() -> None:
    rows = _sealed(5)
    found = rules.first_break(rows[:1] + rows[2:], after=0, previous=rules.CHAIN_START)
    assert found == Break(kind=BreakKind.row_missing, no=2)


def test_a_chain_is_checked_in_parts() -> None:
    rows = _sealed(5)
    assert rows[1].hash is not None
    assert rules.first_break(rows[2:], after=2, previous=rows[1].hash) is None
    assert rules.chain(rows[2:], after=2, previous=rows[1].hash) == [(row.no, row.hash) for row in rows[2:]]


def test_seals_agree_with_the_rows_and_leave_no_day_out() -> None:
    first = Seal(day=date(2026, 3, 1), last_no=2, rows=2, hash=b"two")
    empty = Seal(day=date(2026, 3, 2), last_no=2, rows=0, hash=b"two")
    third = Seal(day=date(2026, 3, 3), last_no=5, rows=3, hash=b"five")
    hashes = {2: b"two", 5: b"five"}
    assert rules.seal_break([first, empty, third], hashes=hashes) is None
    assert rules.seal_break([], hashes={}) is None
    assert rules.seal_break([first, third], hashes=hashes) == Break(kind=BreakKind.seal_missing, day=date(2026, 3, 2))
    wrong_count = replace(third, rows=2)
    assert rules.seal_break([first, empty, wrong_count], hashes=hashes) == Break(kind=BreakKind.seal_changed, no=5, day=date(2026, 3, 3))
    wrong_hash = replace(first, hash=b"2")
    assert rules.seal_break([wrong_hash, empty], hashes=hashes) == Break(kind=BreakKind.seal_changed, no=2, day=date(2026, 3, 1))
    assert rules.seal_break([empty, third], hashes=hashes) == Break(kind=BreakKind.seal_changed, no=2, day=date(2026, 3, 2))


@pytest.mark.parametrize(
    ("last", "oldest", "today", "due"),
    [
        (None, None, date(2026, 3, 5), None),
        (None, date(2026, 3, 4), date(2026, 3, 5), date(2026, 3, 4)),
        (None, date(2026, 3, 5), date(2026, 3, 5), None),
        (date(2026, 3, 3), date(2026, 3, 1), date(2026, 3, 5), date(2026, 3, 4)),
        (date(2026, 3, 3), None, date(2026, 3, 5), date(2026, 3, 4)),
        (date(2026, 3, 4), date(2026, 3, 1), date(2026, 3, 5), None),
    ],
)
def test_a_day_is_sealed_once_it_is_over(last: date | None, oldest: date | None, today: date, due: date | None) -> None:
    assert rules.next_to_seal(last=last, oldest=oldest, today=today) == due
