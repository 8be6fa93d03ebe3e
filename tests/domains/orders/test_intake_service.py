"""What waits in the database between reading a file and recording it."""

import codecs
import csv
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from regulars.domains.orders.intake import model, report
from regulars.domains.orders.intake import service as intake
from regulars.domains.orders.intake.assembly import Sale
from regulars.domains.orders.intake.model import Bad, Counts, Cursor, Field, Import, Person, Profile, State
from regulars.domains.orders.intake.planning import Plan, Wish
from regulars.kernel.problem import Problem
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from regulars.platform.files.opening import Options
from tests.domains.orders.intake_files import HEADER, row, written

Raw = psycopg.Connection[tuple[object, ...]]


def planned(path: Path, **profile: object) -> Plan:
    return intake.plan(path, Wish(overrides={}, profile=replace(Profile(), **profile), options=Options()))  # type: ignore[arg-type]  # settings by name


def read(db: Database, plan: Plan, keyring: Keyring | None = None) -> Import:
    """Begin the import and read it to its end."""
    with db.transaction() as ctx:
        one = intake.begin(ctx, plan)
        for chunk in intake.chunks(plan, one, now=ctx.now):
            one = intake.keep(ctx, one, chunk, keyring=keyring)
    return one


def applying(db: Database, plan: Plan, keyring: Keyring | None = None) -> Import:
    one = read(db, plan, keyring)
    with db.transaction() as ctx:
        return intake.start_applying(ctx, one, plan.profile.source)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(
        tmp_path / "orders.csv",
        [
            row("3", "2009-12-03 10:00", "b"),
            row("1", "2009-12-01 10:00", "b"),
            row("4", "2009-12-01 09:00", ""),
            row("2", "2009-12-02 10:00", "a"),
            row("3", "2009-11-30 10:00", "b", product="x"),
            row("A9", "2009-12-01 10:00", "b"),
        ],
    )


def test_a_plan_says_what_was_found_out(file: Path) -> None:
    plan = planned(file)
    assert (plan.mapping[Field.customer], plan.profile.date_format, plan.table.kind) == ("Customer ID", "ymd", "csv")
    assert (plan.sampled, plan.refunds, plan.adjustments) == (6, 0, 1)
    assert plan.sample[0][Field.order_number] == "3"


def test_rows_come_back_by_customer_and_time_of_the_order_nobody_last(db: Database, file: Path) -> None:
    plan = planned(file)
    one = applying(db, plan)
    assert (one.position, one.counts.rows, one.counts.classes, one.counts.reasons) == (6, 6, {"quarantined": 1}, {"adjustment": 1})
    with db.reading() as ctx:
        assert intake.waiting(ctx, one) == 5
        groups = list(intake.groups(ctx, one.lanes[0], plan.profile))
        assert list(intake.quarantined(ctx, one)) == [Bad(7, "order_number", "A9", "adjustment", "A")]
    assert [(group.owner, group.number, again) for group, again in groups] == [
        ("a", "2", False),
        ("b", "3", False),
        ("b", "1", False),
        ("", "4", False),
    ]
    assert isinstance(groups[1][0], Sale)
    assert groups[1][0].rows == [2, 6]


def test_an_import_goes_on_behind_its_cursor_and_sees_what_came_before_in_the_customer(db: Database, file: Path) -> None:
    plan = planned(file)
    one = applying(db, plan)
    with db.transaction() as ctx:
        intake.advance(ctx, one.lanes[0], Cursor("b", 1), Counts(), bad=[], progress=0.5)
    with db.reading() as ctx:
        (lane,) = intake.get(ctx, one.import_id).lanes
        groups = list(intake.groups(ctx, lane, plan.profile))
    assert [(group.number, again) for group, again in groups] == [("3", True), ("1", False), ("4", False)]


def test_lanes_share_the_customers_and_the_import_counts_for_all_of_them(db: Database, tmp_path: Path) -> None:
    customers = ["a", "b", "b", "b", "b", "b", "c", "d", "", "", "", ""]
    rows = [row(str(n), f"2009-12-{n + 1:02} 10:00", customer) for n, customer in enumerate(customers)]
    plan = planned(written(tmp_path / "orders.csv", rows))
    one = read(db, plan)
    with db.transaction() as ctx:
        one = intake.start_applying(ctx, one, "import", lanes=4)
        assert intake.get(ctx, one.import_id) == one
        assert [(lane.low, lane.high) for lane in one.lanes] == [(None, "b"), ("b", "c"), ("c", ""), ("", None)]
        groups = [[group.number for group, _ in intake.groups(ctx, lane, plan.profile)] for lane in one.lanes]
        assert groups == [["0"], ["1", "2", "3", "4", "5"], ["6", "7"], ["8", "9", "10", "11"]]
        more = Counts()
        more.classes["imported_member"] = 5
        moved = intake.advance(ctx, one.lanes[1], Cursor("b", 5), more, bad=[], progress=1.0)
        found = intake.get(ctx, one.import_id)
        assert found == one.with_lane(moved)
        assert (found.progress, found.counts.classes, found.counts.rows) == (0.25, {"imported_member": 5}, 12)
        for lane in found.lanes:
            intake.finish_lane(ctx, lane)
        done = intake.finish(ctx, one)
        assert intake.get(ctx, one.import_id) == done
        assert (done.counts.classes, done.progress, done.lanes) == ({"imported_member": 5}, 1.0, ())


