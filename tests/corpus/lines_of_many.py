"""Lines as oddities are looked for in."""

from __future__ import annotations

import numpy as np

from bertprep.corpus.document_batch import DocumentBatch


def batch_of(*texts: str) -> DocumentBatch:
    encoded = [text.encode() for text in texts]
    lengths = np.array([len(text) for text in encoded])
    ends = np.cumsum(lengths + 2) - 2
    starts = ends - lengths
    return DocumentBatch("a", b"\n\n".join(encoded), starts, ends, starts)


NOTICE = "All rights reserved by the zoo."
