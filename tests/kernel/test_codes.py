"""Codes that people type: what is made can be read back, what is mistyped is told from what is unknown."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel import codes
from regulars.kernel.problem import Problem

ZEROS = bytes(32)
RANDOM = bytes(range(32))


def raised(typed: str) -> Problem:
    with pytest.raises(Problem) as caught:
        codes.checked(typed)
    return caught.value


def test_the_alphabet_has_a_prime_number_of_characters_none_alike() -> None:
    assert len(set(codes.ALPHABET)) == len(codes.ALPHABET) == 29
    assert set(codes.ALPHABET) & set("AEIOULS") == set()


@pytest.mark.parametrize(("length", "needed"), [(6, 12), (12, 15), (16, 18), (28, 25)])
def test_how_many_random_bytes_a_code_wants(length: int, needed: int) -> None:
    assert codes.bytes_needed(length) == needed


@pytest.mark.parametrize(
    ("random", "length", "prefix", "groups", "code"),
    [
        (ZEROS, 12, "", 4, "0000-0000-0000"),
        (ZEROS, 6, "", 4, "0000-00"),
        (ZEROS, 12, "", 0, "000000000000"),
        # One in the first place weighs 12 in a code of twelve: 29 - 12 is 17, which is K.
        (bytes(14) + b"\x01", 12, "", 4, "1000-0000-000K"),
        # The prefix counts: B is 10 and weighs 13, so 130 modulo 29 is 14 and the check 15.
        (ZEROS, 12, "B", 4, "B-0000-0000-000H"),
        (ZEROS, 12, "b", 6, "b-000000-00000H"),
    ],
)
def test_a_code_follows_from_its_random_bytes(random: bytes, length: int, prefix: str, groups: int, code: str) -> None:
    assert codes.generate(random, length=length, prefix=prefix, groups=groups) == code


@pytest.mark.parametrize(("length", "prefix"), [(5, ""), (29, ""), (28, "A"), (0, ""), (-1, "")])
def test_a_length_out_of_range_is_refused(length: int, prefix: str) -> None:
    with pytest.raises(ValueError, match="6 to 28 characters"):
        codes.generate(RANDOM, length=length, prefix=prefix)


@pytest.mark.parametrize(("length", "prefix"), [(6, ""), (28, ""), (27, "A"), (6, "ABCDEFGHJKMNPQRTVWXYZ2")])
def test_the_shortest_and_the_longest_code(length: int, prefix: str) -> None:
    code = codes.generate(RANDOM, length=length, prefix=prefix)
    assert codes.checks(codes.normalise(code))
    assert len(codes.normalise(code)) == length + len(prefix)


def test_too_few_random_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="needs 15 random bytes"):
        codes.generate(bytes(14))
    assert codes.generate(bytes(15)) == "0000-0000-0000"


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("welcome10", "WE1C0ME10"),
        (" ab-cd ef\t", "ABCDEF"),
        ("oils", "0115"),
        ("ＡＢ１２－３", "AB123"),
        ("A\u2010B\u2013C\u2014D\u00a0E\u3000F", "ABCDEF"),
        ("A\u200bB", "AB"),
        (" - ", ""),
    ],
)
def test_what_is_typed_is_folded(typed: str, normal: str) -> None:
    assert codes.normalise(typed) == normal


@pytest.mark.parametrize(
    ("typed", "place", "character"), [("AB*C", 3, "*"), ("券AB", 1, "券"), ("AB CÉ", 4, "É"), ("A/B", 2, "/"), ("@", 1, "@")]
)
def test_a_character_of_no_code_is_named(typed: str, place: int, character: str) -> None:
    refused = raised(typed)
    assert (refused.code, refused.fields) == ("codes.character", {"place": place, "character": character})


@pytest.mark.parametrize(("typed", "given_"), [("", 0), ("00000", 5), ("0" * 29, 29)])
def test_a_code_of_another_length_is_told(typed: str, given_: int) -> None:
    refused = raised(typed)
    assert (refused.code, refused.fields) == ("codes.length", {"least": 6, "most": 28, "given": given_})


def test_the_shortest_and_the_longest_are_read() -> None:
    assert codes.checked("0" * 6) == "0" * 6
    assert codes.checked("0" * 28) == "0" * 28
    assert not codes.checks("0" * 5)
    assert not codes.checks("0" * 29)


def test_a_typo_is_told_without_the_code() -> None:
    refused = raised("0000-0000-0001")
    assert (refused.code, refused.fields) == ("codes.mistyped", {"given": 12})
    assert "0000" not in str(refused)


def test_every_single_wrong_character_and_every_swap_is_found() -> None:
    code = codes.normalise(codes.generate(RANDOM, length=28))
    wrong = [code[:i] + other + code[i + 1 :] for i in range(28) for other in codes.ALPHABET if other != code[i]]
    swapped = [_swapped(code, i, j) for i, j in combinations(range(28), 2) if code[i] != code[j]]
    assert len(wrong) == 28 * 28
    assert [bad for bad in wrong + swapped if codes.checks(bad)] == []


def _swapped(code: str, i: int, j: int) -> str:
    characters = list(code)
    characters[i], characters[j] = characters[j], characters[i]
    return "".join(characters)


@given(st.binary(min_size=18, max_size=40), st.sampled_from(["", "GC", "spring"]), st.integers(0, 8))
def test_what_is_made_can_be_read_back(random: bytes, prefix: str, groups: int) -> None:
    code = codes.generate(random, length=16, prefix=prefix, groups=groups)
    assert codes.checked(code.lower().replace("-", " ")) == codes.normalise(code)


def test_what_is_shown_of_a_code() -> None:
    assert codes.last_four("0123456789BC") == "89BC"
    assert codes.written("0123456789") == "0123-4567-89"
    assert codes.written("0123456789", 5) == "01234-56789"


@given(st.binary(min_size=90, max_size=90), st.sampled_from(["", "TEA", "x1"]))
def test_many_codes_are_each_what_their_own_bytes_stand_for(random: bytes, prefix: str) -> None:
    made = codes.generate_many(random, length=12, prefix=prefix)
    one_by_one = [codes.generate(random[at : at + 15], length=12, prefix=prefix, groups=0) for at in range(0, 90, 15)]
    assert made == [code.replace("-", "") for code in map(codes.normalise, one_by_one)]
    assert all(codes.checks(code) for code in made)


@pytest.mark.parametrize(("length", "prefix"), [(6, ""), (7, "B"), (8, ""), (28, ""), (27, "A")])
def test_many_codes_of_every_length(length: int, prefix: str) -> None:
    random = bytes(range(2 * codes.bytes_needed(length)))
    half = len(random) // 2
    expected = [codes.normalise(codes.generate(part, length=length, prefix=prefix)) for part in (random[:half], random[half:])]
    assert codes.generate_many(random, length=length, prefix=prefix) == expected


def test_many_codes_want_whole_parts_and_a_length_in_range() -> None:
    assert codes.generate_many(b"") == []
    with pytest.raises(ValueError, match="needs 15 random bytes"):
        codes.generate_many(bytes(16))
    with pytest.raises(ValueError, match="6 to 28 characters"):
        codes.generate_many(bytes(15), length=12, prefix="A" * 17)
