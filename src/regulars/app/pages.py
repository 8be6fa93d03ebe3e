"""The built pages: the operators' console at ``/console``, the members' pages at ``/my``.

``tools/build_ui.py`` puts them into ``static/``, each text file beside its brotli and gzip form, and they travel in the wheel. Files
whose names carry a hash of their content may be kept for ever; the page itself is asked for each time, so that a new release is seen at
the next click. Every address below an application that is no file answers with its page, which knows its own screens.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from regulars.platform.http import auth, problems, routing

STATIC = Path(__file__).parent / "static"
APPLICATIONS = {"console": "console", "my": "member"}
"""The first part of the address, and the folder its files are built into."""

SECURITY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        # antd writes its styles into the page while it runs, chart tooltips and React's own style attributes likewise.
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "content-security-policy": SECURITY,
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK = "no-cache"
_ENCODINGS: Sequence[tuple[str, str]] = (("br", ".br"), ("gzip", ".gz"))
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
"""Not the machine's own table: on some it calls JavaScript plain text, and a browser then refuses to run it."""

_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Regulars · 熟客</title><style>body{font:16px/1.7 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;
max-width:34rem;margin:18vh auto;padding:0 1.5rem;color-scheme:light dark}code{font-size:.95em}</style>
<h1>The pages are not built yet.</h1><p>Run <code>python tools/build_ui.py</code> in the source tree and load this page again.
The API works without them: <a href="/docs">/docs</a>.</p>
<h1 lang="zh-CN">页面尚未构建</h1><p lang="zh-CN">请在源码目录中运行 <code>python tools/build_ui.py</code>，然后刷新本页。
接口不受影响：<a href="/docs">/docs</a>。</p></html>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """One file as it goes out: its bytes' place, kind, encoding, and how long it may be kept."""

    path: Path
    media_type: str
    encoding: str | None
    etag: str
    cached: str


def find(folder: Path, name: str, *, accepts: str) -> Built | None:
    """The file ``name`` of an application in the smallest form the caller takes; ``None`` when there is none.

    Only files that are really inside ``folder`` are found, whatever dots or links ``name`` is made of.
    """
    plain = (folder / name).resolve()
    media_type = _TYPES.get(plain.suffix)
    if media_type is None or not plain.is_relative_to(folder.resolve()) or not plain.is_file():
        return None
    cached = _FOR_EVER if name.startswith("assets/") else _ASK
    for encoding, ending in _ENCODINGS:
        packed = plain.with_name(plain.name + ending)
        if _takes(accepts, encoding) and packed.is_file():
            return Built(path=packed, media_type=media_type, encoding=encoding, etag=_etag(packed), cached=cached)
    return Built(path=plain, media_type=media_type, encoding=None, etag=_etag(plain), cached=cached)


def _takes(accepts: str, encoding: str) -> bool:
    for part in accepts.split(","):
        name, _, weight = part.strip().partition(";")
        if name.strip().lower() == encoding:
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _etag(file: Path) -> str:
    known = file.stat()
    return _digest(file, known.st_mtime_ns, known.st_size)


@cache
def _digest(file: Path, _changed: int, _size: int) -> str:
    # Of the content and not of the time: two servers of the same release have to agree.
    return f'"{hashlib.sha256(file.read_bytes()).hexdigest()[:24]}"'


def answer(request: Request, folder: Path, name: str) -> Response:
    """The file, the application's page for an address that is none, or a page that says how to build them. 404 for a missing asset."""
    accepts = request.headers.get("accept-encoding", "")
    found = find(folder, name, accepts=accepts) if name else None
    if found is None and (Path(name).suffix in _TYPES or name.startswith("assets/")):
        # A page in place of a script would be run as one; what is gone after a new release has to say so.
        raise problems.NO_ROUTE()
    found = found or find(folder, "index.html", accepts=accepts)
    if found is None:
        return HTMLResponse(_NOT_BUILT, 503, {"cache-control": "no-store", "retry-after": "30"})
    return _file(request, found)


def _file(request: Request, found: Built) -> Response:
    headers = {**_HEADERS, "cache-control": found.cached, "etag": found.etag, "vary": "accept-encoding"}
    asked = request.headers.get("if-none-match", "")
    if asked == "*" or found.etag in (tag.strip().removeprefix("W/") for tag in asked.split(",")):
        return Response(status_code=304, headers=headers)
    if found.encoding:
        headers["content-encoding"] = found.encoding
    return FileResponse(found.path, headers=headers, media_type=found.media_type)


def routes(static: Path = STATIC) -> routing.Router:
    """The addresses of both applications, with their files under ``static``."""
    made = routing.Router(tags=["pages"], dependencies=[auth.public()], include_in_schema=False)
    for prefix, folder in APPLICATIONS.items():
        _serve(made, prefix=prefix, folder=static / folder)
    return made


def _serve(made: routing.Router, *, prefix: str, folder: Path) -> None:
    async def page(request: Request) -> Response:
        return await run_in_threadpool(answer, request, folder, request.path_params.get("name", ""))

    async def slash(_request: Request) -> Response:
        return RedirectResponse(f"/{prefix}/", 308, {"cache-control": _ASK})

    made.add_api_route(f"/{prefix}", slash, methods=["GET", "HEAD"], name=f"{prefix}_slash")
    made.add_api_route(f"/{prefix}/{{name:path}}", page, methods=["GET", "HEAD"], name=prefix)


router = routes()
