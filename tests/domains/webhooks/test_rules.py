"""Addresses, signatures, retries, patterns and the catalogue: tables of cases and properties, no database."""

import base64
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from uuid import UUID

import jsonschema
import pytest
import standardwebhooks
from hypothesis import given
from hypothesis import strategies as st

from regulars.domains.loyalty import events as loyalty
from regulars.domains.members import events as members
from regulars.domains.operators import events as operators
from regulars.domains.orders import events as orders
from regulars.domains.webhooks.model import Answer, Destination, Due, EndpointId, Fell, Happened, MessageId, State, Stopped
from regulars.domains.webhooks.rules import catalogue, destinations, matching, retrying, signing
from regulars.domains.webhooks.rules.retrying import Outcome
from regulars.kernel import ids
from regulars.kernel.problem import Problem

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HTTPS = Destination(scheme="https", host="shop.example.com", port=443, target="/")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("1.1.1.1", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("::ffff:1.1.1.1", True),
        ("64:ff9b::101:101", True),
        ("0.0.0.0", False),  # noqa: S104 - an address that is refused; nothing binds to it.
        ("10.0.0.1", False),
        ("100.64.0.1", False),
        ("100.100.100.200", False),
        ("127.0.0.1", False),
        ("127.255.255.254", False),
        ("169.254.169.254", False),
        ("168.63.129.16", False),
        ("172.16.0.1", False),
        ("172.31.255.255", False),
        ("172.32.0.1", True),
        ("192.0.0.192", False),
        ("192.0.2.1", False),
        ("192.88.99.1", False),
        ("192.168.1.1", False),
        ("198.18.0.1", False),
        ("198.51.100.7", False),
        ("203.0.113.7", False),
        ("224.0.0.1", False),
        ("239.255.255.255", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:a9fe:a9fe", False),
        ("::127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::a9fe:a9fe", False),
        ("64:ff9b:1::1", False),
        ("2001::1", False),
        ("2001:db8::1", False),
        ("2002:7f00:1::", False),
        ("2002:a00:1::", False),
        ("fc00::1", False),
        ("fd00:ec2::254", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("ff02::1", False),
    ],
)
def test_only_public_addresses_are_reached(address: str, public: bool) -> None:
    assert destinations.may_reach(HTTPS, address) is public


def test_networks_of_ones_own_are_reached_also_without_tls_and_metadata_never() -> None:
    own = (ip_network("127.0.0.0/8"), ip_network("169.254.0.0/16"), ip_network("fd00::/8"))
    plain = Destination(scheme="http", host="shop.example.com", port=80, target="/")
    assert [destinations.may_reach(plain, one, own=own) for one in ("127.0.0.1", "::ffff:127.0.0.1", "fd00::7", "1.1.1.1")] == [
        True,
        True,
        True,
        False,
    ]
    assert [destinations.may_reach(HTTPS, one, own=own) for one in ("169.254.169.254", "::ffff:169.254.169.254", "fd00:ec2::254")] == [
        False
    ] * 3
    assert destinations.may_reach(HTTPS, "10.0.0.1", own=own) is False


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("https://shop.example.com", "https://shop.example.com/"),
        ("HTTPS://Shop.Example.COM./Hooks?a=b%20c", "https://shop.example.com/Hooks?a=b%20c"),
        ("https://shop.example.com?a=1", "https://shop.example.com/?a=1"),
        ("https://shop.example.com:443/x", "https://shop.example.com/x"),
        ("https://shop.example.com:8443/x", "https://shop.example.com:8443/x"),
        ("https://93.184.215.14/x", "https://93.184.215.14/x"),
        ("https://[2606:2800::1]:8443/x", "https://[2606:2800::1]:8443/x"),
    ],
)
def test_an_address_has_one_spelling(url: str, taken: str) -> None:
    assert destinations.parsed(url).url == taken
    assert destinations.parsed(taken).url == taken


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "it has to be an https address of at most 2,000 plain characters"),
        ("shop.example.com/hooks", "it has to be an https address of at most 2,000 plain characters"),
        ("https://shop.example.com/" + "x" * 2_000, "it has to be an https address of at most 2,000 plain characters"),
        ("https://shop.example.com/a b", "it has to be an https address of at most 2,000 plain characters"),
        ("https://shop.example.com/a\r\nhost: b", "it has to be an https address of at most 2,000 plain characters"),
        ("http://shop.example.com/", "it has to begin with https://"),
        ("ftp://shop.example.com/", "it has to begin with https://"),
        ("file:///etc/passwd", "it has to begin with https://"),
        ("https://li:na@shop.example.com/", "it must not hold a user name or a password"),
        ("https://1.1.1.1@127.0.0.1/", "it must not hold a user name or a password"),
        ("https://shop.example.com/#x", "it must not have a part after #"),
        ("https:///x", "its host has to be a name in ASCII (xn--… for others) or an IP address"),
        ("https://熟客.example/", "its host has to be a name in ASCII (xn--… for others) or an IP address"),
        ("https://shop.example.com\\@127.0.0.1/", "it must not hold a user name or a password"),
        ("https://shop.example.com\\.a/", "its host has to be a name in ASCII (xn--… for others) or an IP address"),
        ("https://shop.example.com:/", "its host has to be a name in ASCII (xn--… for others) or an IP address"),
        ("https://[fe80::1%25eth0]/", "its host has to be a name in ASCII (xn--… for others) or an IP address"),
        ("https://shop.example.com:22/", "port 22 is none that web servers use"),
        ("https://shop.example.com:80/", "port 80 is none that web servers use"),
        ("https://shop.example.com:6379/", "port 6379 is none that web servers use"),
        ("https://shop.example.com:5432/", "port 5432 is none that web servers use"),
        ("https://shop.example.com:65536/", "port 65536 is none that web servers use"),
    ],
)
def test_an_address_that_is_refused_says_why(url: str, why: str) -> None:
    with pytest.raises(Problem) as refused:
        destinations.parsed(url)
    assert (refused.value.code, refused.value.fields["reason"], refused.value.faults[0].field) == ("webhooks.url_refused", why, "url")


