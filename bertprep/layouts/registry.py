"""All layouts, by their names."""

from __future__ import annotations

from bertprep.errors import UsageError
from bertprep.layouts.bert4keras import BERT4KERAS
from bertprep.layouts.columns import Schema
from bertprep.layouts.google import GOOGLE
from bertprep.layouts.huggingface import HUGGINGFACE
from bertprep.layouts.lddl import LDDL
from bertprep.layouts.mds import MDS
from bertprep.layouts.modelgarden import MODELGARDEN
from bertprep.layouts.pack import SHORTEST_PAIR, packed_columns
from bertprep.layouts.ragged import RAGGED
from bertprep.layouts.spec import LayoutSpec
from bertprep.options import Layout, OutputFormat, ShardOptions

LAYOUTS: dict[str, LayoutSpec] = {
    layout.name: layout
    for layout in (HUGGINGFACE, GOOGLE, MODELGARDEN, LDDL, BERT4KERAS, RAGGED, MDS)
}


def layout_of(name: Layout) -> LayoutSpec:
    """All that there is to say of a layout.

    Raises:
        UsageError: if there is none of this name.
    """
    if name not in LAYOUTS:
        raise UsageError(f"--layout must be one of {', '.join(LAYOUTS)}; got {name!r}")
    return LAYOUTS[name]


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
