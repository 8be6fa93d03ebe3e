"""Logs: JSON lines, tied to their request, without personal data however it is offered."""

import io
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from regulars.platform import log
from regulars.platform.db import Database

SECRETS = {
    "phone": "+86 138 0013 8000",
    "mobile": "13800138000",
    "email": "li.na@example.com",
    "name": "李娜",
    "birthday": "1990-05-17",
    "authorization": "Bearer rk_live_abcdef",
    "password": "correct horse",
    "token": "eyJhbGciOi",
    "key": "k-998877",
    "cookie": "regulars_session=abc",
}


@pytest.fixture
def lines() -> Iterator["Lines"]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    stream = io.StringIO()
    log.configure("debug", stream)
    yield Lines(stream)
    root.handlers[:], level = before
    root.setLevel(level)


@dataclass
class Lines:
    stream: io.StringIO

    def one(self) -> dict[str, Any]:
        (only,) = self.all()
        return only

    def all(self) -> list[dict[str, Any]]:
        return [orjson.loads(line) for line in self.text().splitlines()]

    def text(self) -> str:
        return self.stream.getvalue()


def test_a_line_is_one_json_object_with_level_time_and_the_events_own_fields(lines: Lines) -> None:
    log.get("regulars.test").info("outbox.drained", events=12, lag=0.5, ok=True, reason=None)
    found = lines.one()
    at = datetime.fromisoformat(found.pop("at"))
    assert at.tzinfo == UTC
    assert found == {"event": "outbox.drained", "level": "info", "events": 12, "lag": 0.5, "ok": True, "reason": None}


