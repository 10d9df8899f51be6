"""Who only reads shards needs numpy, pyarrow and torch, and nothing else."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.made_folders import options, write_folder

# All that is not Python's own, torch's or its needs is not there, as in an environment without it.
PROGRAM = """
import sys
import torch, torch.distributed, torch.utils.data, numpy, pyarrow, pyarrow.parquet, pyarrow.fs

there = {name.partition(".")[0] for name in sys.modules} | set(sys.stdlib_module_names)
there -= {"google_crc32c", "regex"}

class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in {*there, "bertprep"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Nothing())
folder, records, cache = sys.argv[1:]
from bertprep.errors import InputError
from bertprep.torch import Collator, DataLoader, FlatCollator, IterableDataset, MapDataset
from bertprep.torch import MaskingOptions, flatten

rows = 0
for workers in (0, 1):
    for batch in DataLoader(IterableDataset(folder, 8, masking="whole-word"), num_workers=workers):
        rows += len(batch["input_ids"])
data = MapDataset(folder, masking=MaskingOptions("span"), cache_dir=cache)
for batch in torch.utils.data.DataLoader(data, 8, collate_fn=Collator(data)):
    rows += len(batch["labels"])
assert flatten(batch)["input_ids"].dim() == 2
print(rows)
try:
    import apache_beam
except ModuleNotFoundError:
    print("no Beam")
try:
    list(DataLoader(IterableDataset(records, 8)))
except InputError as error:
    print(error)
"""


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """The program on Parquet and on TFRecord shards: to import torch takes longer than all else."""
    folder = tmp_path_factory.mktemp("without")
    parquet = write_folder(folder / "parquet", options(masking="none"), [30, 21])
    made = options(masking="none", output_format="tfrecord")
    records = write_folder(folder / "tfrecord", made, [30])
    paths = map(str, (parquet, records, folder / "cache"))
    command = [sys.executable, "-c", PROGRAM, *paths]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_shards_are_read_where_nothing_makes_them(done: subprocess.CompletedProcess[str]) -> None:
    assert (done.returncode, done.stdout.splitlines()[:2]) == (0, ["153", "no Beam"]), done.stderr


def test_tfrecord_names_what_it_needs(done: subprocess.CompletedProcess[str]) -> None:
    last = done.stdout.splitlines()[-1]
    assert last == "TFRecord files need google-crc32c: pip install google-crc32c"
