"""Servers that answer in a chosen way, for pages that are asked what they then show."""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Route


def rows(*items: dict[str, Any]) -> Callable[[Route], None]:
    """A server whose list holds these."""
    return lambda route: route.fulfill(json={"items": list(items), "next": None})


def refusing(status: int, code: str, detail: str) -> Callable[[Route], None]:
    """A server that refuses."""
    body = {"type": f"/docs#{code}", "title": "Refused", "status": status, "detail": detail, "instance": "/requests/req-7"}
    whole = {**body, "code": code, "request_id": "req-7", "faults": [], "data": {}}
    return lambda route: route.fulfill(status=status, content_type="application/problem+json", body=json.dumps(whole))
