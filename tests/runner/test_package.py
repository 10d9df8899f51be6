"""bertprep ships itself to workers that have nothing of it."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bertprep import __version__
from bertprep.errors import UsageError
from pipelines.runner import beam_options, package


@pytest.mark.slow
def test_the_wheel_is_one_that_pip_installs_and_the_same_each_time(tmp_path: Path) -> None:
    path = Path(package.write_wheel(str(tmp_path)))
    first = path.read_bytes()
    assert Path(package.write_wheel(str(tmp_path))).read_bytes() == first
    names = zipfile.ZipFile(path).namelist()
    assert {"bertprep/py.typed", "pipelines/cli.py", "pipelines/inspect/templates/page.html"} <= {
        *names
    }
    assert not [name for name in names if "__pycache__" in name or name.startswith("tests")]
    pip = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "-q"]
    target = tmp_path / "there"
    subprocess.run([*pip, "--target", str(target), str(path)], check=True)
    code = "import bertprep, pipelines; print(bertprep.__file__, bertprep.__version__)"
    environment = {**os.environ, "PYTHONPATH": str(target)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stdout.split() == [str(target / "bertprep" / "__init__.py"), __version__]


@pytest.mark.parametrize(
    ("args", "ships"),
    [
        ([], True),
        (["--extra_package", "other-1.0.tar.gz"], True),
        (["--environment_type", "LOOPBACK"], False),
        (["--sdk_container_image", "image"], False),
        (["--extra_package", "dist/bertprep-9.tar.gz"], False),
        (["--setup_file", "./setup.py"], False),
    ],
)
def test_it_ships_unless_workers_have_it_from_elsewhere(
    args: list[str], ships: bool, tmp_path: Path
) -> None:
    options = beam_options.parse(args)
    before = options.get_all_options()["extra_packages"] or []
    package.ship(options, str(tmp_path))
    added = (options.get_all_options()["extra_packages"] or [])[len(before) :]
    assert [os.path.dirname(path) for path in added] == [str(tmp_path)] * ships


@pytest.mark.parametrize(
    ("environment", "listed"), [("EXTERNAL", False), ("LOOPBACK", False), ("DOCKER", True)]
)
def test_what_is_installed_here_is_listed_for_containers_alone(
    environment: str, listed: bool
) -> None:
    asked = ["--environment_type", environment, "--experiments", "of_the_users"]
    options = beam_options.parse(asked)
    package.leave_list_out(options)
    found = options.get_all_options()["experiments"]
    assert found[0] == "of_the_users"
    assert ("disable_logging_submission_environment" in found) == (not listed)


def test_a_setup_file_needs_a_tool_that_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(package.util, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"pip install build; or leave the option out"):
        package.ship(beam_options.parse(["--setup_file", "setup.py"]), str(tmp_path))
