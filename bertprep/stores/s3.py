"""Objects of S3 and of whatever speaks its language, by a client that is kept.

Each is written by one request, whole or not at all.  Needs boto3 (``bertprep[aws]``).
"""

from __future__ import annotations

import errno
import json
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import IO, Any, cast

from bertprep.errors import UsageError
from bertprep.stores.objects import Listed, unanswered

SCHEME = "s3://"
_CONNECT_SECONDS, _READ_SECONDS, _TRIES = 4, 60, 2
# A store that has not answered at all yet is waited for no longer.
_FIRST_SECONDS = 4
_DELETED_AT_ONCE = 1000
# Beam's options that name a store, and what boto3 calls them.
_OPTIONS = {
    "s3_access_key_id": "aws_access_key_id",
    "s3_secret_access_key": "aws_secret_access_key",
    "s3_session_token": "aws_session_token",
    "s3_endpoint_url": "endpoint_url",
    "s3_region_name": "region_name",
}

_settings: dict[str, Any] = {}
_first: list[float] = [_FIRST_SECONDS]
# By the process, and whether the store has answered it, or the one that it is a fork of.
_clients: dict[tuple[int, bool], Any] = {}
_making = threading.Lock()  # a client: boto3's sessions are not for several threads
_answered = threading.Event()


def configure(options: Mapping[str, Any], first_seconds: float = _FIRST_SECONDS) -> None:
    """Takes the store's address and keys from Beam's options; boto3's own variables hold else.

    Args:
        options: Beam's, by name.
        first_seconds: how long the first answer of the store is waited for.
    """
    _first[:] = [first_seconds]
    _settings.clear()
    _settings.update({own: options[name] for name, own in _OPTIONS.items() if options.get(name)})
    _clients.clear()
    _answered.clear()
    _session.cache_clear()


def _client() -> Any:
    """One a process, and another once the store has answered: to make it takes long."""
    key = os.getpid(), _answered.is_set()
    with _making:
        if key not in _clients:
            _clients[key] = _made(_READ_SECONDS if key[1] else _first[0])
    return _clients[key]


def _made(read_seconds: float) -> Any:
    try:
        import boto3  # noqa: F401 - whether it is there
        from botocore.config import Config
    except ImportError:
        raise UsageError("s3:// needs boto3; pip install boto3") from None
    config = Config(
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=read_seconds,
        retries={"mode": "standard", "total_max_attempts": _TRIES},
    )
    settings = _settings or _of_a_worker()
    return _session().client("s3", config=config, **settings)


@cache
def _session() -> Any:
    import boto3

    return boto3.session.Session()


def _of_a_worker() -> dict[str, Any]:
    """The options of the command, as Beam tells its workers."""
    try:
        found = json.loads(os.environ.get("PIPELINE_OPTIONS", "{}"))
    except ValueError:
        return {}
    given = {**found.get("options", {}), **found}
    asked = {own: (f"beam:option:{name}:v1", name) for name, own in _OPTIONS.items()}
    values = {own: given.get(new, given.get(old)) for own, (new, old) in asked.items()}
    return {own: value for own, value in values.items() if value}


def _parts(path: str) -> dict[str, str]:
    bucket, _, key = path.removeprefix(SCHEME).partition("/")
    return {"Bucket": bucket, "Key": key}


def _ask(path: str, name: str, **arguments: Any) -> Any:
    """Sends a request.

    Raises:
        OSError: whatever is wrong, in one line; FileNotFoundError and FileExistsError where that is
            what the store says.
        EOFError: if a range begins behind the end.
    """
    try:
        answer = getattr(_client(), name)(**arguments)
        _answered.set()
    except UsageError:
        raise
    except Exception as error:  # of addresses, profiles, the network: each has its own
        from botocore.exceptions import ClientError

        if isinstance(error, ClientError):
            _answered.set()
            raise _understood(path, error) from None
        raise unanswered(path, error) from None
    return answer


def _bytes(path: str, **asked: str) -> bytes:
    """The bytes of an object, or of a range, asked for once more if the answer breaks off."""
    for left in reversed(range(_TRIES)):
        answer = _ask(path, "get_object", **asked, **_parts(path))
        try:
            return cast(bytes, answer["Body"].read())
        except Exception as error:  # of botocore or of urllib3
            if not left:
                raise unanswered(path, error) from None
    raise AssertionError


