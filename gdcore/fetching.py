"""One published page, fetched safely: an allowed site, a public address, a bounded time and size, and no more than asked."""

from __future__ import annotations

import errno
import re
import socket
import ssl
import threading
import time
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

import httpcore
import httpx

import gdcore
from gdcore.door import CONNECT_SECONDS, Clock, Door, NotFetched, Obstacle, Resolver, lookup
from gdcore.gate import Access, site_of

REDIRECTS: Final = 5  # that are followed from one address
_MEGABYTE = 1024 * 1024
_PIECE = 64 * 1024  # bytes unpacked at once
_HEADERS: Mapping[str | bytes, str | bytes] = {
    "User-Agent": f"DisclosureDesk/{gdcore.__version__} (annual report review; one request at a time)",
    "Accept": "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
    "Accept-Encoding": "gzip",
    "Connection": "close",
}
_MOVED = frozenset((301, 302, 303, 307, 308))
_GONE = frozenset((404, 410))


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came: the bytes as unpacked, from which address in the end, and the name of the file there."""

    url: str
    data: bytes
    name: str


def address_of(url: str) -> httpx.URL:
    """The address as it can be asked; raises NotFetched for one that is none of a web page."""
    try:
        found = httpx.URL(url.strip())
    except (httpx.InvalidURL, ValueError, UnicodeError) as error:
        raise NotFetched(Obstacle.ADDRESS, "这不是网址。") from error
    if found.scheme not in ("http", "https") or not found.host:
        raise NotFetched(Obstacle.ADDRESS, "只能核对以 http:// 或 https:// 开头的网址。")
    if found.userinfo:
        raise NotFetched(Obstacle.ADDRESS, "网址中带有用户名或密码，不予访问。")
    return found


class Turns:
    """One request at a time to each site, with a pause between two."""

    def __init__(self, pause: float) -> None:
        self._pause = pause
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._last: dict[str, float] = {}
        self._guard = threading.Lock()

    @contextmanager
    def of(self, site: str) -> Iterator[None]:
        """Wait until it is this request's turn."""
        with self._guard:
            lock = self._locks[site]
        with lock:
            time.sleep(max(0.0, self._last.get(site, -self._pause) + self._pause - time.monotonic()))
            try:
                yield
            finally:
                self._last[site] = time.monotonic()


def fetch(url: str, access: Access, turns: Turns | None = None, resolve: Resolver = lookup) -> Fetched:
    """What stands at an address, through at most REDIRECTS to other ones, each checked like the first.

    Waiting for its turn costs a page none of its time. Raises NotFetched with a sentence for a person.
    """
    address, left = address_of(url), access.seconds
    turns = turns or Turns(0)
    for _ in range(REDIRECTS + 1):
        if not access.allows(address):
            raise NotFetched(Obstacle.NOT_ALLOWED, f"网站 {site_of(address)} 不在允许访问的名单中。")
        with turns.of(site_of(address)):
            clock = Clock(left)
            answer = _get(address, access, clock, resolve)
            left = clock.left()
        if isinstance(answer, bytes):
            return Fetched(str(address), answer, _name(address))
        address = answer
    raise NotFetched(Obstacle.REDIRECTS, f"网址转来转去超过 {REDIRECTS} 次，没有到达网页。")


def _name(address: httpx.URL) -> str:
    """The last part of the path, as a file would be called."""
    return re.sub(r'[\x00-\x1f<>:"|?*\\]', "_", unquote(address.path).rstrip("/").rsplit("/", 1)[-1]) or "index.html"


# --- one request ----------------------------------------------------------------------------------------------------


def _get(address: httpx.URL, access: Access, clock: Clock, resolve: Resolver) -> bytes | httpx.URL:
    """The body of the answer, or where it leads."""
    door = Door(access, clock, resolve)
    with _told(address), httpcore.ConnectionPool(ssl_context=_trust(), network_backend=door) as pool:
        target = httpcore.URL(
            scheme=address.raw_scheme, host=address.raw_host, port=address.port, target=address.raw_path
        )
        with pool.stream("GET", target, headers=_HEADERS, extensions={"timeout": _timeouts()}) as answer:
            headers = httpx.Headers(answer.headers)
            if answer.status in _MOVED and "location" in headers:
                return _led_to(address, headers["location"])
            _check_status(answer.status)
            return _body(answer.iter_stream(), headers, int(access.megabytes * _MEGABYTE))


