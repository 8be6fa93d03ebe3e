"""Members' sign-in against itself: threads on their own connections, released by a barrier."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from regulars.domains.members import service
from regulars.domains.members.model import PREFIX, CodeMessage, MemberRef, Purpose
from regulars.domains.members.service import SignedIn
from regulars.kernel import ids
from regulars.kernel.problem import Problem
from regulars.platform.clock import MovableClock
from regulars.platform.context import Actor
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.support import member_pages
from tests.support.member_pages import PHONE

Plain = psycopg.Connection[tuple[Any, ...]]
CLERK = Actor(kind="api_key", id="key_1", permissions=frozenset({"members.identify"}))


@pytest.fixture
def ref(db: Database, keyring: Keyring) -> MemberRef:
    return member_pages.enrolled(db, keyring)


def together(*calls: Callable[[], str]) -> list[str]:
    """What each call returned, sorted; all begin at once."""
    barrier = threading.Barrier(len(calls))

    def one(call: Callable[[], str]) -> str:
        barrier.wait(timeout=30)
        try:
            return call()
        except Problem as refused:
            return refused.code

    with ThreadPoolExecutor(len(calls)) as pool:
        return sorted(future.result(timeout=60) for future in [pool.submit(one, call) for call in calls])


def asked(db: Database, keyring: Keyring) -> CodeMessage:
    with db.transaction() as ctx:
        found = service.ask(ctx, contact=PHONE, region="GB", address="192.0.2.1", language="en", keyring=keyring)
    assert found is not None
    return found


def enter(db: Database, keyring: Keyring, code: str) -> SignedIn | Problem:
    with db.transaction() as ctx:
        return service.open_session(ctx, contact=PHONE, region="GB", code=code, address="192.0.2.1", user_agent="", keyring=keyring)


def entering(db: Database, keyring: Keyring, code: str) -> Callable[[], str]:
    def enters() -> str:
        found = enter(db, keyring, code)
        return found.code if isinstance(found, Problem) else "in"

    return enters


def test_one_code_used_by_many_at_once_opens_one_session(db: Database, keyring: Keyring, ref: MemberRef, connection: Plain) -> None:
    code = asked(db, keyring).code
    assert together(*[entering(db, keyring, code)] * 5) == ["in", *["members.wrong_code"] * 4]
    assert connection.execute("SELECT count(*) FROM member_sessions").fetchall() == [(1,)]
    assert connection.execute("SELECT count(*) FROM claims WHERE kind = 'member.card'").fetchall() == [(1,)]


def test_a_hundred_guesses_at_once_are_five_tries(db: Database, keyring: Keyring, ref: MemberRef, connection: Plain) -> None:
    code = asked(db, keyring).code
    wrong = [f"{(int(code) + n) % 1_000_000:06d}" for n in range(1, 13)]
    outcome = together(*[entering(db, keyring, one) for one in wrong])
    assert outcome == [*["members.code_worn"] * 7, *["members.wrong_code"] * 5]
    assert connection.execute("SELECT tries FROM member_codes").fetchall() == [(12,)]
    assert entering(db, keyring, code)() == "members.code_worn"


def test_many_who_ask_at_once_get_one_code(db: Database, keyring: Keyring, ref: MemberRef) -> None:
    def asks() -> str:
        asked(db, keyring)
        return "sent"

    assert together(*[asks] * 6) == [*["members.too_many_codes"] * 5, "sent"]


def test_one_member_code_shown_at_many_counters_works_at_one(db: Database, keyring: Keyring, ref: MemberRef) -> None:
    opened = enter(db, keyring, asked(db, keyring).code)
    assert isinstance(opened, SignedIn)
    with db.reading() as ctx:
        face = service.face(ctx, opened.device, keyring=keyring)

    def scanning(code: str) -> Callable[[], str]:
        def scans() -> str:
            with db.transaction(CLERK) as ctx:
                found = service.identify(ctx, code, keyring=keyring)
            return found.code if isinstance(found, Problem) else ids.encode(PREFIX, found)

        return scans

    outcome = together(*[scanning(face.digits)] * 3, *[scanning(face.qr)] * 3)
    assert outcome == [ids.encode(PREFIX, ref.member_id), *["members.card_used"] * 5]


def test_signing_in_while_being_erased_leaves_no_session(db: Database, keyring: Keyring, ref: MemberRef, connection: Plain) -> None:
    code = asked(db, keyring).code

    def forgets() -> str:
        with db.transaction() as ctx:
            service.forget(ctx, ref.member_id)
        return "forgotten"

    together(forgets, entering(db, keyring, code))
    found = enter(db, keyring, code)
    assert isinstance(found, Problem)
    assert connection.execute("SELECT count(*) FROM member_sessions").fetchall() == [(0,)]
    assert connection.execute("SELECT count(*) FROM claims WHERE kind = 'member.card'").fetchall() == [(0,)]


def test_a_message_that_comes_after_the_erasure_is_not_kept(db: Database, keyring: Keyring, ref: MemberRef, connection: Plain) -> None:
    message = asked(db, keyring)
    with db.transaction() as ctx:
        service.forget(ctx, ref.member_id)
    with db.transaction() as ctx:
        service.keep(ctx, message, keyring=keyring)
    assert connection.execute("SELECT (SELECT count(*) FROM member_inbox), (SELECT count(*) FROM member_keys)").fetchall() == [(0, 0)]


def test_a_code_to_close_an_account_does_not_sign_in_and_the_other_way_round(
    db: Database, keyring: Keyring, ref: MemberRef, clock: MovableClock
) -> None:
    with db.transaction() as ctx:
        closing = service.ask_own(ctx, ref.member_id, Purpose.close, address="192.0.2.1", language="en", keyring=keyring).code
    assert entering(db, keyring, closing)() == "members.wrong_code"
    clock.move(timedelta(minutes=1))
    signing = asked(db, keyring).code
    with db.transaction() as ctx:
        found = service.close_own(ctx, ref.member_id, code=signing, keyring=keyring)
    assert isinstance(found, Problem)
    assert found.code == "members.wrong_code"
