"""Trains a tiny BERT on packed rows of pairs: words, and at each [CLS] of a row its pair.

    bertprep shard text/ --vocab vocab/ --output packed/ --pack --max-seq-length 512
    python examples/train_packed.py packed/

A packed row holds several examples, and BertForPreTraining reads one pair a row:
``packed_pair_loss`` keeps the examples apart and reads them all.
Needs `pip install 'bertprep[torch]' transformers`.
"""

from __future__ import annotations

import argparse
from itertools import chain, islice, repeat
from typing import NamedTuple

import torch
from transformers import BertConfig, BertForPreTraining

from bertprep.torch import DataLoader, IterableDataset, packed_pair_loss


class Progress(NamedTuple):
    """Means over some steps: losses in nats, and the share of pairs told right."""

    masked_lm_loss: float
    pair_loss: float
    pairs_right: float


def train(shards: str, steps: int, batch_size: int = 16, rate: float = 1e-3) -> list[Progress]:
    """The progress of each step."""
    data = IterableDataset(shards, batch_size)
    torch.manual_seed(0)
    model = BertForPreTraining(
        BertConfig(
            vocab_size=len(data.shards.vocabulary),
            hidden_size=128,
            num_hidden_layers=2,
            num_attention_heads=4,
            intermediate_size=512,
            max_position_embeddings=data.shards.options.max_seq_length,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            initializer_range=0.1,
        )
    )
    optimizer = torch.optim.AdamW(model.parameters(), rate, weight_decay=0.01)
    loader, found = DataLoader(data), []
    for batch in islice(chain.from_iterable(repeat(loader)), steps):  # epoch after epoch
        losses = packed_pair_loss(model, batch)
        optimizer.zero_grad()
        losses.loss.backward()
        optimizer.step()
        right = (losses.pair_logits.argmax(dim=1) == losses.pair_labels).double().mean()
        found.append(Progress(losses.masked_lm_loss.item(), losses.pair_loss.item(), right.item()))
    return found


def mean(found: list[Progress]) -> Progress:
    """The means over steps."""
    return Progress(*(sum(values) / len(found) for values in zip(*found, strict=True)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shards", help="packed ones, of --task nsp or sop")
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--batch-size", type=int, default=16)
    args = parser.parse_args()
    found = train(args.shards, args.steps, args.batch_size)
    for name, part in (("first", found[: len(found) // 10]), ("last", found[-len(found) // 10 :])):
        of = mean(part)
        print(
            f"{name} tenth: masked-LM loss {of.masked_lm_loss:.3f}, pair loss {of.pair_loss:.3f}, "
            f"pairs told right {of.pairs_right:.1%}"
        )


if __name__ == "__main__":
    main()
