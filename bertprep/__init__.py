"""bertprep: from raw text to the shards a BERT trainer reads.

The library half of the project: every rule about text, vocabularies, pairs, masks and columns.
The rooms follow a document's way: ``corpus`` -> ``text`` -> ``examples`` -> ``layouts`` ->
``shards`` -> ``loaders``, ``checks`` -> ``report``.  Nothing here imports Apache Beam or click; the
graphs and the command line live in ``pipelines``.
"""

from typing import TYPE_CHECKING, Any

from bertprep.errors import (
    BertprepError,
    InputError,
    OutputError,
    UsageError,
    VerificationError,
    VocabularyError,
)

if TYPE_CHECKING:
    from bertprep.api import (
        Tokenizer,
        batches,
        inspect,
        prepare,
        segment,
        shard,
        train_vocabulary,
        verify,
    )

__version__ = "0.1.0"

__all__ = [
    "BertprepError",
    "InputError",
    "OutputError",
    "Tokenizer",
    "UsageError",
    "VerificationError",
    "VocabularyError",
    "__version__",
    "batches",
    "inspect",
    "prepare",
    "segment",
    "shard",
    "train_vocabulary",
    "verify",
]

_OF_API = frozenset(__all__) - set(globals())


def __getattr__(name: str) -> Any:
    """The functions of ``bertprep.api``, which is imported when the first of them is asked for."""
    if name in _OF_API:
        try:
            from bertprep import api
        except ModuleNotFoundError as error:
            raise BertprepError(
                f"bertprep.{name} needs {error.name}, which is not installed; pip install bertprep"
            ) from None
        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
