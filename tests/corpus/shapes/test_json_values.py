"""JSON and Python's values that are not an object a line."""

from __future__ import annotations

import json
import subprocess

import pytest

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.json_values import json_in_lines
from tests.corpus.shapes.parts import kind_of


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("{'text': 'Panda {}.'}".replace("{}", "1"), "Python objects"),
        ("['<>.', '<>.']", "Python objects"),
        ('\x1e{"text": "<>."}', "a JSON text sequence"),
        ('"title": "<>.",', "JSON"),
        ("b'<>.'", "Python's bytes"),
        ("<>.", None),
        ("'<>,' she said.", None),
    ],
)
def test_lines(line: str, kind: str | None) -> None:
    assert kind_of(json_in_lines, line) == kind


def test_objects_among_other_lines_and_pieces_of_a_long_line() -> None:
    among = "\n".join(['{"text": "A panda."}', *["It eats bamboo all day."] * 9])
    found = json_in_lines(Part(among.encode()))
    assert found and (found.kind, found.command) == ("JSON among others", "grep '^{'")
    piece = '"A panda."}, ' + ", ".join('{"text": "It eats."}' for _ in range(9)) + ', {"te'
    found = json_in_lines(Part(piece.encode(), starts=False, ends=False))
    assert found and found.kind == "a piece of JSON"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("{'text': 'It\\'s a panda.'}\n{'text': 'Two.'}\n", ["It's a panda.", "Two."]),
        ("b'One.'\nb'Two.'\n", ["One.", "Two."]),
    ],
)
def test_the_commands_make_json_lines(text: str, texts: list[str]) -> None:
    found = json_in_lines(Part(text.encode()))
    assert found is not None
    made = subprocess.run(
        found.command, shell=True, input=text, capture_output=True, text=True, check=True
    )
    values = [json.loads(line) for line in made.stdout.splitlines()]
    assert [value["text"] if isinstance(value, dict) else value for value in values] == texts
