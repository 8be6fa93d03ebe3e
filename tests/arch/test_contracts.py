"""Each contract of .importlinter catches a violation put into a house that is otherwise clean, and names it."""

import configparser
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.arch import seeds

_CONFIG = seeds.REPOSITORY / ".importlinter"
_SLICE = "src/regulars/domains"

# contract, the file that breaks it, its text, what the report must name
VIOLATIONS = [
    ("rooms", "src/regulars/kernel/money.py", "from regulars.platform import db", "regulars.kernel.money -> regulars.platform.db"),
    ("rooms", "src/regulars/science/clv.py", "from regulars.platform import db", "regulars.science.clv -> regulars.platform.db"),
    ("rooms", "src/regulars/platform/lake.py", "import regulars.science", "regulars.platform.lake -> regulars.science"),
    ("rooms", "src/regulars/platform/lake.py", "from regulars.domains import points", "regulars.platform.lake -> regulars.domains.points"),
    ("rooms", f"{_SLICE}/points/service.py", "from regulars.app import schema", "regulars.domains.points.service -> regulars.app.schema"),
    ("rooms", "src/regulars/shared/__init__.py", "", "regulars.shared"),
    ("ladder", f"{_SLICE}/orders/service.py", "from regulars.domains.points import service", "orders.service -> regulars.domains.points"),
    ("ladder", f"{_SLICE}/points/service.py", "import regulars.domains.tiers", "points.service -> regulars.domains.tiers"),
    ("ladder", f"{_SLICE}/operators/service.py", "import regulars.domains.members", "operators.service -> regulars.domains.members"),
    ("ladder", f"{_SLICE}/gifts/__init__.py", "", "regulars.domains.gifts"),
    ("inside", f"{_SLICE}/points/rules.py", "from regulars.domains.points import store", "points.rules -> regulars.domains.points.store"),
    ("inside", f"{_SLICE}/tiers/store.py", "from regulars.domains.tiers import service", "tiers.store -> regulars.domains.tiers.service"),
    ("inside", f"{_SLICE}/loyalty/store/write.py", "from regulars.domains.loyalty.service import apply", "loyalty.store.write ->"),
    ("inside", f"{_SLICE}/orders/cli.py", "from regulars.domains.orders import api", "orders.cli -> regulars.domains.orders.api"),
    ("inside", f"{_SLICE}/orders/tasks.py", "from regulars.domains.orders import api", "orders.tasks -> regulars.domains.orders.api"),
    ("inside", f"{_SLICE}/points/extras.py", "", "regulars.domains.points.extras"),
    (
        "insides",
        f"{_SLICE}/insights/service.py",
        "from regulars.domains.points import store",
        "insights.service -> regulars.domains.points.store",
    ),
    (
        "insides",
        f"{_SLICE}/privacy/service.py",
        "from regulars.domains.points import rules",
        "privacy.service -> regulars.domains.points.rules",
    ),
    ("insides", f"{_SLICE}/loyalty/service/refund.py", "from regulars.domains.orders import tables", "regulars.domains.orders.tables"),
    ("insides", "src/regulars/app/worker.py", "from regulars.domains.points import store", "app.worker -> regulars.domains.points.store"),
    (
        "rules",
        f"{_SLICE}/points/rules.py",
        "from regulars.domains.orders import service",
        "points.rules -> regulars.domains.orders.service",
    ),
    (
        "rules",
        f"{_SLICE}/tiers/rules.py",
        "from regulars.domains.orders import attributes",
        "tiers.rules -> regulars.domains.orders.attributes",
    ),
    (
        "rules",
        f"{_SLICE}/loyalty/rules/earn.py",
        "from regulars.domains.loyalty import document",
        "loyalty.rules.earn -> regulars.domains.loyalty.document",
    ),
    ("pure", "src/regulars/kernel/money.py", "import os", "regulars.kernel.money -> os"),
    ("pure", "src/regulars/science/clv.py", "import socket", "regulars.science.clv -> socket"),
    ("pure", f"{_SLICE}/points/rules.py", "import sqlalchemy", "regulars.domains.points.rules -> sqlalchemy"),
    ("pure", f"{_SLICE}/tiers/rules/decide.py", "import subprocess", "regulars.domains.tiers.rules.decide -> subprocess"),
    ("pure", f"{_SLICE}/orders/model.py", "from regulars.platform import db", "regulars.domains.orders.model -> regulars.platform.db"),
    ("http", f"{_SLICE}/points/service.py", "import fastapi", "regulars.domains.points.service -> fastapi"),
    ("http", f"{_SLICE}/orders/adapters/csv.py", "import pydantic", "regulars.domains.orders.adapters.csv -> pydantic"),
    ("http", "src/regulars/platform/batching.py", "import starlette", "regulars.platform.batching -> starlette"),
    ("sql", f"{_SLICE}/orders/service.py", "import sqlalchemy", "regulars.domains.orders.service -> sqlalchemy"),
    ("sql", f"{_SLICE}/orders/api.py", "import fastapi\nimport psycopg", "regulars.domains.orders.api -> psycopg"),
    ("sql", "src/regulars/app/worker.py", "import procrastinate", "regulars.app.worker -> procrastinate"),
    ("crypto", f"{_SLICE}/members/service.py", "import cryptography", "regulars.domains.members.service -> cryptography"),
]


def _lint(root: Path, *contracts: str) -> tuple[int, str]:
    """Run ``lint-imports`` on the house below ``root``; the exit code and what it printed, line breaks taken out."""
    chosen = [word for name in contracts for word in ("--contract", name)]
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--config", _CONFIG, "--no-cache", *chosen],
        cwd=seeds.REPOSITORY,
        env=os.environ | {"PYTHONPATH": str(root / "src"), "COLUMNS": "400"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def _written(text: str) -> Mapping[str, str]:
    """The sections of the configuration by contract name."""
    parser = configparser.ConfigParser()
    parser.read_string(text)
    return {name.removeprefix("importlinter:contract:"): parser[name]["name"] for name in parser.sections() if ":" in name}


def test_a_clean_house_keeps_every_contract(tmp_path: Path) -> None:
    code, said = _lint(seeds.plant(tmp_path))
    assert "0 broken" in said
    assert code == 0


@pytest.mark.parametrize(("contract", "path", "text", "named"), VIOLATIONS, ids=[f"{v[0]}: {v[3]}" for v in VIOLATIONS])
def test_a_contract_names_its_violation(tmp_path: Path, contract: str, path: str, text: str, named: str) -> None:
    seeds.plant(tmp_path, {path: f'"""A violation."""\n{text}\n'})
    if path.count("/") == 5:  # a module of a package that must be one
        (tmp_path / path).with_name("__init__.py").touch()
    code, said = _lint(tmp_path, contract)
    assert code == 1
    assert "1 broken" in said
    assert named in said


def test_every_contract_is_proved_and_says_why() -> None:
    text = _CONFIG.read_text(encoding="utf-8")
    assert {violation[0] for violation in VIOLATIONS} == set(_written(text))
    for name in _written(text):
        before = text.split(f"[importlinter:contract:{name}]")[0].rstrip().splitlines()[-1]
        assert before.startswith("#"), f"{name} has no sentence above it"


@pytest.mark.prove  # `make lint` says it of every change
def test_this_house_keeps_every_contract() -> None:
    code, said = _lint(seeds.REPOSITORY)
    assert code == 0, said
