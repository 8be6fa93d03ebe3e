"""Coupons over HTTP: given, claimed by kind and by code, passed on, withdrawn, taken at the counter; codes in batches; guessing."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from regulars.domains.loyalty import service
from regulars.domains.loyalty.tasks import coupon_codes
from regulars.kernel import codes, ids
from regulars.platform import jobs
from regulars.platform.clock import MovableClock
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from regulars.platform.jobs import Run
from tests.domains.loyalty import shop
from tests.support import member_pages, served

M0, M1 = "/v1/members/external:m0", "/v1/members/external:m1"
Json = dict[str, Any]


@pytest.fixture
def api(db: Database, keyring: Keyring, tmp_path: Path) -> Iterator[httpx.Client]:
    with db.transaction() as ctx:
        service.publish(ctx, service.add_draft(ctx, shop.SHOP).version)
    with served.client(db, keyring, tmp_path) as client:
        client.post("/v1/orders", json=served.order("1", 12_500))
        client.post("/v1/orders", json=served.order("2", 100, member="m1"))
        yield client


def post(api: httpx.Client, path: str, key: str, **body: Any) -> httpx.Response:
    return api.post(path, json=body, headers={"idempotency-key": key})


def given(api: httpx.Client, key: str, member: str = M0, **body: Any) -> Json:
    answer = post(api, f"{member}/coupons", key, **body)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


def held(api: httpx.Client, member: str = M0, state: str = "live") -> list[tuple[str, str, str]]:
    items = api.get(f"{member}/coupons", params={"state": state}).json()["items"]
    return sorted((one["definition"], one["state"], one["source"]) for one in items)


def work(db: Database, batch_id: str) -> None:
    """The job of the batch runs to its end."""
    with db.reading() as ctx:
        (job,) = jobs.recent(ctx, name=coupon_codes.JOB, limit=1)
    batch_hex = ids.decode(coupon_codes.PREFIX, batch_id).hex
    run = Run(db=db, job_id=job.job_id, name=coupon_codes.JOB, args={"batch": batch_hex})
    run.begin()
    coupon_codes.work(run)


def batch(api: httpx.Client, db: Database, count: int = 3, **more: Any) -> tuple[str, list[str]]:
    """The batch's id and its codes, made."""
    body = {"definition": "leaflet", "name": "Spring leaflet", "count": count, **more}
    made = api.post("/v1/coupon-batches", json=body)
    assert (made.status_code, made.json()["state"], made.json()["made"]) == (201, "making", 0)
    name: str = made.json()["id"]
    work(db, name)
    lines = api.get(f"/v1/coupon-batches/{name}/codes").text.splitlines()
    return name, [line.partition(",")[0] for line in lines[1:]]