def _understood(path: str, error: Any) -> OSError | EOFError:
    found = error.response.get("Error", {})
    code, status = str(found.get("Code")), error.response["ResponseMetadata"].get("HTTPStatusCode")
    if status == 416 or code == "InvalidRange":
        return EOFError(path)
    if code == "NoSuchBucket":
        bucket = _parts(path)["Bucket"]
        return OSError(errno.EIO, f"there is no bucket {bucket}", path)
    if code in ("404", "NoSuchKey", "NotFound"):
        return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
    # The second: two asked for the same object on a condition at the same moment.
    if status == 412 or code in ("PreconditionFailed", "ConditionalRequestConflict"):
        return FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path)
    return OSError(errno.EIO, f"the store says {code}: {found.get('Message')}", path)


def size_and_time(path: str) -> tuple[int, float]:
    """An object's bytes, and when it was written; OSError as all here."""
    found = _ask(path, "head_object", **_parts(path))
    return int(found["ContentLength"]), found["LastModified"].timestamp()


def tag(path: str) -> str:
    """The tag of an object, another one each time that it is written with other bytes."""
    return str(_ask(path, "head_object", **_parts(path))["ETag"])


def exists(path: str) -> bool:
    """Whether there is such an object; one request."""
    try:
        size_and_time(path)
    except FileNotFoundError:
        return False
    return True


def read(path: str) -> bytes:
    """All bytes of an object; one request."""
    return _bytes(path)


def put(path: str, body: bytes | IO[bytes], tag: str | None = None) -> str:
    """Writes an object whole, by one request.

    Args:
        path: its URI.
        body: its bytes.
        tag: the tag of what it replaces, as ``put`` gave it; "" for nothing, None for anything.

    Returns:
        Its tag.

    Raises:
        FileExistsError: if there is something else.
    """
    condition = {} if tag is None else {"IfMatch": tag} if tag else {"IfNoneMatch": "*"}
    return str(_ask(path, "put_object", Body=body, **condition, **_parts(path))["ETag"])


def copy(source: str, target: str) -> None:
    """Copies an object within the store."""
    _ask(source, "copy_object", CopySource=_parts(source), **_parts(target))


def listed(prefix: str) -> Iterator[Listed]:
    """The objects whose URIs begin so."""
    parts = _parts(prefix)
    token: dict[str, str] = {}
    while True:
        found = _ask(
            prefix, "list_objects_v2", Bucket=parts["Bucket"], Prefix=parts["Key"], **token
        )
        for each in found.get("Contents", ()):
            path = f"{SCHEME}{parts['Bucket']}/{each['Key']}"
            yield Listed(path, int(each["Size"]), each["LastModified"].timestamp())
        if not found.get("IsTruncated"):
            return
        token = {"ContinuationToken": found["NextContinuationToken"]}


def delete(paths: Sequence[str]) -> None:
    """Removes objects of one bucket, those that are there, a thousand by a request."""
    for start in range(0, len(paths), _DELETED_AT_ONCE):
        some = paths[start : start + _DELETED_AT_ONCE]
        keys = [{"Key": _parts(path)["Key"]} for path in some]
        asked = {"Bucket": _parts(some[0])["Bucket"], "Delete": {"Objects": keys, "Quiet": True}}
        failed = _ask(some[0], "delete_objects", **asked).get("Errors", ())
        for each in failed:
            raise OSError(errno.EIO, f"the store says {each.get('Code')}", some[0])


def delete_if(path: str, tag: str) -> None:
    """Removes an object if it is still the one of that tag.

    Args:
        path: its URI.
        tag: as ``put`` gave it.

    Raises:
        FileExistsError: if there is another one.
        FileNotFoundError: if there is none.
    """
    _ask(path, "delete_object", IfMatch=tag, **_parts(path))


def read_range(path: str, start: int, stop: int) -> bytes:
    """Bytes ``start`` to ``stop`` (exclusive); fewer where the object ends, none behind."""
    try:
        return _bytes(path, Range=f"bytes={start}-{stop - 1}")
    except EOFError:
        return b""
