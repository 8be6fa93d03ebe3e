"""Texts for people: every problem in both languages with the same fields, every use of it with all of them, Chinese where it belongs."""

import ast
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass

from tools.lint.house import Finding, House, Source, dotted, imported_names, nodes, resolved, strings

CHINESE_FILES = {
    "domains/members/rules": "what systems write for nothing, in Chinese too, is input",
    "domains/orders/intake": "column names and dates as Chinese shops export them are input",
    "kernel/conditions/writing": "says a condition in either language: the two grammars stand side by side",
}
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
# "Tiers 等级", "As one JSON document. 输出 JSON。": the English stands first in the same text.
_BOTH = re.compile(r"^[^\u3400-\u9fff\uf900-\ufaff]*[A-Za-z]{2}")
_LABEL = re.compile(r"(^|_)(zh|chinese)$|^zh([_-]|$)|^examples?$", re.IGNORECASE)
_TEXTS = ast.Constant | ast.JoinedStr | ast.Tuple | ast.List


@dataclass(frozen=True, slots=True)
class _Declared:
    """A problem type as it stands in the source."""

    code: str
    fields: frozenset[str]


def problems(house: House) -> Iterator[Finding]:
    """Each ``problem.define`` has a code of its own, an English and a Chinese text, and the same fields in both."""
    declared: dict[str, _Declared] = {}
    seen: dict[str, str] = {}
    for source in house.product:
        for name, call in _definitions(source):
            yield from _both_texts(source, call)
            fields = _fields(_keyword(call, "en")) | _fields(_keyword(call, "zh"))
            made = _Declared(_constant(call.args[0]) if call.args else "", fields)
            first = seen.setdefault(made.code, source.path)
            if first != source.path or f"{source.module}.{name}" in declared:
                yield source.breach(call, "problem", f"the code {made.code!r} is already declared in {first}")
            declared[f"{source.module}.{name}"] = made
    for source in house.product:
        # A package hands its problems on under its own name.
        for name, full in imported_names(source.tree).items():
            if full in declared:
                declared.setdefault(f"{source.module}.{name}", declared[full])
    yield from _uses(house, declared)


def _definitions(source: Source) -> Iterator[tuple[str, ast.Call]]:
    """Every ``NAME = problem.define(…)`` of a file."""
    names = imported_names(source.tree)
    own = {"define"} if source.module == "regulars.kernel.problem" else set()
    for node in nodes(source.tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name) and resolved(node.value.func, names) in {"regulars.kernel.problem.define", *own}:
                yield target.id, node.value


def _both_texts(source: Source, call: ast.Call) -> Iterator[Finding]:
    en, zh = _keyword(call, "en"), _keyword(call, "zh")
    if not en or not zh:
        yield source.breach(call, "problem", "a problem has an English and a Chinese text, both written out (no f-string)")
        return
    if not _CHINESE.search(zh) or _CHINESE.search(en):
        yield source.breach(call, "problem", "en is English and zh is Chinese")
    # A field that is itself a text has a Chinese twin: {reason} and {reason_zh}.
    spoken = frozenset(name.removesuffix("_zh") for name in _fields(zh))
    if _fields(en) != spoken:
        odd = ", ".join(sorted(_fields(en) ^ spoken))
        yield source.breach(call, "problem", f"both texts name the same fields; only one has {odd}")


def _uses(house: House, declared: dict[str, _Declared]) -> Iterator[Finding]:
    """Each place that raises a declared problem fills every field of its text."""
    for source in house.product:
        names = imported_names(source.tree)
        for node in nodes(source.tree):
            if not isinstance(node, ast.Call):
                continue
            full = resolved(node.func, names)
            made = declared.get(full) or declared.get(f"{source.module}.{full}")
            given = {word.arg for word in node.keywords}
            if made and None not in given and not made.fields <= given:
                missing = ", ".join(sorted(made.fields - given))
                yield source.breach(node, "problem", f"{made.code} is raised without {missing}")


def chinese(house: House) -> Iterator[Finding]:
    """Chinese stands beside its English: in a zh= text or label, or as the other half of a pair. No user sees one language only."""
    for source in house.product:
        if "/".join(source.parts).startswith(tuple(CHINESE_FILES)):
            continue
        labels = _labelled(source.tree) | _paired(source.tree)
        for node, text in _said(source.tree):
            if _is_chinese(text) and id(node) not in labels:
                yield source.breach(node, "chinese", "Chinese stands beside its English: zh=…, or a pair (English, Chinese)")


def _said(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Every text that is not a docstring, an f-string being one text without what it fills in."""
    pieces: set[int] = set()
    for node in nodes(tree):
        if isinstance(node, ast.JoinedStr):
            fixed = [value for value in node.values if isinstance(value, ast.Constant)]
            pieces.update(id(value) for value in fixed)
            yield node, "".join(str(value.value) for value in fixed)
    for text in strings(tree):
        if id(text) not in pieces:
            yield text, str(text.value)


def _is_chinese(text: str) -> bool:
    """Whether it is Chinese alone."""
    return bool(_CHINESE.search(text)) and not _BOTH.match(text)


def _labelled(tree: ast.AST) -> set[int]:
    """The ``id`` of every constant below a keyword, key, name or call that says zh."""
    found: set[int] = set()
    for node in nodes(tree):
        for name, value in _named_values(node):
            if _LABEL.search(name):
                found.update(id(inner) for inner in ast.walk(value))
    return found


def _paired(tree: ast.AST) -> set[int]:
    """The ``id`` of every constant of several side by side that have at least as many English texts as Chinese ones."""
    found: set[int] = set()
    for node in nodes(tree):
        items = _alternatives(node)
        texts = ["".join(str(c.value) for c in strings(item)) for item in items if isinstance(item, _TEXTS)]
        chinese_ones = sum(_is_chinese(text) for text in texts)
        if chinese_ones and sum(bool(text) for text in texts) >= 2 * chinese_ones:
            found.update(id(inner) for item in items for inner in ast.walk(item))
    return found


def _alternatives(node: ast.AST) -> list[ast.expr]:
    """What stands side by side in arguments, in a tuple or list, or in the two branches of ``a if … else b``."""
    if isinstance(node, ast.Call):
        return node.args
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    return node.elts if isinstance(node, ast.Tuple | ast.List) else []


def _named_values(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Pairs of a name and what stands under it: keywords, calls, dictionary items, assignments."""
    if isinstance(node, ast.keyword) and node.arg:
        yield node.arg, node.value
    elif isinstance(node, ast.Call):
        yield from ((dotted(node.func), argument) for argument in node.args)
    elif isinstance(node, ast.Dict):
        yield from ((_constant(key), value) for key, value in zip(node.keys, node.values, strict=True) if key)
    elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if isinstance(target, ast.Name):
            yield target.id, node.value


def _keyword(call: ast.Call, name: str) -> str:
    return next((_constant(word.value) for word in call.keywords if word.arg == name), "")


def _constant(node: ast.AST) -> str:
    """The text of a string constant; empty for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _fields(template: str) -> frozenset[str]:
    """The names in braces of a format string."""
    return frozenset(name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(template) if name)
