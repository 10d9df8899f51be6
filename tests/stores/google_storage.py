"""A server of as much of Cloud Storage's JSON API as a run needs; its objects are in memory."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

import google_crc32c

from tests.background import serve


class Stored(NamedTuple):
    data: bytes
    generation: int
    updated: str


class Answer(NamedTuple):
    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


class Storage:
    """The objects by bucket, and what was asked for: how often, by the kind of request."""

    def __init__(self) -> None:
        self.buckets: dict[str, dict[str, Stored]] = {}
        self.seen: Counter[str] = Counter()
        self.beats: Counter[str] = Counter()  # those that are sent as time goes by
        self.page = 1000
        self._uploads: dict[str, dict[str, Any]] = {}
        self._generation = 1000
        self._lock = threading.Lock()

    def answer(self, method: str, target: str, headers: Any, body: bytes) -> Answer:
        """The server's answer to a request."""
        url = urlsplit(target)
        query = {
            name: values[0] for name, values in parse_qs(url.query, keep_blank_values=True).items()
        }
        if url.path == "/batch/storage/v1":
            return self._batch(headers, body)
        if re.fullmatch(r"/storage/v1/b/[^/]+", url.path):  # asked for by other clients than ours
            return _told({"name": url.path.rpartition("/")[2], "location": "US"})
        pattern = r"/(?:(upload|download)/)?storage/v1/b/([^/]+)/o(?:/(.*))?"
        found = re.fullmatch(pattern, url.path)
        assert found, target
        kind, bucket, name = found[1], found[2], unquote(found[3] or "")
        if bucket not in self.buckets:
            return _refused(404, "The specified bucket does not exist.")
        with self._lock:
            if kind == "upload":
                return self._upload(bucket, target, query, headers, body)
            if method == "GET" and not name:
                return self._list(bucket, query)
            if method == "POST":
                return self._rewrite(bucket, found[3])
            if name not in self.buckets[bucket]:
                return _refused(404, f"No such object: {bucket}/{name}")
            if method == "DELETE":
                wanted = query.get("ifGenerationMatch")
                if wanted not in (None, str(self.buckets[bucket][name].generation)):
                    return _refused(412, "At least one of the pre-conditions did not hold.")
                del self.buckets[bucket][name]
                return Answer(204, b"")
            return self._get(bucket, name, query, headers)

    def _upload(
        self, bucket: str, target: str, query: dict[str, str], headers: Any, body: bytes
    ) -> Answer:
        """An object, sent in the way that ours does, or in one of other clients'."""
        if "upload_id" in query:
            return self._resume(bucket, query["upload_id"], headers, body)
        name = query.get("name", "")
        if query["uploadType"] == "resumable":
            number = str(len(self._uploads))
            self._uploads[number] = {"name": json.loads(body)["name"], "data": b"", **query}
            where = f"http://{headers['Host']}{target}&upload_id={number}"
            return Answer(200, b"", (("Location", where),))
        if query["uploadType"] == "multipart":
            told, body = (
                part.split(b"\r\n\r\n", 1)[1].removesuffix(b"\r\n")
                for part in _parts(headers["Content-Type"], body)
            )
            name = json.loads(told)["name"]
        return self._put(bucket, name, query, body)

    def _resume(self, bucket: str, number: str, headers: Any, body: bytes) -> Answer:
        upload = self._uploads[number]
        upload["data"] += body
        if (headers.get("Content-Range") or "").endswith("/*"):
            return Answer(308, b"", (("Range", f"bytes=0-{len(upload['data']) - 1}"),))
        return self._put(bucket, upload["name"], upload, upload["data"])

    def _put(self, bucket: str, name: str, query: dict[str, str], data: bytes) -> Answer:
        there = self.buckets[bucket].get(name)
        wanted = query.get("ifGenerationMatch")
        if wanted is not None and int(wanted) != (there.generation if there else 0):
            return _refused(412, "At least one of the pre-conditions you specified did not hold.")
        self._generation += 1
        stored = Stored(data, self._generation, datetime.now(UTC).isoformat())
        self.buckets[bucket][name] = stored
        return _told(_described(name, stored))

    def _get(self, bucket: str, name: str, query: dict[str, str], headers: Any) -> Answer:
        stored = self.buckets[bucket][name]
        if query.get("alt") != "media":
            return _told(_described(name, stored))
        wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", headers.get("Range") or "")
        if not wanted:
            return Answer(200, stored.data)
        start, last = int(wanted[1]), int(wanted[2])
        if start >= len(stored.data):
            return _refused(416, "The requested range cannot be satisfied.")
        data = stored.data[start : last + 1]
        shown = f"bytes {start}-{start + len(data) - 1}/{len(stored.data)}"
        return Answer(206, data, (("Content-Range", shown),))

    def _list(self, bucket: str, query: dict[str, str]) -> Answer:
        prefix, after = query.get("prefix", ""), query.get("pageToken", "")
        held = sorted(self.buckets[bucket].items())
        found = [pair for pair in held if pair[0].startswith(prefix) and pair[0] > after]
        answer: dict[str, Any] = {"items": [_described(*pair) for pair in found[: self.page]]}
        if len(found) > self.page:
            answer["nextPageToken"] = found[self.page - 1][0]
        return _told(answer)

    def _rewrite(self, bucket: str, path: str) -> Answer:
        source, target = (unquote(part) for part in path.split(f"/rewriteTo/b/{bucket}/o/"))
        if source not in self.buckets[bucket]:
            return _refused(404, f"No such object: {bucket}/{source}")
        self._put(bucket, target, {}, self.buckets[bucket][source].data)
        described = _described(target, self.buckets[bucket][target])
        size = described["size"]
        whole = {"done": True, "totalBytesRewritten": size, "objectSize": size}
        return _told({**whole, "resource": described})

    def _batch(self, headers: Any, body: bytes) -> Answer:
        answers = b""
        for part in _parts(headers["Content-Type"], body):
            assert b"Content-ID: <" in part
            method, target, _ = part.partition(b"\r\n\r\n")[2].split(b"\r\n")[0].decode().split(" ")
            said = self.answer(method, target, {}, b"")
            answers += (
                b"--batch_\r\nContent-Type: application/http\r\n\r\n"
                + f"HTTP/1.1 {said.status} Said\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(said.body)}\r\n\r\n".encode()
                + said.body
                + b"\r\n"
            )
        kind = ("Content-Type", 'multipart/mixed; boundary="batch_"')
        return Answer(200, answers + b"--batch_--\r\n", (kind,))


