"""Beginnings of several tests of vocabularies."""

import json

import pytest


@pytest.fixture(scope="session")
def auto(tmp_path_factory):
    transformers = pytest.importorskip("transformers")
    folders = (tmp_path_factory.mktemp("t") for _ in iter(int, 1))
    known = {}

    def load(files):
        key = json.dumps(files)
        if key not in known:
            folder = next(folders)
            for name, content in files.items():
                (folder / name).write_text(content, encoding="utf-8")
            known[key] = transformers.AutoTokenizer.from_pretrained(folder)
        return known[key]

    return load
