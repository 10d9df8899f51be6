"""Whether a model learns as much from these shards as from google-research/bert's own examples.

    python benchmarks/training.py --work DIR --source wiki/* novels.txt
    python benchmarks/training.py --work DIR --source ... --seeds 0
    python benchmarks/training.py --work DIR --google TRAIN.tfrecord HELD_OUT.tfrecord

The text is cut into sentences once.  From the same lines, and with the same vocabulary, come the
shards of ``bertprep shard`` and examples by google-research/bert's rules (tests/reference.py in
this repository, or what its script wrote from DIR/train.txt and DIR/held-out.txt with
DIR/vocab/vocab.txt, which --seeds 0 makes).  A BERT of two layers of 128 is trained on each with
several seeds, and tested on held-out examples of each.  Set beforehand, and for the means over the
seeds:

* trained on ours, a model may do no worse on Google's held-out examples, by more than LEARNED;
* trained on Google's, a model may do no worse on our held-out examples than on Google's, by more
  than READ.

Two differences are meant, and left out of the scores: Google's script predicts [UNK], which is
easily told, and ours does not; and its longest sentences, which ours cuts, always get a random next
one, so that the share of random pairs differs.  Hence only other tokens count, and both kinds of
pairs alike.

A comparison that cannot fail shows nothing: with --faults the same is asked of shards with 5% of
the labels of pairs flipped, and of shards whose predictions are shifted by one token.  Both must be
found.  Give text of unlike kinds (an encyclopaedia and novels, two languages), of 10 MB or more, as
a small model tells such pairs apart first.  What is done stays in DIR, and a run goes on from it:
--only trains some.  The exit code is 1 where a margin is passed, a fault is not found or pairs are
not learned.  What models scored goes to benchmarks/results/.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import numpy as np
import pyarrow.parquet as pq
import torch
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy
from transformers import BertConfig, BertForPreTraining

from bertprep.common.drops import Drops
from bertprep.corpus.read import read_split
from bertprep.corpus.splits import plan_splits
from bertprep.options import ReadOptions
from bertprep.shards.tfrecord import read_columns
from bertprep.text.segment import Segmenter
from pipelines.folders import files
from pipelines.folders.inputs import find_inputs

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.reference import (
    CLS,
    SEP,
    create_instances_from_document,
    create_masked_lm_predictions,
)

RESULTS = Path(__file__).parent / "results"
LENGTH, PREDICTIONS, VOCABULARY = 64, 10, 8000
SENTENCES = 40  # of a document
BATCH, HELD_OUT_PART = 32, 10  # every tenth document is held out
PASSES = {"train": 1, "held-out": 4}
FLIPPED = 0.05
UNKNOWN = 1  # [UNK], as `bertprep vocab` numbers it
KEPT_EVERY = 50  # steps
TESTED = 5000  # held-out examples of each kind: the share of pairs is known to 0.6%
DATA = ("google", "ours")
FAULTS = ("flipped", "shifted")
Rows = dict[str, NDArray[Any]]


class Scores(NamedTuple):
    """Of a model on held-out examples.

    ``masked_lm_loss`` is in nats a predicted token, [UNK] left out; ``pair_loss`` in nats a pair,
    the mean of those of next and of random pairs; ``pairs_right`` the same mean of the shares told
    right.
    """

    masked_lm_loss: float
    pair_loss: float
    pairs_right: float


# How much worse it may be: more nats a token, more nats a pair, fewer pairs.
LEARNED = Scores(0.1, 0.05, 0.03)  # what a seed changes is in it
READ = Scores(0.06, 0.03, 0.02)
LEARNT = 0.65  # of the pairs right: less, and there is nothing to compare


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", nargs="*", default=[], help="any INPUT of bertprep")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--google", type=Path, nargs=2, help="what Google's script wrote")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--faults", action="store_true")
    parser.add_argument("--only", default="", help="train those whose name (ours-0) holds this")
    args = parser.parse_args()
    torch.set_num_threads(1)
    prepare_ours(args.work, args.source)
    if not args.seeds:
        return  # the lines and the vocabulary are there, for Google's script
    prepare_theirs(args.work, args.google)
    names = (*DATA, *(FAULTS if args.faults else ()))
    results = {}
    for seed in range(args.seeds):
        for name in names:
            path = args.work / "results" / f"{name}-{seed}-{args.steps}.json"
            if not path.exists() and args.only in path.name:
                path.parent.mkdir(exist_ok=True)
                path.write_text(json.dumps(run(args.work, name, seed, args.steps)))
            if path.exists():
                found = json.loads(path.read_text())
                results[name, seed] = {kind: Scores(*scores) for kind, scores in found.items()}
    is_good = judge(results, names)
    keep_result(args.steps, results, is_good)
    sys.exit(0 if is_good else 1)


# The data


def prepare_ours(work: Path, source: Sequence[str]) -> None:
    """The lines, the vocabulary, and our examples, those that are not there yet."""
    work.mkdir(parents=True, exist_ok=True)
    if not (work / "held-out.txt").exists():
        write_lines(work, source)
    vocab = work / "vocab"
    if not vocab.exists():
        bertprep("vocab", work / "train.txt", "--vocab-size", VOCABULARY, "--output", vocab)
    sizes = ("--max-seq-length", LENGTH, "--max-predictions-per-seq", PREDICTIONS)
    for part, passes in PASSES.items():
        ours, text = work / f"ours-{part}", work / f"{part}.txt"
        if not ours.exists():
            options = (*sizes, "--dupe-factor", passes, "--sentences", "lines", "--vocab", vocab)
            bertprep("shard", text, *options, "--output", ours)


def prepare_theirs(work: Path, google: Sequence[Path] | None) -> None:
    """Google's examples, those that are not there yet."""
    for number, (part, passes) in enumerate(PASSES.items()):
        theirs = work / f"google-{part}.npz"
        if not theirs.exists():
            by_rules = work / f"{part}.txt", work / "vocab", passes
            rows = rows_of_script(google[number]) if google else rows_by_rules(*by_rules)
            np.savez(theirs, **rows)


