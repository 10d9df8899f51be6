"""Servers of tests, in this process."""

from socketserver import BaseServer
from threading import Thread


def serve(server: BaseServer) -> None:
    """Answers in a thread, until the server is shut down, which it notices soon."""
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
