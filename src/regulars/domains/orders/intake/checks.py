"""One row at a time, from text to a spool row or to the reason why not. This runs once a row of every file: it is written to be fast.

The same texts come again and again (dates, prices, products), so what they mean is remembered, within bounds; the arithmetic is
exact throughout. The first thing wrong with a row is its reason: number, book-keeping, time, currency, price, quantity, amounts.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from operator import itemgetter
from typing import TypeVar

from regulars.domains.orders.intake import reasons
from regulars.domains.orders.intake.model import Bad, Field, Person, Profile, SpoolRow
from regulars.domains.orders.intake.times import Times
from regulars.kernel import money, periods, problem
from regulars.platform.files.model import Batch, Reason, excerpt

QUANTITY_LIMIT = 1_000_000_000
_REMEMBERED = 200_000
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(minutes=15)
_NUMBER = re.compile(r"(-?)(\d{1,25})(?:\.(\d{1,25}))?")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/\-]*")
_DATABASE_FLOAT = re.compile(r"(\d+)\.0+")
_NOBODY = frozenset(
    "- -- . .. ? ?? * null nil none nan n/a #n/a na undefined unknown anonymous anon guest test testing default dummy empty void missing "
    "(null) (none) <null> walk-in 匿名 游客 访客 散客 非会员 未知 无 空 暂无 测试".split()
)
_ZEROS = re.compile(r"(?:[0.\-]+|-1)\Z")
_FIELDS = tuple(Field)
_AMOUNTS = (Field.amount, Field.discount, Field.tax, Field.freight)

V = TypeVar("V")


class Refused(Exception):  # noqa: N818 - it is caught within this module and never an error of ours.
    """The row is not taken: which field, what stood there, why."""

    def __init__(self, field: Field, value: str, reason: Reason, detail: str = "") -> None:
        super().__init__()
        self.field, self.value, self.reason, self.detail = field, value, reason, detail


class _Memo(dict[str, V]):
    """What texts mean: looked up at the speed of a dict, worked out once, forgotten all at once when they become too many."""

    def __init__(self, read: Callable[[str], V]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> V:
        value = self._read(text)
        if len(self) >= _REMEMBERED:
            self.clear()
        self[text] = value
        return value


class _Currency:
    """Amounts of one currency: ``prices`` gives (numerator, denominator) in minor units and the plain text of a unit price,
    ``amounts`` exact minor units; ``limit`` is the first amount that is too large.
    """

    def __init__(self, code: str, plain: Callable[[str], str], example: str) -> None:
        self.code = code
        self._unit: int = 10 ** money.exponent(code)
        self._plain = plain
        self._example = example
        self.limit = min(money.MAX_MAJOR * self._unit, money.MAX_MINOR)
        self.shown_limit = f"{self.limit // self._unit:,}"
        self.prices: _Memo[tuple[int, int, str]] = _Memo(self._price)
        self.amounts: dict[Field, _Memo[int]] = {f: _Memo(partial(self._amount, f)) for f in _AMOUNTS}

    def _ratio(self, text: str, field: Field) -> tuple[int, int, str]:
        """The number as a fraction of minor units, and as plain text without needless zeros."""
        match = _NUMBER.fullmatch(self._plain(text.strip()))
        if match is None:
            raise Refused(field, text, reasons.NUMBER if text.strip() else reasons.MISSING, self._example)
        sign, whole, fraction = match[1], match[2], (match[3] or "").rstrip("0")
        digits = int(whole + fraction) * (-1 if sign else 1)
        plain = f"{sign}{int(whole)}" + ("." + fraction if fraction else "")
        numerator, denominator = digits * self._unit, 10 ** len(fraction)
        if numerator % denominator == 0:
            return numerator // denominator, 1, plain
        return numerator, denominator, plain

    def _price(self, text: str) -> tuple[int, int, str]:
        numerator, denominator, plain = self._ratio(text, Field.price)
        if numerator < 0:
            raise Refused(Field.price, text, reasons.NEGATIVE_PRICE)
        if numerator >= self.limit * denominator:
            raise Refused(Field.price, text, reasons.AMOUNT, self.shown_limit)
        return numerator, denominator, plain

    def _amount(self, field: Field, text: str) -> int:
        if not text.strip() and field is not Field.amount:
            return 0
        numerator, denominator, _ = self._ratio(text, field)
        minor = money.half_even(numerator, denominator)
        if abs(minor) >= self.limit:
            raise Refused(field, text, reasons.AMOUNT, self.shown_limit)
        return minor


class Checker:
    """Checks the rows of one file. ``settlement`` is the one currency that is taken (empty: all); ``people`` collects the personal
    values seen since it was last emptied, by customer.
    """

    def __init__(
        self, columns: Sequence[str], mapping: Mapping[Field, str], profile: Profile, *, now: datetime, times: Times, settlement: str = ""
    ) -> None:
        at = {name: place for place, name in enumerate(columns)}
        # A field the file lacks points at the empty value that readers put at the end of every row.
        self._pick: Callable[[Sequence[str]], tuple[str, ...]] = itemgetter(*(at[mapping[f]] if f in mapping else -1 for f in _FIELDS))
        self._profile = profile
        self._times_reader = times
        self._settlement = settlement
        self._latest = now + _AHEAD
        self._has_amount = Field.amount in mapping
        self._has_price = Field.price in mapping
        self._has_quantity = Field.quantity in mapping
        self._has_people = any(f in mapping for f in (Field.phone, Field.email, Field.name))
        self._has_parts = any(f in mapping for f in (Field.discount, Field.tax, Field.freight))
        self._plain = _plain_numbers(profile.numbers)
        # Numbers and times change with every order and rarely come again: only the last one is remembered.
        self._last_number, self._number_then = "", ("", False)
        self._last_time, self._time_then = "", now
        self._customers: _Memo[str] = _Memo(_customer)
        self._currencies: _Memo[_Currency] = _Memo(self._currency)
        self._quantities: _Memo[int] = _Memo(self._quantity)
        self._texts: _Memo[str] = _Memo(lambda text: _text(text, Field.product, 200))
        self.people: dict[str, Person] = {}

    def check(self, batch: Batch) -> tuple[list[SpoolRow], list[Bad]]:
        """The good rows and the bad ones, the reader's faults among them; together as many as the batch holds."""
        good: list[SpoolRow] = []
        bad = [Bad(fault.row, "", self._shown(fault.value), fault.reason.code, fault.detail) for fault in batch.faults]
        pick, row_of = self._pick, self._row
        for number, row in zip(batch.numbers, batch.rows, strict=True):
            try:
                good.append(row_of(number, pick(row)))
            except Refused as refused:
                bad.append(Bad(number, refused.field.value, excerpt(refused.value), refused.reason.code, refused.detail))
        return good, bad

    def _row(self, row_no: int, v: tuple[str, ...]) -> SpoolRow:
        if v[0] != self._last_number or not v[0]:
            self._number_then = self._number(v[0])
            self._last_number = v[0]
        order_no, refund = self._number_then
        if v[1] != self._last_time or not v[1]:
            self._time_then = self._time(v[1])
            self._last_time = v[1]
        at = self._time_then
        customer = self._customers[v[2]]
        currency = self._currencies[v[10]]
        numerator, denominator, price = currency.prices[v[5]] if self._has_price else (0, 1, "")
        quantity = self._quantities[v[4]] if self._has_quantity else 1
        if quantity <= 0 and not refund:
            raise Refused(Field.quantity, v[4], reasons.NOT_POSITIVE)
        if refund:
            quantity = abs(quantity)
            if quantity == 0:
                raise Refused(Field.quantity, v[4], reasons.ZERO_REFUND)
        if self._has_amount:
            amount, price = self._given(v[6], currency, quantity=quantity, price=price, refund=refund)
        elif denominator == 1:
            amount = quantity * numerator
        else:
            amount = money.half_even(quantity * numerator, denominator)
        if amount >= currency.limit:
            raise Refused(Field.price, f"{v[4]} x {v[5]}", reasons.AMOUNT, currency.shown_limit)
        discount, tax, freight = self._parts(v, currency, amount) if self._has_parts else (0, 0, 0)
        if self._has_people and customer:
            self.people[customer] = Person(row_no, v[14].strip(), v[15].strip(), v[16].strip())
        texts, code = self._texts, currency.code
        product, category, store, channel = texts[v[3]], texts[v[11]], texts[v[12]], texts[v[13]]
        return SpoolRow(
            row_no, order_no, customer, at, product, quantity, price, amount, discount, tax, freight, code, category, store, channel
        )

    def _given(self, text: str, currency: _Currency, *, quantity: int, price: str, refund: bool) -> tuple[int, str]:
        """The amount that the file itself states, and the unit price to match refunds by when the file has none."""
        amount = currency.amounts[Field.amount][text]
        if refund:
            amount = abs(amount)
        if amount < 0:
            raise Refused(Field.amount, text, reasons.NEGATIVE)
        if price:
            return amount, price
        common = math.gcd(amount, quantity)
        return amount, f"{amount // common}/{quantity // common}"

    def _parts(self, v: tuple[str, ...], currency: _Currency, amount: int) -> tuple[int, int, int]:
        discount = abs(currency.amounts[Field.discount][v[7]])
        tax = abs(currency.amounts[Field.tax][v[8]])
        freight = currency.amounts[Field.freight][v[9]]
        shown = money.format_minor(amount, currency.code)
        if discount > amount:
            raise Refused(Field.discount, v[7], reasons.PART, shown)
        if tax > amount:
            raise Refused(Field.tax, v[8], reasons.PART, shown)
        if freight < 0:
            raise Refused(Field.freight, v[9], reasons.NEGATIVE)
        return discount, tax, freight

    def _number(self, text: str) -> tuple[str, bool]:
        number = _id(text, Field.order_number, 64)
        if not number:
            raise Refused(Field.order_number, text, reasons.MISSING)
        adjustment, refund = self._profile.adjustment_prefix, self._profile.refund_prefix
        if adjustment and number.startswith(adjustment):
            raise Refused(Field.order_number, text, reasons.ADJUSTMENT, adjustment)
        return number, bool(refund) and number.startswith(refund)

    def _time(self, text: str) -> datetime:
        stripped = text.strip()
        at = self._times_reader.read(stripped)
        if at is None:
            raise Refused(Field.time, text, reasons.TIME if stripped else reasons.MISSING, self._times_reader.example)
        if not _EARLIEST <= at <= self._latest:
            raise Refused(Field.time, text, reasons.TIME_RANGE, f"{self._latest - _AHEAD:%Y-%m-%d}")
        return at

    def _currency(self, text: str) -> _Currency:
        code = _CURRENCY_NAMES.get(text.strip().upper(), text.strip().upper()) or self._profile.currency
        if not money.known(code):
            raise Refused(Field.currency, text, reasons.CURRENCY)
        if self._settlement and code != self._settlement:
            raise Refused(Field.currency, text or code, reasons.OTHER_CURRENCY, self._settlement)
        return _Currency(code, self._plain, self._profile.numbers)

    def _quantity(self, text: str) -> int:
        match = _NUMBER.fullmatch(self._plain(text.strip()))
        if match is None or (match[3] or "").strip("0"):
            raise Refused(Field.quantity, text, reasons.WHOLE if text.strip() else reasons.MISSING, f"{QUANTITY_LIMIT:,}")
        quantity = int(match[1] + match[2])
        if abs(quantity) >= QUANTITY_LIMIT:
            raise Refused(Field.quantity, text, reasons.WHOLE, f"{QUANTITY_LIMIT:,}")
        return quantity

    def _shown(self, value: str) -> str:
        """A whole line may hold somebody's phone number: where the file has personal columns, none of it is kept."""
        return f"({len(value)} characters, hidden)" if self._has_people and value else value


