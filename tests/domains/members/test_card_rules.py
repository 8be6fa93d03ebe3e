"""The code a device makes by itself: against the published vectors, and against slips of the finger."""

from datetime import UTC, datetime, timedelta

import pytest

from regulars.domains.members.rules import card

SEED = b"12345678901234567890123456789012"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "46119246"),
        (1_111_111_109, "68084774"),
        (1_111_111_111, "67062674"),
        (1_234_567_890, "91819424"),
        (2_000_000_000, "90698825"),
        (20_000_000_000, "77737706"),
    ],
)
def test_the_codes_are_those_of_rfc_6238_appendix_b(seconds: int, code: str) -> None:
    step = card.step_of(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
    assert card.totp(SEED, step) == code


@pytest.mark.parametrize(("digits", "check"), [("7992739871", "3"), ("0", "0"), ("49927398716"[:-1], "6"), ("99999999999999999", "7")])
def test_the_check_digit_is_luhns(digits: str, check: str) -> None:
    assert card.check_digit(digits) == check


def test_what_is_written_is_read() -> None:
    text = card.written("402113579", "46119246")
    assert (len(text), card.read(text)) == (18, ("402113579", "46119246"))
    assert card.read(f" {text[:6]} {text[6:12]}-{text[12:]} ") == ("402113579", "46119246")


def test_every_single_wrong_digit_and_nearly_every_swap_is_found() -> None:
    text = card.written("402113579", "46119246")
    for place in range(18):
        for digit in "0123456789":
            if digit != text[place]:
                assert card.read(text[:place] + digit + text[place + 1 :]) is None
    for place in range(17):
        one, two = text[place], text[place + 1]
        if one != two and {one, two} != {"0", "9"}:
            assert card.read(text[:place] + two + one + text[place + 2 :]) is None


@pytest.mark.parametrize("text", ["", "1", "4" * 17, "4" * 19, "４" * 18, "40211357946119246x", "RM1.abc"])
def test_what_can_be_no_code_is_none(text: str) -> None:
    assert card.read(text) is None


def test_a_secret_of_an_hour_is_good_until_the_end_of_the_next() -> None:
    step = card.step_of(datetime(2026, 3, 1, 12, 59, 45, tzinfo=UTC))
    end = card.offline_until(step)
    assert datetime.fromtimestamp(end, UTC) == datetime(2026, 3, 1, 14, tzinfo=UTC)
    last = card.step_of(datetime(2026, 3, 1, 13, 59, 45, tzinfo=UTC))
    assert card.epoch_of(step) in card.secrets_at(last)
    assert card.epoch_of(step) not in card.secrets_at(last + 1)