def bertprep(*arguments: object) -> None:
    command = [sys.executable, "-m", "bertprep", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)


def write_lines(work: Path, source: Sequence[str]) -> None:
    """A sentence a line, a blank line behind each document; every tenth of these apart.

    A long text gives several documents, or the pairs of a book would be few.
    """
    options, segment = ReadOptions(), Segmenter()
    parts = [(work / f"{part}.txt").open("w", encoding="utf-8") for part in PASSES]
    number = 0
    for split in plan_splits(find_inputs(list(source), options).files, options):
        for batch in read_split(split, files.open_input, options, Drops()):
            for start, end in zip(batch.starts.tolist(), batch.ends.tolist(), strict=True):
                text = batch.text[start:end].decode()
                starts, ends = segment(text)
                lines = [" ".join(text[s:e].split()) for s, e in zip(starts, ends, strict=True)]
                lines = [line for line in lines if line]
                for start in range(0, len(lines), SENTENCES):
                    number += 1
                    part = parts[number % HELD_OUT_PART == 0]
                    part.write("\n".join(lines[start : start + SENTENCES]) + "\n\n")
    for part in parts:
        part.close()


def rows_of_script(path: Path) -> Rows:
    """The rows of google-research/bert's create_pretraining_data.py."""
    with path.open("rb") as stream:
        columns = read_columns(stream, str(path))
    labels = np.full(columns["input_ids"].shape, -100)
    row, slot = np.nonzero(columns["masked_lm_weights"])
    places = columns["masked_lm_positions"][row, slot]
    labels[row, places] = columns["masked_lm_ids"][row, slot]
    return {
        "input_ids": columns["input_ids"],
        "token_type_ids": columns["segment_ids"],
        "attention_mask": columns["input_mask"],
        "labels": labels,
        "next_sentence_label": columns["next_sentence_labels"].ravel(),
    }


