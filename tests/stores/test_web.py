"""Files at addresses of the web: read as they are, from a server of this test's own."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bertprep.errors import InputError, UsageError
from bertprep.stores import web
from bertprep.stores.schemes import check_stores
from pipelines.folders import files
from pipelines.folders.find_files import Found, find
from tests.background import serve


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None: ...


class Ranges(Quiet):
    """Gives parts of a file, too."""

    def end_headers(self) -> None:
        self.send_header("Accept-Ranges", "bytes")
        super().end_headers()

    def do_GET(self) -> None:
        asked = self.headers["Range"]
        assert asked, "all of a file was asked for"
        first, last = map(int, asked.removeprefix("bytes=").split("-"))
        data = Path(self.translate_path(self.path)).read_bytes()[first : last + 1]
        self.send_response(206)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@pytest.fixture(params=[Quiet, Ranges])
def site(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of ``tmp_path``."""
    handler = partial(request.param, directory=tmp_path)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        serve(server)
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_file_is_read_in_any_order(site: str, tmp_path: Path) -> None:
    data = bytes(range(256)) * 100
    (tmp_path / "a.txt").write_bytes(data)
    (found,) = find(f"{site}/a.txt")
    assert found == Found(f"{site}/a.txt", "a.txt", len(data), found.modified)
    assert found.modified == int((tmp_path / "a.txt").stat().st_mtime)
    with files.open_input(found.path) as stream:
        stream.seek(1000)
        assert stream.read(5) == data[1000:1005]
    assert files.read_bytes(found.path) == data
    assert files.size_and_time(found.path)[0] == len(data)


def test_what_is_not_there_is_said_in_a_line(site: str) -> None:
    with pytest.raises(InputError, match=r"/no.txt cannot be read: its server says 404"):
        find(f"{site}/no.txt")
    with pytest.raises(OSError, match="cannot be reached"):
        files.read_bytes("http://127.0.0.1:1/a.txt")


def test_patterns_and_outputs_are_none_of_the_web(site: str) -> None:
    with pytest.raises(InputError, match="is one file; a server lists none"):
        find(f"{site}/*.txt")
    check_stores([f"{site}/a.txt"])
    with pytest.raises(UsageError, match="is only read from"):
        check_stores([], [f"{site}/out"])


@contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """The address of a server that gives everybody these bytes, and leaves; none at all: it waits.

    Of what there is it says that it has ranges.
    """
    with ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        if answer:
            threading.Thread(target=_give, args=(server, answer), daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def _give(server: socket.socket, answer: bytes) -> None:
    with suppress(OSError):
        while True:
            connection = server.accept()[0]
            with connection:
                connection.recv(1 << 16)
                connection.sendall(answer)


CUT = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nAccept-Ranges: bytes\r\n\r\nhalf"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (CUT, r"its server's answer failed: IncompleteRead"),
        (CUT.replace(b"Accept-Ranges", b"X"), r"its server's answer failed: IncompleteRead"),
        (b"no such thing\r\n\r\n", "its server's answer failed: BadStatusLine"),
    ],
)
def test_an_answer_that_is_none_is_said_in_a_line(answer: bytes, said: str) -> None:
    with answering(answer) as address, pytest.raises(OSError, match=said) as failed:
        files.read_bytes(f"{address}/a.txt")
    assert "\n" not in str(failed.value)
    assert address in str(failed.value)


def test_a_server_that_does_not_answer_is_not_waited_for_long() -> None:
    assert web._SECONDS < 10
    began = time.monotonic()
    with answering(b"") as address, pytest.raises(OSError, match="timed out"):
        web.size_and_time(f"{address}/a.txt", seconds=0.5)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("address", ["http://[::1/a", "https:///a", "http://127.0.0.1:1/a"])
def test_an_address_that_is_none_is_said_in_a_line(address: str) -> None:
    with pytest.raises(OSError, match="its server"):
        web.size_and_time(address)


def test_an_address_may_have_letters_and_spaces(site: str, tmp_path: Path) -> None:
    (tmp_path / "zw\u00f6lf 12.txt").write_bytes(b"text")
    assert files.read_bytes(f"{site}/zw\u00f6lf 12.txt") == b"text"
    assert files.read_bytes(f"{site}/zw%C3%B6lf%2012.txt") == b"text"
