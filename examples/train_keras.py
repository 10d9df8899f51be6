"""Trains a tiny BERT on shards with Keras, and tests it on text it has not seen.

    bertprep vocab text/ --vocab-size 8000 --output vocab/
    bertprep shard text/ --vocab vocab/ --output shards/ --holdout 0.02 --output-format tfrecord
    python examples/train_keras.py shards/ shards/holdout

Masked shards must be in the google layout, as TFRecord is by itself; unmasked ones
(``--masking none``) may be of any.  It has learned language where its masked-LM loss is below the
entropy of single tokens, and pairs where it tells the next sentences from random ones more often
than by always saying the same; sooner where the text is of several kinds (an encyclopaedia and
novels, two languages).  Needs `pip install 'bertprep[tensorflow]'`.
"""

from __future__ import annotations

import argparse
import os
from typing import Any, NamedTuple

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from bertprep.errors import BertprepError
from bertprep.shards.folder import Shards
from bertprep.tensorflow import dataset

INPUTS = ("input_ids", "input_mask", "segment_ids", "masked_lm_positions")
COUNTED_STEPS = 1000


class Result(NamedTuple):
    """The losses of a model on the held-out examples, and of one that knows nothing of context.

    ``masked_lm_loss`` and ``unigram_entropy`` (of the held-out tokens, as frequent as each is in
    the training text) are in nats a predicted token; ``nsp_accuracy`` and ``majority_share`` are
    shares of the examples.
    """

    masked_lm_loss: float
    unigram_entropy: float
    nsp_accuracy: float
    majority_share: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shards", help="masked ones, or unmasked ones (--masking none)")
    parser.add_argument("held_out", help="shards of other documents, with the same vocabulary")
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--learning-rate", type=float, default=3e-3)
    args = parser.parse_args()
    try:
        result = train(**vars(args))
    except BertprepError as error:
        raise SystemExit(f"error: {error}") from None
    print(
        f"masked-LM loss   {result.masked_lm_loss:.3f}    "
        f"entropy of single tokens {result.unigram_entropy:.3f}\n"
        f"NSP accuracy     {result.nsp_accuracy:.1%}    "
        f"share of the more frequent label {result.majority_share:.1%}"
    )


def train(
    shards: str,
    held_out: str,
    steps: int,
    batch_size: int,
    learning_rate: float,
    **sizes: int,
) -> Result:
    """Trains a TinyBert of these sizes; ``steps`` batches of ``shards``, tested on ``held_out``."""
    opened = Shards(shards)
    if opened.vocabulary.digest != Shards(held_out).vocabulary.digest:
        raise SystemExit(f"{shards} and {held_out} have different vocabularies")
    vocab_size, length = len(opened.vocabulary), opened.options.max_seq_length
    options = {"batch_size": batch_size, "layout": "google", "pad_to": length}
    train_data = dataset(shards, drop_last=True, **options)
    test_data = dataset(held_out, epochs=1, validation=True, **options)
    keras.utils.set_random_seed(0)
    model = compiled(TinyBert(vocab_size, length, **sizes), steps, learning_rate)
    model.fit(train_data.take(steps).map(as_keras), shuffle=False)
    found = model.evaluate(test_data.map(as_keras), return_dict=True)
    counted = dataset(shards, epochs=1, **options).take(COUNTED_STEPS)
    return Result(
        found["masked_lm_loss_of_a_token"],
        unigram_entropy(counted, test_data, vocab_size),
        found["next_sentence_accuracy"],
        majority_share(test_data),
    )


