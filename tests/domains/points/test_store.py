"""Wallets as they are written and read."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from regulars.domains.points import rules, store
from regulars.domains.points.model import ALWAYS, NEVER, Hold, Totals, Wallet
from regulars.platform import bulk, db
from regulars.platform.context import Ctx

NOON = datetime(2026, 5, 4, 12, 0, 0, 250, tzinfo=UTC)
RICH, POOR, HOLD = (UUID(f"0196a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5{n}") for n in range(3))


def _rich() -> Wallet:
    wallet = Wallet(
        lots={("points", NOON, ALWAYS): 7, ("points", NEVER, NOON): 2, ("growth", NEVER, ALWAYS): 1},
        totals={"points": Totals(available=7, pending=2, held=3, granted=12), "growth": Totals(available=1, granted=1)},
        holds={HOLD: Hold(HOLD, "points", NOON + timedelta(minutes=5), ((NEVER, 3),))},
        usage={("weekend", date(2026, 5, 1)): 20},
    )
    wallet.next_event = rules.soonest(wallet)
    return wallet


def test_a_wallet_is_read_as_it_was_written_and_an_empty_one_is_there_too(ctx: Ctx) -> None:
    db.rows_of_each(ctx.tx, store.writes([(RICH, Wallet(), _rich())]))
    assert store.load(ctx.tx, [POOR, RICH]) == {RICH: _rich(), POOR: Wallet()}
    assert list(store.load(ctx.tx, [POOR, RICH])) == [POOR, RICH]


def test_what_is_gone_from_a_wallet_is_gone_from_the_tables(ctx: Ctx) -> None:
    after = _rich()
    del after.lots["points", NEVER, NOON], after.holds[HOLD]
    after.lots["points", NOON, ALWAYS] = 10
    after.totals["points"] = Totals(available=10, granted=12, spent=2)
    after.next_event = rules.soonest(after)
    db.rows_of_each(ctx.tx, store.writes([(RICH, Wallet(), _rich())]))
    db.rows_of_each(ctx.tx, store.writes([(RICH, _rich(), after)]))
    assert store.load(ctx.tx, [RICH]) == {RICH: after}


def test_nobody_has_no_wallet(ctx: Ctx) -> None:
    assert store.load(ctx.tx, []) == {}
    assert bulk.texts([]) == []
