"""Docstrings tell each argument of functions with several, and the dtypes and shapes of arrays.

Where an argument is one of three or more, its place in the call says little.  Asked are public
functions, and public methods of public classes; not callbacks of click, whose docstrings are for
the user, nor methods that a base class or a protocol has and tells the arguments of.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bertprep", "pipelines")
SEVERAL = 3
_TOLD = re.compile(r"^    \*{0,2}(\w+):", re.MULTILINE)

# Methods that other libraries call, and document.
FOREIGN = {
    "TrainerCallback": {"on_train_begin", "on_epoch_begin"},
    "Path": {"convert"},
    "Choice": {"convert"},
    "HelpFormatter": {"write_usage"},
}


class Told(NamedTuple):
    """A function: its parameters but self, and those that its docstring has an argument of."""

    name: str
    parameters: tuple[str, ...]
    told: frozenset[str]

    @property
    def missing(self) -> list[str]:
        """The parameters that are not told."""
        return [name for name in self.parameters if name not in self.told]


def told_of(node: ast.FunctionDef, is_method: bool) -> Told:
    given = node.args
    plain = [*given.posonlyargs, *given.args]
    is_static = any(name_of(each) == "staticmethod" for each in node.decorator_list)
    if is_method and not is_static:
        plain = plain[1:]
    stars = [each for each in (given.vararg, given.kwarg) if each]
    _, _, section = (ast.get_docstring(node) or "").partition("\nArgs:\n")
    # The section ends before the next line that is not indented.
    section = re.split(r"^(?=\S)", section, maxsplit=1, flags=re.MULTILINE)[0]
    names = tuple(each.arg for each in (*plain, *given.kwonlyargs, *stars))
    return Told(node.name, names, frozenset(_TOLD.findall(section)))


def name_of(node: ast.expr) -> str:
    """The last part of a name, as of a base class or a decorator."""
    while isinstance(node, ast.Subscript | ast.Call):
        node = node.value if isinstance(node, ast.Subscript) else node.func
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def functions_in(body: list[ast.stmt]) -> Iterator[ast.FunctionDef]:
    """The public ones; of one that is overloaded the one that runs."""
    for node in body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        if "overload" not in map(name_of, node.decorator_list):
            yield node


def classes_in(tree: ast.Module) -> Iterator[ast.ClassDef]:
    yield from (node for node in tree.body if isinstance(node, ast.ClassDef))


def is_callback(node: ast.FunctionDef) -> bool:
    """Whether click calls it: as a command, or for the value of an option."""
    names = [each.arg for each in node.args.args]
    is_command = any(name_of(each) == "command" for each in node.decorator_list)
    return is_command or names[:2] == ["ctx", "param"]


class Known:
    """Methods that are documented elsewhere, by the class that has them.

    A module is a store as a class may be: its functions follow a protocol, too.
    """

    def __init__(self, classes: list[ast.ClassDef]) -> None:
        self._bases: dict[str, set[str]] = defaultdict(set)
        self._told: dict[str, set[str]] = defaultdict(set)
        self._protocols: set[tuple[str, tuple[str, ...]]] = set()
        for node in classes:
            bases = set(map(name_of, node.bases))
            told = [told_of(each, is_method=True) for each in functions_in(node.body)]
            complete = [each for each in told if not each.missing]
            self._bases[node.name] |= bases
            self._told[node.name] |= {each.name for each in complete}
            if "Protocol" in bases:
                self._protocols |= {(each.name, each.parameters) for each in complete}

    def has(self, method: Told, owner: ast.ClassDef | None) -> bool:
        if (method.name, method.parameters) in self._protocols:
            return True
        waiting = list(map(name_of, owner.bases)) if owner else []
        while waiting:
            base = waiting.pop()
            if method.name in FOREIGN.get(base, set()) | self._told.get(base, set()):
                return True
            waiting += self._bases.get(base, ())
        return False


def asked(tree: ast.Module) -> Iterator[tuple[ast.ClassDef | None, ast.FunctionDef]]:
    """The public functions and methods, with the classes of the latter."""
    yield from ((None, node) for node in functions_in(tree.body))
    for owner in classes_in(tree):
        if not owner.name.startswith("_"):
            yield from ((owner, node) for node in functions_in(owner.body))


def wanting(modules: dict[Path, ast.Module]) -> Iterator[tuple[Path, str, list[str]]]:
    """(module, function, arguments that are not told)."""
    known = Known([node for tree in modules.values() for node in classes_in(tree)])
    for path, tree in modules.items():
        for owner, node in asked(tree):
            told = told_of(node, is_method=owner is not None)
            if len(told.parameters) < SEVERAL or not told.missing or is_callback(node):
                continue
            if not known.has(told, owner):
                yield path, f"{owner.name}.{told.name}" if owner else told.name, told.missing


@cache
def trees() -> dict[Path, ast.Module]:
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    assert len(paths) > 400
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths}


@pytest.mark.slow
def test_each_of_several_arguments_is_told() -> None:
    found = [f"{path.relative_to(ROOT)}: {name}: {names}" for path, name, names in wanting(trees())]
    assert found == []


# "int64[n]", "unsigned [n]", and where it is that of another.
_SHAPE = re.compile(r"\b[a-z]\w* ?\[[\w +*,()]+\]|any shape|the shape")


def aliases(modules: dict[Path, ast.Module]) -> re.Pattern[str]:
    """What annotations call arrays, but for those of records, whose dtype the shards have."""
    found = {"NDArray", "ndarray"}
    for tree in modules.values():
        for node in tree.body:
            value = ast.unparse(node.value) if isinstance(node, ast.Assign) else ""
            if isinstance(node, ast.Assign) and re.match(r"NDArray\[(?!np\.void)", value):
                found.update(ast.unparse(target) for target in node.targets)
    return re.compile(rf"\b({'|'.join(sorted(found))})\b")


def untold_arrays(modules: dict[Path, ast.Module]) -> Iterator[tuple[Path, str, int]]:
    """(module, function, how many more arrays it takes or gives than its docstring has shapes)."""
    arrays = aliases(modules)
    known = Known([node for tree in modules.values() for node in classes_in(tree)])
    for path, tree in modules.items():
        for owner, node in asked(tree):
            taken = [each.annotation for each in (*node.args.args, *node.args.kwonlyargs)]
            kinds = [ast.unparse(each) for each in (*taken, node.returns) if each]
            count = sum(bool(arrays.search(kind)) for kind in kinds)
            shapes = len(_SHAPE.findall(ast.get_docstring(node) or ""))
            if shapes < count and not known.has(told_of(node, owner is not None), owner):
                yield path, node.name, count - shapes


@pytest.mark.slow
def test_arrays_have_their_dtypes_and_shapes() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {name}: {more}" for path, name, more in untold_arrays(trees())
    ]
    assert found == []


def names_of(code: str) -> list[str]:
    return [name for _, name, _ in wanting({Path("module.py"): ast.parse(code)})]


ALL = '"""Does.\n\n    Args:\n        a: one.\n        b: two.\n        c: three.\n    """'


@pytest.mark.parametrize(
    ("docstring", "is_found"),
    [
        ('"""Does."""', True),
        ('"""Does with a, b and c."""', True),
        (ALL, False),
        (ALL.replace("        c: three.\n", ""), True),
        (ALL.replace("        c: three.\n", "            c: is two's.\n"), True),
        (ALL.replace("        c: three.\n", "\n    Raises:\n        c: not an argument.\n"), True),
        ("pass", True),
    ],
)
def test_an_argument_that_is_not_told_is_found(docstring: str, is_found: bool) -> None:
    assert names_of(f"def f(a, b, c):\n    {docstring}\n") == ["f"] * is_found
    assert names_of(f"def f(a, b, *, c=1):\n    {docstring}\n") == ["f"] * is_found
    assert names_of(f"def f(a, b, *c):\n    {docstring}\n") == ["f"] * is_found
    assert names_of(f"def f(a, b, **c):\n    {docstring}\n") == ["f"] * is_found
    method = docstring.replace("\n", "\n    ")
    of_class = f"class A:\n    def f(self, a, b, c):\n        {method}\n"
    assert names_of(of_class) == ["A.f"] * is_found


@pytest.mark.parametrize(
    "code",
    [
        "def f(a, b):\n    pass\n",
        "def _f(a, b, c):\n    pass\n",
        "class A:\n    def f(self, a, b):\n        pass\n",
        "class A:\n    def __init__(self, a, b, c):\n        pass\n",
        "class _A:\n    def f(self, a, b, c):\n        pass\n",
        "@click.command(name='f')\ndef f(a, b, c):\n    pass\n",
        "def f(ctx, param, value):\n    pass\n",
        "@overload\ndef f(a, b, c): ...\n",
    ],
)
def test_who_need_not_tell_is_passed_by(code: str) -> None:
    assert names_of(code) == []


METHOD = "    def f(self, a, b, c):\n        "
BASE = f"class A:\n{METHOD}" + ALL.replace("\n", "\n    ") + "\n"


def test_what_a_base_class_or_protocol_tells_need_not_be_told_again() -> None:
    assert names_of(f"{BASE}class B(A):\n{METHOD}pass\n") == []
    assert names_of(f"{BASE}class B(A):\n    x = 1\nclass C(B):\n{METHOD}pass\n") == []
    assert names_of(f"{BASE}class B:\n{METHOD}pass\n") == ["B.f"]
    protocol = BASE.replace("class A:", "class A(Protocol):")
    assert names_of(f"{protocol}class B:\n{METHOD}pass\n") == []
    assert names_of(f"{protocol}def f(a, b, c):\n    pass\n") == []
    assert names_of(f"{protocol}def f(a, b, d):\n    pass\n") == ["f"]
    assert names_of(f"class A:\n{METHOD}pass\nclass B(A):\n{METHOD}pass\n") == ["A.f", "B.f"]
    assert names_of(f"class B(click.Choice):\n{METHOD}pass\n") == ["B.f"]
    assert names_of("class B(click.Choice):\n    def convert(self, a, b, c):\n        pass\n") == []


@pytest.mark.parametrize(
    ("docstring", "more"),
    [
        ("The sums.", 3),
        ("int64[n]: the sums.", 2),
        ("int64[n]: the sums of int8[n, 2] and float32[len(a) + 1].", 0),
        ("The sums of arrays of any shape: int64 of the shape that they have.", 1),
    ],
)
def test_an_array_without_its_shape_is_found(docstring: str, more: int) -> None:
    head = "Ints = NDArray[np.int64]\nRows = NDArray[np.void]\n"
    code = f"{head}def f(a: Ints, b: NDArray[Any] | None, c: Rows) -> Ints:\n    '{docstring}'\n"
    found = [count for _, _, count in untold_arrays({Path("module.py"): ast.parse(code)})]
    assert found == [more] * bool(more)
