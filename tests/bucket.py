"""An S3-compatible server on loopback (moto's, not ours) for tests: started and stopped, what it holds outlives a stop."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import boto3
import requests
from moto.server import ThreadedMotoServer

_numbers = itertools.count(1)


class Storage:
    """The server. `environment` is what a desk needs to find it and to be let in."""

    def __init__(self) -> None:
        self._port = 0
        self._server: ThreadedMotoServer | None = None
        self.start()

    @property
    def environment(self) -> Mapping[str, str]:
        """Variables as AWS's own programs read them."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self._port}",
            "AWS_ACCESS_KEY_ID": "desk",
            "AWS_SECRET_ACCESS_KEY": "secret-of-the-desk",
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    def start(self) -> None:
        """At the port it had, where it had one; where it runs it goes on."""
        if self._server is not None:
            return
        self._server = ThreadedMotoServer("127.0.0.1", self._port, verbose=False)
        self._server.start()
        self._port = self._server.get_host_and_port()[1]

    def stop(self) -> None:
        """Nobody answers any more."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def ask_for_keys(self, from_now_on: bool) -> None:
        """Whether it lets those in alone whom it knows: it knows nobody."""
        words = "0" if from_now_on else "inf"
        address = f"{self.environment['AWS_ENDPOINT_URL']}/moto-api/reset-auth"
        requests.post(address, data=words, timeout=30).raise_for_status()

    def bucket(self) -> str:
        """The name of a new bucket, which counts what is put."""
        name = f"bucket-{next(_numbers)}"
        self._client.create_bucket(Bucket=name)
        self._client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        return name

    def held(self, bucket: str) -> dict[str, bytes]:
        """Key → bytes."""
        found = self._client.list_objects_v2(Bucket=bucket).get("Contents", [])
        return {each["Key"]: self._client.get_object(Bucket=bucket, Key=each["Key"])["Body"].read() for each in found}

    def puts(self, bucket: str) -> int:
        """How many times something was put."""
        return len(self._client.list_object_versions(Bucket=bucket).get("Versions", []))

    def spoil(self, bucket: str, key: str, data: bytes) -> None:
        """Put other bytes under a key, behind the desk's back."""
        self._client.put_object(Bucket=bucket, Key=key, Body=data)

    def remove(self, bucket: str, key: str) -> None:
        """Take an object away, behind the desk's back."""
        self._client.delete_object(Bucket=bucket, Key=key)

    @property
    def _client(self) -> Any:
        environment = self.environment
        return boto3.client(
            "s3",
            endpoint_url=environment["AWS_ENDPOINT_URL"],
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
            region_name=environment["AWS_DEFAULT_REGION"],
        )
