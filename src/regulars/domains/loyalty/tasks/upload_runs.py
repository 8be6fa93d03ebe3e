"""Imports of sent files: started, watched, cancelled, gone on with; each run is a coarse job that any worker takes.

An import goes on where its last commit ended, whoever ran it and however that ended. It survives the browser that started it, and
``kill -9`` of the worker: the job is given to another one. The same file imported again changes nothing.
"""

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from regulars.domains.loyalty import service as loyalty
from regulars.domains.loyalty.model import uploads as model
from regulars.domains.loyalty.model.uploads import LIVE, State, Upload, UploadImport
from regulars.domains.loyalty.store import uploads as store
from regulars.domains.loyalty.tasks import import_orders, upload_files
from regulars.domains.operators import service as operators
from regulars.domains.orders.intake import model as intake_model
from regulars.domains.orders.intake import reasons, report
from regulars.domains.orders.intake import service as intake
from regulars.domains.orders.intake.model import PERSONAL, Field, Import, Profile
from regulars.domains.orders.intake.planning import Plan, Wish
from regulars.kernel import ids, problem
from regulars.kernel.problem import Problem
from regulars.platform import jobs, newid
from regulars.platform.context import Actor, Ctx
from regulars.platform.crypto import Keyring
from regulars.platform.files.opening import Options
from regulars.platform.jobs import Progress, Run

