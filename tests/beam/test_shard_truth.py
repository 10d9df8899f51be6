"""``bertprep shard`` from end to end, its rows held against the input alone.

The input is prose in which every word or two are followed by a word that occurs nowhere else, so
that a few tokens tell where in which document they are from.  The truth is made of the input's text
with `tokenizers`; nothing of the library that made the shards has a part in it.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from bertprep.shards.tfrecord_framing import read_columns
from tests.finished import contents
from tests.reference import Spans, create_instances_from_document, explains_rows

LENGTH, ROOM, LIMIT, PROB = 128, 125, 20, 0.15
MASK = "[MASK]"
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", MASK)
ONCE = ("--sentences", "lines", "--dupe-factor", 1)
TWICE = ("--sentences", "lines", "--dupe-factor", 2)
# Files of over a megabyte are cut into ranges: something for two workers to share.
GAP = "\n" * 1_500_000
MOST = 120  # lines of a document

Make = Callable[..., Path]


# The input, and the truth about it


class Corpus(NamedTuple):
    """Files of documents, blank lines between two, one sentence a line; and the vocabulary."""

    files: list[Path]
    vocab: Path
    documents: list[list[str]]


@pytest.fixture(scope="module")
def corpus(prose: list[str], vocab_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("numbered")
    numbers = iter(range(10**6))

    def numbered(text: str) -> list[str]:
        """The lines that hold words, a marker behind every ten characters or a few more."""
        lines = [line.strip() for line in text.split("\n") if re.search("[a-z]{2}", line)][:MOST]
        marked = re.sub(
            r"(?:\S\s*?){10,}?(?=\s)",
            lambda m: f"{m[0]} {_marker(next(numbers))}",
            "\n".join(lines),
        )
        return marked.split("\n")

    documents = [document for text in prose if len(document := numbered(text)) > 1]
    files = []
    for n in range(3):
        part = documents[n::3]
        files.append(folder / f"part{n}.txt")
        texts = ["\n".join(lines) for lines in part]
        half = len(texts) // 2
        text = "\n\n".join(texts[:half]) + GAP + "\n\n".join(texts[half:])
        files[-1].write_text(text, "utf-8")
    tokens = (vocab_dir / "vocab.txt").read_text("utf-8")
    markers = "".join(f"{_marker(n)}\n" for n in range(next(numbers)))
    (folder / "vocab.txt").write_text(tokens + markers, "utf-8")
    in_order = [document for n in range(3) for document in documents[n::3]]
    return Corpus(files, folder / "vocab.txt", in_order)


def _marker(number: int) -> str:
    return f"m{number:05}"


class Truth:
    """The tokens of the input, one document after the other, and where they are."""

    def __init__(self, corpus: Corpus) -> None:
        self.tokens = corpus.vocab.read_text("utf-8").split("\n")[:-1]
        self.ids = {token: i for i, token in enumerate(self.tokens)}
        tokenizer = Tokenizer(models.WordPiece(self.ids, unk_token="[UNK]"))
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        lines = [tokenizer.encode_batch(document) for document in corpus.documents]
        self.sentences = [[line.ids for line in document] for document in lines]
        self.text = np.array([i for d in self.sentences for s in d for i in s])
        sizes = [sum(map(len, document)) for document in self.sentences]
        self.document = np.repeat(np.arange(len(sizes)), sizes)
        self.starts = [0, *accumulate(sizes)]
        self.places: dict[int, list[int]] = defaultdict(list)
        for place, token in enumerate(self.text.tolist()):
            self.places[token].append(place)

    @property
    def boundaries(self) -> list[list[int]]:
        return [
            [start + n for n in accumulate(map(len, document), initial=0)]
            for start, document in zip(self.starts[:-1], self.sentences, strict=True)
        ]

    def document_of(self, span: range) -> int:
        return int(self.document[span.start])

    def found(self, run: list[int]) -> list[range]:
        """Everywhere in the documents where these tokens stand, one behind the other."""
        rarest = min(range(len(run)), key=lambda i: len(self.places[run[i]]))
        spans = (range(p - rarest, p - rarest + len(run)) for p in self.places[run[rarest]])
        return [span for span in spans if self._is_at(span, run)]

    def _is_at(self, span: range, run: list[int]) -> bool:
        inside = span.start >= 0 and span.stop <= len(self.text)
        return (
            inside
            and self.text[span.start : span.stop].tolist() == run
            and self.document[span.start] == self.document[span.stop - 1]
        )


@pytest.fixture(scope="module")
def truth(corpus: Corpus) -> Truth:
    return Truth(corpus)


def test_the_input_tells_where_nearly_any_few_tokens_are_from(truth: Truth) -> None:
    assert len(truth.sentences) > 50
    runs = [truth.text[i : i + 8].tolist() for i in range(0, len(truth.text) - 8, 97)]
    unique = [run for run in runs if min(len(truth.places[token]) for token in run) == 1]
    assert len(unique) > 0.9 * len(runs)
    assert not np.isin(truth.text, [truth.ids[token] for token in SPECIAL]).any()


# The shards


@pytest.fixture(scope="module")
def made() -> dict[tuple[Any, ...], Path]:
    """The shards of each set of options, once they are made."""
    return {}


@pytest.fixture
def make(
    bertprep: Any,
    cli_in_process: Any,
    corpus: Corpus,
    made: dict[tuple[Any, ...], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Make:
    """Runs the command with these options; each set of them once."""

    def run(*options: object, files: list[Path] = corpus.files) -> Path:
        key = (*options, *files)
        if key not in made:
            folder = tmp_path_factory.mktemp("shards") / "out"
            # By the size of these files, which are mostly blank, it would take two processes.
            workers = () if "--workers" in options else ("--workers", 1)
            command = cli_in_process if workers or options[-1] == 1 else bertprep
            to = ("--vocab", corpus.vocab, "--output", folder)
            done = command("shard", *files, *to, *options, *workers)
            assert done.returncode == 0, done.stderr
            made[key] = folder
        return made[key]

    return run


@dataclass
class Row:
    """One example, unmasked by its own labels."""

    a: list[int]
    b: list[int]
    label: int
    shown: list[int]
    predicted: dict[int, int]

    @property
    def length(self) -> int:
        return len(self.shown)

    @property
    def pair(self) -> tuple[tuple[int, ...], tuple[int, ...], int]:
        return tuple(self.a), tuple(self.b), self.label


@cache
def columns_of(folder: Path) -> dict[str, NDArray[Any]]:
    """The columns of all shards of a folder in the order of their names; not to be changed."""
    if shards := sorted(folder.glob("rows/*.parquet")):
        tables = [pq.read_table(shard) for shard in shards]
        parts = [{name: _array(table[name]) for name in table.column_names} for table in tables]
    else:
        parts = []
        for path in sorted(folder.glob("rows/*.tfrecord")):
            with path.open("rb") as stream:
                parts.append(read_columns(stream, str(path)))
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _array(column: pa.ChunkedArray) -> NDArray[Any]:
    flat = column.combine_chunks()
    if not pa.types.is_list(flat.type) and not pa.types.is_fixed_size_list(flat.type):
        return flat.to_numpy(zero_copy_only=False)
    return flat.flatten().to_numpy(zero_copy_only=False).reshape(len(flat), -1)


@cache
def rows_of(folder: Path, truth: Truth, label: str | None = "next_sentence_label") -> list[Row]:
    """The rows of Parquet shards of the huggingface layout; what all must be is checked here."""
    columns = columns_of(folder)
    pad, cls, sep = (truth.ids[token] for token in ("[PAD]", "[CLS]", "[SEP]"))
    rows = []
    for n, (ids, labels) in enumerate(
        zip(columns["input_ids"].tolist(), columns["labels"].tolist(), strict=True)
    ):
        length = int(columns["attention_mask"][n].sum())
        assert columns["attention_mask"][n].tolist() == [1] * length + [0] * (LENGTH - length)
        assert ids[length:] == [pad] * (LENGTH - length)
        predicted = {i: answer for i, answer in enumerate(labels) if answer != -100}
        tokens = [predicted.get(i, token) for i, token in enumerate(ids[:length])]
        middle = tokens.index(sep)
        assert tokens[0] == cls and tokens[-1] == sep and max(predicted, default=0) < length
        a, b = tokens[1:middle], tokens[middle + 1 : -1]
        assert sep not in b and cls not in a + b
        types = [0] * (middle + 1) + [1] * (length - middle - 1) + [0] * (LENGTH - length)
        assert columns["token_type_ids"][n].tolist() == types
        value = int(columns[label][n]) if label else 0
        rows.append(Row(a, b, value, ids[:length], predicted))
    return rows


# What must be true of every row


def decided(truth: Truth, rows: list[Row]) -> list[tuple[Row, range, range]]:
    """The rows whose A and B can each be from one place only, with these places."""
    places = [(row, truth.found(row.a), truth.found(row.b)) for row in rows]
    assert all(a and b for _, a, b in places), "A or B is not in the input"
    found = [(row, a[0], b[0]) for row, a, b in places if len(a) == len(b) == 1]
    assert len(found) > 0.9 * len(rows)
    return found


@pytest.mark.parametrize("options", [TWICE, ("--dupe-factor", 1)])
def test_true_and_random_pairs_are_what_their_labels_say(
    make: Make, truth: Truth, options: tuple[object, ...]
) -> None:
    """One sentence a line as Google's script takes them, and sentences by our own rules."""
    rows = rows_of(make(*options), truth)
    longest = max(len(sentence) for document in truth.sentences for sentence in document)
    labels = Counter()
    for row, a, b in decided(truth, rows):
        labels[row.label] += 1
        assert (truth.document_of(a) == truth.document_of(b)) == (row.label == 0)
        if row.label == 0:
            # Nothing is between A and B but what truncation took from a full row.
            between = b.start - a.stop
            assert between == 0 or (row.length == LENGTH and 0 < between < longest)
    assert min(labels[0], labels[1]) > 0.35 * len(rows)


