"""Which casing counts: the user's word, then the files'."""

from tests.vocabulary.folders import BERT, folder, read


def test_the_users_word_counts_most():
    found = read(folder(BERT), lowercase=False)
    assert not found.vocabulary.lowercase
    assert found.notes == [
        "tokenizer_config.json says uncased, and the options say cased: the text is read as cased"
    ]
    kept = read(folder(BERT), lowercase=True, strip_accents=False)
    assert kept.vocabulary.keeps_accents
    assert kept.casing == "uncased, accents kept, as the options say"
    configured = read(folder({**BERT, "strip_accents": False}), lowercase=True)
    assert configured.vocabulary.keeps_accents
