"""Trainers take the shards: TensorFlow's parser, transformers' models, LDDL's loader."""

import json
import os
from functools import cache

import numpy as np
import pyarrow.parquet as pq
import pytest

from bertprep.layouts.pack import places_of, unpack
from bertprep.report.decode import read_rows
from tests.reference import read_as_lddl

LENGTH, PREDICTIONS, VOCAB = 64, 10, 3000


@pytest.fixture(scope="module", autouse=True)
def no_network(tmp_path_factory):
    """Set before the libraries are imported, which the tests leave to the last moment."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "TRANSFORMERS_OFFLINE"):
            patch.setenv(name, "1")
        patch.setenv("HF_HOME", str(tmp_path_factory.mktemp("hf")))
        patch.setenv("TF_CPP_MIN_LOG_LEVEL", "2")
        yield


@pytest.fixture(scope="module")
def make_shards(bertprep, prose_jsonl, vocab_dir, tmp_path_factory):
    """Shards that the command made from the prose with some options: their folder."""

    @cache
    def make(*options):
        folder = tmp_path_factory.mktemp("shards") / "out"
        sizes = ("--max-seq-length", LENGTH, "--max-predictions-per-seq", PREDICTIONS)
        inputs = ("shard", prose_jsonl, "--vocab", vocab_dir, "--output", folder)
        done = bertprep(*inputs, *sizes, "--dupe-factor", 1, "--num-shards", 3, *options)
        assert done.returncode == 0, done.stderr
        return folder

    return make


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text("utf-8"))


def parsed(folder, features):
    """All rows as TensorFlow parses them with a feature specification, as numpy by column."""
    tf = pytest.importorskip("tensorflow")
    files = [str(folder / shard["file"]) for shard in manifest(folder)["shards"]]
    kinds = {"int": tf.int64, "float": tf.float32}
    spec = {
        name: tf.io.FixedLenFeature([size], kinds[kind]) for name, (size, kind) in features.items()
    }
    rows = tf.data.TFRecordDataset(files).map(lambda row: tf.io.parse_single_example(row, spec))
    return next(iter(rows.batch(1 << 20).as_numpy_iterator()))


def google_features(ids="input_ids", types="segment_ids"):
    """The name_to_features of google-research/bert's run_pretraining.py."""
    return {
        ids: (LENGTH, "int"),
        "input_mask": (LENGTH, "int"),
        types: (LENGTH, "int"),
        "masked_lm_positions": (PREDICTIONS, "int"),
        "masked_lm_ids": (PREDICTIONS, "int"),
        "masked_lm_weights": (PREDICTIONS, "float"),
        "next_sentence_labels": (1, "int"),
    }


def batches(folder, size, tmp_path):
    """Batches as a trainer with transformers' own collator gets them, without an end."""
    datasets = pytest.importorskip("datasets")
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    files = str(folder / "rows/*.parquet")
    rows = datasets.load_dataset("parquet", data_files=files, split="train", cache_dir=tmp_path)
    assert len(rows) == manifest(folder)["rows"] >= size
    torch.set_num_threads(1)  # threads waiting for each other take ten times as long
    torch.manual_seed(7)
    loader = torch.utils.data.DataLoader(
        rows, size, shuffle=True, drop_last=True, collate_fn=transformers.default_data_collator
    )
    while True:
        yield from loader


def losses(model, stream, steps):
    import torch

    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    model.train()
    found = []
    for _, batch in zip(range(steps), stream, strict=False):
        loss = model(**batch).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        found.append(loss.item())
    return found


def tiny(model, config, **sizes):
    """A model of transformers with random weights, too small to be of use."""
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    torch.manual_seed(7)
    return getattr(transformers, model)(
        getattr(transformers, config)(
            **{
                "vocab_size": VOCAB,
                "hidden_size": 32,
                "num_hidden_layers": 1,
                "num_attention_heads": 2,
                "intermediate_size": 64,
                "max_position_embeddings": LENGTH,
                **sizes,
            }
        )
    )


def mean(numbers):
    return sum(numbers) / len(numbers)


def assert_falls(found):
    """A model that knows nothing begins at ln(3000) = 8.0 for the tokens alone."""
    assert mean(found[:5]) > 7.5
    assert mean(found[-5:]) < mean(found[:5]) - 1.5


