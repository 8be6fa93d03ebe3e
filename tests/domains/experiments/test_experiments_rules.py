"""Who is held out: the same for ever, evenly spread."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domains.experiments import rules
from regulars.kernel import ids
from tests.support import factories


@pytest.mark.parametrize(("number", "salt", "bucket"), [(0, "salt", 1396), (1, "salt", 6974), (1, "pepper", 5649), (1 << 127, "", 2077)])
def test_a_bucket_never_changes(number: int, salt: str, bucket: int) -> None:
    # Worked out with sha256sum and bc: printf 'salt\\0' and sixteen bytes, the first sixteen hexadecimal digits modulo 10,000.
    assert rules.bucket(UUID(int=number), salt) == bucket


@given(st.uuids(), st.text(max_size=20), st.integers(0, 10_000))
def test_a_larger_share_keeps_whom_a_smaller_one_held_out(member: UUID, salt: str, share: int) -> None:
    bucket = rules.bucket(member, salt)
    assert 0 <= bucket < 10_000
    assert rules.held_out(member, salt, share) is (bucket < share)
    assert not rules.held_out(member, salt, 0)
    assert rules.held_out(member, salt, 10_000)


def test_buckets_are_spread_evenly_and_salts_shuffle_them() -> None:
    members = [ids.derived(factories.NOON, "member", str(i)) for i in range(20_000)]
    held = {salt: {m for m in members if rules.held_out(m, salt, 500)} for salt in ("a", "b")}
    # Five standard deviations of a binomial with n = 20,000 and p = 0.05 (0.0025 for both) either way.
    assert all(abs(len(some) - 1000) < 155 for some in held.values())
    assert abs(len(held["a"] & held["b"]) - 50) < 36
