"""A brand of many members, generated: who they are, sealed as the product seals it, and what they hold, made set-based by SQL."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import psycopg

from bench import facts
from regulars.domains.loyalty import service as loyalty
from regulars.domains.loyalty.tasks import refresh_lists
from regulars.domains.members.model import Field
from regulars.domains.members.rules import enrolment
from regulars.domains.members.service import personal
from regulars.kernel.ids import MemberId
from regulars.platform import clock
from regulars.platform import db as database
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database

_Rows = list[tuple[object, ...]]

_AT_ONCE = 20_000
_YEARS = timedelta(days=3 * 365)
_FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
_GIVEN = "伟芳娜秀敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华"
_STORES = [f"S-{n:03d}" for n in range(200)]


@dataclass(frozen=True, slots=True)
class Known:
    """What a search may ask for: the phone and the name of somebody who is there, and their number."""

    phone: str
    name: str
    number: str


def fill(db: Database, url: str, keyring: Keyring, *, members: int, sample: int, seed: int = 7) -> list[Known]:
    """The demo's programme is published and ``members`` are there with all they hold; returns ``sample`` of them to look for."""
    with db.transaction() as ctx:
        loyalty.publish(ctx, loyalty.add_draft(ctx, facts.programme_text()).version)
    rng = random.Random(seed)
    now = clock.SystemClock().now()
    every = max(1, members // sample)
    found: list[Known] = []
    for first in range(0, members, _AT_ONCE):
        found += _enrolled(db, keyring, rng, first=first, count=min(_AT_ONCE, members - first), of=members, now=now, every=every)
    with psycopg.connect(url, autocommit=True) as plain:
        for statement in _holdings():
            plain.execute(statement.encode(), {"now": now})
    _refreshed(db)
    with psycopg.connect(url, autocommit=True) as plain:
        plain.execute("VACUUM ANALYZE")
    return found


def _refreshed(db: Database) -> None:
    refresher = refresh_lists.Refresher()
    while refresher.tick(db):
        pass


def _enrolled(
    db: Database, keyring: Keyring, rng: random.Random, *, first: int, count: int, of: int, now: datetime, every: int
) -> list[Known]:
    people: _Rows = []
    keys: _Rows = []
    fields: _Rows = []
    blinds: _Rows = []
    found: list[Known] = []
    for n in range(first, first + count):
        joined = now - _YEARS + _YEARS * (n / of)
        member = MemberId(UUID(int=int(joined.timestamp() * 1000) << 80 | 7 << 76 | 2 << 62 | n))
        phone, name = f"+861{30 + n % 70}{rng.randrange(10**8):08d}", rng.choice(_FAMILY) + "".join(rng.sample(_GIVEN, 2))
        people.append((member, f"C{n:08d}", joined, "bench", "active", "zh-CN", rng.choice(_STORES), 1, now))
        key = keyring.new_data_key()
        keys.append((member, key))
        told = {Field.phone: phone, Field.name: name}
        fields += [(member, f.value, keyring.seal(key, v, aad=personal.aad(member, f.value)), now) for f, v in told.items()]
        blinds += [(member, kind, keyring.blind(kind, text)) for kind, text in enrolment.blinds(told)]
        if n % every == 0:
            found.append(Known(phone, name, f"C{n:08d}"))
    with db.transaction() as ctx:
        for table, columns, rows in _tables(people, keys, fields, blinds):
            database.copy_rows(ctx.tx, table, columns, rows)
    return found


def _tables(people: _Rows, keys: _Rows, fields: _Rows, blinds: _Rows) -> Iterator[tuple[str, tuple[str, ...], _Rows]]:
    yield "members", ("member_id", "external_id", "joined_at", "source", "status", "locale", "store", "version", "recorded_at"), people
    yield "member_keys", ("member_id", "wrapped"), keys
    yield "member_fields", ("member_id", "field", "sealed", "changed_at"), fields
    yield "member_blinds", ("member_id", "kind", "token"), blinds


def _holdings() -> Iterator[str]:
    """Nine of ten members have ordered; how much follows a long tail, and the level follows from it."""
    ladder = facts.programme().ladder
    units = list(facts.programme().units)
    levels = [level.id for level in ladder.levels]
    yield "SELECT setseed(0.5)"
    yield "INSERT INTO subjects (subject_id, opened_at) SELECT member_id, joined_at FROM members"
    yield "INSERT INTO subject_members (member_id, subject_id, since) SELECT member_id, member_id, joined_at FROM members"
    yield "INSERT INTO claims (kind, key, body_hash, subject_id, ref) SELECT 'member', external_id, '', member_id, member_id FROM members"
    yield """INSERT INTO standings (member_id, version, seq, as_of, joined_at, held_out, orders, spend, first_order_at, last_order_at,
                                    next_due_at)
             SELECT member_id, 1, 1, joined_at, joined_at, random() < 0.05, 1 + floor(-ln(1 - random()) * 3), floor(exp(8 + random() * 5)),
                    joined_at, joined_at + (%(now)s - joined_at) * random(), %(now)s + interval '1 year'
               FROM members WHERE random() < 0.9"""
    for unit in units:
        yield f"""INSERT INTO point_totals (member_id, unit, available, granted)
                  SELECT member_id, '{unit}', spend / 100, spend / 100 FROM standings"""
        yield f"""INSERT INTO point_lots (member_id, unit, expires_at, available_at, amount)
                  SELECT member_id, unit, %(now)s + interval '1 year' * (0.1 + random()), '-infinity', available
                    FROM point_totals WHERE unit = '{unit}' AND available > 0"""
    yield "UPDATE point_lots SET available_at = '1970-01-01T00:00:00Z' WHERE available_at = '-infinity'"
    cases = " ".join(f"WHEN spend > {10**4 * 4**rank} THEN '{level}'" for rank, level in reversed(list(enumerate(levels))) if rank)
    yield f"""INSERT INTO tier_standings (member_id, ladder, level, since, keep_until)
              SELECT member_id, '{ladder.id}', CASE {cases} ELSE '{levels[0]}' END, joined_at, %(now)s + interval '1 year'
                FROM standings"""
