"""Runs that leave documents out, by their share or by a list."""

import numpy as np

from bertprep.corpus.identity import document_ids

ROWS = ("--max-seq-length", 64, "--dupe-factor", 1, "--workers", 1)
SHARE = 0.3


def run(bertprep, *arguments, code=0):
    done = bertprep(*arguments)
    assert done.returncode == code, done.stderr
    return done


def identity(text):
    data = text.encode()
    return document_ids(data, np.array([0]), np.array([len(data)]), "text")