def _parts(content_type: str, body: bytes) -> list[bytes]:
    """The contents of the parts of a body of several."""
    found = re.search(r"""boundary=["']?([^"';]+)""", content_type)
    assert found
    return body.split(b"--" + found[1].encode())[1:-1]


def _described(name: str, stored: Stored) -> dict[str, str]:
    checksum = google_crc32c.Checksum(stored.data).digest()
    return {
        "name": name,
        "size": str(len(stored.data)),
        "generation": str(stored.generation),
        "updated": stored.updated,
        "crc32c": base64.b64encode(checksum).decode(),
    }


def _told(answer: dict[str, Any]) -> Answer:
    return Answer(200, json.dumps(answer).encode(), (("Content-Type", "application/json"),))


def _refused(status: int, text: str) -> Answer:
    return _told({"error": {"code": status, "message": text}})._replace(status=status)


@contextmanager
def serving(storage: Storage) -> Iterator[str]:
    """The address of a server of these objects."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # an answer in one piece: its second one would wait for the first's receipt

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            counted = storage.beats if _is_beat(self.path, body) else storage.seen
            counted[_kind(self.command, self.path)] += 1
            said = storage.answer(self.command, self.path, self.headers, body)
            self.send_response(said.status)
            for header in said.headers:
                self.send_header(*header)
            self.send_header("Content-Length", str(len(said.body)))
            self.end_headers()
            self.wfile.write(said.body)
            self.wfile.flush()

        do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - the names that its base looks for

        def log_message(self, format: str, *args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        serve(server)
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def _is_beat(target: str, body: bytes) -> bool:
    """Whether a request is one of those that are sent as time goes by."""
    return any(word in target.encode() + body[:1000] for word in (b"bertprep-owner", b"progress"))


def _kind(method: str, target: str) -> str:
    """The name of what is asked for."""
    path = urlsplit(target).path
    for word, kind in {"/upload/": "put", "/batch/": "delete", "rewriteTo": "copy"}.items():
        if word in path:
            return kind
    if "alt=media" in target:
        return "get"
    if method == "DELETE":
        return "delete"
    return "list" if path.endswith("/o") else "head"
