"""The code a member shows at a counter: eighteen digits that a device makes by itself, offline, and that work once.

``number`` (nine digits, which device) + ``totp`` (eight digits, RFC 6238 with HMAC-SHA-256 and a step of 30 seconds) + one check digit
(Luhn), so that a slip of the finger is told from a guess. The secret behind the digits belongs to one device and one hour: a device that
was given it goes on offline until the end of the next hour.
"""

import hmac
from datetime import datetime, timedelta

STEP = timedelta(seconds=30)
EPOCH = timedelta(hours=1)
NUMBER_DIGITS, CODE_DIGITS = 9, 8
LENGTH = NUMBER_DIGITS + CODE_DIGITS + 1
DRIFT = 1
"""Steps that a device's clock or a slow counter may be off either way: what RFC 6238, section 5.2, recommends at most."""

_DECIMALS = frozenset("0123456789")


def step_of(at: datetime) -> int:
    """The time step ``at`` lies in, counted from 1970."""
    return int(at.timestamp()) // int(STEP.total_seconds())


def epoch_of(step: int) -> int:
    """The hour a step lies in, counted from 1970."""
    return step * int(STEP.total_seconds()) // int(EPOCH.total_seconds())


def totp(secret: bytes, step: int) -> str:
    """The eight digits of a step: RFC 4226, section 5.3, over HMAC-SHA-256 as RFC 6238 allows."""
    mac = hmac.digest(secret, step.to_bytes(8, "big"), "sha256")
    start = mac[-1] & 15
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def written(number: str, code: str) -> str:
    """All eighteen digits."""
    return number + code + check_digit(number + code)


def read(text: str) -> tuple[str, str] | None:
    """Number and code of eighteen digits, blanks and hyphens between them left out; None when they cannot be a member code."""
    digits = text.replace(" ", "").replace("-", "")
    if len(digits) != LENGTH or not _DECIMALS.issuperset(digits) or digits[-1] != check_digit(digits[:-1]):
        return None
    return digits[:NUMBER_DIGITS], digits[NUMBER_DIGITS:-1]


def check_digit(digits: str) -> str:
    """The Luhn digit (ISO/IEC 7812-1): finds every single wrong digit and nearly every swap of neighbours."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def secrets_at(now: int) -> tuple[int, int]:
    """The hours whose secrets are good in the step ``now``: its own, and the one before, given to a device that is offline since."""
    return epoch_of(now), epoch_of(now) - 1


def offline_until(step: int) -> int:
    """Seconds since 1970 until which the secret of a step's hour is good: the end of the next hour."""
    return (epoch_of(step) + 2) * int(EPOCH.total_seconds())
