"""Requests to Google Cloud Storage: a session that is kept, answers waited for, errors understood.

Needs google-auth (``bertprep[gcp]``), which finds who asks; ``STORAGE_EMULATOR_HOST`` names another
server, which is asked by nobody in particular.
"""

from __future__ import annotations

import errno
import json
import os
import threading
import time
from typing import Any
from urllib.parse import quote

from bertprep.errors import UsageError
from bertprep.stores.objects import unanswered

SCHEME = "gs://"
TRIES = 2
_HOST = "https://storage.googleapis.com"
_SCOPE = "https://www.googleapis.com/auth/devstorage.read_write"
_CONNECT_SECONDS, _READ_SECONDS = 4, 60
# A store that has not answered at all yet is waited for no longer.
_FIRST_SECONDS = 4
# A store that says it is busy is asked again, each time later, for so long.
_BUSY, _BUSY_SECONDS = (408, 429, 500, 502, 503, 504), 60.0

_sessions: dict[int, Any] = {}
_first: list[float] = [_FIRST_SECONDS]
_making = threading.Lock()  # a session: each would ask for credentials
_answered = threading.Event()  # this process, or the one that it is a fork of


def _session() -> Any:
    """One a process: to make it looks for credentials."""
    process = os.getpid()
    with _making:
        if process not in _sessions:
            _sessions[process] = _made()
    return _sessions[process]


def _made() -> Any:
    # On a machine of Google's its metadata server is asked, elsewhere perhaps nobody answers;
    # a third time would take more than ten seconds.  The library looks here as it is imported.
    os.environ.setdefault("GCE_METADATA_DETECT_RETRIES", "2")
    try:
        import google.auth
        from google.auth.credentials import AnonymousCredentials
        from google.auth.transport.requests import AuthorizedSession
    except ImportError:
        raise UsageError("gs:// needs google-auth; pip install 'google-auth[requests]'") from None
    if _emulator():
        credentials = AnonymousCredentials()
    else:
        credentials, _ = google.auth.default(scopes=[_SCOPE])
    return AuthorizedSession(credentials)


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


def parts(path: str) -> tuple[str, str]:
    """The bucket of a URI, and the name of the object in it."""
    bucket, _, name = path.removeprefix(SCHEME).partition("/")
    return bucket, name


def address(path: str) -> str:
    """Where an object is, below the version of the API."""
    bucket, name = parts(path)
    return f"/b/{quote(bucket, safe='')}/o/{quote(name, safe='')}"


def ask(path: str, method: str, where: str, **arguments: Any) -> Any:
    """Sends a request, once more where there was no answer, and again where the store is busy.

    Args:
        path: the URI that errors name.
        method: of HTTP.
        where: below the host.
        arguments: as a session of ``requests`` takes them.

    Returns:
        The answer, a success.

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
    for left in reversed(range(TRIES)):
        if body is not None and not isinstance(body, bytes):
            body.seek(0)
        try:
            seconds = _READ_SECONDS if _answered.is_set() else _first[0]
            waits = (_CONNECT_SECONDS, seconds)
            answer = _session().request(method, url, timeout=waits, **arguments)
            _answered.set()
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
        return no_bucket(path)
    if status == 404:
        return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
    try:
        said = json.loads(said)["error"]["message"]
    except (ValueError, LookupError, TypeError):
        said = said or answer.reason
    return OSError(errno.EIO, f"the store says {status}: {' '.join(str(said).split())[:300]}", path)


def no_bucket(path: str) -> OSError:
    """The error of an object whose bucket is not there."""
    return OSError(errno.EIO, f"there is no bucket {parts(path)[0]}", path)
