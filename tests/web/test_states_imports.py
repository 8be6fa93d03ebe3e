"""What imports, their quarantine and jobs show when the server answers otherwise than usual, and what sending a file says when it fails."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Route, expect

from tests.web.conftest import Window

pytestmark = pytest.mark.prove  # three seconds a state: `make test` has to end within twelve minutes

IMPORT = "imp_01jf3q7t5v8x9y0z1a2b3c4d5e"
LIST = "**/v1/imports?*"
ONE = f"**/v1/imports/{IMPORT}"
QUARANTINE = f"**/v1/imports/{IMPORT}/quarantine?*"
JOBS = "**/v1/jobs?*"
JOB = "**/v1/jobs/7"
SEND = "**/v1/imports/files?*"
SCREENS = [
    (LIST, "imports"),
    (ONE, f"imports/{IMPORT}"),
    (QUARANTINE, f"imports/{IMPORT}/quarantine"),
    (JOBS, "jobs"),
    (JOB, "jobs/7"),
    ("**/v1/imports/choices", "imports/new"),
]
CLASSES = ("imported_member", "imported_anonymous", "refund_matched", "refund_unmatched", "quarantined")
RUN: dict[str, Any] = {
    "id": IMPORT,
    "name": "二月销售.csv",
    "file": None,
    "state": "done",
    "done": 10,
    "total": 10,
    "progress": 1.0,
    "rate": None,
    "remaining_seconds": None,
    "rows": 10,
    "classes": [{"name": name, "en": name, "zh": name, "rows": 2, "known": 0} for name in CLASSES],
    "reasons": [{"code": "rows.number", "en": "not a number", "zh": "不是数字", "rows": 2}],
    "other": [],
    "columns": {},
    "profile": None,
    "job": 7,
    "asked_by": None,
    "asked_at": "2026-03-01T12:00:00Z",
    "started_at": "2026-03-01T12:00:00Z",
    "updated_at": "2026-03-01T12:00:00Z",
    "finished_at": "2026-03-01T12:01:00Z",
    "error": None,
}
WORK: dict[str, Any] = {
    "id": 7,
    "kind": "import_orders",
    "label": {"en": "Import of orders", "zh": "导入订单"},
    "state": "failed",
    "done": 5,
    "total": 10,
    "ok": 3,
    "skipped": 0,
    "failed": 2,
    "rate": None,
    "remaining_seconds": None,
    "message": "applying",
    "error": "The disk is full.",
    "runs": 1,
    "asked_by": "opr_01jf3q7t5v8x9y0z1a2b3c4d5e",
    "asked_at": "2026-03-01T12:00:00Z",
    "started_at": None,
    "updated_at": None,
    "ended_at": None,
}
LONG = "欧阳" * 80 + "without-a-single-blank-" * 12
HIDDEN = {
    "line": 3,
    "field": "price",
    "label": {"en": "unit price", "zh": "单价"},
    "value": None,
    "reason": "rows.number",
    "wrong": {"en": "not a number", "zh": "不是数字"},
    "expected": None,
    "kept": False,
}
CSV: FilePayload = {"name": "sales.csv", "mimeType": "text/csv", "buffer": b"order,time\n1,2026-02-01\n"}

Answering = Callable[[Route], None]


def rows(*items: dict[str, Any], **more: Any) -> Answering:
    """A server whose list holds these."""
    return lambda route: route.fulfill(json={"items": list(items), "next": None, **more})


def one(item: dict[str, Any], **change: Any) -> Answering:
    """A server that knows this one."""
    return lambda route: route.fulfill(json={**item, **change})


def refusing(status: int, code: str, detail: str) -> Answering:
    """A server that refuses."""
    body = {"type": f"/docs#{code}", "title": "Refused", "status": status, "detail": detail, "instance": "/requests/req-7"}
    whole = {**body, "code": code, "request_id": "req-7", "faults": [], "data": {}}
    return lambda route: route.fulfill(status=status, content_type="application/problem+json", body=json.dumps(whole))


@pytest.mark.parametrize(("pattern", "address"), [(LIST, "imports"), (JOBS, "jobs")])
def test_a_list_that_never_had_any_says_what_it_is_for(window: Window, pattern: str, address: str) -> None:
    window.page.route(pattern, rows())
    window.page.goto(f"/console/{address}")
    expect(window.page.get_by_text("Nothing here yet")).to_be_visible()


def test_an_import_without_quarantine_says_that_every_row_was_taken(window: Window) -> None:
    window.page.route(ONE, one(RUN, reasons=[]))
    window.page.route(QUARANTINE, rows(reasons=[]))
    window.page.goto(f"/console/imports/{IMPORT}/quarantine")
    expect(window.page.get_by_text("Every row of this file was taken.")).to_be_visible()


def test_long_names_do_not_break_any_page(window: Window) -> None:
    page = window.page
    page.route(LIST, rows({**RUN, "name": LONG}))
    page.route(ONE, one(RUN, name=LONG))
    page.route(QUARANTINE, rows({**HIDDEN, "value": LONG}, reasons=[]))
    page.route(JOB, one(WORK, error=LONG))
    for address in ("imports", f"imports/{IMPORT}", f"imports/{IMPORT}/quarantine", "jobs/7"):
        page.goto(f"/console/{address}")
        page.locator("main .panel").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address


@pytest.mark.parametrize("status", [403, 500])
@pytest.mark.parametrize(("pattern", "address"), SCREENS)
def test_a_refusal_is_said_with_its_request_and_can_be_tried_again(window: Window, pattern: str, address: str, status: int) -> None:
    window.page.route(pattern, refusing(status, "http.failed", "It did not work."))
    window.page.goto(f"/console/{address}")
    expect(window.page.get_by_role("alert").first).to_contain_text("It did not work.")
    expect(window.page.get_by_text("Request req-7")).to_be_visible()
    expect(window.page.get_by_role("button", name="Try again").first).to_be_visible()


@pytest.mark.parametrize(("pattern", "address"), SCREENS)
def test_a_server_that_is_away_is_said_in_plain_words(window: Window, pattern: str, address: str) -> None:
    window.page.route(pattern, lambda route: route.abort("connectionrefused"))
    window.page.goto(f"/console/{address}")
    expect(window.page.get_by_role("alert").first).to_contain_text("The server cannot be reached.", timeout=10_000)


@pytest.mark.parametrize(("pattern", "address"), SCREENS)
def test_while_the_server_takes_long_the_page_keeps_its_shape(window: Window, pattern: str, address: str) -> None:
    window.page.route(pattern, lambda route: None)
    window.page.goto(f"/console/{address}")
    expect(window.page.locator("main h1")).to_be_visible()
    expect(window.page.locator("main [aria-busy=true]").first).to_be_visible()


def test_progress_that_cannot_be_asked_for_is_kept_with_the_reason_above_it(window: Window) -> None:
    page = window.page
    page.route(ONE, one(RUN, state="applying", done=4, finished_at=None))
    page.goto(f"/console/imports/{IMPORT}")
    expect(page.locator(".job-numbers")).to_contain_text("4 of 10")
    page.unroute(ONE)
    page.route(ONE, refusing(500, "http.failed", "It did not work."))
    expect(page.get_by_role("alert").first).to_contain_text("It did not work.", timeout=10_000)
    expect(page.locator(".job-numbers")).to_contain_text("4 of 10")


def test_a_failed_import_says_why(window: Window) -> None:
    window.page.route(ONE, one(RUN, state="failed", error={"code": "x", "en": "The file ends too early.", "zh": "文件不完整。"}))
    window.page.goto(f"/console/imports/{IMPORT}")
    expect(window.page.get_by_role("alert")).to_contain_text("The file ends too early.")


def test_who_may_not_see_values_is_told_so(window: Window) -> None:
    def without(route: Route) -> None:
        session = route.fetch().json()
        route.fulfill(json={**session, "permissions": ["imports.read", "programme.read"]})

    page = window.page
    page.route("**/v1/session", without)
    page.route(ONE, one(RUN))
    page.route(QUARANTINE, rows(HIDDEN, reasons=RUN["reasons"]))
    page.goto(f"/console/imports/{IMPORT}/quarantine")
    expect(page.get_by_text("Values are hidden: seeing them takes the permission imports.values.")).to_be_visible()
    expect(page.get_by_role("cell", name="hidden", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    ("status", "code", "detail"),
    [
        (413, "http.too_large", "The request body is larger than the 1000 bytes accepted here."),
        (422, "import.file_kind", "sales.csv is no CSV, XLSX, NDJSON or Parquet file."),
    ],
)
def test_a_file_that_the_server_refuses_says_why_and_another_can_be_chosen(window: Window, status: int, code: str, detail: str) -> None:
    page = window.page
    page.route(SEND, refusing(status, code, detail))
    page.goto("/console/imports/new")
    page.locator("input[type=file]").set_input_files(CSV)
    expect(page.get_by_role("alert")).to_contain_text(detail)
    expect(page.locator("input[type=file]")).to_have_count(1)


def test_a_file_that_is_too_large_or_empty_is_not_even_sent(window: Window) -> None:
    page = window.page
    page.route("**/v1/imports/choices", lambda route: route.fulfill(json={**route.fetch().json(), "most_bytes": 10}))
    page.route(SEND, lambda route: pytest.fail("it was sent"))
    page.goto("/console/imports/new")
    page.locator("input[type=file]").set_input_files(CSV)
    expect(page.get_by_role("alert")).to_have_text("sales.csv has 24 byte; at most 10 byte are accepted. Split it into several files.")
    page.locator("input[type=file]").set_input_files({**CSV, "buffer": b""})
    expect(page.get_by_role("alert")).to_have_text("sales.csv is empty: there is nothing to import. Choose another file.")


def test_sending_can_be_cancelled(window: Window) -> None:
    page = window.page
    page.route(SEND, lambda route: None)
    page.goto("/console/imports/new")
    page.locator("input[type=file]").set_input_files(CSV)
    expect(page.get_by_role("progressbar", name="Sending sales.csv")).to_be_visible()
    page.get_by_role("button", name="Cancel the upload").click()
    expect(page.locator("input[type=file]")).to_have_count(1)
    expect(page.get_by_role("alert")).to_have_count(0)
