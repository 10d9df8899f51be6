"""Whether what a URI needs is installed, before anything is opened there."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec

from bertprep.errors import UsageError
from bertprep.stores import hf, web

# By scheme: the module that opens it, and what pip installs it by.
_NEEDS = {
    "gs": ("google.auth", "bertprep[gcp]"),
    "s3": ("boto3", "bertprep[aws]"),
    "hf": ("huggingface_hub", "bertprep[hub]"),
}
# Those of which it is clear what is meant.
_REMEDIES = {
    "file": "write the path alone",
    "hdfs": "copy it to gs:// or s3://, or mount it and name the path",
}


def check_stores(paths: Iterable[str | None], written: Iterable[str | None] = ()) -> None:
    """Raises UsageError for a URI of a store that nobody knows, or that needs what is missing.

    Args:
        paths: what is read.
        written: folders that are written to.
    """
    written = [*written]
    for path in written:
        if (path or "").startswith((*web.SCHEMES, *hf.SCHEMES)):
            raise UsageError(f"{path} is only read from; name a folder here, or of a store")
    for path in (*paths, *written):
        scheme, is_uri, _ = (path or "").partition("://")
        if not is_uri or (path or "").startswith(web.SCHEMES):
            continue
        if scheme in _REMEDIES:
            raise UsageError(f"{path}: {scheme}:// is not opened; {_REMEDIES[scheme]}")
        if scheme not in _NEEDS:
            known = ", ".join(f"{name}://" for name in (*_NEEDS, "https"))
            raise UsageError(f"{path} is of no store that is known; expected {known} or a path")
        module, package = _NEEDS[scheme]
        if not _is_installed(module):
            raise UsageError(
                f"{scheme}:// needs {module}, which is not installed; pip install '{package}'"
            )


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # not even what it lies in
        return False
