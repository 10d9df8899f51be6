"""A run killed anywhere ends, resumed, in the very bytes of an undisturbed one."""

from __future__ import annotations

import json
import os
import pickle
import re
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from bertprep.common.digests import digest_of
from bertprep.common.drops import DropSample
from bertprep.errors import OutputError, UsageError
from bertprep.shards.manifest_types import ListedFile
from pipelines.folders import files
from pipelines.folders.already_complete import differences
from pipelines.folders.checked_json import read_sealed, write_sealed
from pipelines.folders.move_files import put_back
from pipelines.folders.patience import Patience
from pipelines.folders.work_names import WORK_FOLDER
from pipelines.folders.workspace import Workspace
from pipelines.steps.checkpoint import remembered
from pipelines.steps.report import Report
from pipelines.steps.spill import write_spill
from tests.beam.kept_moments import END, SIZES, KeptMoments, killed_run, sabotaged_run
from tests.commands import without_notes
from tests.conftest import Run
from tests.finished import contents
from tests.lanes import usual_of

OPTIONS = ("--dupe-factor", 2, "--num-shards", 4, "--workers", 1, "--write-drops")


@pytest.fixture
def cli_in_process(cli_in_process: Run) -> Run:
    """The command, for which a small file is a split."""
    return partial(cli_in_process, sizes=SIZES)


