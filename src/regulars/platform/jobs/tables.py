"""How far each job is, and who asked for it. The queue itself, ``procrastinate_jobs``, is procrastinate's and is made beside this table."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from regulars.platform import db
from regulars.platform.jobs import procedures

job_progress = sa.Table(
    "job_progress",
    db.metadata,
    sa.Column("job_id", sa.BigInteger, primary_key=True, autoincrement=False),
    # Whose heartbeats count: each run of the job writes its own id here, and a run that finds another one has been given up for dead.
    sa.Column("run", sa.Uuid, nullable=False),
    sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("outcome", sa.Text),
    sa.Column("deaths", sa.Integer, nullable=False, server_default=sa.text("0")),
    sa.Column("error", sa.Text),
    sa.Column("done", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    sa.Column("total", sa.BigInteger),
    sa.Column("ok", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    sa.Column("skipped", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    sa.Column("failed", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    sa.Column("message", sa.Text, nullable=False, server_default=""),
    # Where this run began to count, so that a resumed job's rate is not flattered by what earlier runs did.
    sa.Column("rated_from", sa.BigInteger),
    sa.Column("rated_at", sa.DateTime(timezone=True)),
    sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
)

job_askers = sa.Table(
    "job_askers",
    db.metadata,
    sa.Column("job_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("asked_by", sa.Text, nullable=False),
)


@sa.event.listens_for(job_progress, "after_create")
def _with_the_queue(_table: sa.Table, connection: Connection, **_options: object) -> None:
    """Whoever creates the metadata in an empty database gets a working queue as well."""
    procedures.install(connection)
