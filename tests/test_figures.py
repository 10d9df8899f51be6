"""The figures that pages state are those of the code: a page that goes on saying another is red."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from bertprep.report import row_warnings, warnings
from bertprep.settings.choices import LANGUAGES
from bertprep.text.abbreviation_lists import LISTED
from pipelines.cli import cli
from pipelines.graphs import shard_plan
from pipelines.steps import open_files
from pipelines.steps.sizes import RUN_SIZES

ROOT = Path(__file__).parent.parent
BEHAVIOUR = ROOT / "docs" / "reference" / "behaviour.md"


def page(path: str) -> str:
    """A page with single blanks for white space, as sentences go on over lines."""
    return " ".join((ROOT / path).read_text(encoding="utf-8").split())


def by_length(bounds: dict[int, float]) -> str:
    """``over 40% for rows of 64 tokens, 27% for 128``."""
    (shortest, share), *others = sorted(bounds.items())
    first = f"over {share:.0%} for rows of {shortest} tokens"
    return ", ".join([first, *(f"{bound:.0%} for {length}" for length, bound in others)])


def bounds_of_warnings() -> dict[str, str]:
    """The rows of the table that state numbers: what is warned of, and where."""
    rows, text = row_warnings, warnings
    rules = {limit for rule, limit in text._LONG_MEAN.items() if rule != "lines"}
    assert len(rules) == 1
    return {
        "random next sentences": f"under {rows._LEAST_RANDOM:.0%} or over {rows._MOST_RANDOM:.0%} "
        "of the rows",
        "documents of one sentence": f"over {rows._MANY_SINGLE:.0%} of them, and over "
        f"{rows._RANDOM_WITH_SINGLE:.0%} of the rows are random pairs",
        "truncated tokens": by_length(rows._TRUNCATED),
        "sentences over half a row": f"{by_length(rows._LONG_SENTENCES)}, and over "
        f"{rows._TRUNCATED_BY_LONG:.0%} of the tokens are truncated",
        "tokens in no row": f"over {rows._MANY_UNSEEN:.0%}, of {rows._PASSES_TO_SEE} passes or "
        "more",
        "rows without anything to predict": f"over {rows._MANY_UNPREDICTABLE:.0%}",
        "mean sentence": f"under {rows._SHORT_MEAN} tokens, and over {rows._MANY_LONE_MARKS:.0%} "
        f"of the sentences are a mark alone; over {text._LONG_MEAN['lines']} with "
        f"`--sentences lines`, else over {rules.pop()}",
        "[UNK]": f"over {text._MANY_UNKNOWN:.0%}, with the characters and words behind it",
        "lines that break off within a sentence": f"over {text._MANY_OPEN_LINES:.0%} of those that "
        f"another follows, whose widths spread by {text._LIKE_WIDTHS:.0%} at most: hard-wrapped "
        "text",
        "an input of a mixture that is taken often": f"over {text._MANY_PASSES} times",
    }


def test_the_bounds_of_warnings_are_those_of_the_code() -> None:
    lines = BEHAVIOUR.read_text(encoding="utf-8").splitlines()
    begin = lines.index("| warned of | where |")
    table = lines[begin + 2 : lines.index("", begin)]
    stated = dict(line.strip("| ").split(" | ") for line in table)
    assert stated.items() >= bounds_of_warnings().items()
    assert set(stated) - set(bounds_of_warnings()) == {
        "a separator of documents that was named"  # which has no number
    }


def test_too_little_to_warn_of_is_that_of_the_code() -> None:
    least = (
        f"below {row_warnings._LEAST_ROWS} rows, {warnings.LEAST_SENTENCES} sentences, "
        f"{row_warnings._LEAST_DOCUMENTS} documents, {warnings._LEAST_TOKENS:,} tokens or "
        f"{warnings._LEAST_LINES} lines"
    )
    assert least in page("docs/reference/behaviour.md")


def test_sizes_are_those_of_the_code() -> None:
    sizes, scale = RUN_SIZES, page("docs/scale.md")
    pool = f"{sizes.pool_tokens / 1e6:.1f} million tokens"
    assert f"read in splits of at most {sizes.read.most_split >> 20} MiB" in scale
    assert f"into pools of {pool}" in scale
    assert f"into shards of {shard_plan._SHARD_BYTES >> 20} MiB of ids" in scale
    assert f"once for each {sizes.shard_rows:,} of its rows" in scale
    assert f"holds it open, up to {open_files._MOST:,} of a stage" in scale
    assert f"packets of at most {sizes.packet_bytes >> 20} MiB" in scale
    assert f"in groups of {sizes.merged_files}, as a tree" in scale
    assert f"in more from {sizes.partition_splits} splits on" in scale
    assert f"A pool of documents that exchange random sentences has {pool}" in page("CHANGELOG.md")


def test_numbers_of_languages_are_those_of_the_code() -> None:
    named = f"of {len(LANGUAGES.split())}"
    assert f"in these languages: {named}, by letters" in page("docs/cleaning.md")
    assert f"leaves out documents in other languages, {named}." in page("CHANGELOG.md")
    # English, German and French are in the list that holds for all.
    assert not {"en", "de", "fr"} & set(LISTED)
    assert f"({len(LISTED) + 3} have a list)" in page("docs/input.md")


def test_the_pythons_are_those_of_setup_py() -> None:
    setup, ci = page("setup.py"), page(".github/workflows/ci.yml")
    (lowest,) = re.findall(r'python_requires=">=(3\.\d+)"', setup)
    ((begin, end),) = re.findall(r"for minor in range\((\d+), (\d+)\)", setup)
    stated = [f"3.{minor}" for minor in range(int(begin), int(end))]
    assert stated[0] == lowest
    assert "python: [" + ", ".join(f'"{version}"' for version in stated) + "]" in ci
    for path in ("README.md", "docs/index.md"):
        assert f"Python {lowest} or later" in page(path)
    assert f"Python {stated[1]} to {stated[-1]}" in page("README.md")


# ``[--task nsp|sop|none]`` and ``[--dupe-factor 10]`` of a synopsis.
SHOWN = re.compile(r"\[(--[a-z-]+) ([^]]+)\]")


def test_a_synopsis_shows_the_choices_and_defaults_of_its_command() -> None:
    text = (ROOT / "docs" / "shard.md").read_text(encoding="utf-8")
    synopsis = text[text.index("bertprep shard INPUT...") : text.index("Token ids are those")]
    command = cli.get_command(click.Context(cli), "shard")
    assert command is not None
    options = {name: option for option in command.params for name in option.opts}
    for name, shown in SHOWN.findall(" ".join(synopsis.split())):
        option = options[name]
        if isinstance(option.type, click.Choice):
            assert shown.split("|") == list(option.type.choices), name
        elif shown != "N":
            default = "auto" if option.default is None else option.default
            told = re.findall(r"\[default: (\S+?)[;\]]", option.help or "")
            assert shown in {str(default), *told}, name


def test_digests_are_of_every_layout() -> None:
    command = cli.get_command(click.Context(cli), "shard")
    assert command is not None
    (layout,) = [option for option in command.params if option.name == "layout"]
    assert isinstance(layout.type, click.Choice)
    assert set(re.findall(r"--layout (\w+)", page("benchmarks/digests.py"))) == {
        *layout.type.choices
    }


def loads(path: Path) -> Iterator[str]:
    """The names that a module imports when it is loaded: not within functions, nor for types."""
    left: list[ast.stmt] = [*ast.parse(path.read_text(encoding="utf-8")).body]
    while left:
        node = left.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            left += node.orelse
        elif not isinstance(node, ast.FunctionDef):
            left += [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]


@cache
def graph() -> dict[str, set[str]]:
    """The modules of both packages, without those that stand for folders, and their imports."""
    paths = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path
        for package in ("bertprep", "pipelines")
        for path in (ROOT / package).rglob("*.py")
        if path.name != "__init__.py"
    }
    return {name: set(loads(path)) & set(paths) for name, path in paths.items()}


@cache
def longest_chain(module: str) -> int:
    return 1 + max((longest_chain(name) for name in graph()[module]), default=0)


def some(words: str) -> int:
    """The round number that the page of architecture has between two pieces of text."""
    (stated,) = re.findall(words, page("docs/architecture.md"))
    return int(stated)


@pytest.mark.slow  # reads all of our code
def test_the_page_of_architecture_knows_the_longest_chain_of_imports() -> None:
    stated = some(r"longest chain of imports .*? has some (\d+) modules")
    assert max(map(longest_chain, graph())) == pytest.approx(stated, rel=0.1)


@pytest.mark.slow
def test_the_page_of_architecture_knows_how_much_a_trainer_loads() -> None:
    code = (
        "import sys, bertprep.torch; print(*(n for n in sys.modules if n.startswith('bertprep')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split()) & set(graph())
    stated = some(r"`import bertprep.torch` loads some (\d+) modules")
    assert len(loaded) == pytest.approx(stated, rel=0.05)
