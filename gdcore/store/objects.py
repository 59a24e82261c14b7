"""Originals as objects of S3-compatible storage (extra `objects`), where a put is whole or not at all.

Only the store's process asks it: those that read files have no network. Server and keys come from the environment or the
files that AWS's own programs read, never from the store.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import fsspec
from botocore.exceptions import BotoCoreError, NoCredentialsError

from gdcore.errors import StoreUnavailable
from gdcore.processing import Held, Source
from gdcore.store import originals, trouble

# A page that shows an original, and an import, wait this long for a server that does not answer; the files stay queued.
_PATIENCE = {
    "connect_timeout": 5,
    "read_timeout": 30,
    "retries": {"total_max_attempts": 2, "mode": "standard"},
}  # seconds
_CLEARED = "记录已经清除，个别原件还留在存储桶里。"
_KEYS = "请检查访问密钥（AWS_ACCESS_KEY_ID、AWS_SECRET_ACCESS_KEY），以及它对存储桶的列出、读、写、删除权限。"
_SERVER = "请检查对象存储是否在运行、AWS_ENDPOINT_URL 和网络，稍后重试；排队的文件会在恢复后继续。"


class Objects:
    """Originals below bucket/prefix. See `originals.Place` for what its methods do."""

    def __init__(self, root: str) -> None:
        self._root, self._bucket = root, root.partition("/")[0]
        # Others write too, so nothing is remembered of what was listed.
        self._files: Any = fsspec.filesystem(
            "s3", use_listings_cache=False, skip_instance_cache=True, config_kwargs=_PATIENCE
        )
        self._files.retries = 1  # those of `_PATIENCE` are not to be multiplied

    def keep(self, digest: str, data: bytes) -> None:
        """See Place."""
        with self._told():
            if self._size(digest) != len(data):
                self._files.pipe_file(self._key(digest), data)

    def load(self, digest: str) -> bytes | None:
        """See Place."""
        with self._told():
            try:
                data: bytes = self._files.cat_file(self._key(digest), max_concurrency=1)
                return data
            except FileNotFoundError:
                self._files.info(self._bucket)  # raises the same where it is the bucket that is missing
                return None

    def source(self, digest: str, data: bytes | None) -> Source:
        """See Place."""
        found = self.load(digest) if data is None else data
        return _Gone(digest) if found is None else Held(found)

    def forget(self, digest: str) -> None:
        """See Place."""
        with self._told(_CLEARED):
            self._files.rm_file(self._key(digest))

    def pack(self, digest: str, archive: zipfile.ZipFile, name: str) -> bool:
        """See Place."""
        data = self.load(digest)
        if data is None:
            return False
        archive.writestr(name, data)
        return True

    def unpack(self, digest: str, file: IO[bytes]) -> None:
        """See Place."""
        data = file.read()
        originals.expect(digest, hashlib.sha256(data).hexdigest())
        self.keep(digest, data)

    def _key(self, digest: str) -> str:
        return f"{self._root}/{originals.name(digest)}"

    def _size(self, digest: str) -> int | None:
        """How many bytes are there; None where there is no such object."""
        try:
            found: dict[str, Any] = self._files.info(self._key(digest))
        except FileNotFoundError:
            return None
        return int(found["size"])

    @contextmanager
    def _told(self, state: str = trouble.SAFE) -> Iterator[None]:
        """Raise StoreUnavailable for what the storage says; `state` is how things stand then."""
        try:
            yield
        except FileNotFoundError as error:
            sentence = f"对象存储里没有名为 {self._bucket} 的存储桶。{state}"
            raise StoreUnavailable(sentence, "请检查 GDCORE_ORIGINALS；存储桶须由管理员先建好。") from error
        except (PermissionError, NoCredentialsError) as error:
            raise StoreUnavailable(f"对象存储拒绝访问存储桶 {self._bucket}。{state}", _KEYS) from error
        except (OSError, BotoCoreError) as error:
            raise StoreUnavailable(f"{_said(error)}。{state}", _SERVER) from error


class _Gone:
    """An original that was taken away: whoever reads it fails as at a path where nothing is."""

    def __init__(self, digest: str) -> None:
        self.digest = digest

    def read_bytes(self) -> bytes:
        """Raise FileNotFoundError."""
        raise FileNotFoundError(self.digest)


def _said(error: Exception) -> str:
    """What a fault is called, without the addresses and keys that its message may quote."""
    response: dict[str, Any] = getattr(error.__cause__, "response", None) or {}
    code = response.get("Error", {}).get("Code")
    return f"对象存储没有完成操作（{code}）" if code else f"连不上对象存储（{type(error).__name__}）"
