"""A server that answers in JSON, for stubs of the engines' REST APIs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar

from tests.background import serve


class Stub(BaseHTTPRequestHandler):
    """Answers requests; a kind of it says how."""

    @property
    def body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"]))

    def answer(self, content: object) -> None:
        data = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None: ...


Kind = TypeVar("Kind", bound=type[Stub])


@contextmanager
def served(stub: Kind, **state: Any) -> Iterator[tuple[str, Kind]]:
    """A server at work: its address, and the class of what answers, which holds its state."""
    kind: Any = type("Stub", (stub,), state)
    with ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        serve(server)
        yield f"http://127.0.0.1:{server.server_port}", kind
        server.shutdown()