def _timeouts() -> dict[str, float]:
    """For single steps; the clock bounds them all together."""
    return {"connect": CONNECT_SECONDS, "read": CONNECT_SECONDS, "write": CONNECT_SECONDS, "pool": CONNECT_SECONDS}


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    """The authorities that browsers trust, and those that were installed on this machine."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


def _led_to(address: httpx.URL, location: str) -> httpx.URL:
    try:
        return address_of(str(address.join(location)))
    except (httpx.InvalidURL, ValueError) as error:
        raise NotFetched(Obstacle.BROKEN, "网站转到了一个不成网址的地方。") from error


def _check_status(status: int) -> None:
    if status in _GONE:
        raise NotFetched(Obstacle.GONE, f"网页不存在（{status}）。")
    if status in (401, 403, 407, 412, 418, 429, 521):
        raise NotFetched(Obstacle.REFUSED, f"网站拒绝了程序的访问（{status}），请用浏览器打开核对。")
    if not 200 <= status < 300:
        raise NotFetched(Obstacle.REFUSED, f"网站出错，没有给出网页（{status}）。")


def _body(pieces: Iterable[bytes], headers: httpx.Headers, limit: int) -> bytes:
    """What the answer holds, unpacked; never more than `limit` bytes are made of it."""
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit:
        raise _too_large(limit)
    packed = headers.get("content-encoding", "").strip().lower()
    if packed not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise NotFetched(Obstacle.BROKEN, "网页的压缩方式不能识别。")
    data = bytearray()
    for piece in _inflated(pieces) if packed not in ("", "identity") else pieces:
        data += piece
        if len(data) > limit:
            raise _too_large(limit)
    if not data:
        raise NotFetched(Obstacle.BROKEN, "网页是空的。")
    return bytes(data)


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Packed bytes unpacked, a little at a time: a few of them can stand for very many."""
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
    for piece in pieces:
        rest = piece
        while rest and not unpacker.eof:
            try:
                yield unpacker.decompress(rest, _PIECE)
            except zlib.error as error:
                raise NotFetched(Obstacle.BROKEN, "网页的压缩内容损坏。") from error
            rest = unpacker.unconsumed_tail
    if not unpacker.eof:
        raise NotFetched(Obstacle.BROKEN, "网页没有传完整。")


def _too_large(limit: int) -> NotFetched:
    return NotFetched(Obstacle.TOO_LARGE, f"网页或附件超过 {limit / _MEGABYTE:g} MB，没有取回。")


# --- faults in words ------------------------------------------------------------------------------------------------

_CERTIFICATES = {
    10: "证书已过期",
    9: "证书尚未生效",
    18: "证书是网站自己签发的",
    19: "证书的签发机构不受信任",
    20: "证书链不完整或签发机构不受信任",
    21: "证书链不完整",
    62: "证书与网址不符",
    64: "证书与网址不符",
}
_NO_WAY = frozenset((errno.ENETUNREACH, errno.ENETDOWN))
_NO_ROUTE_TO = "192.0.2.1"  # kept for documentation (RFC 5737): nothing is sent, the system only looks for a way out


@contextmanager
def _told(address: httpx.URL) -> Iterator[None]:
    """Whatever fails below, as NotFetched."""
    host = site_of(address)
    try:
        yield
    except NotFetched:
        raise
    except socket.gaierror as error:
        raise _unknown(host, error) from error
    except (httpcore.ConnectTimeout, httpcore.PoolTimeout) as error:
        raise NotFetched(Obstacle.NO_ANSWER, f"网站 {host} 没有应答。") from error
    except httpcore.TimeoutException as error:
        raise NotFetched(Obstacle.SLOW, "网页很久没有传完，已停止。") from error
    except httpcore.ConnectError as error:
        raise _not_connected(host, error) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        raise NotFetched(Obstacle.BROKEN, f"与网站 {host} 的连接中断，或应答不成网页。") from error


def _unknown(host: str, error: socket.gaierror) -> NotFetched:
    if error.errno == socket.EAI_NONAME and has_way_out():
        return NotFetched(Obstacle.NO_HOST, f"查不到网站 {host} 的地址。")
    return NotFetched(Obstacle.NO_NETWORK, f"不能查询网站 {host} 的地址。")


def _not_connected(host: str, error: httpcore.ConnectError) -> NotFetched:
    cause = _cause(error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        why = _CERTIFICATES.get(cause.verify_code, "证书不能通过验证")
        return NotFetched(Obstacle.INSECURE, f"网站 {host} 的{why}，没有访问。请用浏览器打开核对。")
    if isinstance(cause, ssl.SSLError):
        return NotFetched(Obstacle.INSECURE, f"与网站 {host} 不能建立加密连接（网站的加密方式可能过旧）。")
    if isinstance(cause, OSError) and cause.errno in _NO_WAY:
        return NotFetched(Obstacle.NO_NETWORK, f"没有通往网站 {host} 的网络。")
    if isinstance(cause, ConnectionRefusedError):
        return NotFetched(Obstacle.DOWN, f"网站 {host} 没有开放（拒绝连接）。")
    return NotFetched(Obstacle.NO_ANSWER, f"连不上网站 {host}。")


def _cause(error: BaseException) -> BaseException:
    """The fault at the bottom."""
    while (below := error.__cause__ or error.__context__) is not None:
        error = below
    return error


def has_way_out() -> bool:
    """Whether this machine has a route to the outside at all."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((_NO_ROUTE_TO, 9))
        except OSError:
            return False
    return True
