"""The versions of bertprep and of the libraries that could change the bytes of its output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from bertprep import __version__

if TYPE_CHECKING:
    pass


# The libraries that could change the bytes of an output.
_LIBRARIES = ("numpy", "pyarrow", "regex", "tokenizers")
OF_THAI = ("pythainlp", "python-crfsuite")
# What could change the tokens of a document.
_TOKENIZING = ("bertprep", "regex", "tokenizers", "rjieba", "fugashi", "unidic-lite", *OF_THAI)


def versions(word_segmenter: str = "none", sentences: str = "rules") -> dict[str, str]:
    """bertprep's version and those of what its output depends on, as far as installed.

    Raises:
        UsageError: if the segmenter's dictionary is not there.
    """
    thai = OF_THAI if sentences == "thai" else ()
    found = {"bertprep": __version__, **_versions_of([*_LIBRARIES, *thai])}
    if word_segmenter == "none":
        return found
    # Here, as a trainer's process, which knows manifests too, needs no segmenter.
    from bertprep.text.word_segmenters import segmenter_versions

    return {**found, **segmenter_versions(word_segmenter)}


def _versions_of(libraries: Sequence[str]) -> dict[str, str]:
    found = {}
    for name in libraries:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def other_versions(before: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """The versions that may give other tokens now than these did: (then, now)."""
    now = {"bertprep": __version__, **_versions_of(_TOKENIZING[1:])}
    return {
        name: (before[name], now[name])
        for name in _TOKENIZING
        if name in before and before[name] != now.get(name, before[name])
    }
