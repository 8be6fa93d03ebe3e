"""What the routes of imports take and give."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import Field

from regulars.domains.loyalty.api.schemas import Out
from regulars.domains.loyalty.model import uploads
from regulars.domains.loyalty.tasks import upload_preview, upload_runs
from regulars.domains.orders.intake.model import Import, Profile, RowClass
from regulars.domains.orders.intake.planning import Wish
from regulars.kernel import ids
from regulars.kernel.problem import Problem
from regulars.platform.files.opening import Options
from regulars.platform.http.strict import Strict

_EXAMPLE = "01jf3q7t5v8x9y0z1a2b3c4d5e"
UploadKey = Annotated[str, Path(min_length=1, max_length=40, description="A sent file.", examples=[f"upl_{_EXAMPLE}"])]
ImportKey = Annotated[str, Path(min_length=1, max_length=40, description="An import.", examples=[f"imp_{_EXAMPLE}"])]
StateName = Literal["queued", "reading", "applying", "stopping", "cancelled", "failed", "done", "abandoned"]
_Short = Annotated[str, Field(max_length=64)]
_Prefix = Annotated[str, Field(max_length=20)]


class WishIn(Strict):
    """How to understand the file. What is left out is found out, or taken from the programme."""

    mapping: Annotated[
        dict[str, str] | None,
        Field(max_length=40, description="Column by field; an empty column leaves the field out.", examples=[{"order_number": "单号"}]),
    ] = None
    source: Annotated[_Short | None, Field(description="The shop or system the numbers come from.", examples=["tmall"])] = None
    zone: Annotated[_Short | None, Field(examples=["Asia/Shanghai"])] = None
    currency: Annotated[_Short | None, Field(examples=["CNY"])] = None
    date_format: Annotated[_Short | None, Field(description="ymd, dmy, mdy, epoch, epoch_ms or a pattern.", examples=["ymd"])] = None
    numbers: Annotated[_Short | None, Field(examples=["1,234.56"])] = None
    refund_prefix: Annotated[_Prefix | None, Field(description="What refund numbers begin with; empty: none.")] = None
    adjustment_prefix: Annotated[_Prefix | None, Field(description="What book-keeping numbers begin with; empty: none.")] = None
    drop_repeats: bool | None = None
    region: Annotated[_Short | None, Field(description="Of phone numbers without a country code.", examples=["CN"])] = None
    encoding: _Short | None = None
    delimiter: Annotated[str | None, Field(max_length=1)] = None
    sheet: Annotated[str | None, Field(max_length=100)] = None

    def wish(self, default: Profile) -> Wish:
        """The wish over these defaults."""
        said = self.model_dump(exclude={"file", "mapping", "encoding", "delimiter", "sheet"}, exclude_none=True)
        options = Options(encoding=self.encoding, delimiter=self.delimiter, sheet=self.sheet)
        return Wish(overrides=self.mapping or {}, profile=replace(default, **said), options=options)


class StartIn(WishIn):
    """The sent file to import, and how to understand it."""

    file: Annotated[str, Field(max_length=40, examples=[f"upl_{_EXAMPLE}"])]


class BothOut(Out):
    """A text in both languages."""

    en: str
    zh: str


class UploadOut(Out):
    """A file as it was sent. ``removed_at``: its content is gone, it can't be imported any more."""

    id: str
    name: str
    size: int
    sha256: str
    format: Literal["csv", "ndjson", "xlsx", "parquet", "csv.gz", "ndjson.gz"]
    uploaded_by: str
    uploaded_at: datetime
    removed_at: datetime | None


class ColumnOut(Out):
    """A column, what it means, and some of its first values; personal ones are hidden."""

    name: str
    field: str | None
    samples: list[str]


class WarnedOut(Out):
    """So many of the rows looked at would be quarantined for this reason."""

    code: str
    text: BothOut
    rows: int
    line: int
    field: str
    value: str


class ObstacleOut(Out):
    """What stands in the way of an import."""

    code: str
    text: BothOut
    data: dict[str, Any]


class ProfileOut(Out):
    """The settings as they are now; ``date_format`` ``auto``: it could not be found out."""

    source: str
    zone: str
    currency: str
    date_format: str
    numbers: str
    refund_prefix: str
    adjustment_prefix: str
    drop_repeats: bool
    region: str


class PreviewOut(Out):
    """What the file holds and what an import of it would do. Nothing was recorded."""

    file: UploadOut
    kind: str
    notes: list[BothOut]
    columns: list[ColumnOut]
    rows: list[list[str]]
    profile: ProfileOut
    looked_at: Annotated[int, Field(description="Rows from the file's beginning that were checked.")]
    refunds: int
    adjustments: int
    warnings: list[WarnedOut]
    problems: list[ObstacleOut]
    ready: bool


class FieldOut(BothOut):
    """Something a column can mean."""

    field: str
    personal: bool
    required: bool


class DateFormOut(Out):
    """A form of dates and what one looks like."""

    form: str
    example: str


class ChoicesOut(Out):
    """What can be chosen for a file."""

    fields: list[FieldOut]
    zones: list[str]
    currencies: list[str]
    date_formats: list[DateFormOut]
    numbers: list[str]
    zone: str
    currency: str
    most_bytes: int
    keep_days: int


class ClassOut(BothOut):
    """How many rows ended here; ``known`` of them had been recorded before this import."""

    name: str
    rows: int
    known: int


class ReasonOut(BothOut):
    """So many rows were quarantined for this."""

    code: str
    rows: int


