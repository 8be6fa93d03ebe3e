"""Files that operators send for import, and the imports made of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from regulars.kernel import problem
from regulars.kernel.problem import Kind

UPLOAD = "upl"
IMPORT = "imp"
"""What the ids of both begin with on the wire."""
FORMATS = ("csv", "ndjson", "xlsx", "parquet", "csv.gz", "ndjson.gz")

GONE = problem.define(
    "uploads.gone",
    Kind.conflict,
    en="The file {name} was removed on {at}, as files sent for import are after {days} days. Send it again.",
    zh="文件 {name} 已于 {at} 删除（上传的文件保留 {days} 天），请重新上传。",
)
UNDER_WAY = problem.define(
    "uploads.under_way",
    Kind.conflict,
    en="{name} is being imported with other settings ({run}). Cancel that import first, or wait for it.",
    zh="{name} 正以另一份设置导入（{run}）。请先取消该导入，或等待其完成。",
)
NOT_STOPPED = problem.define(
    "uploads.not_stopped",
    Kind.conflict,
    en="The import {run} is {state}; only one that was cancelled or failed goes on.",
    zh="导入 {run} 的状态为 {state}，只有已取消或失败的导入可以继续。",
)
ENDED = problem.define(
    "uploads.ended",
    Kind.conflict,
    en="The import {run} is {state}: there is nothing to cancel.",
    zh="导入 {run} 的状态为 {state}，无可取消。",
)
NO_ROOM = problem.define(
    "uploads.no_room",
    Kind.unavailable,
    en="The file could not be written ({reason}). Nothing of it was kept.",
    zh="文件无法写入（{reason}），未保留任何内容。",
)


class State(StrEnum):
    """How an import stands for those who watch it. ``stopping``: cancelled, and not yet at a place where it can stop."""

    queued = "queued"
    reading = "reading"
    applying = "applying"
    stopping = "stopping"
    cancelled = "cancelled"
    failed = "failed"
    done = "done"
    abandoned = "abandoned"


LIVE = frozenset({State.queued, State.reading, State.applying, State.stopping})
"""States of an import that goes on by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it was sent. ``name`` is a label; ``removed_at``: its content is gone."""

    upload_id: UUID
    name: str
    size: int
    sha256: str
    format: str
    uploaded_by: str
    uploaded_at: datetime
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadImport:
    """An import of an upload, under settings that never change; ``path`` is the file's name of this import alone."""

    run_id: UUID
    upload_id: UUID
    settings: Mapping[str, object]
    path: str
    job_id: int
    asked_by: str
    asked_at: datetime
    error: Mapping[str, str] | None = None
