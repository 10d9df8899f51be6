"""Where rows come from: which documents A and B are of, and the pass that made them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from bertprep.common.draws import Keys

if TYPE_CHECKING:
    from bertprep.examples.documents import Documents
    from bertprep.examples.truncate import Pairs

IDENTITY = pa.binary(16)

# The identity of A's document, and of B's if that is another one (else null); the pass, from 0.
ORIGIN_FIELDS = (
    pa.field("a_document", IDENTITY),
    pa.field("b_document", IDENTITY),
    pa.field("pass", pa.int32()),
)


def origin_columns(documents: Documents, pairs: Pairs, identities: Keys) -> list[pa.Array]:
    """The columns of ``ORIGIN_FIELDS`` of n rows.

    Args:
        documents: those that the rows are of.
        pairs: where each row's tokens are, and its pass.
        identities: uint64[documents, 2], theirs.
    """
    edges = documents.first_token[documents.first_sentence]
    is_other = ~pairs.is_own & (pairs.b_length > 0)
    others = _identities(identities, edges, np.where(is_other, pairs.b_start, pairs.a_start))
    nothing = pa.scalar(None, IDENTITY)
    return [
        _identities(identities, edges, pairs.a_start),
        pc.if_else(pa.array(is_other), others, nothing),
        pa.array(pairs.passes),
    ]


def _identities(
    identities: Keys, edges: NDArray[np.int64], tokens: NDArray[np.int64]
) -> pa.FixedSizeBinaryArray:
    """Of the documents that hold the tokens number int64[n]."""
    numbers = np.searchsorted(edges, tokens, side="right") - 1
    found = pa.py_buffer(np.ascontiguousarray(identities[numbers], "<u8"))
    return pa.FixedSizeBinaryArray.from_buffers(IDENTITY, len(tokens), [None, found])
