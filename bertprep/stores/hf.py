"""Files of datasets on the Hugging Face Hub, ``hf://datasets/OWNER/NAME[@REVISION]/PATH``.

They are only read, by ranges, as the library of the Hub does it: with its token, its address
(``HF_ENDPOINT``) and its time limits.  Needs huggingface_hub (``bertprep[hub]``).
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, BinaryIO, NamedTuple, cast
from urllib.parse import quote, unquote

from bertprep.errors import UsageError
from bertprep.stores.objects import Listed, open_ranges

SCHEMES = ("hf://",)
_URI = re.compile(r"hf://datasets/([^/@]+/[^/@]+)(?:@([^/]*))?(?:/(.*))?")
_SECONDS = 8
# A range is asked for at the Hub, and then where that sends us.
_READ_AHEAD = 8 << 20


class _Place(NamedTuple):
    repository: str
    revision: str | None
    path: str


def _parsed(uri: str) -> _Place:
    found = _URI.fullmatch(uri)
    if not found:
        raise UsageError(
            f"{uri} is no file of a dataset; expected hf://datasets/OWNER/NAME/PATH, or "
            "hf://datasets/OWNER/NAME@REVISION/PATH"
        )
    revision = unquote(found[2]) if found[2] else None
    return _Place(found[1], revision, (found[3] or "").strip("/"))


def without_revision(uri: str) -> str:
    """The same file, of no revision in particular."""
    place = _parsed(uri)
    return f"hf://datasets/{place.repository}/{place.path}".rstrip("/")


def download_of(uri: str) -> str:
    """The command that makes a copy of a dataset here; empty for a URI of no dataset."""
    found = _URI.fullmatch(uri)
    if not found:
        return ""
    revision = f" --revision {found[2]}" if found[2] else ""
    return f"`hf download {found[1]} --repo-type dataset{revision} --local-dir DIR`"


def pinned(uri: str) -> str:
    """The same file, or pattern of files, of the commit that its revision names now.

    Whoever opens that later, wherever it is, gets the same bytes.

    Raises:
        OSError: as all here.
        UsageError: if it is not of a dataset.
    """
    place = _parsed(uri)
    commit = _commit(place.repository, place.revision)[0]
    return f"hf://datasets/{place.repository}@{quote(commit, safe='')}/{place.path}".rstrip("/")


@lru_cache(maxsize=64)
def _commit(repository: str, revision: str | None) -> tuple[str, float]:
    """A commit, and when the dataset was last changed, in seconds since 1970."""
    asked = {"revision": revision, "timeout": _SECONDS, "expand": ["sha", "lastModified"]}
    with _asking(f"hf://datasets/{repository}"):
        found = _hub().HfApi().dataset_info(repository, **asked)
    return str(found.sha), found.last_modified.timestamp() if found.last_modified else 0.0


def _hub() -> Any:
    try:
        import huggingface_hub
    except ImportError:
        raise UsageError("hf:// needs huggingface_hub; pip install 'bertprep[hub]'") from None
    return huggingface_hub


@contextmanager
def _asking(uri: str) -> Iterator[None]:
    """Within, whatever is wrong becomes an OSError of one line."""
    _hub()
    from huggingface_hub import errors

    name = _parsed(uri).repository
    try:
        yield
    except errors.GatedRepoError:
        raise OSError(errno.EACCES, f"{name} asks for consent: give it on its page", uri) from None
    except errors.RepositoryNotFoundError:
        said = f"the Hub has no dataset {name}, or it is private (hf auth login)"
        raise OSError(errno.EIO, said, uri) from None
    except errors.RevisionNotFoundError:
        raise OSError(errno.EIO, f"{name} has no such revision", uri) from None
    except (errors.EntryNotFoundError, FileNotFoundError):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), uri) from None
    except UsageError:
        raise
    except Exception as error:  # the libraries below have kinds of their own
        text = " ".join(str(error).split())
        said = f"{type(error).__name__}: {text[:300]}"
        raise OSError(errno.EIO, said, uri) from None


def listed(uri: str) -> Iterator[Listed]:
    """The files below a pinned folder, or the one that it is; OSError as all here."""
    place = _parsed(uri)
    of = {"repo_type": "dataset", "revision": place.revision}
    changed = _commit(place.repository, place.revision)[1]
    with _asking(uri):
        from huggingface_hub.errors import EntryNotFoundError

        api = _hub().HfApi()
        try:
            tree = api.list_repo_tree(place.repository, place.path or None, recursive=True, **of)
            found = list(tree)
        except EntryNotFoundError:
            found = api.get_paths_info(place.repository, [place.path], **of)
    base = f"hf://datasets/{place.repository}@{quote(place.revision or '', safe='')}"
    for each in found:
        if hasattr(each, "size"):  # as folders have not
            yield Listed(f"{base}/{each.path}", int(each.size), changed)


def size_and_time(uri: str) -> tuple[int, float]:
    """A file's bytes; a pinned one does not change, so that there is no time to tell: 0.

    Raises:
        FileNotFoundError: if there is none; another OSError if the hub does not say.
    """
    place = _parsed(uri)
    of = {"repo_type": "dataset", "revision": place.revision}
    with _asking(uri):
        found = _hub().HfApi().get_paths_info(place.repository, [place.path], **of)
    if not found:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), uri)
    return int(found[0].size), 0.0


def open_read(uri: str) -> BinaryIO:
    """The file, for reading in any order; OSError as all here."""
    return open_ranges(uri, lambda uri: size_and_time(uri)[0], _read_range, _READ_AHEAD)


def _read_range(uri: str, start: int, stop: int) -> bytes:
    with _asking(uri):
        system = _hub().HfFileSystem()
        return cast(bytes, system.cat_file(uri, start, stop, cache_type="none"))
