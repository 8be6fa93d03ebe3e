"""The routes of the catalog."""

from pathlib import Path

import psycopg
import pytest

from regulars.domains.catalog.api import router
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.members import calling
from tests.domains.members.calling import Caller

Plain = psycopg.Connection[tuple[object, ...]]
STORE = {"code": "S1", "name_en": "One", "name_zh": "一店", "region": "East", "zone": "Asia/Shanghai", "active": True}
CATEGORY = {"code": "tea", "name_en": "Tea", "name_zh": "茶", "parent": None}
PRODUCT = {"sku": "1", "name_en": "Cup", "name_zh": "杯", "category": "tea", "price": 2980, "currency": "CNY", "active": True}


@pytest.fixture
def api(db: Database, keyring: Keyring, tmp_path: Path) -> Caller:
    return calling.caller(db, keyring, tmp_path, routers=[router])


def test_what_is_put_in_is_read_back(api: Caller) -> None:
    rows = {"stores": STORE, "categories": CATEGORY, "products": PRODUCT}
    for name, row in rows.items():
        for created in (1, 0):
            done = api.conforming(api.put(f"/v1/catalog/{name}", json={"items": [row]}))
            assert done == {"created": created, "changed": 0, "unchanged": 1 - created}
    assert api.conforming(api.get("/v1/catalog/stores")) == {"items": [STORE], "next": None}
    assert api.conforming(api.get("/v1/catalog/categories")) == {"items": [{**CATEGORY, "path": ["tea"]}], "next": None}
    assert api.conforming(api.get("/v1/catalog/products")) == {"items": [PRODUCT], "next": None}
    assert api.conforming(api.get("/v1/catalog/products?sku=1&sku=2"))["items"] == [PRODUCT]
    assert api.conforming(api.get("/v1/catalog/stores?code=S2"))["items"] == []


def test_lists_go_page_by_page(api: Caller) -> None:
    api.put("/v1/catalog/stores", json={"items": [{"code": f"S{i}"} for i in range(3)]})
    first = api.conforming(api.get("/v1/catalog/stores?limit=2"))
    rest = api.conforming(api.get("/v1/catalog/stores", params={"limit": 2, "cursor": first["next"]}))
    assert [s["code"] for s in first["items"] + rest["items"]] == ["S0", "S1", "S2"]


def test_bad_input_is_named_and_nothing_is_done(api: Caller, connection: Plain) -> None:
    asked: list[tuple[str, dict[str, object], list[str]]] = [
        ("products", {"items": [{"sku": "1"}, {"sku": "2", "price": -1, "currency": "CNY"}]}, ["items[1].price"]),
        ("products", {"items": [{"sku": "1"}, {"sku": "2", "price": 1}]}, ["[1].currency"]),
        ("products", {"items": []}, ["items"]),
        ("stores", {"items": [{"code": "S1", "zone": "Mars/Olympus"}]}, ["[0].zone"]),
        ("stores", {"items": [{"code": "S1", "colour": "red"}]}, ["items[0].colour"]),
        ("categories", {"items": [{"code": "a\u200b"}]}, ["[0].code"]),
    ]
    for name, body, fields in asked:
        answer = api.put(f"/v1/catalog/{name}", json=body)
        assert (answer.status_code, [f["field"] for f in answer.json()["faults"]]) == (422, fields)
    lost = api.put("/v1/catalog/products", json={"items": [PRODUCT]})
    assert (lost.status_code, lost.json()["code"]) == (422, "catalog.unknown_category")
    assert [connection.execute(f"SELECT count(*) FROM {t}").fetchall() for t in ("products", "stores", "categories")] == [[(0,)]] * 3


CALLS: list[tuple[str, str, object, str]] = [
    ("PUT", "/v1/catalog/stores", {"items": [STORE]}, "catalog.write"),
    ("PUT", "/v1/catalog/categories", {"items": [CATEGORY]}, "catalog.write"),
    ("PUT", "/v1/catalog/products", {"items": [PRODUCT]}, "catalog.write"),
    ("GET", "/v1/catalog/stores", None, "catalog.read"),
    ("GET", "/v1/catalog/categories", None, "catalog.read"),
    ("GET", "/v1/catalog/products", None, "catalog.read"),
]


def test_every_route_asks_for_its_permission_and_a_refusal_changes_nothing(api: Caller, connection: Plain) -> None:
    for method, path, body, permission in CALLS:
        table = path.rpartition("/")[2]
        before = connection.execute(f"SELECT * FROM {table}").fetchall()
        other = {"catalog.read": "catalog.write", "catalog.write": "catalog.read"}[permission]
        refused = api.request(method, path, json=body, headers={"x-permissions": other})
        assert (method, path, refused.status_code) == (method, path, 403)
        assert connection.execute(f"SELECT * FROM {table}").fetchall() == before
        assert api.request(method, path, json=body, headers={"x-permissions": permission}).status_code == 200
    assert api.documented() == {(method, path) for method, path, _, _ in CALLS}
