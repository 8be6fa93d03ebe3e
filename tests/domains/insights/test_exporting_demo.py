"""The demo brand through the intake and the engine into the lake: a year of a real shop, counted."""

from pathlib import Path

import pytest

from regulars.app import demo
from regulars.domains.insights import service as insights
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from regulars.platform.lake import manifests
from tests.domains.insights import brands


@pytest.mark.prove
def test_the_demo_brand_is_in_the_lake_to_the_last_penny(db: Database, keyring: Keyring, folder: Path) -> None:
    demo.ensure(db, keyring=keyring, say=lambda _text: None)
    made = brands.export(db, folder)
    with db.reading() as ctx:
        report = insights.report(ctx)
    assert (made.rows["members"], made.rows["subject_members"], made.rows["orders"]) == (1_470, 1_470, 7_397)
    assert sum(row[0] for row in brands.rows(folder, "orders", "total")) == report.revenue
    members = {row[0] for row in brands.owners(folder)}
    assert sum(row[0] not in members for row in brands.rows(folder, "orders", "subject_id")) == report.anonymous_orders
    matched = [total for total, order in brands.rows(folder, "refunds", "total", "order_id") if order is not None]
    assert sum(matched) == report.refunded
    granted = sum(
        amount for amount, unit, kind in brands.rows(folder, "entries", "amount", "unit", "kind") if (unit, kind) == ("points", "grant")
    )
    assert granted == next(unit.issued for unit in report.units if unit.unit == "points")
    assert brands.differences(db, folder) == []
    assert manifests.get(folder).about == {**made.about, "zone": "Europe/London", "currency": "GBP"}
