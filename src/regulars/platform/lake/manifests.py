"""The manifest: one JSON file that says which files are the lake. Replacing it is what publishes."""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from regulars.kernel import problem
from regulars.kernel.problem import Kind

NAME = "manifest.json"
FORMAT = 1

UNREADABLE = problem.define(
    "lake.unreadable",
    Kind.conflict,
    en="The lake's manifest {path} cannot be read ({reason}). Fill the lake anew with `regulars lake export --anew`.",
    zh="数据湖清单 {path} 无法读取（{reason}）。请运行 `regulars lake export --anew` 重新导出。",
)
MISSING = problem.define(
    "lake.missing",
    Kind.not_found,
    en="There is no lake in {path} yet. Fill it with `regulars lake export`.",
    zh="{path} 中还没有数据湖。请运行 `regulars lake export` 导出。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One Parquet file. ``path`` is relative to the lake; ``month`` (``2026-03``) is set where the table is partitioned.

    ``first`` and ``last`` are the earliest and latest instant of the columns that were watched, in microseconds since 1970.
    """

    path: str
    rows: int
    bytes: int
    digest: str
    month: str | None = None
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retired:
    """A file that manifests before ``serial`` named: readers of those may still need it. ``at`` is when it left."""

    path: str
    serial: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The lake at one moment.

    ``watermark``: every row recorded by a transaction below it is in, and no other. ``as_of``: when that was so. ``about`` is what the
    one who filled it has to say (a zone, a currency). ``seconds`` is how long the export took.
    """

    lake_id: UUID
    epoch: int
    serial: int
    token: UUID
    watermark: int
    as_of: datetime
    seconds: float
    tables: Mapping[str, tuple[File, ...]]
    retired: tuple[Retired, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        return {name: sum(file.rows for file in files) for name, files in self.tables.items()}

    def paths(self) -> set[str]:
        """Every file this manifest names, relative to the lake."""
        return {file.path for files in self.tables.values() for file in files}


def load(folder: Path) -> Manifest | None:
    """The manifest in ``folder``; ``None`` when nothing was published there. Raises ``lake.unreadable``."""
    path = folder / NAME
    try:
        return _manifest(orjson.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UNREADABLE(path=str(path), reason=f"{type(error).__name__}: {error}") from error


def get(folder: Path) -> Manifest:
    """The manifest in ``folder``. Raises ``lake.missing`` or ``lake.unreadable``."""
    found = load(folder)
    if found is None:
        raise MISSING(path=str(folder))
    return found


def publish(folder: Path, manifest: Manifest) -> None:
    """``manifest`` is the lake from now on, also after a power failure; whoever reads meanwhile sees the old or the new one, whole."""
    text = orjson.dumps({"format": FORMAT, **asdict(manifest)}, option=orjson.OPT_INDENT_2)
    beside = folder / (NAME + ".new")
    with beside.open("wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(folder / NAME)
    settle(folder)


def settle(folder: Path) -> None:
    """The names in ``folder`` are on disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _manifest(content: Any) -> Manifest:
    if content.get("format") != FORMAT:
        raise ValueError(f"format {content.get('format')!r}, this release reads {FORMAT}")
    fields = {name: value for name, value in content.items() if name != "format"}
    return Manifest(
        **{
            **fields,
            "lake_id": UUID(fields["lake_id"]),
            "token": UUID(fields["token"]),
            "as_of": datetime.fromisoformat(fields["as_of"]),
            "tables": {name: tuple(File(**one) for one in files) for name, files in fields["tables"].items()},
            "retired": tuple(Retired(**{**one, "at": datetime.fromisoformat(one["at"])}) for one in fields["retired"]),
        }
    )
