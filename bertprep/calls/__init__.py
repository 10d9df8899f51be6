"""The Python API: from arguments to a run in a process of its own, and what comes of it."""