@pytest.mark.tensorflow
def test_tensorflow_parses_the_features_of_googles_trainer(make_shards):
    folder = make_shards("--output-format", "tfrecord")
    columns = parsed(folder, google_features())
    special = manifest(folder)
    assert len(columns["input_ids"]) == special["rows"] > 1000

    ids, mask, weights = (columns[k] for k in ("input_ids", "input_mask", "masked_lm_weights"))
    tokens = (folder / "vocab.txt").read_text("utf-8").split("\n")
    lengths = mask.sum(axis=1)
    assert {tokens[i] for i in ids[:, 0]} == {"[CLS]"}
    assert {tokens[i] for i in ids[range(len(ids)), lengths - 1]} == {"[SEP]"}
    assert {tokens[i] for i in ids[mask == 0]} == {"[PAD]"}
    assert {tokens[i] for i in ids[mask == 1]} > {"[MASK]", "the", "##s"}
    assert (columns["segment_ids"] <= mask).all()
    assert set(columns["next_sentence_labels"].ravel().tolist()) == {0, 1}
    assert set(weights.ravel().tolist()) == {0, 1}
    # What the trainer gathers: the token predicted, [MASK] standing there four times in five.
    row, slot = weights.nonzero()
    positions = columns["masked_lm_positions"][row, slot]
    assert ((positions > 0) & (positions < lengths[row] - 1)).all()
    seen = [tokens[i] for i in ids[row, positions]]
    assert 0.75 < seen.count("[MASK]") / len(seen) < 0.85
    predicted = {tokens[i] for i in columns["masked_lm_ids"][row, slot]}
    assert "the" in predicted and "[MASK]" not in predicted


@pytest.mark.tensorflow
def test_tensorflow_parses_the_features_of_the_model_garden(make_shards):
    folder = make_shards("--output-format", "tfrecord", "--layout", "modelgarden")
    columns = parsed(folder, google_features("input_word_ids", "input_type_ids"))
    assert columns["input_word_ids"].shape == (manifest(folder)["rows"], LENGTH)


@pytest.mark.torch
def test_bert_learns_from_what_datasets_loads(make_shards, tmp_path):
    stream = batches(make_shards(), 16, tmp_path)
    batch = next(stream)
    assert sorted(batch) == [
        *("attention_mask", "input_ids", "labels", "next_sentence_label", "token_type_ids")
    ]
    assert_falls(losses(tiny("BertForPreTraining", "BertConfig"), stream, 40))


@pytest.fixture(scope="module")
def packed_rows(bertprep, prose, vocab_dir, tmp_path_factory):
    """Some rows of 256 tokens that paragraphs share."""
    folder = tmp_path_factory.mktemp("packed")
    paragraphs = [part for text in prose[:40] for part in text.split("\n\n")]
    (folder / "paragraphs.txt").write_text("\n\n".join(paragraphs), "utf-8")
    command = ("shard", folder / "paragraphs.txt", "--vocab", vocab_dir, "--output", folder / "out")
    done = bertprep(*command, "--pack", "--max-seq-length", 256, "--dupe-factor", 1)
    assert done.returncode == 0, done.stderr
    with (folder / "out" / "rows/shard-00000-of-00001.parquet").open("rb") as stream:
        return read_rows(stream, "x.parquet", 4, "parquet")


@pytest.mark.torch
@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_bert_gives_a_packed_example_what_it_gives_it_alone(packed_rows, attention):
    """Hidden states, logits of the masked tokens, and of the next sentence at each [CLS]."""
    torch = pytest.importorskip("torch")
    from bertprep.torch import keep_apart

    torch.set_num_threads(1)
    sizes = {"num_hidden_layers": 2, "max_position_embeddings": 256, "initializer_range": 0.2}
    model = tiny("BertForPreTraining", "BertConfig", attn_implementation=attention, **sizes).eval()
    places = places_of(packed_rows["sequence_ids"])
    examples = unpack(packed_rows, places, pad_id=0)
    assert len(places.rows) > 3 * len(packed_rows["input_ids"])

    def given(columns, mask, *names):
        names = "input_ids", "token_type_ids", *names
        inputs = {name: torch.tensor(columns[name]) for name in names}
        with torch.no_grad():
            return model(**inputs, attention_mask=mask, output_hidden_states=True)

    alone = given(examples, torch.tensor(examples["attention_mask"]))
    batch = {name: torch.tensor(values) for name, values in packed_rows.items()}
    kept = keep_apart(batch, torch.float32 if attention == "eager" else torch.bool)
    assert kept.keys() == batch.keys() - {"sequence_ids"}
    mask = kept["attention_mask"]
    of = torch.tensor(packed_rows["sequence_ids"])
    blocks = (of[:, :, None] == of[:, None, :])[:, None]
    assert torch.equal(mask == 0 if attention == "eager" else mask, blocks)
    packed = given(packed_rows, mask, "position_ids")

    row, column = np.nonzero(examples["attention_mask"])
    cells = places.rows[row], places.starts[row] + column
    for found, expected in [
        (packed.hidden_states[-1], alone.hidden_states[-1]),
        (packed.prediction_logits, alone.prediction_logits),
    ]:
        assert not found.isnan().any()
        torch.testing.assert_close(found[cells], expected[row, column], rtol=1e-4, atol=1e-5)
    cls_places = torch.tensor(packed_rows["cls_positions"])[:, :, None]
    at_cls = packed.hidden_states[-1].take_along_dim(cls_places, dim=1)[places.rows, places.numbers]
    with torch.no_grad():
        next_sentence = model.cls.seq_relationship(model.bert.pooler(at_cls[:, None]))
    expected = alone.seq_relationship_logits
    torch.testing.assert_close(next_sentence, expected, rtol=1e-4, atol=1e-5)
    assert (packed_rows["next_sentence_label"] >= 0).sum() == len(expected)

    # Were they not kept apart, all that would be otherwise.
    plain = given(packed_rows, torch.tensor(packed_rows["attention_mask"]), "position_ids")
    distance = (plain.prediction_logits[cells] - alone.prediction_logits[row, column]).abs()
    assert distance.mean() > 0.1 * alone.prediction_logits[row, column].abs().mean()


