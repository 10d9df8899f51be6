"""Files of the Hugging Face Hub, from a server of this test's own that speaks as the Hub does."""

from __future__ import annotations

import json
import os
import re
import socket
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from bertprep.errors import InputError, UsageError
from bertprep.options import ReadOptions
from bertprep.stores import hf
from bertprep.stores.schemes import check_stores
from pipelines.folders import files
from pipelines.folders.find_files import find, is_itself
from pipelines.folders.inputs import find_inputs
from tests.background import serve
from tests.commands import run_bertprep

hub = pytest.importorskip("huggingface_hub")
constants = pytest.importorskip("huggingface_hub.constants")
COMMIT, OLDER = "c" * 40, "b" * 40
TEXT = "data/train/a.txt"


class Hub(BaseHTTPRequestHandler):
    """One dataset, of two commits."""

    protocol_version = "HTTP/1.1"
    commits: dict[str, dict[str, bytes]]
    main: str
    seen: Counter[str]

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        told = re.fullmatch(r"/api/datasets/my/corpus(?:/revision/(.*))?", path)
        tree = re.fullmatch(r"/api/datasets/my/corpus/tree/([^/]+)/?(.*)", path)
        data = re.fullmatch(r"/datasets/my/corpus/resolve/([^/]+)/(.*)", path)
        if told:
            self.seen["told"] += 1
            self._tell(told[1] or "main")
        elif tree:
            self.seen["tree"] += 1
            self._list(self.commits[tree[1]], tree[2])
        elif data:
            self.seen["data"] += 1
            self._give(self.commits[data[1]][data[2]])
        else:
            self._refuse("GatedRepo" if "/my/gated" in path else "RepoNotFound")

    def do_POST(self) -> None:
        path = unquote(urlsplit(self.path).path)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        wanted = json.loads(body)["paths"] if body.startswith("{") else parse_qs(body)["paths"]
        held = self.commits[path.rpartition("/")[2]]
        self._answer([_described(p, held[p]) for p in wanted if p in held])

    def _tell(self, revision: str) -> None:
        commit = {"main": self.main, "old": OLDER}.get(revision, revision)
        if commit in self.commits:
            moment = "2026-01-02T03:04:05.000Z"
            self._answer({"id": "my/corpus", "sha": commit, "lastModified": moment})
        else:
            self._refuse("RevisionNotFound")

    def _list(self, held: dict[str, bytes], folder: str) -> None:
        below = [
            _described(p, d) for p, d in held.items() if p.startswith(f"{folder}/".lstrip("/"))
        ]
        if not below:
            self._refuse("EntryNotFound")
            return
        self._answer([*below, {"type": "directory", "path": "data", "oid": "1"}])

    def _give(self, data: bytes) -> None:
        if not (wanted := self.headers["Range"]):
            self._send(200, data)
            return
        first, last = map(int, wanted.removeprefix("bytes=").split("-"))
        self._send(206, data[first : last + 1])

    def _answer(self, content: object) -> None:
        self._send(200, json.dumps(content).encode())

    def _refuse(self, code: str) -> None:
        self._send(403 if code == "GatedRepo" else 404, b"{}", ("X-Error-Code", code))

    def _send(self, status: int, data: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for header in (*headers, ("Content-Length", str(len(data)))):
            self.send_header(*header)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None: ...


def _described(path: str, data: bytes) -> dict[str, object]:
    return {"type": "file", "path": path, "size": len(data), "oid": "0"}


@pytest.fixture
def address(prose: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    text = "\n\n".join(text.replace("\n\n", "\n") for text in prose[:20]).encode()
    Hub.commits = {
        COMMIT: {TEXT: text, "data/train/b.txt": text[:3000], "data/.git": b"1", "README.md": b"#"},
        OLDER: {TEXT: text[:2000]},
    }
    Hub.main, Hub.seen = COMMIT, Counter()
    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        server.daemon_threads = True
        serve(server)
        found = f"http://127.0.0.1:{server.server_port}"
        _goes_to(found, monkeypatch)
        yield found
        server.shutdown()


def _goes_to(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has the library of the Hub ask there; it looks for a variable when it is imported."""
    monkeypatch.setattr(constants, "ENDPOINT", address)
    template = constants.HUGGINGFACE_CO_URL_TEMPLATE.replace("https://huggingface.co", address)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    hub.HfFileSystem.clear_instance_cache()
    hf._commit.cache_clear()


def relative(uri: str) -> list[str]:
    return [found.relative for found in find(uri)]


def test_files_of_a_dataset_are_found_as_in_a_folder(address: str) -> None:
    root = "hf://datasets/my/corpus"
    assert relative(f"{root}/data") == ["train/a.txt", "train/b.txt"]
    assert relative(f"{root}/data/*/b*") == ["train/b.txt"]
    assert relative(f"{root}/*.md") == ["README.md"]
    assert relative(f"{root}/{TEXT}") == ["a.txt"]
    assert [found.size for found in find(f"{root}@old/data/")] == [2000]
    (found,) = find(f"{root}/{TEXT}")
    assert found.path == f"{root}@{COMMIT}/{TEXT}"
    assert is_itself(found, f"{root}/{TEXT}")
    assert not is_itself(found, f"{root}/data")
    assert files.names_in(f"{root}/data") == []


def test_a_file_is_read_by_ranges_of_the_commit_that_was_found(address: str) -> None:
    (found,) = find(f"hf://datasets/my/corpus/{TEXT}")
    data = Hub.commits[COMMIT][TEXT]
    Hub.main = OLDER  # somebody pushed meanwhile
    Hub.seen.clear()
    with files.open_input(found.path) as stream:
        assert stream.read(10) == data[:10]
        stream.seek(5000)
        assert stream.read() == data[5000:]
    assert files.read_bytes(found.path) == data
    assert files.size_and_time(found.path) == (len(data), 0.0)
    assert Hub.seen["data"] <= 3


@pytest.mark.slow
def test_a_run_reads_the_hub_and_gives_the_bytes_of_the_same_files_here(
    address: str, letters_vocab: Path, tmp_path: Path
) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / "in" / "train").mkdir(parents=True, exist_ok=True)
        data = Hub.commits[COMMIT][f"data/train/{name}"]
        (tmp_path / "in" / "train" / name).write_bytes(data)
    environment = {**os.environ, "HF_ENDPOINT": address, "HF_HUB_OFFLINE": "0"}
    rows = []
    for number, source in enumerate(("hf://datasets/my/corpus/data", tmp_path / "in")):
        output = tmp_path / str(number)
        options = ("--vocab", letters_vocab, "--workers", 1, "--dupe-factor", 1)
        done = run_bertprep("shard", source, "--output", output, *options, env=environment)
        assert done.returncode == 0, done.stderr
        rows.append([path.read_bytes() for path in sorted((output / "rows").iterdir())])
    assert rows[0] == rows[1]
    manifests = [json.loads((tmp_path / n / "manifest.json").read_bytes()) for n in "01"]
    assert manifests[0]["inputs"] == manifests[1]["inputs"]


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("hf://datasets/my/none/a.txt", "the Hub has no dataset my/none, or it is private"),
        ("hf://datasets/my/gated/a.txt", "my/gated asks for consent"),
        ("hf://datasets/my/corpus@v9/a.txt", "my/corpus has no such revision"),
        ("hf://datasets/my/corpus/c.txt", "no file in hf://datasets/my/corpus/c.txt"),
    ],
)
def test_what_the_hub_refuses_is_told(address: str, uri: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as failed:
        find(uri)
    assert "\n" not in str(failed.value)


def test_what_is_no_file_of_a_dataset_is_refused() -> None:
    for uri in ("hf://my/model/a.txt", "hf://datasets/corpus", "hf://"):
        with pytest.raises(UsageError, match="expected hf://datasets/OWNER/NAME/PATH"):
            find(uri)
    with pytest.raises(UsageError, match="is only read from"):
        check_stores([], ["hf://datasets/my/corpus/out"])


def test_without_a_network_one_line_says_so_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        free = held.getsockname()[1]
    _goes_to(f"http://127.0.0.1:{free}", monkeypatch)
    began = time.monotonic()
    with pytest.raises(InputError, match=r"cannot be read: .*refused") as failed:
        find_inputs(["hf://datasets/my/corpus/a.txt"], ReadOptions())
    assert time.monotonic() - began < 10
    assert "\n" not in str(failed.value)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(InputError, match="offline"):
        find_inputs(["hf://datasets/my/corpus/a.txt"], ReadOptions())
