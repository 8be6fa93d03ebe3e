"""Bytes to blocks of whole lines, in constant memory: a line beyond the limit is dropped while it is read and reported as a fault."""

import codecs
import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from regulars.platform.files import model
from regulars.platform.files.encodings import Encoding
from regulars.platform.files.model import RowFault

BLOCK = 1 << 18

Read = Callable[[int], bytes]


@dataclass(slots=True)
class Block:
    """Whole lines from line ``first`` on (counted from 1), ``count`` of them, as text.

    ``broken`` holds the faults of lines inside ``text`` that did not decode; ``dropped`` those of lines that are not in it.
    ``last`` is set on the block that ends the file.
    """

    text: str
    first: int
    count: int
    broken: dict[int, RowFault] = field(default_factory=dict)
    dropped: list[RowFault] = field(default_factory=list)
    last: bool = False


def blocks(read: Read, encoding: Encoding, *, limit: int = model.LINE_LIMIT) -> Iterator[Block]:
    """The lines that ``read`` gives, about ``BLOCK`` bytes at a time. Lines end with a line feed, carriage return before it or not.

    A block ends before a dropped line, so that nothing is ever joined across it.
    """
    read(encoding.bom)
    pieces = _Pieces(_transcoded(read, encoding.name) if encoding.wide else read)
    narrow = "utf-8" if encoding.wide else encoding.name
    shown = encoding.name.removesuffix("-le").removesuffix("-be").upper()
    line = 1
    for data, dropped in _whole(pieces, limit):
        count = data.count(b"\n") + (not data.endswith(b"\n") and data != b"")
        block = _decoded(data, line, count, encoding=narrow, shown=shown)
        if encoding.wide:
            block.broken = _lost(block, shown)
        line += count
        if dropped is not None:
            shown_text = model.excerpt(dropped.decode(narrow, "replace"))
            block.dropped.append(RowFault(line, model.LINE_TOO_LONG, shown_text))
            line += 1
        yield block
    end = Block("", line, 0, last=True)
    if pieces.cut:
        end.dropped.append(RowFault(line, model.CUT, model.excerpt(pieces.rest.decode(narrow, "replace"))))
    yield end


@dataclass(slots=True)
class _Pieces:
    """The stream piece by piece. A compressed stream that breaks off sets ``cut``; ``rest`` is then the line it broke off in."""

    read: Read
    cut: bool = False
    rest: bytes = b""

    def __iter__(self) -> Iterator[bytes]:
        while True:
            try:
                piece = self.read(BLOCK)
            except (EOFError, gzip.BadGzipFile, zlib.error):
                self.cut = True
                return
            if not piece:
                return
            yield piece


def _whole(pieces: _Pieces, limit: int) -> Iterator[tuple[bytes, bytes | None]]:
    """Whole lines, and the beginning of a dropped line when one follows them."""
    rest = b""
    stream = iter(pieces)
    for piece in stream:
        data = rest + piece
        end = data.rfind(b"\n") + 1
        rest = data[end:]
        lines = data[:end]
        # Only the first line of a block can be longer than a block, because the ones after it lie within one piece.
        while len(lines) > limit and (first := lines.find(b"\n") + 1) > limit:
            yield b"", lines[: model.SHOWN * 4]
            lines = lines[first:]
        if len(rest) > limit:
            yield lines, rest[: model.SHOWN * 4]
            rest = _after_line(stream)
        elif lines:
            yield lines, None
    if pieces.cut:
        pieces.rest = rest[: model.SHOWN * 4]
    elif rest:
        yield rest, None


def _after_line(stream: Iterator[bytes]) -> bytes:
    """Read on to the end of the line that is being dropped; return what follows it in the same piece."""
    for piece in stream:
        end = piece.find(b"\n") + 1
        if end:
            return piece[end:]
    return b""


def _decoded(data: bytes, first: int, count: int, *, encoding: str, shown: str) -> Block:
    """Text; when it doesn't decode, line by line: a broken one keeps its delimiters, so that quoted records around it stay whole."""
    try:
        return Block(data.decode(encoding), first, count)
    except UnicodeDecodeError:
        out, broken = [], {}
        for at, line in enumerate(data.split(b"\n"), first):
            try:
                out.append(line.decode(encoding))
            except UnicodeDecodeError:
                out.append(line.decode(encoding, "replace"))
                broken[at] = RowFault(at, model.ENCODING, model.excerpt(line.decode(encoding, "backslashreplace")), shown)
        return Block("\n".join(out), first, count, broken)


def _lost(block: Block, shown: str) -> dict[int, RowFault]:
    """The lines in which transcoding had to put U+FFFD."""
    if "\ufffd" not in block.text:
        return {}
    lines = enumerate(block.text.split("\n"), block.first)
    return {at: RowFault(at, model.ENCODING, model.excerpt(line), shown) for at, line in lines if "\ufffd" in line}


def _transcoded(read: Read, encoding: str) -> Read:
    """A reader that gives the same text as UTF-8; what does not decode becomes U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    state = {"ended": False}

    def utf8(size: int) -> bytes:
        while not state["ended"]:
            piece = read(size)
            state["ended"] = not piece
            text = decoder.decode(piece, final=not piece)
            if text:
                return text.encode()
        return b""

    return utf8
