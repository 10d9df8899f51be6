"""The documentation is true: its commands run, its options are there, its schema fits."""

from __future__ import annotations

import bz2
import json
import random
import re
import shlex
from collections.abc import Iterator
from html import escape
from itertools import pairwise
from pathlib import Path
from pydoc_data.topics import topics
from typing import Any

import click
import jsonschema
import pytest

from pipelines.cli import cli
from tests.commands import run_bertprep

ROOT = Path(__file__).parents[1]
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"])
BLOCK = re.compile(r"^```(bash|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SHOWN = re.compile(r"^(?: {4}|\$ )(bertprep [a-z]+ .*(?:\\\n.*)*)", re.MULTILINE)
SCHEMA = json.loads((ROOT / "docs" / "reference" / "manifest.schema.json").read_text())
CHINESE = [
    "熊猫吃竹子",
    "它们睡觉很久",
    "山上下雪了",
    "孩子喜欢看熊猫",
    "春天来了花开了",
    "河水很清",
    "我们明天去动物园",
    "",
][:-1]


def write_corpus(folder: Path) -> None:
    """The files that the pages speak of, of text that Python ships."""
    texts = {name: text for name, text in sorted(topics.items())}
    (folder / "corpus").mkdir()
    for name, text in texts.items():
        joined = re.sub(r"(?<!\n)\n(?!\n)\s*", " ", text[:1500])
        paragraphs = [part.strip() for part in joined.split("\n\n") if part.count(" ") > 8]
        if paragraphs:
            (folder / "corpus" / f"{name}.txt").write_text("\n".join(paragraphs), "utf-8")
    pages = "".join(
        f"<page><title>{escape(path.stem)}</title><ns>0</ns><revision><text>"
        f"{escape(path.read_text('utf-8'))}</text></revision></page>\n"
        for path in sorted((folder / "corpus").iterdir())
    )
    dump = f'<mediawiki xml:lang="en">\n{pages}</mediawiki>\n'
    (folder / "enwiki.xml.bz2").write_bytes(bz2.compress(dump.encode()))
    draw = random.Random(4)
    (folder / "zh").mkdir()
    for number in range(12):
        lines = ["。".join(draw.choices(CHINESE, k=9)) + "。" for _ in range(4)]
        (folder / "zh" / f"{number}.txt").write_text("\n".join(lines), "utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("recipes")
    write_corpus(made)
    return made


def commands(text: str) -> Iterator[list[str]]:
    """The arguments of each bertprep command in shell code."""
    for line in text.replace("\\\n", " ").split("\n"):
        words = shlex.split(line, comments=True)
        if words[:1] == ["bertprep"]:
            yield words[1:]
        assert words[:1] in ([], ["bertprep"]), f"a recipe runs {line}"


def run_page(page: Path, folder: Path) -> None:
    names: dict[str, Any] = {"names": sorted(path.name for path in Path("corpus").iterdir())}
    for language, code in BLOCK.findall(page.read_text("utf-8")):
        if language == "python":
            exec(compile(code, page.name, "exec"), names)
            continue
        for words in commands(code):
            outputs = [b for a, b in pairwise(words) if a in ("--output", "-o")]
            output = outputs[0].rstrip("/") if outputs else ""
            if output and (folder / output).exists():
                continue  # another page made it by the same name
            done = run_bertprep(*words)
            assert done.returncode == 0, f"{page.name}: {words}: {done.stderr}"


# The page that makes vocab/ and shards/ comes first.
RECIPES = sorted(
    (ROOT / "docs" / "recipes").glob("*.md"), key=lambda p: (p.stem != "wikipedia", p.stem)
)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_recipes_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pandas = pytest.importorskip("pandas")
    monkeypatch.chdir(folder)
    texts = [path.read_text("utf-8") for path in sorted((folder / "corpus").iterdir())]
    pandas.DataFrame({"text": texts}).to_parquet(folder / "corpus.parquet")
    for page in RECIPES:
        run_page(page, folder)
    for name in ("shards", "prepared", "vocab"):
        jsonschema.validate(json.loads((folder / name / "manifest.json").read_text()), SCHEMA)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_that_are_shown_have_the_options_they_name(page: Path) -> None:
    """Not run, but parsed: a name that is not there is found."""
    for shown in SHOWN.findall(page.read_text("utf-8")):
        try:
            words = shlex.split(shown.replace("\\\n", " "), comments=True)
        except ValueError:
            continue  # prose, with an apostrophe
        check_options(words[1], words[2:], shown)


def check_options(name: str, words: list[str], shown: str) -> None:
    context = click.Context(cli)
    command = cli.get_command(context, name)
    assert command is not None, f"no command {name}: {shown}"
    known: set[str] = set()
    for parameter in command.get_params(context):
        known.update(parameter.opts, parameter.secondary_opts)
    own = [
        word.partition("=")[0].strip("[]") for word in words if word.lstrip("[").startswith("--")
    ]
    for flag in own:
        assert flag in known or flag.removeprefix("--") in BEAM_FLAGS, f"{flag} in {shown}"


# Options of Beam's that pages show.
BEAM_FLAGS = {
    "runner", "project", "region", "temp_location", "setup_file", "job_endpoint",
    "environment_type", "environment_config", "artifact_endpoint", "flink_master", "parallelism",
    "template_location", "sdk_container_image", "spark_master_url",
}  # fmt: skip


@pytest.mark.slow
def test_the_site_is_built_without_a_broken_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mkdocs = pytest.importorskip("mkdocs.commands.build")
    from mkdocs.config import load_config

    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("NO_MKDOCS_2_WARNING", "1")
    config: Any = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(tmp_path / "site"))
    mkdocs.build(config)
    page = (tmp_path / "site" / "reference" / "commands" / "index.html").read_text("utf-8")
    for option in ("--max-seq-length", "--near-duplicates", "--vocab-size"):
        assert option in page


def test_the_version_stands_once() -> None:
    from bertprep import __version__

    assert f"version: {__version__}" in (ROOT / "CITATION.cff").read_text()
    assert __version__ not in (ROOT / "setup.py").read_text()
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
