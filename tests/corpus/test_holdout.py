"""Documents that are held out or left out: by their text alone, whatever file they are in."""

from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.common.drops import Drops
from bertprep.corpus.document_batch import DocumentBatch, joined_documents
from bertprep.corpus.holdout import Chooser, identities_of, is_held_out, parse_identities
from bertprep.corpus.identity import document_ids
from bertprep.errors import InputError
from bertprep.options import ReadOptions

texts = st.lists(st.text("abc é", min_size=1, max_size=6).map(str.encode), min_size=1, max_size=30)


def batch_of(documents, names=()):
    text, starts, ends = joined_documents(documents)
    return DocumentBatch("a.txt", text, starts, ends, np.arange(len(documents)), names=names)


def documents_of(batch):
    if batch is None:
        return []
    spans = zip(batch.starts.tolist(), batch.ends.tolist(), strict=True)
    return [batch.text[start:end] for start, end in spans]


def chosen(documents, excluded=(), **options):
    drops = Drops()
    found = Chooser(ReadOptions(**options), excluded)(batch_of(documents), drops)
    return documents_of(found), drops.counts


@given(texts, st.floats(0.01, 0.99))
def test_each_document_is_on_one_side_and_copies_on_the_same(documents, share):
    trained, drops = chosen(documents, holdout=share)
    held_out, others = chosen(documents, holdout=share, held_out=True)
    assert sorted(trained + held_out) == sorted(documents)
    assert not set(trained) & set(held_out)
    assert drops == ({"held_out": len(held_out)} if held_out else {})
    assert not others


@given(texts, st.integers(0, 30))
def test_how_documents_are_cut_into_batches_changes_nothing(documents, cut):
    whole, _ = chosen(documents, holdout=0.4)
    parts = [chosen(part, holdout=0.4)[0] for part in (documents[:cut], documents[cut:]) if part]
    assert list(chain(*parts)) == whole


def test_the_share_is_kept_and_a_larger_one_holds_out_the_same_documents_too():
    documents = [f"document {i}".encode() for i in range(20_000)]
    batch = batch_of(documents)
    ids = document_ids(batch.text, batch.starts, batch.ends, "text")
    small, large = is_held_out(ids, 0.01), is_held_out(ids, 0.05)
    assert 150 <= small.sum() <= 250
    assert 900 <= large.sum() <= 1100
    assert not (small & ~large).any()


def test_listed_documents_are_left_out_with_their_copies_and_noted():
    documents = [b"one", b"two", b"three", b"two"]
    batch = batch_of(documents, ["a", "b", "b", "c"])
    two = identities_of(document_ids(b"two", np.array([0]), np.array([3]), "text"))
    written = []
    drops = Drops(written.append)
    left = Chooser(ReadOptions(), two)(batch, drops)
    assert documents_of(left) == [b"one", b"three"]
    assert ([left.name_of(i) for i in range(2)], left.offsets.tolist()) == (["a", "b"], [0, 2])
    assert drops.counts == {"excluded_document": 2}
    assert [record["file"] for record in written] == ["b", "c"]
    assert Chooser(ReadOptions(), two)(batch_of([b"two"]), Drops()) is None


def test_a_list_is_read_by_the_first_word_of_its_lines():
    one, two = "0" * 31 + "1", "f" * 32
    assert parse_identities(f"{one} a.txt 17\n\n{two}\n", "list") == {one, two}
    for text, what in (("17\n", "line 1 begins with '17'"), ("\n", "lists no document")):
        with pytest.raises(InputError, match=what):
            parse_identities(text, "list")
