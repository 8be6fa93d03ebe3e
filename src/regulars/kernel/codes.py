"""Codes that people read from a card and type: coupons, gift cards, prizes. Pure arithmetic; whoever makes one brings the random bytes.

A code is an optional prefix the brand chose, then ``length`` characters of which the last is a check. The characters are the 29 that
neither look alike nor spell words: digits and consonants without L and S. 29 is prime, so a sum weighted by place finds every single wrong
character and every swap of two. What is typed is folded first: case, blanks, hyphens, full width, and O, I, L, S to 0, 1, 1, 5.
"""

import functools
import itertools
import unicodedata

from regulars.kernel import problem
from regulars.kernel.problem import Kind

ALPHABET = "0123456789BCDFGHJKMNPQRTVWXYZ"
LONGEST = 28
"""Prefix and characters together: with more, two places would weigh the same and a swap of them could pass."""
SHORTEST = 6

CHARACTER = problem.define(
    "codes.character",
    Kind.invalid,
    en="Character {place} of the code, {character}, is in no code: codes are made of the digits 0-9 and the letters A-Z.",
    zh="第 {place} 个字符 {character} 不会出现在任何码中：码只由数字 0-9 和字母 A-Z 组成。",
)
LENGTH = problem.define(
    "codes.length",
    Kind.invalid,
    en="A code has {least} to {most} characters; {given} were typed.",
    zh="码的长度为 {least} 到 {most} 个字符，本次输入了 {given} 个。",
)
MISTYPED = problem.define(
    "codes.mistyped",
    Kind.invalid,
    en="The code is mistyped: a character is wrong, missing or swapped with another. Compare all {given} characters with the original.",
    zh="码输入有误：有字符错误、缺失或颠倒。请逐一核对全部 {given} 个字符。",
)

_FOLDED = str.maketrans("OILS", "0115")
_VALUES = {character: value for value, character in enumerate(ALPHABET + "AEU")}
_SPARE = 8
"""Random bytes beyond what the characters hold: the remainder of a division by 29 to some power is then even to one in 2 ** 64."""


def bytes_needed(length: int) -> int:
    """How many random bytes a code of ``length`` characters wants."""
    values: int = len(ALPHABET) ** (length - 1)
    return -(-values.bit_length() // 8) + _SPARE


def generate(random: bytes, *, length: int = 12, prefix: str = "", groups: int = 4) -> str:
    """The code that ``random`` stands for, as it is printed: ``prefix``, then ``length`` characters in groups, hyphens between.

    ``groups`` is the number of characters in a group, 0 for no grouping. The same bytes give the same code. Raises ``ValueError`` for too
    few bytes or a length out of range, and ``codes.character`` for a prefix that could not be typed.
    """
    head = normalise(prefix)
    if not SHORTEST <= length <= LONGEST - len(head):
        raise ValueError(f"a code has {SHORTEST} to {LONGEST} characters, its prefix counted")
    if len(random) < bytes_needed(length):
        raise ValueError(f"a code of {length} characters needs {bytes_needed(length)} random bytes")
    number, body = int.from_bytes(random, "big"), ""
    for _ in range(length - 1):
        number, digit = divmod(number, len(ALPHABET))
        body += ALPHABET[digit]
    body += _check(head + body)
    return "-".join([prefix] * bool(head) + _grouped(body, groups))


def generate_many(random: bytes, *, length: int = 12, prefix: str = "") -> list[str]:
    """As many normalised codes as ``random`` has parts of :func:`bytes_needed`: of each part the one that :func:`generate` makes of it.

    A million take seconds. Raises ``ValueError`` for a length out of range or a part that is not whole.
    """
    head, step = normalise(prefix), bytes_needed(length)
    if not SHORTEST <= length <= LONGEST - len(head):
        raise ValueError(f"a code has {SHORTEST} to {LONGEST} characters, its prefix counted")
    if len(random) % step:
        raise ValueError(f"each code of {length} characters needs {step} random bytes")
    before = sum(weight * _VALUES[character] for weight, character in enumerate(reversed(head), start=length + 1))
    tables = [_pieces(min(_PIECE, length - 1 - at), length - at) for at in range(0, length - 1, _PIECE)]
    found: list[str] = []
    for place in range(0, len(random), step):
        number, total, code = int.from_bytes(random[place : place + step], "big"), before, head
        for table in tables:
            number, which = divmod(number, len(table))
            piece, weighed = table[which]
            code += piece
            total += weighed
        found.append(code + ALPHABET[-total % len(ALPHABET)])
    return found


_PIECE = 3
"""Characters that are looked up together."""


@functools.cache
def _pieces(size: int, weight: int) -> list[tuple[str, int]]:
    """Every run of ``size`` characters with its weighed sum, its first character changing fastest and weighing ``weight``."""
    runs = ["".join(reversed(run)) for run in itertools.product(ALPHABET, repeat=size)]
    return [(run, sum((weight - at) * _VALUES[character] for at, character in enumerate(run))) for run in runs]


def written(code: str, groups: int = 4) -> str:
    """A normalised code as it is read aloud: in groups of ``groups`` characters."""
    return "-".join(_grouped(code, groups))


def normalise(typed: str) -> str:
    """The one spelling that is stored and compared, of whatever was typed; empty when only blanks and hyphens were.

    Also for words a brand chose itself ("WELCOME10"), which have no check. Raises ``codes.character``.
    """
    kept = [c for c in unicodedata.normalize("NFKC", typed).upper() if not _between(c)]
    for place, character in enumerate(kept, start=1):
        if not ("0" <= character <= "9" or "A" <= character <= "Z"):
            raise CHARACTER(place=place, character=problem.shown(character))
    return "".join(kept).translate(_FOLDED)


def checks(code: str) -> bool:
    """Whether the last character of a normalised code is the check of the others."""
    return SHORTEST <= len(code) <= LONGEST and code[-1] == _check(code[:-1])


def checked(typed: str) -> str:
    """The normalised code of what was typed. Raises ``codes.character``, ``codes.length`` or ``codes.mistyped``, never echoing the code."""
    code = normalise(typed)
    if not SHORTEST <= len(code) <= LONGEST:
        raise LENGTH(least=SHORTEST, most=LONGEST, given=len(code))
    if not checks(code):
        raise MISTYPED(given=len(code))
    return code


def last_four(code: str) -> str:
    """What may be shown and stored of a normalised code beside its digest."""
    return code[-4:]


def _check(body: str) -> str:
    # Weights count from the end, the check itself weighing 1, so that nobody has to know how long the prefix is.
    total = sum(weight * _VALUES[character] for weight, character in enumerate(reversed(body), start=2))
    return ALPHABET[-total % len(ALPHABET)]


def _grouped(code: str, size: int) -> list[str]:
    return [code[i : i + size] for i in range(0, len(code), size)] if size else [code]


def _between(character: str) -> bool:
    """Blanks and every kind of hyphen or dash: they only help the eye."""
    return character.isspace() or unicodedata.category(character) in ("Pd", "Cf", "Zs")