@pytest.mark.torch
def test_albert_takes_sentence_order_shards(make_shards, tmp_path):
    model = tiny("AlbertForPreTraining", "AlbertConfig", embedding_size=32)
    stream = batches(make_shards("--task", "sop"), 16, tmp_path)
    assert "sentence_order_label" in next(stream)
    assert_falls(losses(model, stream, 40))


@pytest.mark.torch
def test_a_masked_language_model_takes_shards_without_pairs(make_shards, tmp_path):
    stream = batches(make_shards("--task", "none"), 16, tmp_path)
    assert sorted(next(stream)) == ["attention_mask", "input_ids", "labels", "token_type_ids"]
    assert_falls(losses(tiny("BertForMaskedLM", "BertConfig"), stream, 40))


def stored(folder):
    """The columns of Parquet shards, one behind the other, as arrays."""
    table = pq.read_table([folder / shard["file"] for shard in manifest(folder)["shards"]])
    return {name: np.array(table.column(name).to_pylist()) for name in table.column_names}


@pytest.mark.tensorflow
def test_tensorflow_parses_what_bert4keras_does(make_shards):
    """Its parser shows mask_ids - 1 where mask_ids is not 0; the loss is over those alone."""
    tf = pytest.importorskip("tensorflow")
    folder = make_shards("--layout", "bert4keras", "--task", "none")
    assert all(shard["file"].endswith(".tfrecord") for shard in manifest(folder)["shards"])
    row = parsed(folder, {"token_ids": (LENGTH, "int"), "mask_ids": (LENGTH, "int")})
    is_masked = tf.not_equal(row["mask_ids"], 0)
    shown = tf.where(is_masked, row["mask_ids"] - 1, row["token_ids"]).numpy()
    targets = tf.where(is_masked, row["token_ids"], -100).numpy()

    same = stored(make_shards("--task", "none"))
    assert len(shown) > 1000
    assert np.array_equal(shown, same["input_ids"])
    assert np.array_equal(targets, same["labels"])
    # What its model takes for padding is id 0, but at the first token.
    assert np.array_equal(shown != 0, same["attention_mask"])


def lddl_bins(folder):
    """The shards of each bin as LDDL's loader finds them; what it asserts of their numbers of rows.

    A bin's number stands behind the last _ of a shard's name; without any there is but one.
    """
    found = [os.path.join(parent, name) for parent, _, names in os.walk(folder) for name in names]
    endings = {path: os.path.splitext(path)[1] for path in sorted(found)}
    bins = {}
    for path, ending in endings.items():
        if ".parquet" in ending:
            bins.setdefault(int(ending.rpartition("_")[2]) if "_" in ending else 0, []).append(path)
    assert sorted(bins) == list(range(len(bins)))
    counts = json.loads((folder / "rows/.num_samples.json").read_text("utf-8"))
    for paths in bins.values():
        rows = [counts[os.path.basename(path)] for path in paths]
        assert min(rows) + 1 == max(rows)
        assert all(pq.read_metadata(path).num_rows - min(rows) in (0, 1) for path in paths)
    return [bins[number] for number in range(len(bins))]


def in_order(columns):
    """Rows of columns, whatever their order was: [n, all columns]."""
    names = sorted(columns)
    rows = np.hstack([columns[name].reshape(len(columns[name]), -1) for name in names])
    return rows[np.lexsort(rows.T)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "bins"),
    [(("--masking", "none"), 1), (("--bin-size", 32), 2)],
)
def test_lddls_loader_reads_the_rows_of_the_huggingface_layout(make_shards, options, bins):
    folder = make_shards("--layout", "lddl", *options)
    same = stored(make_shards(*(options if bins == 1 else ())))
    same.pop("word_starts", None)
    ids = {token: i for i, token in enumerate((folder / "vocab.txt").read_text().split("\n"))}
    files = lddl_bins(folder)
    assert [len(paths) for paths in files] == [3] * bins  # as many in each bin as asked for
    rows = [row for paths in files for path in paths for row in pq.read_table(path).to_pylist()]
    assert len(rows) == manifest(folder)["rows"] > 1000
    assert np.array_equal(in_order(read_as_lddl(rows, ids, LENGTH)), in_order(same))
    for number, paths in enumerate(files):
        lengths = pq.read_table(paths).column("num_tokens").to_numpy()
        least, most = 1 + number * LENGTH // bins, (number + 1) * LENGTH // bins
        assert ((lengths >= least) & (lengths <= most)).all()
