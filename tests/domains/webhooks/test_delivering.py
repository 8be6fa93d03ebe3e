"""From what happened to what a receiver verifies: real endpoints, real requests, a clock that is moved over days."""

import json
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
import standardwebhooks

from regulars.app import wiring
from regulars.domains.loyalty import events as loyalty
from regulars.domains.orders import events as orders
from regulars.domains.webhooks import model, service
from regulars.domains.webhooks.adapters.posting import Poster
from regulars.domains.webhooks.model import Answer, Fell, State, Stopped
from regulars.domains.webhooks.rules import retrying
from regulars.kernel import ids
from regulars.kernel.problem import Problem
from regulars.platform import outbox
from regulars.platform.clock import MovableClock
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from regulars.platform.outbox import Event
from tests.domains.webhooks import receivers
from tests.domains.webhooks.conftest import Add
from tests.domains.webhooks.receivers import Received, Receiver
from tests.support import factories

Send = Callable[[], int]
KEY = UUID(int=7)
HEARS = dict.fromkeys(wiring.SUBSCRIPTIONS, (service.on_events,))


def happened(db: Database, count: int = 1) -> None:
    """``count`` times points changed, and the outbox was drained."""
    with db.transaction() as ctx:
        outbox.emit(ctx, [Event(loyalty.POINTS_CHANGED, KEY, {"changes": [["points", "grant", n, None]]}) for n in range(1, count + 1)])
    while outbox.drain(db, HEARS):
        pass


def verified(secret: str, one: Received, sent_at: datetime) -> Any:
    """The payload, as a receiver at ``sent_at`` gets it from the standard's library."""
    assert one.headers["webhook-timestamp"] == str(int(sent_at.timestamp()))
    again = standardwebhooks.Webhook(secret).sign(one.headers["webhook-id"], sent_at, one.body.decode())
    assert again in one.headers["webhook-signature"].split(" ")
    return json.loads(one.body)


def states(db: Database, endpoint: model.Endpoint) -> list[tuple[State, int, int | None]]:
    with db.reading() as ctx:
        return [(one.state, one.attempts, one.last_status) for one in service.list_deliveries(ctx, endpoint.endpoint_id)]


def test_what_happened_arrives_signed_once(db: Database, clock: MovableClock, receiver: Receiver, add: Add, send: Send) -> None:
    clock.at = datetime.now(UTC)
    endpoint, secret = add(receiver.url, "points.*")
    happened(db)
    assert (send(), send()) == (1, 0)
    (one,) = receiver.received
    payload = standardwebhooks.Webhook(secret).verify(one.body, one.headers)
    changes = [{"unit": "points", "kind": "grant", "amount": 1}]
    assert payload == {
        "type": "points.changed",
        "timestamp": clock.at.isoformat(),
        "data": {"member": ids.encode("mbr", KEY), "changes": changes},
    }
    assert (one.path, one.headers["content-type"]) == ("/hooks?shop=1", "application/json")
    assert states(db, endpoint) == [(State.delivered, 1, 200)]


def test_an_order_is_told_with_its_member(db: Database, receiver: Receiver, add: Add, send: Send) -> None:
    add(receiver.url)
    with db.transaction() as ctx:
        (member,) = factories.enrol(ctx, 1)
        payload = {"order": "ord_1", "source": "shop", "number": "1", "at": "2026-03-01T12:00:00+00:00", "total": 5, "currency": "GBP"}
        anonymous = Event(orders.ORDER_PAID, UUID(int=9), payload)
        outbox.emit(ctx, [Event(orders.ORDER_PAID, member.subject_id, payload), anonymous])
    while outbox.drain(db, HEARS):
        pass
    send()
    told = [json.loads(one.body) for one in receiver.received]
    paid = [one["data"]["member"] for one in told if one["type"] == "orders.paid"]
    assert sorted(paid, key=str) == [None, ids.encode("mbr", member.member_id)]
    assert [one["type"] for one in told if one["type"] != "orders.paid"] == ["members.enrolled"]


