"""Objects of Google Cloud Storage, by its JSON API.

Each is written by one request, whole or not at all, on condition if need be: every writing of an
object has a generation of its own.
"""

from __future__ import annotations

import base64
import errno
import os
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import IO, Any, cast
from urllib.parse import quote

from bertprep.stores.gcs_requests import SCHEME as SCHEME
from bertprep.stores.gcs_requests import TRIES, address, ask, no_bucket, parts
from bertprep.stores.objects import Listed, unanswered

_DELETED_AT_ONCE = 100
_LISTED = "items(name,size,updated),nextPageToken"
_READ_BYTES = 1 << 20


def _known(path: str) -> dict[str, Any]:
    """The store's description of an object."""
    answer = ask(path, "GET", f"/storage/v1{address(path)}")
    return cast(dict[str, Any], answer.json())


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def size_and_time(path: str) -> tuple[int, float]:
    """An object's bytes, and when it was written; OSError as all here."""
    found = _known(path)
    return int(found["size"]), _seconds(found["updated"])


def tag(path: str) -> str:
    """The generation of an object, another one each time that it is written."""
    return str(_known(path)["generation"])


def exists(path: str) -> bool:
    """Whether there is such an object; one request."""
    try:
        _known(path)
    except FileNotFoundError:
        return False
    return True


def read(path: str) -> bytes:
    """All bytes of an object; one request."""
    return _media(path)


def _media(path: str, **headers: str) -> bytes:
    """Bytes as they lie there: one that is said to be compressed is not opened on the way."""
    where = f"/storage/v1{address(path)}"
    for left in reversed(range(TRIES)):
        asked = {"params": {"alt": "media"}, "headers": headers, "stream": True}
        with ask(path, "GET", where, **asked) as answer:
            try:
                return cast(bytes, answer.raw.read(decode_content=False))
            except Exception as error:  # of urllib3: the answer broke off
                if not left:
                    raise unanswered(path, error) from None
    raise AssertionError


def put(path: str, body: bytes | IO[bytes], tag: str | None = None) -> str:
    """Writes an object whole, by one request.

    Args:
        path: its URI.
        body: its bytes.
        tag: the generation that it replaces, as ``put`` gave it; "" for nothing, None for anything.

    Returns:
        Its generation.

    Raises:
        FileExistsError: if there is something else.
    """
    bucket, name = parts(path)
    asked = {"uploadType": "media", "name": name}
    if tag is not None:
        asked["ifGenerationMatch"] = tag or "0"
    try:
        answer = ask(
            path,
            "POST",
            f"/upload/storage/v1/b/{quote(bucket, safe='')}/o",
            params=asked,
            data=_or_nothing(body),
            headers={"Content-Type": "application/octet-stream"},
        )
    except FileNotFoundError:
        raise no_bucket(path) from None
    written = answer.json()
    if written.get("crc32c") != _checksum(body):
        raise OSError(errno.EIO, "what came there is not what was sent", path)
    return str(written["generation"])


def _or_nothing(body: bytes | IO[bytes]) -> bytes | IO[bytes]:
    """The same: a stream without a byte would be sent as one of unknown length."""
    return body if isinstance(body, bytes) or body.seek(0, os.SEEK_END) else b""


def _checksum(body: bytes | IO[bytes]) -> str:
    import google_crc32c  # for who writes: a trainer only reads

    checksum = google_crc32c.Checksum(body if isinstance(body, bytes) else b"")
    if not isinstance(body, bytes):
        body.seek(0)
        while part := body.read(_READ_BYTES):
            checksum.update(part)
    return base64.b64encode(checksum.digest()).decode()


def copy(source: str, target: str) -> None:
    """Copies an object within the store: by one request, but large ones to other regions."""
    where = f"/storage/v1{address(source)}/rewriteTo{address(target)}"
    token: dict[str, str] = {}
    while True:
        answer = ask(source, "POST", where, params=token).json()
        if answer["done"]:
            return
        token = {"rewriteToken": answer["rewriteToken"]}


def listed(prefix: str) -> Iterator[Listed]:
    """The objects whose URIs begin so."""
    bucket, start = parts(prefix)
    asked = {"prefix": start, "fields": _LISTED}
    while True:
        try:
            where = f"/storage/v1/b/{quote(bucket, safe='')}/o"
            found = ask(prefix, "GET", where, params=asked).json()
        except FileNotFoundError:
            raise no_bucket(prefix) from None
        for each in found.get("items", ()):
            path = f"{SCHEME}{bucket}/{each['name']}"
            yield Listed(path, int(each["size"]), _seconds(each["updated"]))
        if not found.get("nextPageToken"):
            return
        asked["pageToken"] = found["nextPageToken"]


def delete(paths: Sequence[str]) -> None:
    """Removes objects, those that are there, a hundred by a request."""
    for start in range(0, len(paths), _DELETED_AT_ONCE):
        some = paths[start : start + _DELETED_AT_ONCE]
        body = "".join(map(_deletion, range(len(some)), some)) + "--part--"
        kind = {"Content-Type": 'multipart/mixed; boundary="part"'}
        said = ask(some[0], "POST", "/batch/storage/v1", data=body.encode(), headers=kind).text
        statuses = [int(status) for status in re.findall(r"^HTTP/\S+ (\d{3})", said, re.M)]
        failed = [s for s in statuses if s not in (200, 204, 404)]
        if failed or len(statuses) != len(some):
            what = f"the store says {failed[0]}" if failed else "the store did not answer for all"
            raise OSError(errno.EIO, f"{what} when objects were to be removed", some[0])


def delete_if(path: str, tag: str) -> None:
    """Removes an object if it is still of this generation.

    Args:
        path: its URI.
        tag: the generation, as ``put`` gave it.

    Raises:
        FileExistsError: if there is another one.
        FileNotFoundError: if there is none.
    """
    ask(path, "DELETE", f"/storage/v1{address(path)}", params={"ifGenerationMatch": tag})


def _deletion(number: int, path: str) -> str:
    """The part of a body that asks for an object's removal."""
    head = f"--part\r\nContent-Type: application/http\r\nContent-ID: <{number}>\r\n\r\n"
    return f"{head}DELETE /storage/v1{address(path)} HTTP/1.1\r\n\r\n\r\n"


def read_range(path: str, start: int, stop: int) -> bytes:
    """Bytes ``start`` to ``stop`` (exclusive); fewer where the object ends, none behind."""
    try:
        return _media(path, Range=f"bytes={start}-{stop - 1}")
    except EOFError:
        return b""
