"""Where may be posted to: the form of an address, and never anywhere inside.

A name is resolved here, and the connection goes to the very address that was looked at: nobody can answer a second
question in another way.
"""

import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from events.errors import Refused
from services.settings import LOOPBACK, Settings

LONGEST_URL = 2_000
PORTS = {"https": 443, "http": 80}

Address = IPv4Address | IPv6Address

TRANSLATED = tuple(
    ip_network(each) for each in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "::ffff:0:0/96")
)
"""IPv6 addresses that carry an IPv4 address, by NAT64, 6to4, Teredo or mapping: they do not lead where they seem to."""

HOSTS_OWN = tuple(
    ip_network(each)
    for each in ("168.63.129.16/32", "169.254.0.0/16", "100.64.0.0/10", "192.0.0.0/24", "fd00:ec2::/32")
)
"""What answers a machine in a cloud about itself; one of them looks like anybody's address."""

SITE_LOCAL = ip_network("fec0::/10")


class Unresolved(Exception):
    """The name of a receiver could not be resolved now."""


class Forbidden(Refused):
    """An address to which nothing is posted."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address to post to, taken apart. `address` is the number to connect to, once it was looked at."""

    scheme: str
    host: str
    port: int
    path: str
    address: str = ""

    @property
    def authority(self) -> str:
        """Host and port as the header `Host` names them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def numeric(self) -> str:
        """The URL with the number in the place of the name."""
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"{self.scheme}://{host}:{self.port}{self.path}"


def target_of(url: str) -> Target:
    """The address taken apart. ValueError, without a word of it, for one that is none, or says who asks."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError("is no address: write https://host/path") from error
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise ValueError(f"must be at most {LONGEST_URL} printable characters without spaces; write % for others")
    if parts.scheme not in PORTS or not host:
        raise ValueError("is no address: write https://host/path")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must hold no name or password: what is posted is signed")
    if parts.fragment or url.endswith("#"):
        raise ValueError("must have no fragment (#): it is never sent")
    if "%" in parts.netloc:
        raise ValueError("must name its host plainly")
    default = PORTS[parts.scheme]
    return Target(parts.scheme, host.rstrip("."), default if port is None else port, _path(parts))


def _path(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def forbidden(address: Address) -> str:
    """Why nothing is posted to that number; empty for one that is anybody's."""
    if isinstance(address, IPv6Address):
        if any(address in network for network in TRANSLATED):
            return "carries another address"
        if address in SITE_LOCAL or address.scope_id:
            return "is of one network alone"
    if any(address in network for network in HOSTS_OWN if network.version == address.version):
        return "answers a machine about itself"
    if address.is_unspecified or address.is_multicast or address.is_reserved:
        return "is nobody's"
    if not address.is_global:
        return "is private"
    return ""


def resolved(host: str, port: int) -> Iterable[str]:
    """The numbers of a name, as this machine resolves it. Unresolved where there are none now."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError) as error:
        raise Unresolved(type(error).__name__) from error
    return dict.fromkeys(str(each[4][0]) for each in found)


@dataclass(frozen=True, slots=True)
class Reach:
    """Where may be posted to, by the settings. `private` lets everything be, for an installation that asks for it."""

    ports: frozenset[int]
    private: bool = False
    resolve: Callable[[str, int], Iterable[str]] = resolved

    @classmethod
    def of(cls, settings: Settings) -> "Reach":
        """As the settings have it."""
        return cls(frozenset(settings.webhooks_ports), settings.webhooks_private)

    def of_url(self, url: str) -> Target:
        """The address with the number to connect to.

        Forbidden where any number of its name is not for us to post to; Unresolved where it has none now.
        """
        try:
            target = target_of(url)
        except ValueError as error:
            raise Forbidden("url", str(error)) from error
        if not self.private:
            if target.scheme != "https":
                raise Forbidden("url", "must be an https address")
            if target.port not in self.ports:
                raise Forbidden("url", f"port {target.port} is none of {', '.join(map(str, sorted(self.ports)))}")
        elif target.scheme == "http" and target.host not in LOOPBACK:
            raise Forbidden("url", "must be an https address (http only on this machine)")
        numbers = [ip_address(each) for each in self.resolve(target.host, target.port)]
        if not numbers:
            raise Unresolved("no address")
        for each in numbers:
            if not self.private and (why := forbidden(each)):
                raise Forbidden("url", f"leads to an address that {why}; set SIGHTLINE_WEBHOOKS_PRIVATE to allow it")
        return replace(target, address=str(numbers[0]))
