"""Pages fetched from a site on loopback: what comes, and all that must not be asked, followed, waited for or unpacked."""

import gzip
import ipaddress
import socket
import ssl
import time
import tracemalloc
from datetime import UTC, datetime, timedelta

import pytest
import website
from website import ELSEWHERE, HERE, answer, moved

from gdcore import door, fetching
from gdcore.door import NotFetched, Obstacle
from gdcore.gate import Access

NAME = "www.yunze.example"
PAGE = "<html><body>年报</body></html>".encode()


@pytest.fixture
def site():
    with website.running() as opened:
        opened.pages["/a.html"] = PAGE
        yield opened


def refused(url, access, **words):
    with pytest.raises(NotFetched) as caught:
        fetching.fetch(url, access, **words)
    assert str(caught.value).endswith("。")
    return caught.value.obstacle


# --- what comes -------------------------------------------------------------------------------------------------------


def test_a_page_comes_as_it_is(site):
    page = fetching.fetch(site.url("/a.html"), website.access(site))
    assert (page.data, page.name, page.url) == (PAGE, "a.html", site.url("/a.html"))


def test_the_program_names_itself_and_asks_for_nothing_else(site):
    fetching.fetch(site.url("/a.html"), website.access(site))
    (_, headers), *others = site.asked
    assert headers["User-Agent"].startswith("DisclosureDesk/")
    assert "Cookie" not in headers
    assert others == []


def test_a_redirect_is_followed_without_the_cookie_that_came_with_it(site):
    site.pages["/"] = moved("a.html?x=%E5%B9%B4#top", Set_Cookie="id=7; Path=/")
    site.pages["/a.html?x=%E5%B9%B4"] = PAGE
    page = fetching.fetch(site.url("/"), website.access(site))
    assert page.data == PAGE
    assert [headers.get("Cookie") for _, headers in site.asked] == [None, None]


def test_no_proxy_is_taken_from_the_environment(site, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetching.fetch(site.url("/a.html"), website.access(site)).data == PAGE


@pytest.mark.parametrize(
    ("packed", "encoding"), [(gzip.compress(PAGE, mtime=0), "gzip"), (gzip.compress(PAGE, mtime=0), "x-gzip")]
)
def test_a_packed_page_is_unpacked(site, packed, encoding):
    site.pages["/p"] = lambda handler: answer(handler, packed, Content_Encoding=encoding)
    assert fetching.fetch(site.url("/p"), website.access(site)).data == PAGE


def test_a_name_of_the_file_that_is_no_name_is_made_one(site):
    path = "/%E5%B9%B4%E6%8A%A5%3A%22x%22.pdf"
    site.pages[path] = PAGE
    assert fetching.fetch(site.url(path), website.access(site)).name == "年报__x_.pdf"


# --- where it does not go ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    ["ftp://www.yunze.example/", "file:///etc/passwd", "年报", "", "http://", "http://user:word@www.yunze.example/"],
)
def test_what_is_no_address_of_a_page_is_not_asked(url):
    assert refused(url, Access(hosts=("www.yunze.example",))) is Obstacle.ADDRESS


def test_a_site_that_is_not_listed_is_not_asked(site):
    assert refused(site.url("/a.html"), Access()) is Obstacle.NOT_ALLOWED
    assert refused(site.url("/a.html"), Access(hosts=(HERE,))) is Obstacle.NOT_ALLOWED  # another port
    assert site.asked == []


def test_a_private_address_is_not_asked_though_its_site_is_listed(site):
    access = Access(hosts=(f"{HERE}:*", f"{NAME}:*"))
    assert refused(site.url("/a.html"), access) is Obstacle.PRIVATE
    assert refused(site.url("/a.html", NAME), access, resolve=lambda *_: [HERE]) is Obstacle.PRIVATE
    assert site.asked == []


def test_a_redirect_to_a_private_address_is_not_followed(site):
    with website.running(ELSEWHERE) as inside:
        inside.pages["/secret"] = PAGE
        site.pages["/"] = moved(inside.url("/secret"))
        assert refused(site.url("/"), website.access(site, inside)) is Obstacle.PRIVATE
        assert inside.asked == []


def test_a_redirect_to_a_site_that_is_not_listed_is_not_followed(site):
    with website.running() as other:
        site.pages["/"] = moved(other.url("/"))
        assert refused(site.url("/"), website.access(site)) is Obstacle.NOT_ALLOWED
        assert other.asked == []


@pytest.mark.parametrize("target", ["file:///etc/passwd", "javascript:1", "http://user@127.0.0.1/", "http://[::1"])
def test_a_redirect_to_no_page_is_not_followed(site, target):
    site.pages["/"] = moved(target)
    assert refused(site.url("/"), website.access(site)) in (Obstacle.ADDRESS, Obstacle.BROKEN)