class OtherOut(BothOut):
    """Something else that was counted."""

    name: str
    number: int


class ErrorOut(BothOut):
    """Why the last run failed."""

    code: str


class ImportOut(Out):
    """An import as it stands. ``done`` of ``total`` rows belong to the present stage: reading, then applying."""

    id: str
    name: str
    file: UploadOut | None
    state: StateName
    done: int
    total: int | None
    progress: float
    rate: Annotated[float | None, Field(description="Rows a second.")]
    remaining_seconds: float | None
    rows: int
    classes: list[ClassOut]
    reasons: list[ReasonOut]
    other: list[OtherOut]
    columns: dict[str, str]
    profile: ProfileOut | None
    job: int | None
    asked_by: str | None
    asked_at: datetime
    started_at: datetime | None
    updated_at: datetime | None
    finished_at: datetime | None
    error: ErrorOut | None


class ImportsOut(Out):
    """A page of imports, newest first."""

    items: list[ImportOut]
    next: str | None


class QuarantinedOut(Out):
    """A row that was not taken, or (``kept``) a value left out of one that was. ``value`` null: it takes ``imports.values`` to see it."""

    line: int
    field: str
    label: BothOut | None
    value: str | None
    reason: str
    wrong: BothOut
    expected: BothOut | None
    kept: bool


class QuarantineOut(Out):
    """A page of what was not taken, in the file's order."""

    items: list[QuarantinedOut]
    next: str | None
    reasons: list[ReasonOut]


def upload(one: uploads.Upload) -> dict[str, Any]:
    """The file as :class:`UploadOut`."""
    return {
        "id": ids.encode(uploads.UPLOAD, one.upload_id),
        "name": one.name,
        "size": one.size,
        "sha256": one.sha256,
        "format": one.format,
        "uploaded_by": one.uploaded_by,
        "uploaded_at": one.uploaded_at,
        "removed_at": one.removed_at,
    }


def preview(one: uploads.Upload, seen: upload_preview.Preview) -> dict[str, Any]:
    """The preview as :class:`PreviewOut`."""
    return {
        "file": upload(one),
        "kind": seen.kind,
        "notes": [asdict(note) for note in seen.notes],
        "columns": [{"name": c.name, "field": c.field.value if c.field else None, "samples": list(c.samples)} for c in seen.columns],
        "rows": [list(row) for row in seen.rows],
        "profile": profile(asdict(seen.profile)),
        "looked_at": seen.looked_at,
        "refunds": seen.refunds,
        "adjustments": seen.adjustments,
        "warnings": [asdict(warned) for warned in seen.warnings],
        "problems": [obstacle(found) for found in seen.problems],
        "ready": not seen.problems,
    }


def obstacle(found: Problem) -> dict[str, Any]:
    """The problem as :class:`ObstacleOut`."""
    data = {name: value if isinstance(value, str | int) else str(value) for name, value in found.fields.items()}
    return {"code": found.code, "text": {"en": found.text("en"), "zh": found.text("zh")}, "data": data}


def profile(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings as :class:`ProfileOut`."""
    return {name: settings[name] for name in ProfileOut.model_fields}


def imported(seen: upload_runs.Seen) -> dict[str, Any]:
    """The import as :class:`ImportOut`."""
    one = seen.one
    settings: Mapping[str, Any] = seen.run.settings if seen.run else one.settings if one else {}
    return {
        "id": upload_runs.wire(seen.run_id),
        "name": seen.upload.name if seen.upload else one.file.replace("\\", "/").rpartition("/")[2] if one else "",
        "file": upload(seen.upload) if seen.upload else None,
        "state": seen.state.value,
        "done": seen.done,
        "total": seen.total,
        "progress": one.progress if one else 0.0,
        "rate": seen.rate,
        "remaining_seconds": seen.remaining,
        **_counts(one),
        "columns": settings.get("columns", {}),
        "profile": profile(settings["profile"]) if settings else None,
        "job": seen.run.job_id if seen.run else None,
        "asked_by": seen.run.asked_by if seen.run else None,
        "asked_at": seen.at,
        "started_at": one.started_at if one else None,
        "updated_at": one.updated_at if one else None,
        "finished_at": one.finished_at if one else None,
        "error": _error(seen),
    }


def _counts(one: Import | None) -> dict[str, Any]:
    if one is None:
        return {"rows": 0, "classes": [], "reasons": [], "other": []}
    counts = one.counts
    return {
        "rows": counts.rows,
        "classes": [
            {"name": kind.value, **upload_runs.both(kind), "rows": counts.classes[kind.value], "known": counts.known[kind.value]}
            for kind in RowClass
        ],
        "reasons": reasons_of(one),
        "other": [{"name": name, "en": en, "zh": zh, "number": number} for name, en, zh, number in upload_runs.others_of(one)],
    }


def reasons_of(one: Import) -> list[dict[str, Any]]:
    """How many rows were quarantined for what, the commonest first."""
    return [{"code": code, "en": en, "zh": zh, "rows": rows} for code, en, zh, rows in upload_runs.reasons_of(one)]


def _error(seen: upload_runs.Seen) -> dict[str, Any] | None:
    if seen.state is not uploads.State.failed:
        return None
    if seen.run is not None and seen.run.error is not None:
        return dict(seen.run.error)
    said = (seen.job.error if seen.job else None) or "?"
    return {"code": "jobs.failed", "en": said, "zh": said}
