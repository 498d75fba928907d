"""Whose request it is, for whoever counts requests: the client's address, as far as it can be believed."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest

# Some proxies write the port too, which a client changes as it likes.
_WITH_PORT = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<four>\d+(?:\.\d+){3})):\d+")
# What one customer has of IPv6: as many addresses as one likes, of which each would be a new client.
_OF_ONE_CLIENT = 64


def client_address(request: HttpRequest) -> str:
    """The client's address: of X-Forwarded-For only what our own proxies wrote, for the rest is the client's word.

    With NEWSROOM_PROXIES = 1 the last address of `6.6.6.6, 203.0.113.7` counts, with 0 the header is not read.
    Of an IPv6 address it is the network that one client has. What is no address is given as it is.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    proxies = settings.NEWSROOM_PROXIES
    forwarded = [
        part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()
    ]
    return normalize_address(forwarded[-min(proxies, len(forwarded))] if proxies and forwarded else direct)


@lru_cache(maxsize=1_000)  # both the throttle and the log ask, request after request
def normalize_address(text: str) -> str:
    """The address under which a client is counted.

    >>> [normalize_address(text) for text in ("203.0.113.7:4711", "::ffff:203.0.113.7", "2001:db8:1:2:3:4:5:6")]
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
    network = ipaddress.ip_network((int(address), _OF_ONE_CLIENT), strict=False)
    return str(network.network_address)


def is_ip_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
