"""Each check of tools.lint catches a violation put into a house that is otherwise clean, and names its file and line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.arch import seeds
from tools.lint import __main__ as lint
from tools.lint import schema

_SLICE = "src/regulars/domains"
_LONG_FUNCTION = "def long_one() -> None:\n" + "    print()\n" * 40
_LONG_MODULE = "\n".join(["A = 1"] * 400)
_DEFINE = "from regulars.kernel import problem\n\nNO = problem.define("
_REGISTRY_HOST = "py" + "pi.org"
_FOLDER = "/wor" + "k/main"

# rule, the file that breaks it, its text after the docstring, the line of the finding, a word of the finding
VIOLATIONS = [
    ("commit", f"{_SLICE}/points/service.py", "def spend(ctx): ctx.tx.commit()", 2, "commit()"),
    ("commit", f"{_SLICE}/points/service.py", "def spend(ctx): ctx.tx.rollback()", 2, "rollback()"),
    ("commit", "src/regulars/app/worker.py", "def run(engine): engine.begin()", 2, "begin()"),
    ("commit", f"{_SLICE}/points/service.py", "def spend(ctx): ctx.tx.begin_nested()", 2, "begin_nested()"),
    ("commit", f"{_SLICE}/loyalty/service/more.py", "def f(tx):\n    savepoint = tx.begin_nested()\n    tx.commit()", 4, "commit()"),
    ("commit", f"{_SLICE}/points/service.py", "def spend(db): db.transaction()", 2, "unit of work"),
    ("clock", f"{_SLICE}/points/service.py", "from datetime import datetime\nAT = datetime.now()", 3, "datetime.datetime.now"),
    ("clock", "src/regulars/app/worker.py", "import datetime as dt\nAT = dt.date.today()", 3, "datetime.date.today"),
    ("clock", "src/regulars/kernel/money.py", "from time import time\nAT = time()", 3, "time.time"),
    ("clock", f"{_SLICE}/points/store.py", "Q = 'SELECT 1 FROM lots WHERE until < now()'", 2, "SQL must not ask the time"),
    ("clock", f"{_SLICE}/points/tables.py", "import sqlalchemy as sa\nNOW = sa.func.now()", 3, "SQL must not ask the time"),
    ("ids", f"{_SLICE}/points/service.py", "from uuid import uuid4\nID = uuid4()", 3, "uuid.uuid4"),
    ("ids", "src/regulars/app/worker.py", "import uuid\nID = uuid.uuid5(uuid.NAMESPACE_DNS, '')", 3, "uuid.uuid5"),
    ("ids", "src/regulars/kernel/ids.py", "import uuid_utils", 1, "uuid_utils"),
    ("ids", f"{_SLICE}/points/store.py", "Q = 'SELECT gen_random_uuid()'", 2, "the database must not make ids"),
    ("environment", "src/regulars/platform/db.py", "import os\nHOME = os.environ['HOME']", 3, "os.environ"),
    ("environment", "src/regulars/app/worker.py", "from os import getenv\nHOME = getenv('HOME')", 3, "os.getenv"),
    ("sql", f"{_SLICE}/points/service.py", "Q = 'SELECT amount FROM lots'", 2, "store"),
    ("sql", "src/regulars/app/worker.py", "Q = f'UPDATE lots SET amount = {1}'", 2, "store"),
    ("trigger", f"{_SLICE}/points/store.py", "Q = 'CREATE TRIGGER t AFTER INSERT ON lots'", 2, "no trigger"),
    ("trigger", "src/regulars/app/migrations/versions/0002_more.py", "Q = 'create or replace trigger t'", 2, "no trigger"),
    ("size", "src/regulars/kernel/money.py", _LONG_MODULE, 1, "401 lines"),
    ("size", "src/regulars/kernel/money.py", "A = 1  # " + "为" * 132, 2, "141 characters"),
    ("size", "tests/test_money.py", _LONG_FUNCTION, 2, "long_one has 41 lines"),
    ("file-name", f"{_SLICE}/points/extras.py", "", 1, "extras"),
    ("slice-init", f"{_SLICE}/points/__init__.py", "A = 1", 1, "docstring"),
    ("name", "src/regulars/kernel/string_utils.py", "", 1, "utils"),
    ("name", "src/regulars/kernel/money.py", "class LotManager: pass", 2, "manager"),
    ("name", "tools/more.py", "def split_v2(): pass", 2, "v2"),
    ("problem", f"{_SLICE}/points/model.py", _DEFINE + '"a", en="No {x}.", zh="没有。")', 4, "only one has x"),
    ("problem", f"{_SLICE}/points/model.py", _DEFINE + '"a", en="No.", zh="No.")', 4, "zh is Chinese"),
    ("problem", f"{_SLICE}/points/model.py", _DEFINE + '"a", en="No.")', 4, "an English and a Chinese text"),
    ("problem", f"{_SLICE}/points/model.py", _DEFINE + '"a", en="No {x}.", zh="没有 {x}。")\nraise NO(y=1)', 5, "raised without x"),
    ("chinese", f"{_SLICE}/points/service.py", "SAY = '积分'", 2, "beside its English"),
    ("reason", "src/regulars/kernel/money.py", "A = 1  # noqa: E501", 2, "why"),
    ("reason", "src/regulars/kernel/money.py", "A = 1  # noqa", 2, "why"),
    ("reason", "tests/test_money.py", "A = 1  # type: ignore[misc]", 2, "why"),
    ("reason", "tests/test_money.py", "A = 1  # type: ignore", 2, "why"),
    ("later", "src/regulars/kernel/money.py", "A = 1  # TO" + "DO: more", 2, "finish it"),
    ("mock", "tests/test_money.py", "from unittest import mock", 1, "unittest.mock"),
    (
        "mock",
        "tests/test_money.py",
        "from regulars.kernel import money\ndef t(monkeypatch): monkeypatch.setattr(money, 'a', 1)",
        3,
        "replaces",
    ),
    ("mock", "tests/test_money.py", "def t(monkeypatch): monkeypatch.setattr('regulars.kernel.money.a', 1)", 2, "replaces"),
    ("mock", "tests/test_money.py", "def t(mocker): pass", 2, "mocker"),
    ("address", "docs/install.md", f"see https://{_REGISTRY_HOST}/simple", 2, "registry"),
    ("address", "tools/more.py", f"A = '{_FOLDER}/x'", 2, "one machine"),
]

ALLOWED = [
    (f"{_SLICE}/loyalty/service/apply.py", "def apply(ctx): ctx.tx.begin_nested()"),
    (f"{_SLICE}/points/store.py", "def write(tx): tx.begin_nested()"),
    (f"{_SLICE}/loyalty/service/more.py", "def f(tx):\n    savepoint = tx.begin_nested()\n    savepoint.commit()"),
    (f"{_SLICE}/points/store.py", "Q = 'SELECT amount FROM lots'"),
    ("src/regulars/platform/db.py", "def run(engine): engine.begin()"),
    (f"{_SLICE}/points/service.py", "from uuid import UUID\nZERO = UUID(int=0)"),
    (f"{_SLICE}/points/service.py", "from contextlib import contextmanager\nUSED = contextmanager"),
    (f"{_SLICE}/points/service.py", "WORD = {'en': 'points', 'zh': '积分'}"),
    (f"{_SLICE}/points/service.py", "WORD = print('points', '积分')"),
    (f"{_SLICE}/points/service.py", "def list_points():\n    'The points.'\n\nin_chinese = print\nin_chinese('积分')"),
    (f"{_SLICE}/points/service.py", "WORD = 'Points 积分'"),
    (f"{_SLICE}/points/service.py", "def say(n): return f'{n} points · 共 {n} 积分'"),
    ("src/regulars/app/migrations/versions/0002_more.py", _LONG_FUNCTION),
    ("src/regulars/app/migrations/versions/0002_more.py", "Q = 'ALTER TABLE lots ADD COLUMN n int'"),
    (f"{_SLICE}/points/service.py", "def say(zh): return ('积分', '等级') if zh else ('points', 'tiers')"),
    (f"{_SLICE}/points/service.py", "from regulars.domains import orders\norders.begin()"),
    (f"{_SLICE}/points/service.py", "def say(zh): return '积分' if zh else 'points'"),
    (f"{_SLICE}/points/service.py", "SAY = 'Select a reward from the list'"),
    (f"{_SLICE}/points/model.py", _DEFINE + '"a", en="No {x}.", zh="没有 {x}。")\nraise NO(x=1)'),
    (f"{_SLICE}/points/model.py", _DEFINE + '"a", en="No: {why}.", zh="不行：{why_zh}。")\nraise NO(why="", why_zh="")'),
    ("src/regulars/kernel/money.py", "A = 1  # noqa: ERA001, E501 - an example that readers copy"),
    ("src/regulars/kernel/money.py", "A = 1  # type: ignore[misc]  # the library ships no types"),
    ("src/regulars/kernel/money.py", 'def one() -> None:\n    """' + "More.\n" * 60 + '"""\n    print()'),
    ("tests/test_money.py", "import os\ndef t(monkeypatch): monkeypatch.setattr(os, 'sep', '/')"),
    ("tests/test_money.py", "def t(monkeypatch): monkeypatch.setenv('HOME', '/')"),
]


def _found(root: Path, path: str, text: str, **more: str) -> list[str]:
    """What the checks (all but the one that loads the product) say about the miniature with a file and ``more``, slashes as ``__``."""
    files = {path: text} | {f"{_SLICE}/{name.replace('__', '/', 1)}.py": added for name, added in more.items()}
    seeds.plant(root, {name: f'"""A file."""\n{added}\n' for name, added in files.items()})
    return [str(f) for f in lint.findings(root, [check for check in lint.CHECKS if check is not schema.schema])]


@pytest.mark.parametrize(("rule", "path", "text", "line", "word"), VIOLATIONS, ids=[f"{v[0]}: {v[4]}" for v in VIOLATIONS])
def test_a_check_names_its_violation(tmp_path: Path, rule: str, path: str, text: str, line: int, word: str) -> None:
    found = _found(tmp_path, path, text)
    expected = f"{path}:{line}: [{rule}]"
    assert [one for one in found if one.startswith(expected) and word in one], found


@pytest.mark.parametrize(("path", "text"), ALLOWED, ids=[text.splitlines()[-1][:60] for _, text in ALLOWED])
def test_what_is_allowed_is_not_reported(tmp_path: Path, path: str, text: str) -> None:
    assert _found(tmp_path, path, text) == []


def test_a_problem_code_belongs_to_one_declaration(tmp_path: Path) -> None:
    text = _DEFINE + '"a", en="No.", zh="没有。")'
    found = _found(tmp_path, f"{_SLICE}/points/model.py", text, orders__model=text)
    assert found == [f"{_SLICE}/points/model.py:4: [problem] the code 'a' is already declared in {_SLICE}/orders/model.py"]


def test_a_problem_handed_on_by_its_package_is_followed(tmp_path: Path) -> None:
    text = "from regulars.domains.tiers import model\nraise model.NO()"
    package = {
        "tiers__model/__init__": "from regulars.domains.tiers.model.problems import NO",
        "tiers__model/problems": _DEFINE + '"a", en="No {x}.", zh="没有 {x}。")',
    }
    assert _found(tmp_path, f"{_SLICE}/tiers/service.py", text, **package) == [
        f"{_SLICE}/tiers/service.py:3: [problem] a is raised without x"
    ]


def test_every_check_is_listed_with_what_it_holds() -> None:
    assert all(check.__doc__ for check in lint.CHECKS)


def test_a_clean_house_passes_and_a_breach_is_the_exit_code(tmp_path: Path) -> None:
    seeds.plant(tmp_path)
    command = [sys.executable, "-m", "tools.lint", "--root", str(tmp_path)]
    clean = subprocess.run(command, cwd=seeds.REPOSITORY, capture_output=True, text=True, check=False)
    assert (clean.returncode, clean.stdout, clean.stderr) == (0, "The house rules hold.\n", "")
    seeds.plant(tmp_path, {"src/regulars/kernel/utils.py": '"""A file."""\n'})
    broken = subprocess.run(command, cwd=seeds.REPOSITORY, capture_output=True, text=True, check=False)
    assert broken.returncode == 1
    assert broken.stdout.splitlines()[-1] == "1 breach of the house rules"


@pytest.mark.prove  # `make lint` says it of every change
def test_this_house_has_no_breach() -> None:
    command = [sys.executable, "-m", "tools.lint", "--root", str(seeds.REPOSITORY)]
    done = subprocess.run(command, cwd=seeds.REPOSITORY, env=os.environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