def test_pairs_whose_place_is_open_may_be_what_their_labels_say(make: Make, truth: Truth) -> None:
    """Short A's and B's that stand in the input more than once."""
    for row in rows_of(make(*TWICE), truth):
        of_a, of_b = (set(map(truth.document_of, truth.found(run))) for run in (row.a, row.b))
        if row.label:
            assert len(of_a | of_b) > 1
        else:
            assert of_a & of_b


def two_passes(make: Make, truth: Truth) -> list[list[Row]]:
    """The rows of --dupe-factor 2 as passes: the first one is what --dupe-factor 1 gives."""
    first = rows_of(make(*ONCE), truth)
    both = rows_of(make(*TWICE), truth)
    known = {(row.pair, tuple(row.shown)) for row in first}
    second = [row for row in both if (row.pair, tuple(row.shown)) not in known]
    assert len(first) + len(second) == len(both)
    return [first, second]


def test_passes_differ_in_pairs_and_masks(make: Make, truth: Truth) -> None:
    first, second = two_passes(make, truth)
    pairs = {row.pair: row for row in first}
    repeated = [(row, pairs[row.pair]) for row in second if row.pair in pairs]
    assert len(repeated) < 0.05 * len(second)
    long = [(one, two) for one, two in repeated if one.length > 40]
    assert not any(one.predicted.keys() == two.predicted.keys() for one, two in long)


