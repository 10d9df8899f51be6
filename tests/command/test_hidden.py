"""A ``pipelines`` of the user's own that comes first on the path, and the command beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# What pip installs for the entry point of setup.py.
SCRIPT = "import sys\nfrom bertprep.__main__ import main\nsys.exit(main())\n"


@pytest.fixture(params=["package", "module", "with-a-cli"])
def theirs(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A repository with something of that name; gives what is to be named as hiding ours."""
    if request.param == "module":
        path = tmp_path / "pipelines.py"
        path.write_text("print('theirs')\n")
        return path
    path = tmp_path / "pipelines"
    path.mkdir()
    (path / "__init__.py").write_text("")
    if request.param == "with-a-cli":
        (path / "cli.py").write_text("def main(): print('theirs')\n")
    return path


def run(command: list[str], folder: Path, *before_ours: str) -> subprocess.CompletedProcess[str]:
    """Runs a command in a folder, with these on PYTHONPATH before our tree."""
    path = os.pathsep.join([*before_ours, str(ROOT)])
    environment = {**os.environ, "PYTHONPATH": path}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


@pytest.fixture
def script(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The installed command."""
    path = tmp_path_factory.mktemp("bin") / "bertprep"
    path.write_text(SCRIPT)
    return [sys.executable, str(path)]


@pytest.mark.slow
def test_the_installed_command_names_what_hides_it(script: list[str], theirs: Path) -> None:
    done = run([*script, "--version"], theirs.parent, ".")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        f"bertprep: error: {theirs} hides bertprep's own package `pipelines`; "
        f"take {theirs.parent} out of PYTHONPATH\n"
    )


@pytest.mark.slow
def test_the_module_names_what_hides_it_and_its_advice_helps(
    script: list[str], theirs: Path
) -> None:
    done = run([sys.executable, "-m", "bertprep", "--version"], theirs.parent)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"bertprep: error: {theirs} hides bertprep's own package")
    assert line.endswith("or give the command `bertprep` for `python -m bertprep`")
    assert run([*script, "--version"], theirs.parent).returncode == 0


@pytest.mark.slow
def test_a_folder_without_an_init_hides_nothing(script: list[str], tmp_path: Path) -> None:
    (tmp_path / "pipelines").mkdir()
    for command in (script, [sys.executable, "-m", "bertprep"]):
        done = run([*command, "--version"], tmp_path, ".")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("bertprep")


@pytest.mark.slow
@pytest.mark.parametrize("theirs", ["with-a-cli"], indirect=True)
def test_programs_that_start_for_themselves_import_what_the_command_does(
    script: list[str], theirs: Path, letters_vocab: Path, tmp_path: Path
) -> None:
    # With options of Beam's, worker processes are no forks.
    options = ["--vocab", str(letters_vocab), "--output", str(tmp_path / "out")]
    beams = ["--direct_num_workers", "2"]
    text = tmp_path / "text.txt"
    text.write_text("Pandas eat. They sleep all day.\n\n" * 3 + "It rains. The river rises.\n")
    done = run([*script, "shard", str(text), *options, *beams], theirs.parent)
    assert done.returncode == 0, done.stderr
