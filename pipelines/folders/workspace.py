"""The output folder of a run: checked before, filled when all is done, clean after a failure."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Any

from bertprep.errors import InputError, OutputError, UsageError, VocabularyError
from bertprep.shards.names import MANIFEST_NAME, ORIGINS_FOLDER, ROWS_FOLDER, TEXT_FOLDER
from bertprep.stores.schemes import is_remote, store_of
from pipelines.folders import files, lease
from pipelines.folders.already_complete import (
    Complete,
    differences,
    nothing_to_resume,
    why_not_complete,
)
from pipelines.folders.checked_json import write_sealed
from pipelines.folders.detached_job import check_alone
from pipelines.folders.disk_room import bytes_in, check_room
from pipelines.folders.local_commit import moves_of_commit
from pipelines.folders.move_files import move_all
from pipelines.folders.owner import Owner
from pipelines.folders.patience import PATIENCE, Patience
from pipelines.folders.remote_commit import (
    CommitPlace,
    commit_forward,
    half_done,
    outcome_of,
    remove_half_done,
)
from pipelines.folders.replaceable import canonical, check_replaceable, written_before
from pipelines.folders.run_note import RUN_NOTE, read_note
from pipelines.folders.take_folders import not_writable, remove_empty, take_folder
from pipelines.folders.work_folder import README, README_NAME, WorkFolder
from pipelines.folders.work_names import CHECKPOINT_FOLDER, WORK_FOLDER


class Workspace:
    """A context for one run: gives a work folder, and takes it away at the end.

    The output folder gets its files by ``commit`` alone, whole and all together; a run that fails
    leaves it as it was.  If the run was broken off with steps done, the work folder stays, for
    another run to ``resume`` it.

    Args:
        output: the folder to fill; it and those it lies in are made as needed.
        overwrite: whether what an earlier run wrote there is replaced.
        resume: whether to go on with a run that was broken off.
        work_dir: where the work folder is; None for in ``output``.
        outlived: whether the steps may go on when the command has ended, as on other machines do.
        patience: how long to wait for another run to let go of the folders.

    Raises:
        OutputError: if the folder is not to be written to, or another run holds it.
        UsageError: if the work folder is of a run that writes elsewhere.
    """

    def __init__(
        self,
        output: str,
        overwrite: bool,
        resume: bool = False,
        work_dir: str | None = None,
        outlived: bool = False,
        patience: Patience = PATIENCE,
    ) -> None:
        self.output = output
        self._target = canonical(output)
        self._folder = canonical(work_dir or output)
        self._root = files.join(self._folder, WORK_FOLDER)
        self._run = lease.new_run() if outlived or is_remote(self._root) else ""
        self._token = ""
        self._detached = False
        self._work = WorkFolder(self._root, self._target)
        self._overwrite, self._resume = overwrite, resume
        self._resumes = self._may_be_complete = False
        self._before: dict[str, Any] = {}
        self._new_folders: list[str] = []
        self._patience = patience
        self._locks = ExitStack()

    @property
    def work_dir(self) -> str:
        """The folder of the run's own work; settled once the run is identified."""
        return files.join(self._root, self._run) if self._run else self._root

    def __enter__(self) -> Workspace:
        if not self.output.isprintable():  # as bytes that are no text are not
            raise OutputError(f"--output is {self.output!r}; name it with readable characters")
        if not is_remote(self.output) and os.path.isfile(self.output):
            raise OutputError(f"{self.output} is a file; --output names a folder")
        try:
            if store := store_of(self._target):
                self._locks.callback(Owner(self._target, store, self._patience).release)
            self._take(self.output, f"is writing to {self.output}", "folder")
            if self._folder != self._target:
                self._take(self._folder, f"has its work files in {self._folder}", "--work-dir")
            self._begin()
        except BaseException:
            self._leave()
            raise
        return self

    def _take(self, folder: str, doing: str, way_out: str) -> None:
        taken = take_folder(folder, doing, way_out, self._patience.lock)
        self._new_folders += taken.new
        if taken.lock is not None:
            self._locks.callback(os.close, taken.lock)

    def _begin(self) -> None:
        """Sees that the folders hold nothing that is not to go, and clears away what is."""
        unfinished = WORK_FOLDER in files.names_in(self._folder)
        self._before = read_note(self._root) if unfinished else {}
        if unfinished and outcome_of(self._root, self._before.get("run")):
            self._work.discard()  # all but that was done
            unfinished, self._before = False, {}
        writes_to = self._before.get("output", self._target)
        if self._folder != self._target != writes_to:
            raise UsageError(
                f"the work files in {self._folder} are of a run that writes to {writes_to}, not "
                f"to {self.output}; go on with that one by --resume, or name another --work-dir"
            )
        self._new_folders += self._before.get("new_folders", [])
        self._resumes = self._resume and unfinished
        check_alone(self._root, self._before, self.output)
        if self._resume and not self._overwrite:
            self._may_be_complete = MANIFEST_NAME in files.names_in(self.output)
        if unfinished and not self._overwrite and not self._resume:
            raise OutputError(
                f"{self._folder} holds the work files of a run that did not end; the same command "
                "with --resume goes on from what it did, --overwrite starts anew"
            )
        if self._resumes or self._may_be_complete:
            return  # a full disk must not cost what is done already
        self._work.put_back(finished=False)
        check_replaceable(self.output, self._root, self._overwrite)
        self._work.revoke_all()  # of jobs that may go on
        half = half_done(self._root)
        self._work.discard()
        remove_half_done(self._target, half)
        try:
            files.write_bytes(files.join(self._root, README_NAME), README)
        except BaseException as error:
            self._work.discard()
            if not isinstance(error, OSError):
                raise
            raise not_writable(self._folder, error) from None

    def check_space(self, work_bytes: int, output_bytes: int) -> None:
        """Raises OutputError if a local disk has less room than a run is estimated to take.

        What is written is in the work folder, too, until it is moved: on another disk it is there
        twice for that time.

        Args:
            work_bytes: of work files, those of a run that is resumed included.
            output_bytes: of the output.
        """
        needs = {self._target: output_bytes}
        needs[self._folder] = work_bytes + output_bytes - bytes_in(self._root)
        check_room(needs)

    def identify(self, identity: Mapping[str, Any], changed: float = math.inf) -> None:
        """Notes what makes the run's bytes; a resumed run must have the same.

        Args:
            identity: of the run, as JSON.
            changed: when the latest of its inputs changed, in seconds since 1970.

        Raises:
            UsageError: if it has not, with what differs.
            Complete: if a run that had the same came to its end.
        """
        self._check_complete(identity, changed)
        note = {"identity": identity, "output": self._target, "new_folders": self._new_folders}
        if not self._resumes or not self._before:
            self._forget_steps()
            self._note(note)
            return
        different = sorted(differences(self._before["identity"], json.loads(json.dumps(identity))))
        if different:
            raise UsageError(
                f"--resume goes on with the same run only, and this one differs in "
                f"{'; '.join(different[:4])}; give the command as it was, or start anew by "
                "--overwrite"
            )
        self._work.put_back()  # to be moved again, when all is there
        self._take_up(str(self._before.get("run", "")))
        self._note(note)

    def _note(self, note: Mapping[str, Any]) -> None:
        """Notes what run it is, and lets its steps begin."""
        write_sealed(files.join(self._root, RUN_NOTE), {**note, "run": self._run})
        if self._run:
            self._token = lease.grant(self.work_dir)

    def _take_up(self, run: str) -> None:
        """Goes on in the work of a run before; of one on this machine, under a name from now on."""
        if run or not self._run:
            self._run = run
            return
        os.makedirs(self.work_dir)
        for name in set(files.names_in(self._root)) - {RUN_NOTE, README_NAME, self._run}:
            files.rename(files.join(self._root, name), files.join(self.work_dir, name))

    def detach(self, job: Mapping[str, str]) -> None:
        """Leaves the run to a job that goes on without this process: at the end nothing is removed.

        Args:
            job: its ``id``, its ``page``, its ``runner`` and what to do to ``end`` it.
        """
        write_sealed(files.join(self._root, RUN_NOTE), {**read_note(self._root), "job": dict(job)})
        self._detached = True

    @property
    def commit_place(self) -> CommitPlace:
        """Where the run commits to; it was begun as one whose steps outlive it."""
        previous = written_before(self.output) | half_done(self._root)
        return CommitPlace(self._target, self._root, self.work_dir, self._token, sorted(previous))

    def outcome(self) -> dict[str, Any] | None:
        """The note of the run's commit, if it came to its end elsewhere."""
        return outcome_of(self._root, self._run)

    def _check_complete(self, identity: Mapping[str, Any], changed: float) -> None:
        """Ends a run that is to be resumed where all is there already."""
        different = self._unlike_finished(identity, changed)
        if different is None:
            return
        if different and self._before.get("identity") is not None:
            self._may_be_complete = False
            return
        self._work.put_back(finished=False)
        self._work.discard()
        raise nothing_to_resume(self.output, different) if different else Complete.of(self.output)

    def _unlike_finished(self, identity: Mapping[str, Any], changed: float) -> list[str] | None:
        """The differences of what is finished from what the run would write; None if nothing is."""
        noted = self._before.get("identity")
        if self._resumes and noted is not None and self._work.is_done():
            return list(differences(noted, json.loads(json.dumps(identity))))
        if not self._may_be_complete:
            return None
        try:
            return why_not_complete(self.output, identity, changed)
        except InputError:
            if noted is None:
                raise
            return ["the manifest, which is another run's"]

    def _forget_steps(self) -> None:
        """Sees to it that nothing is taken over from a run of which nobody knows what it was."""
        self._work.put_back(finished=False)
        self._work.forget_steps()
        if self._resumes:
            check_replaceable(self.output, self._root, self._overwrite)
            self._resumes = False

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if self._resumes and isinstance(error, UsageError):
                return  # not this run's work
            if isinstance(error, Complete) or self._detached:
                return
            if self._run:
                lease.revoke(self.work_dir)
            if error is None or not self._can_be_resumed(error):
                self._work.put_back(finished=False)
                self._work.discard()
            elif error.args:
                hint = "the same command with --resume goes on from what is done"
                error.args = (f"{error.args[0]}; {hint}", *error.args[1:])
        finally:
            self._leave()

    def _can_be_resumed(self, error: BaseException) -> bool:
        """Whether anything is done, and the fault is not in the inputs or options."""
        if isinstance(error, InputError | VocabularyError | UsageError):
            return False
        return bool(files.names_in(files.join(self.work_dir, CHECKPOINT_FOLDER)))

    def _leave(self) -> None:
        """Lets go of the folders, and takes away those that are new and empty."""
        remove_empty(self._new_folders)
        self._locks.close()

    def commit(
        self, finished: Sequence[str], contents: Mapping[str, bytes], below: str = ""
    ) -> None:
        """Moves finished files to their final names, and writes the others, the manifest last.

        What an earlier run left goes first; all of it comes back if anything fails.

        Args:
            finished: paths of files in the work folder.
            contents: of the others, by their names.
            below: the folder in the output that the finished files go to.
        """
        if self._run:
            commit_forward(self.commit_place, finished, contents, {}, below)
            return
        for folder in (ROWS_FOLDER, TEXT_FOLDER, ORIGINS_FOLDER):  # if it ends up empty
            self._new_folders.append(files.join(self._target, folder))
        moves = moves_of_commit(self._target, self.work_dir, finished, contents, below)
        move_all(moves, self._work.journal)
