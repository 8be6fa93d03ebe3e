"""Every table that is keyed by a member or a subject is known, and what is said of it holds."""

import pytest

from regulars.app import schema
from regulars.domains.privacy.registry import KNOWN, Erased, Exported

_KEYS = {"member_id", "subject_id"}


def test_every_table_with_a_member_or_a_subject_is_known_and_no_other() -> None:
    tables = schema.metadata().tables
    assert {name for name, table in tables.items() if _KEYS & set(table.columns.keys())} == set(KNOWN)


@pytest.mark.parametrize("name", sorted(set(KNOWN) - {"claims"}))
def test_the_key_comes_first_in_the_primary_key(name: str) -> None:
    assert schema.metadata().tables[name].primary_key.columns.keys()[0] == KNOWN[name].key


def test_personal_data_never_stays() -> None:
    assert {name for name, known in KNOWN.items() if known.personal and known.erased is Erased.kept} == set()


def test_sealed_columns_are_told_by_the_slice_that_can_open_them() -> None:
    sealed = {name for name in KNOWN if {"sealed", "wrapped"} & set(schema.metadata().tables[name].columns.keys())}
    assert {name for name in sealed if KNOWN[name].exported is Exported.rows} == set()


def test_every_table_says_why() -> None:
    assert all(len(known.why) > 10 for known in KNOWN.values())
