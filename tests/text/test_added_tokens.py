"""Added tokens are found before text is cut."""

from tests.vocabulary.folders import BERT, TOKENS, folder, ids_of, read


def test_added_tokens_are_whole_wherever_a_text_is_cut_into_parts():
    vocabulary = read(folder(BERT | {"additional_special_tokens": ["<|x|>"]})).vocabulary
    expected = ids_of(vocabulary, ["a <|x|>,<|x|><|x|>b <|x|>"])
    for size in range(1, 12):
        assert ids_of(vocabulary, ["a <|x|>,<|x|><|x|>b <|x|>"], part_bytes=size) == expected
    assert expected[0].count(len(TOKENS)) == 4
