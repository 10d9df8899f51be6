"""A mixture: inputs with names, whose documents are taken so often that proportions come out.

How often an input is taken, its *passes*, need not be whole: 2.25 passes are two over all of its
documents and a third over a quarter of them.  Which these are, a draw from the document's key says,
so that a document is taken as often wherever it is stored and whoever reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from bertprep.common.draws import MIXTURE, document_keys, uniform
from bertprep.corpus.document_batch import DocumentBatch, part_of
from bertprep.corpus.identity import document_ids
from bertprep.errors import InputError, UsageError
from bertprep.options import ReadOptions, parse_weight

READ, TAKEN, DOCUMENTS = "mixture_read:", "mixture_taken:", "mixture_documents:"
SHARED = "mixture_shared:"


def is_mixture(options: ReadOptions) -> bool:
    """Whether the options ask for other proportions than those the inputs have."""
    return bool(options.weight) or options.smoothing is not None


def check_weights(options: ReadOptions, names: Sequence[str]) -> None:
    """Raises UsageError for weights of inputs that are not there, or where none has a name."""
    known = sorted({name for name in names if name})
    asked = "--weight" if options.weight else "--smoothing"
    if is_mixture(options) and not known:
        raise UsageError(
            f"{asked} is for inputs with names: give each as --input NAME=PATH, as in --input "
            "wiki=wiki/ --input books=books/"
        )
    for name in dict(map(parse_weight, options.weight)):
        if name not in known:
            raise UsageError(f"--weight {name}: no --input has that name; got {', '.join(known)}")


def passes_of(sizes: Mapping[str, int], options: ReadOptions) -> dict[str, float]:
    """How often each input is taken.

    Without ``options.mixture_tokens`` the input that has most of what it is to have is taken once,
    and the others so much more often: nothing is left out.

    Args:
        sizes: the tokens, or words, of each input by name.
        options: with the weights, or the exponent that smooths the sizes.

    Raises:
        InputError: for an input without any text.

    >>> passes_of({"wiki": 300, "books": 100}, ReadOptions(weight=("wiki=1", "books=1")))
    {'books': 3.0, 'wiki': 1.0}
    """
    for name, size in sizes.items():
        if not size:
            raise InputError(f"the input {name} of the mixture holds no text at all")
    weights = dict(map(parse_weight, options.weight))
    exponent = options.smoothing
    wanted = {
        name: weights.get(name, 1.0) if exponent is None else float(size) ** exponent
        for name, size in sorted(sizes.items())
    }
    # Each token of an input stands for so many.
    ratios = {name: share / sizes[name] for name, share in wanted.items()}
    if options.mixture_tokens:
        scale = options.mixture_tokens / sum(wanted.values())
    else:
        scale = 1 / min(ratios.values())
    return {name: ratio * scale for name, ratio in ratios.items()}


class Mixer:
    """Takes the documents of batches as often as their input's passes say.

    Args:
        passes: how often, by the input's name.
        seed: of the draws.
    """

    def __init__(self, passes: Mapping[str, float], seed: int) -> None:
        self._passes, self._seed = passes, seed

    def __call__(self, batch: DocumentBatch) -> Iterator[DocumentBatch]:
        """The batch once for each pass, with the documents that are in it."""
        ids = document_ids(batch.text, batch.starts, batch.ends, batch.format, batch.input)
        keys = document_keys(self._seed, ids)[0]
        times = np.floor(self._passes[batch.input] + uniform(keys, MIXTURE, np.zeros(1, np.int64)))
        for number in range(int(times.max(initial=0))):
            taken = part_of(batch, np.flatnonzero(times > number))
            if taken is not None:
                yield taken
