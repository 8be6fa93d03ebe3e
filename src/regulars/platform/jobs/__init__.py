"""Coarse work: imports, exports, trainings. Minutes long, few in number, run by procrastinate on the same PostgreSQL.

``defer`` puts a job into the queue in the caller's transaction; ``serve`` runs jobs until told to stop. A job is a function of its
``Run``, which carries the arguments, takes progress reports and raises when the job is cancelled or the worker stops. Every run
sends heartbeats; ``reap`` gives a job whose heartbeats ended (``kill -9``, power loss) back to the queue.

A job may therefore run more than once, and must leave its work in a state from which the next run goes on: what it repeats has to be
harmless (claims). It finishes once. What is many and small belongs into :mod:`outbox` or :mod:`timers`: a job costs milliseconds.
"""

from regulars.platform.jobs.procedures import install, schema_sql, uninstall
from regulars.platform.jobs.progress import Progress, find, recent, watch
from regulars.platform.jobs.queue import cancel, defer, prune
from regulars.platform.jobs.reaping import MAX_DEATHS, reap
from regulars.platform.jobs.runs import Cancelled, Job, Run, Stopping, Superseded
from regulars.platform.jobs.serving import serve

__all__ = [
    "MAX_DEATHS",
    "Cancelled",
    "Job",
    "Progress",
    "Run",
    "Stopping",
    "Superseded",
    "cancel",
    "defer",
    "find",
    "install",
    "prune",
    "reap",
    "recent",
    "schema_sql",
    "serve",
    "uninstall",
    "watch",
]
