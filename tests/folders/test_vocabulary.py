"""What --vocab names: a folder or a file of one, with ids equal to those of AutoTokenizer."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bertprep.errors import VocabularyError
from pipelines.folders.vocabulary import load_vocabulary
from tests.examples_count import of_a_hundred
from tests.vocabulary.folders import ids_of
from tests.vocabulary.many_places import folders, texts

# An id that its file gives and transformers would not: refused, as the files contradict each other.
CONTRADICTS = ("but with the tokens there are it would be", "have gaps between their ids")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    numbers = iter(range(1 << 20))
    base = tmp_path_factory.mktemp("vocabularies")

    def write(files):
        folder = base / str(next(numbers))
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_text(content, encoding="utf-8")
        return folder

    return write


@pytest.mark.torch
@settings(max_examples=of_a_hundred(60), deadline=None, suppress_health_check=list(HealthCheck))
@given(folders(), texts, st.data())
def test_ids_are_those_of_transformers_wherever_its_tokens_stand(fresh, files, sentences, data):
    folder = fresh(files)
    names = [name for name in ("vocab.txt", "tokenizer.json") if name in files]
    given_as = data.draw(st.sampled_from([folder, *(folder / name for name in names)]))
    try:
        vocabulary = load_vocabulary(str(given_as), None).vocabulary
    except VocabularyError as error:
        assume(not any(reason in str(error) for reason in CONTRADICTS))
        raise
    theirs = pytest.importorskip("transformers").AutoTokenizer.from_pretrained(folder)
    assert {t: i for i, t in enumerate(vocabulary.tokens)} == theirs.get_vocab()
    expected = [theirs(s, add_special_tokens=False)["input_ids"] for s in sentences]
    assert ids_of(vocabulary, sentences) == expected
    special = set(vocabulary.special_ids.tolist())
    assert set(theirs.all_special_ids) <= special
    assert not special & set(vocabulary.drawable_ids.tolist())