def as_keras(batch: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """The inputs, targets and weights that ``Model.fit`` takes, of a batch in the google layout."""
    labels = batch["next_sentence_labels"]
    targets = {"masked_lm": batch["masked_lm_ids"], "next_sentence": labels}
    weights = {
        "masked_lm": batch["masked_lm_weights"],
        "next_sentence": tf.ones_like(labels, tf.float32),
    }
    return {name: batch[name] for name in INPUTS}, targets, weights


def compiled(model: keras.Model, steps: int, learning_rate: float) -> keras.Model:
    """The model, ready for ``fit``: warm-up, and what to tell of it."""
    warm_up = max(1, steps // 10)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, max(1, steps - warm_up), warmup_target=learning_rate, warmup_steps=warm_up
    )
    cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    of_a_token = keras.metrics.SparseCategoricalCrossentropy("loss_of_a_token", from_logits=True)
    model.compile(
        keras.optimizers.AdamW(rate, weight_decay=0.01, beta_2=0.98, global_clipnorm=1.0),
        loss={"masked_lm": cross_entropy, "next_sentence": cross_entropy},
        weighted_metrics={"masked_lm": [of_a_token], "next_sentence": ["accuracy"]},
        jit_compile=False,
    )
    return model


def unigram_entropy(train_data: Any, test_data: Any, vocab_size: int) -> float:
    """The mean cost of a token to predict in one, by how often each is to be in the other."""
    seen, wanted = predicted_counts(train_data, vocab_size), predicted_counts(test_data, vocab_size)
    smoothed = seen + 1
    return float(-np.average(np.log(smoothed / smoothed.sum()), weights=wanted))


def predicted_counts(data: Any, vocab_size: int) -> Any:
    """int64[vocab_size]: how often each token is to be predicted."""
    return sum(
        np.bincount(batch["masked_lm_ids"][batch["masked_lm_weights"] > 0], minlength=vocab_size)
        for batch in data.as_numpy_iterator()
    )


def majority_share(data: Any) -> float:
    """The share of the label that more pairs have."""
    labels = [batch["next_sentence_labels"] for batch in data.as_numpy_iterator()]
    random_share = float(np.concatenate(labels).mean())
    return max(random_share, 1 - random_share)


class TinyBert(keras.Model):
    """An encoder, with the head of a masked language model and one that compares A with B.

    BERT asks [CLS] alone whether B follows A, which takes a small model very many examples to
    learn.  The means of what it makes of A and of B tell much sooner.
    """

    def __init__(
        self,
        vocab_size: int,
        max_seq_length: int,
        hidden: int = 128,
        depth: int = 2,
        heads: int = 4,
    ) -> None:
        super().__init__()
        self.tokens = layers.Embedding(vocab_size, hidden)
        self.positions = layers.Embedding(max_seq_length, hidden)
        self.segments = layers.Embedding(2, hidden)
        self.norms = [layers.LayerNormalization() for _ in range(3)]
        self.blocks = [Block(hidden, heads) for _ in range(depth)]
        self.transform = keras.Sequential(
            [layers.Dense(hidden, "gelu"), layers.LayerNormalization()]
        )
        self.bias = self.add_weight(shape=(vocab_size,), initializer="zeros", name="bias")
        self.next_sentence = keras.Sequential([layers.Dense(hidden, "gelu"), layers.Dense(2)])

    def call(self, inputs: dict[str, Any]) -> dict[str, Any]:
        ids, segments = inputs["input_ids"], inputs["segment_ids"]
        mask = ops.equal(inputs["input_mask"], 1)
        positions = self.positions(ops.arange(ops.shape(ids)[1]))
        states = self.norms[0](self.tokens(ids) + positions + self.segments(segments))
        for block in self.blocks:
            states = block(states, mask)
        states = self.norms[1](states)
        chosen = ops.take_along_axis(states, inputs["masked_lm_positions"][:, :, None], axis=1)
        output = ops.transpose(self.tokens.embeddings)
        return {
            "masked_lm": ops.matmul(self.transform(chosen), output) + self.bias,
            "next_sentence": self._compared(states, mask, ops.equal(segments, 1)),
        }

    def _compared(self, states: Any, mask: Any, is_second: Any) -> Any:
        is_first = ops.logical_and(mask, ops.logical_not(is_second))
        a, b = (self.norms[2](mean(states, where)) for where in (is_first, is_second))
        return self.next_sentence(ops.concatenate([a * b, ops.absolute(a - b)], axis=-1))


class Block(layers.Layer):
    """Attention and two dense layers, with a norm before each."""

    def __init__(self, hidden: int, heads: int) -> None:
        super().__init__()
        self.norms = [layers.LayerNormalization() for _ in range(2)]
        self.attention = layers.MultiHeadAttention(heads, hidden // heads)
        self.dense = keras.Sequential([layers.Dense(4 * hidden, "gelu"), layers.Dense(hidden)])

    def call(self, states: Any, mask: Any) -> Any:
        normed = self.norms[0](states)
        states += self.attention(normed, normed, attention_mask=mask[:, None, :])
        return states + self.dense(self.norms[1](states))


def mean(states: Any, where: Any) -> Any:
    """The mean of the states [n, L, hidden] at the places [n, L]."""
    weights = ops.cast(where, states.dtype)[:, :, None]
    return ops.sum(states * weights, axis=1) / ops.maximum(ops.sum(weights, axis=1), 1)


if __name__ == "__main__":
    main()
