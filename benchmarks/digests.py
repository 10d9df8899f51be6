"""Prints a digest of the output of many small runs, to see that a change of code changes no byte.

    python benchmarks/digests.py FILES... > before.txt     # then change the code
    python benchmarks/digests.py FILES... | diff before.txt -

Covered are `vocab`, `prepare`, `clean`, and `shard` in every layout and container, packed, binned,
with each masking and task, from raw text and from prepared documents.  Each line is the SHA-256 of
the names and contents of all files of an output folder, but for run.json, which says when and by
whom; manifests count without the versions of libraries.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from bertprep.shards.names import RUN_NAME

_VOCABULARIES = {"vocab": "", "vocab-cased": "--cased --unused-tokens 20 --limit-alphabet 200"}
_SHARDS = {
    "huggingface": "",
    "huggingface-tfrecord": "--output-format tfrecord --layout huggingface",
    "google": "--output-format tfrecord",
    "google-parquet": "--layout google --num-shards 3",
    "modelgarden": "--output-format tfrecord --layout modelgarden",
    "modelgarden-none": "--layout modelgarden --task none --output-format parquet",
    "bert4keras": "--layout bert4keras --task none",
    "bert4keras-parquet": "--layout bert4keras --task none --output-format parquet",
    "lddl": "--layout lddl --num-shards 4",
    "lddl-bins": "--layout lddl --num-shards 2 --bin-size 32",
    "lddl-unmasked": "--layout lddl --num-shards 2 --masking none",
    "sop": "--task sop --dupe-factor 2",
    "none": "--task none --max-seq-length 64",
    "whole-word": "--masking whole-word",
    "jieba": "--masking whole-word --word-segmenter jieba",
    "span": "--masking span --seed 7",
    "unmasked": "--masking none",
    "unmasked-google": "--masking none --output-format tfrecord",
    "unmasked-modelgarden": "--masking none --layout modelgarden",
    "bins": "--bin-size 32",
    "bins-google": "--bin-size 64 --output-format tfrecord",
    "pack": "--pack --max-seq-length 256",
    "pack-unmasked": "--pack --max-seq-length 256 --masking none",
    "pack-sop": "--pack --task sop --output-format tfrecord --layout huggingface",
    "wrapped": "--sentences wrapped --documents file --write-drops",
    "lines": "--sentences lines",
    "ragged": "--layout ragged",
    "ragged-unmasked": "--layout ragged --masking none",
    "mds": "--layout mds",
    "mds-sop": "--layout mds --task sop --bin-size 32",
    "cleaned-at-once": "--near-duplicates 0.8 --rules c4",
}
_PREPARED = {"from-prepared": "--dupe-factor 2", "megatron": "--layout megatron"}
_CLEANED = "--near-duplicates 0.8 --rules c4 --duplicates lines --write-drops"


def main() -> None:
    """Runs everything; the first run that fails ends it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inputs", nargs="+", help="what every run reads")
    parser.add_argument("--only", nargs="*", help="names of the runs; vocab and prepare always run")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _run_all(Path(folder), chosen.inputs, chosen.only)


def _run_all(folder: Path, inputs: list[str], only: list[str] | None) -> None:
    for name, options in _VOCABULARIES.items():
        _run(folder / name, "vocab", *inputs, "--vocab-size", "4000", *options.split())
    vocabulary = ["--vocab", str(folder / "vocab")]
    prepared = folder / "prepared"
    _run(prepared, "prepare", *inputs, *vocabulary)
    for name, options in _SHARDS.items():
        if only is None or name in only:
            usual = [] if "--dupe-factor" in options else ["--dupe-factor", "2"]
            _run(folder / name, "shard", *inputs, *vocabulary, *usual, *options.split())
    for name, options in _PREPARED.items():
        if only is None or name in only:
            _run(folder / name, "shard", str(prepared), *options.split())
    if only is None or "cleaned" in only:
        _run(folder / "cleaned", "clean", *inputs, *_CLEANED.split())


def _run(output: Path, command: str, *arguments: str) -> None:
    line = [sys.executable, "-m", "pipelines.cli", command, *arguments, "--output", str(output)]
    done = subprocess.run(line, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(line)}\n{done.stderr}")
    print(f"{digest(output)}  {output.name}", flush=True)


def digest(folder: Path) -> str:
    """SHA-256 (hexadecimal) of the files of a folder, names and contents."""
    found = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if path.name == RUN_NAME:
            continue
        content = path.read_bytes()
        if path.name == "manifest.json":
            manifest = json.loads(content)
            manifest.pop("versions", None)
            content = json.dumps(manifest, sort_keys=True).encode()
        found.update(f"{path.relative_to(folder)}\0{len(content)}\0".encode() + content)
    return found.hexdigest()


if __name__ == "__main__":
    main()