def test_each_pass_is_a_walk_of_googles_algorithm(make: Make, truth: Truth) -> None:
    """From the first sentence of each document to its last, one target length for all of it."""
    boundaries = truth.boundaries
    followed = 0
    for rows in two_passes(make, truth):
        walks: dict[int, list[Spans]] = defaultdict(list)
        open_documents = set[int]()
        for row in rows:
            of_a, of_b = truth.found(row.a), truth.found(row.b)
            if len(of_a) == len(of_b) == 1:
                walks[truth.document_of(of_a[0])].append(Spans(of_a[0], of_b[0], row.label))
            else:
                open_documents.update(map(truth.document_of, of_a))
        for document in walks.keys() - open_documents:
            spans = sorted(walks[document], key=lambda span: span.a.start)
            targets = [ROOM, *range(2, ROOM)]
            assert any(explains_rows(boundaries, document, spans, ROOM, t) for t in targets)
            followed += 1
    assert followed > 50


def test_predictions(make: Make, truth: Truth) -> None:
    """How many, never a special token; 80% [MASK], 10% random, 10% kept."""
    special = {truth.ids[token] for token in SPECIAL}
    kinds: Counter[str] = Counter()
    tokens = 0
    for row in rows_of(make(*TWICE), truth):
        candidates = row.length - 3
        wanted = max(1, round(row.length * PROB))
        assert len(row.predicted) == min(LIMIT, wanted, candidates)
        assert not special & set(row.predicted.values())
        tokens += row.length
        for place, answer in row.predicted.items():
            shown = row.shown[place]
            assert shown == truth.ids[MASK] or shown not in special
            is_mask = shown == truth.ids[MASK]
            kinds["masked" if is_mask else "kept" if shown == answer else "random"] += 1
    total = sum(kinds.values())
    assert 0.148 < total / tokens < 0.150
    assert kinds["masked"] / total == pytest.approx(0.8, abs=0.007)
    assert kinds["random"] / total == pytest.approx(0.1, abs=0.007)
    assert kinds["kept"] / total == pytest.approx(0.1, abs=0.007)


