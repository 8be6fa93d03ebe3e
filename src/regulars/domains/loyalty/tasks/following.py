"""How coarse work on record stands for those who watch it: what its row says goes before what its job says."""

from regulars.domains.loyalty.model.simulation import State
from regulars.kernel.problem import Problem
from regulars.platform.jobs import Progress

_STATES = {"succeeded": State.done, "failed": State.failed, "cancelled": State.cancelled, "aborted": State.cancelled}
LIVE = frozenset({State.queued, State.running, State.stopping})
"""States from which the work goes on by itself."""


def state(job: Progress | None, *, done: bool, failed: bool) -> State:
    """How the work stands; ``job`` is None when it is forgotten."""
    if failed:
        return State.failed
    if done:
        return State.done
    if job is None:
        return State.cancelled
    if job.ended:
        return _STATES[job.status]
    if job.cancelling:
        return State.stopping
    return State.queued if job.status == "todo" else State.running


def error(refused: Problem) -> dict[str, str]:
    """Why work failed, as its row keeps it: in both languages."""
    return {"code": refused.code, "en": refused.text("en"), "zh": refused.text("zh")}
