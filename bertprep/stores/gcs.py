"""Objects of Google Cloud Storage, by its JSON API and a session that is kept.

Each is written by one request, whole or not at all, on condition if need be: every writing of an
object has a generation of its own.  Needs google-auth (``bertprep[gcp]``), which finds who asks;
``STORAGE_EMULATOR_HOST`` names another server, which is asked by nobody in particular.
"""

from __future__ import annotations

import base64
import errno
import json
import os
import re
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import IO, Any, cast
from urllib.parse import quote

from bertprep.errors import UsageError
from bertprep.stores.objects import Listed, unanswered

SCHEME = "gs://"
_HOST = "https://storage.googleapis.com"
_SCOPE = "https://www.googleapis.com/auth/devstorage.read_write"
_CONNECT_SECONDS, _READ_SECONDS, _TRIES = 4, 60, 2
# A store that has not answered at all yet is waited for no longer.
_FIRST_SECONDS = 4
# A store that says it is busy is asked again, each time later, for so long.
_BUSY, _BUSY_SECONDS = (408, 429, 500, 502, 503, 504), 60.0
_DELETED_AT_ONCE = 100
_LISTED = "items(name,size,updated),nextPageToken"
_CHUNK = 1 << 20

_sessions: dict[int, Any] = {}
_first: list[float] = [_FIRST_SECONDS]
_answered: set[int] = set()  # processes that the store has answered


def _session() -> Any:
    """One a process: to make it looks for credentials."""
    if os.getpid() not in _sessions:
        try:
            import google.auth
            from google.auth.credentials import AnonymousCredentials
            from google.auth.transport.requests import AuthorizedSession
        except ImportError:
            raise UsageError(
                "gs:// needs google-auth; pip install 'google-auth[requests]'"
            ) from None
        if _emulator():
            credentials = AnonymousCredentials()
        else:
            credentials, _ = google.auth.default(scopes=[_SCOPE])
        _sessions[os.getpid()] = AuthorizedSession(credentials)
    return _sessions[os.getpid()]


def forget(first_seconds: float = _FIRST_SECONDS) -> None:
    """Closes the session; the next request makes one anew, of what the environment says then.

    Args:
        first_seconds: how long the first answer of the store is waited for from then on.
    """
    _first[:] = [first_seconds]
    for session in _sessions.values():
        session.close()
    _sessions.clear()
    _answered.clear()


def _emulator() -> str:
    found = os.environ.get("STORAGE_EMULATOR_HOST", "")
    return found if not found or "://" in found else f"http://{found}"


def _parts(path: str) -> tuple[str, str]:
    """The bucket of a URI, and the name of the object in it."""
    bucket, _, name = path.removeprefix(SCHEME).partition("/")
    return bucket, name


def _address(path: str) -> str:
    """Where an object is, below the version of the API."""
    bucket, name = _parts(path)
    return f"/b/{quote(bucket, safe='')}/o/{quote(name, safe='')}"


def _ask(path: str, method: str, where: str, **arguments: Any) -> Any:
    """Sends a request, once more where there was no answer, and again where the store is busy.

    Raises:
        OSError: whatever is wrong, in one line; FileNotFoundError and FileExistsError where that is
            what the store says.
        EOFError: if a range begins behind the end.
    """
    give_up, pause = time.monotonic() + _BUSY_SECONDS, 0.5
    while True:
        answer = _answer(path, method, f"{_emulator() or _HOST}{where}", arguments)
        if answer.status_code not in _BUSY or time.monotonic() + pause > give_up:
            break
        time.sleep(pause)
        pause *= 2
    if not answer.ok:
        raise _understood(path, answer)
    return answer


def _answer(path: str, method: str, url: str, arguments: dict[str, Any]) -> Any:
    body = arguments.get("data")
    for left in reversed(range(_TRIES)):
        if body is not None and not isinstance(body, bytes):
            body.seek(0)
        try:
            seconds = _READ_SECONDS if os.getpid() in _answered else _first[0]
            waits = (_CONNECT_SECONDS, seconds)
            answer = _session().request(method, url, timeout=waits, **arguments)
            _answered.add(os.getpid())
            return answer
        except UsageError:
            raise
        except Exception as error:  # of credentials, of the network, each library has its own
            if not left or not isinstance(error, OSError):
                raise unanswered(path, error) from None
    raise AssertionError


