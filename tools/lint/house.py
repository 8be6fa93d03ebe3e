"""What the checks look at: every Python file of the repository with its syntax tree and its place in the house."""

import ast
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

PYTHON_FOLDERS = ("src", "tests", "tools", "bench")
_SKIPPED = {
    ".git",
    ".venv",
    ".cache",
    ".hypothesis",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    "__pycache__",
    "node_modules",
    "mutants",
    "data",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One breach of one rule at one line; ``text`` says what is wrong and what would be right."""

    path: str
    line: int
    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: [{self.rule}] {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A parsed file. ``path`` is relative to the repository with forward slashes."""

    path: str
    text: str
    tree: ast.Module

    @property
    def parts(self) -> tuple[str, ...]:
        """The dotted name below ``regulars`` in pieces; empty for files outside the product."""
        names = self.path.removesuffix(".py").split("/")
        return tuple(names[2:]) if names[:2] == ["src", "regulars"] else ()

    @property
    def module(self) -> str:
        """The importable name of a product module; empty outside the product."""
        return ".".join(("regulars", *(p for p in self.parts if p != "__init__"))) if self.parts else ""

    @property
    def room(self) -> str:
        """kernel, science, platform, domains or app; empty outside the product."""
        return self.parts[0] if self.parts else ""

    @property
    def slice(self) -> str:
        """The slice's name, for files of a slice."""
        return self.parts[1] if self.room == "domains" and len(self.parts) > 2 else ""

    @property
    def file(self) -> str:
        """Which file of its room or slice this belongs to: ``service`` for ``service.py`` and for everything in ``service/``."""
        inner = self.parts[2:] if self.slice else self.parts[1:]
        return inner[0] if inner else ""

    def breach(self, node: ast.AST | int, rule: str, text: str) -> Finding:
        """A finding in this file at a node or line."""
        line = node if isinstance(node, int) else getattr(node, "lineno", 1)
        return Finding(path=self.path, line=line, rule=rule, text=text)


@dataclass(frozen=True)
class House:
    """The repository under ``root``."""

    root: Path

    @cached_property
    def files(self) -> list[str]:
        """Every file git knows or would take, relative and sorted; without git, every file outside caches."""
        if (self.root / ".git").exists():
            names = self._known_to_git()
        else:
            walked = (p.relative_to(self.root) for p in self.root.rglob("*"))
            names = {p.as_posix() for p in walked if not _SKIPPED & set(p.parts)}
        return sorted(name for name in names if (self.root / name).is_file())

    def _known_to_git(self) -> set[str]:
        command = ["git", "-C", str(self.root), "ls-files", "-co", "--exclude-standard", "-z"]
        asked = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 - fixed words, and git is where .git is
        return {name for name in asked.stdout.decode().split("\0") if name}

    @cached_property
    def sources(self) -> list[Source]:
        """Every Python file of the house, parsed."""
        return [self._parse(name) for name in self.files if name.endswith(".py") and name.split("/")[0] in PYTHON_FOLDERS]

    @property
    def product(self) -> list[Source]:
        """The files below ``src/regulars``."""
        return [source for source in self.sources if source.parts]

    @property
    def tests(self) -> list[Source]:
        """The files below ``tests``."""
        return [source for source in self.sources if source.path.startswith("tests/")]

    def _parse(self, name: str) -> Source:
        text = (self.root / name).read_text(encoding="utf-8")
        return Source(path=name, text=text, tree=ast.parse(text, filename=name))


Check = Callable[[House], Iterator[Finding]]


def dotted(node: ast.AST) -> str:
    """``a.b.c`` for a chain of names, empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        head = dotted(node.value)
        return f"{head}.{node.attr}" if head else ""
    return ""


@cache
def nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Every node of a tree, itself included. Each check asks for those of each file: they are collected once."""
    return tuple(ast.walk(tree))


@cache
def imported_names(tree: ast.AST) -> dict[str, str]:
    """What each imported name stands for, by full dotted name: ``{"money": "regulars.kernel.money"}``."""
    names: dict[str, str] = {}
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.partition(".")[0]] = alias.name if alias.asname else alias.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def resolved(node: ast.AST, names: dict[str, str]) -> str:
    """The full dotted name behind a chain of names, as far as the file's imports tell."""
    chain = dotted(node)
    head, dot, tail = chain.partition(".")
    return names.get(head, head) + dot + tail if chain else ""


@cache
def docstrings(tree: ast.AST) -> set[int]:
    """The ``id`` of every constant that is a docstring."""
    found = set()
    for node in nodes(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
                found.add(id(first.value))
    return found


def strings(tree: ast.AST) -> Iterator[ast.Constant]:
    """Every string constant that is not a docstring, pieces of f-strings included."""
    docs = docstrings(tree)
    for node in nodes(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node
