"""WikiExtractor's articles: their ends, escapes and titles."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.corpus.reading import (
    Result,
    read,
    refusal,
)


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


def test_the_line_of_bad_utf8_is_that_of_the_byte_not_of_the_title(write: Any) -> None:
    content = b'<doc id="1" title="T">\r\n\r\nT\r\nok \xff\r\n</doc>\r\n'
    assert refusal(write(content)).startswith(": line 4 (byte 32) is not UTF-8 (0xff)")


def test_dropped_titles_with_half_a_surrogate_pair_can_be_written_out(write: Any) -> None:
    path = write('{"title": "a\\ud800", "text": "a\\ud800\\nbody"}\n')
    result = read(path)
    assert result.texts == ["body"]
    assert result.dropped == [("title_line", 0, "a?")]


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
