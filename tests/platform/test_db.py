"""Bulk writing: whatever a column holds arrives as it was, by COPY and as an array, whether or not anything needs escaping."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.platform import db
from regulars.platform.context import Ctx

PLAIN = ["a", "", "二", "NULL", "{}", "a,b", " a "]
AWKWARD = ["tab\there", "line\nbreak", "back\\slash", 'quote"d', "\\N", "\r", "\\.", '","', "ends in \\"]
ID = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
AT = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def copied(ctx: Ctx, kind: str, values: list[Any]) -> list[Any]:
    db.rows_of(ctx.tx, f"CREATE TEMP TABLE bulk (n int, v {kind}) ON COMMIT DROP")
    db.copy_rows(ctx.tx, "bulk", ("n", "v"), list(enumerate(values)))
    found = [row[0] for row in db.rows_of(ctx.tx, "SELECT v FROM bulk ORDER BY n")]
    db.rows_of(ctx.tx, "DROP TABLE bulk")
    return found


def as_array(ctx: Ctx, kind: str, values: list[Any]) -> list[Any]:
    found = db.rows_of(ctx.tx, f"SELECT v FROM unnest(%(v)s::{kind}[]) WITH ORDINALITY AS w(v, n) ORDER BY n", v=values)
    return [row[0] for row in found]


@pytest.mark.parametrize("ways", [copied, as_array])
@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("text", PLAIN),
        ("text", PLAIN + AWKWARD),
        ("text", [None, "", *AWKWARD]),
        ("uuid", [ID, UUID(int=0)]),
        ("uuid", [ID, None]),
        ("bigint", [7, None]),
        ("numeric", [2**64, 1]),
        ("bigint", [0, -(2**63), 2**63 - 1]),
        ("timestamptz", [AT, AT.replace(year=9999, month=12, day=31)]),
        ("timestamptz", [AT, None]),
        ("timestamptz", [AT.astimezone(timezone(timedelta(hours=8, minutes=5, seconds=43))), AT]),
        ("date", [date(2024, 2, 29), None]),
        ("boolean", [True, False, None]),
        ("bytea", [b"", b"\x00\\\xff"]),
    ],
)
def test_values_arrive_as_they_were(ctx: Ctx, ways: Any, kind: str, values: list[Any]) -> None:
    assert ways(ctx, kind, values) == values


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))))
def test_any_text_arrives_as_it_was(ctx: Ctx, values: list[str]) -> None:
    assert copied(ctx, "text", values) == values
    assert as_array(ctx, "text", values) == values


def test_half_a_surrogate_pair_is_refused(ctx: Ctx) -> None:
    with pytest.raises(UnicodeEncodeError):
        as_array(ctx, "text", ["\ud800"])


def test_what_has_no_text_form_is_refused(ctx: Ctx) -> None:
    with pytest.raises(TypeError, match="object does not travel in bulk"):
        db.copy_rows(ctx.tx, "claims", ("kind",), [(object(),)])
