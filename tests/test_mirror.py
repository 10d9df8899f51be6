"""Each module has its test file, at the place that mirrors its own."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bertprep", "pipelines")

# What has nothing of its own to test, each with the reason.
NOTHING_TO_TEST = {
    "bertprep/corpus/sizes.py": "numbers",
    "bertprep/examples/examples.py": "a class of fields",
    "bertprep/errors.py": "classes of errors, without a line of code",
    "bertprep/settings/choices.py": "names",
    "bertprep/settings/defaults.py": "numbers",
    "bertprep/settings/require.py": "raises by a condition: each class of options tests it",
    "bertprep/settings/running.py": "fields without a check",
    "bertprep/shards/names.py": "names",
    "bertprep/shards/sizes.py": "numbers, and two products of them",
    "bertprep/text/abbreviation_lists.py": "lists of words",
    "bertprep/torch.py": "shows what loaders have",
    "bertprep/tensorflow.py": "shows what loaders have",
    **{
        f"pipelines/command/options/{name}.py": "options, which test_help and test_options read"
        for name in ("cleaning", "output", "rows", "running")
    },
    "pipelines/folders/work_names.py": "names",
    "pipelines/folders/patience.py": "numbers",
    "pipelines/jobs/corpus.py": "a protocol",
    "pipelines/steps/result.py": "a class of fields and a protocol",
    "pipelines/steps/sizes.py": "numbers",
}

# Of bertprep, but its functions run whole jobs.
RUNS_JOBS = "bertprep/api.py"


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
    if module.startswith("pipelines/") or module == RUNS_JOBS:
        found.append(f"tests/beam/test_{name}")
    if module.startswith("bertprep/loaders/"):
        found += [f"{own}/{library}/test_{name}" for library in ("torch", "tensorflow")]
    return found


def has_own_test(module: str) -> bool:
    return any((ROOT / place).exists() for place in places(module))


def test_each_module_has_its_test_file() -> None:
    missing = {module for module in modules() if not has_own_test(module)}
    assert sorted(missing - NOTHING_TO_TEST.keys()) == []


@pytest.mark.slow
def test_the_list_names_what_is_there_and_has_no_test_file() -> None:
    assert sorted(module for module in NOTHING_TO_TEST if module not in modules()) == []
    assert sorted(module for module in NOTHING_TO_TEST if has_own_test(module)) == []
