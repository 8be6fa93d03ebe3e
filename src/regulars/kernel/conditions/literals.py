"""Values as they stand in a condition's JSON (or YAML, which knows dates), turned into the attribute's own type."""

import difflib
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

from regulars.kernel import money
from regulars.kernel.attributes import Attribute, Type
from regulars.kernel.conditions.model import Scalar
from regulars.kernel.problem import Problem

MAX_TEXT = 1_000
_MAX_INTEGER = 2**63
_MAX_DECIMAL = 10**15
_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?")
_MONEY = re.compile(r"(\S+) ([A-Z]{3})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SHOWN_CHOICES = 10


class UnfitError(Exception):
    """The value does not suit the attribute; the argument says what would."""

    @property
    def expected(self) -> str:
        return str(self.args[0])


def read(attribute: Attribute, raw: object) -> Scalar:
    """The typed form of one JSON value. Raises ``UnfitError`` that says what is expected."""
    return _READERS[attribute.type](attribute, raw)


def _boolean(_: Attribute, raw: object) -> Scalar:
    if isinstance(raw, bool):
        return raw
    raise UnfitError("true or false, without quotes")


def _integer(_: Attribute, raw: object) -> Scalar:
    if isinstance(raw, int) and not isinstance(raw, bool) and -_MAX_INTEGER < raw < _MAX_INTEGER:
        return raw
    raise UnfitError("a whole number without quotes, like 5")


def _decimal(_: Attribute, raw: object) -> Scalar:
    if isinstance(raw, str) and _DECIMAL.fullmatch(raw):
        return Decimal(raw)
    # A JSON number has passed through a float; its shortest spelling is what was written.
    if isinstance(raw, int | float) and not isinstance(raw, bool) and -_MAX_DECIMAL < raw < _MAX_DECIMAL:
        return Decimal(str(raw))
    raise UnfitError("a number, like 0.25")


def _money(attribute: Attribute, raw: object) -> Scalar:
    currency = attribute.unit
    if isinstance(raw, int) and not isinstance(raw, bool) and -money.MAX_MINOR < raw < money.MAX_MINOR:
        return raw
    if not currency:
        raise UnfitError("a whole number of minor units without quotes, like 1230 for 12.30")
    match = _MONEY.fullmatch(raw) if isinstance(raw, str) else None
    if match and match[2] == currency:
        try:
            return money.parse(match[1], currency)
        except Problem as refusal:
            raise UnfitError(refusal.faults[0].expected) from None
    example = money.format_minor(1230, currency)
    raise UnfitError(f'minor units without quotes, like 1230, or an amount with its currency, like "{example} {currency}"')


def _text(_: Attribute, raw: object) -> Scalar:
    if isinstance(raw, str) and len(raw) <= MAX_TEXT and "\0" not in raw and not any("\ud800" <= c <= "\udfff" for c in raw):
        return raw
    raise UnfitError(f"a text of at most {MAX_TEXT} characters")


def _choice(attribute: Attribute, raw: object) -> Scalar:
    read_ = _text(attribute, raw)
    if not attribute.choices or read_ in attribute.choices:
        return read_
    near = difflib.get_close_matches(str(read_), attribute.choices, n=1)
    shown = ", ".join(attribute.choices[:_SHOWN_CHOICES]) + (", …" if len(attribute.choices) > _SHOWN_CHOICES else "")
    raise UnfitError(f"one of {shown}" + (f"; did you mean {near[0]}?" if near else ""))


def _date(_: Attribute, raw: object) -> Scalar:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    try:
        # The library alone would read week dates and other spellings of ISO 8601 too.
        if isinstance(raw, str) and _DAY.fullmatch(raw):
            return date.fromisoformat(raw)
    except ValueError:
        pass
    raise UnfitError('an existing day like "2026-03-01"')


def _datetime(_: Attribute, raw: object) -> Scalar:
    read_ = raw if isinstance(raw, datetime) else None
    try:
        if isinstance(raw, str):
            read_ = datetime.fromisoformat(raw)
        if read_ is not None and read_.tzinfo is not None:
            return read_.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise UnfitError('an existing time with its offset, like "2026-03-01T08:00:00+08:00"')


_READERS: dict[Type, Callable[[Attribute, object], Scalar]] = {
    Type.boolean: _boolean,
    Type.integer: _integer,
    Type.decimal: _decimal,
    Type.money: _money,
    Type.text: _text,
    Type.choice: _choice,
    Type.date: _date,
    Type.datetime: _datetime,
    Type.set: _choice,
}
