"""Files in by upload, over HTTP: sent, looked at, imported by a worker, watched, cancelled, gone on with, reported."""

import csv
import hashlib
import io
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import psycopg
import pytest

from regulars.domains.loyalty.tasks import upload_files
from regulars.platform.clock import MovableClock
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.support import served, uploading

BAD = [
    "A-1,2026-02-01 10:00:00,m0,sku-1,2,10.00",
    "A-2,昨天,m1,sku-1,1,10.00",
    "A-3,2026-02-03 10:00:00,m1,=SUM(A1),1,=1+1",
    "A-4,2026-02-03 10:00:00,m2,手套,1,三元",
    "A-5,2026-02-03 10:00:00,m2,手套,1,12.50",
]


@pytest.fixture
def api(house: Database, keyring: Keyring, tmp_path: Path) -> Iterator[httpx.Client]:
    with served.client(house, keyring, tmp_path) as client:
        yield client


@pytest.fixture
def working(house: Database, tmp_path: Path) -> Iterator[None]:
    with uploading.worker(house, tmp_path):
        yield


def imported(api: httpx.Client, content: bytes, **wish: Any) -> dict[str, Any]:
    run = uploading.start(api, uploading.send(api, content)["id"], **wish)
    return uploading.until(api, run["id"], uploading.ended)


def test_a_sent_file_is_told_by_its_content_and_kept_under_its_id_alone(api: httpx.Client, tmp_path: Path) -> None:
    content = uploading.table(uploading.rows(3))
    sent = uploading.send(api, content, "../../etc/二月 销售.XLSX")
    assert {name: sent[name] for name in ("name", "size", "sha256", "format", "uploaded_by", "uploaded_at", "removed_at")} == {
        "name": "二月 销售.XLSX",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "format": "csv",
        "uploaded_by": served.CALLER,
        "uploaded_at": served.NOW,
        "removed_at": None,
    }
    (kept,) = (tmp_path / "data" / "uploads").iterdir()
    assert (kept.read_bytes(), len(kept.name), kept.stat().st_mode & 0o777) == (content, 32, 0o600)
    assert api.get(f"/v1/imports/files/{sent['id']}").json() == sent


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "file.empty"), (b"\x00\x01\x02" * 100, "file.kind_unknown"), (b"\x1f\x8bxx", "file.kind_unknown")]
)
def test_what_is_no_table_is_refused_and_nothing_of_it_is_kept(api: httpx.Client, tmp_path: Path, content: bytes, code: str) -> None:
    refused = served.refused(api.post("/v1/imports/files", params={"name": "x.csv"}, content=content), 422, code)
    assert "x.csv" in refused["detail"]
    assert str(tmp_path) not in refused["detail"]
    folder = tmp_path / "data" / "uploads"
    assert not folder.exists() or list(folder.iterdir()) == []