def test_a_circle_of_redirects_ends(site):
    site.pages["/"] = moved("/b")
    site.pages["/b"] = moved("/")
    assert refused(site.url("/"), website.access(site)) is Obstacle.REDIRECTS
    assert len(site.asked) == fetching.REDIRECTS + 1


def test_a_name_is_looked_up_once_and_that_answer_is_connected_to(site):
    """A name that leads to a public address when it is checked and to a private one afterwards (DNS rebinding)."""
    answers = [[HERE], [ELSEWHERE]]
    asked = []

    def resolve(host, port):
        asked.append((host, port))
        return answers.pop(0)

    page = fetching.fetch(site.url("/a.html", NAME), website.access(names=(NAME,)), resolve=resolve)
    assert page.data == PAGE
    assert asked == [(NAME, site.port)]
    assert site.asked[0][1]["Host"] == f"{NAME}:{site.port}"


def test_each_redirect_is_looked_up_and_checked_anew(site):
    site.pages["/"] = moved(site.url("/a.html", NAME))
    answers = [[HERE], [ELSEWHERE]]
    found = refused(site.url("/", NAME), website.access(names=(NAME,)), resolve=lambda host, port: answers.pop(0))
    assert found is Obstacle.PRIVATE
    assert site.paths == ["/"]


def test_of_several_addresses_only_those_that_may_be_are_connected_to(site):
    addresses = ["10.0.0.1", "::ffff:127.0.0.2", "169.254.169.254", HERE]
    page = fetching.fetch(site.url("/a.html", NAME), website.access(names=(NAME,)), resolve=lambda *_: addresses)
    assert page.data == PAGE


# --- what it does not wait for, take in or unpack ---------------------------------------------------------------------


def test_a_body_that_is_announced_as_too_large_is_not_taken(site):
    def huge(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(10**12))
        handler.end_headers()

    site.pages["/"] = huge
    assert refused(site.url("/"), website.access(site)) is Obstacle.TOO_LARGE


def test_a_body_without_an_end_is_cut_off(site):
    def endless(handler):
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 65536)

    site.pages["/"] = _quiet(endless)
    assert refused(site.url("/"), website.access(site)) is Obstacle.TOO_LARGE


def test_a_few_bytes_that_stand_for_very_many_are_not_unpacked(site):
    bomb = gzip.compress(b"\0" * 64 * 1024 * 1024)
    assert len(bomb) < 100_000
    site.pages["/"] = lambda handler: answer(handler, bomb, Content_Encoding="gzip")
    tracemalloc.start()
    try:
        assert refused(site.url("/"), website.access(site)) is Obstacle.TOO_LARGE
        assert tracemalloc.get_traced_memory()[1] < 16 * 1024 * 1024
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "zstd", "exe"])
def test_other_packings_are_not_unpacked(site, encoding):
    site.pages["/"] = lambda handler: answer(handler, PAGE, Content_Encoding=encoding)
    assert refused(site.url("/"), website.access(site)) is Obstacle.BROKEN


@pytest.mark.parametrize("packed", [gzip.compress(PAGE, mtime=0)[:-9], b"no gzip at all"])
def test_a_damaged_packing_is_told(site, packed):
    site.pages["/"] = lambda handler: answer(handler, packed, Content_Encoding="gzip")
    assert refused(site.url("/"), website.access(site)) is Obstacle.BROKEN


def _quiet(write):
    """The other side hangs up while these answers are written."""

    def run(handler):
        try:
            write(handler)
        except OSError:
            handler.close_connection = True

    return run


def _drip(handler):
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    for _ in range(400):
        handler.wfile.write(b"x")
        time.sleep(0.05)


def _drip_headers(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-A: ")
    for _ in range(400):
        handler.wfile.write(b"x")
        time.sleep(0.05)


def _silent(handler):
    time.sleep(20)


@pytest.mark.parametrize("slow", [_drip, _drip_headers, _silent])
def test_a_slow_site_is_given_up_in_time(site, slow):
    site.pages["/"] = _quiet(slow)
    began = time.monotonic()
    assert refused(site.url("/"), website.access(site, seconds=0.6)) is Obstacle.SLOW
    assert time.monotonic() - began < 10


def test_a_name_that_nobody_answers_for_is_given_up_in_time(site):
    began = time.monotonic()
    access = website.access(names=(NAME,), seconds=0.3)
    found = refused(site.url("/", NAME), access, resolve=lambda *_: time.sleep(20) or [HERE])
    assert found is Obstacle.NO_NETWORK
    assert time.monotonic() - began < 10


def test_redirects_share_the_time_of_their_page(site):
    def late(handler):
        time.sleep(0.35)
        moved("/")(handler)

    site.pages["/"] = _quiet(late)
    assert refused(site.url("/"), website.access(site, seconds=0.8)) is Obstacle.SLOW
    assert len(site.asked) <= 3


# --- faults in words --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "obstacle"),
    [
        (404, Obstacle.GONE),
        (410, Obstacle.GONE),
        (403, Obstacle.REFUSED),
        (412, Obstacle.REFUSED),
        (502, Obstacle.REFUSED),
    ],
)
def test_a_status_is_told_for_what_it_is(site, status, obstacle):
    site.pages["/"] = lambda handler: answer(handler, b"x", status)
    assert refused(site.url("/"), website.access(site)) is obstacle


