"""Sentence pairs, read."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from bertprep.corpus.sample import HEAD_BYTES
from bertprep.errors import InputError
from tests.corpus.formats.line_kinds import kind
from tests.corpus.reading import (
    BOM,
    Result,
    read,
)


def test_sentence_pairs(write: Any) -> None:
    content = BOM + "One. Two.\tThree.\r\n\n \n 你好\t world \na\x0bb\u2028\tc".encode()
    expected = [(3, "One. Two.\tThree."), (24, "你好\t world"), (40, "a\x0bb\u2028\tc")]
    path = write(content)
    assert read(path, input_format="sentence-pairs") == Result(expected, {}, [])
    zipped = write(gzip.compress(content))
    assert read(zipped, input_format="sentence-pairs") == Result(expected, {}, [])


PAIRS = (
    "Welcome to the jungle, my friend.\tYou can stay here all night.\n"
    "The panda eats bamboo all day.\tThen it sleeps for a while.\n"
    "Did you see it today?\tNo, it was asleep again.\n"
)


def refusal(content: str) -> str:
    with pytest.raises(InputError) as caught:
        kind(content)
    return str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        PAIRS,
        PAIRS.rstrip("\n"),
        PAIRS.replace("\n", "\r\n"),
        PAIRS.replace("\n", "\n\n \n"),
        "我们今天去公园散步。\t天气很好，阳光明媚。\n" * 3,
        "公園を散歩しました。\tとても楽しかった。\n" * 3,
        # One that is bad, to be told when it is read, does not make prose of the others.
        PAIRS * 4 + "A line without a tab.\n",
        "\tNothing before this one.\n" + PAIRS * 4,
        # A few short ones, and a last line that is cut.
        PAIRS * 2 + "Why?\tWhy not.\n",
        PAIRS * 1000,
    ],
)
def test_what_is_taken_for_sentence_pairs(content: str) -> None:
    assert kind(content) == "sentence-pairs"


@pytest.mark.parametrize(
    "content",
    [
        # Too few to tell.
        "".join(PAIRS.splitlines(keepends=True)[:2]),
        # Indented, or with white space behind.
        "\tThe panda eats bamboo.\n" * 9,
        "The panda eats bamboo.\t\n" * 9,
        # Some prose, with tabs.
        PAIRS + "The panda eats bamboo.\n",
        "Dr. Panda:\tI eat bamboo.\n\nI also eat fruit.\n\nAnd sleep.\n",
        # Lines without end.
        ("The panda eats bamboo. " * HEAD_BYTES)[: 2 * HEAD_BYTES] + "\t" + PAIRS,
    ],
)
def test_prose_with_tabs_stays_prose(content: str) -> None:
    assert kind(content) == "text"


SENTENCE = "The panda eats bamboo all day."
TABLES = {
    "numbers": "".join(f"{n}\t{SENTENCE}\n" for n in range(9)),
    "ids": "".join(f"Q{n}\t{SENTENCE}\n" for n in range(9)),
    "labels": f"positive\t{SENTENCE}\nvery negative\t{SENTENCE}\n" * 2,
    "labels behind": f"{SENTENCE}\tentailment\n" * 3,
    "titles": f"Giant panda\t{SENTENCE}\n" * 3,
    "articles": f"The panda and its bamboo\t{SENTENCE * 50}\n" * 3,
    "lines so long that one is cut": f"{SENTENCE * 700}\tentailment\n" * 9,
    "words": "panda\tPanda\nbamboo\tBambus\nfruit\tObst\n",
    "a Chinese label": "体育\t大熊猫整天都在吃竹子。\n" * 3,
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_neither_prose_nor_pairs_unless_said(name: str) -> None:
    message = refusal(TABLES[name])
    assert message.startswith("corpus/in.tsv is a table, not prose")
    assert "--input-format sentence-pairs if they are" in message
    assert "--input-format text" in message
    assert "\n" not in message
    assert kind(TABLES[name], input_format="text") == "text"
    assert kind(TABLES[name], input_format="sentence-pairs") == "sentence-pairs"