def test_each_endpoint_hears_what_it_asked_for_and_a_disabled_one_nothing(db: Database, receiver: Receiver, add: Add, send: Send) -> None:
    hears, _ = add(receiver.url, "points.changed")
    other, _ = add(receiver.url, "tiers.*")
    stopped, _ = add(receiver.url)
    with db.transaction() as ctx:
        service.disable(ctx, stopped.endpoint_id)
    happened(db)
    assert send() == 1
    assert [len(states(db, one)) for one in (hears, other, stopped)] == [1, 0, 0]


def test_the_same_event_twice_is_one_message(db: Database, receiver: Receiver, add: Add, send: Send) -> None:
    add(receiver.url)
    event = Event(loyalty.POINTS_CHANGED, KEY, {"changes": []}, 12, factories.NOON)
    for _ in range(2):
        with db.transaction() as ctx:
            service.on_events(ctx, [event])
    assert send() == 1


def test_a_failure_is_tried_ten_times_over_three_days_under_the_same_id(
    db: Database, clock: MovableClock, receiver: Receiver, add: Add, send: Send
) -> None:
    receiver.status, receiver.answer = 500, b"out of \x00 order"
    endpoint, secret = add(receiver.url)
    happened(db)
    sent: list[datetime] = []
    for pause in (*retrying.PAUSES, timedelta(days=5)):
        assert (send(), send()) == (1, 0)
        sent.append(clock.at)
        clock.move(pause - timedelta(seconds=1))
        assert send() == 0
        clock.move(pause * 0.2 + timedelta(seconds=1))
    assert len(set(receiver.ids())) == 1
    for one, at in zip(receiver.received, sent, strict=True):
        assert verified(secret, one, at)["type"] == "points.changed"
    assert states(db, endpoint) == [(State.failed, 10, 500)]
    with db.reading() as ctx:
        delivery = service.list_deliveries(ctx, endpoint.endpoint_id)[0]
        _, body, attempts = service.get_delivery(ctx, endpoint.endpoint_id, delivery.message_id)
    assert [(one.no, one.status, one.response) for one in attempts] == [(no, 500, "out of � order") for no in range(10, 0, -1)]
    assert body.encode() == receiver.received[0].body


def test_a_failed_message_is_sent_again_by_hand_and_in_a_window(
    db: Database, clock: MovableClock, receiver: Receiver, add: Add, send: Send
) -> None:
    receiver.status = 410
    endpoint, _ = add(receiver.url)
    happened(db, 2)
    send()
    with db.transaction() as ctx:
        assert service.get_endpoint(ctx, endpoint.endpoint_id).stopped is Stopped.gone
        with pytest.raises(Problem, match=r"webhooks\.stopped"):
            service.replay_failed(ctx, endpoint.endpoint_id, since=clock.at - timedelta(hours=1))
        service.enable(ctx, endpoint.endpoint_id)
        assert service.replay_failed(ctx, endpoint.endpoint_id, since=clock.at + timedelta(seconds=1), until=clock.at + timedelta(1)) == 0
        found = service.list_deliveries(ctx, endpoint.endpoint_id)
        service.replay(ctx, endpoint.endpoint_id, found[0].message_id)
        with pytest.raises(Problem, match=r"webhooks\.still_waiting"):
            service.replay(ctx, endpoint.endpoint_id, found[0].message_id)
    clock.move(timedelta(minutes=1))
    with db.transaction() as ctx:
        assert service.replay_failed(ctx, endpoint.endpoint_id, since=found[1].created_at) == 1
    receiver.status = 200
    assert send() == 2
    assert {one[:2] for one in states(db, endpoint)} == {(State.delivered, 2)}
    assert sorted(receiver.ids()) == sorted([*set(receiver.ids())] * 2)


