"""A member of whom a lot is known."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from regulars.domains.experiments import service as experiments
from regulars.domains.experiments.model import Exposure
from regulars.domains.members import service as members
from regulars.domains.members.model import Enrolment, MemberRef
from regulars.domains.members.service import Said
from regulars.domains.orders import service as orders
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.support import factories

JOINED = datetime(2026, 1, 5, 9, tzinfo=UTC)
SECRETS = ("+8613812345678", "5678", "Wang.Fang@example.com", "王小芳", "1990-05-17", "Likes jasmine tea")


@dataclass(frozen=True)
class Somebody:
    """The member, and another one with the same phone who is not to be touched."""

    ref: MemberRef
    other: MemberRef


@pytest.fixture
def somebody(db: Database, keyring: Keyring) -> Somebody:
    wang = Enrolment(
        external_id="w1",
        joined_at=JOINED,
        phone="13812345678",
        email="Wang.Fang@example.com",
        name="王小芳",
        birthday="1990-05-17",
        locale="zh-CN",
        store="SH-001",
    )
    other = Enrolment(external_id="o1", joined_at=JOINED, phone="13812345678", name="Ann Lee")
    with db.transaction() as ctx:
        refs = members.enrol(ctx, [wang, other], keyring=keyring)
        for ref in refs:
            _live(ctx, ref, keyring)
    return Somebody(*refs)


def _live(ctx: Ctx, ref: MemberRef, keyring: Keyring) -> None:
    members.add_note(ctx, ref.member_id, "Likes jasmine tea", keyring=keyring)
    said = Said(member_id=ref.member_id, purpose="marketing", channel="sms", granted=True, source="till", policy_version="1", at=JOINED)
    members.record(ctx, [said])
    experiments.assign(ctx, [ref.member_id])
    experiments.log_exposures(ctx, [Exposure(ref.member_id, "rule:double", JOINED, held_out=False)])
    orders.record(ctx, [factories.order(ref, f"order-{ref.member_id}", at=JOINED)])
