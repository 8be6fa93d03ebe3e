"""What models take: exactly what they declare, within what the database can hold."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError
from sqlalchemy import text

from regulars.platform.db import Database
from regulars.platform.http import strict
from regulars.platform.http.responses import encode


class Inner(strict.Strict):
    text: str
    number: int = 0
    when: datetime | None = None


class Outer(strict.Strict):
    inner: Inner
    several: tuple[Inner, ...] = ()
    texts: dict[str, str] = Field(default_factory=dict)
    day: date | None = None
    either: int | str = 0
    short: str = Field(default="", max_length=3, pattern="^[a-z]*$")
    positive: int = Field(default=1, gt=0, lt=10)
    share: float = 0.0


class Tree(strict.Strict):
    text: str = ""
    below: "tuple[Tree, ...]" = ()


def wrong(model: type[strict.Strict], value: object) -> list[tuple[str, str]]:
    """Where and what pydantic says of ``value`` sent as JSON."""
    with pytest.raises(ValidationError) as caught:
        model.model_validate_json(encode(value) if not isinstance(value, bytes) else value)
    return [(".".join(str(part) for part in error["loc"]), error["type"]) for error in caught.value.errors()]


def test_types_are_not_converted() -> None:
    assert wrong(Inner, {"text": 1}) == [("text", "string_type")]
    assert wrong(Inner, {"text": "", "number": "1"}) == [("number", "int_type")]
    assert wrong(Inner, {"text": "", "number": 1.0}) == [("number", "int_type")]
    assert wrong(Inner, {"text": "", "number": True}) == [("number", "int_type")]
    assert wrong(Inner, {"text": None}) == [("text", "string_type")]


def test_unknown_fields_are_refused_at_every_depth() -> None:
    assert wrong(Outer, {"inner": {"text": "", "x": 1}, "y": 2}) == [("inner.x", "extra_forbidden"), ("y", "extra_forbidden")]


def test_models_do_not_change() -> None:
    made = Inner(text="a")
    with pytest.raises(ValidationError):
        made.text = "b"


def test_plain_text_is_bounded_and_holds_no_nul() -> None:
    assert Inner(text="x" * 500).text == "x" * 500
    assert wrong(Inner, {"text": "x" * 501}) == [("text", "string_too_long")]
    assert wrong(Inner, {"text": "a\x00"}) == [("text", "string_pattern_mismatch")]
    assert Inner(text="two\nlines\r\n").text == "two\nlines\r\n"
    assert wrong(Outer, {"inner": {"text": ""}, "texts": {"k": "\x00"}}) == [("texts.k", "string_pattern_mismatch")]


def test_bounds_reach_models_inside_lists_unions_and_themselves() -> None:
    too_long = {"text": "x" * 501}
    assert wrong(Outer, {"inner": too_long, "several": [{"text": ""}, too_long]}) == [
        ("inner.text", "string_too_long"),
        ("several.1.text", "string_too_long"),
    ]
    assert wrong(Outer, {"inner": {"text": ""}, "either": 1 << 63}) == [
        ("either.constrained-int", "less_than_equal"),
        ("either.constrained-str", "string_type"),
    ]
    assert wrong(Tree, {"below": [{"below": [too_long]}]}) == [("below.0.below.0.text", "string_too_long")]


def test_a_fields_own_bounds_are_kept() -> None:
    assert wrong(Outer, {"inner": {"text": ""}, "short": "abcd"}) == [("short", "string_too_long")]
    assert wrong(Outer, {"inner": {"text": ""}, "short": "AB"}) == [("short", "string_pattern_mismatch")]
    assert wrong(Outer, {"inner": {"text": ""}, "positive": 0}) == [("positive", "greater_than")]
    assert wrong(Outer, {"inner": {"text": ""}, "positive": 10}) == [("positive", "less_than")]


def test_whole_numbers_have_64_bits() -> None:
    assert Inner.model_validate_json(f'{{"text": "", "number": {(1 << 63) - 1}}}'.encode()).number == (1 << 63) - 1
    assert Inner.model_validate_json(f'{{"text": "", "number": {-(1 << 63)}}}'.encode()).number == -(1 << 63)
    assert wrong(Inner, f'{{"text": "", "number": {1 << 63}}}'.encode()) == [("number", "less_than_equal")]
    assert wrong(Inner, f'{{"text": "", "number": {-(1 << 63) - 1}}}'.encode()) == [("number", "greater_than_equal")]


def test_numbers_are_finite() -> None:
    assert wrong(Outer, b'{"inner": {"text": ""}, "share": NaN}') == [("share", "finite_number")]
    assert wrong(Outer, b'{"inner": {"text": ""}, "share": 1e999}') == [("share", "finite_number")]


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("2026-03-01T12:00:00Z", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("2026-03-01T12:00:00+08:00", datetime(2026, 3, 1, 4, tzinfo=UTC)),
        ("2026-03-01 12:00:00.123456-05:30", datetime(2026, 3, 1, 17, 30, 0, 123456, tzinfo=UTC)),
        ("1970-01-01T00:00:00Z", datetime(1970, 1, 1, tzinfo=UTC)),
        ("2101-01-01T00:00:00Z", datetime(2101, 1, 1, tzinfo=UTC)),
    ],
)
def test_times_are_read_with_their_zone_and_handed_on_in_utc(sent: str, read: datetime) -> None:
    found = Inner.model_validate_json(encode({"text": "", "when": sent})).when
    assert found == read
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        ("2026-03-01T12:00:00", "timezone_aware"),
        ("2026-03-01", "datetime_parsing"),
        ("2026-02-30T12:00:00Z", "datetime_parsing"),
        ("2026-03-01T24:00:00Z", "datetime_parsing"),
        ("1700000000", "datetime_type"),
        (1700000000, "datetime_type"),
        (-1, "datetime_type"),
        ("-1700000000", "datetime_type"),
        ("", "datetime_type"),
        ("1969-12-31T23:59:59Z", "greater_than_equal"),
        ("2101-01-01T00:00:01Z", "less_than_equal"),
        ("9999-12-31T23:59:59Z", "less_than_equal"),
        ("0001-01-01T00:00:00Z", "greater_than_equal"),
    ],
)
def test_times_out_of_all_reason_are_refused(sent: object, kind: str) -> None:
    assert wrong(Inner, {"text": "", "when": sent}) == [("when", kind)]


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        ("2026-02-29", "date_parsing"),
        ("0", "date_type"),
        (0, "date_type"),
        ("19900517", "date_type"),
        ("1899-12-31", "greater_than_equal"),
        ("2101-01-01", "less_than_equal"),
        ("2026-03-01T12:00:00Z", "date_parsing"),
    ],
)
def test_dates_out_of_all_reason_are_refused(sent: object, kind: str) -> None:
    assert wrong(Outer, {"inner": {"text": ""}, "day": sent}) == [("day", kind)]


def test_python_values_are_taken_as_they_are() -> None:
    at = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=8)))
    assert Inner.model_validate({"text": "", "when": at}).when == at
    assert Outer.model_validate({"inner": Inner(text=""), "day": date(2024, 2, 29)}).day == date(2024, 2, 29)


def test_the_bounds_are_in_the_json_schema() -> None:
    found = Inner.model_json_schema()["properties"]
    assert found["text"] == {"maxLength": 500, "pattern": "^[^\\x00]*$", "title": "Text", "type": "string"}
    assert found["number"] == {"default": 0, "maximum": (1 << 63) - 1, "minimum": -(1 << 63), "title": "Number", "type": "integer"}
    assert found["when"]["anyOf"] == [{"format": "date-time", "type": "string"}, {"type": "null"}]


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(alphabet=st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["text", "number", "when"]), inner, max_size=3),
    max_leaves=6,
)


@given(value=json_values)
def test_whatever_a_model_takes_the_database_holds(value: Any) -> None:
    try:
        made = Inner.model_validate(value)
    except ValidationError:
        return
    assert "\x00" not in made.text
    assert len(made.text) <= 500
    assert -(1 << 63) <= made.number < 1 << 63


def test_the_bounds_are_those_of_postgresql(db: Database) -> None:
    row = {"n": strict.INT_MAX, "m": strict.INT_MIN, "at": strict.TIME_MAX, "day": strict.DATE_MIN, "t": "\x01\n漢"}
    with db.reading() as ctx:
        found = ctx.tx.execute(
            text("SELECT CAST(:n AS int8), CAST(:m AS int8), CAST(:at AS timestamptz), CAST(:day AS date), :t"), row
        ).one()
    assert tuple(found) == tuple(row.values())


def test_what_no_field_would_notice_is_found_in_the_bytes() -> None:
    assert strict.check_plain(b'{"a": "NaN", "b": "Infinity", "c": "\\\\u0000"}') == []
    assert [error["loc"] for error in strict.check_plain(b'{"a": [{"b": "\\u0000"}], "c\\u0000": 1}')] == [
        ("body", "a", 0, "b"),
        ("body", "c\\u0000"),
    ]
    (found,) = strict.check_plain(b'{"a": Infinity}')
    assert found["type"] == "json_invalid"
