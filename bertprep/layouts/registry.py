"""All layouts, by their names: each is a module beside this, imported when it is asked for."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import get_args

from bertprep.errors import UsageError
from bertprep.layouts.columns import Schema
from bertprep.layouts.pack import SHORTEST_PAIR, packed_columns
from bertprep.layouts.spec import LayoutSpec
from bertprep.options import Layout, OutputFormat, ShardOptions

NAMES: tuple[Layout, ...] = get_args(Layout)


def layout_of(name: Layout) -> LayoutSpec:
    """All that there is to say of a layout.

    Raises:
        UsageError: if there is none of this name.
    """
    if name not in NAMES:
        raise UsageError(f"--layout must be one of {', '.join(NAMES)}; got {name!r}")
    found: LayoutSpec = getattr(import_module(f"bertprep.layouts.{name}"), name.upper())
    return found


@cache
def file_names() -> str:
    """A regular expression for the names of shards of any layout, and of the files beside them."""
    layouts = [layout_of(name) for name in NAMES]
    companions = {re.escape(name) for layout in layouts for name in layout.companions}
    return "|".join(sorted({layout.shard_names for layout in layouts} | companions))


def schema_of(options: ShardOptions) -> Schema:
    """The columns of the rows that a run with such options writes."""
    columns = layout_of(options.column_layout).columns(options.task, options.masking != "none")
    length, predictions = options.max_seq_length, options.max_predictions_per_seq
    if not options.pack:
        return Schema(columns, length, predictions)
    return Schema(packed_columns(columns), length, predictions, length // SHORTEST_PAIR)


def usual_format(layout: Layout | None) -> OutputFormat:
    """The container that a layout's readers take, where none is asked for."""
    return "parquet" if layout is None else layout_of(layout).usual_container
