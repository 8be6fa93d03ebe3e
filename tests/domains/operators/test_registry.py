"""The registry of permissions against the house: what a route or a verb asks for can be granted."""

import ast
from collections.abc import Iterator
from pathlib import Path

import regulars
from regulars.domains.operators.model import permissions


def _asked_for() -> Iterator[tuple[str, str]]:
    """Every literal permission in ``needs("…")`` and ``require("…")``, with the file that asks."""
    root = Path(regulars.__file__).parent
    for path in sorted((root / "domains").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("needs", "require"):
                for argument in node.args:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield str(path.relative_to(root)), argument.value


def test_every_permission_that_is_asked_for_can_be_granted() -> None:
    asked = list(_asked_for())
    assert ("domains/operators/api/people.py", "operators.manage") in asked
    assert [(path, name) for path, name in asked if name not in permissions.PERMISSIONS] == []


def test_every_permission_has_both_labels_and_a_noun_and_a_verb() -> None:
    for permission in permissions.PERMISSIONS.values():
        noun, _, verb = permission.name.partition(".")
        assert noun.replace("_", "").isalpha()
        assert verb.isalpha()
        assert permission.en.isascii()
        assert not permission.zh.isascii()
