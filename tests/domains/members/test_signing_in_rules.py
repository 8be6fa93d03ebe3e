"""What is typed to sign in, what a device is called, how long a limit lasts."""

from datetime import UTC, datetime, timedelta

import pytest

from regulars.domains.members.model import Contact, Field, Limit
from regulars.domains.members.rules import signing_in
from regulars.kernel.problem import Problem

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "region", "contact"),
    [
        ("138 1234 5678", "CN", Contact(Field.phone, "+8613812345678")),
        ("07700 900001", "GB", Contact(Field.phone, "+447700900001")),
        ("+44 7700 900001", "CN", Contact(Field.phone, "+447700900001")),
        (" Wang.Fang@Example.com ", "CN", Contact(Field.email, "wang.fang@example.com")),
    ],
)
def test_a_contact_has_one_spelling(text: str, region: str, contact: Contact) -> None:
    assert signing_in.contact(text, region) == contact


@pytest.mark.parametrize("text", ["", "12", "a@b", "@"])
def test_what_is_no_contact_is_named(text: str) -> None:
    with pytest.raises(Problem) as caught:
        signing_in.contact(text, "CN")
    assert [(fault.field, fault.value) for fault in caught.value.faults] == [("contact", text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36 MicroMessenger/8.0", "WeChat · Android"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0", "Edge · Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15.0; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox · Mac"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", "Chrome · Linux"),
        ("python-httpx/0.28", "?"),
        ("", "?"),
        ("Android", "? · Android"),
    ],
)
def test_a_device_gets_a_coarse_name(text: str, name: str) -> None:
    assert signing_in.device(text) == name


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("somewhere", "unknown"),
    ],
)
def test_an_address_counts_with_its_neighbours(address: str, network: str) -> None:
    assert signing_in.network(address) == network


@pytest.mark.parametrize(("tries", "left", "wait"), [(3, 10, None), (4, 10, 10), (4, 0.2, 1), (4, 0, 1), (9, 59.5, 60)])
def test_one_too_many_waits_until_the_window_is_over(tries: int, left: float, wait: int | None) -> None:
    until = NOON + timedelta(seconds=left)
    assert signing_in.wait(tries, until, limit=Limit(3, timedelta(minutes=1)), now=NOON) == wait
