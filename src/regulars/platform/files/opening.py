"""Opens a table whatever its format: told by the file's first bytes, then by its name."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from regulars.kernel.text import Text
from regulars.platform.files import delimited, encodings, lines, model, ndjson
from regulars.platform.files.encodings import Encoding
from regulars.platform.files.lines import Block, Read
from regulars.platform.files.model import Batch, Table
from regulars.platform.files.parquet import ParquetTable
from regulars.platform.files.xlsx import XlsxTable

_HEAD = 1 << 20
_SAMPLES = 16
_SAMPLE = 1 << 16
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a user may say about a file instead of having it found out."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


def open_table(path: Path, options: Options | None = None) -> Table:
    """The table in ``path``. Raises ``file.missing``, ``file.empty``, ``file.header``, ``file.unreadable``, ``file.too_large``,
    ``file.kind_unknown``, and ``input.invalid`` for an option that does not fit.
    """
    wish = options or Options()
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as missing:
        raise model.MISSING(path=str(path)) from missing
    if not magic:
        raise model.EMPTY(path=str(path), reason="it is empty", reason_zh="文件为空")
    if magic == b"PAR1" or path.suffix.lower() == ".parquet":
        return ParquetTable(path)
    if magic in (_ZIP, _OLD_EXCEL) or path.suffix.lower() in (".xlsx", ".xlsm"):
        return XlsxTable(path, wish.sheet)
    return TextTable(path, wish, zipped=magic[:2] == _GZIP)


class TextTable:
    """CSV or NDJSON, plain or gzipped; ``columns`` are the header's names or the first objects' keys."""

    def __init__(self, path: Path, options: Options, *, zipped: bool) -> None:
        self._path = path
        self._zipped = zipped
        self._size = path.stat().st_size
        self._raw: BinaryIO | None = None
        self._encoding = self._found(options.encoding)
        first = self._first_block()
        self.kind = _text_kind(first.text, str(path))
        self._delimiter = options.delimiter or (delimited.sniff(first.text) if self.kind == "csv" else "")
        self._header = 0
        if self.kind == "csv":
            self._header, names = delimited.header(first, self._delimiter, str(path))
        else:
            names = ndjson.columns(first.text)
        self.columns = model.checked_columns(names, str(path))
        if next((batch for batch in self.batches() if len(batch)), None) is None:
            raise model.EMPTY(path=str(path), reason="only the header is there", reason_zh="只有表头")
        self.notes = self._said()

    def progress(self) -> float:
        """Bytes read of the file's (compressed ones when it is compressed)."""
        return min(1.0, self._raw.tell() / self._size) if self._raw is not None and not self._raw.closed else 1.0

    def batches(self) -> Iterator[Batch]:
        """The rows under the lines they begin in."""
        reader = delimited.Records(len(self.columns), self._delimiter) if self.kind == "csv" else ndjson.Objects(self.columns)
        waiting = self._header
        with self._stream() as read:
            for block in lines.blocks(read, self._encoding):
                batch = reader.batch(block)
                if waiting and batch.numbers:
                    batch = Batch(batch.rows[1:], batch.numbers[1:], batch.faults)
                    waiting = 0
                yield batch

    @contextmanager
    def _stream(self) -> Iterator[Read]:
        with self._path.open("rb") as raw:
            self._raw = raw
            if self._zipped:
                with gzip.open(raw) as unzipped:
                    yield unzipped.read
            else:
                yield raw.read

    def _found(self, wish: str | None) -> Encoding:
        if wish:
            return encodings.named(wish)
        with self._stream() as read:
            head = _head(read)
        found = encodings.detect(head, self._samples(head))
        if not found.wide and head.count(0) * 100 > len(head):
            raise model.KIND_UNKNOWN(path=str(self._path), hint="")
        return found

    def _first_block(self) -> Block:
        with self._stream() as read:
            block = next(b for b in lines.blocks(read, self._encoding) if b.last or b.dropped or not b.text.isspace())
        if not block.text:
            if block.dropped:
                raise model.HEADER(path=str(self._path), reason="its first line is too long", reason_zh="首行过长")
            raise model.EMPTY(path=str(self._path), reason="only blank lines are there", reason_zh="只有空行")
        return block

    def _samples(self, head: bytes) -> Iterator[bytes]:
        """Pieces of whole lines: the head and, where the file can be jumped about in, others spread over it."""
        yield head[: head.rfind(b"\n") + 1] or head
        if self._zipped or self._size <= _HEAD:
            return
        with self._path.open("rb") as file:
            for at in range(_HEAD, self._size, max(_SAMPLE, (self._size - _HEAD) // _SAMPLES)):
                file.seek(at)
                piece = file.read(_SAMPLE)
                yield piece[piece.find(b"\n") + 1 : piece.rfind(b"\n") + 1]

    def _said(self) -> tuple[Text, ...]:
        """What was found out about the file, for the user to see before anything runs."""
        name = self._encoding.name.upper()
        shown = {"\t": "tab"}.get(self._delimiter, self._delimiter)
        between = Text(f"{name}, values separated by {shown}", f"{name}，分隔符 {shown}") if shown else Text(name, name)
        return (between,) if self._encoding.note is None else (between, self._encoding.note)


def _head(read: Read) -> bytes:
    """The first MiB, or what comes before a compressed stream breaks off."""
    head = b""
    try:
        while len(head) < _HEAD and (piece := read(_SAMPLE)):
            head += piece
    except (EOFError, gzip.BadGzipFile, zlib.error):
        return head
    return head


def _text_kind(text: str, path: str) -> str:
    start = text.lstrip()[:200]
    if start.startswith("[") and start[1:].lstrip().startswith("{"):
        raise model.KIND_UNKNOWN(path=path, hint=": a JSON array? Write one object a line / JSON 数组请改为每行一个对象")
    return "ndjson" if start.startswith("{") else "csv"