def test_figures_are_those_of_the_reference(make: Make, truth: Truth) -> None:
    """Google's algorithm on the same tokenized sentences, a dozen times: ours is one more of them.

    A short target on a long document makes hundreds of rows, so the figures spread.
    """

    def figures(rows: Iterable[Any]) -> list[float]:
        sizes = np.array([(row.label, len(row.a), len(row.b)) for row in rows])
        full = sizes[:, 1:].sum(axis=1) == ROOM
        return [len(sizes), *sizes.mean(axis=0), sizes[:, 1:].sum(axis=1).mean(), full.mean()]

    rng, documents = Random(1), truth.sentences
    theirs = [
        figures(
            pair
            for _ in range(2)
            for index in range(len(documents))
            for pair in create_instances_from_document(documents, index, ROOM, 0.1, rng)
        )
        for _ in range(12)
    ]
    ours = figures(rows_of(make(*TWICE), truth))
    off = np.abs(np.array(ours) - np.mean(theirs, axis=0)) / np.std(theirs, axis=0, ddof=1)
    assert off.max() < 4, (ours, theirs)


def test_the_manifest_says_the_same(make: Make, truth: Truth) -> None:
    folder = make(*TWICE)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    rows = rows_of(folder, truth)
    lengths = np.array([row.length for row in rows])
    assert manifest["documents"] == len(truth.sentences)
    assert manifest["sentences"] == sum(map(len, truth.sentences))
    assert manifest["tokens"] == len(truth.text)
    assert manifest["rows"] == len(rows)
    for name, expected in {
        "positive_label_share": np.mean([row.label for row in rows]),
        "mean_length": lengths.mean(),
        "full_row_share": (lengths == LENGTH).mean(),
        "padding_share": 1 - lengths.mean() / LENGTH,
        "masked_share": sum(len(row.predicted) for row in rows) / lengths.sum(),
        "unknown_token_share": 0,
    }.items():
        assert manifest["statistics"][name] == pytest.approx(expected, abs=1e-6), name


# Other tasks


def test_sop_pairs_are_neighbours_and_swapped_exactly(make: Make, truth: Truth) -> None:
    options = (*ONCE, "--task", "sop", "--masking", "whole-word")
    rows = rows_of(make(*options), truth, "sentence_order_label")
    for row, a, b in decided(truth, rows):
        first, second = (b, a) if row.label else (a, b)
        assert truth.document_of(first) == truth.document_of(second)
        assert first.stop == second.start or (first.stop < second.start and row.length == LENGTH)
    assert np.mean([row.label for row in rows]) == pytest.approx(0.5, abs=0.05)


def test_whole_words_are_masked_whole(make: Make, truth: Truth) -> None:
    options = (*ONCE, "--task", "sop", "--masking", "whole-word")
    rows = rows_of(make(*options), truth, "sentence_order_label")
    words = Counter()
    for row in rows:
        tokens = [row.predicted.get(i, token) for i, token in enumerate(row.shown)]
        for i, token in enumerate(tokens[2:], 2):
            if truth.tokens[token].startswith("##") and truth.tokens[tokens[i - 1]] not in SPECIAL:
                assert (i in row.predicted) == (i - 1 in row.predicted)
                words[i in row.predicted] += 1
    assert 0.1 < words[True] / sum(words.values()) < 0.2


def test_full_sentences_lose_nothing(make: Make, truth: Truth) -> None:
    """The rows of a document, put in order, are its tokens; none is missing and none twice."""
    rows = rows_of(make(*ONCE, "--task", "none"), truth, label=None)
    assert not any(row.b for row in rows)
    found = [(row, truth.found(row.a)) for row in rows]
    spans = sorted((places[0] for _, places in found if len(places) == 1), key=lambda s: s.start)
    edges = [0, *(edge for span in spans for edge in (span.start, span.stop)), len(truth.text)]
    assert edges == sorted(edges)
    gaps = [truth.text[a:b].tolist() for a, b in zip(edges[::2], edges[1::2], strict=True)]
    ambiguous = [row.a for row, places in found if len(places) > 1]
    assert sorted(gap for gap in gaps if gap) == sorted(ambiguous)
    assert len(ambiguous) < 0.02 * len(rows)


# The same, however it is run


def test_the_same_bytes_for_one_worker_and_for_two(make: Make, corpus: Corpus) -> None:
    """Two read ranges of the files, and write shards, at the same time."""
    assert all(file.stat().st_size > 1 << 20 for file in corpus.files)
    one = make(*ONCE, "--num-shards", 7, "--workers", 1)
    assert contents(make(*ONCE, "--num-shards", 7, "--workers", 2)) == contents(one)


