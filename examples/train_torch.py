"""Trains a tiny BERT on shards with transformers' Trainer, and tests it on text it has not seen.

    bertprep vocab text/ --vocab-size 8000 --output vocab/
    bertprep shard text/ --vocab vocab/ --output shards/ --holdout 0.02 --masking none
    python examples/train_torch.py shards/ shards/holdout

It has learned language where its masked-LM loss is below the entropy of single tokens, and pairs
where it tells the next sentences from random ones more often than by always saying the same.  The
first pairs that a small model tells apart are of unlike texts: have some of several kinds (an
encyclopaedia and novels, two languages).  On English Wikipedia alone it begins after some 4,000
steps (--steps 12000; 76% of the pairs after 8,500).
Needs `pip install 'bertprep[torch]' transformers accelerate`.
"""

from __future__ import annotations

import argparse
import tempfile
from typing import NamedTuple

import torch
from torch.nn.functional import cross_entropy
from transformers import BertConfig, BertForPreTraining, Trainer, TrainingArguments

from bertprep.torch import Collator, EpochCallback, MapDataset


class Result(NamedTuple):
    """The losses of a model on the held-out examples, and of one that knows nothing of context.

    ``masked_lm_loss`` and ``unigram_entropy`` are in nats a predicted token; ``nsp_accuracy`` and
    ``majority_share`` are shares of the examples.
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
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    args = parser.parse_args()
    result = train(args.shards, args.held_out, args.steps, args.batch_size, args.learning_rate)
    print(
        f"masked-LM loss   {result.masked_lm_loss:.3f}    "
        f"entropy of single tokens {result.unigram_entropy:.3f}\n"
        f"NSP accuracy     {result.nsp_accuracy:.1%}    "
        f"share of the more frequent label {result.majority_share:.1%}"
    )


def train(
    shards: str, held_out: str, steps: int, batch_size: int = 32, learning_rate: float = 1e-3
) -> Result:
    """Trains a model of two layers; ``steps`` batches of ``shards``, tested on ``held_out``."""
    train_data, test_data = MapDataset(shards), MapDataset(held_out, remask=False)
    if train_data.shards.vocabulary.digest != test_data.shards.vocabulary.digest:
        raise SystemExit(f"{shards} and {held_out} have different vocabularies")
    torch.manual_seed(0)
    model = tiny_bert(train_data)
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            folder,
            max_steps=steps,
            per_device_train_batch_size=batch_size,
            learning_rate=learning_rate,
            warmup_steps=steps // 10,
            weight_decay=0.01,
            logging_steps=max(1, steps // 20),
            save_strategy="no",
            report_to="none",
        )
        told = [EpochCallback(train_data)]
        Trainer(model, arguments, Collator(train_data), train_data, callbacks=told).train()
    return evaluate(model, test_data)


def tiny_bert(data: MapDataset) -> BertForPreTraining:
    """Two layers of 128; without dropout, as it sees each example a few times at most.

    The weights begin as wide for their number as in a model of usual size: narrower, [CLS] takes
    thousands of steps to look at the pair.
    """
    return BertForPreTraining(
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


@torch.no_grad()
def evaluate(model: BertForPreTraining, data: MapDataset, batch_size: int = 128) -> Result:
    """Predicts all examples once, with the masks that they always have."""
    model.eval()
    loss, right, answers, pairs = 0.0, 0, [], []
    for batch in torch.utils.data.DataLoader(data, batch_size, collate_fn=Collator(data)):
        batch = {name: values.to(model.device) for name, values in batch.items()}
        labels, is_random = batch.pop("labels"), batch.pop("next_sentence_label")
        output = model(**batch)
        is_predicted = labels != -100
        answers.append(labels[is_predicted])
        scores = output.prediction_logits[is_predicted]
        loss += cross_entropy(scores, answers[-1], reduction="sum").item()
        right += int((output.seq_relationship_logits.argmax(dim=1) == is_random).sum())
        pairs.append(is_random)
    frequencies = torch.cat(answers).bincount().double()
    random_share = torch.cat(pairs).double().mean().item()
    return Result(
        loss / int(frequencies.sum()),
        torch.distributions.Categorical(frequencies).entropy().item(),
        right / len(data),
        max(random_share, 1 - random_share),
    )


if __name__ == "__main__":
    main()
