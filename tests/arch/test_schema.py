"""The rules for tables: keyed by member, nothing across members, known to privacy. Each is broken once."""

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint, Uuid

from regulars.app import schema as product
from tests.arch import seeds
from tools.lint import schema
from tools.lint.house import House

_KEY = "member_id"


def _member_table(metadata: MetaData, *more: sa.schema.SchemaItem, name: str = "lots") -> None:
    Table(name, metadata, Column(_KEY, Uuid, primary_key=True), Column("no", Integer, primary_key=True), *more)


def _said(metadata: MetaData, known: set[str] | None = None, unkeyed: set[str] | None = None) -> list[str]:
    return [f"[{f.rule}] {f.text}" for f in schema.walk(metadata, known, unkeyed or set())]


def test_a_table_keyed_by_member_or_subject_is_fine() -> None:
    metadata = MetaData()
    _member_table(metadata)
    Table("orders", metadata, Column("subject_id", Uuid, primary_key=True), Column("order_id", Uuid, primary_key=True))
    assert _said(metadata, {"lots", "orders"}) == []


def test_a_table_keyed_by_something_else_is_named() -> None:
    metadata = MetaData()
    Table("lots", metadata, Column("lot_id", Uuid, primary_key=True), Column(_KEY, Uuid, primary_key=True))
    assert _said(metadata) == ["[keyed] lots: the primary key begins with lot_id, not with member_id or subject_id"]


def test_a_table_without_a_key_is_named() -> None:
    metadata = MetaData()
    Table("lots", metadata, Column(_KEY, Uuid))
    assert _said(metadata) == ["[keyed] lots: the primary key begins with nothing, not with member_id or subject_id"]


@pytest.mark.parametrize("unique", ["constraint", "index", "column"])
def test_a_unique_index_across_members_is_named(unique: str) -> None:
    metadata = MetaData()
    more: dict[str, list[sa.schema.SchemaItem]] = {
        "constraint": [Column("code", Text), UniqueConstraint("code", _KEY)],
        "index": [Column("code", Text), Index("codes", "code", _KEY, unique=True)],
        "column": [Column("code", Text, unique=True), Index("plain", _KEY)],
    }
    _member_table(metadata, *more[unique])
    named = "code" if unique == "column" else "code, member_id"
    assert _said(metadata) == [f"[crossing] lots: unique ({named}) crosses members: take a claim instead"]


def test_a_unique_index_within_a_member_is_fine() -> None:
    metadata = MetaData()
    _member_table(metadata, Column("code", Text), UniqueConstraint(_KEY, "code"), Index("codes", "code"))
    assert _said(metadata) == []


def test_a_foreign_key_across_members_is_named() -> None:
    metadata = MetaData()
    Table("stores", metadata, Column("store", Text, primary_key=True))
    _member_table(metadata, Column("store", Text, ForeignKey("stores.store")))
    assert _said(metadata, unkeyed={"stores"}) == ["[crossing] lots: the foreign key on store can cross members: check it in the service"]


def test_a_table_privacy_does_not_know_is_named() -> None:
    metadata = MetaData()
    _member_table(metadata)
    Table("claims", metadata, Column("key", Text, primary_key=True), Column("subject_id", Uuid))
    said = _said(metadata, {"lots"}, {"claims"})
    assert said == [
        "[privacy] claims names members but regulars.domains.privacy.registry.KNOWN does not list it: it would survive an erasure"
    ]


def test_a_table_privacy_lists_but_nobody_has_is_named() -> None:
    metadata = MetaData()
    _member_table(metadata)
    assert _said(metadata, {"lots", "gone"}) == ["[privacy] regulars.domains.privacy.registry.KNOWN lists gone, but there is no such table"]


def test_every_table_listed_as_not_keyed_is_there() -> None:
    assert sorted(set(schema.UNKEYED) - set(product.metadata().tables)) == []


def test_the_real_tables_pass() -> None:
    assert [str(f) for f in schema.schema(House(seeds.REPOSITORY))] == []


def test_every_exception_says_why() -> None:
    assert all(len(reason) > 20 for reason in schema.UNKEYED.values())


def test_a_house_without_tables_has_nothing_to_walk(tmp_path: Path) -> None:
    assert list(schema.schema(House(tmp_path))) == []


def test_the_tool_loads_the_tables_of_the_house_it_is_given(tmp_path: Path) -> None:
    table = """import sqlalchemy as sa
from regulars.platform.db import metadata

lots = sa.Table("lots", metadata, sa.Column("no", sa.Integer, primary_key=True), sa.Column("member_id", sa.Uuid))
"""
    seeds.plant(
        tmp_path,
        {
            "src/regulars/domains/points/tables.py": f'"""Tables."""\n{table}',
            "src/regulars/domains/privacy/registry.py": '"""What is known."""\nKNOWN: dict[str, object] = {}\n',
            "src/regulars/app/schema.py": '"""All tables."""\nfrom regulars.domains.points import tables\n\n\n'
            "def metadata() -> object:\n    return tables.metadata\n",
        },
    )
    command = [sys.executable, "-m", "tools.lint", "--root", str(tmp_path)]
    done = subprocess.run(command, cwd=seeds.REPOSITORY, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == [
        "src/regulars/app/schema.py:1: [keyed] lots: the primary key begins with no, not with member_id or subject_id",
        (
            "src/regulars/app/schema.py:1: [privacy] lots names members but regulars.domains.privacy.registry.KNOWN does not list it:"
            " it would survive an erasure"
        ),
        "2 breaches of the house rules",
    ]
    assert done.returncode == 1
