"""Each module has its test file, at the place that mirrors its own."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("bertprep", "pipelines")

# What has nothing of its own to test, each with the reason.
NOTHING_TO_TEST = {
    "bertprep/corpus/sizes.py": "numbers",
    "bertprep/examples/examples.py": "a class of fields",
    "bertprep/errors.py": "classes of errors, without a line of code",
    "bertprep/settings/choices.py": "names and numbers",
    "bertprep/settings/require.py": "raises by a condition: each class of options tests it",
    "bertprep/settings/running.py": "fields without a check",
    "bertprep/shards/names.py": "names",
    "bertprep/shards/sizes.py": "numbers, and two products of them",
    "bertprep/text/abbreviation_lists.py": "lists of words",
    "bertprep/torch.py": "shows what loaders have",
    "bertprep/tensorflow.py": "shows what loaders have",
    "pipelines/folders/patience.py": "numbers",
    "pipelines/jobs/corpus.py": "a protocol",
    "pipelines/steps/result.py": "a class of fields and a protocol",
    "pipelines/steps/sizes.py": "numbers",
}

# Each is a kind of file that is told from prose: the table of kinds has its cases.
_SHAPES = sorted(
    str(path.relative_to(ROOT))
    for path in (ROOT / "bertprep/corpus/shapes").glob("[!_]*.py")
    if not (ROOT / f"tests/corpus/shapes/test_{path.name}").exists()
)
# Modules that a test file of another name shows: this list is only to shrink.
SHOWN_BY = {
    "tests/beam/test_api.py": [
        "bertprep/api.py",
        "bertprep/calls/process.py",
        "bertprep/pipelines_door.py",
    ],
    "tests/beam/test_clean.py": [
        "pipelines/command/options/cleaning.py",
        "pipelines/graphs/copies.py",
        "pipelines/graphs/reading.py",
        "pipelines/jobs/cleaning.py",
    ],
    "tests/beam/test_cli_errors.py": [
        "pipelines/command/prepare.py",
        "pipelines/command/shard.py",
        "pipelines/folders/vocabulary.py",
        "pipelines/jobs/casing.py",
        "pipelines/jobs/raw.py",
        "pipelines/jobs/run.py",
        "pipelines/jobs/shard.py",
        "pipelines/messages/say.py",
    ],
    "tests/beam/test_flink_stub.py": [
        "pipelines/command/status.py",
    ],
    "tests/beam/test_identity.py": [
        "pipelines/graphs/prepare.py",
    ],
    "tests/beam/test_inspect.py": [
        "pipelines/inspect/console.py",
        "pipelines/inspect/inspection.py",
    ],
    "tests/beam/test_origins.py": [
        "pipelines/command/identify.py",
        "pipelines/command/locate.py",
        "pipelines/jobs/identify.py",
        "pipelines/jobs/locate.py",
    ],
    "tests/beam/test_packed_shards.py": [
        "bertprep/shards/compose.py",
    ],
    "tests/beam/test_prepared.py": [
        "pipelines/jobs/prepare.py",
    ],
    "tests/beam/test_prism.py": [
        "pipelines/steps/commit.py",
    ],
    "tests/beam/test_progress.py": [
        "pipelines/jobs/stages.py",
        "pipelines/messages/stages.py",
    ],
    "tests/beam/test_record.py": [
        "pipelines/command/replay.py",
        "pipelines/jobs/replay.py",
    ],
    "tests/beam/test_resume.py": [
        "pipelines/folders/complete.py",
        "pipelines/folders/moves.py",
    ],
    "tests/beam/test_disk_estimate.py": [
        "pipelines/folders/disk_room.py",
        "pipelines/jobs/dry_run.py",
    ],
    "tests/beam/test_runner.py": [
        "pipelines/runner/launch.py",
        "pipelines/runner/memory.py",
        "pipelines/runner/processes.py",
        "pipelines/runner/worker.py",
    ],
    "tests/beam/test_verification.py": [
        "pipelines/command/verify.py",
    ],
    "tests/beam/test_workspace.py": [
        "pipelines/folders/taking.py",
    ],
    "tests/calls/test_texts.py": [
        "bertprep/calls/batches.py",
    ],
    "tests/cleaning/test_rules.py": [
        "bertprep/cleaning/scripts.py",
    ],
    "tests/command/test_help.py": [
        "pipelines/cli.py",
        "pipelines/command/options/fields.py",
        "pipelines/command/options/output.py",
        "pipelines/command/options/rows.py",
        "pipelines/command/options/running.py",
        "pipelines/command/options/vocabulary.py",
    ],
    "tests/corpus/test_kinds.py": [
        *_SHAPES,
    ],
    "tests/inspect/test_page.py": [
        "pipelines/inspect/charts.py",
        "pipelines/inspect/markup.py",
        "pipelines/inspect/overview.py",
        "pipelines/inspect/page_corpus.py",
        "pipelines/inspect/page_examples.py",
        "pipelines/inspect/page_figures.py",
        "pipelines/inspect/page_text.py",
        "pipelines/inspect/page_vocabulary.py",
        "pipelines/inspect/render.py",
    ],
    "tests/loaders/torch/test_torch_epochs.py": [
        "bertprep/loaders/torch_trainer.py",
    ],
    "tests/runner/test_remote.py": [
        "pipelines/runner/failures.py",
    ],
    "tests/shards/test_manifest_parsing.py": [
        "bertprep/shards/json_fields.py",
        "bertprep/shards/manifest_types.py",
    ],
    "tests/shards/test_megatron.py": [
        "pipelines/jobs/megatron.py",
    ],
    "tests/steps/test_checkpoint.py": [
        "pipelines/steps/report.py",
    ],
    "tests/steps/test_metrics.py": [
        "pipelines/runner/local.py",
    ],
    "tests/stores/test_objects.py": [
        "bertprep/stores/folder.py",
    ],
    "tests/text/test_tokenize.py": [
        "bertprep/text/blank_pieces.py",
    ],
}


def modules() -> set[str]:
    """The paths of all modules but what packages begin with."""
    found = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return {str(path.relative_to(ROOT)) for path in found if not path.name.startswith("__")}


def places(module: str) -> list[str]:
    """Where the test file of a module may be.

    Tests that run whole jobs are in tests/beam, those that load torch or TensorFlow in a folder of
    that name.
    """
    _, *rooms, name = module.split("/")
    own = "/".join(["tests", *rooms])
    found = [f"{own}/test_{name}"]
    if module.startswith("pipelines/"):
        found.append(f"tests/beam/test_{name}")
    if module.startswith("bertprep/loaders/"):
        found += [f"{own}/{library}/test_{name}" for library in ("torch", "tensorflow")]
    return found


def has_own_test(module: str) -> bool:
    return any((ROOT / place).exists() for place in places(module))


def test_each_module_has_its_test_file() -> None:
    elsewhere = {module for names in SHOWN_BY.values() for module in names}
    missing = {module for module in modules() if not has_own_test(module)}
    assert sorted(missing - elsewhere - NOTHING_TO_TEST.keys()) == []


def test_the_lists_name_what_is_there_and_has_no_test_file() -> None:
    assert sorted(test for test in SHOWN_BY if not (ROOT / test).exists()) == []
    listed = [*NOTHING_TO_TEST, *(module for names in SHOWN_BY.values() for module in names)]
    assert len(listed) == len(set(listed))
    assert sorted(module for module in listed if module not in modules()) == []
    assert sorted(module for module in listed if has_own_test(module)) == []
