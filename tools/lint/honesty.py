"""What erodes a house unseen: ignores without a reason, tests that test a mock, addresses that belong to one machine."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from tools.lint.house import Finding, House, Source, imported_names, nodes, resolved

# Put together from pieces, so that this file does not name what it looks for.
_HOSTS = re.compile(
    "|".join(
        left + right
        for left, right in (
            ("py", r"pi\.(org|io)"),
            ("python", r"hosted\.org"),
            ("registry", r"\.(npmjs|yarnpkg|npmmirror)\."),
            ("deb", r"\.debian\.org"),
            ("archive", r"\.ubuntu\.com"),
            ("conda", r"\.anaconda\.org"),
            ("crates", r"\.io\b"),
            ("mirrors?", r"\.(aliyun|tuna|ustc|cloud\.tencent)\."),
        )
    )
)
_MACHINE = re.compile("|".join(("/wor" + r"k/(main|shared)\b", "/ho" + r"me/[a-z]", "/Use" + r"rs/[A-Za-z]")))
_NOQA = re.compile(r"#\s*noqa\b(?P<rest>.*)", re.IGNORECASE)
_NOQA_REASONED = re.compile(r"^:\s*[A-Z]+\d+(\s*,\s*[A-Z]+\d+)*\s+(-|–|—|#)\s*\S.{7,}")
_IGNORE = re.compile(r"#\s*type:\s*ignore\b(?P<rest>.*)")
_IGNORE_REASONED = re.compile(r"^\[[a-z-]+(\s*,\s*[a-z-]+)*\]\s+(-|–|—|#)\s*\S.{7,}")
_LATER = re.compile(r"#.*\b(TODO|FIXME|XXX|HACK)\b")
_MOCKS = ("unittest.mock", "mock", "pytest_mock")
_PATCHES = frozenset({"setattr", "delattr", "setitem", "delitem"})


def reasons(house: House) -> Iterator[Finding]:
    """An ignore names its rule and its reason; nothing is left for later."""
    for source in house.sources:
        for line, comment in _comments(source):
            noqa, ignore = _NOQA.search(comment), _IGNORE.search(comment)
            if noqa and not _NOQA_REASONED.match(noqa["rest"]):
                yield source.breach(line, "reason", "write `# noqa: CODE - why`")
            if ignore and not _IGNORE_REASONED.match(ignore["rest"]):
                yield source.breach(line, "reason", "write `# type: ignore[code]  # why`")
            if _LATER.search(comment):
                yield source.breach(line, "later", "finish it, or name it in the change log as not done")


def _comments(source: Source) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def mocks(house: House) -> Iterator[Finding]:
    """Tests run the real thing: no mock library, nothing of ours replaced."""
    for source in house.tests:
        names = imported_names(source.tree)
        for name in sorted(set(names.values())):
            if any(name == mock or name.startswith(mock + ".") for mock in _MOCKS):
                yield source.breach(1, "mock", f"imports {name}: use the real thing, or a fake that passes its contract suite")
        for node in nodes(source.tree):
            if isinstance(node, ast.Call) and _patches_ours(node, names):
                yield source.breach(node, "mock", "replaces a part of regulars: pass what differs as an argument")
            if isinstance(node, ast.arg) and node.arg == "mocker":
                yield source.breach(node, "mock", "asks for a mocker")


def _patches_ours(call: ast.Call, names: dict[str, str]) -> bool:
    """Whether this is ``monkeypatch.setattr`` (or a relative of it) on something that comes from regulars."""
    verb = call.func
    if not (isinstance(verb, ast.Attribute) and verb.attr in _PATCHES and call.args):
        return False
    target = call.args[0]
    named = target.value if isinstance(target, ast.Constant) else resolved(target, names)
    return isinstance(named, str) and (named == "regulars" or named.startswith("regulars."))


def addresses(house: House) -> Iterator[Finding]:
    """No file names a package registry or a folder of one developer's machine: the house builds anywhere."""
    for name in house.files:
        raw = (house.root / name).read_bytes()
        if b"\0" in raw[:8192]:
            continue
        for number, line in enumerate(raw.decode("utf-8", "replace").splitlines(), start=1):
            if _HOSTS.search(line):
                yield Finding(path=name, line=number, rule="address", text="names a package registry")
            if _MACHINE.search(line):
                yield Finding(path=name, line=number, rule="address", text="names a folder of one machine")
