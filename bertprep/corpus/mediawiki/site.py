"""The site of a dump, described before its first page: the names of its namespaces."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

_NAMESPACE = re.compile(rb'<namespace key="(-?\d+)"[^<>]*>([^<]*)</namespace>')
# All of it fits, as long as the list of namespaces is.
HEADER_BYTES = 1 << 16
_FILE, _MEDIA, _CATEGORY = 6, -2, 14
# Every wiki knows the English names beside its own.
_HIDDEN = ("file", "image", "media", "category")


@dataclass(frozen=True)
class Site:
    """A wiki.

    Attributes:
        spaces: the names of its namespaces, in lower case.
        hidden: those whose links put nothing into the text: files and categories.
    """

    spaces: frozenset[str] = frozenset(_HIDDEN)
    hidden: frozenset[str] = frozenset(_HIDDEN)

    @classmethod
    def of_header(cls, header: bytes) -> Site:
        """Reads what stands before the first page."""
        found = [
            (int(key), html.unescape(name.decode("utf-8", "replace")).lower())
            for key, name in _NAMESPACE.findall(header)
        ]
        hidden = {name for key, name in found if key in (_FILE, _MEDIA, _CATEGORY)}
        spaces = {name for _, name in found}
        return cls(frozenset(spaces.union(_HIDDEN)), frozenset(hidden.union(_HIDDEN)))
