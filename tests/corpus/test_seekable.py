"""A stream to read and to seek over bytes that come in pieces."""

from __future__ import annotations

import random

import pytest

from bertprep.corpus.compression import (
    Compression,
)
from bertprep.corpus.seekable import DamagedError
from tests.corpus.compressed import COMPRESS, PROSE, every_kind, opened


@pytest.mark.slow
@every_kind
def test_all_before_the_damage_is_given_and_only_then_is_it_raised(kind: Compression) -> None:
    noise = random.Random(1).randbytes(5 << 19)
    stream = opened(COMPRESS[kind](noise)[: 2 << 20], kind)
    given = b""
    with pytest.raises(DamagedError) as caught:
        while part := stream.read(1 << 19):
            given += part
    # A block, of up to 900 kB by bzip2, is given as a whole or not at all.
    assert 1 << 20 < len(given) < 2 << 20
    assert noise.startswith(given)
    assert caught.value.describe(kind).startswith("is truncated: it is no sound")
    for _ in range(2):
        with pytest.raises(DamagedError):
            stream.read(1)


@every_kind
def test_who_asks_for_everything_needs_the_end(kind: Compression) -> None:
    with pytest.raises(DamagedError):
        opened(COMPRESS[kind](PROSE)[:-9], kind).read()
