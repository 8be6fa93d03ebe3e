"""Members as their own pages call: signing in with the code that the development inbox shows."""

from typing import Any

import httpx

from regulars.domains.members import service as members
from regulars.domains.members.model import Enrolment, MemberRef
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.support import factories

APP = {"x-member-app": "1"}
PHONE = "+447700900001"
EMAIL = "Wang.Fang@example.com"


def enrolled(db: Database, keyring: Keyring, *, external_id: str = "m0", phone: str | None = PHONE, **more: Any) -> MemberRef:
    """A member with a telephone of the range that is kept for fiction."""
    asked = Enrolment(external_id=external_id, joined_at=factories.NOON, phone=phone, region="GB", **more)
    with db.transaction() as ctx:
        return members.enrol(ctx, [asked], keyring=keyring)[0]


def asked(api: httpx.Client, contact: str = PHONE) -> httpx.Response:
    """The answer to somebody who asks for a code."""
    return api.post("/m/v1/sign-in", json={"contact": contact}, headers=APP)


def codes(api: httpx.Client) -> list[str]:
    """The codes in the inbox, newest first."""
    return [item["code"] for item in api.get("/v1/dev/inbox").json()["items"]]


def entered(api: httpx.Client, code: str, contact: str = PHONE, *, carry: str = "token") -> httpx.Response:
    """The answer to somebody who enters a code."""
    return api.post("/m/v1/session", json={"contact": contact, "code": code, "carry": carry}, headers=APP)


def other(code: str) -> str:
    """A code that is not this one."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


def signed_in(api: httpx.Client, contact: str = PHONE) -> dict[str, str]:
    """The headers of a member's app that has signed in."""
    assert asked(api, contact).status_code == 202
    answer = entered(api, codes(api)[0], contact)
    assert answer.status_code == 201, answer.text
    return {"authorization": f"Bearer {answer.json()['token']}"}
