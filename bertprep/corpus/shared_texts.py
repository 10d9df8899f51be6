"""Texts that several inputs of a mixture have, counted in bounded memory.

Of each input the smallest hashes of its texts are kept.  Below the smallest of the largest ones
that are kept, all hashes of all inputs are there: those that several have are counted, and stand
for the others, as hashes are spread evenly.  Of inputs with few texts the count is exact; the same
comes of any number of workers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from bertprep.corpus.document_batch import DocumentBatch
from bertprep.corpus.identity import document_ids

KEPT = 4096
_HASHES = 1 << 64

# Of each input by name, ascending.
Smallest = dict[str, list[int]]


def hashes_of(batch: DocumentBatch) -> Smallest:
    """The smallest hashes of the texts of a batch; none where its input has no name."""
    if not batch.input:
        return {}
    ids = document_ids(batch.text, batch.starts, batch.ends, batch.format)
    return {batch.input: _smallest(ids[:, 0].tolist())}


def add_hashes(hashes: Smallest, others: Mapping[str, Sequence[int]]) -> None:
    """Adds those of another part of the corpus."""
    for name, more in others.items():
        hashes[name] = _smallest(chain(hashes.get(name, ()), more))


def _smallest(hashes: Iterable[int]) -> list[int]:
    return sorted(set(hashes))[:KEPT]


def shared_counts(hashes: Mapping[str, Sequence[int]]) -> dict[str, int]:
    """About how many texts of each input another one has, too; exact of at most ``KEPT`` texts.

    >>> shared_counts({"wiki": [1, 2, 5], "books": [2, 9]})
    {'wiki': 1, 'books': 1}
    """
    full = (each[-1] + 1 for each in hashes.values() if len(each) >= KEPT)
    limit = min(full, default=_HASHES)
    inputs_with = Counter(chain.from_iterable(hashes.values()))
    found = {
        name: sum(value < limit and inputs_with[value] > 1 for value in each)
        for name, each in hashes.items()
    }
    return {name: round(count * _HASHES / limit) for name, count in found.items()}
