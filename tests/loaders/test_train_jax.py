"""The example with grain and JAX: each row once an epoch, and a loss that falls."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from itertools import islice
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from tests.made_folders import numbers_of, options, write_folder

pytestmark = pytest.mark.slow  # JAX compiles

EXAMPLE = Path(__file__).parents[2] / "examples" / "train_jax.py"
ROWS = [30, 34]


@pytest.fixture(scope="module")
def example() -> ModuleType:
    pytest.importorskip("grain")
    pytest.importorskip("jax")
    specification = importlib.util.spec_from_file_location("train_jax", EXAMPLE)
    assert specification and specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("shards"), options(), ROWS)


def test_grain_reads_each_row_once_an_epoch(example: ModuleType, shards: Path) -> None:
    stream = example.batches(shards, 8)
    epochs = [
        [number for batch in islice(stream, 8) for number in numbers_of(batch)] for _ in range(2)
    ]
    assert [sorted(epoch) for epoch in epochs] == [list(range(sum(ROWS)))] * 2
    assert epochs[0] != epochs[1]


def test_grain_goes_on_where_it_was(example: ModuleType, shards: Path) -> None:
    stream = example.batches(shards, 8)
    list(islice(stream, 11))
    state = stream.get_state()
    rest = [numbers_of(batch) for batch in islice(stream, 6)]
    again = example.batches(shards, 8)
    again.set_state(state)
    assert [numbers_of(batch) for batch in islice(again, 6)] == rest


# In a process of its own: JAX starts threads, and from then on warns of each fork there.
TRAINING = """
import importlib.util, json, sys
from pathlib import Path
specification = importlib.util.spec_from_file_location("train_jax", sys.argv[1])
module = importlib.util.module_from_spec(specification)
specification.loader.exec_module(module)
print(json.dumps(module.train(Path(sys.argv[2]), steps=12, batch_size=16)))
"""


@pytest.mark.usefixtures("example")
def test_a_model_in_jax_learns(shards: Path) -> None:
    command = [sys.executable, "-c", TRAINING, str(EXAMPLE), str(shards)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    losses = json.loads(done.stdout)
    assert losses[0] == pytest.approx(np.log(107), abs=1.0)
    assert np.mean(losses[-5:]) < losses[0] - 0.1
