"""The pages that describe the house say what is there: links lead somewhere, lists are complete."""

import re
import tomllib
from pathlib import Path

import pytest

from regulars.domains.loyalty import attributes, document
from regulars.platform.settings import PREFIX, Settings
from tests.arch import seeds
from tools import edge_cases

_ROOT = seeds.REPOSITORY
_DOCS = _ROOT / "docs"
_PAGES = sorted([*_DOCS.rglob("*.md"), *_ROOT.glob("*.md")])
_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
_PARTS = ["Context", "Decision", "Consequences", "Alternatives", "Enforced by"]
_DECISIONS = sorted((_DOCS / "decisions").glob("[0-9]*.md"))


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", _PAGES, ids=[str(page.relative_to(_ROOT)) for page in _PAGES])
def test_every_link_leads_somewhere(page: Path) -> None:
    assert [link for link in _LINK.findall(_text(page)) if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", _DECISIONS, ids=[page.stem for page in _DECISIONS])
def test_every_decision_has_its_five_parts(page: Path) -> None:
    assert re.findall(r"^\*\*(.+?)\.\*\*", _text(page), re.MULTILINE) == _PARTS
    assert _text(page).startswith(f"# {page.name[:4]} ")


def test_the_index_names_every_decision_by_its_title() -> None:
    listed = re.findall(r"\[(\d{4})\]\(([^)]+)\) \| (.+?) \|", _text(_DOCS / "decisions" / "README.md"))
    assert [(number, name, title) for number, name, title in listed] == [
        (page.name[:4], page.name, _text(page).splitlines()[0].removeprefix(f"# {page.name[:4]} ")) for page in _DECISIONS
    ]


def test_every_dependency_has_its_line() -> None:
    project = tomllib.loads(_text(_ROOT / "pyproject.toml"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"], *project["build-system"]["requires"]]
    named = {re.split(r"[\[<>=;~ ]", line)[0].lower() for line in wanted}
    assert set(re.findall(r"^\| ([a-z0-9-]+) \|", _text(_DOCS / "dependencies.md"), re.MULTILINE)) - {"package"} == named


def test_every_edge_case_is_written_down_once_and_in_order() -> None:
    numbers = [int(number) for number in re.findall(r"^(\d+)\. ", _text(_DOCS / "edge-cases.md"), re.MULTILINE)]
    assert numbers == list(edge_cases.NUMBERS)


def test_the_architecture_page_names_every_slice_and_room() -> None:
    page = _text(_DOCS / "architecture.md")
    rooms = [path.name for path in (_ROOT / "src/regulars").iterdir() if path.is_dir() and path.name != "__pycache__"]
    slices = [path.parent.name for path in (_ROOT / "src/regulars/domains").glob("*/__init__.py")]
    assert [room for room in rooms if f"  {room}/" not in page] == []
    assert [name for name in slices if f"`{name}`" not in page] == []


def test_every_rule_that_is_off_says_why() -> None:
    inside, bare = False, []
    for line in _text(_ROOT / "ruff.toml").splitlines():
        if re.match(r'(ignore|"[^"]+") = \[', line):
            inside = True
        elif line.startswith("]"):
            inside = False
        elif inside and line.strip() and "  # " not in line:
            bare.append(line)
    assert bare == []


def test_the_settings_page_names_every_setting_with_its_default() -> None:
    page = _text(_DOCS / "operate" / "settings.md")
    for name, field in Settings.model_fields.items():
        variable = "DATABASE_URL" if name == "database_url" else PREFIX + name.upper()
        default = str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
        shown = {"key_dir": "~/.config/regulars/keys", "database_url": "unset"}.get(name, default)
        plain = f"| `{variable}` | {shown} |" if shown == "unset" else f"| `{variable}` | `{shown}` |"
        assert plain in page
    assert page.count("\n| `") == len(Settings.model_fields)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_programmes_on_the_page_are_valid(number: int) -> None:
    page = _text(_DOCS / "howto" / "programme.md")
    blocks = re.findall(r"^```yaml\n(.+?)^```", page, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 3
    assert document.build(document.read(blocks[number]), 1).version == 1


def test_the_programme_page_names_every_attribute() -> None:
    page = _text(_DOCS / "howto" / "programme.md")
    assert re.findall(r"^\| `([a-z._]+)` \|", page, re.MULTILINE) == [attribute.name for attribute in attributes.ATTRIBUTES]


def test_the_glossary_names_every_prefix_of_an_id() -> None:
    files = (_ROOT / "src/regulars/domains").rglob("*.py")
    pattern = re.compile(r'(?:encode|decode)\("([a-z]{3})"|^[A-Z_]+ = "([a-z]{3})"$', re.MULTILINE)
    used = {first or second for file in files for first, second in pattern.findall(_text(file))}
    assert set(re.findall(r"\| `([a-z]{3})_` \|", _text(_DOCS / "glossary.md"))) == used