def test_a_coupon_is_given_once_by_its_key_and_listed(api: httpx.Client, db: Database) -> None:
    first, again = (post(api, f"{M0}/coupons", "k", definition="welcome") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == {**first.json(), "duplicate": True}
    # Thirty days through the end of the last, in London.
    assert (first.json()["starts"], first.json()["ends"]) == ("2026-03-01T12:00:00+00:00", "2026-03-31T23:00:00+00:00")
    served.refused(post(api, f"{M0}/coupons", "k", definition="tea"), 409, "idempotency.conflict")
    served.refused(post(api, f"{M0}/coupons", "l", definition="none"), 404, "coupons.unknown")
    served.refused(post(api, f"{M0}/coupons", "m", definition="tea", code="TEAWEEK"), 422, "input.invalid")
    one = api.get(f"{M0}/coupons").json()["items"][0]
    assert one == {
        "id": first.json()["id"],
        "definition": "welcome",
        "label": {"en": "Welcome", "zh": "新人券"},
        "state": "issued",
        "starts": "2026-03-01T12:00:00Z",
        "ends": "2026-03-31T23:00:00Z",
        "code": "",
        "source": "gift",
        "transfers_left": 1,
    }
    served.clean(db)


def test_what_can_be_claimed_says_why_not_and_stock_is_never_exceeded(api: httpx.Client, db: Database) -> None:
    def why(member: str | None = None) -> dict[str, tuple[int | None, str | None]]:
        items = api.get("/v1/coupons/definitions", params={"member": member} if member else {}).json()["items"]
        return {one["definition"]: (one["left"], one["why_not"]["code"] if one["why_not"] else None) for one in items}

    assert why() == {"welcome": (2, None), "tea": (None, None), "leaflet": (None, None)}
    assert why("external:m0") == {"welcome": (2, None), "tea": (None, None), "leaflet": (None, "not_claimable")}
    given(api, "a", definition="welcome", **{"as": "claim"})
    served.refused(post(api, f"{M0}/coupons", "b", definition="welcome", **{"as": "claim"}), 422, "coupons.not_claimed")
    assert why("external:m0")["welcome"] == (1, "used_up")
    given(api, "c", M1, definition="welcome", **{"as": "claim"})
    assert why("external:m1")["welcome"] == (0, "used_up")
    api.post("/v1/orders", json=served.order("3", 100, member="m2"))
    assert why("external:m2")["welcome"] == (0, "sold_out")
    served.refused(post(api, "/v1/members/external:m2/coupons", "d", definition="welcome", **{"as": "claim"}), 422, "coupons.not_claimed")
    served.clean(db)


def test_a_word_that_everybody_knows_claims_its_coupon(api: httpx.Client, db: Database) -> None:
    assert given(api, "a", code="tea-week")["definition"] == "tea"
    served.refused(post(api, f"{M0}/coupons", "b", code="TEAWEAK"), 404, "coupons.code_unknown")
    served.refused(post(api, f"{M0}/coupons", "c", definition="tea", **{"as": "claim"}), 422, "coupons.not_claimed")
    assert held(api) == [("tea", "issued", "claim")]
    served.clean(db)


def test_a_code_of_a_batch_works_once(api: httpx.Client, db: Database) -> None:
    name, made = batch(api, db, prefix="tea", length=12)
    assert [codes.checks(code) and code[:3] for code in made] == ["TEA"] * 3
    first, again = (post(api, f"{M0}/coupons", "a", code=codes.written(made[0])) for _ in range(2))
    assert (first.status_code, again.status_code, again.json()["id"]) == (201, 200, first.json()["id"])
    served.refused(post(api, f"{M1}/coupons", "b", code=made[0]), 409, "coupons.code_taken")
    assert api.post(f"/v1/coupon-batches/{name}/void").json()["state"] == "void"
    served.refused(post(api, f"{M1}/coupons", "c", code=made[1]), 409, "coupons.code_taken")
    assert (held(api), held(api, M1)) == ([("leaflet", "issued", "batch")], [])
    text = api.get(f"/v1/coupon-batches/{name}/codes").content.decode("utf-8-sig")
    assert text.splitlines()[0] == "code,state"
    assert sorted(line.partition(",")[2] for line in text.splitlines()[1:]) == ["taken", "void", "void"]
    actions = [row["action"] for row in api.get("/v1/audit").json()["items"]]
    assert [one for one in actions if one.startswith("coupon_batch")] == [
        "coupon_batch.downloaded",
        "coupon_batch.voided",
        "coupon_batch.downloaded",
        "coupon_batch.started",
    ]
    served.clean(db)


def test_two_members_race_for_one_code_and_one_gets_it(api: httpx.Client, db: Database) -> None:
    _, made = batch(api, db, 8)
    answers: list[tuple[str, int]] = []
    for code in made:
        gate = threading.Barrier(2)

        def claim(member: str, code: str = code, gate: threading.Barrier = gate) -> None:
            gate.wait()
            answers.append((code, post(api, f"{member}/coupons", f"{member}-{code}", code=code).status_code))

        racers = [threading.Thread(target=claim, args=(member,)) for member in (M0, M1)]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join()
    assert sorted(answers) == sorted([(code, status) for code in made for status in (201, 409)])
    assert len(held(api)) + len(held(api, M1)) == 8
    served.clean(db)


def test_a_withdrawn_batch_is_made_no_further(api: httpx.Client, db: Database) -> None:
    made = api.post("/v1/coupon-batches", json={"definition": "leaflet", "name": "No", "count": 5}).json()
    assert api.post(f"/v1/coupon-batches/{made['id']}/void").json()["state"] == "void"
    work(db, made["id"])
    seen = api.get(f"/v1/coupon-batches/{made['id']}").json()
    assert (seen["made"], seen["state"]) == (0, "void")
    assert api.get("/v1/coupon-batches", params={"definition": "leaflet"}).json() == {"items": [seen], "next": None}


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"definition": "none"}, 404, "coupons.unknown"),
        ({"count": 1_000_001}, 422, "input.invalid"),
        ({"count": 0}, 422, "input.invalid"),
        ({"length": 7}, 422, "input.invalid"),
        ({"length": 28, "prefix": "A"}, 422, "input.invalid"),
        ({"prefix": "é"}, 422, "codes.character"),
    ],
)
def test_a_batch_that_cannot_be_is_refused(api: httpx.Client, wrong: Json, status: int, code: str) -> None:
    served.refused(api.post("/v1/coupon-batches", json={"definition": "leaflet", "name": "x", "count": 1_000, **wrong}), status, code)
    assert api.get("/v1/coupon-batches").json()["items"] == []


