"""What a history of yes and no allows."""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domains.members.model import Consent, ReceiptId
from regulars.domains.members.rules import consent
from regulars.kernel.ids import MemberId, SubjectId
from regulars.kernel.problem import Problem

START = datetime(2026, 1, 1, tzinfo=UTC)


def said(granted: bool, day: int = 0, *, purpose: str = "marketing", channel: str = "sms", subject: int = 1, receipt: int = 1) -> Consent:
    at = START + timedelta(days=day)
    return Consent(
        member_id=MemberId(UUID(int=1)),
        subject_id=SubjectId(UUID(int=subject)),
        receipt_id=ReceiptId(UUID(int=receipt)),
        purpose=purpose,
        channel=channel,
        granted=granted,
        source="till",
        policy_version="1",
        at=at,
        recorded_at=at,
    )


YES, NO = True, False


@pytest.mark.parametrize(
    ("history", "allowed"),
    [
        ([], False),
        ([said(YES)], True),
        ([said(NO)], False),
        ([said(YES), said(NO, 1)], False),
        ([said(NO), said(YES, 1)], True),
        ([said(NO, 1), said(YES)], False),
        ([said(YES), said(NO)], False),
        ([said(NO), said(YES)], False),
        ([said(YES, channel="email")], False),
        ([said(YES, purpose="service")], False),
        ([said(YES), said(NO, 1, channel="email")], True),
        ([said(YES), said(NO, 1, channel="*")], False),
        ([said(YES), said(NO, 1, purpose="*")], False),
        ([said(YES), said(NO, 1, purpose="*", channel="*"), said(YES, 2)], True),
        ([said(YES, channel="*")], True),
        ([said(YES, subject=1), said(NO, subject=2)], False),
        ([said(NO, 9, subject=1), said(YES, 1, subject=2)], False),
        ([said(YES, subject=1), said(YES, 1, subject=2)], True),
        ([said(YES, subject=1), said(NO, subject=2, channel="email")], True),
    ],
)
def test_the_strictest_reading_of_the_latest_words_counts(history: list[Consent], allowed: bool) -> None:
    assert consent.allowed(history, "marketing", "sms") is allowed


@given(st.lists(st.builds(said, st.booleans(), st.integers(0, 3), subject=st.integers(1, 2)), max_size=6), st.randoms())
def test_the_order_of_arrival_makes_no_difference(history: list[Consent], random: Random) -> None:
    shuffled = list(history)
    random.shuffle(shuffled)
    assert consent.allowed(shuffled, "marketing", "sms") is consent.allowed(history, "marketing", "sms")


def test_one_record_counts_for_each_topic() -> None:
    old, new = said(YES, receipt=1), said(NO, 1, receipt=2)
    mail = said(YES, 2, channel="email", receipt=3)
    assert consent.current([new, mail, old]) == {("marketing", "sms"): new, ("marketing", "email"): mail}


@pytest.mark.parametrize("refusing", [1, 2])
def test_of_two_subjects_the_one_that_refuses_counts(refusing: int) -> None:
    records = [said(subject != refusing, subject=subject, receipt=subject) for subject in (1, 2)]
    assert consent.current(records) == {("marketing", "sms"): records[refusing - 1]}


def test_of_two_at_the_same_instant_the_refusal_counts() -> None:
    yes, no = said(YES, receipt=1), said(NO, receipt=2)
    assert consent.current([yes, no]) == consent.current([no, yes]) == {("marketing", "sms"): no}


@pytest.mark.parametrize("text", ["marketing", "sms", "*", "a1_b", "x" * 64])
def test_a_topic_is_a_small_word_or_a_star(text: str) -> None:
    assert consent.topic("purpose", text) == text


@pytest.mark.parametrize("text", ["", "SMS", "1a", "a b", "**", "x" * 65])
def test_another_topic_is_refused(text: str) -> None:
    with pytest.raises(Problem) as refused:
        consent.topic("purpose", text)
    (fault,) = refused.value.faults
    expected = "a word of small letters like marketing or sms, or * for every one"
    assert (fault.field, fault.value, fault.expected) == ("purpose", text, expected)


def test_the_text_that_was_shown_has_a_version() -> None:
    assert consent.policy(" 2026-01 ") == "2026-01"
    assert consent.policy("x" * 100) == "x" * 100
    for text in ("", "  ", "x" * 101, "a\x00"):
        with pytest.raises(Problem) as refused:
            consent.policy(text)
        (fault,) = refused.value.faults
        assert (fault.field, fault.value) == ("policy_version", text)
        assert fault.expected == "the version of the text that was shown, 1 to 100 characters"
