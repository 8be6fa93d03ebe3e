"""Where webhooks may be sent: the shape of the address, and which network addresses its name may lead to.

The address is taken apart by one expression, and what it finds is what is connected to, so that two readers can't disagree about its host.
"""

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from regulars.domains.webhooks import model
from regulars.domains.webhooks.model import Destination, Networks

Address = IPv4Address | IPv6Address

_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<place>[^/?#]*)(?P<target>(?:/[^?#]*)?(?:\?[^#]*)?)(?P<fragment>#.*)?")
_PLACE = re.compile(r"(?P<host>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\.?|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?")
_TARGET = re.compile(r"[!-~]*")
_USUAL = {"https": 443, "http": 80}
_PORT_MIN = 1024
# Ports of services that would take a request for commands of their own: browsers refuse them too, except the databases at the end.
_ODD_PORTS = frozenset(
    {1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080}
    | {1433, 1521, 2375, 2376, 2379, 3306, 5432, 6443, 9042, 9200, 10250, 11211, 27017}
)

# Machines in these networks answer to whoever asks from inside; nothing public lies there, whatever the standard library says of them.
_NEVER_PUBLIC: Networks = tuple(
    ip_network(one)
    for one in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
    )
)
_PUBLIC_6 = IPv6Network("2000::/3")
_TRANSLATED = IPv6Network("64:ff9b::/96")
# Where clouds tell a machine its own secrets. Refused even when an operator names the network around them.
_METADATA = frozenset(ip_address(one) for one in ("169.254.169.254", "169.254.170.2", "168.63.129.16", "100.100.100.200", "fd00:ec2::254"))


def parsed(url: str, *, plain: bool = False) -> Destination:
    """The address taken apart; ``plain``: also ``http``. Raises ``webhooks.url_refused`` that says what is wrong with it."""
    found = _URL.fullmatch(url) if len(url) <= model.URL_MAX else None
    if found is None or not _TARGET.fullmatch(found["target"]):
        raise model.url_refused(
            url,
            reason="it has to be an https address of at most 2,000 plain characters",
            reason_zh="须为不超过 2000 个普通字符的 https 地址",
        )
    scheme = found["scheme"].lower()
    if scheme != "https" and not (plain and scheme == "http"):
        raise model.url_refused(url, reason="it has to begin with https://", reason_zh="须以 https:// 开头")
    if "@" in found["place"]:
        raise model.url_refused(url, reason="it must not hold a user name or a password", reason_zh="不得包含用户名或密码")
    if found["fragment"]:
        raise model.url_refused(url, reason="it must not have a part after #", reason_zh="不得包含 # 之后的部分")
    place = _PLACE.fullmatch(found["place"])
    if place is None:
        raise model.url_refused(
            url,
            reason="its host has to be a name in ASCII (xn--… for others) or an IP address",
            reason_zh="主机须为 ASCII 域名（其他文字请用 xn--… 形式）或 IP 地址",
        )
    port = int(place["port"]) if place["port"] else _USUAL[scheme]
    if not _fine(port, scheme):
        raise model.url_refused(url, reason=f"port {port} is none that web servers use", reason_zh=f"端口 {port} 不是网页服务使用的端口")
    target = found["target"]
    host = place["host"].strip("[]").rstrip(".").lower()
    return Destination(scheme=scheme, host=host, port=port, target=target if target.startswith("/") else f"/{target}")


def _fine(port: int, scheme: str) -> bool:
    return port == _USUAL[scheme] or (_PORT_MIN <= port < 1 << 16 and port not in _ODD_PORTS)


def may_reach(destination: Destination, address: str, *, own: Networks = ()) -> bool:
    """Whether a request to ``destination`` may go to this network address, one of those its name leads to.

    Public ones only, besides those in ``own``; what is not encrypted goes to ``own`` only. Metadata services never.
    """
    seen = _plainly(ip_address(address.partition("%")[0]))
    if seen in _METADATA:
        return False
    if any(seen in network for network in own if network.version == seen.version):
        return True
    return destination.scheme == "https" and is_public(seen)


def is_public(address: Address) -> bool:
    """Whether the address belongs to a machine of the open internet."""
    seen = _plainly(address)
    if isinstance(seen, IPv6Address) and seen not in _PUBLIC_6:
        return False
    if any(seen in network for network in _NEVER_PUBLIC if network.version == seen.version):
        return False
    return seen.is_global and not seen.is_multicast and not seen.is_reserved


def _plainly(address: Address) -> Address:
    """The IPv4 address that hides in an IPv6 one: both lead to the same machine."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _TRANSLATED:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address
