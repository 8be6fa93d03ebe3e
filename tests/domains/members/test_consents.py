"""What members said yes and no to."""

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa

from regulars.domains.members import service
from regulars.domains.members.model import Enrolment, MemberRef
from regulars.domains.members.service import Said
from regulars.kernel import ids
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Problem
from regulars.platform.context import Ctx
from regulars.platform.db import Database
from tests.domains.members.conftest import JOINED

Plain = psycopg.Connection[tuple[object, ...]]


def yes(member: MemberRef, *, granted: bool = True, channel: str = "sms", days: int | None = 0, **more: str) -> Said:
    at = None if days is None else JOINED + timedelta(days=days)
    said = {"purpose": "marketing", "source": "till", "policy_version": "2026-01", **more}
    return Said(member_id=member.member_id, channel=channel, granted=granted, at=at, **said)


@pytest.fixture
def ann(ctx: Ctx) -> MemberRef:
    return service.enrol(ctx, [Enrolment(external_id="a1", joined_at=JOINED)])[0]


def test_a_record_has_a_receipt_and_the_same_again_is_the_same_record(ctx: Ctx, ann: MemberRef) -> None:
    first, second = service.record(ctx, [yes(ann), yes(ann)])
    (again,) = service.record(ctx, [yes(ann)])
    assert first == second == again
    assert service.history(ctx, [ann.member_id]) == {ann.member_id: [first]}
    assert first.receipt_id == ids.derived(JOINED, "consent", ann.member_id.hex, "marketing", "sms", "True", "till", "2026-01")


@pytest.mark.parametrize("other", [{"channel": "email"}, {"purpose": "service"}, {"source": "web"}, {"policy_version": "2"}])
def test_another_content_is_another_record(ctx: Ctx, ann: MemberRef, other: dict[str, str]) -> None:
    service.record(ctx, [yes(ann), yes(ann, **other), yes(ann, granted=False), yes(ann, days=1)])  # type: ignore[arg-type]  # texts by name
    assert len({record.receipt_id for record in service.history(ctx, [ann.member_id])[ann.member_id]}) == 4


def test_the_latest_word_counts_whenever_it_arrives(ctx: Ctx, ann: MemberRef) -> None:
    service.record(ctx, [yes(ann, granted=False, days=2)])
    service.record(ctx, [yes(ann, days=1)])
    assert service.allowed(ctx, [ann.member_id], purpose="marketing", channel="sms") == set()
    (last,) = service.record(ctx, [yes(ann, days=3)])
    assert service.allowed(ctx, [ann.member_id], purpose="marketing", channel="sms") == {ann.member_id}
    assert service.current(ctx, [ann.member_id]) == {ann.member_id: {("marketing", "sms"): last}}


def test_a_clock_that_runs_ahead_does_not_outrank_a_later_no(ctx: Ctx, ann: MemberRef) -> None:
    ahead = Said(
        member_id=ann.member_id,
        purpose="marketing",
        channel="sms",
        granted=True,
        source="app",
        policy_version="1",
        at=ctx.now + timedelta(hours=20),
    )
    (record,) = service.record(ctx, [ahead])
    assert record.at == ctx.now
    later = Ctx(tx=ctx.tx, now=ctx.now + timedelta(minutes=1))
    service.record(later, [yes(ann, granted=False, days=None)])
    assert service.allowed(later, [ann.member_id], purpose="marketing", channel="sms") == set()


def test_silence_is_a_no_and_many_are_asked_at_once(ctx: Ctx) -> None:
    refs = service.enrol(ctx, [Enrolment(external_id=f"m{i}", joined_at=JOINED) for i in range(3)])
    service.record(ctx, [yes(refs[0]), yes(refs[1]), yes(refs[1], granted=False, channel="*", days=1)])
    assert service.allowed(ctx, [ref.member_id for ref in refs], purpose="marketing", channel="sms") == {refs[0].member_id}


def test_edge_22_of_a_member_of_two_subjects_the_strictest_consent_wins(ctx: Ctx) -> None:
    winner, loser = service.enrol(ctx, [Enrolment(external_id=f"m{i}", joined_at=JOINED) for i in range(2)])
    service.record(ctx, [yes(winner, days=5), yes(loser, granted=False, days=1)])
    for table in ("consents", "subject_members"):
        ctx.tx.execute(sa.text(f"UPDATE {table} SET member_id = :w WHERE member_id = :l"), {"w": winner.member_id, "l": loser.member_id})
    assert service.allowed(ctx, [winner.member_id], purpose="marketing", channel="sms") == set()
    assert [r.granted for r in service.current(ctx, [winner.member_id])[winner.member_id].values()] == [False]


def test_everything_wrong_is_named_at_once(ctx: Ctx, ann: MemberRef) -> None:
    wrong = yes(ann, channel="SMS", purpose="", source="a b", policy_version=" ")
    with pytest.raises(Problem) as refused:
        service.record(ctx, [yes(ann), wrong])
    assert [fault.field for fault in refused.value.faults] == ["purpose", "channel", "source", "policy_version"]


def test_a_member_that_is_not_there_says_nothing(ctx: Ctx, ann: MemberRef) -> None:
    service.forget(ctx, ann.member_id)
    for member in (ann.member_id, MemberId(UUID(int=7))):
        with pytest.raises(Problem) as refused:
            service.record(ctx, [Said(member_id=member, purpose="p", channel="c", granted=True, source="s", policy_version="1")])
        assert refused.value.fields == {"what": "member", "key": ids.encode("mbr", member)}


def test_a_new_record_is_announced_once(db: Database, connection: Plain) -> None:
    with db.transaction() as ctx:
        (ref,) = service.enrol(ctx, [Enrolment(external_id="a1", joined_at=JOINED)])
        (record,) = service.record(ctx, [yes(ref)])
        service.record(ctx, [yes(ref)])
    sent = connection.execute("SELECT key, payload FROM outbox WHERE name = 'members.consent_changed'").fetchall()
    payload = {
        "member": ids.encode("mbr", ref.member_id),
        "receipt": ids.encode("rcp", record.receipt_id),
        "purpose": "marketing",
        "channel": "sms",
        "granted": True,
        "at": "2026-01-05T09:00:00+00:00",
    }
    assert sent == [(ref.member_id, payload)]
