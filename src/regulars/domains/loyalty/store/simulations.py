"""Simulations on record, what they read of members, and the standings of today as a check-up looks at them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.engine import Connection

from regulars.domains.loyalty.model.simulation import Ask, Simulation
from regulars.platform import db

_COLUMNS = (
    "simulation_id, draft, draft_version, running, running_version, as_of, since, sample_bp, job_id, asked_by, asked_at, ended_at, "
    "result, error"
)


def member_count(tx: Connection) -> int:
    """How many members have a standing."""
    return int(db.rows_of(tx, "SELECT count(*) FROM standings")[0][0])


def members_between(tx: Connection, after: UUID, until: UUID) -> list[tuple[UUID, datetime, bool]]:
    """(id, joined at, held out) of the members behind ``after`` up to and with ``until``, by id."""
    rows = db.rows_of(
        tx,
        """SELECT member_id, joined_at, held_out FROM standings
            WHERE member_id > %(after)s AND member_id <= %(until)s ORDER BY member_id""",
        after=after,
        until=until,
    )
    return [(row[0], row[1], row[2]) for row in rows]


def facts_of(tx: Connection, members: Sequence[UUID], *, until: datetime) -> list[tuple[Any, ...]]:
    """(member, kind, ref, subject, at, body): what happened up to ``until``, as it was recorded; the clock's own facts left out.

    An order's body is only sent where it names a hold: most are empty, and reading JSON costs.
    """
    return db.rows_of(
        tx,
        """SELECT member_id, kind, ref, subject_id, at,
                  CASE WHEN kind <> 'order' OR jsonb_exists(body, 'hold') THEN body END
             FROM decisions
            WHERE member_id = ANY(%(members)s) AND kind <> 'time' AND at <= %(until)s
            ORDER BY member_id, seq""",
        members=list(members),
        until=until,
    )


def add(tx: Connection, one: Simulation) -> None:
    """The simulation is on record, without a result."""
    ask = one.ask
    db.rows_of(
        tx,
        """INSERT INTO simulations (simulation_id, draft, draft_version, running, running_version, as_of, since, sample_bp, job_id,
                                    asked_by, asked_at)
           VALUES (%(id)s, %(draft)s, %(draft_version)s, %(running)s, %(running_version)s, %(as_of)s, %(since)s, %(sample)s, %(job)s,
                   %(by)s, %(at)s)""",
        id=one.simulation_id,
        draft=ask.draft,
        draft_version=ask.draft_version,
        running=ask.running,
        running_version=ask.running_version,
        as_of=ask.as_of,
        since=ask.since,
        sample=ask.sample_bp,
        job=one.job_id,
        by=one.asked_by,
        at=one.asked_at,
    )


def find(tx: Connection, simulation_id: UUID) -> Simulation | None:
    """One simulation."""
    rows = db.rows_of(tx, f"SELECT {_COLUMNS} FROM simulations WHERE simulation_id = %(id)s", id=simulation_id)
    return _simulation(rows[0]) if rows else None


def page(tx: Connection, *, before: tuple[datetime, UUID] | None, limit: int) -> list[Simulation]:
    """Simulations, newest first, after the cursor (asked at, id); documents and results are left out."""
    columns = _COLUMNS.replace("draft, ", "'' AS draft, ", 1).replace("running, ", "'' AS running, ", 1).replace("result", "NULL::jsonb")
    rows = db.rows_of(
        tx,
        f"""SELECT {columns} FROM simulations
             WHERE %(first)s OR (asked_at, simulation_id) < (%(at)s::timestamptz, %(id)s::uuid)
             ORDER BY asked_at DESC, simulation_id DESC LIMIT %(limit)s""",
        first=before is None,
        at=before[0] if before else None,
        id=before[1] if before else None,
        limit=limit,
    )
    return [_simulation(row) for row in rows]


def latest_about(tx: Connection, *, version: int | None = None, document: str | None = None) -> Simulation | None:
    """The newest finished simulation in which this version, or else this very document, is the draft."""
    rows = db.rows_of(
        tx,
        f"""SELECT {_COLUMNS} FROM simulations
             WHERE result IS NOT NULL
               AND CASE WHEN %(version)s::int IS NULL THEN draft = %(document)s::text ELSE draft_version = %(version)s END
             ORDER BY asked_at DESC LIMIT 1""",
        version=version,
        document=document,
    )
    return _simulation(rows[0]) if rows else None


def finish(
    tx: Connection, simulation_id: UUID, *, at: datetime, result: dict[str, Any] | None = None, error: dict[str, str] | None = None
) -> None:
    """The simulation came to this. The last word counts: a job that is run again finds the same."""
    db.rows_of(
        tx,
        """UPDATE simulations SET result = %(result)s::jsonb, error = %(error)s::jsonb, ended_at = %(at)s
            WHERE simulation_id = %(id)s""",
        id=simulation_id,
        at=at,
        result=orjson.dumps(result).decode() if result is not None else None,
        error=orjson.dumps(error).decode() if error is not None else None,
    )


def _simulation(row: Sequence[Any]) -> Simulation:
    ask = Ask(
        draft=row[1],
        draft_version=row[2],
        running=row[3],
        running_version=row[4],
        as_of=row[5],
        since=row[6],
        sample_bp=row[7],
    )
    return Simulation(
        simulation_id=row[0], ask=ask, job_id=row[8], asked_by=row[9], asked_at=row[10], ended_at=row[11], result=row[12], error=row[13]
    )


_VALUED = """WITH rates AS (SELECT * FROM unnest(%(units)s::text[], %(points)s::bigint[], %(worth)s::bigint[]) AS r(unit, points, worth)),
                  valued AS (SELECT t.member_id, sum((t.granted - t.reversed - t.expired) * r.worth / r.points) AS value
                               FROM point_totals t JOIN rates r USING (unit) GROUP BY t.member_id)"""


def unit_sums(tx: Connection) -> dict[str, tuple[int, int, int, int]]:
    """By unit: granted less taken back, spent, expired, outstanding; of all members, as they stand."""
    rows = db.rows_of(
        tx,
        """SELECT unit, sum(granted - reversed)::bigint, sum(spent)::bigint, sum(expired)::bigint,
                  sum(available + pending + held - debt)::bigint
             FROM point_totals GROUP BY unit""",
    )
    return {row[0]: (row[1], row[2], row[3], row[4]) for row in rows}


def level_sums(tx: Connection, ladder: str, rates: Sequence[tuple[str, int, int]]) -> dict[str, tuple[int, int, int]]:
    """By level: members, what they spent, and what they were given for it. The level of those who never had one is empty.

    ``rates``: (unit, so many points, are worth so many minor units).
    """
    rows = db.rows_of(
        tx,
        _VALUED
        + """ SELECT coalesce(l.level, ''), count(*), sum(s.spend)::bigint, coalesce(sum(v.value), 0)::bigint
                FROM standings s LEFT JOIN valued v USING (member_id)
                LEFT JOIN tier_standings l ON l.member_id = s.member_id AND l.ladder = %(ladder)s
               GROUP BY 1""",
        ladder=ladder,
        **_rates(rates),
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def spend_tenths(tx: Connection, rates: Sequence[tuple[str, int, int]]) -> list[tuple[int, int, int, int]]:
    """Buyers by spend in ten parts, lowest first: (members, spend, value, members without value). Fewer parts of fewer buyers."""
    rows = db.rows_of(
        tx,
        _VALUED
        + """ SELECT count(*), sum(spend)::bigint, sum(value)::bigint, count(*) FILTER (WHERE value <= 0)
                FROM (SELECT s.spend, coalesce(v.value, 0) AS value, ntile(10) OVER (ORDER BY s.spend, s.member_id) AS tenth
                        FROM standings s LEFT JOIN valued v USING (member_id) WHERE s.spend > 0) b
               GROUP BY tenth ORDER BY tenth""",
        **_rates(rates),
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def _rates(rates: Sequence[tuple[str, int, int]]) -> dict[str, Any]:
    return {"units": [rate[0] for rate in rates], "points": [rate[1] for rate in rates], "worth": [rate[2] for rate in rates]}
