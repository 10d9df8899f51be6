"""The folder with the work of a run: what of it is moved, taken back, and cleared away.

What a kill leaves of it is never taken for the work of a run.
"""

from __future__ import annotations

import os

from bertprep.errors import OutputError
from bertprep.shards.names import ROWS_FOLDER, TEXT_FOLDER
from pipelines.folders import files, lease
from pipelines.folders.move_files import is_done, put_back
from pipelines.folders.run_note import RUN_NOTE
from pipelines.folders.take_folders import remove_empty
from pipelines.folders.work_names import CHECKPOINT_FOLDER

README = b"Work files of a bertprep run; they are removed when it ends.\n"
README_NAME = "README"


class WorkFolder:
    """The work folder of an output.

    Args:
        root: the folder; it need not be there.
        target: the output folder.

    Attributes:
        journal: the file with the moves from one to the other.
    """

    def __init__(self, root: str, target: str) -> None:
        self._root, self._target = root, target
        self.journal = files.join(root, "moves.json")

    def is_done(self) -> bool:
        """Whether all moves to the output folder were made."""
        return is_done(self.journal, (self._target, self._root))

    def put_back(self, finished: bool = True) -> None:
        """Undoes the moves to the output folder.

        Args:
            finished: whether moves that came to their end are undone, too.
        """
        if not files.exists(self.journal):
            return
        put_back(self.journal, (self._target, self._root), finished)
        # Folders that the moves made; an empty one would pass for another's file.
        remove_empty(files.join(self._target, name) for name in (ROWS_FOLDER, TEXT_FOLDER))

    def revoke_all(self) -> None:
        """Ends the leases of all runs, whose jobs may go on elsewhere."""
        for name in self._runs():
            lease.revoke(files.join(self._root, name))

    def forget_steps(self) -> None:
        """Removes the steps that are done, of whatever run.

        Raises:
            OutputError: if one of them cannot be removed.
        """
        for name in (CHECKPOINT_FOLDER, *self._runs()):
            steps = files.join(self._root, name)
            files.remove(steps)
            if files.names_in(steps):
                raise OutputError(f"{steps} is of another run and cannot be removed; remove it")

    def discard(self) -> None:
        """Removes the folder: the steps that are done first, before the files they tell of."""
        self.revoke_all()
        runs = [files.join(name, CHECKPOINT_FOLDER) for name in self._runs()]
        for name in (*runs, CHECKPOINT_FOLDER, os.path.basename(self.journal), RUN_NOTE):
            files.remove(files.join(self._root, name))
        files.remove(self._root)

    def _runs(self) -> list[str]:
        return list(filter(lease.is_run_name, files.names_in(self._root)))
