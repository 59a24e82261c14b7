"""Which web sites may be asked for published reports, as an office lays it down, and which addresses are never asked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any

import httpx

from gdcore.errors import ConfigurationError
from gdcore.settings import Settings

FILE_NAME = "fetching.toml"
ADDED_NAME = "fetching.hosts.toml"
_ADDED_HEAD = "# 由“公开复核”页写入。删除本文件，即不再允许访问这些网站。"
SECONDS, MEGABYTES, PAUSE = 30.0, 20.0, 1.0  # as they are unless an office says otherwise
_KEYS = {"hosts", "private", "seconds", "megabytes", "pause"}
_EXAMPLE = (
    '请按 hosts = ["www.example.gov.cn", "*.example.gov.cn"]、private = ["10.1.0.0/16"]、seconds = 30、megabytes = 20、'
    "pause = 1.0 的写法修改。"
)
_PATTERN = re.compile(r"(?P<name>(?:\*\.)?[^\s/:*@\[\]]+|\[[0-9a-f:.]+\])(?::(?P<port>\d{1,5}|\*))?", re.IGNORECASE)
_NAME = re.compile(r"[a-z0-9._:-]+")
_PORTS = {"http": 80, "https": 443}
# Addresses that carry an IPv4 address inside: a gateway would send on to that one.
_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL = IPv6Network("2000::/3")  # the only unicast addresses of IPv6 that were ever given out

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Access:
    """What may be asked. `hosts` are names, `*.name` with all below it, either with `:port` (`:*` any; without, 80 and 443).

    `private`: networks that may be asked although they are not public. `seconds` for one page with all it redirects to,
    `megabytes` of it once unpacked, `pause` in seconds between two requests to one site.
    """

    hosts: tuple[str, ...] = ()
    private: tuple[Network, ...] = ()
    seconds: float = SECONDS
    megabytes: float = MEGABYTES
    pause: float = PAUSE

    def allows(self, url: httpx.URL) -> bool:
        """Whether the office lists the site of this address."""
        return any(_matches(pattern, host_of(url), port_of(url)) for pattern in self.hosts)

    def reaches(self, address: str) -> bool:
        """Whether an IP address may be connected to: a public one, or one of the private ones that are allowed."""
        found = _unwrapped(ip_address(address.partition("%")[0]))
        return any(found in network for network in self.private) or _is_public(found)


def host_of(url: httpx.URL) -> str:
    """The host in the form in which names are compared: lower case, as it is asked for, without a last dot."""
    return url.raw_host.decode("ascii", "replace").lower().rstrip(".")


def port_of(url: httpx.URL) -> int:
    """The port that will be asked."""
    return url.port or _PORTS.get(url.scheme, 0)


def site_of(url: httpx.URL) -> str:
    """How the site of an address is written among `hosts`: the name, with the port where it is not the usual one."""
    host = f"[{host_of(url)}]" if ":" in host_of(url) else host_of(url)
    return host if port_of(url) in _PORTS.values() else f"{host}:{port_of(url)}"


def _matches(pattern: str, host: str, port: int) -> bool:
    found = _PATTERN.fullmatch(pattern)
    if found is None:
        return False
    name, wanted = found["name"].strip("[]"), found["port"]
    if wanted != "*" and port not in ((int(wanted),) if wanted else _PORTS.values()):
        return False
    return host == name or (name.startswith("*.") and (host.endswith(name[1:]) or host == name[2:]))


def _unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, where it stands for one."""
    if isinstance(address, IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour
    return inner or (IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else address)


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and (address not in _GLOBAL or address.teredo is not None):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


# --- what an office lays down ---------------------------------------------------------------------------------------


def load(settings: Settings) -> Access:
    """What the office's `fetching.toml` says, and the sites that were added by the page. Without either nothing is asked.

    Raises ConfigurationError with the file and what is wrong in it.
    """
    own, added = (_parsed(settings.data / name) for name in (FILE_NAME, ADDED_NAME))
    hosts = dict.fromkeys(_checked(host) for table in (own, added) for host in table.get("hosts", ()))
    return Access(
        hosts=tuple(hosts),
        private=tuple(map(_network, own.get("private", ()))),
        seconds=_positive(own, "seconds", SECONDS),
        megabytes=_positive(own, "megabytes", MEGABYTES),
        pause=_positive(own, "pause", PAUSE),
    )


def allow(settings: Settings, hosts: Iterable[str]) -> None:
    """Add sites to those that may be asked. They stand in a file of their own: the office's own is never written."""
    path = settings.data / ADDED_NAME
    known = dict.fromkeys([*_parsed(path).get("hosts", ()), *map(_checked, hosts)])
    lines = [_ADDED_HEAD, "hosts = [", *(f'  "{host}",' for host in known), "]"]
    settings.data.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", "utf-8")


def _parsed(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        return {}
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"联网设置 {path.name} 不是正确的 TOML：{error}。", _EXAMPLE) from error
    if unknown := set(table) - _KEYS:
        raise ConfigurationError(f"联网设置 {path.name} 有不认识的项目：{'、'.join(sorted(unknown))}。", _EXAMPLE)
    for key in ("hosts", "private"):
        values = table.get(key, [])
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise ConfigurationError(f"联网设置 {path.name} 的 {key} 应为一组带引号的文字。", _EXAMPLE)
    return table


def _checked(pattern: str) -> str:
    """A site as it is compared: lower case, in the form in which it is asked for."""
    found = _PATTERN.fullmatch(pattern.strip().rstrip("."))
    name = found["name"] if found else ""
    if found is None or (name.startswith("*.") and "." not in name[2:]):
        raise ConfigurationError(f"联网设置中的网站“{pattern}”不能用。", _EXAMPLE)
    try:
        plain = httpx.URL(f"http://{name.removeprefix('*.')}/").raw_host.decode("ascii").lower()
    except (httpx.InvalidURL, UnicodeError) as error:
        raise ConfigurationError(f"联网设置中的网站“{pattern}”不能用。", _EXAMPLE) from error
    if not _NAME.fullmatch(plain):
        raise ConfigurationError(f"联网设置中的网站“{pattern}”不能用。", _EXAMPLE)
    port = f":{found['port']}" if found["port"] else ""
    return ("*." if name.startswith("*.") else "") + (f"[{plain}]" if ":" in plain else plain) + port


def _network(value: str) -> Network:
    try:
        return ip_network(value.strip(), strict=False)
    except ValueError as error:
        raise ConfigurationError(f"联网设置中 private 的“{value}”不是网段或地址。", _EXAMPLE) from error


def _positive(table: Mapping[str, Any], key: str, default: float) -> float:
    value = table.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0 or (value == 0 and key != "pause"):
        raise ConfigurationError(f"联网设置的 {key} 应为正数，现为 {value!r}。", _EXAMPLE)
    return float(value)
