"""The options of a run: frozen, and valid once they exist.

Every rule below the command line takes these (or single values of them) as arguments; nothing reads
a flag.  The names are those of google-research/bert's ``create_pretraining_data.py`` where it has
one.
"""

from bertprep.settings.choices import (
    RULES,
    BadInput,
    DocumentRule,
    Duplicates,
    FileFormat,
    InputFormat,
    Layout,
    Masking,
    MaskingUnit,
    Normalize,
    OutputFormat,
    SentenceRule,
    Task,
)
from bertprep.settings.cleaning import CleanOptions
from bertprep.settings.defaults import (
    DEFAULT_SEED,
    DEFAULT_SHORT_SEQ_PROB,
    MAX_SEQ_LENGTH,
    MIN_SEQ_LENGTH,
    OFFICIAL_POSITIONS,
)
from bertprep.settings.learning import VocabOptions
from bertprep.settings.masking import MaskingOptions, usual_predictions
from bertprep.settings.preparing import PrepareOptions
from bertprep.settings.reading import ReadOptions, parse_weight, read_config
from bertprep.settings.running import RunOptions
from bertprep.settings.sharding import ShardOptions

__all__ = [
    "DEFAULT_SEED",
    "DEFAULT_SHORT_SEQ_PROB",
    "MAX_SEQ_LENGTH",
    "MIN_SEQ_LENGTH",
    "OFFICIAL_POSITIONS",
    "RULES",
    "BadInput",
    "CleanOptions",
    "DocumentRule",
    "Duplicates",
    "FileFormat",
    "InputFormat",
    "Layout",
    "Masking",
    "MaskingOptions",
    "MaskingUnit",
    "Normalize",
    "OutputFormat",
    "PrepareOptions",
    "ReadOptions",
    "RunOptions",
    "SentenceRule",
    "ShardOptions",
    "Task",
    "VocabOptions",
    "parse_weight",
    "read_config",
    "usual_predictions",
]
