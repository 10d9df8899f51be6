"""The Python API: the same bytes as the command, anywhere a program may be."""

from __future__ import annotations

import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

import bertprep
from bertprep.shards.manifest_types import ShardManifest
from tests.commands import SECONDS

Run = Callable[..., "subprocess.CompletedProcess[str]"]
ROOT = Path(__file__).parents[2]
TEXTS = 30
OPTIONS = {"max_seq_length": 64, "dupe_factor": 2, "task": "nsp", "sentences": "wrapped"}


@pytest.fixture(scope="module")
def shards(
    prose: list[str], vocab_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> bertprep.api.Shards:
    """Shards of texts in memory."""
    output = tmp_path_factory.mktemp("api") / "out"
    return bertprep.shard(iter(prose[:TEXTS]), vocab=vocab_dir, output=output, **OPTIONS)


def test_the_bytes_are_those_of_the_command(
    shards: bertprep.api.Shards, prose_jsonl: Path, vocab_dir: Path, tmp_path: Path, bertprep: Run
) -> None:
    arguments = ["--max-seq-length", 64, "--dupe-factor", 2, "--sentences", "wrapped"]
    text, output = tmp_path / "text.jsonl", tmp_path / "out"
    lines = prose_jsonl.read_text("utf-8").splitlines(keepends=True)
    text.write_text("".join(lines[:TEXTS]), "utf-8")
    done = bertprep("shard", text, "--vocab", vocab_dir, "--output", output, *arguments)
    assert done.returncode == 0, done.stderr
    (path,) = shards.files
    assert path.read_bytes() == (output / "rows" / path.name).read_bytes()


def test_the_result_has_the_figures_of_the_manifest(shards: bertprep.api.Shards) -> None:
    assert isinstance(shards.manifest, ShardManifest)
    assert shards.rows == shards.manifest.rows == shards.figures["rows"] > 500
    assert 0.4 < shards.statistics["positive_label_share"] < 0.7
    assert f"{shards.rows:,} in 2 passes" in str(shards)
    assert "<table>" in shards._repr_html_() and "random next" in shards._repr_html_()
    assert os.fspath(shards) == shards.folder
    beside = {path.name for path in Path(shards.folder).parent.iterdir()}
    assert beside == {"out"}  # nothing of the texts is left


def test_batches_are_the_rows_of_the_shards(
    shards: bertprep.api.Shards, prose: list[str], vocab_dir: Path
) -> None:
    batches = list(bertprep.batches(prose[:TEXTS], vocab_dir, batch_size=100, **OPTIONS))
    assert {len(batch["input_ids"]) for batch in batches[:-1]} == {100}
    table = pq.read_table(shards.files[0])
    assert set(batches[0]) == set(table.column_names)
    for name in table.column_names:
        found = np.concatenate([batch[name] for batch in batches])
        assert np.array_equal(found, np.array(table[name].to_pylist())), name


def test_a_finished_folder_is_verified_and_shown(shards: bertprep.api.Shards) -> None:
    assert "all as written" in str(bertprep.verify(shards))
    found = bertprep.inspect(shards, examples=1)
    assert str(found).startswith("example 1 (") and "\x1b" not in str(found)
    assert found._repr_html_().startswith("<iframe ")


def test_what_is_wrong_with_shards_is_told(shards: bertprep.api.Shards, tmp_path: Path) -> None:
    shutil.copytree(shards.folder, tmp_path / "copy")
    damaged = tmp_path / "copy" / "rows" / shards.files[0].name
    damaged.write_bytes(damaged.read_bytes()[:-1])
    with pytest.raises(bertprep.VerificationError, match="1 file") as raised:
        bertprep.verify(tmp_path / "copy")
    assert raised.value.problems[0].startswith(f"rows/{damaged.name}: expected")


def test_an_error_of_the_run_is_one_of_ours(vocab_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(bertprep.InputError, match="does not exist"):
        bertprep.shard(tmp_path / "none", vocab=vocab_dir, output=tmp_path / "out")
    with pytest.raises(bertprep.UsageError, match=r"^max_seq_length must be from 8"):
        bertprep.shard(["A."], vocab=vocab_dir, output=tmp_path / "out", max_seq_length=3)
    with pytest.raises(bertprep.UsageError, match="masking"):
        bertprep.shard(["A."], vocab=vocab_dir, output=tmp_path / "out", masking="words")
    with pytest.raises(bertprep.UsageError, match="vocab"):
        bertprep.shard(["A."], output=tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_what_there_is_to_say_goes_to_the_log(
    vocab_dir: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    texts = [{"body": f"This is text {i}.\nIt is short."} for i in range(40)]
    options = {"vocab": vocab_dir, "output": tmp_path / "out", "text_field": "body"}
    with caplog.at_level(logging.INFO, logger="bertprep"):
        prepared = bertprep.prepare(iter(texts), **options, strict=False)
    assert prepared.documents == 40 and prepared.tokens > 200
    assert not any("text" in message and "no effect" in message for message in caplog.messages)
    assert {record.name for record in caplog.records} == {"bertprep"}
    assert any(message.startswith("reading ") for message in caplog.messages)


# Without a guard: whatever imports it again runs it again, and fails as the folder is there.
SCRIPT = """
import signal, sys, threading
import bertprep
from bertprep.pipelines_door import load
print("begins", flush=True)
before = [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)]
texts, vocab, output = open(sys.argv[1]).read().split("\\n\\n\\n"), sys.argv[2], sys.argv[3]
shards = bertprep.shard(iter(texts), vocab=vocab, output=output, num_shards=2, workers=2)
in_processes = load("steps.sizes").RunSizes(checked_bytes=1)
print(load("jobs.verification").verify(output, print, in_processes))
assert before == [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)]
assert not {"apache_beam", "tensorflow", "torch"} & set(sys.modules)
print(threading.active_count())
"""


def test_a_script_needs_no_guard(prose: list[str], vocab_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "texts.txt").write_text("\n\n\n".join(prose[:TEXTS]), encoding="utf-8")
    (tmp_path / "script.py").write_text(SCRIPT)
    arguments = [tmp_path / "texts.txt", vocab_dir, tmp_path / "out"]
    done = subprocess.run(
        [sys.executable, tmp_path / "script.py", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert done.returncode == 0, done.stderr
    begins, verified, threads = done.stdout.splitlines()
    assert begins == "begins"
    assert verified.startswith("2 shards, ") and verified.endswith("all as written")
    assert threads == "1"


# A shell that starts tests in the background has them ignore the signal.
INTERRUPTED = """
import signal, sys
import bertprep
signal.signal(signal.SIGINT, signal.default_int_handler)
def texts():
    for i in range(100_000):
        yield f"This is text {i}. " * 40
try:
    print("begins", flush=True)
    bertprep.shard(texts(), vocab=sys.argv[1], output=sys.argv[2], workers=1)
except KeyboardInterrupt:
    print("interrupted")
"""


def test_an_interruption_is_the_callers_and_leaves_nothing(vocab_dir: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    command = [sys.executable, "-c", INTERRUPTED, str(vocab_dir), str(output)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as running:
        give_up = time.monotonic() + SECONDS
        while not output.exists():  # from then on the run is at work
            assert time.monotonic() < give_up and running.poll() is None
            time.sleep(0.05)
        time.sleep(0.5)
        running.send_signal(signal.SIGINT)
        out, _ = running.communicate(timeout=SECONDS)
    assert out.splitlines() == ["begins", "interrupted"]
    assert [path.name for path in tmp_path.iterdir()] == []


def test_the_notebook_of_the_examples_runs(tmp_path: Path) -> None:
    nbformat = pytest.importorskip("nbformat")
    client = pytest.importorskip("nbclient")
    notebook = nbformat.read(ROOT / "examples" / "notebook.ipynb", 4)
    before = [_kinds(cell) for cell in notebook.cells]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    runner = client.NotebookClient(notebook, timeout=120, kernel_name="python3")
    runner.execute(cwd=str(tmp_path), env=environment)
    # What is stored in the file comes of it; the figures are of the help of one Python.
    assert [_kinds(cell) for cell in notebook.cells] == before
    shown = str(notebook.cells)
    assert re.search(r"stage [123] of 3, \w", shown) and "so far" in shown  # the bar
    assert "did you mean max_seq_length?" in shown and "all as written" in shown
    assert (tmp_path / "bertprep-example" / "shards" / "manifest.json").exists()


def _kinds(cell: Any) -> list[str]:
    """What a cell shows, but for bars; what it prints may come in one part or in several."""
    outputs = [o for o in getattr(cell, "outputs", ()) if o.get("name") != "stderr"]
    kinds = [
        kind for output in outputs for kind in (*sorted(output.get("data", ())), output.output_type)
    ]
    return [kind for kind, _ in groupby(kinds)]
