"""bertprep: from raw text to the shards a BERT trainer reads.

The library half of the project: every rule about text, vocabularies, pairs, masks and columns.
The rooms follow a document's way: ``corpus`` -> ``text`` -> ``examples`` -> ``layouts`` ->
``shards`` -> ``loaders``, ``checks`` -> ``report``.  Nothing here imports Apache Beam or click; the
graphs and the command line live in ``pipelines``.
"""

from bertprep.errors import BertprepError, InputError, OutputError, UsageError, VocabularyError

__version__ = "0.1.0"

__all__ = [
    "BertprepError",
    "InputError",
    "OutputError",
    "UsageError",
    "VocabularyError",
    "__version__",
]
