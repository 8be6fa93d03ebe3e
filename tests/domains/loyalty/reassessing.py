"""A small brand whose ladder is edited, and a worker for it: what the tests of re-assessments share."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
import psycopg

from regulars.app import wiring
from regulars.domains.loyalty import service
from regulars.domains.loyalty.service import Done
from regulars.platform import batching, jobs
from regulars.platform.db import Database
from tests.domains.loyalty import programmes
from tests.support import factories

BENEFIT = """
benefits:
  - id: delivery
    label: {en: Free delivery, zh: 免运费}
    kind: free_delivery
    tiers: [silver, gold]
    quota: {times: 2, per: month}
    unit_cost: 300
  - {id: chat, label: {en: Own line, zh: 专线}, kind: priority_service, tiers: [gold]}
"""
BRAND = programmes.PLAIN + BENEFIT
EDITED = programmes.changed(("from: 100,", "from: 200,"), ("from: 300,", "from: 900,"), more_rules=BENEFIT)
"""Silver from 200 instead of 100, gold from 900 instead of 300."""
LOWERED = programmes.changed(("from: 300,", "from: 200,"), more_rules=BENEFIT)
GROWTH = (50, 150, 250, 350, 1_000)
"""What members m0, m1, … have, over and over: on the table of ``BRAND`` one member, two silver, two gold."""
PATIENCE = 60.0


def publish(db: Database, text: str) -> int:
    """The document is in force."""
    with db.transaction() as ctx:
        return service.publish(ctx, service.add_draft(ctx, text).version).version


def open_shop(db: Database, members: int) -> None:
    """The brand with so many members, each with one order."""
    publish(db, BRAND)
    with db.transaction() as ctx:
        refs = factories.enrol(ctx, members)
    facts = [factories.paid(ref, str(n), [factories.line(1, GROWTH[n % 5] * 100)]) for n, ref in enumerate(refs)]
    assert all(isinstance(answer, Done) for answer in batching.run(db, service.handle, facts))


@contextmanager
def worker(db: Database, taken: Mapping[str, jobs.Job] = wiring.JOBS) -> Iterator[None]:
    """Jobs are taken inside the block."""
    stop = threading.Event()
    thread = threading.Thread(target=jobs.serve, args=(db, taken, stop), kwargs={"poll": 0.05, "beat": 0.1}, name="test-worker")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def until(api: httpx.Client, address: str, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """What is at the address, as soon as it is as wanted."""
    give_up = time.monotonic() + PATIENCE
    while True:
        seen: dict[str, Any] = api.get(address).json()
        if wanted(seen):
            return seen
        assert time.monotonic() < give_up, seen
        time.sleep(0.02)


def ended(seen: Mapping[str, Any]) -> bool:
    return seen["state"] in ("done", "failed", "cancelled")


def previewed(db: Database, api: httpx.Client, **wish: Any) -> dict[str, Any]:
    """The result of a preview that a worker has worked out."""
    started = api.post("/v1/programme/reassessment-previews", json=wish)
    assert started.status_code == 201, started.text
    with worker(db):
        seen = until(api, f"/v1/programme/reassessment-previews/{started.json()['id']}", ended)
    assert seen["state"] == "done", seen
    result: dict[str, Any] = seen["result"]
    return result


def cells(result: Mapping[str, Any], ladder: int = 0) -> dict[tuple[str, str], int]:
    """Members by (level before, level after)."""
    return {(cell["before"], cell["after"]): cell["members"] for cell in result["ladders"][ladder]["cells"]}


def steps(seen: Mapping[str, Any]) -> dict[tuple[str, str], int]:
    """Members who moved, by (level before, level after)."""
    return {(step["before"]["level"], step["after"]["level"]): step["members"] for step in seen["steps"]}


def standing(connection: "psycopg.Connection[tuple[object, ...]]") -> Sequence[tuple[object, ...]]:
    """Where everybody stands and since when, how often each was looked at again, and what the journal and the outbox say of it."""
    return connection.execute(
        """SELECT m.growth, t.level, t.since, t.keep_until, d.looks, j.moves, o.told
             FROM (SELECT member_id, available AS growth FROM point_totals WHERE unit = 'growth') m
             JOIN tier_standings t USING (member_id)
             LEFT JOIN LATERAL (SELECT count(*) AS looks FROM decisions d
                                 WHERE d.member_id = m.member_id AND d.kind = 'reassess') d ON true
             LEFT JOIN LATERAL (SELECT count(*) AS moves FROM journal j
                                 WHERE j.member_id = m.member_id AND j.kind = 'tier' AND j.why ->> 'reason' = 'reassessed') j ON true
             LEFT JOIN LATERAL (SELECT count(*) AS told FROM outbox o
                                 WHERE o.key = m.member_id AND o.name = 'tiers.changed' AND o.payload ->> 'reason' = 'reassessed') o ON true
            ORDER BY m.growth, t.level"""
    ).fetchall()
