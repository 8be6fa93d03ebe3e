"""Members of the demo whom one can sign in as."""

from datetime import UTC, datetime
from pathlib import Path

import phonenumbers

from regulars.app import demo, demo_members
from regulars.domains.loyalty import service as loyalty
from regulars.domains.members import service as members
from regulars.domains.members.model import Enrolment
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.support import factories, member_pages, served

LONG_AGO = datetime(2026, 1, 5, tzinfo=UTC)


def test_before_the_demo_is_there_nobody_is(db: Database, keyring: Keyring) -> None:
    assert demo_members.ensure(db, keyring=keyring) == []


def test_the_most_faithful_members_get_a_fictitious_telephone_and_can_sign_in(db: Database, keyring: Keyring, tmp_path: Path) -> None:
    with db.transaction() as ctx:
        loyalty.publish(ctx, loyalty.add_draft(ctx, factories.demo_document()).version)
        refs = members.enrol(ctx, [Enrolment(external_id=f"c{n}", joined_at=LONG_AGO) for n in range(8)])
    for n, ref in enumerate(refs):
        for k in range(n):
            with db.transaction() as ctx:
                # The last one buys elsewhere.
                source = demo.SOURCE if n < 7 else "till"
                loyalty.apply(ctx, [factories.paid(ref, f"{n}-{k}", source=source)])
    told = demo_members.ensure(db, keyring=keyring)
    assert [(one.name, one.phone, one.orders) for one in told] == [
        ("Grace Holloway", "+447700900101", 6),
        ("林晓雨", "+447700900102", 5),
        ("Samuel Okafor", "+447700900103", 4),
        ("陈嘉禾", "+447700900104", 3),
        ("Priya Raman", "+447700900105", 2),
    ]
    assert told[0].line.en == "  Sign in as  Grace Holloway, +447700900101 (6 orders, Member)"
    assert told[0].line.zh == "  会员登录    Grace Holloway，+447700900101（6 单，普通会员）"
    assert demo_members.ensure(db, keyring=keyring) == told
    assert not any(phonenumbers.is_valid_number(phonenumbers.parse(one.phone)) for one in told)
    with served.client(db, keyring, tmp_path, permissions=None) as api:
        me = member_pages.signed_in(api, told[1].phone)
        assert api.get("/m/v1/me", headers=me).json()["name"] == "林晓雨"
