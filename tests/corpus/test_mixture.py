"""How often the inputs of a mixture are taken, and which of their documents."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from bertprep.corpus.document_batch import DocumentBatch, columns_of
from bertprep.corpus.formats.format import Document
from bertprep.corpus.mixture import Mixer, check_weights, passes_of
from bertprep.errors import InputError, UsageError
from bertprep.options import ReadOptions


def batch(texts: list[str], name: str = "a") -> DocumentBatch:
    documents = [Document(n, text.encode()) for n, text in enumerate(texts)]
    return columns_of("text", name, [f"{name}/f"] * len(texts), documents)


def texts_of(batch: DocumentBatch) -> list[str]:
    bounds = zip(batch.starts.tolist(), batch.ends.tolist(), strict=True)
    return [batch.text[start:end].decode() for start, end in bounds]


@pytest.mark.parametrize(
    ("options", "sizes", "passes"),
    [
        ({"weight": ("a=2", "b=1")}, {"a": 100, "b": 100}, {"a": 2, "b": 1}),
        ({"weight": ("a=2",)}, {"a": 100, "b": 100}, {"a": 2, "b": 1}),
        ({"weight": ("a=1", "b=1")}, {"a": 300, "b": 100}, {"a": 1, "b": 3}),
        ({"weight": ("b=3",), "mixture_tokens": 20}, {"a": 10, "b": 10}, {"a": 0.5, "b": 1.5}),
        ({"smoothing": 0.0}, {"a": 800, "b": 100}, {"a": 1, "b": 8}),
        ({"smoothing": 1.0}, {"a": 800, "b": 100}, {"a": 1, "b": 1}),
        ({"smoothing": 0.5}, {"a": 1600, "b": 100}, {"a": 1, "b": 4}),
        ({"smoothing": 0.7}, {"en": 10**9, "sw": 10**6}, {"en": 1, "sw": 1000**0.3}),
    ],
)  # fmt: skip
def test_passes(options: dict[str, object], sizes: dict[str, int], passes: object) -> None:
    read = ReadOptions(**options)  # type: ignore[arg-type]
    assert passes_of(sizes, read) == pytest.approx(passes)


def test_an_input_without_text_is_told() -> None:
    with pytest.raises(InputError, match="the input b of the mixture holds no text"):
        passes_of({"a": 9, "b": 0}, ReadOptions(smoothing=0.5))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"weight": ("a",)}, "--weight must be NAME=NUMBER"),
        ({"weight": ("a=0",)}, "above 0"),
        ({"weight": ("a=1", "a=2")}, "names an input twice"),
        ({"smoothing": 1.5}, "--smoothing must be from 0"),
        ({"smoothing": 0.5, "weight": ("a=1",)}, "give one of them"),
        ({"mixture_tokens": 5}, "without one"),
    ],
)
def test_wrong_options(options: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        ReadOptions(**options)  # type: ignore[arg-type]


def test_weights_are_of_inputs_that_are_there() -> None:
    check_weights(ReadOptions(), ())
    check_weights(ReadOptions(weight=("a=1",)), ("a", "b"))
    with pytest.raises(UsageError, match="--weight c: no --input has that name; got a, b"):
        check_weights(ReadOptions(weight=("c=1",)), ("a", "b"))
    with pytest.raises(UsageError, match="--smoothing is for inputs with names"):
        check_weights(ReadOptions(smoothing=0.7), ())


@pytest.mark.parametrize("passes", [0.25, 1.0, 2.0, 2.3])
def test_documents_are_taken_whole_times_and_a_share_of_them_once_more(passes: float) -> None:
    texts = [f"text {n}" for n in range(4000)]
    taken = Counter(t for part in Mixer({"a": passes}, 1)(batch(texts)) for t in texts_of(part))
    least, more = int(passes), passes - int(passes)
    assert set(taken.values()) <= {least, least + 1}
    share = sum(times > least for times in taken.values()) / len(texts)
    assert share == pytest.approx(more, abs=0.03)
    assert more or share == 0


def test_how_often_is_the_documents_own() -> None:
    """Not of the batch, of the file or of the order; of the seed it is."""

    def taken(mixer: Mixer, *batches: DocumentBatch) -> Counter[str]:
        return Counter(t for each in batches for part in mixer(each) for t in texts_of(part))

    texts = [f"text {n}" for n in range(200)]
    mixer = Mixer({"a": 1.5, "b": 1.5}, 1)
    whole = taken(mixer, batch(texts))
    assert taken(mixer, batch(texts[150:]), batch(texts[149::-1])) == whole
    assert taken(mixer, batch(texts, "b")) != whole
    assert taken(Mixer({"a": 1.5}, 2), batch(texts)) != whole
    # Of more passes those of fewer are a part.
    assert not whole - taken(Mixer({"a": 1.7}, 1), batch(texts))


def test_what_travels_with_a_document_stays_with_it() -> None:
    (once,) = Mixer({"a": 0.5}, 1)(batch([f"text {n}" for n in range(50)]))
    assert once.offsets.tolist() == [int(text.split()[1]) for text in texts_of(once)]
    assert once.input == "a"
    assert np.all(np.diff(once.offsets) > 0)
