"""What tests may not do: change a constant of a module from outside; sizes are passed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("tests", "benchmarks")
# Constants of another project: huggingface_hub reads the environment once, when it is imported.
OF_OTHERS = {"tests/stores/test_hf.py"}
PATCHES = ("setattr", "delattr", "patch", "object", "multiple")
CONSTANT = re.compile(r"_*[A-Z][A-Z0-9_]*\Z")


def changed_constants(source: str) -> Iterator[str]:
    """The upper-case names of other modules that code changes, within strings of code, too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _name(node.func) in PATCHES:
            yield from filter(CONSTANT.match, _patched(node))
        elif isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            owned = (
                t for t in targets if isinstance(t, ast.Attribute) and _name(t.value) != "self"
            )
            yield from (t.attr for t in owned if CONSTANT.match(t.attr))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" in node.value:
            try:
                yield from changed_constants(node.value)
            except (SyntaxError, ValueError):
                continue


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _patched(call: ast.Call) -> Iterator[str]:
    """The names that a call of monkeypatch's or mock's may change: of paths the last part."""
    for argument in call.args[:2]:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value.rpartition(".")[2]
    if _name(call.func) == "multiple":
        yield from (keyword.arg or "" for keyword in call.keywords)


@pytest.mark.slow
def test_no_constant_is_changed_from_outside() -> None:
    found = {}
    paths = {path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")}
    for path in paths - {Path(__file__), *(ROOT / name for name in OF_OTHERS)}:
        if names := list(changed_constants(path.read_text(encoding="utf-8"))):
            found[str(path.relative_to(ROOT))] = names
    assert found == {}, "pass sizes and times as arguments, as RunSizes, ReadSizes, Sizes are"


def test_changes_are_seen_in_each_form() -> None:
    forms = {
        "monkeypatch.setattr(module, '_BYTES', 1)": "_BYTES",
        "patch.setattr('package.module.BYTES_2', 1)": "BYTES_2",
        "mock.patch.object(module, 'BYTES', 1)": "BYTES",
        "mock.patch('package.module._BYTES', 1)": "_BYTES",
        "mock.patch.multiple(module, _BYTES=1)": "_BYTES",
        "load('module')._BYTES = 1": "_BYTES",
        "SCRIPT = '''\nimport module\nmodule._BYTES = 1\n'''": "_BYTES",
    }
    assert {form: next(changed_constants(form), None) for form in forms} == forms
    allowed = "patch.setattr(module, 'open_input', 1); patch.setenv('CORES', '2')"
    assert list(changed_constants(allowed)) == []
