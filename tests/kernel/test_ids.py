"""Ids on the wire and ids derived from a business key."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel import ids
from regulars.kernel.problem import Problem

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
uuids = st.integers(0, 2**128 - 1).map(lambda n: UUID(int=n))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (UUID(int=0), "mbr_00000000000000000000000000"),
        (UUID(int=1), "mbr_00000000000000000000000001"),
        (UUID(int=31), "mbr_0000000000000000000000000z"),
        (UUID(int=32), "mbr_00000000000000000000000010"),
        (UUID(int=2**128 - 1), "mbr_7zzzzzzzzzzzzzzzzzzzzzzzzz"),
        (UUID("0190a5d8-3c00-7abc-8def-0123456789ab"), "mbr_01j2jxgf00fay8vvr14d2pf2db"),
    ],
)
def test_the_wire_form_is_crockford_base32(value: UUID, text: str) -> None:
    assert ids.encode("mbr", value) == text
    assert ids.decode("mbr", text) == value


@given(uuids, st.sampled_from(["mbr", "ord", "api_key"]))
def test_an_id_survives_the_wire(value: UUID, prefix: str) -> None:
    assert ids.decode(prefix, ids.encode(prefix, value)) == value


@given(uuids, uuids)
def test_ids_sort_on_the_wire_as_they_are_stored(one: UUID, other: UUID) -> None:
    assert (ids.encode("mbr", one) < ids.encode("mbr", other)) is (one < other)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mbr",
        "mbr_",
        "ord_00000000000000000000000000",
        "00000000000000000000000000",
        "_00000000000000000000000000",
        "mbr_0000000000000000000000000",
        "mbr_000000000000000000000000000",
        "mbr_80000000000000000000000000",
        "mbr_0000000000000000000000000u",
        "mbr_0000000000000000000000000l",
        "mbr_0000000000000000000000000Z",
        "mbr_0000000000000000000000000０",
        "mbr_mbr_00000000000000000000000000",
        "MBR_00000000000000000000000000",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Problem) as caught:
        ids.decode("mbr", text)
    (fault,) = caught.value.faults
    assert (caught.value.code, fault.field, fault.value) == ("input.invalid", "mbr", text)
    assert fault.expected == "an id like mbr_ followed by 26 letters and digits"


def test_a_derived_id_has_the_layout_of_version_7() -> None:
    made = ids.derived(AT, "shop", "1001")
    assert (made.version, made.variant) == (7, RFC_4122)
    assert made.int >> 80 == 1_772_366_400_000
    bits = int.from_bytes(hashlib.sha256(b"\0\0\0\x04shop\0\0\0\x041001").digest()[:10], "big")
    assert made.int >> 64 & 0xFFF == bits >> 64 & 0xFFF
    assert made.int & (1 << 62) - 1 == bits & (1 << 62) - 1


def test_a_derived_id_never_changes() -> None:
    # These are stored: a change here would give every fact that comes again another id.
    assert str(ids.derived(AT, "shop", "1001")) == str(ids.derived(AT, "shop", "1001"))
    assert ids.derived(AT, "shop", "1001") == UUID("019ca945-0a00-7dfc-bc3f-1aa17300bbd7")
    assert ids.derived(AT.astimezone(timezone(timedelta(hours=8))), "shop", "1001") == ids.derived(AT, "shop", "1001")


def test_another_key_or_time_gives_another_id() -> None:
    made = {
        ids.derived(AT, "a", "bc"),
        ids.derived(AT, "ab", "c"),
        ids.derived(AT, "abc"),
        ids.derived(AT, "a", "bc", ""),
        ids.derived(AT),
        ids.derived(AT + timedelta(milliseconds=1), "a", "bc"),
        ids.derived(AT, "门店", "bc"),
    }
    assert len(made) == 7


def test_the_time_in_an_id_is_exact_to_the_millisecond() -> None:
    # Through a float this one would lose a millisecond.
    at = datetime(2004, 4, 9, 10, 53, 5, 873_000, tzinfo=UTC)
    assert ids.derived(at, "x").int >> 80 == 1_081_507_985_873
    assert ids.derived(at + timedelta(microseconds=999), "x") == ids.derived(at, "x")


def test_times_before_1970_count_as_1970() -> None:
    assert ids.derived(datetime(1960, 1, 1, tzinfo=UTC), "x") == ids.derived(datetime(1970, 1, 1, tzinfo=UTC), "x")
    assert ids.derived(datetime(1960, 1, 1, tzinfo=UTC), "x").int >> 80 == 0
    assert ids.derived(datetime(9999, 12, 31, 23, 59, tzinfo=UTC), "x").version == 7


def test_a_time_without_a_zone_is_a_programming_error() -> None:
    with pytest.raises(TypeError):
        ids.derived(datetime(2026, 3, 1), "x")  # noqa: DTZ001 - the point
