"""What somebody types to sign in, and how much a limit still allows."""

import ipaddress
from datetime import datetime

from regulars.domains.members.model import Contact, Field, Limit
from regulars.domains.members.rules import identity
from regulars.kernel import problem

CODE_DIGITS = 6
_SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "Mac"), ("Linux", "Linux"))
# The order matters: everybody claims to be Safari, and WeChat, Edge and Opera also claim to be Chrome.
_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("AlipayClient", "Alipay"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_UNKNOWN = "?"


def contact(text: str, region: str) -> Contact:
    """The phone number or e-mail address in its one spelling. Raises ``input.invalid`` naming ``contact``."""
    try:
        if "@" in text:
            return Contact(Field.email, identity.email_key(identity.email(text)))
        return Contact(Field.phone, identity.phone(text, region))
    except problem.Problem:
        expected = f"an e-mail address, or a phone number with its country code or of region {region}"
        raise problem.invalid("contact", text, expected) from None


def device(user_agent: str) -> str:
    """A coarse name of a device ("Safari · iPhone"), from a short list: a browser's own words tell too much of its owner."""
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), _UNKNOWN)
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), _UNKNOWN)
    return _UNKNOWN if system == browser else f"{browser} · {system}"


def network(address: str) -> str:
    """What tries of an address are counted under: IPv4 as it is, IPv6 its /64, because one subscriber owns all of it."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address):
        mapped = ip.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.IPv6Network((int(ip), 64), strict=False))
    return str(ip)


def wait(tries: int, until: datetime, *, limit: Limit, now: datetime) -> int | None:
    """Seconds to wait when the ``tries``-th in its window is one too many, else None."""
    return max(1, -int((now - until).total_seconds() // 1)) if tries > limit.tries else None
