"""The choice that was meant by a word that is none: words of other tools, and near ones."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

# Words that other tools and papers have, and the choices that do the same, by option.
_OTHER_WORDS: dict[str, dict[str, str]] = {
    "task": {
        **dict.fromkeys(("mlm", "roberta", "masked-lm", "lm", "no", "off"), "none"),
        **dict.fromkeys(("bert", "mlm-nsp", "mlm+nsp", "nsp+mlm", "next-sentence"), "nsp"),
        **dict.fromkeys(("albert", "mlm-sop", "mlm+sop", "sentence-order"), "sop"),
    },
    "masking": {
        **dict.fromkeys(("wwm", "word", "words", "whole"), "whole-word"),
        **dict.fromkeys(("spanbert", "ngram", "n-gram"), "span"),
        **dict.fromkeys(("static", "mlm", "subword", "wordpiece", "bert"), "token"),
        **dict.fromkeys(("dynamic", "off", "no"), "none"),
    },
    "input-format": {
        **dict.fromkeys(("txt", "plain"), "text"),
        **dict.fromkeys(("wiki", "wikipedia", "xml", "dump"), "mediawiki"),
        **dict.fromkeys(("json-lines", "ndjson"), "jsonl"),
        **dict.fromkeys(("wet", "arc", "commoncrawl", "common-crawl"), "warc"),
        **dict.fromkeys(("datasets", "feather", "ipc"), "arrow"),
        **dict.fromkeys(("mbox", "eml", "email", "20newsgroups"), "mail"),
        **dict.fromkeys(("c4", "oscar", "pile", "the-pile", "news2016zh"), "jsonl"),
        **dict.fromkeys(("cc100", "cc-100", "thucnews", "cluecorpus", "cluecorpus2020"), "text"),
        **dict.fromkeys(("books", "bookscorpus", "toronto-books"), "bookcorpus"),
    },
    "documents": {"paragraph": "blank-line", "paragraphs": "blank-line", "lines": "line"},
    "output-format": {"tfrecords": "tfrecord", "tf": "tfrecord", "arrow": "parquet"},
    "layout": {"hf": "huggingface", "transformers": "huggingface", "bert": "google"},
}
# What a choice does, where its name alone does not say so.
_WHAT_IT_IS = {
    ("task", "none"): "masks alone, without pairs",
    ("masking", "none"): "a loader masks anew in each epoch",
    ("input-format", "warc"): "WARC, ARC and WET",
}


def meant(option: str, value: str, choices: Sequence[str]) -> str:
    """The end of an error: the choice that was meant, as a sentence; empty if none is near.

    Args:
        option: its name, without the two hyphens.
        value: what was given.
        choices: what it takes.

    >>> meant("task", "mlm", ["nsp", "sop", "none"])
    'Did you mean none (masks alone, without pairs)?'
    """
    word = value.lower().replace("_", "-").replace(" ", "-")
    found = _OTHER_WORDS.get(option, {}).get(word, "")
    if found not in choices:
        found = next(iter(difflib.get_close_matches(word, choices, n=1)), "")
    if not found:
        return ""
    what = _WHAT_IT_IS.get((option, found))
    return f"Did you mean {found}{f' ({what})' if what else ''}?"
