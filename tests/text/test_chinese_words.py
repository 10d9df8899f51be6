"""Words of Chinese and Japanese: found by a segmenter, stored with the tokens, masked whole."""

from __future__ import annotations

import numpy as np
import pytest

from bertprep.common.drops import Drops
from bertprep.corpus.document_batch import DocumentBatch
from bertprep.examples.assemble import assemble, example_schema
from bertprep.examples.documents import Documents
from bertprep.examples.gather import bucketed_examples
from bertprep.examples.mask import Masker
from bertprep.examples.pair import make_pairs
from bertprep.options import MaskingOptions, ShardOptions
from bertprep.text.chinese_words import Words
from bertprep.text.prepare import Preparer
from bertprep.text.prepared_columns import flagged, id_type, unflagged
from bertprep.text.segment import Segmenter
from bertprep.text.tokenize import BatchTokenizer
from bertprep.vocabulary.vocabulary import SPECIAL_TOKENS, Vocabulary

TEXT = "我们在北京大学学习自然语言处理。天安门广场在北京市中心，那里有很多游客。BERT模型很好。"


@pytest.fixture(scope="module")
def words() -> Words:
    pytest.importorskip("rjieba")
    return Words()


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    letters = sorted({*TEXT.lower(), "bert", "##x"})
    return Vocabulary((*SPECIAL_TOKENS, *letters), lowercase=True)


def batch_of(text: str) -> DocumentBatch:
    data = text.encode()
    start, end = np.array([0]), np.array([len(data)])
    return DocumentBatch("file", data, start, end, np.array([0]))


def test_the_characters_behind_the_first_of_a_word_continue_it(words: Words) -> None:
    # 我 | 爱 | 北京 | 天安门: 京 stands at 3, 安 and 门 at 5 and 6.
    assert words("我爱北京天安门").going_on.tolist() == [3, 5, 6]


def test_only_ideographs_continue_a_word(words: Words) -> None:
    assert words("Hello world, 3.14 and ひらがな.").going_on.tolist() == []
    assert words("").going_on.tolist() == []
    # Offsets count characters, not bytes: the emoji and the letters before take one each.
    assert words("😀ab 北京").going_on.tolist() == [5]


def test_words_that_do_not_fit_are_counted(own: str) -> None:
    # T is no ideograph, so 恤 stays apart from it; 没有 is not there; the space is left out.
    found = Words(f"{own}:spaceless")("T恤 也好看")
    assert found.going_on.tolist() == [5]
    assert found.counts == {"segmented_words": 2, "misfit_words": 2}


@pytest.mark.parametrize("vocab_size", [100, 1 << 15, (1 << 15) + 1, 119_547])
def test_flags_and_ids_share_a_number_without_loss(vocab_size: int) -> None:
    ids = np.array([0, 1, vocab_size - 1], np.int32)
    stored = flagged(ids, np.array([0, 2]), id_type(vocab_size))
    back, joined = unflagged(stored.to_numpy())
    assert back.tolist() == ids.tolist()
    assert joined.tolist() == [True, False, True]


def test_a_word_is_masked_whole_or_not_at_all(words: Words, vocabulary: Vocabulary) -> None:
    preparer = Preparer(
        Segmenter("rules"), BatchTokenizer(vocabulary), len(vocabulary), 1, 7, words
    )
    documents = Documents.from_rows(preparer(batch_of(TEXT * 5), Drops()).documents)
    options = ShardOptions(task="none", masking="whole-word", word_segmenter="jieba")
    pairs = make_pairs(documents, options, range(40), vocabulary.continuing)
    schema = example_schema(len(vocabulary))
    masker = Masker(vocabulary, MaskingOptions("whole-word", 0.3, 40))
    whole = split = 0
    for _, rows in bucketed_examples(documents, pairs, schema, 1, options):
        examples = assemble(rows, vocabulary, options.max_seq_length)
        masks = masker(examples)
        for ids, positions, count in zip(
            examples.input_ids, masks.positions, masks.counts, strict=True
        ):
            chosen = set(positions[:count].tolist())
            # 北京 stands in 北京大学 and 北京市 and is always inside of one word.
            for first, second in pairs_of(ids, vocabulary.ids["北"], vocabulary.ids["京"]):
                whole += first in chosen and second in chosen
                split += (first in chosen) != (second in chosen)
    assert split == 0
    assert whole > 50


def pairs_of(ids: np.ndarray, first: int, second: int) -> list[tuple[int, int]]:
    found = np.flatnonzero((ids[:-1] == first) & (ids[1:] == second))
    return [(int(i), int(i) + 1) for i in found]


def test_letters_that_no_word_holds_do_not_fit(own: str) -> None:
    found = Words(f"{own}:spaceless")("也好看，他来了")  # of which 他来了 is left out
    assert found.counts == {"segmented_words": 5, "misfit_words": 5}  # and two are not there
