"""Files sent for import, and a worker that takes the jobs: what the tests of uploads share."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from regulars.app import settings as app_settings
from regulars.app import wiring
from regulars.platform import jobs
from regulars.platform.db import Database
from regulars.platform.settings import Settings

HEADER = "单号,下单时间,会员号,商品编码,数量,单价"
PATIENCE = 60.0


def settings(folder: Path) -> Settings:
    """Those that the served application has."""
    return app_settings.load(data_dir=folder / "data", key_dir=folder / "keys")


def table(rows: Sequence[str], *, header: str = HEADER) -> bytes:
    """A CSV file as a Chinese shop system writes it."""
    return ("\n".join([header, *rows]) + "\n").encode()


def rows(count: int, *, members: int = 50) -> list[str]:
    """Orders of one line each, 10.00 apiece, of so many members."""
    return [f"A-{n:06d},2026-02-{1 + n % 28:02d} 10:00:00,m{n % members},sku-{n % 7},1,10.00" for n in range(count)]


def send(api: httpx.Client, content: bytes, name: str = "二月销售.csv") -> dict[str, Any]:
    """The file is sent; what the API says of it."""
    answer = api.post("/v1/imports/files", params={"name": name}, content=content)
    assert answer.status_code == 201, answer.text
    sent: dict[str, Any] = answer.json()
    return sent


def start(api: httpx.Client, file: str, **wish: Any) -> dict[str, Any]:
    """An import of it is queued."""
    answer = api.post("/v1/imports", json={"file": file, "adjustment_prefix": "", "refund_prefix": "C", **wish})
    assert answer.status_code == 201, answer.text
    begun: dict[str, Any] = answer.json()
    return begun


def until(api: httpx.Client, run: str, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The import, as soon as it is as wanted."""
    give_up = time.monotonic() + PATIENCE
    while True:
        seen: dict[str, Any] = api.get(f"/v1/imports/{run}").json()
        if wanted(seen):
            return seen
        assert time.monotonic() < give_up, seen
        time.sleep(0.02)


def jobs_at_rest(api: httpx.Client) -> list[dict[str, Any]]:
    """Every job, once none is under way: what a job does is committed a moment before the job itself is."""
    give_up = time.monotonic() + PATIENCE
    while True:
        jobs: list[dict[str, Any]] = api.get("/v1/jobs").json()["items"]
        if not any(job["state"] in ("queued", "running") for job in jobs):
            return jobs
        assert time.monotonic() < give_up, jobs
        time.sleep(0.02)


def ended(seen: dict[str, Any]) -> bool:
    return seen["state"] in ("done", "failed", "cancelled", "abandoned")


@contextmanager
def worker(db: Database, folder: Path) -> Iterator[None]:
    """Jobs are taken inside the block, and finished or put back at its end."""
    stop = threading.Event()
    thread = threading.Thread(
        target=jobs.serve, args=(db, wiring.jobs_with(settings(folder)), stop), kwargs={"poll": 0.05, "beat": 0.2}, name="test-worker"
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
