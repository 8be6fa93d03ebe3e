"""Many connections that post unique orders: ``wrk`` where it is installed, else a plain loader of our own over sockets."""

import asyncio
import json
import os
import random
import re
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

HOW_TO_GET_WRK = "wrk is not installed (Debian, Ubuntu: apt-get install wrk; macOS: brew install wrk); the slower built-in loader is used"
_SCRIPT = Path(__file__).with_name("orders.lua")
_RESULT = re.compile(r"^RESULT (\{.*\})$", re.MULTILINE)
_CATEGORIES = ("christmas", "home", "kitchen", "garden")


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """Where the orders go and how: ``token`` is an API key or empty, ``prefix`` makes the order numbers of a run unique."""

    port: int
    path: str
    token: str
    prefix: str
    paid_at: str
    members: int
    connections: int
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What came back: ``ok`` answers 2xx, ``failed`` the others and broken connections; milliseconds until the answer."""

    seconds: float
    ok: int
    failed: int
    p50_ms: float
    p99_ms: float

    @property
    def rate(self) -> float:
        return self.ok / self.seconds


def has_wrk() -> bool:
    """Whether wrk is installed."""
    return shutil.which("wrk") is not None


def run(aim: Aim) -> Load:
    """Post orders for ``aim.seconds``."""
    return _wrk(aim) if has_wrk() else asyncio.run(_sockets(aim))


def _wrk(aim: Aim) -> Load:
    environment = {
        **os.environ,
        "BENCH_PREFIX": aim.prefix,
        "BENCH_PAID_AT": aim.paid_at,
        "BENCH_MEMBERS": str(aim.members),
        "BENCH_TOKEN": aim.token,
    }
    shape = ["-t", "2", "-c", str(aim.connections), "-d", f"{aim.seconds}s", "--timeout", "10s"]
    command = ["wrk", *shape, "-s", str(_SCRIPT), f"http://127.0.0.1:{aim.port}{aim.path}"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    found = _RESULT.search(done.stdout)
    if found is None:
        raise RuntimeError(f"wrk failed: {done.stderr or done.stdout}")
    said = json.loads(found[1])
    return Load(
        seconds=said["seconds"],
        ok=said["requests"] - said["status"],
        failed=said["status"] + said["broken"],
        p50_ms=said["p50_ms"],
        p99_ms=said["p99_ms"],
    )


@dataclass(slots=True)
class _Seen:
    waits: list[float] = field(default_factory=list)
    ok: int = 0
    failed: int = 0


async def _sockets(aim: Aim) -> Load:
    seen = _Seen()
    began = time.perf_counter()
    await asyncio.gather(*(_connection(aim, number, began + aim.seconds, seen) for number in range(aim.connections)))
    waits = sorted(seen.waits) or [0.0]
    return Load(
        seconds=time.perf_counter() - began,
        ok=seen.ok,
        failed=seen.failed,
        p50_ms=waits[len(waits) // 2] * 1000,
        p99_ms=waits[len(waits) * 99 // 100] * 1000,
    )


async def _connection(aim: Aim, number: int, until: float, seen: _Seen) -> None:
    rng = random.Random(number)
    reader, writer = await asyncio.open_connection("127.0.0.1", aim.port)
    count = 0
    try:
        while (sent := time.perf_counter()) < until:
            count += 1
            writer.write(_request(aim, f"{aim.prefix}-{number}-{count}", rng))
            status = await _status(reader)
            seen.waits.append(time.perf_counter() - sent)
            if 200 <= status < 300:
                seen.ok += 1
            else:
                seen.failed += 1
    except (OSError, asyncio.IncompleteReadError):
        seen.failed += 1
    finally:
        writer.close()


async def _status(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    await reader.readexactly(int(length[1]) if length else 0)
    return int(head.split(b" ", 2)[1])


def _request(aim: Aim, number: str, rng: random.Random) -> bytes:
    seeds = [rng.randrange(1_000_000) for _ in range(3)]
    body = json.dumps(
        {
            "source": "bench",
            "number": number,
            "member": {"external_id": f"m{rng.randrange(aim.members)}"},
            "paid_at": aim.paid_at,
            "currency": "GBP",
            "lines": [
                {"product": f"sku-{s % 3000}", "category": _CATEGORIES[s % 4], "quantity": 2, "amount": 170 + s % 1800} for s in seeds
            ],
        }
    ).encode()
    token = f"Authorization: Bearer {aim.token}\r\n" if aim.token else ""
    head = f"POST {aim.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{token}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body
