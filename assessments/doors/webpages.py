"""The pages that a file names, visited by a worker: what answered, and the digest of what it said. Nothing is parsed.

The addresses come from strangers: a name is resolved here, every address that it has must be one of the internet, and
the connection goes to that address and no other, so that a name that changes in between leads nowhere. A redirection
is another address, and goes through the same door."""

import hashlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from time import monotonic
from urllib.parse import SplitResult, urljoin, urlsplit

from assessments.enums import LinkFault

SECONDS = 10.0  # for each address, whatever it says in between
MOST_BYTES = 20 * 1024 * 1024
MOST_REDIRECTIONS = 5
REDIRECTIONS = (301, 302, 303, 307, 308)
PORTS = {"http": 80, "https": 443}
# Names that no name server of the internet knows (RFC 2606, 6761, 6762, 7686, 8375 and .internal).
LOCAL = ("example", "invalid", "test", "localhost", "local", "internal", "onion", "alt", "home.arpa")
# All that the internet gives in IPv6; the rest leads to an IPv4 address, or into a network of one's own.
UNICAST = ipaddress.ip_network("2000::/3")
HEADERS = {"User-Agent": "Arobase (verification of linked pages)", "Accept": "*/*", "Accept-Encoding": "identity"}

Resolve = Callable[[str, int], list[str]]


@dataclass(frozen=True)
class Seen:
    """What answered: the status of the last page, the SHA-256 of its content (empty beyond MOST_BYTES), or why none."""

    status: int | None = None
    sha256: str = ""
    fault: str = ""


class _Refused(Exception):
    def __init__(self, fault: LinkFault) -> None:
        self.fault = fault


def resolve(host: str, port: int) -> list[str]:
    """Every address of a name."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def is_of_the_internet(address: str) -> bool:
    """And of no network of ours, whatever dress it wears: mapped, in a tunnel, translated."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is None and (ip not in UNICAST or ip.sixtofour or ip.teredo):
            return False
        ip = ip.ipv4_mapped or ip
    return ip.is_global and not ip.is_multicast


def visit(url: str, *, resolve: Resolve = resolve, allowed: Callable[[str], bool] = is_of_the_internet) -> Seen:
    """Follow an address to what it says. Never raises: what went wrong is in `fault`."""
    try:
        for _step in range(MOST_REDIRECTIONS + 1):
            parts, port = _read(url)
            seen, location = _ask(parts, port, _addresses(parts, port, resolve, allowed))
            if not location:
                return seen
            url = urljoin(url, location)
        return Seen(fault=LinkFault.LOOPS)
    except _Refused as refusal:
        return Seen(fault=refusal.fault)
    except ssl.SSLError:
        return Seen(fault=LinkFault.CERTIFICATE)
    except (OSError, http.client.HTTPException, ValueError):
        return Seen(fault=LinkFault.SILENT)


def may_be_cited(url: str) -> bool:
    """As far as the address says itself, nobody being asked: a password in it would be shown, and a place of a network
    of ours is never visited."""
    try:
        host = _host(_read(url)[0])
    except (_Refused, ValueError):  # or its port is none
        return False
    try:
        return is_of_the_internet(host)
    except ValueError:  # a name
        return host != "localhost"


def _read(url: str) -> tuple[SplitResult, int]:
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname or parts.username is not None:
        raise _Refused(LinkFault.NAME)
    port = parts.port or PORTS[parts.scheme]
    if port not in PORTS.values():
        raise _Refused(LinkFault.PRIVATE)
    return parts, port


def _addresses(parts: SplitResult, port: int, resolve: Resolve, allowed: Callable[[str], bool]) -> list[str]:
    host = _host(parts)
    if any(f".{host}".endswith(f".{name}") for name in LOCAL):
        raise _Refused(LinkFault.NAME)
    try:
        found = resolve(host, port)
    except (OSError, UnicodeError):
        raise _Refused(LinkFault.NAME) from None
    if not found or not all(map(allowed, found)):
        raise _Refused(LinkFault.PRIVATE)
    return found


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    try:
        return host if ":" in host else host.encode("idna").decode()
    except UnicodeError:
        raise _Refused(LinkFault.NAME) from None


def _ask(parts: SplitResult, port: int, addresses: list[str]) -> tuple[Seen, str]:
    """What one address says, and where it sends, if anywhere."""
    ends = monotonic() + SECONDS
    channel = socket.create_connection((addresses[0], port), timeout=SECONDS)
    # A page that says a byte now and then would hold the worker for hours: time is counted from outside.
    watch = threading.Timer(SECONDS, _hang_up, [channel])
    watch.daemon = True
    watch.start()
    try:
        if parts.scheme == "https":
            channel = ssl.create_default_context().wrap_socket(channel, server_hostname=_host(parts))
        connection = http.client.HTTPConnection(_host(parts), port, timeout=SECONDS)
        connection.sock = channel
        with closing(connection):
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("GET", _quoted(target), headers=HEADERS)
            answer = connection.getresponse()
            if answer.status in REDIRECTIONS and (location := answer.getheader("Location")):
                return Seen(answer.status), location
            return Seen(answer.status, _digest(answer, ends)), ""
    finally:
        watch.cancel()
        channel.close()


def _quoted(target: str) -> str:
    """As it is asked: an accent that somebody left in an address is said in bytes."""
    return "".join(c if "!" <= c <= "~" else "".join(f"%{byte:02X}" for byte in c.encode()) for c in target)


def _digest(answer: http.client.HTTPResponse, ends: float) -> str:
    digest, size = hashlib.sha256(), 0
    while chunk := answer.read(64 * 1024):
        size += len(chunk)
        if size > MOST_BYTES:
            return ""
        if monotonic() > ends:
            raise TimeoutError
        digest.update(chunk)
    return digest.hexdigest()


def _hang_up(channel: socket.socket) -> None:
    with suppress(OSError):
        channel.shutdown(socket.SHUT_RDWR)
