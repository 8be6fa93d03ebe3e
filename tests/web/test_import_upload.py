"""An import by upload in a real browser, with a real server and a worker that is a process of its own."""

import csv
import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from regulars.app import serve, wiring
from regulars.app import settings as app_settings
from regulars.platform import clock, jobs
from regulars.platform import db as database
from regulars.platform.settings import Settings
from tests.support import serving, uploading
from tests.web.conftest import Window
from tools import ui_browser, ui_serve
from tools.ui_browser import Look

ROOT = Path(__file__).parents[2]
ROWS = 24_000
"""Enough for two lanes, each in a process of its own, of three batches."""
HEADER = "单号,下单时间,会员号,商品编码,数量,单价"
BAD = (
    "坏-1,不是日期,m1,龙井茶,1,10.00",
    "坏-2,2026-02-03 10:00:00,m2,龙井茶,两件,10.00",
    "坏-3,2026-02-03 10:00:00,m3,桂花糕,1,约十元",
    "=好-4,2026-02-03 10:00:00,m4,桂花糕,三盒,10.00",
    "好-5,2026-02-03 10:00:00,m5,桂花糕,1,10.00",
)
CHILD = "import sys; from tests.web import test_import_upload; test_import_upload.work(*sys.argv[1:])"
PATIENCE_MS = 90_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A server on a database of its own, and how to talk to it as the demo's administrator."""

    settings: Settings
    base: str
    cookies: dict[str, str]
    api: httpx.Client


@pytest.fixture(scope="module")
def shop(server: str, browser: Browser) -> Iterator[Shop]:
    where = ui_serve.place(server)
    ui_serve.ensure(where)
    with ui_serve.settings(where, port=0) as settings, serve.application(settings) as app, serving.served(app) as api:
        base = str(api.base_url)
        within = ui_browser.context(browser, base, Look())
        ui_browser.sign_in(within.new_page(), "admin", ui_serve.PASSWORD)
        cookies = {cookie["name"]: cookie["value"] for cookie in within.cookies()}
        within.close()
        api.cookies.update(cookies)
        yield Shop(settings=settings, base=base, cookies=cookies, api=api)


@pytest.fixture
def look() -> Look:
    return Look(language="zh-CN")


@pytest.fixture
def window(browser: Browser, shop: Shop, look: Look) -> Iterator[Window]:
    one = Window(browser, shop.base, look, shop.cookies)
    yield one
    one.close()


def work(url: str, data: str, keys: str) -> None:
    """What the worker's process does: it takes jobs until it is told to stop."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    db = database.connect(url, clock_=clock.SystemClock(), pool_size=4)
    settings = app_settings.load(data_dir=Path(data), key_dir=Path(keys))
    jobs.serve(db, wiring.jobs_with(settings), stop, poll=0.05, beat=0.2)
    db.close()


@contextmanager
def worker(shop: Shop) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker's process, for the length of the block."""
    url = shop.settings.database_url
    assert url is not None
    arguments = [url.get_secret_value(), str(shop.settings.data_dir), str(shop.settings.key_dir)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    child = subprocess.Popen([sys.executable, "-c", CHILD, *arguments], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        yield child
    finally:
        child.terminate()
        child.wait(30)


@contextmanager
def standing_still(child: "subprocess.Popen[bytes]") -> Iterator[None]:
    """The worker and the processes that record the lanes for it are stopped, for the length of the block."""
    worker_process = psutil.Process(child.pid)
    worker_process.suspend()  # first, so that it starts no more of them
    lanes = worker_process.children(recursive=True)
    for lane in lanes:
        lane.suspend()
    try:
        assert lanes, "nothing was recorded beside the worker"
        yield
    finally:
        for process in (*lanes, worker_process):
            process.resume()


def upload(page: Page, name: str, content: bytes) -> str:
    """The file is sent, looked at and its import started, as a person does it; returns the import's address."""
    page.goto("/console/imports/new")
    page.get_by_label("选择文件").last.set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    expect(page.get_by_role("heading", name="列映射")).to_be_visible()
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="开始导入").click()
    page.wait_for_url("**/console/imports/imp_*")
    return page.url


def settled(api: httpx.Client, run: str) -> dict[str, Any]:
    """The import, as soon as two looks see the same: the database may still finish what it was told before its client was stopped."""
    while True:
        before: dict[str, Any] = api.get(f"/v1/imports/{run}").json()
        time.sleep(0.3)
        after: dict[str, Any] = api.get(f"/v1/imports/{run}").json()
        if after["done"] == before["done"]:
            return after


def cells(page: Page, row: str) -> list[str]:
    """What stands in a row of the table of classes."""
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=row)).get_by_role("cell").all_inner_texts()


