"""In which encoding a text file is written: told by its first bytes, proved by decoding samples, or honestly named a guess."""

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass

from regulars.kernel import problem
from regulars.kernel.text import Text

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_SPACED = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
_RUNS = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to decode a file: Python's ``name`` for it, the length of the byte order mark, and a ``note`` when it is a guess."""

    name: str
    bom: int = 0
    note: Text | None = None

    @property
    def wide(self) -> bool:
        """True when a line end is not the single byte 0A, so that lines can be found only after decoding."""
        return self.name in _SPACED


def named(name: str) -> Encoding:
    """The encoding a user asked for. Raises ``input.invalid`` for one that Python does not know, or that is no text encoding."""
    try:
        found = codecs.lookup(name).name
        "\n".encode(found)
    except (LookupError, TypeError):
        raise problem.invalid("encoding", name, "an encoding such as utf-8, utf-16, gb18030, big5, shift_jis or cp1252") from None
    return Encoding(found)


def detect(head: bytes, samples: Iterable[bytes]) -> Encoding:
    """The encoding of a file that begins with ``head``; ``samples`` are pieces from all over it, each of whole lines.

    A byte order mark decides. Otherwise a file is UTF-8 unless lines fail as UTF-8 while none of those that hold more than ASCII
    pass, all of them pass as GB18030, and what they say then looks like Chinese: characters that come in runs, as Latin-1
    letters read as GB18030 never do. A few broken bytes in a UTF-8 file stay faults of their rows.
    """
    for mark, name in _BOMS:
        if head.startswith(mark):
            return Encoding(name, bom=len(mark))
    wide = [line for sample in samples for line in sample.split(b"\n") if not line.isascii()]
    if not wide or any(_decodes(line, "utf-8") for line in wide):
        return Encoding("utf-8")
    if all(_decodes(line, "gb18030") for line in wide) and _reads_as_chinese(b"\n".join(wide).decode("gb18030")):
        guess = Text("read as GB18030: it is not UTF-8, and its text is Chinese", "按 GB18030 读取：内容不是 UTF-8，且文字为中文")
        return Encoding("gb18030", note=guess)
    unsure = Text(
        "read as UTF-8, but lines with other letters fail: name the encoding with --encoding, e.g. cp1252",
        "按 UTF-8 读取，但含非 ASCII 字符的行无法解码：请用 --encoding 指定编码，如 cp1252",
    )
    return Encoding("utf-8", note=unsure)


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _reads_as_chinese(text: str) -> bool:
    others = sum(not c.isascii() for c in text)
    in_runs = sum(len(run) for run in _RUNS.findall(text) if len(run) > 1)
    return in_runs * 10 >= others * 8
