"""Where a webhook may go. A URL that a user types must not become a door into the network that the service is in.

The name is resolved here and the connection goes to the very address that was looked at: a name that changes its
address between the look and the call (DNS rebinding) gains nothing.
"""

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.errors import Invalid

MAX_URL = 2000


@dataclass(frozen=True, slots=True)
class Target:
    """A URL taken apart: `secure` is https; `path` begins with "/" and has the query."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        """The host as a request names it: with the port where that is not the scheme's own."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == (443 if self.secure else 80) else f"{name}:{self.port}"


class RefusedError(Exception):
    """The address is none that a webhook may go to; the text says why."""


def target_of(url: str, *, private: bool) -> Target:
    """Take a URL apart. Raises Invalid for what no webhook can be: other schemes, user names, fragments.

    `private` allows addresses of the own network, and plain http, which crosses no foreign one then.
    """

    def wrong(why: str) -> Invalid:
        return Invalid(f"url: {why}", pointer="/url")

    if len(url) > MAX_URL or not url.isascii() or any(character <= " " for character in url):
        raise wrong(f"at most {MAX_URL} visible ASCII characters")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise wrong(f"no URL ({error})") from None
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise wrong("begins with https://" if not private else "begins with https:// or http://")
    if not host or parts.username is not None or parts.password is not None or parts.fragment:
        raise wrong("a host, a path and a query; no user name, password or fragment")
    secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    target = Target(secure, host, (443 if secure else 80) if port is None else port, path)
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return target
    if not private and not is_public(address):
        raise wrong(f"{host} is an address of a private network, and those are not allowed here")
    return target


async def resolve(target: Target, *, private: bool) -> str:
    """The address to connect to. Raises RefusedError where the name has one that is not public, or OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if not private:
        for address in addresses:
            if not is_public(ipaddress.ip_address(address.partition("%")[0])):
                raise RefusedError(f"{target.host} is {address}, an address of a private network")
    return addresses[0]


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address belongs to the open internet: none of the special ranges, however it is written."""
    if isinstance(address, ipaddress.IPv6Address):
        # IPv4 in the clothes of IPv6: mapped, 6to4, Teredo, and the prefix of NAT64 (RFC 6052).
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if address in ipaddress.IPv6Network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast
