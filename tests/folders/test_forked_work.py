"""Work that forks of a process share, as many files are looked at."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.stores.places import *  # noqa: F403 - fixtures
from tests.stores.places import Place, uploaded

# In a process of its own: that of the tests may have threads, of which nothing may be forked.
_SCRIPT = """
import os, signal, sys
from bertprep.errors import BertprepError
from bertprep.options import ReadOptions
from pipelines.folders import chosen_files, forked_work, recognise_files
from pipelines.folders.selection import Selection

assert forked_work.can_fork()
assert forked_work.shared_out(lambda n: (n * n, os.getpid()), range(7), 3)[6][0] == 36
for count in range(5):
    assert forked_work.shared_out(lambda n: n * n, range(count), 2) == [n * n for n in range(count)]
owners = {pid for _, pid in forked_work.shared_out(lambda n: (n, os.getpid()), range(9), 3)}
assert len(owners) == 3 and os.getpid() not in owners

def fails(n):
    if n == 5:
        raise BertprepError("five")
    return n

def dies(n):
    os.kill(os.getpid(), signal.SIGKILL)

for work, message in ((fails, "five"), (dies, "was killed")):
    try:
        forked_work.shared_out(work, range(9), 2)
    except BertprepError as error:
        assert message in str(error), error
    else:
        raise AssertionError(work)
found, _, _ = chosen_files.choose_files([sys.argv[1]], Selection(), [])
names = [file.found.relative for file in found]

def looked(**how):
    files = recognise_files.look_at_all(found, names, ReadOptions(), **how)
    return [(f.relative, f.is_named, f.size, type(f.result), str(f.result)) for f in files]

assert forked_work.can_fork()  # though what is in a store was listed
in_forks = looked(many=10, cores=3)  # four times ten, each by threads
assert in_forks == looked(many=10**9) and len(in_forks) == 40
kinds = [str(kind) for *_, kind, _ in in_forks]
assert sum("RefusedError" in kind for kind in kinds) == 10, kinds
print("all well")
"""


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks are safe there alone")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for n in range(40):
        text = "The panda eats bamboo all day. It sleeps under a tree.\n" * 9
        table = "id;name\n" + "1;panda\n" * 9
        (tmp_path / f"{n:02}.txt").write_text(text if n % 4 else table)
    return tmp_path


def check(files: Path | str) -> None:
    command = [sys.executable, "-c", _SCRIPT, str(files)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert ended.stdout == "all well\n", ended.stderr


@pytest.mark.slow
def test_forks_give_what_one_process_gives(files: Path) -> None:
    check(files)


def test_forks_look_into_a_store_as_one_process_does(files: Path, place: Place) -> None:
    check(uploaded(place, files, "corpus"))
