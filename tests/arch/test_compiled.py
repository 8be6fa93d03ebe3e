"""Compiled rules decide what interpreted ones do: the tests of the pure code once more, over the extensions."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools import compile_rules

ROOT = Path(__file__).resolve().parents[2]
PURE = (
    "tests/kernel",
    *(f"tests/domains/{name}" for name in ("points", "tiers", "coupons", "benefits", "rewards", "orders", "experiments")),
    *(str(file.relative_to(ROOT)) for file in sorted((ROOT / "tests/domains/loyalty").glob("test_rules*.py"))),
    *(f"tests/domains/loyalty/test_{name}.py" for name in ("edge_cases", "properties", "applying", "verify", "simulating")),
)
ABOUT_THE_INTERPRETER = "costs_nothing or become_one"
"""Two tests compare the code objects of closures: what is compiled has none."""


def test_what_is_compiled_exists_and_is_pure() -> None:
    modules = [file.relative_to(compile_rules.PACKAGE).as_posix() for file in compile_rules.hot()]
    assert "domains/loyalty/rules/decide.py" in modules
    assert "kernel/money.py" in modules
    assert not [name for name in modules if "/store" in name or "/service" in name or name.startswith("platform")]
    assert not [name for name in compile_rules.LEFT if not (compile_rules.PACKAGE / name).is_file()]


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compile_rules, "missing", lambda: None)
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(SystemExit, match="holds something else"):
        compile_rules.build(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.prove
@pytest.mark.skipif(compile_rules.missing() is not None, reason="needs a C compiler and Python's headers")
def test_the_tests_of_the_rules_pass_over_compiled_rules(tmp_path: Path) -> None:
    extensions = compile_rules.build(tmp_path / "compiled")
    assert len(extensions) > len(compile_rules.hot())
    seen = subprocess.run(
        [sys.executable, "-c", "from regulars.domains.loyalty.rules import decide; print(decide.__file__)"],
        env={"PYTHONPATH": str(tmp_path / "compiled")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert seen.stdout.strip().endswith(".so")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider"),
            *("-o", f"pythonpath={tmp_path / 'compiled'} .", "-k", f"not ({ABOUT_THE_INTERPRETER})", *PURE),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
