"""A small BERT: trained on rows of one kind, and what it scores on held-out rows of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy
from training_rows import (
    FAULTS,
    IGNORED,
    INPUTS,
    LENGTH,
    TOKENS_TESTED,
    UNKNOWN,
    VOCABULARY,
    Rows,
    faulty,
    held_out,
    rows_of,
)
from transformers import BertConfig, BertForPreTraining

BATCH = 32
KEPT_EVERY = 50  # steps
WARM_UP = 50  # steps; the last third is for cooling down


class Scores(NamedTuple):
    """Of a model on held-out examples; of each, less is better.

    Attributes:
        masked_lm_loss: nats a predicted token, [UNK] left out.
        misplaced: nats a token by which what is to be predicted fits better one place further, or
            one place before; below 0 where it fits worse there.
        pair_loss: nats a pair, the mean of those of next and of random pairs.
        pairs_wrong: the share told wrong, the same mean.
        plain_doubt: the probability given to the wrong label of pairs whose halves are of two
            scripts, on average: the share of wrong labels that the model was taught.
    """

    masked_lm_loss: float
    misplaced: float
    pair_loss: float
    pairs_wrong: float
    plain_doubt: float


def run(work: Path, name: str, seed: int, steps: int) -> dict[str, Scores]:
    """Trains on one kind of data; scores on held-out examples: of Google's model on all kinds.

    Of one seed all begin with the same weights, and the spoiled rows come in the order of ours.
    """
    torch.manual_seed(seed)
    model = _model()
    optimizer = torch.optim.AdamW(model.parameters(), 1e-3, weight_decay=0.01, fused=True)
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda n: min((n + 1) / WARM_UP, 1.0, 3 * max(0.0, 1 - n / steps))
    )
    parts = {"model": model, "optimizer": optimizer, "rate": rate}
    kept = work / "results" / f"{name}-{seed}-{steps}.pt"
    first = _restore(kept, parts)
    for step, batch in enumerate(drawn(rows_of(work, name, "train"), seed, steps)):
        if step < first:
            continue
        if step % KEPT_EVERY == 0:
            _keep(kept, parts, step)
        masked_lm, pair = losses(model, batch)
        optimizer.zero_grad()
        (masked_lm + pair).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        rate.step()
    scores = scored(model, held_out(work, "google"), ["google"])
    if name == "google":
        scores |= scored(model, held_out(work, "ours"), ["ours", *FAULTS])
    kept.unlink(missing_ok=True)
    return scores


def _model() -> Any:
    return BertForPreTraining(
        BertConfig(
            vocab_size=VOCABULARY,
            hidden_size=128,
            num_hidden_layers=2,
            num_attention_heads=4,
            intermediate_size=512,
            max_position_embeddings=LENGTH,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            initializer_range=0.1,
        )
    )


def _keep(path: Path, parts: Mapping[str, Any], step: int) -> None:
    """Keeps the state that a run that is broken off goes on from."""
    part = path.with_suffix(".part")
    torch.save({"step": step, **{n: of.state_dict() for n, of in parts.items()}}, part)
    part.rename(path)


def _restore(path: Path, parts: Mapping[str, Any]) -> int:
    """Takes up what was kept; the number of steps that are done."""
    if not path.exists():
        return 0
    kept = torch.load(path)
    for name, of in parts.items():
        of.load_state_dict(kept[name])
    return int(kept["step"])


def drawn(rows: Rows, seed: int, steps: int) -> Iterator[Rows]:
    """Batches, epoch after epoch, each in an order of its own."""
    rng, order = np.random.default_rng(seed), np.zeros(0, np.int64)
    for _ in range(steps):
        if len(order) < BATCH:
            order = rng.permutation(len(rows["labels"]))
        yield {name: values[order[:BATCH]] for name, values in rows.items()}
        order = order[BATCH:]


def losses(model: Any, batch: Mapping[str, NDArray[Any]]) -> tuple[Any, Any]:
    """Both losses.

    Logits are made of the predicted tokens alone, which takes a seventh of the time.
    """
    columns = {name: torch.from_numpy(values.astype(np.int64)) for name, values in batch.items()}
    labels, pairs = columns.pop("labels"), columns.pop("next_sentence_label")
    output = model.bert(**columns)
    is_predicted = labels != IGNORED
    logits = model.cls.predictions(output.last_hidden_state[is_predicted])
    pair_logits = model.cls.seq_relationship(output.pooler_output)
    return cross_entropy(logits, labels[is_predicted]), cross_entropy(pair_logits, pairs)


@torch.no_grad()
def scored(model: Any, rows: Rows, kinds: Sequence[str]) -> dict[str, Scores]:
    """Scores on rows, and on the same with each fault: the model reads them once."""
    model.eval()
    parts = []
    for start in range(0, len(rows["labels"]), 256):
        batch = {n: torch.from_numpy(rows[n][start : start + 256].astype(np.int64)) for n in INPUTS}
        output = model.bert(**batch)
        parts.append((output.last_hidden_state, output.pooler_output))
    states, pooled = (torch.cat(part) for part in zip(*parts, strict=True))
    told = model.cls.seq_relationship(pooled).log_softmax(dim=1).numpy()
    found, of_labels = {}, {}
    for kind in kinds:
        spoiled = faulty(rows, kind)
        labels = spoiled["labels"][:TOKENS_TESTED]
        key = labels.tobytes()
        if key not in of_labels:
            of_labels[key] = _of_tokens(model, states, labels)
        found[kind] = Scores(*of_labels[key], *of_pairs(told, spoiled, rows["is_plain"]))
    return found


def _of_tokens(model: Any, states: Any, labels: NDArray[Any]) -> tuple[float, float]:
    """Nats a predicted token, and how many fewer they are one place away."""
    own, before, behind = (_nats(model, states, np.roll(labels, n, axis=1)) for n in (0, -1, 1))
    return own, own - min(before, behind)


def _nats(model: Any, states: Any, labels: NDArray[Any]) -> float:
    answers = torch.from_numpy(labels.astype(np.int64))
    is_predicted = (answers != IGNORED) & (answers != UNKNOWN)
    parts = states[: len(answers)][is_predicted].split(2048)
    total = sum(
        cross_entropy(model.cls.predictions(part), wanted, reduction="sum").item()
        for part, wanted in zip(parts, answers[is_predicted].split(2048), strict=True)
    )
    return total / int(is_predicted.sum())


def of_pairs(
    told: NDArray[np.float32], rows: Rows, is_plain: NDArray[np.bool_]
) -> tuple[float, float, float]:
    """The scores of pairs, in their order.

    Args:
        told: float[rows, 2], the logarithm of the probability of each label.
        rows: with the labels.
        is_plain: bool[rows], whether the halves are of two scripts.
    """
    pairs = rows["next_sentence_label"]
    of_kinds = [told[pairs == kind] for kind in (0, 1)]
    loss = np.mean([-of_kind[:, kind].mean() for kind, of_kind in enumerate(of_kinds)])
    wrong = [(of_kind.argmax(axis=1) != kind).mean() for kind, of_kind in enumerate(of_kinds)]
    doubt = 1 - np.exp(told[np.arange(len(pairs)), pairs])[is_plain].mean()
    return float(loss), float(np.mean(wrong)), float(doubt)
