"""Which sites and addresses may be asked: as an office writes it down, and what is never reached."""

from ipaddress import ip_network

import desk
import httpx
import pytest

from gdcore import gate
from gdcore.errors import ConfigurationError
from gdcore.gate import Access


@pytest.mark.parametrize(
    ("pattern", "url", "allowed"),
    [
        ("www.yunze.example", "http://www.yunze.example/a", True),
        ("www.yunze.example", "https://WWW.Yunze.Example./a", True),
        ("www.yunze.example", "http://www.yunze.example:8080/", False),
        ("www.yunze.example:8080", "http://www.yunze.example:8080/", True),
        ("www.yunze.example:8080", "http://www.yunze.example/", False),
        ("www.yunze.example:*", "http://www.yunze.example:81/", True),
        ("*.yunze.example", "http://jyj.www.yunze.example/", True),
        ("*.yunze.example", "http://yunze.example/", True),
        ("*.yunze.example", "http://notyunze.example/", False),
        ("www.yunze.example", "http://www.yunze.example.evil.example/", False),
        ("www.yunze.example", "http://www.yunze.example@evil.example/", False),
        ("政务.example", "http://政务.example/", True),
        ("[2400:3200::1]", "http://[2400:3200::1]/", True),
    ],
)
def test_a_site_is_allowed_by_its_name_and_port(tmp_path, pattern, url, allowed):
    (tmp_path / gate.FILE_NAME).write_text(f'hosts = ["{pattern}"]', "utf-8")
    assert gate.load(desk.settings_in(tmp_path)).allows(httpx.URL(url)) is allowed


# fmt: off
INSIDE = [
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "192.0.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1", "::127.0.0.1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::1", "2002:a00:1::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
]
# fmt: on


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_inside_a_network_is_reached(address):
    assert not Access().reaches(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1", "2400:3200::1"]
)
def test_public_addresses_are_reached(address):
    assert Access().reaches(address)


def test_a_private_network_is_reached_only_where_the_office_says_so():
    access = Access(private=(ip_network("10.1.0.0/16"),))
    assert access.reaches("10.1.2.3")
    assert access.reaches("::ffff:10.1.2.3")
    assert not access.reaches("10.2.0.1")


def test_without_a_word_of_the_office_nothing_is_asked(tmp_path):
    assert gate.load(desk.settings_in(tmp_path)) == Access()


def test_an_office_says_what_may_be_asked_and_how_much(tmp_path):
    text = 'hosts = ["www.yunze.example"]\nprivate = ["10.1.2.3/16"]\nseconds = 12\nmegabytes = 2.5\npause = 0\n'
    (tmp_path / gate.FILE_NAME).write_text(text, "utf-8")
    expected = Access(("www.yunze.example",), (ip_network("10.1.0.0/16"),), 12.0, 2.5, 0.0)
    assert gate.load(desk.settings_in(tmp_path)) == expected


def test_sites_that_are_added_stand_in_a_file_of_their_own(tmp_path):
    settings = desk.settings_in(tmp_path)
    own = '# 县里的网站\nhosts = ["www.yunze.example"]\n'
    (tmp_path / gate.FILE_NAME).write_text(own, "utf-8")
    gate.allow(settings, ["JYJ.yunze.example", "www.yunze.example:8080"])
    gate.allow(settings, ["jyj.yunze.example", "[2400:3200::1]"])
    assert (tmp_path / gate.FILE_NAME).read_text("utf-8") == own
    expected = ("www.yunze.example", "jyj.yunze.example", "www.yunze.example:8080", "[2400:3200::1]")
    assert gate.load(settings).hosts == expected
    (tmp_path / gate.ADDED_NAME).unlink()
    assert gate.load(settings).hosts == ("www.yunze.example",)


@pytest.mark.parametrize(
    "text",
    [
        "hosts = [",
        'hosts = "www.yunze.example"',
        "hosts = [1]",
        'hosts = ["http://www.yunze.example/"]',
        'hosts = ["*"]',
        'hosts = ["*.example"]',
        'hosts = ["a b"]',
        'private = ["yunze"]',
        "seconds = 0",
        "seconds = true",
        'megabytes = "20"',
        "pause = -1",
        'host = ["www.yunze.example"]',
    ],
)
def test_what_cannot_be_meant_is_told_with_an_example(tmp_path, text):
    (tmp_path / gate.FILE_NAME).write_text(text, "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        gate.load(desk.settings_in(tmp_path))
    assert "hosts = [" in caught.value.remedy


@pytest.mark.parametrize("host", ['x",\n"y', "a/b", "", "*.x"])
def test_nothing_but_a_site_can_be_added(tmp_path, host):
    settings = desk.settings_in(tmp_path)
    with pytest.raises(ConfigurationError):
        gate.allow(settings, [host])
    assert not (tmp_path / gate.ADDED_NAME).exists()


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://WWW.yunze.example/a/b?c", "www.yunze.example"),
        ("http://www.yunze.example:8080/", "www.yunze.example:8080"),
        ("http://[2400:3200::1]/", "[2400:3200::1]"),
    ],
)
def test_a_site_is_written_as_it_is_listed(tmp_path, url, site):
    assert gate.site_of(httpx.URL(url)) == site
    gate.allow(desk.settings_in(tmp_path), [site])
    assert gate.load(desk.settings_in(tmp_path)).allows(httpx.URL(url))
