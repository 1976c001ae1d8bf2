"""Sending a request to an address that a stranger named: bounded in time and size, and never into our own network.

The name is resolved once and every address checked; the connection goes to the very address that was checked, so that a
name which changes its mind in between (DNS rebinding) gains nothing. TLS still checks the certificate against the name.
Redirects are not followed and proxies of the environment are not used.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ReadTimeoutError

CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 10.0
KEPT_BYTES = 2_000  # of an answer: enough to see what went wrong
NAT64 = IPv6Network("64:ff9b::/96")  # an IPv4 address in IPv6's clothes, which calls itself global
LONGEST_URL = 500
TRIED_ADDRESSES = 2  # of a name's: an IPv6 address that does not answer, and the IPv4 address behind it


class AddressRefused(Exception):
    """A request does not go there: the address is malformed, not https, or inside a private network."""


class NoAnswer(Exception):
    """There was no whole answer: no such name, no connection, a wrong certificate, or too slow."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, first bytes as text, `Retry-After` where it is in seconds, and how long it took."""

    status: int
    text: str
    retry_after: int | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Target:
    """A checked URL: what to connect to, and what to ask for."""

    is_https: bool
    host: str
    port: int
    path: str

    @property
    def named(self) -> str:
        """The Host header's value."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.is_https else 80) else f"{host}:{self.port}"


def check_url(url: str) -> Target:
    """What a URL names, as far as can be told without asking for its addresses. Raises AddressRefused."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError as error:  # UnicodeError is one
        raise AddressRefused(gettext("This is no address.")) from error
    schemes = {"https", "http"} if settings.ATELIER.webhooks_to_private else {"https"}
    if parts.scheme not in schemes:
        raise AddressRefused(gettext("It must begin with https://."))
    if not host or parts.username is not None or len(url) > LONGEST_URL or not url.isprintable() or " " in url:
        raise AddressRefused(gettext("This is no address: a host and a path are expected, without a user or spaces."))
    with contextlib.suppress(ValueError):  # a name: what it stands for is checked before each connection
        _refuse_private(host)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme == "https", host, port, path)


def addresses_of(target: Target) -> list[str]:
    """The addresses of a host, each of them checked. Raises AddressRefused, NoAnswer."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise NoAnswer(gettext("The name %(host)s has no address.") % {"host": target.host}) from error
    addresses = list(dict.fromkeys(str(address[0]) for *_, address in found))
    for address in addresses:
        _refuse_private(address)
    return addresses


def _refuse_private(address: str) -> None:
    """Raise AddressRefused for whatever is not on the public internet; ValueError where this is no IP address."""
    ip = ip_address(address.partition("%")[0])
    if settings.ATELIER.webhooks_to_private:
        return
    if any(not inner.is_global or inner.is_multicast for inner in [ip, *_carried(ip)]):
        raise AddressRefused(gettext("This address is inside a private network."))


def _carried(ip: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses that an IPv6 address may be turned into on its way."""
    if isinstance(ip, IPv4Address):
        return []
    carried = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if ip in NAT64:
        carried.append(IPv4Address(int(ip) & 0xFFFFFFFF))
    return [inner for inner in carried if inner is not None]


def post(url: str, body: bytes, headers: Mapping[str, str], *, seconds: float = WHOLE_SECONDS) -> Answer:
    """POST `body` and return what was answered, whatever its status. `seconds` bound the whole of it.

    Raises AddressRefused, NoAnswer.
    """
    target = check_url(url)
    started = time.monotonic()
    call = _Call(target, addresses_of(target)[:TRIED_ADDRESSES], min(CONNECT_SECONDS, seconds))
    # A server that sends a byte now and then would never be late for a single read: the whole is cut off instead.
    cutter = threading.Timer(seconds, call.cut)
    cutter.daemon = True
    cutter.start()
    try:
        connection = call.connect()
        if connection.sock is not None:
            connection.sock.settimeout(seconds)
        connection.request("POST", target.path, body, dict(headers) | {"Host": target.named}, preload_content=False)
        answer = connection.getresponse()
        text = answer.read(KEPT_BYTES).decode("utf-8", "replace").replace("\0", "")
        wait = answer.headers.get("Retry-After", "")
        if call.is_cut:
            raise TimeoutError  # headers that are cut off look like headers that end
        return Answer(answer.status, text, int(wait) if wait.isdecimal() else None, time.monotonic() - started)
    except (OSError, HTTPError, HTTPException, ValueError) as error:
        is_late = call.is_cut or isinstance(error, ReadTimeoutError | TimeoutError)  # a read's own limit is the same
        late = gettext("No answer within %(seconds)s s.") % {"seconds": f"{seconds:g}"}
        raise NoAnswer(late if is_late else _told(error)) from error
    finally:
        cutter.cancel()
        call.close()


class _Call:
    """One connection, to the first of a host's checked addresses that takes it, which another thread may cut."""

    def __init__(self, target: Target, addresses: Sequence[str], seconds: float) -> None:
        self._candidates = [_connection(target, address, seconds) for address in addresses]
        self._current = self._candidates[0]
        self.is_cut = False

    def connect(self) -> HTTPConnection:
        for connection in self._candidates:
            self._current = connection
            try:
                connection.connect()
            except (NewConnectionError, ConnectTimeoutError):
                if connection is self._candidates[-1] or self.is_cut:
                    raise
            else:
                break
        return self._current

    def cut(self) -> None:
        self.is_cut = True
        if (sock := self._current.sock) is not None:
            with contextlib.suppress(OSError):  # it was over anyway
                socket.socket.shutdown(sock, socket.SHUT_RDWR)  # of the plain socket: its TLS layer would wait

    def close(self) -> None:
        for connection in self._candidates:
            connection.close()


def _connection(target: Target, address: str, seconds: float) -> HTTPConnection:
    if not target.is_https:
        return HTTPConnection(address, target.port, timeout=seconds)
    return HTTPSConnection(
        address, target.port, timeout=seconds, cert_reqs="CERT_REQUIRED", server_hostname=target.host,
        assert_hostname=target.host,
    )  # fmt: skip


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]
