"""PTB, read."""

from __future__ import annotations

from typing import Any

import pytest

from bertprep.corpus.sizes import ReadSizes
from tests.corpus.formats.line_kinds import kind
from tests.corpus.reading import (
    read,
)


def test_documents_of_ptb_are_the_lines_that_begin_in_one_stretch_of_the_file(write: Any) -> None:
    path = write(" one two \n three \n four \n\n \n a longer line \n six \n")
    result = read(path, sizes=ReadSizes(document=10), input_format="ptb")
    # Lines begin at bytes 0, 10, 18, 26, 28, 44.
    assert result.documents == [
        (0, "one two"),
        (10, "three \n four"),
        (26, "a longer line"),
        (44, "six"),
    ]
    assert len(read(path, input_format="ptb").documents) == 1


PTB = (
    b" the panda <unk> N pounds of bamboo a day \n"
    b" mr. <unk> does n't <unk> it \n"
    b" it costs $ N\\/N or us$ N a N-pound basket \n"
)


@pytest.mark.parametrize(
    "content", [PTB, PTB.rstrip(), PTB.replace(b" \n", b"\r\n"), PTB * 1000], ids=range(4)
)
def test_what_is_taken_for_ptb(content: bytes) -> None:
    assert kind(content) == "ptb"


@pytest.mark.parametrize(
    "content",
    [
        b"".join(PTB.splitlines(keepends=True)[:2]),
        PTB.replace(b"<unk>", b"eats"),
        PTB + b" The panda \n",
        PTB + b" it is in NY \n",
        PTB + b"the panda \n",
        PTB + b"\n" + PTB,
        PTB + " café \n".encode(),
        PTB + b" the\tpanda \n",
        PTB.replace(b"\n ", b"\n"),
        PTB.replace(b" <unk> ", b" x<unk> "),
    ],
    ids=range(10),
)
def test_what_is_not_certainly_ptb_is_left_to_the_option(content: bytes) -> None:
    assert kind(content) == "text"
    assert kind(content, input_format="ptb") == "ptb"