JOB = "import_orders"
_STATES = {"succeeded": State.done, "failed": State.failed, "cancelled": State.cancelled, "aborted": State.cancelled}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An import as those see it who watch: what was asked, how far it is, and how its job stands.

    ``upload`` and ``run`` are None for an import begun from a command line, ``one`` until the first run has begun, ``job`` when it
    is forgotten.
    """

    run_id: UUID
    at: datetime
    run: UploadImport | None
    upload: Upload | None
    one: Import | None
    job: Progress | None

    @property
    def state(self) -> State:
        if self.one is not None and self.one.state in (intake_model.State.done, intake_model.State.abandoned):
            return State(self.one.state.value)
        if self.job is None:
            return State.cancelled if self.run is not None or self.one is None else State(self.one.state.value)
        if self.job.ended:
            return _STATES[self.job.status]
        if self.job.cancelling:
            return State.stopping
        if self.job.status == "todo" or self.one is None:
            return State.queued
        return State(self.one.state.value)

    @property
    def total(self) -> int | None:
        """Rows of the file; while it is being read an estimate, None before there is one."""
        if self.one is None:
            return None
        if self.one.state is not intake_model.State.reading:
            return self.one.position
        return round(self.one.position / self.one.progress) if self.one.progress > 0 else None

    @property
    def done(self) -> int:
        """Rows read, or once all are read, rows that found their class."""
        return _done(self.one) if self.one is not None else 0

    @property
    def rate(self) -> float | None:
        """Rows a second of this stage; None when nothing moves or nobody can say."""
        return self.job.rate if self.job is not None and self.state in (State.reading, State.applying) else None

    @property
    def remaining(self) -> float | None:
        """Seconds until the import is done; None while it is read, since recording takes longer than reading."""
        rate, total = self.rate, self.total
        return max(0, total - self.done) / rate if rate and total is not None and self.state is State.applying else None


def _done(one: Import) -> int:
    return one.position if one.state is intake_model.State.reading else sum(one.counts.classes.values())


def wish_of(settings: Mapping[str, Any]) -> Wish:
    """The wish that leads to these settings (``Plan.settings``) again."""
    return Wish(
        overrides={},
        base={Field(field): column for field, column in settings["columns"].items()},
        profile=Profile(**settings["profile"]),
        options=Options(**settings["options"]),
    )


def start(ctx: Ctx, upload_id: UUID, plan: Plan, *, data_dir: Path, keep_days: int) -> tuple[UUID, bool]:
    """The import of the upload as planned is queued; returns its id and whether it is new: one under way like this is given back.

    Raises ``not_found``, ``uploads.gone``, ``uploads.under_way``, ``programme.none``.
    """
    ctx.require("imports.run")
    loyalty.programmes(ctx).at(ctx.now)
    upload = upload_files.require_there(upload_files.get(ctx, upload_id, lock=True), keep_days=keep_days)
    for before in store.runs_of(ctx.tx, [upload_id]):
        if get(ctx, before.run_id).state in LIVE:
            if dict(before.settings) == plan.settings:
                return before.run_id, False
            raise model.UNDER_WAY(name=upload.name, run=wire(before.run_id))
    run_id = newid.uuid7()
    made = UploadImport(
        run_id=run_id,
        upload_id=upload_id,
        settings=plan.settings,
        path=str((upload_files.folder(data_dir) / run_id.hex).resolve()),
        job_id=_queued(ctx, run_id),
        asked_by=ctx.actor.id,
        asked_at=ctx.now,
    )
    store.add_run(ctx.tx, made)
    operators.audit(ctx, action="import.started", entity=wire(run_id), after={"upload": ids.encode(model.UPLOAD, upload_id)})
    return run_id, True


def _queued(ctx: Ctx, run_id: UUID) -> int:
    # One import at a time: beside each other they would only take turns.
    return jobs.defer(ctx, JOB, {"run": run_id.hex}, lock="import")


def cancel(ctx: Ctx, run_id: UUID) -> Seen:
    """The import stops before its next piece; what is recorded stays. Cancelled twice is cancelled. Raises ``not_found``,
    ``uploads.ended``, and ``uploads.ended`` for one begun from a command line, which only its own terminal stops.
    """
    ctx.require("imports.run")
    seen = get(ctx, run_id)
    if seen.state in (State.cancelled, State.stopping):
        return seen
    if seen.run is None or seen.state not in LIVE:
        raise model.ENDED(run=wire(run_id), state=seen.state.value)
    jobs.cancel(ctx, seen.run.job_id)
    operators.audit(ctx, action="import.cancelled", entity=wire(run_id))
    return get(ctx, run_id)


def resume(ctx: Ctx, run_id: UUID, *, keep_days: int) -> Seen:
    """The import goes on where its last commit ended. Resumed twice, it runs once.

    Raises ``not_found``, ``uploads.gone``, ``uploads.not_stopped``, ``uploads.under_way`` when the file is being imported otherwise.
    """
    ctx.require("imports.run")
    seen = get(ctx, run_id)
    if seen.run is None:
        raise model.NOT_STOPPED(run=wire(run_id), state=seen.state.value)
    # The upload's row is what every start and every resumption of its imports waits for.
    upload = upload_files.require_there(upload_files.get(ctx, seen.run.upload_id, lock=True), keep_days=keep_days)
    seen = get(ctx, run_id)
    if seen.state in LIVE - {State.stopping}:
        return seen
    if seen.state not in (State.cancelled, State.failed):
        raise model.NOT_STOPPED(run=wire(run_id), state=seen.state.value)
    for other in store.runs_of(ctx.tx, [upload.upload_id]):
        if other.run_id != run_id and get(ctx, other.run_id).state in LIVE:
            raise model.UNDER_WAY(name=upload.name, run=wire(other.run_id))
    store.queue_again(ctx.tx, run_id, _queued(ctx, run_id))
    operators.audit(ctx, action="import.resumed", entity=wire(run_id))
    return get(ctx, run_id)


def get(ctx: Ctx, run_id: UUID) -> Seen:
    """The import as it stands. Raises ``not_found``."""
    found = store.find(ctx.tx, run_id)
    if found is None:
        raise problem.NOT_FOUND(what="import", key=wire(run_id))
    return _seen(ctx, [found])[0]


def list_imports(ctx: Ctx, *, before: tuple[datetime, UUID] | None, limit: int) -> list[Seen]:
    """Imports, newest first, after the cursor (at, id)."""
    return _seen(ctx, store.page(ctx.tx, before=before, limit=limit))


def _seen(ctx: Ctx, listed: Sequence[store.Listed]) -> list[Seen]:
    runs = store.runs(ctx.tx, [run_id for run_id, _, _ in listed])
    uploads = store.uploads(ctx.tx, [run.upload_id for run in runs.values()])
    working = jobs.find(ctx, [run.job_id for run in runs.values()])
    return [
        Seen(
            run_id=run_id,
            at=at,
            run=run,
            upload=uploads.get(run.upload_id) if run else None,
            one=intake.get(ctx, import_id) if import_id else None,
            job=working.get(run.job_id) if run else None,
        )
        for run_id, at, import_id in listed
        for run in [runs.get(run_id)]
    ]


def wire(run_id: UUID) -> str:
    """The import's id as people see it."""
    return ids.encode(model.IMPORT, run_id)


