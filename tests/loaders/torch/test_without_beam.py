"""Who only reads shards needs numpy, pyarrow and torch, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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
folder, cache = sys.argv[1:]
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
"""


def test_shards_are_read_where_nothing_makes_them(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "shards", options(masking="none"), [30, 21])
    done = run(folder, tmp_path / "cache")
    assert (done.returncode, done.stdout.split()) == (0, ["153", "no", "Beam"]), done.stderr


def test_tfrecord_names_what_it_needs(tmp_path: Path) -> None:
    made = options(masking="none", output_format="tfrecord")
    done = run(write_folder(tmp_path / "shards", made, [30]), tmp_path / "cache")
    last = done.stderr.splitlines()[-1]
    assert last.endswith("InputError: TFRecord files need google-crc32c: pip install google-crc32c")


def run(*arguments: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PROGRAM, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
