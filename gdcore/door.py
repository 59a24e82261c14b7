"""The way to a web site: a name looked up once, its address checked, and connected to exactly that, within a bounded time."""

from __future__ import annotations

import logging
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any, Final

import httpcore

from gdcore.errors import DeskError
from gdcore.gate import Access

log = logging.getLogger(__name__)

CONNECT_SECONDS: Final = 10.0

Resolver = Callable[[str, int], list[str]]


class Obstacle(StrEnum):
    """Why a page was not fetched."""

    ADDRESS = "address"  # no address of a web page
    NOT_ALLOWED = "not_allowed"  # a site that the office does not list
    PRIVATE = "private"  # an address inside some network, which is never asked unless allowed
    NO_NETWORK = "no_network"
    NO_HOST = "no_host"  # nobody knows the site's name
    NO_ANSWER = "no_answer"  # no connection, or none in time
    DOWN = "down"  # the machine is there and serves no pages
    SKIPPED = "skipped"  # not asked, since its site could not be reached just before
    BROKEN = "broken"  # the connection broke, or what came is no answer
    INSECURE = "insecure"  # the site's certificate does not hold
    SLOW = "slow"
    TOO_LARGE = "too_large"
    REDIRECTS = "redirects"
    GONE = "gone"  # 404, 410
    REFUSED = "refused"  # any other status


# What fails for every site when this machine has no way out.
CUT_OFF = frozenset((Obstacle.NO_NETWORK, Obstacle.NO_HOST, Obstacle.NO_ANSWER))


class NotFetched(DeskError):
    """The page was not fetched; `obstacle` says why in one word, the sentence in full."""

    def __init__(self, obstacle: Obstacle, message: str) -> None:
        super().__init__(message, "")
        self.obstacle = obstacle


class Clock:
    """The seconds that are left for a page."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self, most: float | None = None) -> float:
        """Seconds left, at most `most`; raises NotFetched when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise NotFetched(Obstacle.SLOW, "网页很久没有传完，已停止。")
        return left if most is None else min(left, most)


def lookup(host: str, port: int) -> list[str]:
    """The addresses that the system knows for a name."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class Door(httpcore.NetworkBackend):
    """Connections to nothing but addresses that were checked: a name is looked up once, and that answer is connected to."""

    def __init__(self, access: Access, clock: Clock, resolve: Resolver) -> None:
        self._access, self._clock, self._resolve = access, clock, resolve
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first of the name's addresses that answers, if there is any that may be reached."""
        failure: Exception | None = None
        for address in self._addresses(host, port):
            try:
                left = self._clock.left(timeout)
                stream = self._backend.connect_tcp(address, port, left, local_address, socket_options)
                return Timed(stream, self._clock)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError(host)

    def _addresses(self, host: str, port: int) -> list[str]:
        found = _within(self._clock.left(CONNECT_SECONDS), lambda: self._resolve(host.strip("[]"), port))
        allowed = [address for address in dict.fromkeys(found) if self._access.reaches(address)]
        if found and not allowed:
            log.warning("%s leads to %s, which is not public", host, found[0])
            raise NotFetched(Obstacle.PRIVATE, f"网站 {host} 指向内部网络地址，不予访问。")
        return allowed


def _within(seconds: float, ask: Callable[[], list[str]]) -> list[str]:
    """The answer of a question that cannot be broken off, or a TimeoutError."""
    answers: queue.Queue[list[str] | Exception] = queue.Queue()

    def run() -> None:
        try:
            answers.put(ask())
        except Exception as error:
            answers.put(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise socket.gaierror(socket.EAI_AGAIN, "no answer") from None
    if isinstance(answer, Exception):
        raise answer
    return answer


class Timed(httpcore.NetworkStream):
    """A stream none of whose steps may take longer than the page has left: a site that drips is slow, too."""

    def __init__(self, stream: httpcore.NetworkStream, clock: Clock) -> None:
        self._stream, self._clock = stream, clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes."""
        return self._stream.read(max_bytes, self._clock.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All bytes."""
        self._stream.write(buffer, self._clock.left(timeout))

    def close(self) -> None:
        """Hang up."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Speak TLS from here on, with the name that was asked for and not the address behind it."""
        secure = self._stream.start_tls(ssl_context, server_hostname, self._clock.left(timeout))
        return Timed(secure, self._clock)

    def get_extra_info(self, info: str) -> Any:
        """What the stream below knows."""
        return self._stream.get_extra_info(info)
