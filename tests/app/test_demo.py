"""The demo: what ships is small and marked, its dates move by whole weeks, and it goes through the same intake as any file."""

from datetime import date, timedelta
from importlib import resources

import hypothesis.strategies as st
import pyarrow.parquet as pq
import pytest
from hypothesis import given

from regulars.app import demo
from regulars.domains.insights import service as insights
from regulars.domains.loyalty import service as loyalty
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database

CUT = resources.files("regulars.demo") / "online_retail_cut.parquet"


@given(st.dates(min_value=date(2011, 1, 1), max_value=date(2100, 1, 1)))
def test_dates_move_by_whole_weeks_to_end_within_the_week_before_today(today: date) -> None:
    moved = demo.moved_days(today)
    assert moved % 7 == 0
    assert timedelta(days=1) <= today - (demo.LAST_DAY + timedelta(days=moved)) <= timedelta(days=7)


def test_the_cut_is_small_and_every_name_in_it_says_that_it_is_made_up() -> None:
    with resources.as_file(CUT) as path:
        assert path.stat().st_size <= 3_000_000
        names = {str(name) for name in pq.read_table(path, columns=["Name"]).column("Name").to_pylist() if name is not None}
    assert names
    assert all(name.endswith(" (demo)") for name in names)


@pytest.mark.slow
def test_the_demo_is_imported_once_its_books_agree_and_a_second_call_only_prints(db: Database, keyring: Keyring) -> None:
    said: list[str] = []
    demo.ensure(db, keyring=keyring, say=said.append)
    with db.reading() as ctx:
        first = insights.report(ctx)
        assert list(loyalty.verify(ctx)) == []
    assert (first.members, first.orders, first.anonymous_orders) == (1_470, 7_397, 960)
    again: list[str] = []
    demo.ensure(db, keyring=keyring, say=again.append)
    with db.reading() as ctx:
        assert insights.report(ctx) == first
    assert again == []
