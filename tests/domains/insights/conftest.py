"""A folder for a lake, and a brand that was exported to it."""

from pathlib import Path

import pytest

from regulars.platform.db import Database
from tests.domains.insights import brands


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the lake is, or will be."""
    return tmp_path / "lake"


@pytest.fixture
def lived_in(db: Database, folder: Path) -> Database:
    """Two members with three orders, exported twice."""
    anna, ben = brands.opened(db)
    brands.order(db, anna, "1")
    brands.order(db, ben, "2", 5_000)
    brands.export(db, folder)
    brands.order(db, anna, "3", 900)
    brands.export(db, folder)
    return db
