"""MDS shards read by mosaicml-streaming itself, which needs an environment of its own.

It asks for older versions of numpy and transformers than are tested here, so that it is in no
extra: ``make test-streaming`` makes that environment and runs this file; elsewhere it is skipped.
"""

from __future__ import annotations

import importlib.util
import io
import json
import os
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from bertprep.layouts.mds import MDS
from bertprep.layouts.registry import schema_of
from bertprep.layouts.spec import Stored
from bertprep.shards.mds_samples import MdsFile
from tests.laid_out import lay_out
from tests.layouts.test_ragged import EXAMPLES, MASKS
from tests.made_folders import VOCABULARY, options

if importlib.util.find_spec("streaming") is None and not os.environ.get("REQUIRE_STREAMING"):
    # Not by importorskip: no environment that has the other trainers' libraries can have it.
    pytest.skip("mosaicml-streaming needs an environment of its own", allow_module_level=True)
import streaming

OPTIONS = options(layout="mds", output_format="mds", masking="whole-word", masked_lm_prob=0.1)
SHARDS, TIMES = 3, 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mds") / "rows"
    folder.mkdir()
    stored = {}
    for number in range(SHARDS):
        stream = io.BytesIO()
        container = MdsFile(stream, schema_of(OPTIONS))
        for _ in range(TIMES):
            columns = lay_out(EXAMPLES, MASKS, "mds", "nsp", VOCABULARY)
            columns["next_sentence_label"] += 10 * number
            container.write(columns)
        container.finish()
        name, data = f"shard-{number:05}-of-{SHARDS:05}.mds", stream.getvalue()
        (folder / name).write_bytes(data)
        stored[name] = Stored(2 * TIMES, len(data))
    for name, content in MDS.companion_files(stored, OPTIONS).items():
        (folder / name).write_bytes(content)
    return folder


def dataset(folder: Path, **more: Any) -> Any:
    streaming.base.util.clean_stale_shared_memory()
    return streaming.StreamingDataset(
        local=str(folder), shuffle=True, shuffle_seed=3, batch_size=4, num_canonical_nodes=1, **more
    )


def test_the_bytes_are_those_of_its_own_writer(folder: Path, tmp_path: Path) -> None:
    index = json.loads((folder / "index.json").read_text())
    entry = index["shards"][1]
    reader = streaming.base.format.reader_from_json(str(folder.parent), folder.name, entry)
    reader.validate(True)
    columns = dict(zip(reader.column_names, reader.column_encodings, strict=True))
    with streaming.MDSWriter(columns=columns, out=str(tmp_path / "w"), size_limit=None) as writer:
        for number in range(reader.samples):
            writer.write(reader[number])
    name = entry["raw_data"]["basename"]
    assert (tmp_path / "w" / "shard.00000.mds").read_bytes() == (folder / name).read_bytes()
    theirs = json.loads((tmp_path / "w" / "index.json").read_text())["shards"][0]
    assert {**theirs, "raw_data": {**theirs["raw_data"], "basename": name}} == entry


def test_the_code_of_the_page_runs(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Path(__file__).parents[3] / "docs" / "trainers" / "mosaicml.md"
    code = page.read_text("utf-8").split("```python\n")[1].split("```")[0]
    (tmp_path / "shards").symlink_to(folder.parent)
    monkeypatch.chdir(tmp_path)
    streaming.base.util.clean_stale_shared_memory()
    exec(code, {})


def seen(samples: Any) -> list[tuple[int, ...]]:
    return [(*s["input_ids"].tolist(), int(s["next_sentence_label"][0])) for s in samples]


def test_each_row_once_an_epoch_in_another_order_and_resumed(folder: Path) -> None:
    data = dataset(folder)
    assert len(data) == 2 * SHARDS * TIMES
    first, second = seen(data), seen(data)
    assert first != second
    assert sorted(first) == sorted(second) == sorted(seen(data[i] for i in range(len(data))))
    data = dataset(folder)
    assert seen(islice(data, 40)) == first[:40]
    state = data.state_dict(40, from_beginning=True)
    again = dataset(folder)
    again.load_state_dict(json.loads(json.dumps(state)))
    assert seen(again) == first[40:]
