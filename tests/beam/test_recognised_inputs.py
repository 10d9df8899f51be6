"""Kinds of inputs from end to end: what a user is told, and what becomes of them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.finished import manifest_of

Run = Callable[..., "subprocess.CompletedProcess[str]"]

PROSE = "The panda eats bamboo all day. It sleeps under a tree. "


@pytest.fixture
def shard(cli_in_process: Run, tmp_path: Path, letters_vocab: Path) -> Any:
    def sharding(content: str, *options: object) -> tuple[Any, Path]:
        path = tmp_path / "in.dat"
        path.write_text(content)
        out = tmp_path / "out"
        given = ("shard", path, "--vocab", letters_vocab, "--output", out, "--overwrite")
        return cli_in_process(*given, "--workers", 1, "--dupe-factor", 1, *options), out

    return sharding


def test_a_table_is_refused_in_one_line_and_nothing_is_written(shard: Any) -> None:
    done, out = shard("id,title,body\n" + "".join(f"{n},T {n},{PROSE}\n" for n in range(9)))
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert 'in.dat is a table, not prose: 3 columns between commas ("id", "title", "body")' in line
    assert "name the one of text: --text-field body" in line
    assert not out.exists()


def test_a_separator_makes_documents(shard: Any) -> None:
    content = "<|endoftext|>".join(PROSE * n for n in range(3, 7))
    done, _ = shard(content)
    assert done.returncode == 1
    assert "say --document-separator '<|endoftext|>'" in done.stderr
    done, out = shard(content, "--document-separator", "<|endoftext|>")
    assert done.returncode == 0, done.stderr
    assert "documents separated by <|endoftext|>" in done.stderr
    assert manifest_of(out)["documents"] == 4


def test_json_strings_are_documents(shard: Any) -> None:
    done, out = shard("".join(json.dumps(f"{PROSE}\n\n{PROSE * n}") + "\n" for n in range(1, 6)))
    assert done.returncode == 0, done.stderr
    assert "1 file of JSON strings, a document a line: a JSON string a line" in done.stderr
    assert manifest_of(out)["documents"] == 5


def test_wikitext_has_a_document_an_article_and_unknown_words(shard: Any) -> None:
    article = " = {} = \n \n The <unk> eats . It sleeps{} . \n = = Life = = \n \n It was <unk> . \n"
    done, out = shard("".join(article.format(f"Panda {n}", " well" * n) for n in range(4)))
    assert done.returncode == 0, done.stderr
    manifest = manifest_of(out)
    assert manifest["documents"] == 4
    assert manifest["sums"]["unknown_tokens"] == 8
    assert manifest["drops"] == {"title_line": 4}
    assert manifest["recognised"][0]["format"] == "wikitext"


def test_odd_text_is_read_with_a_warning(shard: Any) -> None:
    content = "".join(f"## Panda {n}\n\n{PROSE}See [it](http://x/{n}).\n\n" for n in range(9))
    done, _ = shard(content + "The [MASK] eats.\n")
    assert done.returncode == 0, done.stderr
    assert "warning: " in done.stderr and "looks like Markdown" in done.stderr
    assert "warning: [MASK] stands in the text 1 times" in done.stdout


def test_repeated_lines_are_said_whatever_the_workers(shard: Any) -> None:
    content = "\n\n".join(f"{PROSE}{n}.\nAll rights reserved by the zoo." for n in range(30))
    said = 'repeated     1 line stands in 2% of the documents or more, such as "All rights reserved'
    done, out = shard(content)
    assert done.returncode == 0, done.stderr
    assert said in done.stdout
    repeated = manifest_of(out)["repeated_lines"]
    assert repeated == {"All rights reserved by the zoo.": 30}


def test_lines_end_at_line_feeds_alone(shard: Any) -> None:
    plain = "".join(f"He waited and left room {n}\nShe stayed\n\n" for n in range(20))
    marked = plain.replace("waited and", "waited\u2028and").replace("left room", "left\x85room")
    counts = []
    for content in (plain, marked):
        done, out = shard(content, "--sentences", "lines")
        assert done.returncode == 0, done.stderr
        counts.append(manifest_of(out)["sentences"])
    assert counts == [40, 40]
