"""The way from the library to ``pipelines``, for the command and the Python API alone.

The name is a common one: a package or module of that name that comes first on the path hides ours.
"""

from __future__ import annotations

import importlib
import os
import sys
from importlib.util import find_spec
from types import ModuleType

from bertprep.errors import BertprepError

_OURS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "pipelines")


def load(name: str) -> ModuleType:
    """Imports ``pipelines.<name>``.

    Raises:
        BertprepError: if another ``pipelines`` hides ours; it says which, and what to do.
    """
    found = _found()
    if found is not None and os.path.realpath(found) != os.path.realpath(_OURS):
        raise BertprepError(f"{found} hides bertprep's own package `pipelines`; {_way_out(found)}")
    return importlib.import_module(f"pipelines.{name}")


def _found() -> str | None:
    """The folder of the package ``pipelines`` that an import gives, or the file of a module."""
    loaded = sys.modules.get("pipelines")
    spec = find_spec("pipelines") if loaded is None else loaded.__spec__
    if spec is None:
        return getattr(loaded, "__file__", None)
    if spec.submodule_search_locations:
        return os.path.abspath(next(iter(spec.submodule_search_locations)))
    return spec.origin


def _way_out(found: str) -> str:
    parent = os.path.dirname(found)
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if parent in {os.path.abspath(folder) for folder in named if "PYTHONPATH" in os.environ}:
        return f"take {parent} out of PYTHONPATH"
    if parent == os.getcwd():
        return "start in another folder, or give the command `bertprep` for `python -m bertprep`"
    return f"rename one, or install bertprep where {parent} is not on the path"