def test_a_tab_closed_half_way_and_opened_again_shows_the_progress_and_the_end(window: Window, shop: Shop) -> None:
    content = uploading.table([f"O{row}" for row in uploading.rows(ROWS, members=2_400)])  # numbers that begin with A are book-keeping
    address = upload(window.page, "二月销售.csv", content)
    run = address.rpartition("/")[2]
    expect(window.page.get_by_text("等待中").first).to_be_visible()
    with worker(shop) as child:
        uploading.until(shop.api, run, lambda one: one["state"] == "applying" and one["done"] > 0)
        with standing_still(child):
            window.page.close()
            seen = settled(shop.api, run)
            assert (seen["state"], seen["total"], 0 < seen["done"] < ROWS) == ("applying", ROWS, True), seen
            again = window.context.new_page()
            again.on("pageerror", lambda error: window.errors.append(str(error)))
            again.goto(address)
            for _ in range(2):
                expect(again.get_by_text("第 2 步，共 2 步：记录订单")).to_be_visible()
                expect(again.locator(".job-numbers")).to_contain_text(f"{seen['done']:,} / {ROWS:,}")
                again.reload()
            assert settled(shop.api, run)["done"] == seen["done"]
        expect(again.get_by_text("导入完成")).to_be_visible(timeout=PATIENCE_MS)
    assert cells(again, "已导入（会员）") == [f"{ROWS:,}", "100.0%", "0"]
    assert cells(again, "全部行") == [f"{ROWS:,}", "100.0%", "0"]
    expect(again.locator(".orders-class")).to_have_count(1)


def test_the_report_of_a_bad_file_opens_with_its_chinese_intact(window: Window, shop: Shop) -> None:
    page = window.page
    content = ("\n".join([HEADER, *BAD]) + "\n").encode("gb18030")
    with worker(shop):
        upload(page, "三月坏数据.csv", content)
        expect(page.get_by_text("导入完成")).to_be_visible(timeout=PATIENCE_MS)
    assert cells(page, "已隔离") == ["4", "80.0%", "0"]
    page.get_by_role("link", name="已隔离").click()
    expect(page.get_by_role("heading", name="隔离数据")).to_be_visible()
    expect(page.get_by_text("5 行中有 4 行未导入。")).to_be_visible()
    expect(page.get_by_role("cell", name="不是日期")).to_be_visible()

    as_csv = download(page, "CSV（可用 Excel 打开）", "三月坏数据.csv.quarantine.csv")
    assert as_csv.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(as_csv.decode("utf-8-sig"))))
    assert [row[3] for row in rows[1:]] == ["不是日期", "两件", "约十元", "三盒"]

    book = openpyxl.load_workbook(io.BytesIO(download(page, "Excel（XLSX）", "三月坏数据.csv.quarantine.xlsx")))
    values = {str(cell) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None}
    assert {"不是日期", "两件", "约十元", "三盒"} <= values


def download(page: Page, form: str, name: str) -> bytes:
    """The report in this form, under this name."""
    page.get_by_role("button", name="下载报告").click()
    with page.expect_download() as coming:
        page.get_by_role("menuitem", name=form).click()
    assert coming.value.suggested_filename == name
    return Path(coming.value.path()).read_bytes()


def test_the_quarantine_is_narrowed_to_a_reason_and_the_address_holds_it(window: Window, shop: Shop) -> None:
    page = window.page
    with worker(shop):
        address = upload(page, "三月坏数据.csv", ("\n".join([HEADER, *BAD]) + "\n").encode())
        expect(page.get_by_text("导入完成")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("link", name="不是整数").click()
    expect(page.locator("main tbody tr.ant-table-row")).to_have_count(2)
    assert page.url.startswith(f"{address}/quarantine?reason=")
    page.reload()
    expect(page.locator("main tbody tr.ant-table-row")).to_have_count(2)