@pytest.mark.parametrize("customers", [["a"] * 9, [""] * 9, ["a"] + [""] * 8])
def test_one_customer_is_never_in_two_lanes(db: Database, tmp_path: Path, customers: list[str]) -> None:
    rows = [row(str(n), f"2009-12-{n + 1:02} 10:00", customer) for n, customer in enumerate(customers)]
    plan = planned(written(tmp_path / "orders.csv", rows))
    one = read(db, plan)
    with db.transaction() as ctx:
        one = intake.start_applying(ctx, one, "import", lanes=3)
        groups = [[group.owner for group, _ in intake.groups(ctx, lane, plan.profile)] for lane in one.lanes]
    assert groups == [[owner] * customers.count(owner) for owner in dict.fromkeys(customers)]


def test_an_order_belongs_to_one_lane_whoever_its_rows_name(db: Database, tmp_path: Path) -> None:
    rows = [row("1", customer=""), row("1", customer="b"), row("1", customer="a"), row("2", customer="a"), row("3", customer="b")]
    plan = planned(written(tmp_path / "orders.csv", rows))
    one = read(db, plan)
    with db.transaction() as ctx:
        one = intake.start_applying(ctx, one, "import", lanes=2)
        assert [(lane.low, lane.high) for lane in one.lanes] == [(None, "b"), ("b", None)]
        groups = [[(group.owner, group.number) for group, _ in intake.groups(ctx, lane, plan.profile)] for lane in one.lanes]
    assert groups == [[("a", "2")], [("b", "1"), ("b", "3")]]


def test_only_one_of_two_processes_moves_a_lane(db: Database, file: Path) -> None:
    one = applying(db, planned(file))
    with db.transaction() as ctx:
        intake.advance(ctx, one.lanes[0], Cursor("a", 1), Counts(), bad=[], progress=0.5)
        with pytest.raises(Problem) as refused:
            intake.advance(ctx, one.lanes[0], Cursor("a", 1), Counts(), bad=[], progress=0.5)
    assert refused.value.code == "import.running"


def test_reading_goes_on_where_it_stopped(db: Database, tmp_path: Path) -> None:
    rows = [row(str(n), "2009-12-01 10:00", str(n % 7), quantity="x" if n % 1000 == 0 else "1") for n in range(1, 120_001)]
    plan = planned(written(tmp_path / "orders.csv", rows))
    with db.transaction() as ctx:
        one = intake.begin(ctx, plan)
    positions = []
    while True:
        # Each turn is a process of its own that stops after one chunk.
        with db.transaction() as ctx:
            again = intake.begin(ctx, plan)
            assert again == one
            chunk = next(intake.chunks(plan, again, now=ctx.now), None)
            if chunk is None:
                break
            one = intake.keep(ctx, again, chunk, keyring=None)
            positions.append(one.position)
    assert len(positions) > 3
    assert (one.position, one.counts.rows, one.counts.reasons) == (120_000, 120_000, {"quantity": 120})
    with db.reading() as ctx:
        assert intake.waiting(ctx, one) == 119_880


def test_a_file_that_changed_since_is_refused_and_can_be_begun_anew(db: Database, file: Path, connection: Raw) -> None:
    old = read(db, planned(file))
    written(file, [row("5")])
    with pytest.raises(Problem, match="--restart") as refused, db.transaction() as ctx:
        intake.begin(ctx, planned(file))
    assert (refused.value.code, refused.value.fields["rows"]) == ("import.file_changed", 6)
    with db.transaction() as ctx:
        new = intake.begin(ctx, planned(file), restart=True)
        assert intake.get(ctx, old.import_id).state is State.abandoned
    assert (new.position, new.state) == (0, State.reading)
    for table in ("import_rows", "import_quarantine"):
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchall() == [(0,)]


def test_other_settings_are_as_good_as_another_file(db: Database, file: Path) -> None:
    read(db, planned(file))
    with pytest.raises(Problem, match="settings changed"), db.transaction() as ctx:
        intake.begin(ctx, planned(file, zone="Asia/Shanghai"))


def test_only_one_of_two_processes_moves_an_import(db: Database, file: Path) -> None:
    plan = planned(file)
    with db.transaction() as ctx:
        one = intake.begin(ctx, plan)
        chunk = next(intake.chunks(plan, one, now=ctx.now))
        intake.keep(ctx, one, chunk, keyring=None)
    with pytest.raises(Problem) as refused, db.transaction() as ctx:
        intake.keep(ctx, one, chunk, keyring=None)
    assert refused.value.code == "import.running"
    with db.reading() as ctx:
        assert intake.waiting(ctx, one) == 5


