"""Where originals are: the folder of the store, one that an office names, and what is no place for them."""

import sys
from pathlib import Path

import desk
import pytest

from gdcore.errors import ConfigurationError, StoreUnavailable
from gdcore.processing import At
from gdcore.store import originals

DATA = "年报".encode()


def test_the_folder_holds_them_by_digest_and_nothing_else(tmp_path):
    settings = desk.settings_in(tmp_path)
    digest = originals.keep(settings, DATA)
    originals.keep(settings, DATA)
    files = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()]
    assert files == [f"store/originals/{digest[:2]}/{digest[2:4]}/{digest}"]
    assert originals.source(settings, digest) == At(str(tmp_path / files[0]))
    assert originals.source(settings, digest).read_bytes() == DATA
    originals.forget(settings, digest)
    assert originals.load(settings, digest) is None


def test_a_file_that_was_cut_short_is_written_again(tmp_path):
    settings = desk.settings_in(tmp_path)
    path = Path(originals.source(settings, originals.keep(settings, DATA)).path)
    path.write_bytes(DATA[:1])
    originals.keep(settings, DATA)
    assert path.read_bytes() == DATA


@pytest.mark.parametrize("form", ["{}", "file://{}"])
def test_a_shared_folder_holds_them_in_the_same_way(tmp_path, form):
    shared = tmp_path / "共享 盘"
    shared.mkdir()
    settings = desk.settings_in(tmp_path / "desk", form.format(shared))
    digest = originals.keep(settings, DATA)
    assert (shared / digest[:2] / digest[2:4] / digest).read_bytes() == DATA
    assert originals.load(settings, digest) == DATA


def test_a_share_that_is_not_mounted_is_told_and_taken_for_no_empty_one(tmp_path):
    shared = tmp_path / "share"
    settings = desk.settings_in(tmp_path / "desk", str(shared))
    for ask in (lambda: originals.keep(settings, DATA), lambda: originals.load(settings, "ab" * 32)):
        with pytest.raises(StoreUnavailable, match="存放原件的文件夹") as told:
            ask()
        assert "GDCORE_ORIGINALS" in told.value.remedy
    assert not shared.exists()


@pytest.mark.parametrize(
    "address", ["originals", "s3://", "s3://b", "s3://key:secret@bucket", "s3://bucket/a?b", "ftp://a/b", "file://a/b"]
)
def test_what_is_no_place_is_told_without_being_repeated(tmp_path, address):
    with pytest.raises(ConfigurationError, match="GDCORE_ORIGINALS") as told:
        desk.open_desk(tmp_path, address)
    assert address not in str(told.value)
    assert "s3://存储桶/前缀" in told.value.remedy


def test_without_the_extra_one_is_told_what_to_install(tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "gdcore.store.objects", raising=False)
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(ConfigurationError, match="GDCORE_ORIGINALS") as told:
        desk.open_desk(tmp_path, "s3://without-the-extra")
    assert "pip install 'disclosure-desk[objects]'" in told.value.remedy