def test_secrets_overlap_while_they_are_changed(
    db: Database, clock: MovableClock, keyring: Keyring, receiver: Receiver, add: Add, send: Send
) -> None:
    clock.at = datetime.now(UTC)
    endpoint, old = add(receiver.url)
    with db.transaction() as ctx:
        new = service.rotate(ctx, endpoint.endpoint_id, overlap=timedelta(hours=24), keyring=keyring)
    happened(db)
    send()
    (one,) = receiver.received
    for secret in (old, new):
        assert standardwebhooks.Webhook(secret).verify(one.body, one.headers)["type"] == "points.changed"
    clock.move(timedelta(hours=24))
    happened(db)
    send()
    later = receiver.received[1]
    assert len(later.headers["webhook-signature"].split(" ")) == 1
    assert verified(new, later, clock.at)["type"] == "points.changed"
    with db.reading() as ctx:
        assert [one.expires_at for one in service.secrets_of(ctx, [endpoint.endpoint_id])[endpoint.endpoint_id]] == [None]


def test_an_endpoint_that_fails_for_five_days_is_disabled_and_the_audit_log_says_so(
    db: Database, clock: MovableClock, receiver: Receiver, add: Add, send: Send, connection: "psycopg.Connection[Any]"
) -> None:
    receiver.status = 503
    endpoint, _ = add(receiver.url)
    happened(db)
    send()
    clock.move(timedelta(days=5))
    send()
    with db.reading() as ctx:
        assert service.get_endpoint(ctx, endpoint.endpoint_id).stopped is Stopped.failing
    rows = connection.execute("SELECT action, actor_kind, after FROM audit ORDER BY audit_id").fetchall()
    assert rows[-1] == ("webhook_endpoint.disabled", "system", {"stopped": "failing"})
    clock.move(timedelta(days=1))
    assert send() == 0
    receiver.status = 200
    with db.transaction() as ctx:
        service.enable(ctx, endpoint.endpoint_id)
    assert send() == 1
    with db.reading() as ctx:
        assert service.get_endpoint(ctx, endpoint.endpoint_id).failing_since is None


def test_secrets_are_sealed_and_the_audit_log_holds_no_query(
    add: Add, connection: "psycopg.Connection[Any]", db: Database, receiver: Receiver
) -> None:
    _, secret = add(receiver.url)
    (sealed,) = connection.execute("SELECT sealed FROM webhook_secrets").fetchone() or (b"",)
    assert secret.removeprefix("whsec_").encode() not in bytes(sealed)
    (after,) = connection.execute("SELECT after::text FROM audit").fetchone() or ("",)
    assert "shop=1" not in after
    assert secret not in after


def test_a_slow_endpoint_holds_up_no_other(db: Database, receiver: Receiver, add: Add, send: Send) -> None:
    held = threading.Event()
    with receivers.receiver(before=lambda: _waited(held)) as slow:
        add(slow.url)
        add(receiver.url)
        happened(db, 20)
        worker = threading.Thread(target=send)
        worker.start()
        for _ in range(500):
            if len(receiver.received) == 20:
                break
            held.wait(0.01)
        assert (len(receiver.received), len(slow.received) <= 8) == (20, True)
        held.set()
        worker.join()


def test_messages_are_forgotten_after_thirty_days(
    db: Database, clock: MovableClock, receiver: Receiver, add: Add, send: Send, connection: "psycopg.Connection[Any]"
) -> None:
    add(receiver.url)
    happened(db)
    send()
    clock.move(timedelta(days=30))
    with db.transaction() as ctx:
        assert service.forget_old(ctx) == 0
    clock.move(timedelta(seconds=1))
    with db.transaction() as ctx:
        assert service.forget_old(ctx) == 1
    counted = "SELECT (SELECT count(*) FROM webhook_messages), (SELECT count(*) FROM webhook_deliveries), count(*) FROM webhook_attempts"
    assert connection.execute(counted).fetchone() == (0, 0, 0)


