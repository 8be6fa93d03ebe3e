"""Jobs for the tests of shared processes; found there by this module's name."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from regulars.kernel import problem
from regulars.platform.processes import sharing
from regulars.platform.processes.lane import Say


@contextmanager
def doubling(terms: int) -> Iterator[Callable[[int, Say], tuple[int, int]]]:
    """Each part times the terms, and who did it; says the part first, twice."""

    def do(part: int, say: Say) -> tuple[int, int]:
        say(part)
        print("a library prints something")  # noqa: T201 - it must not get between the messages
        say(part)
        return part * terms, os.getpid()

    yield do


@contextmanager
def refusing(part_that_fails: int) -> Iterator[Callable[[int, Say], int]]:
    """Raises a problem, or what cannot be pickled, at one part."""

    def do(part: int, _say: Say) -> int:
        if part == part_that_fails:
            raise problem.invalid("part", part, "another one")
        if part == -part_that_fails and part:
            raise OddError(open(os.devnull))  # noqa: SIM115 - something that cannot travel
        return part

    yield do


class OddError(Exception):
    """Holds what cannot be pickled."""


@contextmanager
def vanishing(marks: Path) -> Iterator[Callable[[int, Say], str]]:
    """Ends its own process without a word as often as the part says, leaving a mark each time."""

    def do(part: int, _say: Say) -> str:
        seen = len(list(marks.glob(f"{part}-*")))
        if seen < part:
            (marks / f"{part}-{seen}").touch()
            os._exit(9)
        return f"part {part} after {seen}"

    yield do


@contextmanager
def sleeping(marks: Path) -> Iterator[Callable[[int, Say], None]]:
    """Writes its process id into a file and stays."""

    def do(part: int, _say: Say) -> None:
        (marks / f"{part}.new").write_text(str(os.getpid()))
        (marks / f"{part}.new").rename(marks / f"{part}.pid")
        time.sleep(60)

    yield do


@contextmanager
def gone_at_once(code: int) -> Iterator[Callable[[int, Say], None]]:
    """Cannot even be opened."""
    if code:
        os._exit(code)
    yield lambda _part, _say: None


def sleep(marks: str) -> None:
    """Two processes sleep until they are ended."""
    for _ in sharing.run(sleeping, Path(marks), [0, 1], processes=2):
        pass
