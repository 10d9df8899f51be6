"""Holds an output in a store for one run alone: an object that its owner renews while it lives.

It is made, taken over and removed by requests that depend on what is there, so that of two runs one
has it.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
import time
import uuid
from contextlib import suppress

from bertprep.errors import OutputError
from bertprep.stores.objects import Store
from pipelines.folders.patience import PATIENCE, Patience

_SUFFIX = ".bertprep-owner"


class Owner:
    """The holder of an output folder.

    Args:
        folder: the URI of the output.
        store: that it is in.
        patience: how often it shows that it lives, and how long another is given to show it.

    Raises:
        OutputError: if another run holds it, and lives.
    """

    def __init__(self, folder: str, store: Store, patience: Patience = PATIENCE) -> None:
        self._store, self._patience = store, patience
        self._path = folder.rstrip("/") + _SUFFIX
        self._name = f"process {os.getpid()} on {socket.gethostname()}"
        self._id = uuid.uuid4().hex
        self._tag = self._take()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)
        self._thread.start()

    def _content(self) -> bytes:
        said = {"owner": self._name, "id": self._id, "beat": uuid.uuid4().hex}
        return json.dumps(said).encode()

    def _put(self, tag: str) -> str:
        """Writes a sign of life in place of what has a tag; gives its own."""
        try:
            return self._store.put(self._path, self._content(), tag=tag)
        except FileExistsError:
            # A client whose answer got lost asks again, and then meets what it wrote itself.
            found = self._store.tag(self._path)
            if json.loads(self._store.read(self._path)).get("id") != self._id:
                raise
            return found

    def _take(self) -> str:
        """Makes the object, or takes it over from a run that died; its tag."""
        while True:
            with suppress(FileExistsError, FileNotFoundError):  # let go of, or taken, meanwhile
                return self._put("")
            with suppress(FileExistsError, FileNotFoundError):
                return self._put(self._tag_of_the_dead())

    def _tag_of_the_dead(self) -> str:
        """The tag of an object that nobody renews; OutputError if somebody does."""
        tag, give_up = self._store.tag(self._path), time.monotonic() + self._patience.dead
        owner = json.loads(self._store.read(self._path)).get("owner")
        print(
            f"bertprep: {owner} held {self._path.removesuffix(_SUFFIX)}; seeing for "
            f"{self._patience.dead:.0f} s whether it lives",
            file=sys.stderr,
            flush=True,
        )
        while time.monotonic() < give_up:
            time.sleep(min(1.0, self._patience.beat / 4))
            if self._store.tag(self._path) != tag:
                raise OutputError(
                    f"another run ({owner}) is writing to {self._path.removesuffix(_SUFFIX)}; wait "
                    "for its end, or name another folder"
                )
        return tag

    def _beat(self) -> None:
        while not self._stop.wait(self._patience.beat):
            try:
                self._tag = self._put(self._tag)
            except (FileExistsError, FileNotFoundError):
                return  # it was taken over: the lease of the run is gone, too
            except OSError:
                continue  # the next beat may come in time

    def release(self) -> None:
        """Lets go of the folder, if it is still held."""
        self._stop.set()
        self._thread.join()
        with suppress(OSError):  # as where an heir has taken over, at whatever moment
            self._store.delete_if(self._path, self._tag)