def rows_by_rules(text: Path, vocab: Path, passes: int) -> Rows:
    """Rows by the published rules, one token at a time."""
    tokens = (vocab / "vocab.txt").read_text(encoding="utf-8").split("\n")[:-1]
    ids = {token: number for number, token in enumerate(tokens)}
    documents, rng = tokenized(text, vocab), Random(7)
    examples = []
    for _ in range(passes):
        for number in range(len(documents)):
            for pair in create_instances_from_document(documents, number, LENGTH - 3, 0.1, rng):
                row = [CLS, *pair.a, SEP, *pair.b, SEP]
                masked = create_masked_lm_predictions(row, 0.15, PREDICTIONS, tokens, rng)
                examples.append((masked, len(pair.a) + 2, pair.label))
    rows = {name: np.zeros((len(examples), LENGTH), np.int64) for name in COLUMNS}
    rows["labels"][:] = -100
    for n, (masked, first, _) in enumerate(examples):
        length = len(masked.tokens)
        rows["input_ids"][n, :length] = [ids[token] for token in masked.tokens]
        rows["attention_mask"][n, :length] = 1
        rows["token_type_ids"][n, first:length] = 1
        rows["labels"][n, masked.positions] = [ids[token] for token in masked.labels]
    return {**rows, "next_sentence_label": np.array([label for _, _, label in examples])}


INPUTS = ("input_ids", "token_type_ids", "attention_mask")
COLUMNS = (*INPUTS, "labels")