@given(body=st.text(), keys=st.lists(st.binary(min_size=24, max_size=64), min_size=1, max_size=3))
def test_the_standards_own_library_verifies_whatever_is_signed_under_any_of_the_keys(body: str, keys: list[bytes]) -> None:
    at = datetime.now(UTC)
    headers = signing.headers("msg_1", body, at=at, keys=keys)
    for key in keys:
        standardwebhooks.Webhook(signing.secret_text(key)).verify(body, headers, json_parse=False)
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(signing.secret_text(b"another key that nobody has")).verify(body, headers, json_parse=False)
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(signing.secret_text(keys[0])).verify(body + ".", headers, json_parse=False)


def test_the_standards_own_example_has_its_signature() -> None:
    key = signing.secret_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1_614_265_330, UTC)
    assert signing.headers("msg_p5jXN8AQM9LWM0D4loKWxJek", '{"test": 2432232314}', at=at, keys=[key]) == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@given(st.binary(min_size=1, max_size=64))
def test_a_secret_is_read_back_from_its_text(key: bytes) -> None:
    assert signing.secret_key(signing.secret_text(key)) == key


@pytest.mark.parametrize("text", ["MfKQ9r8G", "whsec_***", "whpk_MfKQ9r8G"])
def test_what_is_no_secret_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a secret"):
        signing.secret_key(text)


def due(tries: int = 0, *, failing_since: datetime | None = None, message: int = 1) -> Due:
    return Due(
        endpoint_id=EndpointId(UUID(int=7)),
        message_id=MessageId(UUID(int=message)),
        lease=1,
        tries=tries,
        attempts=tries,
        url="https://shop.example.com/",
        body="{}",
        failing_since=failing_since,
        secrets=(),
    )


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_every_2xx_ends_a_delivery_well(status: int) -> None:
    assert retrying.outcome(due(), Answer(status=status), now=NOON) == Outcome(state=State.delivered)


def test_gone_disables_the_endpoint_at_once() -> None:
    assert retrying.outcome(due(), Answer(status=410), now=NOON) == Outcome(state=State.failed, stop=Stopped.gone)


@pytest.mark.parametrize("answer", [Answer(status=s) for s in (100, 199, 301, 302, 307, 400, 404, 429, 500, 503)])
def test_everything_else_is_tried_again(answer: Answer) -> None:
    after = retrying.outcome(due(), answer, now=NOON)
    assert (after.state, after.stop) == (State.waiting, None)