def test_the_same_bytes_for_files_in_any_order(make: Make, corpus: Corpus) -> None:
    again = make(*ONCE, files=[corpus.files[n] for n in (2, 0, 1)])
    assert contents(again) == contents(make(*ONCE))


def test_another_seed_gives_other_shards(make: Make, truth: Truth) -> None:
    """Other pairs of the same text, and none of the old rows."""
    one = rows_of(make(*ONCE), truth)
    other = rows_of(make(*ONCE, "--seed", 2), truth)
    assert not {tuple(row.shown) for row in one} & {tuple(row.shown) for row in other}
    assert len({row.pair for row in one} & {row.pair for row in other}) < 0.05 * len(one)


def test_shards_cut_the_same_rows_evenly(make: Make) -> None:
    """Seven shards, one after the other, are the one shard; their sizes differ by a row at most."""
    base, folder = make(*ONCE), make(*ONCE, "--num-shards", 7, "--workers", 1)
    shards = sorted(folder.glob("rows/*.parquet"))
    sizes = [pq.ParquetFile(shard).metadata.num_rows for shard in shards]
    assert [shard.name for shard in shards] == [f"shard-{n:05}-of-00007.parquet" for n in range(7)]
    assert max(sizes) - min(sizes) <= 1
    assert_same_columns(columns_of(folder), columns_of(base))
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert [shard["rows"] for shard in manifest["shards"]] == sizes


def assert_same_columns(one: dict[str, NDArray[Any]], two: dict[str, NDArray[Any]]) -> None:
    assert set(one) == set(two)
    for name, values in one.items():
        assert np.array_equal(values, two[name]), name


def test_binned_shards_are_the_same_rows_by_length(make: Make, truth: Truth) -> None:
    """Each shard of one bin, its rows in the order they have in shards of all lengths."""
    binned = make(*ONCE, "--bin-size", 32, "--num-shards", 11, "--workers", 1)
    entries = json.loads((binned / "manifest.json").read_text("utf-8"))["shards"]
    everything = columns_of(make(*ONCE))
    bins = (everything["attention_mask"].sum(axis=1) - 1) // 32 * 32 + 32
    order = np.argsort(bins, kind="stable")
    expected = {name: values[order] for name, values in everything.items()}
    assert_same_columns(columns_of(binned), expected)
    assert np.repeat(
        [entry["bin"] for entry in entries], [entry["rows"] for entry in entries]
    ).tolist() == sorted(bins)
    assert len(entries) == 11
    for length in (32, 64, 96, 128):
        sizes = [entry["rows"] for entry in entries if entry["bin"] == length]
        assert max(sizes) - min(sizes) <= 1
        assert all(f"-bin-{length:03}." in e["file"] for e in entries if e["bin"] == length)


@pytest.mark.exhaustive  # as without bins
def test_binned_shards_are_the_same_bytes_for_one_worker_and_for_two(make: Make) -> None:
    options = (*ONCE, "--bin-size", 32, "--num-shards", 11)
    assert contents(make(*options, "--workers", 2)) == contents(make(*options, "--workers", 1))


def test_rows_are_not_in_the_order_of_the_text(make: Make, truth: Truth) -> None:
    """Documents and passes are shuffled among each other."""
    rows = decided(truth, rows_of(make(*TWICE), truth))
    documents = [truth.document_of(a) for _, a, _ in rows]
    same = sum(one == two for one, two in pairwise(documents))
    chance = sum((count / len(rows)) ** 2 for count in Counter(documents).values())
    assert same / len(rows) == pytest.approx(chance, abs=0.02)


def test_parquet_and_tfrecord_hold_the_same_rows(make: Make) -> None:
    """Each container in the google layout, and the huggingface one told from it."""
    google = columns_of(make(*ONCE, "--layout", "google"))
    records = columns_of(make(*ONCE, "--output-format", "tfrecord"))
    assert_same_columns(records, google)
    plain = columns_of(make(*ONCE))
    labels = np.full(plain["labels"].shape, -100)
    row, slot = np.nonzero(google["masked_lm_weights"])
    labels[row, google["masked_lm_positions"][row, slot]] = google["masked_lm_ids"][row, slot]
    assert np.array_equal(labels, plain["labels"])
    assert np.array_equal(google["input_ids"], plain["input_ids"])
    assert np.array_equal(google["input_mask"], plain["attention_mask"])
    assert np.array_equal(google["segment_ids"], plain["token_type_ids"])
    assert np.array_equal(google["next_sentence_labels"][:, 0], plain["next_sentence_label"])
