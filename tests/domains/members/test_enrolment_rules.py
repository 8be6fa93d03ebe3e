"""What an enrolment says once it is checked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from regulars.domains.members.model import Enrolment, Field
from regulars.domains.members.rules import enrolment
from regulars.domains.members.rules.enrolment import Checked
from regulars.kernel.problem import Problem

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
JOINED = datetime(2026, 1, 5, 9, tzinfo=UTC)
PLAIN = Enrolment(external_id="m1", joined_at=JOINED)


def checked(asked: Enrolment) -> Checked:
    made = enrolment.check(asked, NOW)
    assert isinstance(made, Checked)
    return made


def test_every_value_comes_out_in_its_one_spelling() -> None:
    asked = Enrolment(
        external_id=" m1 ",
        joined_at=JOINED,
        source=" pos ",
        phone="020 7946 0018",
        email="Ann@Example.COM",
        name=" Ann  Lee",
        birthday=" 05-17",
        locale="en_GB",
        store=" S1",
        region="GB",
    )
    fields = {Field.phone: "+442079460018", Field.email: "Ann@example.com", Field.name: "Ann Lee", Field.birthday: "05-17"}
    assert checked(asked) == Checked("m1", JOINED, "pos", "en-GB", "S1", fields)


def test_what_was_not_given_is_not_there() -> None:
    assert checked(replace(PLAIN, phone="", email=" ", name=None)) == Checked("m1", JOINED, "import", "", "", {})


def test_who_says_no_time_joins_now() -> None:
    assert checked(replace(PLAIN, joined_at=None)).joined_at == NOW


def test_one_refusal_names_everything_that_is_wrong() -> None:
    refused = enrolment.check(replace(PLAIN, external_id="null", phone="12", email="x", locale="?"), NOW)
    assert isinstance(refused, Problem)
    assert [(fault.field, fault.value) for fault in refused.faults] == [
        ("external_id", "null"),
        ("locale", "?"),
        ("phone", "12"),
        ("email", "x"),
    ]
    assert refused.code == "input.invalid"
    assert "external_id: 'null'" in refused.text()
    assert "; email: 'x'" in refused.text()


def test_a_single_fault_is_refused_in_its_own_words() -> None:
    refused = enrolment.check(replace(PLAIN, store="a b"), NOW)
    assert isinstance(refused, Problem)
    assert refused.text() == "The input is not valid: store: 'a b' — up to 64 letters, digits and . _ : / -"


@pytest.mark.parametrize("at", [datetime(1900, 1, 1, tzinfo=UTC), NOW, NOW + timedelta(days=1)])
def test_a_clock_may_be_a_day_ahead(at: datetime) -> None:
    assert enrolment.joined(at, NOW) == at


@pytest.mark.parametrize(
    "at",
    [datetime(2026, 1, 1), datetime(1899, 12, 31, tzinfo=UTC), NOW + timedelta(days=1, seconds=1)],  # noqa: DTZ001 - naive on purpose
)
def test_another_time_of_joining_is_refused(at: datetime) -> None:
    with pytest.raises(Problem) as refused:
        enrolment.joined(at, NOW)
    (fault,) = refused.value.faults
    assert (fault.field, fault.value) == ("joined_at", at.isoformat())
    assert fault.expected == "a time with its zone, after 1900 and not in the future"


def test_of_two_enrolments_the_earliest_time_and_the_first_words_count() -> None:
    first = Checked("m1", JOINED, "", "zh-CN", "", {Field.name: "Ann"})
    again = Checked("m1", JOINED - timedelta(days=3), "pos", "en", "S2", {Field.name: "Bob", Field.phone: "+442079460018"})
    both = Checked("m1", JOINED - timedelta(days=3), "pos", "zh-CN", "S2", {Field.name: "Ann", Field.phone: "+442079460018"})
    assert enrolment.joined_up(first, again) == both
    assert enrolment.joined_up(None, again) == again
    later = replace(again, joined_at=JOINED + timedelta(days=1), source="web")
    assert enrolment.joined_up(replace(first, source="till", store="S1"), later) == Checked(
        "m1", JOINED, "till", "zh-CN", "S1", {Field.name: "Ann", Field.phone: "+442079460018"}
    )


def test_the_same_content_is_the_same_text_however_it_was_written() -> None:
    one = Enrolment(external_id="m1", joined_at=None, phone="13812345678", name="王芳")
    two = Enrolment(external_id=" m1", joined_at=None, phone="+86 138 1234 5678", name=" 王芳 ")
    text = enrolment.canonical(one, checked(one))
    assert text == enrolment.canonical(two, checked(two))
    assert text == '["m1", "", "import", "", "", [["name", "王芳"], ["phone", "+8613812345678"]]]'


@pytest.mark.parametrize(
    "other",
    [
        replace(PLAIN, external_id="m2"),
        replace(PLAIN, joined_at=JOINED + timedelta(seconds=1)),
        replace(PLAIN, source="pos"),
        replace(PLAIN, locale="en"),
        replace(PLAIN, store="S1"),
        replace(PLAIN, name="Ann"),
    ],
)
def test_other_content_is_another_text(other: Enrolment) -> None:
    assert enrolment.canonical(PLAIN, checked(PLAIN)) != enrolment.canonical(other, checked(other))


def test_an_id_that_we_made_is_no_content() -> None:
    asked = replace(PLAIN, external_id="")
    made = replace(PLAIN, external_id="mbr_00000000000000000000000001")
    assert enrolment.canonical(asked, checked(made)).startswith('["", "2026-01-05T09:00:00+00:00",')


def test_a_member_is_found_under_each_field() -> None:
    fields = {Field.phone: "+8613812345678", Field.email: "Ann@example.com", Field.name: "Ann Lee", Field.birthday: "lunar:1990-05-17"}
    assert enrolment.blinds(fields) == [
        ("phone", "+8613812345678"),
        ("last4", "5678"),
        ("email", "ann@example.com"),
        ("name", "ann"),
        ("name", "ann lee"),
        ("name", "lee"),
        ("birthday", "lunar:05-17"),
    ]