def work(run: Run, *, data_dir: Path, keyring: Callable[[], Keyring]) -> None:
    """The job: import the file from where it stopped, and say how far it is. Why it failed stays with the import, in both languages."""
    run_id = UUID(hex=run.args["run"])
    with run.db.reading() as ctx:
        one = store.runs(ctx.tx, [run_id])[run_id]
        name = upload_files.get(ctx, one.upload_id).name
    path = Path(one.path)
    try:
        with upload_files.called(path, name):
            _linked(upload_files.folder(data_dir) / one.upload_id.hex, path)
            plan = intake.plan(path, wish_of(one.settings))
            personal = any(field in plan.mapping for field in PERSONAL)
            import_orders.run(
                run.db,
                plan,
                keyring=keyring() if personal else None,
                watch=lambda moved: _report(run, moved),
                actor=Actor(kind="operator", id=one.asked_by, permissions=frozenset({"*"})),
            )
    except Problem as refused:
        with run.db.transaction() as ctx:
            store.failed(ctx.tx, run_id, {"code": refused.code, "en": refused.text("en"), "zh": refused.text("zh")})
        raise


def _linked(sent: Path, path: Path) -> None:
    """The file has the name that is this import's alone."""
    if path.exists():
        return
    try:
        os.link(sent, path)
    except FileExistsError:
        return
    except OSError:
        # A file system without second names. A copy that was cut off must not be taken for the file.
        part = path.with_suffix(".part")
        try:
            shutil.copyfile(sent, part)
        except FileNotFoundError:
            return  # Said by who opens it, with the name it was sent under.
        part.replace(path)


def _report(run: Run, one: Import) -> None:
    counts = one.counts
    reading = one.state is intake_model.State.reading
    total = (round(one.position / one.progress) if one.progress > 0 else None) if reading else one.position
    quarantined = counts.classes[intake_model.RowClass.quarantined.value]
    done = _done(one)
    run.report(
        done=done,
        total=total,
        ok=0 if reading else done - quarantined,
        skipped=sum(counts.known.values()),
        failed=quarantined,
        message=one.state.value,
        last=one.state is intake_model.State.done,
    )


def both(kind: intake_model.RowClass) -> dict[str, str]:
    """What people call a class of rows."""
    label = intake_model.CLASS_LABELS[kind]
    return {"en": label.en, "zh": label.zh}


def others_of(one: Import) -> list[tuple[str, str, str, int]]:
    """(name, English, Chinese, number) of everything that was counted besides rows by class."""
    listed = report.content(one)["other"]
    names = [name for name, number in listed.items() if number] if isinstance(listed, dict) else []
    pairs = zip(names, report.other_rows(one.counts, "en"), report.other_rows(one.counts, "zh"), strict=True)
    return [(name, en, zh, number) for name, (en, number), (zh, _) in pairs]


def reasons_of(one: Import) -> list[tuple[str, str, str, int]]:
    """(code, English, Chinese, rows) of everything quarantined, the commonest first; values left out of good rows come last."""
    pairs = zip(report.reason_rows(one.counts, "en"), report.reason_rows(one.counts, "zh"), strict=True)
    found = [(code, en, zh, rows) for (code, en, rows), (_, zh, _) in pairs]
    left = one.counts.other["values_left_out"]
    code = reasons.PERSONAL_LEFT_OUT.code
    return [*found, *([(code, reasons.title(code, "en"), reasons.title(code, "zh"), left)] if left else [])]
