"""ZIP archives: names made readable, members bounded, documents in ZIP form left alone."""

import io
import zipfile

import desk
import pytest

from gdcore import archive
from gdcore.errors import EncryptedFile, UnreadableFile


def zipped(*members, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as packed:
        for name, data in members:
            packed.writestr(name, data)
    return buffer.getvalue()


def gbk_named(name, data):
    """An archive as Chinese Windows makes it: the name in GBK, without the UTF-8 flag."""
    raw = name.encode("gbk")
    return zipped(("x" * len(raw), data)).replace(b"x" * len(raw), raw)


def test_a_file_that_is_no_archive_gives_itself():
    assert list(archive.expand("年报.txt", b"text")) == [("年报.txt", b"text")]


def test_a_document_in_zip_form_is_no_archive():
    data = desk.report(fmt="docx")
    assert list(archive.expand("年报.docx", data)) == [("年报.docx", data)]


@pytest.mark.parametrize("pack", [gbk_named, lambda name, data: zipped((name, data))])
def test_names_are_readable_whoever_packed_them(pack):
    assert list(archive.expand("a.zip", pack("街道年报.txt", b"text"))) == [("a.zip!/街道年报.txt", b"text")]


def test_names_do_not_lead_outside():
    (member,) = archive.expand("a.zip", zipped(("../../etc/年报.txt", b"text")))
    assert member[0] == "a.zip!/etc/年报.txt"


@pytest.mark.parametrize("name", [b"\0x", b".."])
def test_a_member_without_a_name_is_taken_all_the_same(name):
    data = zipped(("xx", b"text")).replace(b"xx", name)
    assert list(archive.expand("a.zip", data)) == [(f"a.zip!/{archive.NAMELESS}", b"text")]


def test_an_archive_in_an_archive_is_unpacked_once():
    deep = zipped(("c.zip", zipped(("年报.txt", b"text"))))
    twice = zipped(("b.zip", deep))
    assert list(archive.expand("b.zip", deep)) == [("b.zip!/c.zip!/年报.txt", b"text")]
    assert [name for name, _ in archive.expand("a.zip", twice)] == ["a.zip!/b.zip!/c.zip"]


def test_what_unpacks_beyond_reason_is_refused_and_the_rest_is_taken():
    data = zipped(("bomb.txt", b"0" * (archive.SMALL + archive.SMALL)), ("年报.txt", b"text"))
    (bomb, report) = archive.expand("a.zip", data)
    assert isinstance(bomb[1], UnreadableFile)
    assert report == ("a.zip!/年报.txt", b"text")


@pytest.mark.parametrize(("budget", "value"), [("members", 2), ("total", 8)])
def test_beyond_a_limit_the_archive_gives_its_reason_once(monkeypatch, budget, value):
    make = archive._Budget
    monkeypatch.setattr(archive, "_Budget", lambda: make(**{budget: value}))
    found = list(archive.expand("a.zip", zipped(*((f"{n}.txt", b"text") for n in range(5)))))
    assert [name for name, _ in found] == ["a.zip!/0.txt", "a.zip!/1.txt", "a.zip"]
    assert isinstance(found[-1][1], UnreadableFile)


def test_a_protected_member_says_so():
    data = bytearray(zipped(("年报.txt", b"text"), method=zipfile.ZIP_STORED))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    ((_, reason),) = archive.expand("a.zip", bytes(data))
    assert isinstance(reason, EncryptedFile)


def test_a_damaged_member_says_so():
    data = zipped(("年报.txt", b"text" * 50), method=zipfile.ZIP_STORED).replace(b"text", b"tixt", 1)
    ((_, reason),) = archive.expand("a.zip", data)
    assert isinstance(reason, UnreadableFile)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("年报\u202etxt.exe", "年报txt.exe"),
        ("年\r\n报\x1b[31m\x00.txt", "年 报 [31m .txt"),
        ("\udce5年报.txt", "\ufffd年报.txt"),
        (" \u200b ", archive.NAMELESS),
        ("", archive.NAMELESS),
        ("../../etc/passwd", "../../etc/passwd"),
    ],
)
def test_a_name_is_shown_as_one_line_in_the_order_it_is_written(name, shown):
    assert next(iter(archive.expand(name, b"text")))[0] == shown


def test_a_long_name_keeps_its_beginning_and_its_ending():
    shown = archive.label("年报" + "x" * 10_000 + ".docx")
    assert len(shown) == archive.MAX_NAME
    assert shown.startswith("年报x")
    assert shown.endswith("x.docx")


def test_a_link_is_no_file():
    info = zipfile.ZipInfo("年报.txt")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(info, "/etc/passwd")
    ((name, reason),) = archive.expand("a.zip", out.getvalue())
    assert name == "a.zip!/年报.txt"
    assert "链接" in str(reason)


def test_a_directory_that_points_before_the_file_is_damage():
    data = bytearray(zipped(("年报.txt", b"text")))
    at = data.rindex(b"PK\x05\x06")
    data[at + 16 : at + 20] = (0xFFFFFF).to_bytes(4, "little")
    (member,) = archive.expand("a.zip", bytes(data))
    assert member[0].startswith("a.zip")
    assert isinstance(member[1], UnreadableFile) or member[1] == bytes(data)


def test_a_member_is_held_only_up_to_a_size(monkeypatch):
    monkeypatch.setattr(archive, "MAX_ONE", 1000)
    ((_, reason),) = archive.expand("a.zip", zipped(("年报.txt", bytes(2000))))
    assert "解开后超过" in str(reason)


def test_a_directory_without_end_is_not_listed(monkeypatch):
    monkeypatch.setattr(archive, "MAX_LISTED", 4)
    monkeypatch.setattr(archive.zipfile, "ZipFile", None)
    ((name, reason),) = archive.expand("a.zip", b"PK\x03\x04" + b"PK\x01\x02" * 5)
    assert name == "a.zip"
    assert "超过 2000 个" in str(reason)
