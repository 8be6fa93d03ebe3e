"""Files sent for import: streamed to disk, told apart by what they hold, and removed after a while.

A file lies in ``uploads`` under its own id and without any other name; what the sender called it is a label. It may hold personal
data in clear, so it is kept for a set time only; then its content goes, with what still waits of imports that never ended.
"""

import contextlib
import gzip
import hashlib
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from regulars.domains.loyalty.model import uploads as model
from regulars.domains.loyalty.model.uploads import Upload
from regulars.domains.loyalty.store import uploads as store
from regulars.domains.orders.intake import store as intake
from regulars.domains.orders.intake.model import State
from regulars.kernel import ids, problem
from regulars.kernel.problem import Fault, Problem
from regulars.platform import jobs, newid
from regulars.platform.context import Ctx
from regulars.platform.db import Database
from regulars.platform.files import model as files

NAME_MAX = 200
_HEAD = 1 << 16
_AT_ONCE = 100
_STRAY = timedelta(hours=1)
_PARQUET, _ZIP, _OLD_EXCEL, _GZIP = b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def folder(data_dir: Path) -> Path:
    """Where the files lie."""
    return data_dir / "uploads"


@dataclass(slots=True, kw_only=True)
class Receiving:
    """A file on its way in. Its parts go to disk as they come; only the first of it is looked at."""

    folder: Path
    name: str
    upload_id: UUID = field(default_factory=newid.uuid7)
    size: int = 0
    _out: BinaryIO | None = None
    _hash: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    _head: bytes = b""

    @property
    def path(self) -> Path:
        """Where the file lies once it is whole."""
        return self.folder / self.upload_id.hex

    @property
    def _part(self) -> Path:
        return self.folder / f"{self.upload_id.hex}.part"

    def take(self, part: bytes) -> None:
        """The next part is written. Raises ``uploads.no_room``."""
        try:
            if self._out is None:
                # Readable by nobody else: it may hold personal data in clear.
                self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._out = os.fdopen(os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
            self._out.write(part)
        except OSError as full:
            raise model.NO_ROOM(reason=full.strerror or "?") from full
        self._hash.update(part)
        self.size += len(part)
        if len(self._head) < _HEAD:
            self._head += part[: _HEAD - len(self._head)]

    def finish(self, ctx: Ctx) -> Upload:
        """The file is whole, and on record when the transaction commits.

        Raises ``file.empty``, ``file.kind_unknown``, ``uploads.no_room``.
        """
        made = Upload(
            upload_id=self.upload_id,
            name=self.name,
            size=self.size,
            sha256=self._hash.hexdigest(),
            format=sniffed(self._head, self.name),
            uploaded_by=ctx.actor.id,
            uploaded_at=ctx.now,
        )
        try:
            if self._out is not None:
                self._out.flush()
                os.fsync(self._out.fileno())
                self._out.close()
            self._part.rename(self.path)
        except OSError as full:
            raise model.NO_ROOM(reason=full.strerror or "?") from full
        store.add(ctx.tx, made)
        return made

    def discard(self) -> None:
        """Nothing of the file is left. Safe at any time, also after :meth:`finish` in a transaction that was undone."""
        if self._out is not None:
            with contextlib.suppress(OSError):
                self._out.close()
        for path in (self._part, self.path):
            path.unlink(missing_ok=True)


def label(name: str) -> str:
    """What the sender calls the file, without folders and without what cannot be shown. Raises ``input.invalid``."""
    plain = "".join(c if c.isprintable() else " " for c in name.replace("\\", "/").rpartition("/")[2]).strip()
    if not plain or len(plain) > NAME_MAX:
        raise problem.invalid("name", name, f"a file name of 1 to {NAME_MAX} characters")
    return plain


def sniffed(head: bytes, name: str) -> str:
    """The format, by the first bytes alone. Raises ``file.empty`` and ``file.kind_unknown``."""
    if not head:
        raise files.EMPTY(path=name, reason="it is empty", reason_zh="文件为空")
    if head.startswith(_PARQUET):
        return "parquet"
    if head.startswith((_ZIP, _OLD_EXCEL)):
        return "xlsx"
    if head.startswith(_GZIP):
        return f"{_text_kind(_unzipped(head), name)}.gz"
    return _text_kind(head, name)


def _unzipped(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(head, _HEAD)
    except (zlib.error, gzip.BadGzipFile):
        return b"\0"


def _text_kind(head: bytes, name: str) -> str:
    if not head.startswith(_WIDE) and head.count(0) * 100 > len(head):
        raise files.KIND_UNKNOWN(path=name, hint="")
    return "ndjson" if head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"{") else "csv"


def get(ctx: Ctx, upload_id: UUID, *, lock: bool = False) -> Upload:
    """The upload. Raises ``not_found``."""
    found = store.uploads(ctx.tx, [upload_id], lock=lock).get(upload_id)
    if found is None:
        raise problem.NOT_FOUND(what="upload", key=ids.encode(model.UPLOAD, upload_id))
    return found


def require_there(one: Upload, *, keep_days: int) -> Upload:
    """The upload, whose content is still kept. Raises ``uploads.gone``."""
    if one.removed_at is not None:
        raise model.GONE(name=one.name, at=one.removed_at.date().isoformat(), days=keep_days)
    return one


@contextlib.contextmanager
def called(path: Path, name: str) -> Iterator[None]:
    """Inside the block a problem says what the sender calls the file, and not where it lies with us."""
    try:
        yield
    except Problem as refused:
        raise _renamed(refused, str(path), name) from refused


def _renamed(refused: Problem, path: str, name: str) -> Problem:
    fields = {key: value.replace(path, name) if isinstance(value, str) else value for key, value in refused.fields.items()}
    faults = tuple(_renamed_fault(fault, path, name) for fault in refused.faults)
    return Problem(refused.type, fields, faults)


def _renamed_fault(fault: Fault, path: str, name: str) -> Fault:
    """The fault with ``name`` wherever it said ``path``."""
    return Fault(field=fault.field, value=fault.value.replace(path, name), expected=fault.expected.replace(path, name))


def forget_old(db: Database, *, data_dir: Path, keep_days: int) -> int:
    """Files older than ``keep_days`` are gone, unless they are being imported, and strays too; returns how many files went.

    What waits of their unfinished imports goes with them, its sealed personal values included; the quarantine stays. Safe to run
    twice and beside itself.
    """
    with db.transaction() as ctx:
        old = [upload for upload in store.older(ctx.tx, ctx.now - timedelta(days=keep_days), _AT_ONCE) if not _live(ctx, upload)]
        if old:
            _give_up(ctx, old)
            store.mark_removed(ctx.tx, old, ctx.now)
    return _sweep(db, folder(data_dir))


def _live(ctx: Ctx, upload_id: UUID) -> bool:
    found = jobs.find(ctx, [run.job_id for run in store.runs_of(ctx.tx, [upload_id])])
    return any(not job.ended for job in found.values())


def _give_up(ctx: Ctx, upload_ids: list[UUID]) -> None:
    for run in store.runs_of(ctx.tx, upload_ids):
        waiting = intake.unfinished(ctx.tx, run.path)
        if waiting is not None and intake.move(ctx.tx, waiting, replace(waiting, state=State.abandoned, wrapped_key=None), ctx.now):
            intake.clear(ctx.tx, waiting.import_id)


def _sweep(db: Database, place: Path) -> int:
    """Unlink files nobody wants any more: of removed uploads, and what a killed server left behind an hour ago or more."""
    if not place.is_dir():
        return 0
    found = {path: _id(path) for path in place.iterdir()}
    if not found:
        return 0
    with db.reading() as ctx:
        keep = store.wanted(ctx.tx, [known for known in found.values() if known is not None])
        stray = (ctx.now - _STRAY).timestamp()
    gone = 0
    for path, known in found.items():
        with contextlib.suppress(FileNotFoundError):
            if known not in keep and path.stat().st_mtime < stray:
                path.unlink()
                gone += 1
    return gone


def _id(path: Path) -> UUID | None:
    try:
        return UUID(hex=path.name)
    except ValueError:
        return None
