"""What tests of members share."""

from datetime import UTC, datetime

import pytest

from regulars.domains.members import service
from regulars.domains.members.model import Enrolment, MemberRef
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring

JOINED = datetime(2026, 1, 5, 9, tzinfo=UTC)

WANG = Enrolment(
    external_id="w1",
    joined_at=JOINED,
    phone="138 1234 5678",
    email="Wang.Fang@Example.COM",
    name="王小芳",
    birthday="1990-05-17",
    locale="zh-CN",
    store="SH-001",
)


@pytest.fixture
def wang(ctx: Ctx, keyring: Keyring) -> MemberRef:
    """A member with every personal field."""
    return service.enrol(ctx, [WANG], keyring=keyring)[0]
