"""The built pages as they go out: which file, how long it may be kept, in which form, and what an address that is none gets."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from regulars.app import pages, serve
from regulars.platform.http import problems
from tests.support import serving

SCRIPT = b"console.log('regulars')\n" * 50
PACKED = gzip.compress(SCRIPT, mtime=0)
PAGE = b"<!doctype html><title>Regulars</title>"


@pytest.fixture
def static(tmp_path: Path) -> Path:
    """A build as tools/build_ui.py leaves it, of the console only."""
    folder = tmp_path / "static" / "console"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_bytes(PAGE)
    (folder / "icon.svg").write_bytes(b"<svg/>")
    script = folder / "assets" / "index-B1.js"
    script.write_bytes(SCRIPT)
    script.with_name("index-B1.js.gz").write_bytes(PACKED)
    script.with_name("index-B1.js.br").write_bytes(b"brotli bytes")
    (tmp_path / "static" / "secret.txt").write_text("not yours")
    return tmp_path / "static"


@pytest.fixture
def client(static: Path) -> Iterator[httpx.Client]:
    app = FastAPI(openapi_url=None, redirect_slashes=False, exception_handlers=problems.handlers())
    app.router.routes.extend(pages.routes(static).routes)
    with serving.served(app) as calling:
        yield calling


def test_the_page_is_asked_for_each_time_and_says_what_it_may_load(client: httpx.Client) -> None:
    found = client.get("/console/")
    assert (found.status_code, found.content) == (200, PAGE)
    assert found.headers["content-type"] == "text/html; charset=utf-8"
    assert found.headers["cache-control"] == "no-cache"
    assert found.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


@pytest.mark.parametrize(
    "address", ["/console/members", "/console/members/mbr_01jf3q7t5v8x9y0z1a2b3c4d5e", "/console/members/external:a.17"]
)
def test_every_screen_of_the_application_is_its_page(client: httpx.Client, address: str) -> None:
    assert client.get(address).content == PAGE


def test_an_address_without_the_slash_leads_to_the_one_with_it(client: httpx.Client) -> None:
    found = client.get("/console")
    assert (found.status_code, found.headers["location"]) == (308, "/console/")


def test_hashed_files_are_kept_for_ever(client: httpx.Client) -> None:
    found = client.get("/console/assets/index-B1.js", headers={"accept-encoding": "identity"})
    assert found.content == SCRIPT
    assert found.headers["content-type"] == "text/javascript; charset=utf-8"
    assert found.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get("/console/icon.svg").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("accepts", "encoding"),
    [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", None), ("GZIP;q=0.5", "gzip")],
)
def test_the_smallest_form_the_caller_takes_is_sent(client: httpx.Client, accepts: str, encoding: str | None) -> None:
    with client.stream("GET", "/console/assets/index-B1.js", headers={"accept-encoding": accepts}) as found:
        raw = b"".join(found.iter_raw())
    assert found.headers.get("content-encoding") == encoding
    assert found.headers["vary"] == "accept-encoding"
    assert raw == {"br": b"brotli bytes", "gzip": PACKED, None: SCRIPT}[encoding]


def test_what_did_not_change_is_not_sent_again(client: httpx.Client) -> None:
    first = client.get("/console/")
    again = client.get("/console/", headers={"if-none-match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])


@pytest.mark.parametrize("address", ["/console/assets/index-GONE.js", "/console/assets/", "/console/members.css", "/console/old.js"])
def test_a_missing_file_is_a_problem_and_never_the_page(client: httpx.Client, address: str) -> None:
    found = client.get(address)
    assert (found.status_code, found.json()["code"]) == (404, "http.not_found")


@pytest.mark.parametrize("address", ["/console/%2e%2e/secret.txt", "/console/..%2fsecret.txt", "/console/assets/%2e%2e/%2e%2e/secret.txt"])
def test_nothing_outside_of_the_folder_is_found(client: httpx.Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_pages_that_were_not_built_say_how_to_build_them_in_both_languages(client: httpx.Client) -> None:
    found = client.get("/my/card")
    assert found.status_code == 503
    assert found.headers["cache-control"] == "no-store"
    assert "python tools/build_ui.py" in found.text
    assert "页面尚未构建" in found.text


def test_the_pages_stand_after_every_route_of_the_api_and_hide_none() -> None:
    assert serve.ROUTERS[-1] is pages.router
    mine = {route.path for route in pages.router.routes if hasattr(route, "path")}
    assert mine == {"/console", "/console/{name:path}", "/my", "/my/{name:path}"}
