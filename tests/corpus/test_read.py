"""From files to documents: what is taken, what is refused with one line, what is counted."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bertprep.common.drops import REASONS, Drops
from bertprep.corpus.files import ByteRange, InputFile
from bertprep.corpus.formats.registry import FORMATS
from bertprep.corpus.read import DocumentBatch, read_split
from bertprep.corpus.recognise import recognise
from bertprep.corpus.sample import HEAD_BYTES
from bertprep.corpus.sizes import READ_SIZES, ReadSizes
from bertprep.corpus.splits import plan_splits
from bertprep.errors import InputError
from bertprep.options import FileFormat, InputFormat, ReadOptions

BOM = b"\xef\xbb\xbf"
SMALL = ReadSizes(block=7, overrun=3, look_back=3, document=20)


class Result(NamedTuple):
    documents: list[tuple[int, str]]
    counts: dict[str, int]
    dropped: list[tuple[str, int, str]]

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.documents]


def open_file(path: str) -> BinaryIO:
    return open(path, "rb", buffering=0)


def documents_of(batch: DocumentBatch) -> Iterator[tuple[int, str]]:
    for offset, start, end in zip(batch.offsets, batch.starts, batch.ends, strict=True):
        yield int(offset), batch.text[start:end].decode()


def look_at(path: Path, options: ReadOptions) -> InputFile:
    content = path.read_bytes()
    return recognise(content[:HEAD_BYTES], str(path), path.name, len(content), options)


def read(
    path: Path, cuts: Sequence[int] = (), sizes: ReadSizes = READ_SIZES, **options: Any
) -> Result:
    """The documents of a file, read in one range or in those between the cuts."""
    read_options = ReadOptions(**options)
    file = look_at(path, read_options)
    edges = sorted({0, file.size, *(cut for cut in cuts if cut < file.size)})
    split = tuple(ByteRange(file, a, b) for a, b in pairwise(edges))
    noted: list[dict[str, Any]] = []
    drops = Drops(noted.append)
    documents = [
        document
        for batch in read_split(split, open_file, read_options, drops, sizes)
        for document in documents_of(batch)
    ]
    assert all(note["file"] == path.name for note in noted)
    assert set(drops.counts) <= set(REASONS)
    dropped = [(note["reason"], note["offset"], note["text"]) for note in noted]
    return Result(documents, dict(drops.counts), dropped)


def refusal(path: Path, **options: Any) -> str:
    with pytest.raises(InputError) as caught:
        read(path, **options)
    message = str(caught.value)
    assert message.startswith(f"{path}")
    assert "\n" not in message
    return message.removeprefix(str(path))


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def writing(content: bytes | str, name: str = "in.dat") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return writing


# Documents


TEXT = "One panda.\nIt eats.\n\nTwo pandas.\n"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("blank-line", [(0, "One panda.\nIt eats."), (21, "Two pandas.")]),
        ("line", [(0, "One panda."), (11, "It eats."), (21, "Two pandas.")]),
        ("file", [(0, TEXT.rstrip())]),
    ],
)
def test_what_a_document_is_in_plain_text(
    write: Any, rule: str, expected: list[tuple[int, str]]
) -> None:
    assert read(write(TEXT), documents=rule).documents == expected
    assert read(write(gzip.compress(TEXT.encode())), documents=rule).documents == expected


@pytest.mark.parametrize("rule", ["blank-line", "line", "file"])
def test_a_byte_order_mark_is_no_text(write: Any, rule: str) -> None:
    result = read(write(BOM + TEXT.encode()), documents=rule)
    assert result.documents[0][0] == 3
    assert "".join(result.texts).startswith("One panda.")


@pytest.mark.parametrize("rule", ["blank-line", "line"])
@pytest.mark.parametrize("content", [b"", BOM, b"\n", b" \r\n\t\n", b"\xe3\x80\x80" * 5])
def test_files_without_text_have_no_documents(write: Any, rule: str, content: bytes) -> None:
    assert read(write(content), documents=rule) == Result([], {}, [])


def test_json_lines(write: Any) -> None:
    rows = ['{"text": "Eins \\u00fc\\n\\nzwei"}', '{"id": 7, "text": ""}', '{"text": "你好"}']
    content = BOM + "\r\n\n".join(rows).encode()
    assert read(write(content)).documents == [(3, "Eins ü\n\nzwei"), (37, ""), (61, "你好")]
    assert read(write(gzip.compress(content))).documents == read(write(content)).documents


def test_a_mark_before_a_later_json_line_is_no_part_of_it(write: Any) -> None:
    content = b'{"text": "a"}\n' + BOM + b'{"text": "b"}\n'
    assert read(write(content)).documents == [(0, "a"), (14, "b")]


def test_another_field_holds_the_text(write: Any) -> None:
    path = write('{"text": 1, "body": "b"}\n')
    assert read(path, text_field="body").texts == ["b"]


def test_sentence_pairs(write: Any) -> None:
    content = BOM + "One. Two.\tThree.\r\n\n \n 你好\t world \na\x0bb\u2028\tc".encode()
    expected = [(3, "One. Two.\tThree."), (24, "你好\t world"), (40, "a\x0bb\u2028\tc")]
    path = write(content)
    assert read(path, input_format="sentence-pairs") == Result(expected, {}, [])
    zipped = write(gzip.compress(content))
    assert read(zipped, input_format="sentence-pairs") == Result(expected, {}, [])


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


def test_documents_of_several_ranges_and_files_come_in_order(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a1\n\na2\n")
    (tmp_path / "b").write_text('{"text": "b1"}\n')
    files = [look_at(tmp_path / name, ReadOptions()) for name in "ab"]
    (split,) = plan_splits(files, ReadOptions())
    batches = list(read_split(split, open_file, ReadOptions(), Drops()))
    assert [batch.name for batch in batches] == ["a", "b"]
    assert [list(documents_of(batch)) for batch in batches] == [
        [(0, "a1"), (4, "a2")],
        [(0, "b1")],
    ]


def test_batches_are_columns_with_a_blank_line_between_documents(write: Any) -> None:
    file = look_at(write("aa\n\nbb\n\ncc"), ReadOptions())
    split, sizes = (ByteRange(file, 0, 10),), ReadSizes(batch=4)
    batches = list(read_split(split, open_file, ReadOptions(), Drops(), sizes))
    assert [(b.text, b.starts.tolist(), b.ends.tolist(), b.offsets.tolist()) for b in batches] == [
        (b"aa\n\nbb", [0, 4], [2, 6], [0, 4]),
        (b"cc", [0], [2], [8]),
    ]


def test_files_are_closed_when_read_and_when_not_read_to_the_end(write: Any) -> None:
    opened: list[BinaryIO] = []

    def opening(path: str) -> BinaryIO:
        opened.append(open_file(path))
        return opened[-1]

    for content in (b"a\n\nb", gzip.compress(b"a\n\nb")):
        file = look_at(write(content), ReadOptions())
        split = (ByteRange(file, 0, file.size),)
        how = opening, ReadOptions(), Drops(), ReadSizes(batch=1)
        batches = read_split(split, *how)
        assert next(batches).text == b"a"
        batches.close()  # type: ignore[attr-defined]
        list(read_split(split, *how))
    assert len(opened) == 4
    assert all(stream.closed for stream in opened)


LINES = {
    "text": ["One. ", "", " \t", "你好。", "\u3000", "x"],
    "jsonl": ['{"text": "a"}', '{"text": "ü"}', "", "[]", '{"text": null}', "{broken"],
    "wikiextractor": ['<doc id="1" title="T">', "T", "", "Text.", "</doc>", "你好"],
    "sentence-pairs": ["a\tb", " ü \t你好.\r", "\ta\tb", "", "\t", "no tab", "a\t\u3000"],
    "json-strings": ['"a"', '"ü\\n\\nb"', "", "[]", '{"text": "a"}', '"broken', '"\\ud800"'],
    "wikitext": [" = T = ", " = = S = = ", " The <unk> @-@ like ü . ", " ", "", " = a = b = "],
    "bookcorpus": ["a sentence of some words .", "ü .", "", "another one ."],
    "mediawiki": ["<page><title>T</title><ns>0</ns>", "<text>A ü.</text></page>", "<page>", "你"],
    "ptb": [" a <unk> N ", " ü ", "", " \r", " a sentence of some words "],
}


def test_every_format_has_a_name_an_option_and_a_sample() -> None:
    assert {"auto", *FORMATS} == set(get_args(InputFormat))
    not_cut = {"json", "warc", "html", "gutenberg", "mail", "imdb"}
    in_lines = {name for name, known in FORMATS.items() if not known.has_rows} - not_cut
    assert set(FORMATS) == set(get_args(FileFormat))
    assert in_lines == set(LINES)


@pytest.mark.parametrize("separator", ["<|e|>", "[S]", "---", "=="])
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_separators_part_documents_whatever_the_ranges(
    write: Any, separator: str, data: st.DataObject
) -> None:
    pieces = ["a b", "ü", "\n", "\n", separator, f"\n{separator}\n", "-", "=", "<|", " "]
    content = "".join(data.draw(st.lists(st.sampled_from(pieces), max_size=16)))
    cuts = data.draw(st.lists(st.integers(0, 60), max_size=5))
    path = write(content)
    options = {"input_format": "text", "document_separator": separator}
    expected = read(path, **options)
    if separator in ("<|e|>", "[S]"):
        parts = content.split(separator)
    else:  # only as a line: of what is within one there may be several readings
        parts = re.split(rf"(?m)^[ \t]*{re.escape(separator)}[ \t]*$", content)
    stripped = (part.strip(" \n\t") for part in parts)
    assert expected.texts == [part for part in stripped if part]
    assert read(path, cuts, SMALL, **options) == expected


WIKITEXT = (
    " \n = Robert Smith = \n \n Robert is an <unk> actor , of 1 @,@ 000 @-@ odd plays . \n"
    " = = Career = = \n He played . \n = = = Early = = = \n So it was . \n"
    " = Du Fu = \n \n A poet . \n"
)


def test_wikitext(write: Any) -> None:
    path = write(WIKITEXT)
    assert look_at(path, ReadOptions()).format == "wikitext"
    first, second = read(path).texts
    assert first.split("\n") == [
        "Robert is an <unk> actor , of 1,000-odd plays . ",
        "Career",
        " He played . ",
        "Early",
        " So it was .",
    ]
    assert second == "A poet ."
    assert read(path).counts == {"title_line": 2}
    kept = read(path, keep_titles=True)
    assert [text.split("\n")[0] for text in kept.texts] == ["Robert Smith", "Du Fu"]
    assert kept.counts == {}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("R&amp;D, a &lt; b &gt; c, &quot;q&quot;", 'R&D, a < b > c, "q"'),
        ("1837&nbsp;by &amp;nbsp;two &amp;amp; three", "1837\xa0by \xa0two & three"),
        ("It is 5 &#8211; 6 &amp;#8211; 7", "It is 5 – 6 – 7"),
        # Not escaped: what looks so is meant.
        ("AT&T writes &amp; for an ampersand", "AT&T writes &amp; for an ampersand"),
        ("a < b, and &lt; is an entity", "a < b, and &lt; is an entity"),
        ("no entity: &;", "no entity: &;"),
        ("plain", "plain"),
    ],
)
def test_the_escapes_of_wikiextractor_are_undone(write: Any, body: str, expected: str) -> None:
    assert read(write(wiki("T", f"T\n\n{body}\n"))).texts == [expected]
    row = {"id": "1", "revid": "2", "url": "u", "title": "T", "text": body}
    assert read(write(json.dumps(row))).texts == [expected]
    # Of JSON lines by others nobody knows that they are escaped.
    assert read(write(json.dumps({"id": "1", "text": body}))).texts == [body]


def test_a_json_string_a_line_is_a_document(write: Any) -> None:
    rows = ["One.\n\nTwo.", 'He said "x".', "你好。"]
    path = write("\n".join(map(json.dumps, rows)))
    assert read(path).texts == rows
    message = refusal(
        write(json.dumps("a\n") + "\n[1]\n" + json.dumps("b\n") * 1 + "\n"),
        input_format="json-strings",
    )
    assert "line 2 (byte 6) is JSON, but not a string" in message


@pytest.mark.parametrize("file_format", LINES)
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_ranges_give_the_documents_and_the_drops_of_the_whole(
    write: Any, file_format: str, data: st.DataObject
) -> None:
    lines = data.draw(st.lists(st.sampled_from(LINES[file_format]), max_size=12))
    path = write("\n".join(lines))
    cuts = data.draw(st.lists(st.integers(0, 150), max_size=5))
    options = {"input_format": file_format, "bad_input": "drop"}
    expected = read(path, sizes=ReadSizes(document=20), **options)
    assert read(path, cuts, SMALL, **options) == expected
    if lines:
        zipped = write(gzip.compress(path.read_bytes()), "in.gz")
        assert read(zipped, sizes=SMALL, **options)[:2] == expected[:2]


# Bad input: one line that tells the place and the way out, or a count.


class Bad(NamedTuple):
    content: bytes
    place: str  # line and byte
    told: tuple[str, ...]
    reason: str
    kept: list[str]
    dropped: tuple[int, str]  # offset and text


GOOD = b'{"text": "good"}\n'
PAIR = "It eats all the day.\tThen it sleeps a while."
PAIRS = f"{PAIR}\n".encode() * 12
BAD = {
    "JSON, cut": Bad(
        GOOD + b'{"text": "tr\n' + GOOD,
        "line 2 (byte 17)",
        ("not one JSON object", "Unterminated string"),
        "bad_json",
        ["good", "good"],
        (17, '{"text": "tr'),
    ),
    "JSON, no JSON": Bad(
        GOOD + b"\n\n  plain words\n",
        "line 4 (byte 21)",
        ("not one JSON object", "Expecting value"),
        "bad_json",
        ["good"],
        (21, "plain words"),
    ),
    "JSON, two in a line": Bad(
        GOOD + b"{} {}\n",
        "line 2 (byte 17)",
        ("not one JSON object", "Extra data"),
        "bad_json",
        ["good"],
        (17, "{} {}"),
    ),
    "JSON, broken first": Bad(
        b"{'text': 'a'}\n" + GOOD,
        "line 1 (byte 0)",
        ("not one JSON object",),
        "bad_json",
        ["good"],
        (0, "{'text': 'a'}"),
    ),
    "JSON, nested too deeply": Bad(
        GOOD + b"[" * 200_000 + b"\n",
        "line 2 (byte 17)",
        ("nested too deeply",),
        "bad_json",
        ["good"],
        (17, "[" * 200_000),
    ),
    "JSON, a number too long": Bad(
        GOOD + b'{"text": ' + b"9" * 5000 + b"}\n",
        "line 2 (byte 17)",
        ("not one JSON object", "digits"),
        "bad_json",
        ["good"],
        (17, '{"text": ' + "9" * 5000 + "}"),
    ),
    "JSON, a list": Bad(
        GOOD + b'["text"]',
        "line 2 (byte 17)",
        ("a JSON list",),
        "bad_json",
        ["good"],
        (17, '["text"]'),
    ),
    "JSON, a string": Bad(
        GOOD + b'"text"',
        "line 2 (byte 17)",
        ("a JSON string",),
        "bad_json",
        ["good"],
        (17, '"text"'),
    ),
    "JSON, a null": Bad(
        GOOD + b"null",
        "line 2 (byte 17)",
        ("a JSON null",),
        "bad_json",
        ["good"],
        (17, "null"),
    ),
    "JSON, no text": Bad(
        GOOD + b'{"title": "t", "body": "b"}\n',
        "line 2 (byte 17)",
        ('no field "text"', '"title", "body"', "--text-field"),
        "no_text",
        ["good"],
        (17, '{"title": "t", "body": "b"}'),
    ),
    "JSON, no field": Bad(
        GOOD + b"{}\n",
        "line 2 (byte 17)",
        ("its fields: none",),
        "no_text",
        ["good"],
        (17, "{}"),
    ),
    "JSON, text null": Bad(
        GOOD + b'{"text": null}\n',
        "line 2 (byte 17)",
        ('a null as "text"',),
        "no_text",
        ["good"],
        (17, '{"text": null}'),
    ),
    "JSON, text a list": Bad(
        GOOD + b'{"text": ["a", 1]}\n',
        "line 2 (byte 17)",
        ('a list as "text"',),
        "no_text",
        ["good"],
        (17, '{"text": ["a", 1]}'),
    ),
    "JSON, text a number": Bad(
        GOOD + b'{"text": 1}\n',
        "line 2 (byte 17)",
        ('a number as "text"',),
        "no_text",
        ["good"],
        (17, '{"text": 1}'),
    ),
    "JSON, half a surrogate pair": Bad(
        GOOD + b'{"text": "a \\ud83d b"}\n',
        "line 2 (byte 17)",
        ("half of a surrogate pair",),
        "not_utf8",
        ["good"],
        (17, '{"text": "a \\ud83d b"}'),
    ),
    "JSON, Latin-1": Bad(
        GOOD + b'{"text": "caf\xe9"}\n',
        "line 2 (byte 30)",
        ("not UTF-8 (0xe9)", "--encoding cp1252"),
        "not_utf8",
        ["good"],
        (17, '{"text": "caf\ufffd"}'),
    ),
    "text, Latin-1": Bad(
        b"Good.\n\nLine one,\nline tw\xf6.\n\nGood too.",
        "line 4 (byte 24)",
        ("not UTF-8 (0xf6)", "--encoding cp1252"),
        "not_utf8",
        ["Good.", "Good too."],
        (7, "Line one,\nline tw\ufffd."),
    ),
    "text, cut in a character": Bad(
        "Good.\n\n你好".encode()[:-1],
        "line 3 (byte 10)",
        ("not UTF-8 (0xe5)",),
        "not_utf8",
        ["Good."],
        (7, "你\ufffd"),
    ),
    "text, a surrogate in UTF-8": Bad(
        b"Good.\n\n\xed\xa0\xbd",
        "line 3 (byte 7)",
        ("not UTF-8 (0xed)",),
        "not_utf8",
        ["Good."],
        (7, "\ufffd\ufffd\ufffd"),
    ),
    "wiki, Latin-1": Bad(
        b'<doc id="1" title="T">\nT\n\nCaf\xe9\n</doc>\n<doc id="2">\nGood.\n</doc>\n',
        "line 4 (byte 29)",
        ("not UTF-8 (0xe9)",),
        "not_utf8",
        ["Good."],
        (0, "\nCaf\ufffd\n"),
    ),
    "wiki, never closed": Bad(
        b'<doc id="1">\nOne.\n</doc>\n\n<doc id="2">\nTwo',
        "line 5 (byte 26)",
        ("no </doc> line closes",),
        "unterminated_document",
        ["One."],
        (26, "\nTwo"),
    ),
    "wiki, opened twice": Bad(
        b'<doc id="1">\nOne.\n<doc id="2">\nTwo.\n</doc>\n',
        "line 1 (byte 0)",
        ("no </doc> line closes",),
        "unterminated_document",
        ["Two."],
        (0, "\nOne.\n"),
    ),
    "wiki, text between": Bad(
        b'<doc id="1">\nOne.\n</doc>\n\n stray\n<doc id="2">\nTwo.\n</doc>\n',
        "line 5 (byte 27)",
        ("outside of <doc> and </doc>",),
        "text_outside_document",
        ["One.", "Two."],
        (27, "stray\n"),
    ),
    "wiki, text at the end": Bad(
        b'<doc id="1">\nOne.\n</doc>\n</doc>\nstray',
        "line 5 (byte 32)",
        ("outside of <doc> and </doc>",),
        "text_outside_document",
        ["One."],
        (32, "stray"),
    ),
    "pairs, no tab": Bad(
        PAIRS + b"It eats all the day.\n",
        "line 13 (byte 540)",
        ("not a sentence, a tab and the next sentence: it has no tab;",),
        "bad_pair",
        [PAIR] * 12,
        (540, "It eats all the day."),
    ),
    "pairs, a tab that is spelled": Bad(
        PAIRS + rb"It eats. \t It sleeps." + b"\n",
        "line 13 (byte 540)",
        (r"it has no tab but a backslash and a t, of which sed 's/\\t/\t/' makes one;",),
        "bad_pair",
        [PAIR] * 12,
        (540, r"It eats. \t It sleeps."),
    ),
    "pairs, two tabs": Bad(
        PAIRS + b"\ta\tb\r\n" + PAIRS,
        "line 13 (byte 540)",
        ("it has 2 tabs;",),
        "bad_pair",
        [PAIR] * 24,
        (540, "\ta\tb"),
    ),
    "pairs, nothing before": Bad(
        PAIRS + b"\n \n\tIt sleeps.\n",
        "line 15 (byte 543)",
        ("nothing stands before its tab;",),
        "bad_pair",
        [PAIR] * 12,
        (543, "\tIt sleeps."),
    ),
    "pairs, nothing behind": Bad(
        PAIRS + "It eats.\t\u3000".encode(),
        "line 13 (byte 540)",
        ("nothing stands behind its tab;",),
        "bad_pair",
        [PAIR] * 12,
        (540, "It eats.\t\u3000"),
    ),
    "pairs, Latin-1": Bad(
        PAIRS + b"It eats.\tCaf\xe9\n",
        "line 13 (byte 552)",
        ("not UTF-8 (0xe9)",),
        "not_utf8",
        [PAIR] * 12,
        (540, "It eats.\tCaf\ufffd"),
    ),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_bad_input_fails_with_its_place_or_is_dropped_and_counted(
    write: Any, name: str, packed: bool
) -> None:
    bad = BAD[name]
    path = write(gzip.compress(bad.content) if packed else bad.content)
    message = refusal(path)
    assert message.startswith(f": {bad.place} ")
    assert all(part in message for part in (*bad.told, "--bad-input drop")), message

    result = read(path, bad_input="drop")
    assert result.texts == bad.kept
    title = {"title_line": 1} if "title=" in bad.content.decode("latin-1") else {}
    assert result.counts == {**title, bad.reason: 1}
    assert result.dropped[-1] == (bad.reason, *bad.dropped)


def test_a_json_object_over_several_lines_is_told_at_its_first(write: Any) -> None:
    path = write('{\n  "text": "a"\n}\n')
    assert " is JSON over several lines" in refusal(path)
    assert "line 1 (byte 0) is not one JSON object" in refusal(path, input_format="jsonl")
    assert read(path, bad_input="drop", input_format="jsonl").counts == {"bad_json": 3}


def test_the_line_of_bad_utf8_is_that_of_the_byte_not_of_the_title(write: Any) -> None:
    content = b'<doc id="1" title="T">\r\n\r\nT\r\nok \xff\r\n</doc>\r\n'
    assert refusal(write(content)).startswith(": line 4 (byte 32) is not UTF-8 (0xff)")


def test_long_field_names_do_not_flood_the_message(write: Any) -> None:
    row = {f"{i}" * 1000: 1 for i in range(9)} | {"last": 2}
    message = refusal(write(json.dumps(row) + "\n"))
    assert len(message) < 600
    assert '"last"' not in message


def test_dropped_titles_with_half_a_surrogate_pair_can_be_written_out(write: Any) -> None:
    path = write('{"title": "a\\ud800", "text": "a\\ud800\\nbody"}\n')
    result = read(path)
    assert result.texts == ["body"]
    assert result.dropped == [("title_line", 0, "a?")]


# Damaged gzip files


def noisy(documents: int) -> tuple[bytes, list[str]]:
    """Documents that hardly compress, one a line."""
    rng = random.Random(1)
    letters = str.maketrans("0123456789", "ghijklmnop")
    texts = [rng.randbytes(50).hex().translate(letters) for _ in range(documents)]
    return "".join(f"{text}\n" for text in texts).encode(), texts


@pytest.mark.parametrize("left_out", [1, 8, 9, 1000, 40_000])
def test_a_truncated_gzip_file_fails_or_gives_what_is_there(write: Any, left_out: int) -> None:
    content, texts = noisy(1000)
    path = write(gzip.compress(content)[:-left_out])
    message = refusal(path, documents="line")
    assert "truncated" in message
    assert "fetch it again" in message
    assert "--bad-input drop" in message

    result = read(path, documents="line", bad_input="drop")
    assert result.counts == {"damaged_file": 1}
    # The last line may be cut, so it goes too.
    count = len(result.texts)
    assert result.texts == texts[:count]
    assert count >= 1000 - 1 - left_out // 40
    ((reason, offset, text),) = result.dropped
    assert (reason, text) == ("damaged_file", "")
    assert count * 101 <= offset <= len(content)


def test_a_gzip_file_damaged_inside_fails_or_gives_what_comes_before(write: Any) -> None:
    content, texts = noisy(3000)
    compressed = bytearray(gzip.compress(content))
    compressed[100_000:100_100] = b"\xff" * 100
    path = write(compressed)
    message = refusal(path, documents="line")
    assert "damaged" in message
    assert "fetch it again" in message
    result = read(path, documents="line", bad_input="drop")
    # What follows the damage is no text any more, or not seen to be none before the checksum.
    assert result.counts["damaged_file"] == 1
    assert result.texts[:1500] == texts[:1500]


def test_a_wrong_checksum_and_bytes_after_the_end_are_damage(write: Any) -> None:
    sound = gzip.compress(b"one\n\ntwo\n\nthree")
    for content in (sound[:-8] + bytes(8), sound + b"garbage"):
        path = write(content)
        assert "is damaged" in refusal(path)
        result = read(path, bad_input="drop")
        assert result.texts == ["one", "two"]
        assert result.counts == {"damaged_file": 1}


def test_a_damaged_file_is_no_document_where_files_are(write: Any) -> None:
    path = write(gzip.compress(b"one\n\ntwo")[:-4])
    result = read(path, documents="file", bad_input="drop")
    assert result.texts == []
    assert result.counts == {"damaged_file": 1}


def test_a_bad_record_before_the_damage_is_told_with_its_own_place(write: Any) -> None:
    content = b"good\n\nb\xffd\n\n" + noisy(1000)[0]
    path = write(gzip.compress(content)[:-100])
    assert refusal(path).startswith(": line 3 (byte 7) is not UTF-8 (0xff)")


def test_gzip_members_and_padding_are_one_stream(write: Any) -> None:
    # A document may go over from one member to the next, as `cat a.gz b.gz` makes it.
    content = gzip.compress(b"one\n\nt") + gzip.compress(b"") + gzip.compress(b"wo\n") + bytes(512)
    assert read(write(content)).documents == [(0, "one"), (5, "two")]


# Titles


def wiki(title: str, body: str) -> str:
    return f'<doc id="1" url="u" title="{title}">\n{body}</doc>\n'


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Panda", "Panda"),
        ("Panda", "Panda \r"),
        ("熊猫", "熊猫"),
        ("AT&amp;T", "AT&T"),
        ("AT&T", "AT&amp;T"),
        ("AT&amp;T", "AT&amp;T"),
        ("A &quot;q&quot; &gt; b", 'A "q" > b'),
        ('The "Panda"', 'The "Panda"'),
        ("a > b", "a > b"),
    ],
)
def test_a_repeated_title_is_left_out_and_counted(write: Any, title: str, line: str) -> None:
    path = write(wiki(title, f"{line}\n\nText.\n"))
    assert read(path).documents == [(0, "Text.")]
    at = len(f'<doc id="1" url="u" title="{title}">\n'.encode())
    assert read(path).dropped == [("title_line", at, line.strip())]
    titled = line.replace("\r", "").replace("&amp;", "&")  # \r is of the end of its line
    assert read(path, keep_titles=True) == Result([(0, f"{titled}\n\nText.")], {}, [])


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Panda", "The panda.\n"),
        ("", "\nText.\n"),
        ("", "Text.\n"),
        ("", " \nText.\n"),
        ("Panda", "Panda eats.\n"),
        ("Panda", ""),
    ],
)
def test_what_is_no_repeated_title_stays(write: Any, title: str, body: str) -> None:
    assert read(write(wiki(title, body))) == Result([(0, body.strip())], {}, [])


def test_an_article_of_a_title_alone_is_an_empty_document(write: Any) -> None:
    result = read(write(wiki("Panda", "Panda\n\n") + wiki("Two", "Two\n\nText.\n")))
    assert result.texts == ["", "Text."]
    assert result.counts == {"title_line": 2}


def test_titles_of_json_articles(write: Any) -> None:
    rows: list[dict[str, Any]] = [
        {"title": "Panda", "text": "Panda\n\nText."},
        {"title": "Panda", "text": "Pandas\n\nText."},
        {"title": "Panda", "text": "Panda"},
        {"title": "", "text": "\nText."},
        {"title": None, "text": "None\nText."},
        {"text": "Text."},
    ]
    path = write("".join(json.dumps(row) + "\n" for row in rows))
    result = read(path)
    kept = [str(row["text"]).strip() for row in rows]
    assert result.texts == ["Text.", *kept[1:]]
    assert result.dropped == [("title_line", 0, "Panda")]
    assert read(path, keep_titles=True).texts == kept


def test_a_line_of_fifty_megabytes_and_empty_documents_work(write: Any) -> None:
    line = b"The panda eats bamboo. " * (50_000_000 // 23)
    path = write(BOM + b"\n\n\n" + line + b"\n\n \n\nNext.")
    result = read(path, cuts=[20_000_000, 40_000_000])
    assert [(offset, len(text)) for offset, text in result.documents] == [
        (6, len(line) - 1),
        (6 + len(line) + 5, 5),
    ]


@pytest.mark.parametrize("cut", range(1, 34))
def test_a_document_a_line_goes_on_behind_a_lone_carriage_return(write: Any, cut: int) -> None:
    path = write(b"One\rtwo\nthree\r\n\r\nfour\r\rfive\n\rsix\r")
    texts = read(path, [cut], documents="line").texts
    assert [text.replace("\r", "\n").split("\n") for text in texts] == [
        ["One", "two"], ["three"], ["four", "", "five"], ["six"]
    ]  # fmt: skip