def test_personal_values_wait_sealed_and_go_with_the_import(db: Database, tmp_path: Path, keyring: Keyring, connection: Raw) -> None:
    rows = [(*row("1", customer="m1"), "13800138000", "李雷"), (*row("2", customer="m1"), "13900139000", "李雷")]
    plan = planned(written(tmp_path / "orders.csv", rows, (*HEADER, "手机号", "姓名")))
    with pytest.raises(ValueError, match="keyring"):
        read(db, plan)
    one = read(db, plan, keyring)
    stored = str(connection.execute("SELECT r.*, p.* FROM import_rows r, import_people p").fetchall())
    assert "m1" in stored
    assert "13900139000" not in stored
    assert "李雷" not in stored
    with db.reading() as ctx:
        assert intake.people(ctx, one, ["m1", "m2"], keyring=keyring) == {"m1": Person(3, "13900139000", "", "李雷")}
    with db.transaction() as ctx:
        one = intake.start_applying(ctx, one, "import")
        with pytest.raises(ValueError, match="lanes"):
            intake.finish(ctx, one)
        intake.finish_lane(ctx, one.lanes[0])
        done = intake.finish(ctx, one)
    assert (done.state, done.wrapped_key) == (State.done, None)
    assert connection.execute("SELECT count(*) FROM import_people").fetchall() == [(0,)]
    assert connection.execute("SELECT wrapped_key FROM imports").fetchall() == [(None,)]


def test_a_backslash_in_a_value_is_only_a_backslash(db: Database, tmp_path: Path) -> None:
    plan = planned(written(tmp_path / "orders.csv", [row("1\\N", customer="\\.", product="a\\tb\\")]))
    one = applying(db, plan)
    with db.reading() as ctx:
        ((group, _),) = intake.groups(ctx, one.lanes[0], plan.profile)
    assert isinstance(group, Sale)
    assert (group.number, group.owner, group.lines[0].product) == ("1\\N", "\\.", "a\\tb\\")


def test_a_mapping_is_saved_by_name_and_found_again(db: Database, file: Path) -> None:
    plan = planned(file, zone="Asia/Shanghai", currency="CNY", moved_days=7)
    with db.transaction() as ctx:
        intake.save_mapping(ctx, "tills", plan)
        intake.save_mapping(ctx, "tills", plan)
    with db.reading() as ctx:
        columns, profile = intake.saved_mapping(ctx, "tills")
        with pytest.raises(Problem, match="tills") as unknown:
            intake.saved_mapping(ctx, "till")
    assert columns == dict(plan.mapping)
    assert profile == replace(plan.profile, moved_days=0)
    assert unknown.value.code == "import.mapping_unknown"


def test_the_latest_imports_come_first(db: Database, file: Path, tmp_path: Path) -> None:
    first = read(db, planned(file))
    second = read(db, planned(written(tmp_path / "more.csv", [row()])))
    with db.reading() as ctx:
        assert {one.import_id for one in intake.latest(ctx)} == {first.import_id, second.import_id}
        assert intake.latest(ctx, 1)[0].import_id == max(first.import_id, second.import_id)


def test_the_quarantine_file_opens_rightly_in_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    rows = [
        Bad(7, "quantity", "-96", "quantity_not_positive"),
        Bad(9, "order_number", "=1+1", "text", "64"),
        Bad(9, "phone", "(3)", "orders.refund_wrong_member", '{"number": "7"}', kept=True),
    ]
    assert report.write_quarantine(path, "orders.csv", rows, language="zh") == 3
    assert path.read_bytes().startswith(codecs.BOM_UTF8)
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["文件", "行", "字段", "值", "原因", "应为", "是否已导入"],
            ["orders.csv", "7", "quantity", "-96", "quantity_not_positive: 销售数量为零或负数", "大于等于 1；退款应使用退款单号", "否"],
            ["orders.csv", "9", "order_number", "'=1+1", "text: 文本过长或含控制字符", "不超过 64 个可见字符", "否"],
            ["orders.csv", "9", "phone", "(3)", "orders.refund_wrong_member: 订单 7 属于另一位会员。", "", "是"],
        ]
    report.write_quarantine(path, "orders.csv", rows, language="en")
    assert "a sale of nothing or less" in path.read_text(encoding="utf-8-sig")


def test_counts_survive_the_database_and_say_whether_every_row_is_in_one_class() -> None:
    counts = Counts(rows=3)
    counts.classes.update({"imported_member": 2, "quarantined": 1})
    assert not report.accounted(counts)
    counts.reasons["time"] = 1
    assert report.accounted(counts)
    assert Counts.of(counts.as_dict()) == counts
    assert counts.plus(counts).rows == 6
    assert counts.rows == 3


def test_every_field_and_reason_speaks_both_languages() -> None:
    assert set(model.LABELS) == set(Field)
    assert len(report.class_rows(Counts(), "zh")) == len(model.RowClass) + 1
