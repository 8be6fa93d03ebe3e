"""Money as integer minor units of an ISO 4217 currency. No float comes near it; every rounding has a name.

``parse`` is the only way in from text and ``format_minor`` the only way out. Parts made by ``split`` always sum to the whole.
"""

import re
from collections.abc import Sequence
from typing import Literal, assert_never

from regulars.kernel import problem

Rounding = Literal["floor", "half_even", "ceil"]

MAX_MAJOR = 10**12
MAX_MINOR = 10**15
BASIS_POINTS = 10_000

_BY_EXPONENT = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU "
        "CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES "
        "KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR "
        "NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP "
        "TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG "
        # Withdrawn since 2021; a brand's order history still holds them.
        "ANG BGN CUC HRK SLL ZWL"
    ),
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_EXPONENTS = {code: exponent_ for exponent_, codes in _BY_EXPONENT.items() for code in codes.split()}

_NUMBER = re.compile(r"(-?)([0-9]{1,40})(?:\.([0-9]{1,40}))?")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．－−", "0123456789.--")


def known(currency: str) -> bool:
    """True for an ISO 4217 code in capitals that has a minor unit (gold, test codes and XXX have none)."""
    return currency in _EXPONENTS


def exponent(currency: str) -> int:
    """How many decimals the currency has: JPY 0, GBP 2, KWD 3, CLF 4. Raises ``input.invalid`` for an unknown code."""
    found = _EXPONENTS.get(currency)
    if found is None:
        raise problem.invalid("currency", currency, "an ISO 4217 code in capitals, like GBP, CNY or JPY")
    return found


def parse(text: object, currency: str, *, field: str = "amount") -> int:
    """The minor units of a decimal number of major units: ``parse("12.30", "GBP") == 1230``, ``parse(12, "GBP") == 1200``.

    Accepts an optional minus, digits (full-width ones too) and a fraction; zeros beyond the currency's decimals are dropped.
    Raises ``input.invalid`` naming ``field`` for signs, separators, exponents, too many decimals and amounts beyond the limit.
    """
    decimals = exponent(currency)
    digits, scale = _number(text, field, decimals)
    if scale > decimals:
        excess = 10 ** (scale - decimals)
        if digits % excess:
            raise problem.invalid(field, text, f"at most {decimals} decimals for {currency}")
        return _within_limit(digits // excess, decimals, field=field, shown=text)
    return _within_limit(digits * 10 ** (decimals - scale), decimals, field=field, shown=text)


def parse_product(quantity: object, unit_price: object, currency: str, *, field: str = "unit_price") -> int:
    """The minor units of quantity x price, rounded once, half to even: three at "0.125" GBP are 38.

    The price may have more decimals than the currency. Raises ``input.invalid`` like ``parse``, naming ``quantity`` or ``field``.
    """
    decimals = exponent(currency)
    count, count_scale = _number(quantity, "quantity", 0)
    price, price_scale = _number(unit_price, field, decimals)
    minor = half_even(count * price * 10**decimals, 10 ** (count_scale + price_scale))
    return _within_limit(minor, decimals, field=field, shown=f"{quantity} x {unit_price}")


def format_minor(minor: int, currency: str) -> str:
    """The plain decimal text of an amount, with exactly the currency's decimals; ``parse`` reads it back."""
    decimals = exponent(currency)
    if decimals == 0:
        return str(minor)
    whole, rest = divmod(abs(minor), 10**decimals)
    return f"{'-' if minor < 0 else ''}{whole}.{rest:0{decimals}d}"


def said(minor: int, currency: str) -> str:
    """The amount as sentences say it, thousands apart and with its currency: ``1,234.50 GBP``."""
    whole, point, rest = format_minor(abs(minor), currency).partition(".")
    return f"{'-' if minor < 0 else ''}{int(whole):,}{point}{rest} {currency}"


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Parts of ``total`` in proportion to ``weights`` by largest remainder, ties to the first; they sum to ``total`` exactly.

    Weights that are all zero split evenly. A negative total gives the mirror image of the positive one, so a refund undoes a
    sale part by part. Raises ``ValueError`` for no weights or a negative one.
    """
    if not weights or min(weights) < 0:
        raise ValueError("a split needs at least one weight and none below zero")
    if total < 0:
        return [-part for part in split(-total, weights)]
    whole = sum(weights)
    if whole == 0:
        weights, whole = [1] * len(weights), len(weights)
    parts = [total * weight // whole for weight in weights]
    rest = total - sum(parts)
    if rest:
        remainders = [total * weight % whole for weight in weights]
        if rest == 1:
            parts[remainders.index(max(remainders))] += 1
            return parts
        # Reversed, equal remainders keep their order: the first is served first.
        for i in sorted(range(len(weights)), key=remainders.__getitem__, reverse=True)[:rest]:
            parts[i] += 1
    return parts


def mul_bp(amount: int, basis_points: int, rounding: Rounding = "floor") -> int:
    """``amount`` x ``basis_points`` / 10,000 as an integer; floor goes towards minus infinity, ceil towards plus infinity."""
    product = amount * basis_points
    if rounding == "floor":
        return product // BASIS_POINTS
    if rounding == "half_even":
        return half_even(product, BASIS_POINTS)
    if rounding == "ceil":
        return -(-product // BASIS_POINTS)
    assert_never(rounding)


def half_even(numerator: int, denominator: int) -> int:
    """The integer nearest to the fraction; exactly between two, the even one. Raises ``ZeroDivisionError``."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    floor, rest = divmod(numerator, denominator)
    twice = 2 * rest
    return floor + (twice > denominator or (twice == denominator and floor & 1))


def _number(text: object, field: str, decimals: int) -> tuple[int, int]:
    """The digits of a decimal number as one signed integer, and how many of them stand behind the point."""
    plain = text.strip().translate(_FULL_WIDTH) if isinstance(text, str) else _digits_of(text)
    match = _NUMBER.fullmatch(plain)
    if match is None:
        example = "12" + "." * (decimals > 0) + "30"[:decimals].ljust(decimals, "0")
        raise problem.invalid(field, text, f"a plain decimal number like {example} below {MAX_MAJOR:,}, no sign of currency or thousands")
    sign, whole, fraction = match.groups()
    if fraction is None:
        return (-int(whole) if sign else int(whole)), 0
    digits = int(whole + fraction)
    return (-digits if sign else digits), len(fraction)


def _digits_of(number: object) -> str:
    """The text of an integer; nothing for any other type or an integer too long to print, so that the caller refuses it."""
    return str(number) if isinstance(number, int) and not isinstance(number, bool) and abs(number) < 10**40 else ""


def _within_limit(minor: int, decimals: int, *, field: str, shown: object) -> int:
    limit = min(MAX_MAJOR * 10**decimals, MAX_MINOR)
    if -limit < minor < limit:
        return minor
    raise problem.invalid(field, shown, f"an amount between -{limit // 10**decimals:,} and {limit // 10**decimals:,}, both excluded")