def test_a_worker_that_lost_its_lease_records_nothing(db: Database, clock: MovableClock, receiver: Receiver, add: Add) -> None:
    endpoint, _ = add(receiver.url)
    happened(db)

    def claimed() -> list[model.Due]:
        with db.transaction() as ctx:
            return service.claim(ctx, failing=False, besides=[], share=4, limit=16)

    first = claimed()
    assert (len(first), claimed()) == (1, [])
    clock.move(service.LEASE)
    second = claimed()
    assert [one.lease for one in (*first, *second)] == [1, 2]
    with db.transaction() as ctx:
        assert service.record(ctx, [(first[0], Answer(status=500))]) == 0
        assert service.record(ctx, [(second[0], Answer(status=200))]) == 1
        assert service.record(ctx, [(second[0], Answer(status=200))]) == 0
    assert states(db, endpoint) == [(State.delivered, 1, 200)]


def test_what_the_network_does_is_told_apart(receiver: Receiver) -> None:
    poster = Poster(own=receivers.OWN, answer_seconds=0.5)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        refused = poster.post(f"http://127.0.0.1:{closed.getsockname()[1]}/", "{}", {})
    assert refused.error is Fell.connection
    assert poster.post(receiver.url.replace("http://", "https://"), "{}", {}).error is Fell.tls
    assert poster.post("https://li:na@127.0.0.1/", "{}", {}).error is Fell.url
    assert poster.post("https://nobody.invalid/", "{}", {}).error is Fell.host_unknown
    held = threading.Event()
    receiver.before = lambda: _waited(held)
    late = poster.post(receiver.url, "{}", {})
    held.set()
    assert (late.error, late.duration_ms >= 500) == (Fell.timeout, True)


def test_a_receiver_that_drips_is_given_up() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        ended = threading.Event()

        def drip() -> None:
            taken, _ = listener.accept()
            with taken:
                while not ended.wait(0.1):
                    taken.sendall(b"x")

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        poster = Poster(own=receivers.OWN, answer_seconds=0.5)
        answer = poster.post(f"http://127.0.0.1:{listener.getsockname()[1]}/", "{}", {})
        ended.set()
        thread.join()
    assert answer.error in (Fell.timeout, Fell.protocol)


def test_a_redirect_is_not_followed_and_a_long_answer_is_cut(receiver: Receiver) -> None:
    poster = Poster(own=receivers.OWN)
    receiver.status, receiver.headers = 302, {"location": receiver.url, "retry-after": "120"}
    receiver.answer = "熟客".encode() * 5_000
    answer = poster.post(receiver.url, "{}", {})
    assert (answer.status, answer.retry_after, len(receiver.received)) == (302, 120, 1)
    assert answer.response == ("熟客" * 341 + "熟客"[:1])[:682] + "�"


def test_a_name_that_leads_inside_is_refused_at_each_request_and_never_connected_to(receiver: Receiver) -> None:
    leads: list[list[str]] = [["93.184.215.14"], ["127.0.0.1"], ["93.184.215.14", "10.0.0.1"], []]
    answers = iter(leads)
    poster = Poster(resolve=lambda _host, _port: next(answers))
    url = "https://rebinding.example.com/"
    assert poster.checked(url).host == "rebinding.example.com"
    assert [poster.post(url, "{}", {}).error for _ in range(3)] == [Fell.address_refused] * 3
    with pytest.raises(Problem, match=r"webhooks\.url_refused"):
        Poster(resolve=lambda _host, _port: ["169.254.169.254"]).checked(url)
    assert receiver.received == []


def test_the_address_that_was_checked_is_the_one_that_is_connected_to(receiver: Receiver) -> None:
    port = int(receiver.url.split(":")[2].split("/")[0])
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    answer = Poster(own=receivers.OWN, resolve=resolve).post(f"http://shop.example.com:{port}/x", "{}", {})
    assert (answer.status, asked, receiver.received[0].headers["host"]) == (200, ["shop.example.com"], f"shop.example.com:{port}")


def _waited(held: threading.Event) -> None:
    held.wait(5)
