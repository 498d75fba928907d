"""Sends one signed message by HTTP, to no address inside the network unless a setting allows it."""

import base64
import hashlib
import hmac
import ipaddress
import socket
import ssl
import threading
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

_TIMEOUT = 10  # seconds for a connection, and for each part of a response
_DEADLINE = 20  # seconds for all of it
# Where a network has only IPv6, these addresses lead to IPv4.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_READ = 1_000  # bytes of a response that are read
_ERROR = 200  # characters of an error that the log keeps


class SendingError(Exception):
    """A message could not be sent; the text says why."""


def sign(key: bytes, message: str, timestamp: int, body: bytes) -> str:
    """The signature of a message: HMAC-SHA256 of its id, time and body."""
    signed = b".".join((message.encode(), str(timestamp).encode(), body))
    return f"v1,{base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()}"


def check_url(url: str) -> None:
    """Raise a SendingError for an address that messages cannot be sent to, whatever its name resolves to."""
    parts = urlsplit(url)
    schemes = ("https", "http") if settings.NEWSROOM_WEBHOOKS_PRIVATE else ("https",)
    if parts.scheme not in schemes or not parts.hostname:
        raise SendingError(f"The address must begin with {' or '.join(schemes)}://.")
    if parts.username is not None or parts.password is not None:
        raise SendingError("The address must not contain a password.")


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Send a body, and return the status of the response; redirects are not followed. Raises a SendingError."""
    check_url(url)
    parts = urlsplit(url)
    try:
        connection = _connection(parts.scheme, parts.hostname or "", parts.port)
    except ValueError as error:
        raise SendingError(str(error)) from error
    # A receiver that sends a byte now and then would never exceed the timeout.
    stopper = threading.Timer(_DEADLINE, connection.stop)
    stopper.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        response.read(_READ)
    except (OSError, HTTPException, ValueError) as error:
        raise SendingError(_reason(error)) from error
    else:
        return int(response.status)
    finally:
        stopper.cancel()
        connection.close()


def _reason(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:_ERROR]


def _connection(scheme: str, host: str, port: int | None) -> Any:
    default = 443 if scheme == "https" else 80
    address = _public_address(host, port or default)
    kind = _PinnedHttps if scheme == "https" else _PinnedHttp
    return kind(host, port or default, address)


def _public_address(host: str, port: int) -> str:
    """The address of a host, looked up once, so that a second look-up cannot lead elsewhere."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SendingError(_reason(error)) from error
    addresses = [str(row[4][0]) for row in found]
    for address in addresses:
        if not (settings.NEWSROOM_WEBHOOKS_PRIVATE or _is_public(address)):
            raise SendingError(f"{host} is inside the network ({address}).")
    return addresses[0]


def _is_public(address: str) -> bool:
    """Whether an address is outside the network; one that leads to an IPv4 address is as public as that."""
    ip: Any = ipaddress.ip_address(address.partition("%")[0])
    if ip.version == 6:
        inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None
        ip = ip.ipv4_mapped or ip.sixtofour or inner or ip
    return bool(ip.is_global and not ip.is_multicast)


class _Pinned(HTTPConnection):
    """A connection to an address that was looked up before."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=_TIMEOUT)
        self._address = address

    def _open(self) -> socket.socket:
        return socket.create_connection((self._address, self.port), _TIMEOUT)

    def stop(self) -> None:
        """End what is being read or written."""
        if self.sock:
            with suppress(OSError):  # it has ended already
                self.sock.shutdown(socket.SHUT_RDWR)


class _PinnedHttp(_Pinned):
    def connect(self) -> None:
        self.sock = self._open()


class _PinnedHttps(_Pinned, HTTPSConnection):
    def connect(self) -> None:
        self.sock = self._open()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
