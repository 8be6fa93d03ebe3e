"""NDJSON: one flat JSON object a line. The columns are the keys of the first lines; later keys that are new are left aside."""

from collections.abc import Sequence

import orjson

from regulars.platform.files import model
from regulars.platform.files.lines import Block
from regulars.platform.files.model import Batch, RowFault


def columns(head: str) -> list[str]:
    """The keys of the objects in ``head``, in the order they first turn up."""
    found: dict[str, None] = {}
    for line in head.split("\n"):
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError:
            continue
        if isinstance(value, dict):
            found.update(dict.fromkeys(value))
    return list(found)


class Objects:
    """Turns blocks of lines into batches with one value a column, empty for a key that an object lacks or that is null."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = tuple(names)

    def batch(self, block: Block) -> Batch:
        """The objects in ``block``; blank lines are none."""
        batch = Batch(rows := [], numbers := [], list(block.dropped))
        for at, line in enumerate(block.text.split("\n"), block.first):
            if at in block.broken:
                batch.faults.append(block.broken[at])
            elif line and not line.isspace():
                row = self._row(at, line)
                if isinstance(row, RowFault):
                    batch.faults.append(row)
                else:
                    rows.append(row)
                    numbers.append(at)
        return batch

    def _row(self, at: int, line: str) -> list[str] | RowFault:
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError as wrong:
            return RowFault(at, model.JSON, model.excerpt(line), str(wrong))
        if not isinstance(value, dict):
            return RowFault(at, model.JSON, model.excerpt(line), f"a {type(value).__name__}")
        row = []
        for name in self._names:
            cell = value.get(name)
            if isinstance(cell, (dict, list)):
                return RowFault(at, model.NESTED, model.excerpt(orjson.dumps(cell).decode()), name)
            row.append(_text(cell))
        if max(map(len, row)) > model.FIELD_LIMIT:
            return RowFault(at, model.FIELD_TOO_LONG, model.excerpt(max(row, key=len)))
        row.append("")
        return row


def _text(cell: object) -> str:
    """The text of a JSON value. Numbers keep their shortest exact form; 13085.0 is the id 13085."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return model.number_text(cell) if isinstance(cell, (int, float)) else ""
