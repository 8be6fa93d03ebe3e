"""What a failed transaction means: try the same again, wait for the database, or look for the item that broke it."""

from enum import StrEnum

import psycopg
from sqlalchemy import exc

from regulars.kernel import problem
from regulars.kernel.problem import Kind

OUTAGE = problem.define(
    "database.unavailable",
    Kind.unavailable,
    en="The database cannot be reached just now, and whether the change was made is not known. Send the same again: it is made once.",
    zh="暂时无法连接数据库，无法确认本次修改是否完成。请原样重发，不会重复执行。",
)


class Verdict(StrEnum):
    """Why a transaction failed: ``conflict`` with another one, an ``outage`` of the database, or the ``fault`` of an item."""

    conflict = "conflict"
    outage = "outage"
    fault = "fault"


# Serialization failure, deadlock, lock not available (lock_timeout, NOWAIT).
_CONFLICTS = frozenset({"40001", "40P01", "55P03"})
# Shutdown, crash, starting up, idle session closed; a fail-over left us on a read-only server.
_OUTAGES = frozenset({"57P01", "57P02", "57P03", "57P05", "25006"})
# Connection exceptions; out of disk, memory or connections: smaller batches would not help, waiting may.
_OUTAGE_CLASSES = frozenset({"08", "53"})


def verdict(error: BaseException) -> Verdict:
    """What to do about ``error``, raised by the driver itself or wrapped by SQLAlchemy."""
    if isinstance(error, exc.TimeoutError):  # No free connection in the pool.
        return Verdict.outage
    cause = error.orig if isinstance(error, exc.DBAPIError) else error
    if not isinstance(cause, psycopg.Error):
        return Verdict.fault
    state = cause.sqlstate
    if state is None:
        # A broken connection carries no code. Other errors without one (a wrong parameter) are never OperationalError.
        return Verdict.outage if isinstance(cause, psycopg.OperationalError) else Verdict.fault
    if state in _CONFLICTS:
        return Verdict.conflict
    if state in _OUTAGES or state[:2] in _OUTAGE_CLASSES:
        return Verdict.outage
    return Verdict.fault
