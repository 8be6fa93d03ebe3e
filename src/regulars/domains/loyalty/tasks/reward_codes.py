"""Uploads of codes too large for their request: a job brings them in part by part, watched, and stopped by withdrawing the upload."""

from collections.abc import Callable, Sequence
from uuid import UUID

from regulars.domains.loyalty.service import handing
from regulars.domains.rewards.model import CodeBatch, UploadState
from regulars.platform import jobs
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring
from regulars.platform.jobs import Run

JOB = "reward_codes"


def start(
    ctx: Ctx, pool: str, given: Sequence[str], *, keyring: Keyring, at_once: int = handing.AT_ONCE, size: int = handing.PART
) -> CodeBatch:
    """The codes are in their pool, or are being brought in when there are many. Raises as :func:`handing.upload` does."""
    batch = handing.upload(ctx, pool, given, keyring=keyring, at_once=at_once, size=size)
    if batch.state is UploadState.adding:
        jobs.defer(ctx, JOB, {"batch": batch.batch_id.hex})
    return batch


def work(run: Run, *, keyring: Callable[[], Keyring]) -> None:
    """The job: bring codes in until the upload has none left, or is withdrawn. Killed and begun again, it goes on where it was."""
    keys, batch_id = keyring(), UUID(hex=run.args["batch"])
    with run.db.reading() as ctx:
        batch = handing.get_upload(ctx, batch_id)
    while batch.state is UploadState.adding:
        with run.db.transaction() as ctx:
            batch = handing.take_in(ctx, batch_id, keyring=keys)
        run.report(
            done=batch.added + batch.known,
            total=batch.wanted,
            ok=batch.added,
            skipped=batch.known,
            message="adding codes",
            last=batch.state is not UploadState.adding,
        )
