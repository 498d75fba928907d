"""A storage for tests, which answers as S3 does."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from threading import Thread
from typing import Any
from unittest import mock

import fsspec

from articles.loading.sources import object_storage

_BUCKET = "archive"
_LISTING = b"""<?xml version="1.0"?><ListBucketResult><Contents><Key>2015/other.txt</Key><Size>3</Size></Contents>
<KeyCount>1</KeyCount></ListBucketResult>"""


class Bucket:
    """A bucket with the environment variables that a machine needs to use it."""

    def __init__(self, endpoint: str) -> None:
        self.environment = {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": "newsroom",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    def make(self) -> None:
        self._client().create_bucket(Bucket=_BUCKET)

    def put(self, key: str, data: bytes) -> str:
        """The address of a new object."""
        self._client().put_object(Bucket=_BUCKET, Key=key, Body=data)
        return f"s3://{_BUCKET}/{key}"

    def delete(self, key: str) -> None:
        self._client().delete_object(Bucket=_BUCKET, Key=key)

    @contextmanager
    def asked(self) -> Iterator[Bucket]:
        """Let this process use the bucket, and forget any other."""
        fsspec.filesystem("s3").clear_instance_cache()
        object_storage._copies.cache_clear()
        with mock.patch.dict("os.environ", self.environment):
            yield self

    def _client(self) -> Any:
        import boto3  # noqa: PLC0415 - it is half of what a run would import before its first test

        with mock.patch.dict("os.environ", self.environment):
            return boto3.client("s3")


@contextmanager
def open_storage() -> Iterator[Bucket]:
    """An empty bucket on a server of its own."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415 - likewise

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    bucket = Bucket(f"http://{host}:{port}")
    bucket.make()
    yield bucket
    server.stop()


@contextmanager
def closed_storage(*, is_listed: bool) -> Iterator[Bucket]:
    """A bucket without permission to read objects; `is_listed` permits to list them."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.answer(403)

        def do_GET(self) -> None:
            self.answer(200 if is_listed and "list-type" in self.path else 403)

        def answer(self, status: int) -> None:
            body = _LISTING if status == 200 else b""
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield Bucket(f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()


def zipped(pages: dict[str, bytes]) -> bytes:
    """The bytes of a zip with these files."""
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in pages.items():
            opened.writestr(name, data)
    return archive.getvalue()
