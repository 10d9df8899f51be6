"""Where a path is, by its scheme: here, in an object store, where one only reads, or nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec
from typing import TYPE_CHECKING

from bertprep.errors import InputError, UsageError

if TYPE_CHECKING:
    from bertprep.stores.objects import Readable, Store

# By scheme: the module that opens it, and what pip installs it by.
_NEEDS = {
    "gs": ("google.auth", "bertprep[gcp]"),
    "s3": ("boto3", "bertprep[aws]"),
    "hf": ("huggingface_hub", "bertprep[hub]"),
}
_WEB = ("https", "http")
# Those of which it is clear what is meant.
_REMEDIES = {
    "file": "write the path alone",
    "hdfs": "copy it to gs:// or s3://, or mount it and name the path",
}


def is_remote(path: str) -> bool:
    """Whether a path is a URI."""
    return "://" in path


def _scheme(path: str) -> str:
    """The part of a URI before ``://``; nothing for a path here."""
    scheme, is_uri, _ = path.partition("://")
    return scheme if is_uri else ""


def is_only_read(path: str) -> bool:
    """Whether a path is a URI of a place that nothing is written to."""
    return _scheme(path) in ("hf", *_WEB)


def readable_of(path: str) -> Readable:
    """The place that a URI is of which is only read."""
    from bertprep.stores import hf, web

    return hf if _scheme(path) == "hf" else web


def store_of(path: str) -> Store | None:
    """The object store that a URI is of; None for a path here, or of what is only read.

    Raises:
        UsageError: for a URI of nothing that is known.
    """
    scheme = _scheme(path)
    if not scheme or is_only_read(path):
        return None
    if scheme == "gs":
        from bertprep.stores import gcs

        return gcs
    if scheme == "s3":
        from bertprep.stores import s3

        return s3
    raise _unknown(path)


def check_folder(path: str) -> None:
    """Raises an error for a URI that is no folder which a run has written.

    Raises:
        InputError: if it is of a place that is only read, file by file.
        UsageError: if it is of nothing that is known.
    """
    if is_only_read(path):
        from bertprep.stores import hf

        copy = hf.download_of(path) or "copy it"
        raise InputError(f"{path} is no folder here or of a store; {copy}, and name the copy")
    if is_remote(path) and _scheme(path) not in _NEEDS:
        raise _unknown(path)


def check_stores(paths: Iterable[str | None], written: Iterable[str | None] = ()) -> None:
    """Raises UsageError for a URI of a store that nobody knows, or that needs what is missing.

    Args:
        paths: what is read.
        written: folders that are written to.
    """
    written = [*written]
    for path in written:
        if is_only_read(path or ""):
            raise UsageError(f"{path} is only read from; name a folder here, or of a store")
    for path in (*paths, *written):
        scheme = _scheme(path or "")
        if not scheme or scheme in _WEB:
            continue
        if scheme not in _NEEDS:
            raise _unknown(path or "")
        module, package = _NEEDS[scheme]
        if not _is_installed(module):
            raise UsageError(
                f"{scheme}:// needs {module}, which is not installed; pip install '{package}'"
            )


def _unknown(path: str) -> UsageError:
    scheme = _scheme(path)
    if scheme in _REMEDIES:
        return UsageError(f"{path}: {scheme}:// is not opened; {_REMEDIES[scheme]}")
    known = ", ".join(f"{name}://" for name in (*_NEEDS, "https"))
    return UsageError(f"{path} is of no store that is known; expected {known} or a path")


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # not even what it lies in
        return False
