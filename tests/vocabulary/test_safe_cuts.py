"""Where a tokenizer lets text be cut."""

from tests.made_tokenizers import unigram
from tests.vocabulary.other_kinds import ROBERTA, files_of, read


def test_a_tokenizer_that_looks_beyond_words_is_said_to_be_slow():
    found = read(files_of({**unigram(), "pre_tokenizer": None}))
    assert "slowly, sentence by sentence, as its lack of a pre-tokenizer" in found.casing
    assert "slowly" not in read(ROBERTA).casing
