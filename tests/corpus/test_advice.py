# ruff: noqa: E501
"""What warnings and refusals advise in words holds: options exist, commands mend what was said."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from bertprep.common.units import plural
from pipelines.cli import cli
from tests.corpus.test_kinds import (
    READ,
    REFUSED,
    WARNED,
    article,
    documents,
    known,
    refusal,
    sqlite,
)  # fmt: skip
from tests.corpus.test_oddities import warnings_of

PAGE = Path(__file__).parents[2] / "docs" / "kinds.md"
_COMMANDS = r"(sed (?:-E )?'[^']*'|python3 -c \"[^\"]*\")"
ODDITIES = {
    "entity_leftovers": "Tom &amp; Jerry eat &lt;fish&gt;.\n" * 9,
    "tag_leftovers": "Tom<br/>and <b>Jerry</b> eat.\n" * 9,
    "bracket_names": "Tom -LRB- a cat -RRB- eats.\n" * 9,
    "form_feeds": "Tom eats.\f" * 9,
}


def said() -> dict[str, str]:
    """All that is said of the kinds of the tables."""
    refused = {kind: str(refusal(content)) for kind, (content, _) in REFUSED.items()}
    return refused | {kind: known(content).warning for kind, (content, _) in WARNED.items()}


@pytest.mark.slow
def test_options_that_are_advised_exist() -> None:
    options = {name for command in cli.commands.values() for p in command.params for name in p.opts}
    for kind, text in said().items():
        words = re.sub(r"`[^`]*`|" + _COMMANDS + r"|git log --\S+", "", text)
        named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", words))
        assert named <= options, kind


def mended(content: bytes, text: str) -> bytes:
    """What the first command of a text makes of a file."""
    command = re.search(_COMMANDS, text)
    assert command
    done = subprocess.run(["bash", "-c", command[1]], input=content, capture_output=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_command_that_a_warning_names_ends_it(subtests: pytest.Subtests) -> None:
    warned = {kind: content for kind, (content, _) in WARNED.items()}
    named = {kind: c for kind, c in warned.items() if re.search(_COMMANDS, known(c).warning)}
    assert len(named) > 20
    for kind, content in named.items():
        with subtests.test(kind=kind):
            file = known(mended(content, known(content).warning))
            assert (file.format, file.warning) == ("text", "")


@pytest.mark.slow
@pytest.mark.parametrize("name", ODDITIES)
def test_a_command_against_what_is_odd_in_a_text_ends_it(name: str) -> None:
    (warning,) = warnings_of(ODDITIES[name], is_told=True)
    assert not warnings_of(mended(ODDITIES[name].encode(), warning).decode(), is_told=True)


@pytest.mark.slow
def test_the_separator_that_a_warning_names_parts_the_documents(
    tmp_path: Path, subtests: pytest.Subtests
) -> None:
    told = {kind: known(content).warning for kind, (content, _) in WARNED.items()}
    separators = {kind: text for kind, text in told.items() if "document-sep" in text}
    assert len(separators) > 4
    path = tmp_path / "in.txt"
    for kind, warning in separators.items():
        with subtests.test(kind=kind):
            path.write_bytes(WARNED[kind][0])
            found = re.search(r"--document-separator[ =]'?([^';]+)'?", warning)
            assert found
            texts = [text.strip() for text in documents(path, document_separator=found[1])]
            assert texts == [article(n) for n in range(40)]


def run_as_advised(message: str, start: str, names: dict[str, str]) -> bytes:
    """What a command that a message gives without backticks writes; its names put in."""
    command = message[message.index(start) :].partition("; or say")[0]
    for name, value in names.items():
        command = re.sub(rf"\b{name}\b", value, command)
    command = re.sub(r"^python3", shlex.quote(sys.executable), command)
    done = subprocess.run(["bash", "-c", command], capture_output=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_an_archive_is_unpacked_as_advised(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", article(1))
    message = str(refusal(path.read_bytes()))
    run_as_advised(message, "python3 -m zipfile", {"FILE": str(path), "FOLDER": str(tmp_path)})
    assert documents(tmp_path / "a.txt") == [article(1)]


@pytest.mark.slow
def test_a_database_is_exported_as_advised(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(sqlite())
    names = {"FILE": str(path), "COLUMN": "text", "TABLE": "articles"}
    message = str(refusal(path.read_bytes()))
    run_as_advised(message, "python3 -c", names)
    assert documents(tmp_path / "a.db.jsonl") == [article(n) for n in range(9)]


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext (poppler-utils) is not here")
def test_text_is_taken_out_of_a_pdf_as_advised(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(
        b"%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n"
        b"2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n"
        b"3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources"
        b"<</Font<</F 5 0 R>>>>>> endobj\n"
        b"4 0 obj <</Length 44>> stream\nBT /F 12 Tf 72 700 Td (The panda eats.) Tj ET\nendstream endobj\n"
        b"5 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica>> endobj\n"
        b"trailer <</Root 1 0 R>>\n"
    )
    assert "extract its text: pdftotext" in str(refusal(path.read_bytes()))
    subprocess.run(["pdftotext", path], check=True)
    assert "The panda eats." in (tmp_path / "a.txt").read_text()


def kinds_page() -> str:
    """docs/kinds.md."""
    rows = [("refused", kind, _short(str(refusal(c)))) for kind, (c, _) in REFUSED.items()]
    rows += [("warned of", kind, _short(known(c).warning)) for kind, (c, _) in WARNED.items()]
    rows += [("read", kind, f"as {name}") for kind, (_, name) in READ.items()]
    tests = {"refused": "refused_by_its_content", "warned of": "odd_prose", "read": "what_is_read"}
    counts = Counter(row[0] for row in rows)
    table = [f"| {kind} | {what} | {text} | {tests[what]} |" for what, kind, text in rows]
    return "\n".join(
        [
            "# What files are taken for",
            "",
            "Each kind of file below is made by a test and given to bertprep: what happens, and what "
            "the first words of the message are.",
            f"{plural(counts['refused'], 'kind')} are refused (`--input-format text` takes them all "
            f"the same), {counts['warned of']} are read with a warning, {counts['read']} as they are.",
            "Commands that a message gives are run by `test_the_command_that_is_advised_makes_text_"
            "of_it` and by",
            "`tests/corpus/test_advice.py`, which also holds this page: "
            "`python -m tests.corpus.test_advice` writes it anew.",
            "",
            "| kind | what happens | what is said | test in tests/corpus/test_kinds.py |",
            "| --- | --- | --- | --- |",
            *table,
            "",
        ]
    )


def _short(message: str) -> str:
    text = re.sub(r"`[^`]*`.*", "(a command)", message.removeprefix("in.dat ")).split("; or say")[0]
    text = text if len(text) < 130 else f"{text[:127]}..."
    return text.replace("|", "\\|").replace("<", "&lt;")


@pytest.mark.slow
def test_the_page_of_kinds_is_what_happens() -> None:
    assert PAGE.read_text(encoding="utf-8") == kinds_page()


if __name__ == "__main__":
    PAGE.write_text(kinds_page(), encoding="utf-8")
