"""The IP address of a client, by which anonymous requests are counted and logged."""

import ipaddress
import re
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest

# Some proxies add the port, which a client can change at will.
_WITH_PORT = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<four>\d+(?:\.\d+){3})):\d+")
# Bits of the IPv6 network that one customer has; each of its addresses would count as another client.
_CLIENT_PREFIX = 64


def client_address(request: HttpRequest) -> str:
    """The client's address; of X-Forwarded-For only what our own proxies wrote, as clients can forge the rest.

    With NEWSROOM_PROXIES = 1 it is the last address of `6.6.6.6, 203.0.113.7`; with 0 the header is ignored.
    An IPv6 address is cut to its network. Text that is not an address is returned unchanged.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    proxies = settings.NEWSROOM_PROXIES
    forwarded = [
        part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()
    ]
    return _normalize_address(forwarded[-min(proxies, len(forwarded))] if proxies and forwarded else direct)


@lru_cache(maxsize=1_000)  # called by the throttle and the log for each request
def _normalize_address(text: str) -> str:
    """An address without port and, for IPv6, cut to the network of one client.

    >>> [_normalize_address(text) for text in ("203.0.113.7:4711", "::ffff:203.0.113.7", "2001:db8:1:2:3:4:5:6")]
    ['203.0.113.7', '203.0.113.7', '2001:db8:1:2::']
    """
    if match := _WITH_PORT.fullmatch(text):
        text = match["six"] or match["four"]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    network = ipaddress.ip_network((int(address), _CLIENT_PREFIX), strict=False)
    return str(network.network_address)


def is_ip_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