@pytest.fixture(scope="module")
def command(prose: list[str], vocab_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> list:
    """A run of several splits and shards."""
    folder = tmp_path_factory.mktemp("text")
    for number in range(3):  # each is a split
        text = "\n\n".join(text.replace("\n\n", "\n") for text in prose[number:12:3])
        (folder / f"{number}.txt").write_text(f"{text:\n<45000}", "utf-8")
    return ["shard", folder, "--vocab", vocab_dir, *OPTIONS]


MANIFEST = "commit 7"  # which comes last
MOMENTS = [
    "work 1",  # the first file of all is about to get its name
    "step-prepare 1",
    "step-prepare-after 2",
    "step-build 1",
    "step-build-after 1",
    "step-write 2",
    "step-write-after 4",
    "commit 1",
    "commit 3",
    MANIFEST,
]
MORE_MOMENTS = ["step-prepare-after 1", "step-write-after 2", "commit 2", "commit-after 8"]


@pytest.fixture(scope="module")
def run(command: list, tmp_path_factory: pytest.TempPathFactory) -> KeptMoments:
    return KeptMoments(tmp_path_factory.mktemp("run"), [*MOMENTS, *MORE_MOMENTS], *command)


def resumes(cli: Run, run: KeptMoments) -> None:
    """It comes to the end that it had."""
    resumed = cli(*run.command, "--resume")
    assert resumed.returncode == 0, resumed.stderr
    assert contents(run.output) == run.ended


# One of each kind: before a file has its name, in each step, and while files are moved.
USUAL_MOMENTS = [
    "work 1",
    "step-prepare-after 2",
    "step-build 1",
    "step-write 2",
    "commit 3",
    MANIFEST,
]


@pytest.mark.parametrize("moment", usual_of(MOMENTS, USUAL_MOMENTS))
def test_a_killed_run_resumes_to_the_same_bytes(
    cli_in_process: Run, run: KeptMoments, moment: str
) -> None:
    output = run.left(moment)
    final = {name for name in contents(output) if not name.startswith(WORK_FOLDER)}
    for name in final:  # what has its final name is whole
        assert (output / name).read_bytes() == run.ended[name]
    assert "manifest.json" not in final
    refused = cli_in_process(*run.command)
    assert refused.returncode == 1
    assert "--resume goes on from what it did" in refused.stderr
    resumes(cli_in_process, run)


def test_what_was_kept_of_a_moment_is_what_a_killed_process_leaves(run: KeptMoments) -> None:
    def without_progress() -> dict[str, bytes]:
        """What there is but for notes that tell the time, by names of their own."""
        found = contents(run.output).items()
        return {name: content for name, content in found if "/progress/" not in name}

    run.left("step-write-after 2")
    kept = without_progress()
    shutil.rmtree(run.output)
    killed_run("step-write-after 2", *run.command)
    assert without_progress() == kept


def test_killed_again_and_again(cli_in_process: Run, run: KeptMoments) -> None:
    shutil.rmtree(run.output)
    for moment in ("step-prepare-after 2", "step-build 1", "commit 1"):
        killed_run(moment, *run.command, "--resume")
    resumes(cli_in_process, run)


@pytest.fixture(scope="module")
def preparing(command: list) -> list:
    """The first stage of the same run."""
    _, folder, flag, vocab, *_ = command
    return ["prepare", folder, flag, vocab, "--workers", 1, "--write-drops"]


PREPARING = ["step-prepare-after 2", "step-merge-after 1", "step-index-after 1", "commit 2"]


@pytest.fixture(scope="module")
def preparation(preparing: list, tmp_path_factory: pytest.TempPathFactory) -> KeptMoments:
    return KeptMoments(tmp_path_factory.mktemp("prepared"), PREPARING, *preparing)


@pytest.mark.parametrize("moment", usual_of(PREPARING, ["step-merge-after 1", "commit 2"]))
def test_a_killed_preparation_resumes_to_the_same_bytes(
    cli_in_process: Run, preparation: KeptMoments, tmp_path: Path, moment: str
) -> None:
    output = preparation.left(moment)
    unfinished = cli_in_process("shard", output, "--output", tmp_path / "shards")
    assert unfinished.returncode == 1
    assert len(unfinished.stderr.strip().splitlines()) == 1
    resumes(cli_in_process, preparation)


def test_a_killed_run_of_a_prepared_corpus_resumes(
    cli_in_process: Run, preparation: KeptMoments, run: KeptMoments, tmp_path: Path
) -> None:
    prepared = preparation.left(END)
    sharding = KeptMoments(tmp_path, ["step-write-after 2"], "shard", prepared, *OPTIONS)
    output = sharding.left("step-write-after 2")
    changed = shutil.copytree(prepared, tmp_path / "changed")
    manifest = json.loads((changed / "manifest.json").read_bytes())
    (changed / "manifest.json").write_text(json.dumps(manifest | {"documents": 1}))
    refused = cli_in_process("shard", changed, *OPTIONS, "--output", output, "--resume")
    assert refused.returncode == 2
    assert "prepared (was " in refused.stderr
    resumes(cli_in_process, sharding)
    assert sharding.ended == run.ended
    assert contents(prepared) == preparation.ended


RESUME = "; the same command with --resume goes on from what is done"


KILLED = "a worker process was killed by signal 9, perhaps for want of memory: try fewer --workers"
FILLED = (
    r"\S*/.bertprep-work/(documents/documents-\d{6}-000000.arrow|examples/examples-\d{6}.arrow"
    r"|shards/shard-\d{5}-of-00004.parquet) cannot be written: File too large; make room"
)


@pytest.mark.parametrize(
    ("moment", "error"),
    [
        ("in-examples 1 kill", KILLED),
        ("step-write 1 fill", FILLED),
        # The same, nearer to the end or to the beginning; each is a run of three processes.
        pytest.param("step-write-after 1 kill", KILLED, marks=pytest.mark.exhaustive),
        pytest.param("step-prepare 2 fill", FILLED, marks=pytest.mark.exhaustive),
    ],
)
def test_what_a_worker_process_did_not_survive_is_made_good(
    cli_in_process: Run, run: KeptMoments, moment: str, error: str
) -> None:
    shutil.rmtree(run.output)
    failed = sabotaged_run(f"worker {moment}", *run.command, "--workers", 2)
    assert failed.returncode == 1
    (line,) = without_notes(failed.stderr)
    assert re.fullmatch(f"bertprep: error: {error}{RESUME}", line)
    assert [path.name for path in run.output.iterdir()] == [WORK_FOLDER]
    resumes(cli_in_process, run)


def outputs(folder: Path) -> list[Any]:
    """What a step may give, with a spill and a file that go with it."""
    batch = pa.record_batch({"x": [1, 2, 3]})
    index = write_spill(str(folder / "spills"), (7, 1), 4, [(1, batch), (3, batch)])
    files.write_bytes(str(folder / "shards" / "shard"), b"rows")
    report = Report(
        Counter(tokens=5),
        Counter(no_text=1),
        {"no_text": [DropSample("a", 3, "{}")]},
        {str(folder / "shards" / "shard"): digest_of(b"rows")},
        shards=[ListedFile("shard", 4, digest_of(b"rows"), 2, 64)],
        examples_per_document=Counter({"3-4": 2}),
        pools={"pools": 1, "smallest": 2, "largest": 3},
    )
    return [index, report]


def as_json(found: Iterable[Any]) -> list[Any]:
    return [output.to_json(str) for output in found]


def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    calls = []

    def make() -> list[Any]:
        calls.append(1)
        return outputs(tmp_path)

    first = remembered(str(tmp_path), "step", 7, make)
    again = remembered(str(tmp_path), "step", 7, make)
    assert calls == [1]
    assert as_json(again) == as_json(first) == as_json(outputs(tmp_path))
    assert (again[0].first, again[0].last, again[0].buckets) == (1, 4, 4)
    assert again[1] == first[1]


def test_what_is_done_may_be_moved_elsewhere(tmp_path: Path) -> None:
    remembered(str(tmp_path / "a"), "step", 7, lambda: outputs(tmp_path / "a"))
    (tmp_path / "a").rename(tmp_path / "b")
    index, _ = remembered(str(tmp_path / "b"), "step", 7, list)
    assert index.path == str(tmp_path / "b" / "spills" / "spills-000007-000001.arrow")


def test_a_step_that_fails_leaves_no_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        remembered(str(tmp_path), "step", 1, lambda: iter([1 / 0]))
    assert not (tmp_path / "done").exists()


@pytest.mark.parametrize("harm", [b"", bytes(20), b"\x80", b"null", b"[" * 100_000])
def test_a_checkpoint_that_a_power_cut_spoiled_is_none(tmp_path: Path, harm: bytes) -> None:
    path = tmp_path / "done" / "step-000001"
    remembered(str(tmp_path), "step", 1, lambda: outputs(tmp_path))
    whole = path.read_bytes()
    for spoiled in (harm, whole[:-1], digest_of(harm).encode() + b"\n" + harm):
        path.write_bytes(spoiled)
        remembered(str(tmp_path), "step", 1, lambda: outputs(tmp_path))
        assert path.read_bytes() == whole


@pytest.mark.parametrize(
    "name", ["done/step-000001", "spills/spills-000007-000001.arrow", "shards/shard"]
)
def test_any_flipped_bit_has_a_step_done_again(tmp_path: Path, name: str) -> None:
    work, path = str(tmp_path), tmp_path / name
    remembered(work, "step", 1, lambda: outputs(tmp_path))
    whole = path.read_bytes()
    for place in range(0, len(whole), max(1, len(whole) // 50)):
        spoiled = bytearray(whole)
        spoiled[place] ^= 1 << place % 8
        path.write_bytes(spoiled)
        calls = []
        remembered(work, "step", 1, lambda calls=calls: calls.append(1) or outputs(tmp_path))
        assert calls == [1]
        assert path.read_bytes() == whole
    for harm in (path.touch, lambda: path.write_bytes(b""), lambda: path.write_bytes(whole + b"0")):
        harm()
        remembered(work, "step", 1, lambda: outputs(tmp_path))
        assert path.read_bytes() == whole
    path.unlink()
    remembered(work, "step", 1, lambda: outputs(tmp_path))
    assert path.read_bytes() == whole


class Bomb:
    """Creates a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return Path.touch, (self.path,)


def test_what_somebody_else_left_runs_no_code(
    cli_in_process: Run, run: KeptMoments, tmp_path: Path
) -> None:
    sign = tmp_path / "sign"
    for path in (run.left("commit 1") / WORK_FOLDER).rglob("*"):
        if path.is_file() and path.suffix != ".txt" and path.name != "run.json":
            path.write_bytes(pickle.dumps(Bomb(sign)))
    resumes(cli_in_process, run)
    assert not sign.exists()


@pytest.mark.parametrize("leads", ["../../secret", "/etc/passwd", "shards/../../secret", "a\0b"])
def test_what_somebody_else_left_leads_nowhere(tmp_path: Path, leads: str) -> None:
    work = tmp_path / "work"
    (tmp_path / "secret").write_bytes(b"rows")
    found = as_json(outputs(work))
    found[0]["path"] = leads
    write_sealed(str(work / "done" / "step-000001"), [["SpillIndex", found[0]]])
    assert remembered(str(work), "step", 1, lambda: []) == []
    found[1] |= {"files": {}, "dropped": [leads]}
    write_sealed(str(work / "done" / "step-000002"), [["Report", found[1]]])
    assert remembered(str(work), "step", 2, lambda: []) == []


def test_moves_of_somebody_else_lead_nowhere(tmp_path: Path) -> None:
    mine, work = tmp_path / "mine", tmp_path / "out" / WORK_FOLDER
    mine.write_bytes(b"mine")
    for target in (str(mine), f"{work}/../../mine"):
        journal = str(work / "moves.json")
        write_sealed(journal, [[str(tmp_path / "stolen"), target]])
        put_back(journal, (str(tmp_path / "out"), str(work)))
        assert mine.read_bytes() == b"mine" and not os.path.exists(journal)


NOTES = [b"", b"null", b"[]", b'"x"', b"7", b'{"identity": 1}', b"[" * 100_000, b'{"output": 3}']


@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize("sealed", [False, True])
def test_a_note_of_any_shape_is_none(tmp_path: Path, note: bytes, sealed: bool) -> None:
    path = tmp_path / WORK_FOLDER / "run.json"
    files.write_bytes(str(path), digest_of(note).encode() + b"\n" + note if sealed else note)
    with Workspace(str(tmp_path), overwrite=False, resume=True) as workspace:
        workspace.identify({"seed": 1})
        assert read_sealed(str(path))["identity"] == {"seed": 1}


# What passes between steps is not even waited for.
@pytest.mark.parametrize("spoiled", [["shards", "examples", "prepared", "done"], ["run.json"]])
def test_a_power_cut_costs_time_alone(
    cli_in_process: Run, run: KeptMoments, spoiled: list[str]
) -> None:
    work = run.left("commit 1") / WORK_FOLDER
    for name in spoiled:
        path = work / name
        (max(path.iterdir()) if path.is_dir() else path).write_bytes(b"")
    resumes(cli_in_process, run)


def worked_with(folder: Path) -> list[Path]:
    """A file of each kind that a run works with, as paths within the folder."""
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.stat().st_size]
    worked = [path for path in found if not {"progress", "README"} & set(path.parts)]
    assert len(worked) > 20
    kinds = {(path.parent, path.name.partition("-")[0]): path for path in worked}
    return [path.relative_to(folder) for path in kinds.values()]


def flip_a_bit(path: Path, number: int) -> None:
    data = bytearray(path.read_bytes())
    data[number * 7919 % len(data)] ^= 1 << number % 8
    path.write_bytes(data)


# What is damaged at once: a note that is not to be trusted hides what else is damaged.
DAMAGED: dict[str, Callable[[Path], bool]] = {
    "what the run is": lambda path: path.name == "run.json",
    "what it has moved": lambda path: path.name == "moves.json",
    "what is done": lambda path: path.parent.name == "done",
    "what it made": lambda path: path.suffix != ".json" and path.parent.name != "done",
    "what it made and what is done": lambda path: path.suffix != ".json",
}


@pytest.mark.parametrize("damaged", DAMAGED)
def test_a_flipped_bit_costs_time_alone(
    cli_in_process: Run, run: KeptMoments, damaged: str
) -> None:
    output = run.left("commit 2")
    spoiled = list(filter(DAMAGED[damaged], worked_with(output)))
    assert spoiled
    for number, path in enumerate(spoiled):
        flip_a_bit(output / path, number)
    resumes(cli_in_process, run)


@pytest.mark.exhaustive  # a resumed run for each of two dozen files
def test_a_flipped_bit_in_any_file_costs_time_alone(cli_in_process: Run, run: KeptMoments) -> None:
    for number, path in enumerate(worked_with(run.left("commit 2"))):
        flip_a_bit(run.left("commit 2") / path, number)
        resumes(cli_in_process, run)


COMPLETE = " is complete: a run of the same inputs and options wrote it to its end"


def test_a_run_killed_before_it_has_cleaned_up_is_complete(
    cli_in_process: Run, run: KeptMoments, tmp_path: Path
) -> None:
    """With all its work there, with what a clean-up leaves midway, and with nothing."""
    output, kept = run.left("commit-after 8"), tmp_path / "kept"
    work = output / WORK_FOLDER
    assert (work / "run.json").exists() and (output / "manifest.json").exists()
    refused = cli_in_process(*run.command, "--resume", "--seed", 7)
    assert (refused.returncode, refused.stdout) == (2, "")
    for gone in ("done", "moves.json", "run.json", "", ""):
        shutil.rmtree(kept, ignore_errors=True)
        files.remove(str(work / gone) if gone else str(work))
        shutil.copytree(output, kept)
        resumed = cli_in_process(*run.command, "--resume")
        assert resumed.returncode == 0, resumed.stderr
        assert COMPLETE in resumed.stdout
        assert resumed.stderr == ""
        assert contents(output) == run.ended
        shutil.rmtree(output)
        shutil.copytree(kept, output)


@pytest.mark.parametrize("kind", ["shard", "prepare", "from prepared", "vocab"])
def test_a_finished_run_is_complete_if_nothing_changed(
    cli_in_process: Run, vocab_dir: Path, prose: list[str], tmp_path: Path, kind: str
) -> None:
    text, prepared = tmp_path / "text.txt", tmp_path / "prepared"
    text.write_text("\n\n".join(prose[:6]), encoding="utf-8")
    vocab = ("--vocab", vocab_dir)
    made = {
        "shard": ("shard", text, *vocab, "--dupe-factor", 1, "--write-drops"),
        "prepare": ("prepare", text, *vocab),
        "from prepared": ("shard", prepared, "--dupe-factor", 1),
        "vocab": ("vocab", text, "--vocab-size", 500),
    }
    if kind == "from prepared":
        assert cli_in_process(*made["prepare"], "--output", prepared).returncode == 0
    command = (*made[kind], "--output", tmp_path / "out")
    assert cli_in_process(*command).returncode == 0
    before = contents(tmp_path / "out")
    again = cli_in_process(*command, "--resume")
    assert (again.returncode, again.stderr) == (0, "")
    assert COMPLETE in again.stdout
    more = ("--cased",) if kind == "vocab" else ("--seed", 3)
    if kind != "from prepared":
        refused = cli_in_process(*command, "--resume", *more)
        assert refused.returncode == 1
        assert "differs in " in refused.stderr
    changed = prepared / "manifest.json" if kind == "from prepared" else text
    later = time.time() + 10
    os.utime(changed, (later, later))
    refused = cli_in_process(*command, "--resume")
    assert refused.returncode == 1
    assert "differs in its inputs, as they were written to since" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert contents(tmp_path / "out") == before


def test_a_finished_run_with_a_shard_lost_is_not_complete(
    cli_in_process: Run, run: KeptMoments
) -> None:
    next(run.left(END).glob("rows/shard-*")).unlink()
    refused = cli_in_process(*run.command, "--resume")
    assert refused.returncode == 1
    assert "is missing, but manifest.json lists it" in refused.stderr


@pytest.mark.parametrize("spoil", ["flip", "remove"])
def test_a_folder_whose_vocabulary_is_another_is_not_called_complete(
    cli_in_process: Run, run: KeptMoments, spoil: str
) -> None:
    vocabulary = run.left(END) / "vocab.txt"
    content = vocabulary.read_bytes()
    vocabulary.unlink()
    if spoil == "flip":
        vocabulary.write_bytes(content[:-3] + bytes([content[-3] ^ 1]) + content[-2:])
    resumed = cli_in_process(*run.command, "--resume")
    assert (resumed.returncode, resumed.stdout) == (1, "")
    assert "vocab.txt" in resumed.stderr


@pytest.mark.parametrize(
    ("changed", "difference"),
    [
        (["--seed", "7"], "seed (was 12345, is 7)"),
        (["--max-seq-length", "64"], "max_seq_length (was 128, is 64)"),
        (["--documents", "file"], 'documents (was "blank-line", is "file")'),
    ],
)
def test_another_run_is_refused_with_what_differs(
    cli_in_process: Run, run: KeptMoments, changed: list[str], difference: str
) -> None:
    output = run.left("step-prepare-after 1")
    before = sorted(path for path in output.rglob("*"))
    refused = cli_in_process(*run.command, "--resume", *changed)
    assert refused.returncode == 2
    assert difference in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    assert sorted(path for path in output.rglob("*")) == before


def test_changed_inputs_are_refused(cli_in_process: Run, command: list, run: KeptMoments) -> None:
    path = Path(command[1]) / "1.txt"
    text, noted = path.read_bytes(), path.stat()
    run.left("step-prepare-after 1")
    path.write_bytes(text + b"One more line.")
    try:
        refused = cli_in_process(*run.command, "--resume")
    finally:
        path.write_bytes(text)
        os.utime(path, ns=(noted.st_atime_ns, noted.st_mtime_ns))
    assert refused.returncode == 2
    assert "1.txt (was [" in refused.stderr


def test_with_nothing_to_resume_a_run_just_starts(cli_in_process: Run, run: KeptMoments) -> None:
    shutil.rmtree(run.output)
    resumes(cli_in_process, run)


@pytest.mark.parametrize("unfinished", [False, True])
def test_two_runs_cannot_write_to_one_folder(tmp_path: Path, unfinished: bool) -> None:
    if unfinished:
        (tmp_path / WORK_FOLDER).mkdir()
    with (
        Workspace(str(tmp_path), overwrite=True),
        pytest.raises(OutputError, match="another run"),
    ):
        Workspace(str(tmp_path), overwrite=True, patience=Patience(lock=0)).__enter__()


def test_a_resumed_run_needs_room_only_for_what_it_has_not_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.write_bytes(str(tmp_path / WORK_FOLDER / "done" / "step"), bytes(1000))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=500))
    with Workspace(str(tmp_path), overwrite=False, resume=True) as workspace:
        workspace.check_space(1200, 300)
        with pytest.raises(OutputError, match=r"has 500 bytes free, .* about 501 bytes;"):
            workspace.check_space(1200, 301)


def test_where_there_is_no_room_at_all_a_resumed_run_keeps_what_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / WORK_FOLDER
    files.write_bytes(str(work / "done" / "step"), b"1")

    def full(path: str, data: bytes) -> None:
        raise OutputError(f"{path} cannot be written: No space left on device; make room")

    monkeypatch.setattr(files, "write_bytes", full)
    with (
        pytest.raises(OutputError, match=RESUME),
        Workspace(str(tmp_path), overwrite=False, resume=True) as workspace,
    ):
        workspace.commit([], {"manifest.json": b""})
    assert (work / "done" / "step").read_bytes() == b"1"


def test_a_resumed_run_keeps_its_work_where_it_is_refused(tmp_path: Path) -> None:
    work = tmp_path / WORK_FOLDER
    note = {"identity": {"seed": 1}, "output": str(tmp_path), "new_folders": []}
    write_sealed(str(work / "run.json"), note)
    with (
        pytest.raises(UsageError, match=r"seed \(was 1, is 2\)"),
        Workspace(str(tmp_path), overwrite=False, resume=True) as workspace,
    ):
        workspace.identify({"seed": 2})
    assert os.path.exists(work / "run.json")


def test_differences_name_the_innermost_key() -> None:
    before = {"shard": {"seed": 1, "task": "nsp"}, "inputs": {"a": [3, 1.5]}}
    now = {"shard": {"seed": 2, "task": "nsp"}, "inputs": {"b": [3, 1.5]}}
    assert list(differences(before, now)) == [
        "a (was [3, 1.5], is null)",
        "b (was null, is [3, 1.5])",
        "seed (was 1, is 2)",
    ]
