"""Makes a corpus of any size in WikiExtractor's format: no repeats, and a growing vocabulary.

    python benchmarks/corpus.py OUTPUT --megabytes 100 [--source FILES...]

The source's own documents (any text; by default the prose of Python's documentation) come first,
as they are. What is missing is generated from them: a document keeps its shape, a third of its
words is drawn anew from the source's distribution, and about one word in eighty is a blend of two
real ones, so that distinct words go on growing about as they do from 20 to 100 MB of English
Wikipedia.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from pydoc_data.topics import topics

import numpy as np

REDRAWN = 0.35
BLENDED = 1 / 80
FILE_BYTES = 1_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=Path)
    parser.add_argument("--megabytes", type=float, default=100)
    parser.add_argument("--source", type=Path, nargs="*", default=[])
    args = parser.parse_args()
    size = build(args.output, int(args.megabytes * 1e6), args.source)
    print(f"{size / 1e6:.1f} MB in {args.output}")


def build(output: Path, size: int | None, source: list[Path]) -> int:
    """Writes files of about 1 MB, the same for the same arguments; gives the bytes of their text.

    Args:
        output: the folder to write to.
        size: how many bytes; None for the source's documents and no more.
        source: files and folders of text.
    """
    output.mkdir(parents=True, exist_ok=True)
    written = number = 0
    block: list[str] = []
    block_bytes = 0
    texts = read_source(source)
    for count, document in enumerate(documents(texts), 1):
        block.append(document)
        block_bytes += len(document.encode())
        done = written + block_bytes >= size if size else count == len(texts)
        if block_bytes >= FILE_BYTES or done:
            (output / f"wiki_{number:05}").write_text("".join(block), encoding="utf-8")
            written, number = written + block_bytes, number + 1
            block, block_bytes = [], 0
        if done:
            break
    return written


def read_source(paths: list[Path]) -> list[str]:
    """The texts of the source's documents, one paragraph a line."""
    if not paths:
        return [re.sub(r"(?<=\S)\n(?=\S)", " ", text) for _, text in sorted(topics.items())]
    files = sorted(file for path in paths for file in (path.iterdir() if path.is_dir() else [path]))
    return [text for file in files for text in _split(file.read_text(encoding="utf-8"))]


def _split(text: str) -> list[str]:
    bodies = re.findall(r"(?ms)^<doc [^\n]*>\n(.*?)\n</doc>", text)
    return [body.strip() for body in (bodies or re.split(r"\n\s*\n", text)) if body.strip()]


def documents(texts: list[str]) -> Iterator[str]:
    """The source's documents, then generated ones without end."""
    for number, text in enumerate(texts):
        yield _tagged(number, text)
    shapes = [re.findall(r"\n+|[^\s]+", text) for text in texts]
    words = np.array([word for shape in shapes for word in shape if word[0] != "\n"], object)
    rng = np.random.default_rng(0)
    number = len(texts)
    while True:
        shape = np.array(shapes[rng.integers(len(shapes))], object)
        yield _tagged(number, _varied(shape, words, rng))
        number += 1


def _varied(shape: np.ndarray, words: np.ndarray, rng: np.random.Generator) -> str:
    draw = rng.random(len(shape))
    is_word = np.array([token[0] != "\n" for token in shape])
    redrawn = is_word & (draw < REDRAWN)
    shape[redrawn] = words[rng.integers(len(words), size=int(redrawn.sum()))]
    for position in np.flatnonzero(is_word & (draw > 1 - BLENDED)).tolist():
        first, second = words[rng.integers(len(words), size=2)]
        shape[position] = first[: len(first) // 2 + 1] + second[len(second) // 2 :]
    return re.sub(r" ?(\n+) ?", r"\1", " ".join(shape))


def _tagged(number: int, text: str) -> str:
    title = f"Article {number}"
    return f'<doc id="{number}" url="" title="{title}">\n{title}\n\n{text}\n\n</doc>\n'


if __name__ == "__main__":
    main()
