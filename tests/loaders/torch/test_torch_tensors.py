"""Tensors as models take them, here and from a worker."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.made_folders import options, write_folder

torch = pytest.importorskip("torch")

from bertprep.loaders.torch_tensors import Packed, tensors  # noqa: E402
from tests.loaders.torch.streams import ROWS, loader  # noqa: E402

# The machines that run tests have fewer cores than the most workers here.
pytestmark = pytest.mark.filterwarnings("ignore:This DataLoader will create")


@pytest.fixture(scope="module")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("static"), options(), ROWS)


def test_tensors_are_as_models_take_them(static: Path, plain: Path) -> None:
    for folder, layout in ((static, None), (plain, None), (plain, "google")):
        for workers in (0, 1):
            batch = next(iter(loader(folder, workers, layout=layout)))
            kinds = {name: values.dtype for name, values in batch.items()}
            weights = kinds.pop("masked_lm_weights", torch.float32)
            assert set(kinds.values()) == {torch.int64}
            assert weights == torch.float32
            assert all(values.is_contiguous() for values in batch.values())
            assert len(batch) == (7 if layout else 5)


def test_a_batch_arrives_as_it_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    kinds = [torch.int64, torch.int64, torch.float32, torch.int64]
    for vocab_size, bits in ((2**15 - 1, 15), (2**15, 31)):  # ids of 16 bits, and of 32
        sent = [
            {
                "a": rng.integers(-100, 2**15, (rows, 7)).astype(np.int16),
                "b": rng.integers(-100, 100, (rows, 7)).astype(np.int8)[:, :3],
                "c": rng.random((rows, 3)).astype(np.float32),
                "d": rng.integers(-100, 2**bits, rows),
            }
            for rows in (5, 5, 1)
        ]
        packed = Packed(sent, vocab_size)
        for batch, expected in zip(packed.unpacked(), map(tensors, sent), strict=True):
            assert [values.dtype for values in batch.values()] == kinds
            assert batch.keys() == expected.keys()
            assert all(torch.equal(batch[name], expected[name]) for name in batch)
    batches = list(packed.unpacked())
    packed._buffer.zero_()  # what is kept of a batch needs no memory that workers share
    for batch, expected in zip(batches, map(tensors, sent), strict=True):
        assert all(torch.equal(batch[name], expected[name]) for name in batch)
    packed = Packed(sent, vocab_size)
    with monkeypatch.context() as patch:
        patch.setattr(torch.Tensor, "pin_memory", lambda tensor: tensor + 1)
        pinned = packed.pin_memory()
    for batch, expected in zip(pinned, map(tensors, sent), strict=True):
        assert torch.equal(batch["d"], expected["d"] + 1)