def tokenized(text: Path, vocab: Path) -> list[list[list[str]]]:
    """Documents as lists of sentences, these as lists of tokens, by the tokenizers library."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(vocab / "tokenizer.json"))
    tokenizer.no_truncation()
    documents = []
    for document in text.read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in document.split("\n") if line]
        found = tokenizer.encode_batch(lines, add_special_tokens=False)
        sentences = [encoded.tokens for encoded in found if encoded.tokens]
        if sentences:
            documents.append(sentences)
    return documents


def rows_of(work: Path, name: str, part: str) -> Rows:
    """The rows of one kind of data, faults made."""
    if name == "google":
        return dict(np.load(work / f"google-{part}.npz"))
    table = pq.read_table(work / f"ours-{part}" / "rows")
    rows = {n: table[n].combine_chunks().flatten().to_numpy().reshape(-1, LENGTH) for n in COLUMNS}
    rows["next_sentence_label"] = table["next_sentence_label"].to_numpy()
    return faulty(rows, name)


def held_out(work: Path, name: str) -> Rows:
    """Some of the held-out rows of one kind, the same each time."""
    rows = rows_of(work, name, "held-out")
    chosen = np.random.default_rng(5).permutation(len(rows["labels"]))[:TESTED]
    return {column: values[chosen] for column, values in rows.items()}


def faulty(rows: Rows, name: str) -> Rows:
    """Rows with a fault that the comparison must find."""
    if name == "flipped":
        label = rows["next_sentence_label"]
        is_flipped = np.random.default_rng(3).random(len(label)) < FLIPPED
        return {**rows, "next_sentence_label": np.where(is_flipped, 1 - label, label)}
    if name == "shifted":
        return {**rows, "labels": np.roll(rows["labels"], 1, axis=1)}
    return rows


# The model


def run(work: Path, name: str, seed: int, steps: int) -> dict[str, Scores]:
    """Trains on one kind of data; scores on the held-out examples of each kind."""
    torch.manual_seed(seed)
    rows = rows_of(work, name, "train")
    model = BertForPreTraining(
        BertConfig(
            vocab_size=max(VOCABULARY, int(rows["input_ids"].max()) + 1),
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
    optimizer = torch.optim.AdamW(model.parameters(), 1e-3, weight_decay=0.01)
    warm_up = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda n: min((n + 1) / 100, max(0.0, 1 - n / steps))
    )
    parts = {"model": model, "optimizer": optimizer, "warm_up": warm_up}
    kept = work / "results" / f"{name}-{seed}-{steps}.pt"
    first = restore(kept, parts)
    for step, batch in enumerate(drawn(rows, seed, steps)):
        if step < first:
            continue
        if step % KEPT_EVERY == 0:
            keep(kept, parts, step)
        masked_lm, pair = losses(model, batch)
        optimizer.zero_grad()
        (masked_lm + pair).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        warm_up.step()
    scores = scored(model, held_out(work, "google"), ["google"])
    scores |= scored(model, held_out(work, "ours"), ["ours", *FAULTS])
    print(f"{name}-{seed}: {scores}", flush=True)
    kept.unlink(missing_ok=True)
    return scores


def keep(path: Path, parts: Mapping[str, Any], step: int) -> None:
    """What a run that is broken off goes on from."""
    part = path.with_suffix(".part")
    torch.save({"step": step, **{n: of.state_dict() for n, of in parts.items()}}, part)
    part.rename(path)


def restore(path: Path, parts: Mapping[str, Any]) -> int:
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
    is_predicted = labels != -100
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
    return {kind: _score(model, states, told, faulty(rows, kind)) for kind in kinds}


def _score(model: Any, states: Any, told: NDArray[Any], rows: Rows) -> Scores:
    labels = torch.from_numpy(rows["labels"].astype(np.int64))
    is_predicted = (labels != -100) & (labels != UNKNOWN)
    nats = [
        cross_entropy(model.cls.predictions(part), answers, reduction="sum").item()
        for part, answers in zip(
            states[is_predicted].split(2048), labels[is_predicted].split(2048), strict=True
        )
    ]
    pairs = rows["next_sentence_label"]
    of_kinds = [told[pairs == kind] for kind in (0, 1)]
    loss = np.mean([-of_kind[:, kind].mean() for kind, of_kind in enumerate(of_kinds)])
    right = [(of_kind.argmax(axis=1) == kind).mean() for kind, of_kind in enumerate(of_kinds)]
    return Scores(sum(nats) / int(is_predicted.sum()), float(loss), float(np.mean(right)))


# The verdict


def judge(results: Mapping[tuple[str, int], dict[str, Scores]], names: Sequence[str]) -> bool:
    """Prints the comparison, and whether ours holds and each fault is found."""
    seeds = {n: [seed for name, seed in results if name == n] for n in names}
    if not seeds["google"]:
        print("nothing is trained on Google's examples yet")
        return False
    mean = {
        (name, kind): Scores(
            *np.mean([results[name, seed][kind] for seed in seeds[name]], axis=0).tolist()
        )
        for name in names
        if seeds[name]
        for kind in (*DATA, *FAULTS)
    }
    good = mean["google", "google"].pairs_right >= LEARNT
    if not good:
        print(f"the pairs are not learned: {mean['google', 'google']}; give --steps")
    for name in names[1:]:
        found = [*passed("READ", mean["google", "google"], mean["google", name], READ)]
        if seeds[name]:
            learned = mean["google", "google"], mean[name, "google"]
            found += passed("LEARNED", *learned, LEARNED)
        is_fault = name in FAULTS
        good &= bool(found) == is_fault
        verdict = "; ".join(found) or "within the margins"
        print(
            f"{name} ({len(seeds[name])} seeds): {verdict}{'' if found or not is_fault else ' (!)'}"
        )
    for (name, kind), scores in mean.items():
        print(f"  trained on {name}, tested on {kind}: {scores}")
    return good


def keep_result(
    steps: int, results: Mapping[tuple[str, int], dict[str, Scores]], is_good: bool
) -> None:
    """What each model scored, in the folder of results."""
    runs = [
        {"trained_on": name, "seed": seed, "tested_on": {k: s._asdict() for k, s in found.items()}}
        for (name, seed), found in sorted(results.items())
    ]
    margins = {"learned": LEARNED._asdict(), "read": READ._asdict()}
    report = {"steps": steps, "batch": BATCH, "margins": margins, "good": is_good, "runs": runs}
    path = RESULTS / f"{date.today()}-training-{steps}.json"
    path.write_text(json.dumps(report, indent=2) + "\n")


def passed(what: str, expected: Scores, found: Scores, margin: Scores) -> Iterator[str]:
    """The margins that a score passes."""
    for kind, field in (("token", "masked_lm_loss"), ("pair", "pair_loss")):
        more, admitted = getattr(found, field) - getattr(expected, field), getattr(margin, field)
        if more > admitted:
            yield f"{what}: {more:+.3f} nats a {kind}, more than {admitted}"
    fewer = expected.pairs_right - found.pairs_right
    if fewer > margin.pairs_right:
        yield f"{what}: {-fewer:+.1%} of the pairs, more than {margin.pairs_right:.1%}"


if __name__ == "__main__":
    main()
