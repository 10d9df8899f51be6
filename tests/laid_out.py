"""Rows in a layout and back, for tests that name it."""

from __future__ import annotations

from bertprep.common.draws import Keys
from bertprep.examples.assemble import Examples
from bertprep.examples.mask import Masks
from bertprep.layouts import spec
from bertprep.layouts.columns import Columns
from bertprep.layouts.registry import layout_of
from bertprep.options import Layout, Task
from bertprep.vocabulary.vocabulary import SPECIAL_TOKENS, Vocabulary

# Only the layouts with text look into a vocabulary.
_VOCABULARY = Vocabulary(SPECIAL_TOKENS, lowercase=True)


def lay_out(
    examples: Examples,
    masks: Masks | None,
    layout: Layout,
    task: Task,
    vocabulary: Vocabulary = _VOCABULARY,
) -> Columns:
    """The columns of examples by name."""
    return layout_of(layout).lay_out(examples, masks, task, vocabulary)


def unmasked_examples(columns: Columns, keys: Keys, layout: Layout = "huggingface") -> Examples:
    """The examples that were laid out without masks."""
    return spec.unmasked_examples(layout_of(layout).by_role(columns), keys)
