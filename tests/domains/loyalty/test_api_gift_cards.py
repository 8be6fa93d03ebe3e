"""Gift cards over HTTP: made once, redeemed once, withdrawn; guessing is locked out. And what members do by themselves."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from regulars.domains.loyalty import service
from regulars.kernel import codes
from regulars.platform import db as database
from regulars.platform.clock import MovableClock
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.loyalty import shop
from tests.support import member_pages, served

M0, M1 = "/v1/members/external:m0", "/v1/members/external:m1"
WHY = {"reason": "Lost by the printer"}
NOW = "2026-03-01T12:00:00Z"
BATCH: dict[str, Any] = {"batch": "spring", "unit": "purse", "amount": 10_000, "count": 3, "expires_at": "2027-01-01T00:00:00Z"}


@pytest.fixture
def api(db: Database, keyring: Keyring, tmp_path: Path) -> Iterator[httpx.Client]:
    with db.transaction() as ctx:
        service.publish(ctx, service.add_draft(ctx, shop.SHOP).version)
    with served.client(db, keyring, tmp_path) as client:
        client.post("/v1/orders", json=served.order("1", 12_500))
        client.post("/v1/orders", json=served.order("2", 12_500, member="m1"))
        yield client


def redeem(api: httpx.Client, code: str, key: str, member: str = M0) -> httpx.Response:
    return api.post(f"{member}/gift-cards:redeem", json={"code": code}, headers={"idempotency-key": key})


def purse(api: httpx.Client, member: str = M0) -> int:
    units = {one["unit"]: one["available"] for one in api.get(f"{member}/balances").json()["items"]}
    found: int = units["purse"]
    return found


def made(api: httpx.Client, **more: Any) -> list[str]:
    answer = api.post("/v1/gift-cards", json={**BATCH, **more})
    assert answer.status_code == 201, answer.text
    found: list[str] = answer.json()["codes"]
    return found


def test_a_card_is_redeemed_once_and_a_withdrawn_batch_no_more(api: httpx.Client, db: Database) -> None:
    cards = made(api)
    assert [len(codes.checked(code)) for code in cards] == [16, 16, 16]
    served.refused(api.post("/v1/gift-cards", json=BATCH), 409, "gift_cards.name_taken")
    first, again = (redeem(api, cards[0].lower(), "a") for _ in range(2))
    assert (first.status_code, again.status_code, first.json()["amount"]) == (201, 200, 10_000)
    assert again.json() == {**first.json(), "duplicate": True}
    served.refused(redeem(api, cards[0], "b", M1), 409, "rewards.card_redeemed")
    for withdrawn in (2, 0):
        assert api.post("/v1/gift-cards/spring/void", json=WHY).json() == {"batch": "spring", "withdrawn": withdrawn}
    served.refused(redeem(api, cards[1], "c"), 409, "rewards.card_void")
    told = {"cards": 3, "redeemed": 1, "void": 2, "amount": 30_000, "redeemed_amount": 10_000}
    same = {"batch": "spring", "unit": "purse", "currency": "GBP", "expires_at": "2027-01-01T00:00:00Z"}
    (batch,) = api.get("/v1/gift-cards").json()["items"]
    unsaid = {"origin": None, "price": None, "order": None, "buyer": None}
    assert batch == {**same, **told, **unsaid, "face": 10_000, "made_at": NOW, "made_by": batch["made_by"]}
    assert (purse(api), purse(api, M1)) == (10_000, 0)
    actions = [row["action"] for row in api.get("/v1/audit").json()["items"] if row["action"].startswith("gift_cards")]
    assert actions == ["gift_cards.voided", "gift_cards.made"]
    served.clean(db)


def test_two_members_race_for_one_card_and_one_gets_it(api: httpx.Client, db: Database) -> None:
    answers: list[int] = []
    for code in made(api, count=6):
        gate = threading.Barrier(2)

        def take(member: str, code: str = code, gate: threading.Barrier = gate) -> None:
            gate.wait()
            answers.append(redeem(api, code, code + member[-2:], member).status_code)

        racers = [threading.Thread(target=take, args=(member,)) for member in (M0, M1)]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join()
    assert sorted(answers) == [201] * 6 + [409] * 6
    assert purse(api) + purse(api, M1) == 60_000
    served.clean(db)


def test_a_card_lapses_and_what_cannot_be_made_is_refused(api: httpx.Client, clock: MovableClock) -> None:
    card = made(api, expires_at="2026-03-01T13:00:00Z")[0]
    clock.at = clock.at.replace(hour=13)
    served.refused(redeem(api, card, "a"), 422, "rewards.card_expired")
    served.refused(api.post("/v1/gift-cards", json={**BATCH, "batch": "b", "unit": "points"}), 422, "points.not_money")
    served.refused(api.post("/v1/gift-cards", json={**BATCH, "batch": "c", "expires_at": "2026-03-01T13:00:00Z"}), 422, "input.invalid")
    served.refused(api.post("/v1/gift-cards/none/void", json=WHY), 404, "not_found")
    served.refused(api.get("/v1/gift-cards/none/cards"), 404, "not_found")


SOLD: dict[str, Any] = {"origin": "sold", "price": 9_500, "order": "shop:77", "buyer": "external:m1"}


def stand(cards: int, received: int | None = None) -> dict[str, int | None]:
    return {"cards": cards, "amount": 10_000 * cards, "received": received}


def owed(api: httpx.Client) -> list[tuple[str | None, object, object, object]]:
    items = api.get("/v1/reports/gift-cards").json()["items"]
    assert {(one["unit"], one["currency"]) for one in items} <= {("purse", "GBP")}
    return [(one["origin"], one["open"], one["lapsed"], one["redeemed"]) for one in items]


def test_what_is_owed_is_told_apart_by_cards_that_were_sold_and_given(api: httpx.Client, clock: MovableClock) -> None:
    assert owed(api) == []
    soon = {"expires_at": "2026-03-02T12:00:00Z"}
    sold = made(api, **SOLD)
    for batch, more in {
        "late": {**SOLD, "price": 12_000, **soon},
        "kind": {"origin": "given"},
        "brief": {"origin": "given", **soon},
    }.items():
        made(api, batch=batch, count=2, **more)
    made(api, batch="old", count=1)
    made(api, batch="lost", count=1, origin="sold", price=10_000)
    api.post("/v1/gift-cards/lost/void", json=WHY)
    redeem(api, sold[0], "a")
    clock.at = clock.at.replace(day=2)
    assert owed(api) == [
        ("sold", stand(2, 19_000), stand(2, 24_000), stand(1, 9_500)),
        ("given", stand(2, 0), stand(2, 0), stand(0, 0)),
        (None, stand(1), stand(0), stand(0)),
    ]
    api.headers[served.PERMISSIONS] = "gift_cards.manage"
    served.refused(api.get("/v1/reports/gift-cards"), 403, "auth.forbidden")


def test_what_was_paid_for_a_card_comes_in_as_money_and_the_rest_as_a_bonus(api: httpx.Client, db: Database) -> None:
    batches: dict[str, dict[str, Any]] = {"sold": SOLD, "dear": {**SOLD, "price": 12_000}, "given": {"origin": "given"}, "old": {}}
    for batch, more in batches.items():
        answer = redeem(api, made(api, batch=batch, count=1, **more)[0], batch)
        assert (answer.status_code, answer.json()["amount"]) == (201, 10_000)
    with db.reading() as ctx:
        rows = database.rows_of(ctx.tx, "SELECT amount, (why ->> 'bonus')::bool FROM journal WHERE unit = 'purse' ORDER BY seq, n")
    assert [tuple(row) for row in rows] == [(9_500, False), (500, True), (10_000, False), (10_000, True), (10_000, False)]
    sold = next(one for one in api.get("/v1/gift-cards").json()["items"] if one["batch"] == "sold")
    buyer = api.get(M1).json()["id"]
    assert {name: sold[name] for name in SOLD} == {**SOLD, "buyer": buyer}
    told = {row["entity"]: row["after"] for row in api.get("/v1/audit").json()["items"] if row["action"] == "gift_cards.made"}
    assert {name: told["gift_cards/sold"][name] for name in SOLD} == {**SOLD, "buyer": buyer}
    assert told["gift_cards/old"].keys() == {"cards", "amount", "unit", "expires_at"}
    served.clean(db)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"origin": "sold"}, "price"),
        ({"origin": "given", "price": 1}, "price"),
        ({"order": "shop:77"}, "order"),
        ({"origin": "given", "buyer": "external:m1"}, "buyer"),
        ({"origin": "lent"}, "origin"),
        ({"origin": "sold", "price": 0}, "price"),
    ],
)
def test_a_sale_is_told_in_full_or_refused(api: httpx.Client, more: dict[str, object], field: str) -> None:
    problem = served.refused(api.post("/v1/gift-cards", json={**BATCH, **more}), 422, "input.invalid")
    assert [fault["field"] for fault in problem["faults"]] == [field]
    served.refused(api.post("/v1/gift-cards", json={**BATCH, **SOLD, "buyer": "external:nobody"}), 404, "not_found")
    assert api.get("/v1/gift-cards").json() == {"items": []}


def test_a_card_is_looked_up_listed_and_withdrawn_by_its_code(api: httpx.Client) -> None:
    cards = made(api)
    redeem(api, cards[0], "a")
    member = api.get(M0).json()["id"]

    def look(code: str) -> dict[str, Any]:
        found: dict[str, Any] = api.post("/v1/gift-cards:look-up", json={"code": code}).json()
        return found

    same = {"batch": "spring", "unit": "purse", "currency": "GBP", "amount": 10_000, "expires_at": "2027-01-01T00:00:00Z", "origin": None}
    taken = {**same, "last_four": cards[0][-4:], "state": "redeemed", "redeemed_by": member, "redeemed_at": NOW}
    assert look(cards[0]) == taken
    served.refused(api.post("/v1/gift-cards:void", json={"code": cards[0], **WHY}), 409, "rewards.card_redeemed")
    lost = {**same, "last_four": cards[1][-4:], "state": "void", "redeemed_by": None, "redeemed_at": None}
    for _ in range(2):
        assert api.post("/v1/gift-cards:void", json={"code": cards[1], **WHY}).json() == lost
    served.refused(redeem(api, cards[1], "b"), 409, "rewards.card_void")
    first = api.get("/v1/gift-cards/spring/cards", params={"limit": 2}).json()
    rest = api.get("/v1/gift-cards/spring/cards", params={"limit": 2, "cursor": first["next"]}).json()
    assert sorted(one["last_four"] for one in first["items"] + rest["items"]) == sorted(code[-4:] for code in cards)
    assert api.get("/v1/gift-cards/spring/cards?state=void").json() == {"items": [lost], "next": None}
    changes = [row["after"] for row in api.get("/v1/audit").json()["items"] if row["action"] == "gift_cards.card_voided"]
    assert changes == [{"card": cards[1][-4:], **WHY}]


def test_guessing_cards_is_locked_out_and_a_slip_is_no_guess(api: httpx.Client) -> None:
    card = made(api)[0]
    for place in range(12):
        served.refused(redeem(api, "0000-0000-0000-0001", f"slip{place}"), 422, "codes.mistyped")
    fakes = codes.generate_many(bytes(range(12 * codes.bytes_needed(12))), length=12)
    assert [redeem(api, code, f"g{place}").status_code for place, code in enumerate(fakes[:11])] == [404] * 10 + [429]
    served.refused(redeem(api, card, "right"), 429, "members.too_many_tries")
    served.refused(api.post("/v1/gift-cards:look-up", json={"code": fakes[0]}), 404, "rewards.card_unknown")
    assert redeem(api, card, "other", M1).status_code == 201


def test_members_claim_order_pass_on_and_check_in_by_themselves(api: httpx.Client, db: Database, keyring: Keyring) -> None:
    member_pages.enrolled(db, keyring, external_id="m9")
    mine = member_pages.signed_in(api)
    api.post("/v1/orders", json=served.order("9", 12_500, member="m9"))
    friend = api.get("/v1/members/external:m1").json()["id"]
    del api.headers[served.PERMISSIONS]

    def get(path: str) -> dict[str, Any]:
        answer = api.get(f"/m/v1/me/{path}", headers=mine)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def own(path: str, key: str, **body: Any) -> httpx.Response:
        return api.post(f"/m/v1/me/{path}", json=body, headers={**mine, "idempotency-key": key})

    assert [one["definition"] for one in get("coupons/claimable")["items"]] == ["welcome", "tea"]
    one = own("coupons", "a", definition="welcome")
    assert (one.status_code, own("coupons", "b", definition="leaflet").json()["code"]) == (201, "coupons.not_claimed")
    assert own("coupons", "c", code="teaweek").status_code == 201
    assert sorted(item["definition"] for item in get("coupons")["items"]) == ["tea", "welcome"]
    assert own(f"coupons/{one.json()['id']}/transfer", "d", to=friend).status_code == 200
    assert [item["definition"] for item in get("coupons")["items"]] == ["tea"]
    assert own("reward-orders", "e", reward="cup", address_ref="home").status_code == 201
    assert [item["state"] for item in get("reward-orders")["items"]] == ["placed"]
    assert {item["id"]: item["left"] for item in get("rewards")["items"]} == {"cup": 1, "voucher": None}
    assert [item["left"] for item in get("benefits")["items"]] == [2, None]
    first, again = (own("check-in", "f") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert (first.json()["day"], first.json()["granted"], again.json()["duplicate"]) == ("2026-03-01", {"points": 5}, True)
    was_here = get("check-in")
    assert (was_here["done"], was_here["streak"], was_here["days"], len(was_here["earns"])) == (True, 1, ["2026-03-01"], 1)
    served.clean(db)
