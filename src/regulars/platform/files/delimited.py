"""CSV and its relatives: comma, semicolon, tab or bar between values, quotes around what holds them."""

import csv
from io import StringIO
from itertools import islice

from regulars.platform.files import model
from regulars.platform.files.lines import Block
from regulars.platform.files.model import Batch, Reason, Row, RowFault

DELIMITERS = ",;\t|"
_SNIFFED = 100


def sniff(sample: str) -> str:
    """The delimiter that cuts the sample's lines into the same number of values, the most of them; a comma when none does."""
    head = sample.split("\n")[:_SNIFFED]
    if len(head) > 1 and not sample.endswith("\n"):
        head.pop()
    return max(DELIMITERS, key=lambda d: _evenness(head, d))


def _evenness(head: list[str], delimiter: str) -> tuple[float, int]:
    """How many of the rows are as wide as the first, and how wide that is; nothing when it is a single value."""
    try:
        widths = [len(row) for row in csv.reader((line + "\n" for line in head), delimiter=delimiter) if row]
    except csv.Error:
        widths = []
    if not widths or widths[0] < 2:
        return 0.0, 0
    return widths.count(widths[0]) / len(widths), widths[0]


def header(block: Block, delimiter: str, path: str) -> tuple[int, list[str]]:
    """The line and the names of the header, which is the first record of the file's first block. Raises ``file.header``."""
    text = _split(block.text)
    at = next(n for n, line in enumerate(text) if line.strip())
    try:
        names = next(csv.reader(islice(text, at, None), delimiter=delimiter, strict=True))
    except csv.Error as wrong:
        raise model.HEADER(path=path, reason=str(wrong), reason_zh="引号不完整") from wrong
    if block.first + at in block.broken:
        shown = block.broken[block.first + at].detail
        raise model.HEADER(path=path, reason=f"it is not written in {shown}", reason_zh=f"编码不是 {shown}")
    return block.first + at, names


class Records:
    """Turns blocks of lines into batches of records of ``width`` values, and finds its way back after a quote gone wrong.

    A quoted record may span lines. When one does and then isn't ``width`` wide, or outgrows the line limit, or the file ends
    inside it, only the line where it began is at fault: reading starts again at the next line, so no row is swallowed.
    """

    def __init__(self, width: int, delimiter: str) -> None:
        self._width = width
        self._delimiter = delimiter
        self._carry: list[str] = []
        self._carried: dict[int, RowFault] = {}

    def batch(self, block: Block) -> Batch:
        """The records that end in ``block``; what is still open waits for the next one."""
        if not self._carry and not block.broken and '"' not in block.text:
            quick = self._quick(block)
            if quick is not None:
                return quick
        return self._slow(block)

    def _quick(self, block: Block) -> Batch | None:
        """The whole block by the C reader, when every line is a plain record; None when anything needs a closer look."""
        text = _split(block.text)
        width = self._width
        try:
            rows = [row for row in csv.reader(text, delimiter=self._delimiter) if len(row) == width]
        except csv.Error:
            return None
        if len(rows) != block.count or max(map(len, text), default=0) > model.FIELD_LIMIT:
            return None
        for row in rows:
            row.append("")
        return Batch(rows, range(block.first, block.first + block.count), block.dropped)

    def _slow(self, block: Block) -> Batch:
        text = self._carry + _split(block.text)
        run = _Run(text, block.first - len(self._carry), self._carried | block.broken, self._width)
        self._carry, self._carried = [], {}
        at = 0
        while at < len(text):
            at, opened = run.read(at, self._delimiter)
            if at == len(text):
                break
            if opened and not block.last and not block.dropped and sum(map(len, text[at:])) <= model.LINE_LIMIT:
                self._carry, self._carried = text[at:], run.broken
                break
            run.refuse(at, model.FIELD_TOO_LONG if len(text[at]) > model.FIELD_LIMIT else model.QUOTE)
            at += 1
        return Batch(run.rows, run.numbers, run.faults + block.dropped)


class _Run:
    """One pass over lines of text, the first of which is line ``first`` of the file; gathers rows, their numbers and faults."""

    def __init__(self, text: list[str], first: int, broken: dict[int, RowFault], width: int) -> None:
        self.text, self.first, self.broken, self.width = text, first, broken, width
        self.rows: list[Row] = []
        self.numbers: list[int] = []
        self.faults: list[RowFault] = []

    def read(self, start: int, delimiter: str) -> tuple[int, bool]:
        """Take records from line ``start`` on. Returns where the first bad one begins (or the end), and whether it may just be open."""
        at = start
        reader = csv.reader(islice(self.text, start, None), delimiter=delimiter, strict=True)
        try:
            for row in reader:
                end = start + reader.line_num
                if end - at > 1 and len(row) != self.width:
                    return at, False
                if row:
                    self._take(row, at, end)
                at = end
        except csv.Error:
            return at, start + reader.line_num == len(self.text)
        return at, False

    def _take(self, row: list[str], at: int, end: int) -> None:
        bad = next((self.broken[n] for n in range(self.first + at, self.first + end) if n in self.broken), None) if self.broken else None
        if bad is not None:
            self.faults.append(RowFault(self.first + at, bad.reason, bad.value, bad.detail))
        elif len(row) != self.width:
            short = len(row) < self.width and not self.text[end - 1].endswith("\n")
            self.refuse(at, model.CUT if short else model.COLUMNS)
        elif len(self.text[at]) > model.FIELD_LIMIT and max(map(len, row)) > model.FIELD_LIMIT:
            self.refuse(at, model.FIELD_TOO_LONG)
        else:
            row.append("")
            self.rows.append(row)
            self.numbers.append(self.first + at)

    def refuse(self, at: int, reason: Reason) -> None:
        """The line is a fault."""
        self.faults.append(RowFault(self.first + at, reason, model.excerpt(self.text[at].rstrip("\r\n")), str(self.width)))


def _split(text: str) -> list[str]:
    """Lines with their ends. Not ``splitlines``: that also cuts at form feeds and Unicode separators, which are text."""
    return list(StringIO(text, newline="\n"))
