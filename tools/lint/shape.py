"""Size and names: what keeps every file readable at a glance and every slice like the last one."""

import ast
import re
from collections.abc import Iterator

from tools.lint.house import Finding, House, Source, nodes

MODULE_LINES = 400
LINE_LENGTH = 140
FUNCTION_LINES = 40
LONG_ALLOWED = {
    "app/migrations/versions": "a migration is a list, read once from top to bottom and never changed again",
}
SLICE_FILES = frozenset(
    {"__init__", "model", "events", "rules", "tables", "store", "attributes", "service", "tasks", "api", "cli", "adapters"},
)
EXTRA_FILES = {
    ("loyalty", "document"): "the programme document is what this slice is about; pydantic, because operators write it",
    ("orders", "intake"): "reading order files is a world of its own, with a spool",
    ("privacy", "registry"): "the list of tables that hold member data; tools.lint compares it with the schema",
}
BANNED_WORDS = frozenset({"util", "utils", "helper", "helpers", "misc", "manager", "managers", "v2"})

_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+\d*|[A-Z]+\d*|\d+")
_PRAGMA = re.compile(r"\s*# (noqa|type: ignore).*")  # an ignore and its reason belong on the line they excuse
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def sizes(house: House) -> Iterator[Finding]:
    """A module has at most 400 lines, a function at most 40 without its docstring, a line at most 140 characters."""
    for source in house.sources:
        lines = source.text.splitlines()
        if len(lines) > MODULE_LINES:
            yield source.breach(1, "size", f"{len(lines)} lines, at most {MODULE_LINES}: make it a package split by verb")
        for number, line in enumerate(lines, start=1):
            length = len(_PRAGMA.sub("", line))
            if length > LINE_LENGTH:
                yield source.breach(number, "size", f"{length} characters, at most {LINE_LENGTH}")
        listing = "/".join(source.parts).startswith(tuple(LONG_ALLOWED))
        for node in nodes(source.tree):
            if isinstance(node, _Function) and function_lines(node) > FUNCTION_LINES and not listing:
                yield source.breach(node, "size", f"{node.name} has {function_lines(node)} lines, at most {FUNCTION_LINES}")


def function_lines(node: _Function) -> int:
    """Lines from ``def`` to the end, less the docstring: saying more about a function must not make it too long."""
    first = node.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    words = (first.end_lineno or first.lineno) - first.lineno + 1 if documented else 0
    return (node.end_lineno or node.lineno) - node.lineno + 1 - words


def slice_files(house: House) -> Iterator[Finding]:
    """Every slice has the same file names, and its ``__init__`` holds words only."""
    for source in house.product:
        if not source.slice:
            continue
        if source.file not in SLICE_FILES and (source.slice, source.file) not in EXTRA_FILES:
            yield source.breach(1, "file-name", f"{source.file} is no file of a slice: {', '.join(sorted(SLICE_FILES))}")
        if source.parts[2:] == ("__init__",) and not _only_words(source):
            yield source.breach(1, "slice-init", "a slice's __init__ is its docstring: what it is, what it never does, its invariants")


def _only_words(source: Source) -> bool:
    return ast.get_docstring(source.tree) is not None and len(source.tree.body) == 1


def names(house: House) -> Iterator[Finding]:
    """Nothing is called utils, helpers, misc, manager or V2: such a name says that nobody knew what it is."""
    for source in house.sources:
        for part in source.path.removesuffix(".py").split("/"):
            if bad := banned_word(part):
                yield source.breach(1, "name", f"a file called {part}: {bad!r} says nothing")
        for node in nodes(source.tree):
            if isinstance(node, _Function | ast.ClassDef) and (bad := banned_word(node.name)):
                yield source.breach(node, "name", f"{node.name}: {bad!r} says nothing")


def banned_word(name: str) -> str:
    """The banned word in an identifier, compared word by word; empty when there is none."""
    words = [word.lower() for word in _WORDS.findall(name)]
    return next((word for word in words if word in BANNED_WORDS), "")
