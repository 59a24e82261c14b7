"""A web site on loopback whose answers a test writes, and the settings under which it may be asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from ssl import SSLContext

from gdcore.gate import Access

HERE = "127.0.0.1"
ELSEWHERE = "127.0.0.2"  # on loopback too, and never allowed by the tests


@dataclass
class Site:
    """A running site: `pages` path → body or a function that answers by hand; `asked` are the requests as they came."""

    address: str
    port: int
    pages: dict[str, bytes | Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "", scheme: str = "http") -> str:
        """The whole address of a page, by number or by a name."""
        return f"{scheme}://{host or self.address}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [path for path, _ in self.asked]


@contextmanager
def running(address: str = HERE, tls: SSLContext | None = None) -> Iterator[Site]:
    """A site that answers until the end of the block."""
    site = Site(address, 0)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers)))
            page = site.pages.get(self.path)
            if callable(page):
                page(self)
            elif page is None:
                answer(self, "没有".encode(), status=404)
            else:
                answer(self, page)

        def log_message(self, *_: object) -> None:
            """Tests print nothing."""

    server = ThreadingHTTPServer((address, 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answer(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    """One whole answer; in names of headers `_` stands for `-`."""
    handler.send_response(status)
    told = {"Content-Type": "text/html", "Content-Length": str(len(body)), "Connection": "close"}
    for name, value in (told | {k.replace("_", "-"): v for k, v in headers.items()}).items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def moved(target: str, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """An answer that leads elsewhere."""
    return lambda handler: answer(handler, b"", 302, Location=target, **headers)


def access(*sites: Site, names: tuple[str, ...] = (), seconds: float = 5.0, megabytes: float = 1.0) -> Access:
    """Settings that allow these sites by number, and other names at any port; of private addresses only HERE."""
    hosts = (*(f"{site.address}:{site.port}" for site in sites), *(f"{name}:*" for name in names))
    return Access(hosts, (ip_network(HERE),), seconds, megabytes, pause=0.0)
