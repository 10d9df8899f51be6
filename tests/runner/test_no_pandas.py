"""pandas stays out of the processes of a run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.runner.no_pandas import without_pandas

ALL_IMPORTED = """
import sys
from pipelines.runner.worker_main import import_all
import_all()
import numpy, pyarrow
pyarrow.array([1]), pyarrow.array(numpy.arange(2)).to_numpy()
assert "pandas" not in sys.modules
import pandas
"""


@pytest.mark.slow
def test_what_a_run_imports_leaves_pandas_out_and_others_find_it(tmp_path: Path) -> None:
    (tmp_path / "pandas.py").write_text("print('found')\n")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{ALL_IMPORTED}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "found\n"), done.stderr


def test_other_modules_are_found_meanwhile() -> None:
    before = list(sys.meta_path)
    with pytest.raises(ModuleNotFoundError, match="no_such"), without_pandas():
        import colorsys

        assert colorsys.rgb_to_hsv(0, 0, 0) == (0.0, 0.0, 0)
        import no_such  # type: ignore[import-not-found] # noqa: F401
    assert sys.meta_path == before
