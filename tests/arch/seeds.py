"""A house in miniature, clean by every rule, into which a test puts one violation."""

from collections.abc import Mapping
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SLICES = (
    *("operators", "members", "catalog", "experiments", "orders"),
    *("points", "tiers", "coupons", "benefits", "rewards"),
    *("loyalty", "webhooks", "insights", "privacy"),
)
_ROOMS = ("kernel", "science", "platform", "domains", "app")

_WORDS = '"""What this is."""\n'
_PROBLEM = '''"""Problems."""


def define(code: str, *, en: str, zh: str) -> object:
    """Declare one."""
    return lambda **fields: (code, en, zh, fields)
'''


def plant(root: Path, violation: Mapping[str, str] | None = None) -> Path:
    """Write the miniature below ``root``, then the files of ``violation`` (path below ``root`` → text); return ``root``."""
    files = {"src/regulars/__init__.py": _WORDS}
    files |= {f"src/regulars/{room}/__init__.py": _WORDS for room in _ROOMS}
    files |= {f"src/regulars/domains/{name}/__init__.py": _WORDS for name in SLICES}
    # What the contracts' own written exceptions and allowances name must be there to be named.
    files |= {
        "src/regulars/kernel/problem.py": _PROBLEM,
        "src/regulars/platform/http/__init__.py": _WORDS + "import fastapi\n\nREQUEST = fastapi.Request\n",
        "src/regulars/platform/db.py": _WORDS + "import sqlalchemy\n\nmetadata = sqlalchemy.MetaData()\n",
        "src/regulars/platform/clock.py": _WORDS + "from datetime import UTC, datetime\n\nNOW = datetime.now(UTC)\n",
        "src/regulars/platform/newid.py": _WORDS + "from uuid import uuid4\n\nID = uuid4()\n",
        "src/regulars/platform/settings.py": _WORDS + "import os\n\nimport pydantic_settings\n\nHOME = os.environ, pydantic_settings\n",
        "src/regulars/app/schema.py": _WORDS + "from regulars.platform import db\n\n\ndef metadata() -> object:\n    return db.metadata\n",
        "src/regulars/domains/points/rules.py": _WORDS,
        "src/regulars/domains/points/store.py": _WORDS,
        "src/regulars/domains/points/service.py": _WORDS,
        "src/regulars/domains/points/attributes.py": _WORDS,
        "src/regulars/domains/tiers/rules.py": _WORDS,
        "src/regulars/domains/tiers/store.py": _WORDS,
        "src/regulars/domains/tiers/service.py": _WORDS,
        "src/regulars/domains/orders/model.py": _WORDS,
        "src/regulars/domains/orders/attributes.py": _WORDS,
        "src/regulars/domains/orders/service.py": _WORDS,
        "src/regulars/domains/orders/tables.py": _WORDS,
        "src/regulars/domains/loyalty/document.py": _WORDS + "import pydantic\n\nBASE = pydantic.BaseModel\n",
        "src/regulars/domains/loyalty/rules/__init__.py": _WORDS + _IMPORTS.format(file="rules"),
        "src/regulars/domains/loyalty/service/__init__.py": _WORDS + _IMPORTS.format(file="store"),
        "src/regulars/domains/loyalty/service/apply.py": _WORDS + _IMPORTS.format(file="rules"),
        "src/regulars/domains/orders/api.py": _WORDS + "import fastapi\n\nROUTER = fastapi.APIRouter()\n",
    }
    for name, text in (files | dict(violation or {})).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


_IMPORTS = """from regulars.domains.points import {file} as of_points
from regulars.domains.tiers import {file} as of_tiers

USED = of_points, of_tiers
"""
