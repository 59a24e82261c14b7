"""What is packed is read again, as this version packs it and as older ones did."""

import json
import zlib
from dataclasses import asdict

from gdcore.peers import Writing
from gdcore.serial import pack_writing, unpack_writing

WRITING = Writing("甲", None, 2023, "ab", {"s1": "公开𠮷政府信息#条\n@坚持“公开”\\n", "s5": ""})


def test_a_writing_is_read_as_it_was_packed():
    assert unpack_writing(pack_writing(WRITING)) == WRITING


def test_a_writing_packed_by_an_older_version_is_read():
    assert unpack_writing(zlib.compress(json.dumps(asdict(WRITING), ensure_ascii=False).encode(), 3)) == WRITING


def test_a_packed_writing_takes_two_bytes_a_character():
    body = "公开" * 1000
    assert 4000 < len(pack_writing(Writing("甲", None, 2023, "ab", {"s1": body}))) < 4300