def _understood(path: str, answer: Any) -> OSError | EOFError:
    """The error of an answer that is no success; its text says which of two things is not there."""
    status, said = answer.status_code, answer.text
    if status == 416:
        return EOFError(path)
    if status == 412:
        return FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path)
    if status == 404 and "bucket does not exist" in said:
        return _no_bucket(path)
    if status == 404:
        return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
    try:
        said = json.loads(said)["error"]["message"]
    except (ValueError, LookupError, TypeError):
        said = said or answer.reason
    return OSError(errno.EIO, f"the store says {status}: {' '.join(str(said).split())[:300]}", path)


def _no_bucket(path: str) -> OSError:
    return OSError(errno.EIO, f"there is no bucket {_parts(path)[0]}", path)


def _known(path: str) -> dict[str, Any]:
    """The store's description of an object."""
    answer = _ask(path, "GET", f"/storage/v1{_address(path)}")
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
    where = f"/storage/v1{_address(path)}"
    for left in reversed(range(_TRIES)):
        asked = {"params": {"alt": "media"}, "headers": headers, "stream": True}
        with _ask(path, "GET", where, **asked) as answer:
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
    bucket, name = _parts(path)
    asked = {"uploadType": "media", "name": name}
    if tag is not None:
        asked["ifGenerationMatch"] = tag or "0"
    try:
        answer = _ask(
            path,
            "POST",
            f"/upload/storage/v1/b/{quote(bucket, safe='')}/o",
            params=asked,
            data=_or_nothing(body),
            headers={"Content-Type": "application/octet-stream"},
        )
    except FileNotFoundError:
        raise _no_bucket(path) from None
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
        while chunk := body.read(_CHUNK):
            checksum.update(chunk)
    return base64.b64encode(checksum.digest()).decode()


def copy(source: str, target: str) -> None:
    """Copies an object within the store: by one request, but large ones to other regions."""
    where = f"/storage/v1{_address(source)}/rewriteTo{_address(target)}"
    token: dict[str, str] = {}
    while True:
        answer = _ask(source, "POST", where, params=token).json()
        if answer["done"]:
            return
        token = {"rewriteToken": answer["rewriteToken"]}


def listed(prefix: str) -> Iterator[Listed]:
    """The objects whose URIs begin so."""
    bucket, start = _parts(prefix)
    asked = {"prefix": start, "fields": _LISTED}
    while True:
        try:
            where = f"/storage/v1/b/{quote(bucket, safe='')}/o"
            found = _ask(prefix, "GET", where, params=asked).json()
        except FileNotFoundError:
            raise _no_bucket(prefix) from None
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
        said = _ask(some[0], "POST", "/batch/storage/v1", data=body.encode(), headers=kind).text
        statuses = [int(status) for status in re.findall(r"^HTTP/\S+ (\d{3})", said, re.M)]
        failed = [s for s in statuses if s not in (200, 204, 404)]
        if failed or len(statuses) != len(some):
            what = f"the store says {failed[0]}" if failed else "the store did not answer for all"
            raise OSError(errno.EIO, f"{what} when objects were to be removed", some[0])


def _deletion(number: int, path: str) -> str:
    """The part of a body that asks for an object's removal."""
    head = f"--part\r\nContent-Type: application/http\r\nContent-ID: <{number}>\r\n\r\n"
    return f"{head}DELETE /storage/v1{_address(path)} HTTP/1.1\r\n\r\n\r\n"


def read_range(path: str, start: int, stop: int) -> bytes:
    """Bytes ``start`` to ``stop`` (exclusive); fewer where the object ends, none behind."""
    try:
        return _media(path, Range=f"bytes={start}-{stop - 1}")
    except EOFError:
        return b""