def test_a_file_over_the_limit_is_refused_while_it_comes(
    house: Database, keyring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGULARS_UPLOAD_MAX_BYTES", "2097152")

    def parts() -> Iterator[bytes]:
        for _ in range(4):
            yield b"x" * 1_048_576

    with served.client(house, keyring, tmp_path) as api:
        for content in (b"x" * 2_097_153, parts()):
            try:
                answer = api.post("/v1/imports/files", params={"name": "x.csv"}, content=content)
            except httpx.TransportError:
                continue  # The server had said no and hung up while we were still sending.
            assert served.refused(answer, 413, "http.too_large")["data"] == {"most": 2_097_152}
    folder = tmp_path / "data" / "uploads"
    assert not folder.exists() or list(folder.iterdir()) == []


def test_a_form_around_the_file_is_refused(api: httpx.Client) -> None:
    answer = api.post("/v1/imports/files", params={"name": "x.csv"}, files={"file": ("x.csv", b"a,b\n1,2\n")})
    served.refused(answer, 415, "http.media_type")


def test_a_preview_shows_what_columns_mean_and_what_would_be_quarantined(api: httpx.Client) -> None:
    header = uploading.HEADER + ",手机号,备注"
    content = uploading.table([f"{row},1381234567{n},嗯" for n, row in enumerate(BAD)], header=header)
    sent = uploading.send(api, content)
    seen = api.get(f"/v1/imports/files/{sent['id']}/preview").json()
    assert [(column["name"], column["field"]) for column in seen["columns"]] == [
        ("单号", "order_number"),
        ("下单时间", "time"),
        ("会员号", "customer"),
        ("商品编码", "product"),
        ("数量", "quantity"),
        ("单价", "price"),
        ("手机号", "phone"),
        ("备注", None),
    ]
    assert seen["columns"][6]["samples"] == ["•••"]
    assert seen["rows"][4] == ["A-5", "2026-02-03 10:00:00", "m2", "手套", "1", "12.50", "•••", "嗯"]
    assert (seen["ready"], seen["problems"], seen["looked_at"], seen["adjustments"]) == (True, [], 5, 5)
    assert (seen["profile"]["zone"], seen["profile"]["currency"], seen["profile"]["date_format"]) == ("Europe/London", "GBP", "ymd")
    wish = {"adjustment_prefix": "", "mapping": {"phone": ""}}
    without = api.post(f"/v1/imports/files/{sent['id']}/preview", json=wish).json()
    assert [(warned["code"], warned["rows"], warned["line"], warned["value"]) for warned in without["warnings"]] == [
        ("number", 2, 4, "=1+1"),
        ("time", 1, 3, "昨天"),
    ]
    assert without["warnings"][1]["text"] == {"en": "no date and time of the form …", "zh": "不是 … 形式的日期时间"}
    assert without["columns"][6]["samples"][0] == "13812345670"


def test_a_preview_names_what_stands_in_the_way_and_the_start_refuses_it(api: httpx.Client) -> None:
    sent = uploading.send(api, uploading.table(["1,03/04/2026,5"], header="Nummer,Datum,Preis"))
    seen = api.get(f"/v1/imports/files/{sent['id']}/preview").json()
    assert (seen["ready"], seen["problems"][0]["code"], seen["problems"][0]["data"]["field"]) == (
        False,
        "import.column_needed",
        "order_number",
    )
    mapping = {"order_number": "Nummer", "time": "Datum", "price": "Preis"}
    seen = api.post(f"/v1/imports/files/{sent['id']}/preview", json={"mapping": mapping}).json()
    assert (seen["problems"][0]["code"], [column["field"] for column in seen["columns"]]) == (
        "import.dates_ambiguous",
        ["order_number", "time", "price"],
    )
    refused = api.post("/v1/imports", json={"file": sent["id"], "mapping": mapping})
    served.refused(refused, 422, "import.dates_ambiguous")
    unknown = api.post("/v1/imports", json={"file": sent["id"], "mapping": {"order_number": "Numer"}})
    assert served.refused(unknown, 422, "import.column_unknown")["data"]["near"].startswith("Nummer")
    assert api.get("/v1/imports").json() == {"items": [], "next": None}


def test_the_choices_begin_with_the_programmes_own(api: httpx.Client) -> None:
    given = api.get("/v1/imports/choices").json()
    assert (given["zone"], given["currency"], given["currencies"][0], given["keep_days"]) == ("Europe/London", "GBP", "GBP", 30)
    assert {"Asia/Shanghai", "Europe/London"} < set(given["zones"])
    assert {"field": "phone", "en": "phone number", "zh": "手机号", "personal": True, "required": False} in given["fields"]


@pytest.mark.usefixtures("working")
def test_an_import_runs_in_the_background_and_the_same_file_again_is_harmless(api: httpx.Client, house: Database) -> None:
    content = uploading.table(uploading.rows(500))
    done = imported(api, content, source="tmall")
    assert {name: done[name] for name in ("state", "name", "done", "total", "rows", "error", "asked_by", "reasons")} == {
        "state": "done",
        "name": "二月销售.csv",
        "done": 500,
        "total": 500,
        "rows": 500,
        "error": None,
        "asked_by": served.CALLER,
        "reasons": [],
    }
    assert [(kind["name"], kind["rows"], kind["known"]) for kind in done["classes"] if kind["rows"]] == [("imported_member", 500, 0)]
    # 10 orders a member of 10.00 each give a point a pound.
    assert api.get("/v1/members/external:m0/balances").json()["items"][0]["available"] == 100
    again = imported(api, content, source="tmall")
    assert [(kind["name"], kind["rows"], kind["known"]) for kind in again["classes"] if kind["rows"]] == [("imported_member", 500, 500)]
    assert api.get("/v1/members/external:m0/balances").json()["items"][0]["available"] == 100
    listed = api.get("/v1/imports", params={"limit": 1}).json()
    rest = api.get("/v1/imports", params={"limit": 1, "cursor": listed["next"]}).json()
    assert ([one["id"] for one in listed["items"] + rest["items"]], rest["next"]) == ([again["id"], done["id"]], None)
    jobs = uploading.jobs_at_rest(api)
    assert [(job["kind"], job["label"]["zh"], job["state"], job["done"], job["total"], job["asked_by"]) for job in jobs] == [
        ("import_orders", "导入订单", "done", 500, 500, served.CALLER)
    ] * 2
    assert api.get(f"/v1/jobs/{done['job']}").json() == jobs[1]
    served.clean(house)


@pytest.mark.usefixtures("working")
def test_what_was_not_taken_is_paged_filtered_and_downloaded_with_its_chinese_intact(api: httpx.Client) -> None:
    done = imported(api, uploading.table(BAD))
    assert [(reason["code"], reason["rows"]) for reason in done["reasons"]] == [("number", 2), ("time", 1)]
    path = f"/v1/imports/{done['id']}"
    first = api.get(f"{path}/quarantine", params={"limit": 2}).json()
    rest = api.get(f"{path}/quarantine", params={"limit": 2, "cursor": first["next"]}).json()
    rows = first["items"] + rest["items"]
    assert [(row["line"], row["field"], row["value"], row["reason"], row["kept"]) for row in rows] == [
        (3, "time", "昨天", "time", False),
        (4, "price", "=1+1", "number", False),
        (5, "price", "三元", "number", False),
    ]
    assert (rows[0]["label"], rows[0]["wrong"], rest["next"]) == (
        {"en": "time of the order", "zh": "下单时间"},
        {"en": "no date and time of the form 2026-03-01 12:30:00", "zh": "不是 2026-03-01 12:30:00 形式的日期时间"},
        None,
    )
    assert [row["line"] for row in api.get(f"{path}/quarantine", params={"reason": "number"}).json()["items"]] == [4, 5]
    sheet = api.get(f"{path}/report", params={"format": "csv"}, headers={"accept-language": "zh"})
    assert sheet.content.startswith(b"\xef\xbb\xbf")
    assert sheet.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E4%BA%8C")
    lines = list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert lines[0] == ["文件", "行", "字段", "值", "原因", "问题", "应为", "其余已导入"]
    assert lines[2] == ["二月销售.csv", "4", "单价", "'=1+1", "number", "不是数字", "形如 1234.56 的数字", "否"]
    book = openpyxl.load_workbook(
        io.BytesIO(api.get(f"{path}/report", params={"format": "xlsx"}, headers={"accept-language": "zh"}).content)
    )
    assert book.sheetnames == ["汇总", "隔离行"]
    cells = list(book["隔离行"].rows)
    assert (cells[2][3].value, cells[2][3].data_type, cells[3][3].value) == ("=1+1", "s", "三元")


@pytest.mark.usefixtures("working")
def test_values_of_quarantined_rows_take_a_permission_of_their_own(api: httpx.Client) -> None:
    done = imported(api, uploading.table(BAD))
    few = {served.PERMISSIONS: "imports.read"}
    page = api.get(f"/v1/imports/{done['id']}/quarantine", headers=few).json()
    assert [(row["line"], row["value"], row["wrong"]["en"]) for row in page["items"]] == [
        (3, None, "no date and time of the form …"),
        (4, None, "not a number"),
        (5, None, "not a number"),
    ]
    for form in ("csv", "xlsx"):
        content = api.get(f"/v1/imports/{done['id']}/report", params={"format": form}, headers=few).content
        text = (
            content.decode("utf-8-sig")
            if form == "csv"
            else str([[c.value for c in r] for r in openpyxl.load_workbook(io.BytesIO(content)).worksheets[1].rows])
        )
        assert "昨天" not in text
        assert "•••" in text


def test_an_import_waits_for_a_worker_is_cancelled_and_goes_on(api: httpx.Client, house: Database, tmp_path: Path) -> None:
    sent = uploading.send(api, uploading.table(uploading.rows(200)))
    run = uploading.start(api, sent["id"])
    assert (run["state"], run["done"], run["total"], run["remaining_seconds"]) == ("queued", 0, None, None)
    same = api.post("/v1/imports", json={"file": sent["id"], "adjustment_prefix": "", "refund_prefix": "C"})
    assert (same.status_code, same.json()["id"]) == (200, run["id"])
    other = api.post("/v1/imports", json={"file": sent["id"], "source": "jd", "adjustment_prefix": ""})
    assert served.refused(other, 409, "uploads.under_way")["data"] == {"name": "二月销售.csv", "run": run["id"]}
    for _ in range(2):
        assert api.post(f"/v1/imports/{run['id']}/cancel").json()["state"] == "cancelled"
    for _ in range(2):
        assert api.post(f"/v1/imports/{run['id']}/resume").json()["state"] == "queued"
    with uploading.worker(house, tmp_path):
        done = uploading.until(api, run["id"], uploading.ended)
    assert (done["state"], done["rows"]) == ("done", 200)
    served.refused(api.post(f"/v1/imports/{run['id']}/cancel"), 409, "uploads.ended")
    served.refused(api.post(f"/v1/imports/{run['id']}/resume"), 409, "uploads.not_stopped")
    assert [job["state"] for job in api.get("/v1/jobs").json()["items"]] == ["done", "cancelled"]
    assert [job["state"] for job in api.get("/v1/jobs", params={"state": "cancelled"}).json()["items"]] == ["cancelled"]


def test_a_failed_import_says_why_in_both_languages_and_goes_on_when_that_is_mended(
    api: httpx.Client, house: Database, tmp_path: Path
) -> None:
    content = uploading.table(uploading.rows(5))
    sent = uploading.send(api, content)
    run = uploading.start(api, sent["id"])
    (kept,) = (tmp_path / "data" / "uploads").iterdir()
    kept.unlink()
    with uploading.worker(house, tmp_path):
        seen = uploading.until(api, run["id"], uploading.ended)
        assert (seen["state"], seen["error"]) == (
            "failed",
            {
                "code": "file.missing",
                "en": "There is no readable file 二月销售.csv.",
                "zh": "文件 二月销售.csv 不存在或无法读取。",
            },
        )
        kept.write_bytes(content)
        assert api.post(f"/v1/imports/{run['id']}/resume").json()["error"] is None
        assert uploading.until(api, run["id"], uploading.ended)["state"] == "done"


def test_a_file_is_removed_after_its_time_and_what_waited_of_it_goes_too(
    api: httpx.Client, house: Database, clock: MovableClock, tmp_path: Path, connection: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    def forget(db: Database) -> int:
        return upload_files.forget_old(db, data_dir=uploading.settings(tmp_path).data_dir, keep_days=30)

    sent = uploading.send(api, uploading.table(uploading.rows(20)))
    run = uploading.start(api, sent["id"])
    clock.move(timedelta(days=31))
    folder = tmp_path / "data" / "uploads"
    for path in folder.iterdir():
        os.utime(path, (0, 0))
    assert forget(house) == 0  # It is about to be imported.
    api.post(f"/v1/imports/{run['id']}/cancel")
    stray = folder / "01234567.part"
    stray.write_bytes(b"x")
    os.utime(stray, (0, 0))
    assert (forget(house), list(folder.iterdir())) == (2, [])
    assert forget(house) == 0
    assert api.get(f"/v1/imports/files/{sent['id']}").json()["removed_at"] == "2026-04-01T12:00:00Z"
    for answer in (
        api.get(f"/v1/imports/files/{sent['id']}/preview"),
        api.post("/v1/imports", json={"file": sent["id"]}),
        api.post(f"/v1/imports/{run['id']}/resume"),
    ):
        gone = served.refused(answer, 409, "uploads.gone")
        assert gone["data"] == {"name": "二月销售.csv", "at": "2026-04-01", "days": 30}
    assert connection.execute("SELECT count(*) FROM import_rows").fetchone() == (0,)