_CURRENCY_NAMES = {"RMB": "CNY", "人民币": "CNY", "元": "CNY", "¥": "CNY", "￥": "CNY", "£": "GBP", "€": "EUR"}


def _text(text: str, field: Field, limit: int) -> str:
    stripped = text.strip()
    if len(stripped) > limit or not (stripped.isprintable() or stripped.replace("\u3000", " ").replace("\xa0", " ").isprintable()):
        raise Refused(field, text, reasons.TEXT, str(limit))
    return stripped


def _id(text: str, field: Field, limit: int) -> str:
    """An id as it was before a spreadsheet or a data frame made a number of it: 13085.0 is 13085."""
    if text.isalnum() and len(text) <= limit:
        return text
    match = _DATABASE_FLOAT.fullmatch(text.strip())
    return _text(match[1] if match else text, field, limit)


def _customer(text: str) -> str:
    """The customer's id; empty for nobody, and for what programs write when they mean nobody."""
    found = _id(text, Field.customer, 128)
    return "" if found.casefold() in _NOBODY or _ZEROS.match(found) else found


def _plain_numbers(form: str) -> Callable[[str], str]:
    """From numbers as the file writes them to digits and a point. Raises ``input.invalid`` for an unknown form."""
    if form == "1234.56":
        return str
    if form == "1,234.56":
        return lambda text: text.replace(",", "")
    if form == "1.234,56":
        return lambda text: text.replace(".", "").replace(",", ".")
    raise problem.invalid("numbers", form, "1234.56, 1,234.56 or 1.234,56")


def checked(profile: Profile) -> tuple[Profile, periods.Zone]:
    """The profile and its zone. Raises ``input.invalid`` naming the setting that cannot be."""
    _plain_numbers(profile.numbers)
    if not money.known(profile.currency):
        raise problem.invalid("currency", profile.currency, "an ISO 4217 code in capitals, like GBP, CNY or JPY")
    if len(profile.source) > 64 or not _CODE.fullmatch(profile.source):
        raise problem.invalid("source", profile.source, "a short name of the shop or system: 1 to 64 letters, digits and . _ : / -")
    if profile.refund_prefix and profile.refund_prefix == profile.adjustment_prefix:
        raise problem.invalid("adjustment_prefix", profile.adjustment_prefix, "another one than the refund prefix")
    return profile, periods.zone(profile.zone)
