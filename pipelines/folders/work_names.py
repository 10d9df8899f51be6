"""How the work folder of a run is called, and the files in it that several modules know."""

from __future__ import annotations

WORK_FOLDER = ".bertprep-work"
CHECKPOINT_FOLDER = "done"
EXCLUDED_NAME = "excluded.txt"
TEST_TEXTS_NAME = "test-texts.txt"