def test_a_process_that_never_configured_its_logs_gives_nothing_away_either(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise ValueError("李娜")
    except ValueError:
        log.get("regulars.unconfigured").exception("to li.na@example.com", phone="13800138000")
    (record,) = caplog.records
    assert isinstance(record.msg, dict)
    assert (record.msg["event"], record.msg["phone"], record.exc_info) == ("to (email)", log.HIDDEN, None)
    assert not any(secret in caplog.text for secret in ("李娜", "li.na", "13800138000"))


def test_lines_below_the_level_are_not_written(lines: Lines) -> None:
    log.configure("warning", lines.stream)
    log.get("regulars.test").info("quiet")
    log.get("regulars.test").warning("loud")
    logging.getLogger("some.library").info("quiet too")
    assert [line["event"] for line in lines.all()] == ["loud"]


def test_every_line_inside_a_request_carries_its_id_and_none_outside(lines: Lines) -> None:
    with log.request("r-1"):
        log.get("regulars.test").info("inside")
        logging.getLogger("some.library").warning("inside too")
    log.get("regulars.test").info("outside")
    assert [(line["event"], line.get("request_id")) for line in lines.all()] == [
        ("inside", "r-1"),
        ("inside too", "r-1"),
        ("outside", None),
    ]


def test_requests_in_two_threads_do_not_mix(lines: Lines) -> None:
    barrier = threading.Barrier(2)

    def serve(name: str) -> None:
        with log.request(name):
            barrier.wait()
            log.get("regulars.test").info("served", by=name)

    threads = [threading.Thread(target=serve, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((line["by"], line["request_id"]) for line in lines.all()) == [("a", "a"), ("b", "b")]


@pytest.mark.parametrize("field", sorted(SECRETS))
def test_a_personal_field_never_comes_out(lines: Lines, field: str) -> None:
    value = SECRETS[field]
    deep = {"rows": [{"inner": ({field: value},)}]}
    log.get("regulars.test").info(
        "member.changed", **{field: value}, nested=deep, **{f"member_{field}": value, f"old{field.title()}": [value]}
    )
    found = lines.one()
    assert value not in lines.text()
    assert found[field] == log.HIDDEN
    assert found[f"member_{field}"] == log.HIDDEN
    assert found[f"old{field.title()}"] == log.HIDDEN
    assert found["nested"] == {"rows": [{"inner": [{field: log.HIDDEN}]}]}


@pytest.mark.parametrize(
    ("given_text", "written"),
    [
        ("mail to li.na+x@shop.example.co.uk failed", "mail to (email) failed"),
        ("call +44 20 7946 0958 now", "call (phone) now"),
        ("call 13800138000, please", "call (phone), please"),
        ("Authorization: Bearer abc.def-ghi", "Authorization: (secret)"),
        ("key rk_live_a1b2 was refused", "key (secret) was refused"),
        ("connecting to postgresql://u:hush@db:5432/x", "connecting to (secret)"),
        ("order 1234567890123 of 2026-03-01T12:00:00+00:00", "order 1234567890123 of 2026-03-01T12:00:00+00:00"),
        ("0196f2d4-7c1a-7a34-9d0c-5b1f6f1f2a10", "0196f2d4-7c1a-7a34-9d0c-5b1f6f1f2a10"),
    ],
)
def test_personal_data_inside_a_text_is_replaced_and_the_rest_kept(lines: Lines, given_text: str, written: str) -> None:
    log.get("regulars.test").info(given_text, note=given_text, notes=[given_text])
    logging.getLogger("some.library").warning("%s", given_text)
    ours, theirs = lines.all()
    assert (ours["event"], ours["note"], ours["notes"], theirs["event"]) == (written, written, [written], written)


@given(
    phone=st.from_regex(r"\A1[3-9][0-9]{9}\Z"), before=st.sampled_from(["", "tel:", "(", " "]), after=st.sampled_from(["", ")", " ", ","])
)
def test_no_mobile_number_survives_in_a_text(phone: str, before: str, after: str) -> None:
    assert log.scrub(before + phone + after) == before + "(phone)" + after


def test_values_without_a_plain_form_show_only_their_type(lines: Lines) -> None:
    class Member:
        def __repr__(self) -> str:
            return "Member(李娜)"

    log.get("regulars.test").info(
        "x",
        member=Member(),
        raw="李娜".encode(),
        error=ValueError("李娜"),
        id=UUID(int=7),
        day=date(2026, 3, 1),
        amount=Decimal("1.50"),
        path=Path("/x"),
        big=1 << 80,
    )
    found = lines.one()
    assert "李娜" not in lines.text()
    assert (found["member"], found["raw"], found["error"]) == ("<Member>", "<bytes>", "<ValueError>")
    assert (found["id"], found["day"], found["amount"]) == ("00000000-0000-0000-0000-000000000007", "2026-03-01", "1.50")
    assert (found["path"], found["big"]) == ("/x", "1208925819614629174706176")


def test_what_lies_too_deep_is_hidden(lines: Lines) -> None:
    nested: dict[str, Any] = {"leaf": "li.na"}
    for _ in range(12):
        nested = {"in": nested}
    log.get("regulars.test").info("x", nested=nested)
    assert "li.na" not in lines.text()
    assert log.HIDDEN in lines.text()


def test_an_exception_is_logged_as_type_and_places_without_its_message(lines: Lines) -> None:
    try:
        int("李娜")
    except ValueError:
        log.get("regulars.test").exception("import.failed")
        logging.getLogger("some.library").exception("it failed")
    ours, theirs = lines.all()
    assert "李娜" not in lines.text()
    for found in (ours, theirs):
        assert found["error"]["type"] == "builtins.ValueError"
        assert found["error"]["at"][-1].endswith(" test_an_exception_is_logged_as_type_and_places_without_its_message")
    assert (ours["event"], ours["level"], theirs["event"]) == ("import.failed", "error", "it failed")


def test_a_cause_is_logged_the_same_way(lines: Lines) -> None:
    try:
        try:
            raise KeyError("13800138000")
        except KeyError as cause:
            raise RuntimeError("李娜") from cause
    except RuntimeError as error:
        log.get("regulars.test").error("x", exc_info=error)
    found = lines.one()["error"]
    assert (found["type"], found["cause"]["type"]) == ("builtins.RuntimeError", "builtins.KeyError")
    assert "13800138000" not in lines.text()


def test_a_database_error_names_its_constraint_and_not_its_row(lines: Lines, db: Database) -> None:
    twice = text("INSERT INTO people VALUES ('13800138000'), ('13800138000')")
    with db.transaction() as ctx:
        ctx.tx.execute(text("CREATE TEMP TABLE people (phone text CONSTRAINT people_pkey PRIMARY KEY)"))
        with pytest.raises(IntegrityError) as caught, ctx.tx.begin_nested():
            ctx.tx.execute(twice)
    log.get("regulars.test").error("x", exc_info=caught.value)
    found = lines.one()["error"]
    assert isinstance(caught.value.orig, psycopg.errors.UniqueViolation)
    assert (found["type"], found["sqlstate"]) == ("sqlalchemy.exc.IntegrityError", "23505")
    assert (found["constraint"], found["table"]) == ("people_pkey", "people")
    assert "13800138000" not in lines.text()


@pytest.mark.parametrize(
    "field", ["phone", "homePhone", "PHONE", "e_mail", "first_name", "lastName", "apiKey", "api-key", "id_card", "birth_date"]
)
def test_these_names_are_personal(field: str) -> None:
    assert log.personal(field)


@pytest.mark.parametrize(
    "field", ["event", "at", "level", "request_id", "route", "method", "status", "count", "table", "constraint", "monkey"]
)
def test_these_names_are_not(field: str) -> None:
    assert not log.personal(field)
