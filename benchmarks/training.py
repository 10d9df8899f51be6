"""Whether a model learns as much from these shards as from google-research/bert's own examples.

    python benchmarks/training.py --work DIR --source wiki/* novels.txt
    python benchmarks/training.py --work DIR --source ... --seeds 0
    python benchmarks/training.py --work DIR --google TRAIN.tfrecord HELD_OUT.tfrecord

The text is cut into sentences once.  From the same lines, and with the same vocabulary, come the
shards of ``bertprep shard`` and examples by google-research/bert's rules (tests/reference.py in
this repository, or what its script wrote from DIR/train.txt and DIR/held-out.txt with
DIR/vocab/vocab.txt, which --seeds 0 makes).  A BERT of two layers of 128 is trained on each with
several seeds, and tested on held-out examples.  Set beforehand, and for the means over the
seeds:

* trained on ours, a model may do no worse on Google's held-out examples, by more than LEARNED;
* trained on Google's, a model may do no worse on our held-out examples than on Google's, by more
  than READ.

Two differences are meant, and left out of the scores: Google's script predicts [UNK], which is
easily told, and ours does not; and its longest sentences, which ours cuts, always get a random next
one, so that the share of random pairs differs.  Hence only other tokens count, and both kinds of
pairs alike.

A comparison that cannot fail shows nothing: with --faults models are trained on shards with 5% of
the labels of pairs flipped, and on shards whose predictions are shifted by one token, and the same
is asked of them: each must be found by what the models learned, or by how Google's model reads such
rows.  A wrong label in twenty hardly shows in how many pairs a model tells right.  It does where
the answer is beyond doubt, in pairs whose halves are of two scripts: there a model gives the wrong
label as much probability as it was taught.  And what is a place off fits better a place away.
Hence give text in Latin and in Chinese letters, and of unlike kinds (an encyclopaedia and novels),
of 10 MB or more, as a small model tells such pairs apart first.

What is done stays in DIR, and a run goes on from it: --only trains some.  The exit code is 1 where
a margin is passed, a fault is not found or pairs are not learned.  What models scored goes to
benchmarks/results/.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from training_model import BATCH, Scores, run
from training_rows import DATA, FAULTS, prepare_ours, prepare_theirs

RESULTS = Path(__file__).parent / "results"
# How much worse it may be: nats a token, nats a token fewer one place away, nats a pair, shares.
LEARNED = Scores(0.1, 0.03, 0.05, 0.03, 0.025)  # what a seed changes is in it
READ = Scores(0.06, 0.06, 0.03, 0.02, 0.025)
# More, and there is nothing to compare.
LEARNT = Scores(8.0, 0.0, 0.65, 0.35, 0.025)
UNITS = Scores(
    "nats a token", "nats a token if misplaced", "nats a pair", "pairs wrong", "plain pairs doubted"
)
Results = Mapping[tuple[str, int], Mapping[str, Scores]]


class Difference(NamedTuple):
    """How much worse one score is than Google's, over seeds that began with the same weights.

    Attributes:
        mean: over the seeds.
        error: the standard error of the mean; None of a single seed.
        margin: what is admitted.
    """

    mean: float
    error: float | None
    margin: float

    @property
    def power(self) -> float | None:
        """How likely it is that as many other seeds find the margin passed; None of one seed."""
        if not self.error:
            return None
        return 0.5 * (1 + math.erf((self.mean - self.margin) / self.error / math.sqrt(2)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", nargs="*", default=[], help="any INPUT of bertprep")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--google", type=Path, nargs=2, help="what Google's script wrote")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--faults", action="store_true")
    parser.add_argument("--only", default="", help="train those whose name (ours-0) holds this")
    args = parser.parse_args()
    torch.set_num_threads(1)
    prepare_ours(args.work, args.source)
    if not args.seeds:
        return  # the lines and the vocabulary are there, for Google's script
    prepare_theirs(args.work, args.google)
    names = (*DATA, *(FAULTS if args.faults else ()))
    results = trained(args, names)
    verdict = judge(results, names)
    keep_result(args.steps, results, verdict)
    sys.exit(0 if verdict["good"] else 1)


def trained(args: argparse.Namespace, names: Sequence[str]) -> Results:
    """The scores of all models that are there, after training those that are asked for."""
    results = {}
    for seed in range(args.seeds):
        for name in names:
            path = args.work / "results" / f"{name}-{seed}-{args.steps}.json"
            if not path.exists() and args.only in path.name:
                path.parent.mkdir(exist_ok=True)
                scores = run(args.work, name, seed, args.steps)
                path.write_text(json.dumps({k: s._asdict() for k, s in scores.items()}))
            if path.exists():
                found = json.loads(path.read_text())
                results[name, seed] = {kind: Scores(**scores) for kind, scores in found.items()}
    return results


# The verdict


def judge(results: Results, names: Sequence[str]) -> dict[str, object]:
    """Prints the comparison, and whether ours holds and each fault is found; gives both back."""
    seeds = sorted(seed for name, seed in results if name == "google")
    if not seeds:
        print("nothing is trained on Google's examples yet")
        return {"good": False}
    mean = Scores(*np.mean([results["google", seed]["google"] for seed in seeds], axis=0).tolist())
    good = all(a <= b for a, b in zip(mean, LEARNT, strict=True))
    print(f"Google's: {mean}" + ("" if good else " (not learned: give --steps)"))
    differences = {}
    for name in names[1:]:
        passed = []
        for what, found in compared(results, name).items():
            differences[f"{name}: {what}"] = found
            passed += [kind for kind, one in found.items() if one.mean > one.margin]
            print(f"{name} {what}: {', '.join(told(found)) if found else 'not trained'}")
        good &= bool(passed) == (name in FAULTS)
    as_json = {
        what: {kind: {**one._asdict(), "power": one.power} for kind, one in found.items()}
        for what, found in differences.items()
    }
    return {"good": good, "worse_than_google": as_json}


def compared(results: Results, name: str) -> dict[str, dict[str, Difference]]:
    """How much worse Google's model reads the rows, and a model of these reads Google's rows."""
    google = [seed for of, seed in results if of == "google"]
    both = [seed for of, seed in results if of == name and seed in google]
    pairs = {
        "read": [(results["google", s]["google"], results["google", s][name]) for s in google],
        "learned": [(results["google", s]["google"], results[name, s]["google"]) for s in both],
    }
    margins = {"read": READ, "learned": LEARNED}
    return {what: dict(_differences(found, margins[what])) for what, found in pairs.items()}


def _differences(
    pairs: Sequence[tuple[Scores, Scores]], margins: Scores
) -> Iterator[tuple[str, Difference]]:
    if not pairs:
        return
    worse = np.array([np.subtract(found, expected) for expected, found in pairs])
    many = len(pairs) > 1
    error = worse.std(axis=0, ddof=1) / math.sqrt(len(pairs)) if many else worse[0]
    values = zip(Scores._fields, worse.mean(axis=0).tolist(), error.tolist(), margins, strict=True)
    for kind, mean, of_mean, margin in values:
        yield kind, Difference(mean, of_mean if many else None, margin)


def told(differences: Mapping[str, Difference]) -> Iterator[str]:
    for unit, (mean, error, margin) in zip(UNITS, differences.values(), strict=True):
        passed = f" (more than {margin})" if mean > margin else ""
        spread = "" if error is None else f" ±{error:.3f}"
        yield f"{mean:+.3f}{spread} {unit}{passed}"


def keep_result(steps: int, results: Results, verdict: Mapping[str, object]) -> None:
    """Writes the score of each model into the folder of results."""
    runs = [
        {"trained_on": name, "seed": seed, "tested_on": {k: s._asdict() for k, s in found.items()}}
        for (name, seed), found in sorted(results.items())
    ]
    margins = {"learned": LEARNED._asdict(), "read": READ._asdict()}
    report = {"steps": steps, "batch": BATCH, "margins": margins, **verdict, "runs": runs}
    path = RESULTS / f"{date.today()}-training-{steps}.json"
    path.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
