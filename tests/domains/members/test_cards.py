"""A member shows its code at a counter: it works once, for a moment, offline too, and cannot be guessed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from regulars.domains.members.rules import card
from regulars.kernel import ids
from regulars.platform.clock import MovableClock
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.support import member_pages, served
from tests.support.served import refused

Plain = psycopg.Connection[tuple[Any, ...]]
Headers = dict[str, str]
CLERK = {served.PERMISSIONS: "members.identify"}


@pytest.fixture
def api(db: Database, keyring: Keyring, tmp_path: Path) -> Iterator[httpx.Client]:
    with served.client(db, keyring, tmp_path, permissions=None) as client:
        yield client


@pytest.fixture
def member(db: Database, keyring: Keyring) -> str:
    return ids.encode("mbr", member_pages.enrolled(db, keyring, name="王小芳").member_id)


@pytest.fixture
def mine(api: httpx.Client, member: str) -> Headers:
    return member_pages.signed_in(api)


def shown(api: httpx.Client, mine: Headers) -> dict[str, Any]:
    answer = api.get("/m/v1/me/card-code", headers=mine)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def scanned(api: httpx.Client, code: str, headers: Headers | None = None) -> httpx.Response:
    return api.post("/v1/members:identify", json={"code": code}, headers=headers or CLERK)


def made_offline(offline: dict[str, Any], at: datetime) -> str:
    """What a device without a connection shows."""
    return card.written(offline["number"], card.totp(bytes.fromhex(offline["secret"]), card.step_of(at)))


def test_the_qr_code_says_who_it_is_once(api: httpx.Client, member: str, mine: Headers, clock: MovableClock) -> None:
    face = shown(api, mine)
    assert (face["expires_at"], face["offline"]["until"]) == ("2026-03-01T12:01:00Z", "2026-03-01T14:00:00Z")
    answer = scanned(api, face["qr"])
    assert (answer.status_code, answer.json()["id"], answer.json()["name"], answer.json()["phone"]) == (200, member, "王**", "+44 ****01")
    again = refused(scanned(api, face["qr"]), 409, "members.card_used")
    assert again["detail"] == "This member code was used before; each works once. Ask the member to show a fresh one."
    refused(scanned(api, face["digits"]), 409, "members.card_used")
    chinese = api.post("/v1/members:identify", json={"code": face["qr"]}, headers=CLERK | {"accept-language": "zh"})
    assert chinese.json()["detail"] == "该会员码已被使用，每个会员码仅可使用一次，请会员刷新后重新出示。"


def test_the_digits_work_typed_with_blanks(api: httpx.Client, member: str, mine: Headers) -> None:
    digits = shown(api, mine)["digits"]
    assert scanned(api, f"{digits[:6]} {digits[6:12]} {digits[12:]}").json()["id"] == member


def test_after_a_scan_the_next_code_is_there_at_once(api: httpx.Client, member: str, mine: Headers) -> None:
    first = shown(api, mine)
    assert scanned(api, first["digits"]).status_code == 200
    second = shown(api, mine)
    assert second["digits"] != first["digits"]
    assert scanned(api, second["digits"]).json()["id"] == member


def test_the_qr_code_lasts_a_minute(api: httpx.Client, mine: Headers, clock: MovableClock) -> None:
    face = shown(api, mine)
    clock.move(timedelta(seconds=60))
    refused(scanned(api, face["qr"]), 404, "members.card_unknown")
    face = shown(api, mine)
    clock.move(timedelta(seconds=59))
    assert scanned(api, face["qr"]).status_code == 200


def test_a_device_goes_on_offline_until_the_end_of_the_next_hour(
    api: httpx.Client, member: str, mine: Headers, clock: MovableClock
) -> None:
    clock.at = datetime(2026, 3, 1, 12, 40, tzinfo=UTC)
    offline = shown(api, mine)["offline"]
    for at in (datetime(2026, 3, 1, 12, 59, 59, tzinfo=UTC), datetime(2026, 3, 1, 13, 59, 59, tzinfo=UTC)):
        clock.at = at
        assert scanned(api, made_offline(offline, at)).json()["id"] == member
    clock.at = datetime(2026, 3, 1, 14, 1, tzinfo=UTC)
    refused(scanned(api, made_offline(offline, clock.at)), 404, "members.card_unknown")


@pytest.mark.parametrize(("off", "status"), [(-60, 404), (-30, 200), (30, 200), (60, 404)])
def test_a_devices_clock_may_be_half_a_minute_off(
    api: httpx.Client, member: str, mine: Headers, clock: MovableClock, off: int, status: int
) -> None:
    offline = shown(api, mine)["offline"]
    assert scanned(api, made_offline(offline, clock.at + timedelta(seconds=off))).status_code == status


def test_an_older_code_is_used_up_by_a_newer_one(api: httpx.Client, mine: Headers, clock: MovableClock) -> None:
    offline = shown(api, mine)["offline"]
    older = made_offline(offline, clock.at)
    clock.move(timedelta(seconds=30))
    assert scanned(api, made_offline(offline, clock.at)).status_code == 200
    refused(scanned(api, older), 409, "members.card_used")


def test_a_slip_of_the_finger_is_told_from_a_guess(api: httpx.Client, mine: Headers, connection: Plain) -> None:
    digits = shown(api, mine)["digits"]
    slip = digits[:-1] + str((int(digits[-1]) + 1) % 10)
    answer = refused(scanned(api, slip), 422, "input.invalid")
    assert answer["faults"] == [
        {"field": "code", "value": "18 characters", "expected": "a scanned member code, or its 18 digits without a slip"}
    ]
    assert connection.execute("SELECT count(*) FROM member_attempts WHERE kind LIKE 'scans%'").fetchall() == [(0,)]


def guess(offline: dict[str, Any], number: int) -> str:
    return card.written(offline["number"], f"{number:08d}")


def test_five_guesses_at_one_card_lock_it_for_a_quarter_of_an_hour(
    api: httpx.Client, member: str, mine: Headers, clock: MovableClock
) -> None:
    face = shown(api, mine)
    for number in range(5):
        refused(scanned(api, guess(face["offline"], number)), 404, "members.card_unknown")
    answer = scanned(api, face["digits"])
    assert refused(answer, 429, "members.too_many_tries")["data"] == {"retry_after": 900}
    assert answer.headers["retry-after"] == "900"
    assert scanned(api, face["qr"]).status_code == 200
    clock.move(timedelta(minutes=15))
    assert scanned(api, shown(api, mine)["digits"]).json()["id"] == member


def test_twenty_guesses_of_one_caller_lock_it_out_whatever_the_card(
    api: httpx.Client, member: str, mine: Headers, clock: MovableClock
) -> None:
    for number in range(20):
        code = card.written(f"{100_000_000 + number}", "12345678")
        refused(scanned(api, code), 404, "members.card_unknown")
    refused(scanned(api, shown(api, mine)["qr"]), 429, "members.too_many_tries")
    clock.move(timedelta(minutes=15))
    assert scanned(api, shown(api, mine)["qr"]).json()["id"] == member


def test_good_scans_never_lock_anybody_out(api: httpx.Client, mine: Headers, clock: MovableClock) -> None:
    for _ in range(30):
        clock.move(timedelta(seconds=30))
        assert scanned(api, shown(api, mine)["digits"]).status_code == 200


@pytest.mark.parametrize("code", ["RM1.", "RM1.abc.def", "RM1." + "a" * 300])
def test_a_forged_qr_code_is_unknown(api: httpx.Client, mine: Headers, code: str) -> None:
    refused(scanned(api, code), 404, "members.card_unknown")


def test_a_changed_qr_code_is_unknown(api: httpx.Client, mine: Headers) -> None:
    text = shown(api, mine)["qr"]
    refused(scanned(api, text[:20] + ("A" if text[20] != "A" else "B") + text[21:]), 404, "members.card_unknown")


def test_the_code_of_a_device_that_was_signed_out_is_unknown(api: httpx.Client, mine: Headers) -> None:
    face = shown(api, mine)
    api.delete("/m/v1/session", headers=mine)
    for code in (face["qr"], face["digits"]):
        refused(scanned(api, code), 404, "members.card_unknown")


def test_only_who_may_identify_members_may(api: httpx.Client, mine: Headers) -> None:
    face = shown(api, mine)
    answer = refused(scanned(api, face["qr"], {served.PERMISSIONS: "members.read members.write"}), 403, "auth.forbidden")
    assert answer["data"] == {"permission": "members.identify"}
    refused(scanned(api, face["qr"], mine), 401, "operators.unknown_caller")