@given(tries=st.integers(0, len(retrying.PAUSES) - 1), message=st.integers(1, 1 << 60), wished=st.one_of(st.none(), st.integers(0, 10**6)))
def test_a_pause_is_the_schedules_and_up_to_a_fifth_more_or_what_was_asked_for(tries: int, message: int, wished: int | None) -> None:
    one = due(tries, message=message)
    pause = retrying.pause(one, Answer(error=Fell.timeout, retry_after=wished))
    planned = retrying.PAUSES[tries]
    asked = timedelta(seconds=min(wished or 0, 86_400))
    assert max(planned, asked) <= pause <= max(planned * 1.2, asked)
    assert pause == retrying.pause(one, Answer(error=Fell.connection, retry_after=wished))


def test_the_attempts_are_ten_over_three_days() -> None:
    assert retrying.TRIES == 10
    assert sum(retrying.PAUSES, timedelta()) == timedelta(days=3, hours=3, minutes=35, seconds=5)
    assert retrying.outcome(due(9), Answer(status=500), now=NOON) == Outcome(state=State.failed)
    assert retrying.outcome(due(8), Answer(status=500), now=NOON).state is State.waiting


def test_five_days_without_success_disable_an_endpoint() -> None:
    since = NOON - timedelta(days=5)
    assert retrying.outcome(due(failing_since=since), Answer(status=500), now=NOON).stop is Stopped.failing
    assert retrying.outcome(due(9, failing_since=since), Answer(status=500), now=NOON) == Outcome(state=State.failed, stop=Stopped.failing)
    assert retrying.outcome(due(failing_since=since + timedelta(seconds=1)), Answer(status=500), now=NOON).stop is None
    assert retrying.outcome(due(failing_since=since), Answer(status=200), now=NOON).stop is None


@pytest.mark.parametrize(
    ("patterns", "heard"),
    [
        (("*",), True),
        (("points.changed",), True),
        (("points.*",), True),
        (("tiers.changed", "points.changed"), True),
        (("points",), False),
        (("points.change",), False),
        (("point.*",), False),
        (("tiers.*",), False),
        ((), False),
    ],
)
def test_patterns_are_types_prefixes_or_everything(patterns: tuple[str, ...], heard: bool) -> None:
    assert matching.hears(patterns, "points.changed") is heard


@pytest.mark.parametrize("wrong", ["", "point.*", "points", "points.", "*.*", "Points.*", "points.changed.*", "**"])
def test_a_pattern_that_hears_nothing_is_found(wrong: str) -> None:
    assert matching.misspelt(["*", wrong, "points.*"], catalogue.TYPES) == wrong


@pytest.mark.parametrize("name", sorted(catalogue.TYPES))
def test_every_example_is_valid_and_says_what_it_is(name: str) -> None:
    one = catalogue.TYPES[name]
    jsonschema.validate(one.example(), one.schema(), cls=jsonschema.Draft202012Validator)
    assert (one.type, one.example()["type"], one.en[-1], one.zh[-1]) == (name, name, ".", "。")


def test_everything_these_slices_announce_has_a_type() -> None:
    announced = {value for module in (loyalty, members, operators, orders) for key, value in vars(module).items() if key.isupper()}
    assert announced == set(catalogue.EVENTS)


MEMBER = UUID("0196f2d4-7c1a-7a34-9d0c-5b1f6f1f2a10")


def test_points_are_told_under_the_members_public_id() -> None:
    payload = {"changes": [["points", "grant", 125, str(UUID(int=3))], ["growth", "grant", 125, None]]}
    body = catalogue.body(Happened(name=loyalty.POINTS_CHANGED, key=MEMBER, payload=payload, at=NOON))
    assert body == (
        '{"type":"points.changed","timestamp":"2026-03-01T12:00:00+00:00","data":{"member":"mbr_01jbsd8z0tf8t9t30tbtvhpah0",'
        '"changes":[{"unit":"points","kind":"grant","amount":125},{"unit":"growth","kind":"grant","amount":125}]}}'
    ).replace("mbr_01jbsd8z0tf8t9t30tbtvhpah0", ids.encode("mbr", MEMBER))


def test_base64_of_a_secret_is_the_standard_alphabet() -> None:
    assert signing.secret_text(b"\xfb\xff" * 16).removeprefix("whsec_") == base64.b64encode(b"\xfb\xff" * 16).decode()
