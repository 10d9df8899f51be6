"""What shells are told to run, and what they get."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

COMPLETE = r"""
set -e
eval "$(bertprep completion bash)"
complete -p bertprep >&2
COMP_WORDS=({words}) COMP_CWORD={number}
_bertprep_completion bertprep
printf '%s\n' "${{COMPREPLY[@]}}"
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("bin")
    (folder / "bertprep").write_text(
        f"#!{sys.executable}\nimport sys\nfrom bertprep.__main__ import main\nsys.exit(main())\n"
    )
    (folder / "bertprep").chmod(0o755)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}


def completed(environment: dict[str, str], *words: str) -> list[str]:
    """What bash offers for the last of the words."""
    script = COMPLETE.format(words=" ".join(words), number=len(words) - 1)
    done = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
@pytest.mark.slow
def test_bash_completes_commands_options_and_choices(environment: dict[str, str]) -> None:
    assert completed(environment, "bertprep", "ver") == ["verify"]
    assert completed(environment, "bertprep", "shard", "--max-p") == ["--max-predictions-per-seq"]
    assert completed(environment, "bertprep", "shard", "a", "--masking", "w") == ["whole-word"]


@pytest.mark.slow
@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_have_their_script(environment: dict[str, str], shell: str) -> None:
    command = ["bertprep", "completion", shell]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert f"_BERTPREP_COMPLETE={shell}_complete" in done.stdout
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=done.stdout, text=True, check=True)
