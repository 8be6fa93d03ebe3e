"""The demo brand: a real gift shop's orders through the very same intake, under the demo's programme, then the report."""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from importlib import resources
from pathlib import Path

from rich.console import Console

from regulars.app import settings as app_settings
from regulars.domains.insights import cli as insights
from regulars.domains.insights import service as reports
from regulars.domains.loyalty import service as loyalty
from regulars.domains.loyalty.tasks import import_orders, passing_time
from regulars.domains.orders.intake import service as intake
from regulars.domains.orders.intake.model import Import, Profile, State
from regulars.domains.orders.intake.planning import Wish
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from regulars.platform.files.opening import Options

LAST_DAY = date(2010, 12, 9)
"""The last day of the shop's data, before it is moved."""
SOURCE = "demo-shop"
PROGRAMME = ("programme.yaml", "goods.yaml")
_FILE = "online_retail_cut.parquet"


def ensure(db: Database, *, keyring: Keyring | None = None, say: Callable[[str], None] = print, parts: Sequence[str] = PROGRAMME) -> None:
    """The demo's programme, which the files ``parts`` make up, is in force, its orders are imported, its numbers printed.

    A second call only prints.

    Dates are moved forward by whole weeks, so that the last day of data lies within the week before the first call: weekdays stay
    what they were, and expiries and reviews make sense today.
    """
    with db.transaction() as ctx:
        if not loyalty.programmes(ctx).versions:
            draft = loyalty.add_draft(ctx, "\n".join(map(_text, parts)), note="demo")
            loyalty.publish(ctx, draft.version)
            say("Published the demo's programme · 已发布演示会员计划")
    with db.reading() as ctx:
        done = any(Path(one.file).name == _FILE and one.state is State.done for one in intake.latest(ctx))
    if not done:
        _import(db, keyring=keyring or Keyring.load(app_settings.load().key_dir), say=say)
    with db.reading() as ctx:
        insights.render(reports.report(ctx), Console(), lang="en")


def moved_days(today: date) -> int:
    """By how many days, always whole weeks, the demo's data is moved to end within the week before ``today``."""
    return ((today - LAST_DAY).days - 1) // 7 * 7


def _import(db: Database, *, keyring: Keyring, say: Callable[[str], None]) -> None:
    with db.reading() as ctx:
        unfinished = next((one for one in intake.latest(ctx) if Path(one.file).name == _FILE), None)
        days = _moved_before(unfinished) if unfinished else moved_days(ctx.now.date())
    say(f"Importing the demo's orders, dates moved forward by {days // 7} weeks · 导入演示订单，日期整体后移 {days // 7} 周")
    with _shipped() as path:
        profile = Profile(source=SOURCE, zone="Europe/London", currency="GBP", moved_days=days)
        plan = intake.plan(path, Wish(overrides={}, profile=profile, options=Options()))
        one = import_orders.run(db, plan, keyring=keyring, watch=_Progress(say))
    while passing_time.pass_time(db):
        pass
    counted = ", ".join(f"{kind} {count:,}" for kind, count in sorted(one.counts.classes.items()))
    say(f"{one.counts.rows:,} rows: {counted} · 共 {one.counts.rows:,} 行")


def _moved_before(one: Import) -> int:
    # An import that was interrupted goes on under the settings it began with, even on another day.
    profile = one.settings["profile"]
    return int(profile["moved_days"]) if isinstance(profile, dict) else 0


class _Progress:
    """Says how far the import is, every two seconds."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._said = self._begun = time.monotonic()

    def __call__(self, one: Import) -> None:
        now = time.monotonic()
        if now - self._said >= 2:
            self._said = now
            rate = one.counts.rows / (now - self._begun)
            self._say(f"  {one.state.value} {one.progress:.0%} · {one.counts.rows:,} rows · {rate:,.0f} rows/s")


def _text(name: str) -> str:
    return resources.files("regulars.demo").joinpath(name).read_text("utf-8")


@contextlib.contextmanager
def _shipped() -> Iterator[Path]:
    with resources.as_file(resources.files("regulars.demo").joinpath(_FILE)) as path:
        yield path
