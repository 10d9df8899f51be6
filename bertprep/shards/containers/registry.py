"""All containers, by their names: each is a module beside this, imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, get_args

from bertprep.options import OutputFormat

if TYPE_CHECKING:
    from bertprep.shards.containers.container import Container

NAMES: tuple[OutputFormat, ...] = get_args(OutputFormat)


def container_of(name: OutputFormat) -> Container:
    """All that there is to say of a container, by what ``--output-format`` calls it."""
    found: Container = getattr(import_module(f"{__package__}.{name}"), name.upper())
    return found