def test_an_answer_that_breaks_off_is_no_page(site):
    def half(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "500")
        handler.end_headers()
        handler.wfile.write(PAGE)
        handler.close_connection = True

    site.pages["/"] = half
    site.pages["/none"] = b""
    assert refused(site.url("/"), website.access(site)) is Obstacle.BROKEN
    assert refused(site.url("/none"), website.access(site)) is Obstacle.BROKEN


def test_a_machine_that_serves_no_pages_is_down():
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        port = probe.getsockname()[1]
    access = website.access(names=(HERE,))
    assert refused(f"http://{HERE}:{port}/", access) is Obstacle.DOWN


@pytest.mark.parametrize(
    ("fault", "way_out", "obstacle"),
    [
        (socket.gaierror(socket.EAI_NONAME, "unknown"), True, Obstacle.NO_HOST),
        (socket.gaierror(socket.EAI_NONAME, "unknown"), False, Obstacle.NO_NETWORK),
        (socket.gaierror(socket.EAI_AGAIN, "later"), True, Obstacle.NO_NETWORK),
    ],
)
def test_an_unknown_name_is_told_from_a_missing_network(monkeypatch, fault, way_out, obstacle):
    def resolve(host, port):
        raise fault

    monkeypatch.setattr(fetching, "has_way_out", lambda: way_out)
    assert refused(f"http://{NAME}/", Access(hosts=(NAME,)), resolve=resolve) is obstacle


# --- certificates -----------------------------------------------------------------------------------------------------


def _certificate(folder, name, days=1):
    """A certificate that is its own authority, as files."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    end = datetime.now(UTC) + timedelta(days=days)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(end - timedelta(days=10))
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / f"{name}.pem", folder / f"{name}.key"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    return pem, secret


@pytest.fixture
def secure(tmp_path, monkeypatch):
    """What opens a site with a certificate for `name`, which this machine trusts if `trusted`."""
    stacks = []

    def open_site(name, trusted=True, days=1):
        pem, secret = _certificate(tmp_path, name, days)
        served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        served.load_cert_chain(pem, secret)
        if trusted:
            monkeypatch.setattr(fetching, "_trust", lambda: ssl.create_default_context(cafile=str(pem)))
        stack = website.running(tls=served)
        stacks.append(stack)
        opened = stack.__enter__()
        opened.pages["/a.html"] = PAGE
        return opened

    yield open_site
    for stack in stacks:
        stack.__exit__(None, None, None)


def test_the_name_and_not_the_address_behind_it_is_what_a_certificate_has_to_say(secure):
    site = secure(NAME)
    url = site.url("/a.html", NAME, "https")
    page = fetching.fetch(url, website.access(names=(NAME,)), resolve=lambda *_: [HERE])
    assert page.data == PAGE


@pytest.mark.parametrize(
    ("name", "trusted", "days", "words"),
    [("other.example", True, 1, "证书与网址不符"), (NAME, False, 1, "签发"), (NAME, True, -1, "证书已过期")],
)
def test_a_certificate_that_does_not_hold_is_told_in_words(secure, name, trusted, days, words):
    site = secure(name, trusted, days)
    with pytest.raises(NotFetched, match=words) as caught:
        fetching.fetch(site.url("/a.html", NAME, "https"), website.access(names=(NAME,)), resolve=lambda *_: [HERE])
    assert caught.value.obstacle is Obstacle.INSECURE
    assert site.asked == []


# --- manners ----------------------------------------------------------------------------------------------------------


def test_two_requests_to_one_site_are_a_pause_apart(site):
    turns = fetching.Turns(0.3)
    began = time.monotonic()
    for _ in range(2):
        fetching.fetch(site.url("/a.html"), website.access(site), turns)
    assert time.monotonic() - began >= 0.3


def test_the_lookup_of_a_number_asks_nobody():
    assert door.lookup(HERE, 80) == [HERE]
    assert ipaddress.ip_address(door.lookup("::1", 80)[0]).is_loopback
