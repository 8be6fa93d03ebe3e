"""What the pages tell a reader to type exists: commands, make targets, the first call."""

import json
import re

import pytest
import typer

from regulars.app import cli
from regulars.domains.loyalty.api import schemas
from tests.arch import seeds

_PAGES = sorted([*(seeds.REPOSITORY / "docs").rglob("*.md"), *seeds.REPOSITORY.glob("*.md")])
_COMMAND = re.compile(r"(?:^|`|\.venv/bin/|\()regulars((?: [a-z][a-z-]*)+)", re.MULTILINE)
_TARGET = re.compile(r"(?:^|`)make ([a-z]+)", re.MULTILINE)


def _commands() -> set[tuple[str, ...]]:
    """Every command of the command line, groups included, as its words."""
    found: set[tuple[str, ...]] = set()

    def walk(command: object, words: tuple[str, ...]) -> None:
        found.add(words)
        for name, inner in getattr(command, "commands", {}).items():
            walk(inner, (*words, name))

    walk(typer.main.get_command(cli.app), ())
    return found


def test_every_command_on_a_page_exists() -> None:
    known = _commands()
    groups = {words[:-1] for words in known if words}
    whole = known - groups
    told = {(page.name, tuple(words.split())) for page in _PAGES for words in _COMMAND.findall(page.read_text(encoding="utf-8"))}
    # What follows a whole command is an argument.
    unknown = [(page, words) for page, words in sorted(told) if not any(words[:length] in whole for length in range(1, len(words) + 1))]
    assert unknown == []


def test_every_make_target_on_a_page_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (seeds.REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    told = {target for page in _PAGES for target in _TARGET.findall(page.read_text(encoding="utf-8"))}
    assert told - targets == set()


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_the_first_call_is_an_order(page: str) -> None:
    text = (seeds.REPOSITORY / page).read_text(encoding="utf-8")
    body = re.search(r"-d '(\{.+?\})'", text, re.DOTALL)
    assert body is not None
    order = schemas.OrderIn.model_validate(json.loads(body[1]), strict=False)
    assert (order.source, order.number, order.lines[0].amount) == ("shop", "1001", 8340)
