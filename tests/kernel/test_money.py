"""Money: every currency's decimals, what text is an amount and what is not, roundings and splits to the last minor unit."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel import money
from regulars.kernel.problem import Problem


def refusal(text: object, currency: str = "GBP", **more: str) -> tuple[str, str, str]:
    with pytest.raises(Problem) as caught:
        money.parse(text, currency, **more)
    assert caught.value.code == "input.invalid"
    (fault,) = caught.value.faults
    return fault.field, fault.value, fault.expected


@pytest.mark.parametrize(
    ("decimals", "codes"),
    [
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (2, "AED AUD BRL CAD CHF CNY COP CZK DKK EGP EUR GBP HKD HUF IDR INR MGA MOP MRU MXN SGD TWD USD XCG ZAR ZWG BGN HRK ANG"),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
    ],
)
def test_each_currency_has_the_decimals_of_iso_4217(decimals: int, codes: str) -> None:
    assert [money.exponent(code) for code in codes.split()] == [decimals] * len(codes.split())
    assert all(money.known(code) for code in codes.split())


@pytest.mark.parametrize("code", ["XXX", "XAU", "XTS", "gbp", "GB", "", "BTC", "元"])
def test_codes_without_a_minor_unit_are_unknown(code: str) -> None:
    assert not money.known(code)
    with pytest.raises(Problem) as caught:
        money.exponent(code)
    assert (caught.value.faults[0].field, caught.value.faults[0].value) == ("currency", code)
    assert caught.value.faults[0].expected == "an ISO 4217 code in capitals, like GBP, CNY or JPY"


def test_the_table_holds_every_code_once() -> None:
    codes = " ".join(money._BY_EXPONENT.values()).split()
    assert len(codes) == len(set(codes)) == 171
    assert all(len(code) == 3 and code.isupper() for code in codes)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12.30", "GBP", 1230),
        ("12.3", "GBP", 1230),
        ("12", "GBP", 1200),
        ("-3", "GBP", -300),
        ("-0.05", "GBP", -5),
        ("-0", "GBP", 0),
        ("0012.30", "GBP", 1230),
        (" 12.30\t", "GBP", 1230),
        ("12.300000", "GBP", 1230),
        ("1200", "JPY", 1200),
        ("1200.00", "JPY", 1200),
        ("-7.0", "JPY", -7),
        ("1.234", "KWD", 1234),
        ("1.2", "KWD", 1200),
        ("0.0001", "CLF", 1),
        ("１２．３０", "CNY", 1230),
        ("－８", "CNY", -800),
        ("−8.01", "CNY", -801),
        ("　66　", "CNY", 6600),
        (12, "GBP", 1200),
        (-12, "KWD", -12_000),
        (0, "JPY", 0),
    ],
)
def test_decimal_text_becomes_minor_units(text: str | int, currency: str, minor: int) -> None:
    assert money.parse(text, currency) == minor


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "abc",
        "£3",
        "3 GBP",
        "¥12",
        "1,234.50",
        "1 234",
        "1e5",
        "+3",
        "--3",
        ".5",
        "5.",
        "1.2.3",
        "٣",
        "NaN",
        "Infinity",
        "0x10",
        "1_000",
        None,
        1.5,
        True,
        [],
        b"3",
        "9" * 41,
        "1." + "0" * 41,
    ],
)
def test_anything_else_is_refused_with_what_would_be_right(text: object) -> None:
    field, value, expected = refusal(text)
    assert (field, value) == ("amount", str(text)[:120])
    assert expected == "a plain decimal number like 12.30 below 1,000,000,000,000, no sign of currency or thousands"


def test_the_example_in_a_refusal_has_the_currencys_decimals() -> None:
    assert refusal("x", "JPY")[2].startswith("a plain decimal number like 12 below")
    assert refusal("x", "KWD")[2].startswith("a plain decimal number like 12.300 below")
    assert refusal("x", "CLF", field="lines[2].price")[0] == "lines[2].price"


def test_more_decimals_than_the_currency_has_are_refused_unless_zero() -> None:
    assert refusal("12.305") == ("amount", "12.305", "at most 2 decimals for GBP")
    assert refusal("12.5", "JPY")[2] == "at most 0 decimals for JPY"
    assert refusal("-0.001")[1] == "-0.001"


@pytest.mark.parametrize(
    ("largest", "currency", "minor"),
    [
        ("999999999999.99", "GBP", 10**14 - 1),
        ("999999999999", "JPY", 10**12 - 1),
        ("999999999999.999", "KWD", 10**15 - 1),
        ("99999999999.9999", "CLF", 10**15 - 1),
    ],
)
def test_a_million_millions_is_one_too_many(largest: str, currency: str, minor: int) -> None:
    assert money.parse(largest, currency) == minor
    assert money.parse("-" + largest, currency) == -minor
    limit = "100000000000" if currency == "CLF" else "1000000000000"
    shown = f"{int(limit):,}"
    assert refusal(limit, currency) == ("amount", limit, f"an amount between -{shown} and {shown}, both excluded")
    assert refusal("-" + limit, currency)[1] == "-" + limit
    assert refusal(int(limit), currency)[1] == limit


def test_superfluous_zeros_change_neither_the_limit_nor_the_type() -> None:
    most = money.parse("999999999999.9990", "KWD")
    assert (most, type(most)) == (10**15 - 1, int)
    assert refusal("1000000000000.000", field="total")[:2] == ("total", "1000000000000.000")


def test_a_number_too_long_to_print_is_refused_too() -> None:
    assert refusal(10**5000)[1] == "a number of more than 1,000 digits"
    assert refusal(-(10**40))[2].startswith("a plain decimal number")
    assert refusal(10**39)[2].startswith("an amount between")


@pytest.mark.parametrize(
    ("quantity", "price", "currency", "minor"),
    [
        (6, "2.55", "GBP", 1530),
        (3, "0.125", "GBP", 38),  # 37.5 goes to the even 38
        (1, "0.125", "GBP", 12),  # 12.5 goes to the even 12
        (5, "0.125", "GBP", 62),  # 62.5 goes to the even 62
        (-3, "0.125", "GBP", -38),
        (2, "-1.50", "GBP", -300),
        ("0.35", "12.90", "CNY", 452),  # 451.5 goes to the even 452
        ("１．５", "10", "CNY", 1500),
        (3, "33.3", "JPY", 100),
        (7, 2, "KWD", 14_000),
        (0, "2.55", "GBP", 0),
    ],
)
def test_quantity_times_price_is_rounded_once_half_to_even(quantity: int | str, price: str | int, currency: str, minor: int) -> None:
    assert money.parse_product(quantity, price, currency) == minor


def test_a_product_names_the_factor_that_is_wrong() -> None:
    cases: list[tuple[int | str, str, str, str]] = [
        ("two", "1", "quantity", "two"),
        (1, "£1", "unit_price", "£1"),
        (10**6, "1000000", "unit_price", "1000000 x 1000000"),
    ]
    for quantity, price, field, value in cases:
        with pytest.raises(Problem) as caught:
            money.parse_product(quantity, price, "GBP")
        assert (caught.value.faults[0].field, caught.value.faults[0].value) == (field, value)
    with pytest.raises(Problem) as caught:
        money.parse_product("x", "1", "GBP")
    assert "like 12 below" in caught.value.faults[0].expected
    with pytest.raises(Problem) as caught:
        money.parse_product(1, "x", "GBP", field="Price")
    assert (caught.value.faults[0].field, "like 12.30 below" in caught.value.faults[0].expected) == ("Price", True)


@given(st.integers(-(10**5), 10**5), st.decimals(-(10**5), 10**5, places=4))
def test_a_product_is_what_exact_decimals_give(quantity: int, price: Decimal) -> None:
    exact = int((quantity * price * 100).to_integral_value(ROUND_HALF_EVEN))
    assert money.parse_product(quantity, f"{price:f}", "GBP") == exact


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [(1230, "GBP", "12.30"), (-5, "GBP", "-0.05"), (0, "GBP", "0.00"), (1200, "JPY", "1200"), (-7, "JPY", "-7"), (1, "KWD", "0.001")],
)
def test_an_amount_is_written_with_its_currencys_decimals(minor: int, currency: str, text: str) -> None:
    assert money.format_minor(minor, currency) == text


@given(st.integers(-(10**12) + 1, 10**12 - 1), st.sampled_from(["GBP", "JPY", "KWD", "CLF"]))
def test_what_is_written_reads_back(minor: int, currency: str) -> None:
    assert money.parse(money.format_minor(minor, currency), currency) == minor


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (101, [1, 1, 1], [34, 34, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (10, [1, 2, 3], [2, 3, 5]),  # 1.67, 3.33, 5
        (7, [3, 3, 1], [3, 3, 1]),
        (5, [0, 1, 0], [0, 5, 0]),
        (1, [1, 3], [0, 1]),
        (1, [2, 2], [1, 0]),
        (5, [0, 0, 0], [2, 2, 1]),
        (-5, [0, 0, 0], [-2, -2, -1]),
        (0, [1, 2], [0, 0]),
        (9, [4], [9]),
        (1000, [333, 333, 334], [333, 333, 334]),
    ],
)
def test_a_split_gives_the_largest_remainders_first_and_ties_to_the_first(total: int, weights: list[int], parts: list[int]) -> None:
    before = list(weights)
    assert money.split(total, weights) == parts
    assert weights == before


@pytest.mark.parametrize("weights", [[], [1, -1], [-1]])
def test_a_split_needs_weights_and_none_below_zero(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="a split needs at least one weight and none below zero"):
        money.split(10, weights)


@given(st.integers(-(10**15), 10**15), st.lists(st.integers(0, 10**9), min_size=1, max_size=40))
def test_parts_sum_to_the_whole_and_miss_their_share_by_less_than_one(total: int, weights: list[int]) -> None:
    parts = money.split(total, weights)
    assert sum(parts) == total
    whole = sum(weights) or len(weights)
    shares = [Fraction(total * (w if sum(weights) else 1), whole) for w in weights]
    assert all(abs(part - share) < 1 for part, share in zip(parts, shares, strict=True))
    assert money.split(-total, weights) == [-part for part in parts]


@pytest.mark.parametrize(
    ("amount", "basis_points", "floor", "half_even", "ceil"),
    [
        (1000, 10_000, 1000, 1000, 1000),
        (999, 150, 14, 15, 15),  # 14.985
        (50, 100, 0, 0, 1),  # 0.5
        (150, 100, 1, 2, 2),  # 1.5
        (-150, 100, -2, -2, -1),
        (-50, 100, -1, 0, 0),
        (10_001, 1, 1, 1, 2),
        (0, 500, 0, 0, 0),
    ],
)
def test_basis_points_round_as_named(amount: int, basis_points: int, floor: int, half_even: int, ceil: int) -> None:
    assert money.mul_bp(amount, basis_points) == floor
    assert money.mul_bp(amount, basis_points, "floor") == floor
    assert money.mul_bp(amount, basis_points, rounding="half_even") == half_even
    assert money.mul_bp(amount, basis_points, rounding="ceil") == ceil


def test_an_unknown_rounding_is_a_programming_error() -> None:
    with pytest.raises(AssertionError):
        money.mul_bp(1, 1, "up")  # type: ignore[arg-type]  # what mypy would refuse


@given(st.integers(-(10**18), 10**18), st.integers(-(10**6), 10**6))
def test_roundings_are_those_of_exact_decimals(amount: int, basis_points: int) -> None:
    exact = Decimal(amount * basis_points).scaleb(-4)
    assert money.mul_bp(amount, basis_points, "floor") == int(exact.to_integral_value(ROUND_FLOOR))
    assert money.mul_bp(amount, basis_points, "ceil") == int(exact.to_integral_value(ROUND_CEILING))
    assert money.mul_bp(amount, basis_points, "half_even") == int(exact.to_integral_value(ROUND_HALF_EVEN))


@pytest.mark.parametrize(
    ("numerator", "denominator", "nearest"),
    [
        (5, 2, 2),
        (7, 2, 4),
        (-5, 2, -2),
        (-7, 2, -4),
        (5, -2, -2),
        (-7, -2, 4),
        (2, 3, 1),
        (1, 3, 0),
        (6, 3, 2),
        (0, 5, 0),
        (1, 2, 0),
        (3, 2, 2),
    ],
)
def test_half_goes_to_the_even_number(numerator: int, denominator: int, nearest: int) -> None:
    result = money.half_even(numerator, denominator)
    assert (result, type(result)) == (nearest, int)


def test_nothing_is_divided_by_zero() -> None:
    with pytest.raises(ZeroDivisionError):
        money.half_even(1, 0)
