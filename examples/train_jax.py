"""Trains a small masked language model in plain JAX on Parquet shards that grain reads.

    bertprep shard text/ --vocab vocab/ --output shards/
    python examples/train_jax.py shards/

Grain and JAX read the shards as they are, without bertprep: an epoch in a new order each time, each
row once, and a loader that resumes (``iterator.get_state()``).  Needs `pip install grain jax`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import grain
import jax
import jax.numpy as jnp
import numpy as np
import pyarrow.parquet as pq

WIDTH, HEADS, LAYERS = 128, 4, 2
Parameters = dict[str, Any]


class Rows:
    """The rows of all shards by number, which grain shuffles: the table stays in Arrow's memory."""

    def __init__(self, shards: Path, columns: tuple[str, ...] = ("input_ids", "labels")) -> None:
        table = pq.read_table(shards / "rows", columns=[*columns, "attention_mask"])
        self._columns = {
            name: table[name].combine_chunks().flatten().to_numpy().reshape(len(table), -1)
            for name in table.column_names
        }

    def __len__(self) -> int:
        return len(self._columns["input_ids"])

    def __getitem__(self, number: int) -> dict[str, np.ndarray]:
        return {name: values[number] for name, values in self._columns.items()}


def batches(shards: Path, batch_size: int, seed: int = 0) -> Iterator[dict[str, np.ndarray]]:
    """Batches without end, each epoch in an order of its own.

    With several processes, each takes its part: ``rows[jax.process_index()::jax.process_count()]``.
    """
    rows = grain.MapDataset.source(Rows(shards)).seed(seed).shuffle().repeat()
    return iter(rows.batch(batch_size, drop_remainder=True).to_iter_dataset())


def initial(vocabulary: int, length: int, seed: int = 0) -> Parameters:
    """Parameters of a small encoder; its output weights are those of the input."""
    names = ("qkv", "out", "up", "down")
    shapes = ((WIDTH, 3 * WIDTH), (WIDTH, WIDTH), (WIDTH, 4 * WIDTH), (4 * WIDTH, WIDTH))
    # By numpy: outside of a function that is compiled, JAX would compile each draw, for seconds.
    rng = np.random.default_rng(seed)

    def drawn(shape: tuple[int, ...]) -> np.ndarray:
        return np.float32(0.05) * rng.standard_normal(shape, np.float32)

    layers = [
        {name: drawn(shape) for name, shape in zip(names, shapes, strict=True)}
        for _ in range(LAYERS)
    ]
    return {
        "tokens": drawn((vocabulary, WIDTH)),
        "places": drawn((length, WIDTH)),
        "layers": layers,
    }


def normal(x: jax.Array) -> jax.Array:
    x = x - x.mean(-1, keepdims=True)
    return x / jnp.sqrt((x * x).mean(-1, keepdims=True) + 1e-6)


def logits(parameters: Parameters, ids: jax.Array, mask: jax.Array) -> jax.Array:
    x = parameters["tokens"][ids] + parameters["places"][: ids.shape[1]]
    hidden = jnp.where(mask[:, None, None, :] > 0, 0.0, -1e9)
    for layer in parameters["layers"]:
        q, k, v = jnp.split(normal(x) @ layer["qkv"], 3, axis=-1)
        q, k, v = (t.reshape(*t.shape[:2], HEADS, -1) for t in (q, k, v))
        scores = jnp.einsum("bqhd,bkhd->bhqk", q, k) / jnp.sqrt(q.shape[-1]) + hidden
        seen = jnp.einsum("bhqk,bkhd->bqhd", jax.nn.softmax(scores), v)
        x = x + seen.reshape(x.shape) @ layer["out"]
        x = x + jax.nn.gelu(normal(x) @ layer["up"]) @ layer["down"]
    return normal(x) @ parameters["tokens"].T


def loss(parameters: Parameters, batch: dict[str, jax.Array]) -> jax.Array:
    """Mean over the predicted tokens, in nats."""
    labels = batch["labels"]
    is_predicted = labels >= 0
    found = jax.nn.log_softmax(logits(parameters, batch["input_ids"], batch["attention_mask"]))
    right = jnp.take_along_axis(found, jnp.where(is_predicted, labels, 0)[..., None], -1)[..., 0]
    return -(right * is_predicted).sum() / jnp.maximum(is_predicted.sum(), 1)


@partial(jax.jit, donate_argnums=(0, 1))
def step(
    parameters: Parameters, moments: Parameters, batch: dict[str, jax.Array], rate: float
) -> tuple[Parameters, Parameters, jax.Array]:
    """One step of RMSProp: plain JAX, no optimizer library."""
    value, gradients = jax.value_and_grad(loss)(parameters, batch)
    moments = jax.tree.map(lambda m, g: 0.99 * m + 0.01 * g * g, moments, gradients)
    parameters = jax.tree.map(
        lambda p, m, g: p - rate * g / (jnp.sqrt(m) + 1e-3), parameters, moments, gradients
    )
    return parameters, moments, value


def train(shards: Path, steps: int, batch_size: int = 32, rate: float = 1e-3) -> list[float]:
    """The loss of each step."""
    made = json.loads((shards / "manifest.json").read_text())
    length, size = made["config"]["shard"]["max_seq_length"], made["vocabulary"]["size"]
    parameters = initial(size, length)
    moments = jax.tree.map(np.zeros_like, parameters)
    losses = []
    for _, batch in zip(range(steps), batches(shards, batch_size), strict=False):
        parameters, moments, value = step(parameters, moments, batch, rate)
        losses.append(float(value))
    return losses


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shards", type=Path, help="masked ones, in Parquet")
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--batch-size", type=int, default=32)
    args = parser.parse_args()
    losses = train(args.shards, args.steps, args.batch_size)
    print(f"masked-LM loss {np.mean(losses[:10]):.3f} -> {np.mean(losses[-10:]):.3f}")


if __name__ == "__main__":
    main()
