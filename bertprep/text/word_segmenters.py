"""Word segmenters for text without spaces: those of others, each a function.

A segmenter is named ``jieba`` (Chinese), ``jieba:PATH`` (with a dictionary of one's own),
``fugashi`` (Japanese) or ``module:function`` (a function of one's own, text to words).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from typing import Any

import regex

from bertprep.common.digests import digest_of
from bertprep.errors import InputError, UsageError
from bertprep.stores.folder import Folder

__all__ = ["Cut", "load_segmenter", "segmenter_versions"]

Cut = Callable[[str], Iterable[str]]

_PACKAGES = {"jieba": ("rjieba",), "fugashi": ("fugashi", "unidic-lite")}
_EXTRAS = {"jieba": "zh", "fugashi": "ja"}
# MeCab's memory is some thousand times the text it is given at once.
_PARTS = regex.compile(r"[^。]{0,2000}。?")


def load_segmenter(name: str) -> Cut:
    """The function that a name of a segmenter stands for.

    Args:
        name: as ``--word-segmenter`` takes it, but ``none``.

    Returns:
        A function from a text without line breaks to its words, in order.

    Raises:
        UsageError: if it is not installed, cannot be imported or has no such dictionary.
    """
    kind, _, detail = name.partition(":")
    try:
        if kind == "jieba":
            return _jieba(detail)
        if name == "fugashi":
            return _fugashi()
    except ImportError:
        raise UsageError(
            f"--word-segmenter {name} needs {' and '.join(_PACKAGES[kind])}; install it by: "
            f"pip install 'bertprep[{_EXTRAS[kind]}]'"
        ) from None
    return _own(name, kind, detail)


def segmenter_versions(name: str) -> dict[str, str]:
    """The versions of packages that decide its words, else SHA-256 digests of files, by name."""
    kind, _, detail = name.partition(":")
    found = {package: _version(package) for package in _PACKAGES.get(kind, ())}
    if kind == "jieba" and detail:
        found["dictionary"] = _digest(_dictionary(detail))
    elif detail:
        found[kind] = _version_of_module(kind)
    return {package: value for package, value in found.items() if value}


def _jieba(path: str) -> Cut:
    import rjieba

    if not path:
        cut: Cut = rjieba.cut
        return cut
    segmenter = rjieba.Jieba()
    for number, line in enumerate(_dictionary(path).decode("utf-8-sig").split("\n"), 1):
        if fields := line.split():
            frequency = _frequency(path, number, fields[1:])
            segmenter.add_word(fields[0], frequency, fields[2] if len(fields) > 2 else None)
    cut = segmenter.cut
    return cut


def _frequency(path: str, number: int, fields: list[str]) -> int | None:
    if not fields:
        return None  # as high as it takes to keep the word whole
    if not fields[0].isdecimal() or len(fields) > 2:
        raise UsageError(
            f"{path}, line {number}: expected a word of a jieba dictionary, as in "
            f"'word [frequency [tag]]'; got {' '.join(fields)!r} behind the word"
        )
    return int(fields[0])


def _dictionary(path: str) -> bytes:
    folder, name = os.path.split(path)
    try:
        data = Folder(folder or ".").read(name)
        data.decode("utf-8")
    except (InputError, ValueError) as error:
        why = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else "no such file"
        raise UsageError(
            f"--word-segmenter jieba:{path}: expected a dictionary, a word a line; {why}. A "
            "function is named module:function, with a module that is not called jieba"
        ) from None
    return data


def _fugashi() -> Cut:
    import fugashi
    import unidic_lite

    tagger = fugashi.Tagger(f'-Owakati -d "{unidic_lite.DICDIR}"')

    def cut(text: str) -> list[str]:
        # MeCab takes NUL for the end.
        parts = _PARTS.findall(text.replace("\0", " "))
        return [word for part in parts if part for word in tagger.parse(part).split()]

    return cut


def _own(name: str, module_name: str, attributes: str) -> Cut:
    try:
        found: Any = _import(module_name)
        for attribute in attributes.split("."):
            found = getattr(found, attribute)
    except (ImportError, AttributeError) as error:
        raise UsageError(
            f"--word-segmenter {name}: expected module:function, one that Python finds; {error}"
        ) from None
    if not callable(found):
        raise UsageError(f"--word-segmenter {name} is a {type(found).__name__}, and no function")
    return _checked(name, found)


def _import(module_name: str) -> Any:
    """A module of the path or of the current folder."""
    try:
        return import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name != module_name.partition(".")[0] or os.getcwd() in sys.path:
            raise
    sys.path.append(os.getcwd())
    try:
        return import_module(module_name)
    finally:
        sys.path.remove(os.getcwd())


def _checked(name: str, function: Callable[[str], Any]) -> Cut:
    def cut(text: str) -> list[str]:
        try:
            words = list(function(text))
        except Exception as error:
            raise UsageError(
                f"--word-segmenter {name} failed: {type(error).__name__}: {error}; its text began "
                f"with {text[:40]!r}"
            ) from error
        if not all(isinstance(word, str) for word in words):
            raise UsageError(
                f"--word-segmenter {name}: expected the words of a text, each a str; got "
                f"{words[:5]!r} for {text[:40]!r}"
            )
        return words

    return cut


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _version_of_module(module_name: str) -> str:
    packages = packages_distributions().get(module_name.partition(".")[0])
    if packages:
        return _version(packages[0])
    try:
        path = getattr(_import(module_name), "__file__", None)
    except ImportError:
        return ""
    if not path:
        return ""
    with open(path, "rb") as file:
        return _digest(file.read())


def _digest(data: bytes) -> str:
    return f"sha256:{digest_of(data)}"
