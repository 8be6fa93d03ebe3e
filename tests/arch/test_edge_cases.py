"""The list of edge cases that have a test named by their number."""

from pathlib import Path

import pytest

from tests.arch import seeds
from tools import edge_cases


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tests = tmp_path / "tests"
    tests.mkdir()
    (tests / "test_a.py").write_text("def test_edge_07_soonest_first(): ...\n\nclass TestB:\n    def test_edge_7_late(self): ...\n")
    (tests / "test_b.py").write_text("def test_edge_12_two_channels(): ...\ndef test_edges(): ...\n")
    (tests / "support.py").write_text("def test_edge_13_not_a_test_file(): ...\n")
    return tests


def test_tests_are_found_by_number(folder: Path) -> None:
    assert edge_cases.named(folder) == {
        7: ["tests/test_a.py::test_edge_07_soonest_first", "tests/test_a.py::test_edge_7_late"],
        12: ["tests/test_b.py::test_edge_12_two_channels"],
    }


def test_ranges_and_numbers_are_understood() -> None:
    assert edge_cases.numbers(["1-3", "12"]) == {1, 2, 3, 12}


@pytest.mark.parametrize("word", ["x", "1-", "-3", "3-1", "0", "36", "1-36"])
def test_a_wrong_number_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match=r"expected a number|numbered 1 to 35"):
        edge_cases.numbers([word])


def test_a_required_number_without_a_test_fails(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert edge_cases.main(["7", "12", "--tests", str(folder)]) == 0
    assert edge_cases.main(["12-13", "--tests", str(folder)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "No test for the required cases 13"


def test_a_number_that_no_case_has_fails(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "test_c.py").write_text("def test_edge_36_unheard_of(): ...\n")
    assert edge_cases.main(["--tests", str(folder)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "There is no case 36: tests/test_c.py::test_edge_36_unheard_of"


def test_every_case_of_what_is_built_has_its_test(capsys: pytest.CaptureFixture[str]) -> None:
    built = ["1-10", "12-15", "28"]
    assert edge_cases.main([*built, "--tests", str(seeds.REPOSITORY / "tests")]) == 0, capsys.readouterr().out
