"""``python tools/ui_texts.py``: every text of the pages exists in both languages, with the same placeholders, and none stands in the code.

Checked: the same keys in ``en`` and ``zh-CN``; the same ``{{…}}`` on both sides; every key that the code names with a literal exists;
no Chinese character in the code outside ``locales``; no English sentence between JSX tags.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

WEB = Path(__file__).resolve().parent.parent / "web"
PARTS = ("shared", "console", "member")
_CJK = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_PLACEHOLDER = re.compile(r"\{\{\s*([\w.]+)")
_NAMED = re.compile(r"""\bt\(\s*(["'])([A-Za-z][\w.:-]*)\1""")
_PATTERN = re.compile(r"\bt\(\s*`([\w.:-]+)\$\{")
_NAMESPACE = re.compile(r"""useTranslation\(\s*["'](\w+)["']""")
_TITLE = re.compile(r"""\btitle:\s*["'](\w+:[\w.]+)["']""")
_JSX_TEXT = re.compile(r"<[A-Za-z][^<>{}=]*>\s*([A-Z][a-z]+(?:\s+\w+)*[.…]?)\s*</")
_PLURALS = ("_one", "_other", "_zero", "_two", "_few", "_many")
_READS_ANYWAY = re.compile(r"^\s*(?://|\*|/\*)|normalize\(\"NFKC\"\)|replace\(/\[")
"""Comments, and characters that a person may type."""


def texts(part: str, language: str) -> dict[str, str]:
    """Every text of a part by its whole key: ``members:list.title``."""
    found: dict[str, str] = {}
    for file in sorted((WEB / part / "src" / "locales" / language).glob("*.json")):
        for key, text in _flat(json.loads(file.read_text("utf-8"))):
            found[f"{file.stem}:{key}"] = text
    return found


def _flat(tree: Mapping[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield above + key, str(value)


def base(key: str) -> str:
    """The key the code names: without the ending of a plural form, whose number differs between languages."""
    return next((key.removesuffix(ending) for ending in _PLURALS if key.endswith(ending)), key)


def compare(part: str) -> Iterator[str]:
    """What differs between the two languages of a part."""
    english, chinese = texts(part, "en"), texts(part, "zh-CN")
    for one, other, missing in ((english, chinese, "zh-CN"), (chinese, english, "en")):
        bases = {base(key) for key in other}
        yield from (f"{part}: {key} is missing in {missing}" for key in one if base(key) not in bases)
    for key, text in english.items():
        there = chinese.get(key)
        if there is not None and set(_PLACEHOLDER.findall(text)) != set(_PLACEHOLDER.findall(there)):
            yield f"{part}: {key} has other placeholders in zh-CN"
    yield from (f"{part}: {key} is empty" for key, text in {**english, **chinese}.items() if not text.strip())


def inspect(part: str) -> Iterator[str]:
    """Keys in the code of a part that do not exist, and texts that stand in the code."""
    own = {base(key) for source in {"shared", part} for key in texts(source, "en")}
    for file in sorted((WEB / part / "src").rglob("*.ts*")):
        if "locales" in file.parts or file.name.endswith((".d.ts", ".test.ts", ".test.tsx")):
            continue
        content = file.read_text("utf-8")
        where = file.relative_to(WEB)
        yield from (f"{where}: no text for {key}" for key in _keys(content) if not _known(key, own))
        for number, line in enumerate(content.splitlines(), 1):
            if _CJK.search(line) and not _READS_ANYWAY.search(line) and "LANGUAGES" not in line:
                yield f"{where}:{number}: Chinese outside of locales"
            if found := _JSX_TEXT.search(line):
                yield f"{where}:{number}: text outside of locales: {found[1]}"


def _keys(content: str) -> Iterator[str]:
    """Keys named by the code, each with its namespace; one that ends in ``*`` is the beginning of a key that is put together."""
    spaces = _NAMESPACE.findall(content)
    space = spaces[0] if len(set(spaces)) == 1 else ""
    found = [key for _, key in _NAMED.findall(content)] + [f"{key}*" for key in _PATTERN.findall(content)] + _TITLE.findall(content)
    for key in found:
        yield key if ":" in key else f"{space}:{key}"


def _known(key: str, own: set[str]) -> bool:
    if key.startswith(":"):
        # A file with several namespaces: whichever of them has it.
        return any(_known(f"{space}{key}", own) for space in {name.partition(":")[0] for name in own})
    return any(name.startswith(key[:-1]) for name in own) if key.endswith("*") else key in own


def main() -> int:
    """1 when something is missing."""
    found = [fault for part in PARTS for check in (compare, inspect) for fault in check(part)]
    for fault in found:
        print(fault, file=sys.stderr)
    count = sum(len(texts(part, "en")) for part in PARTS)
    print(f"{count} texts in two languages, {len(found)} faults.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
