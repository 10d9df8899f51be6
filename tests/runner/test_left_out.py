"""The processes of a run have none of the modules that they do not use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.runner.left_out import PANDAS, STORES, without

ALL_IMPORTED = """
import sys
sys.path.insert(0, {path!r})
from pipelines.runner.worker_main import import_all
import_all(only_here={only_here})
import numpy, pyarrow
pyarrow.array([1]), pyarrow.array(numpy.arange(2)).to_numpy()
assert not {names} & set(sys.modules)
import {name}
"""


@pytest.mark.slow
@pytest.mark.parametrize(("only_here", "names"), [(False, PANDAS), (True, PANDAS | STORES)])
def test_what_a_run_imports_leaves_them_out_and_others_find_them(
    only_here: bool, names: frozenset[str], tmp_path: Path
) -> None:
    name = "boto3" if only_here else "pandas"
    (tmp_path / f"{name}.py").write_text("print('found')\n")
    code = ALL_IMPORTED.format(path=str(tmp_path), only_here=only_here, names=set(names), name=name)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "found\n"), done.stderr


def test_other_modules_are_found_meanwhile() -> None:
    before = list(sys.meta_path)
    with pytest.raises(ModuleNotFoundError, match="no_such"), without(PANDAS):
        import colorsys

        assert colorsys.rgb_to_hsv(0, 0, 0) == (0.0, 0.0, 0)
        import no_such  # type: ignore[import-not-found] # noqa: F401
    assert sys.meta_path == before
