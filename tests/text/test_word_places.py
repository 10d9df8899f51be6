"""Where words of Japanese begin within kana, in tokens."""

from __future__ import annotations

import numpy as np
import pytest

from bertprep.text.tokenize import BatchTokenizer, Tokens
from bertprep.vocabulary.vocabulary import SPECIAL_TOKENS, Vocabulary

KANA = ("住", "ん", "んで", "##で", "##でい", "##い", "##ます", "・", "ス", "##テ", "は")


def tokens_of(text: str, beginning: list[int], tokens: tuple[str, ...] = KANA) -> Tokens:
    """The tokens of a text, a word of which begins at these characters."""
    tokenizer = BatchTokenizer(Vocabulary((*SPECIAL_TOKENS, *tokens), lowercase=False))
    data, ends = text.encode(), np.array([len(text.encode())])
    places = np.array([len(text[:at].encode()) for at in beginning], np.int64)
    return tokenizer(data, np.array([0]), ends, beginning=places)


@pytest.mark.parametrize(
    ("text", "tokens", "flagged", "misfits"),
    [
        # 住 | んで | ##い | ##ます: the word で is within a token, い and ます are tokens.
        ("住んでいます", KANA, [2, 3], 1),
        # 住 | ん | ##でい | ##ます: the word で begins with a token, い does not.
        ("住んでいます", (*KANA[:2], *KANA[3:]), [2, 3], 1),
        # One [UNK] holds all three.
        ("住んでいます", KANA[:2], [], 3),
    ],
)
def test_a_word_begins_where_a_token_does(
    text: str, tokens: tuple[str, ...], flagged: list[int], misfits: int
) -> None:
    found = tokens_of(text, [2, 3, 4], tokens)
    assert (found.flagged.tolist(), found.misfits) == (flagged, misfits)


def test_a_token_that_begins_a_word_anyhow_is_not_marked() -> None:
    # は | ・ | ス | ##テ: a dot between kana is a token of its own.
    found = tokens_of("は・ステ", [1, 2])
    assert (len(found.ids), found.flagged.tolist(), found.misfits) == (4, [], 0)


def test_text_that_loses_characters_has_no_places() -> None:
    # BERT drops the character without width, so that letters do not tell where tokens begin.
    found = tokens_of("住ん\u200bでい", [3, 4])
    assert (found.flagged.tolist(), found.misfits) == ([], 2)


def test_places_are_those_of_their_part_and_piece() -> None:
    text = "住んでい 😀 住んでい"
    tokenizer = BatchTokenizer(Vocabulary((*SPECIAL_TOKENS, *KANA), lowercase=False), part_bytes=8)
    data = text.encode()
    places = np.array([9, 9 + len("住んでい 😀 ".encode())])
    found = tokenizer(data, np.array([0]), np.array([len(data)]), beginning=places)
    assert found.flagged.tolist() == [2, 6]  # 住 んで ##い [UNK] 住 んで ##い
    assert found.misfits == 0