def test_a_coupon_is_passed_on_as_often_as_allowed_and_withdrawn_once(api: httpx.Client, db: Database) -> None:
    one = given(api, "a", definition="welcome")["id"]
    to = {"to": {"external_id": "m1"}}
    first, again = (post(api, f"{M0}/coupons/{one}/transfer", "p", **to) for _ in range(2))
    assert (first.status_code, first.json()["duplicate"], again.json()["duplicate"]) == (200, False, True)
    assert (held(api), held(api, M1)) == ([], [("welcome", "issued", "gift")])
    back = {"to": {"external_id": "m0"}}
    served.refused(post(api, f"{M1}/coupons/{one}/transfer", "q", **back), 422, "coupons.not_passed_on")
    for duplicate in (False, True):
        answer = api.post(f"{M1}/coupons/{one}/void", json={"reason": "Sent twice"})
        assert (answer.status_code, answer.json()["duplicate"]) == (200, duplicate)
    assert (held(api, M1), held(api, M1, "all")) == ([], [("welcome", "void", "gift")])
    assert [row["action"] for row in api.get("/v1/audit").json()["items"]].count("coupon.voided") == 1
    served.clean(db)


def test_the_counter_takes_a_coupon_by_code_by_member_or_by_card(api: httpx.Client, db: Database, keyring: Keyring) -> None:
    _, made = batch(api, db)
    given(api, "a", code=made[0])
    bill = {"amount": 5_800, "store": "bath"}
    by_code, again = (post(api, "/v1/coupons:redeem", "r1", coupon=made[0], **bill) for _ in range(2))
    assert (by_code.status_code, again.status_code) == (201, 200)
    assert {name: by_code.json()[name] for name in ("discount", "to_pay")} == {"discount": 200, "to_pay": 5_600}
    assert again.json() == {**by_code.json(), "duplicate": True}
    served.refused(post(api, "/v1/coupons:redeem", "r2", coupon=made[0], **bill), 422, "coupons.not_usable")
    served.refused(post(api, "/v1/coupons:redeem", "r3", coupon=made[1], **bill), 422, "coupons.holder_unknown")
    served.refused(post(api, "/v1/coupons:redeem", "r4", coupon="NOSUCHCODE", **bill), 404, "coupons.code_unknown")
    given(api, "b", code="TEAWEEK")
    by_member = post(api, "/v1/coupons:redeem", "r5", coupon="TEAWEEK", member={"external_id": "m0"}, **bill)
    assert (by_member.status_code, by_member.json()["to_pay"]) == (201, 5_500)
    one = given(api, "c", definition="welcome")["id"]
    assert post(api, "/v1/coupons:redeem", "r6", coupon=one, amount=300).json()["discount"] == 300
    assert held(api) == []
    served.clean(db)


def test_a_member_card_says_whose_coupon_it_is(api: httpx.Client, db: Database, keyring: Keyring) -> None:
    member_pages.enrolled(db, keyring, external_id="m9")
    mine = member_pages.signed_in(api)
    given(api, "a", "/v1/members/external:m9", code="TEAWEEK")
    card = api.get("/m/v1/me/card-code", headers=mine).json()["qr"]
    body = {"coupon": "TEAWEEK", "card": card, "amount": 2_000}
    first, again = (post(api, "/v1/coupons:redeem", "r", **body) for _ in range(2))
    # The card's code works once, yet the retry is answered.
    assert (first.status_code, first.json()["discount"], again.status_code) == (201, 300, 200)
    served.refused(post(api, "/v1/coupons:redeem", "s", **body), 409, "members.card_used")


@pytest.mark.parametrize("many", [pytest.param(95, id="95"), pytest.param(10_000, id="10000", marks=pytest.mark.prove)])
def test_ten_thousand_guesses_are_locked_out(api: httpx.Client, db: Database, clock: MovableClock, many: int) -> None:
    guesses = [post(api, f"{M0}/coupons", f"g{n}", code=f"GUESS{n:04d}") for n in range(12)]
    assert [answer.status_code for answer in guesses] == [404] * 10 + [429] * 2
    # The member is locked out for the right word too; others are not, until the caller has guessed a hundred times.
    served.refused(post(api, f"{M0}/coupons", "right", code="TEAWEEK"), 429, "members.too_many_tries")
    given(api, "other", M1, code="TEAWEEK")
    with httpx.Client(base_url=api.base_url, headers=api.headers) as thief:
        status = [post(thief, "/v1/coupons:redeem", f"h{n}", coupon=f"GUESS{n:05d}", amount=100).status_code for n in range(many)]
    assert status == [404] * 87 + [429] * (many - 87)
    served.refused(post(api, f"{M1}/coupons", "now", code="TEAWEEK"), 429, "members.too_many_tries")
    assert held(api) == []
