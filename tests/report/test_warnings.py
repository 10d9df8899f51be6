"""What is warned of: text that went wrong, and no other."""

from __future__ import annotations

import json
import re
import textwrap
from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bertprep.learning.learn import learn_vocabulary
from bertprep.options import ReadOptions
from bertprep.report.row_warnings import shard_findings
from bertprep.report.warnings import prepared_findings
from bertprep.shards.manifest_types import Finding, MixedInput
from bertprep.shards.manifest_writing import to_json
from bertprep.vocabulary.reserved_tokens import special_and_unused
from bertprep.vocabulary.tokenizer import bert_normalizer
from bertprep.vocabulary.vocabulary import Vocabulary
from tests.lanes import usual_of
from tests.odd_corpora import ODD_CORPORA, OPTIONS, Maker
from tests.report.figures import manifest_of

pytestmark = pytest.mark.slow  # a vocabulary of all odd corpora


@cache
def vocabulary() -> Vocabulary:
    """Learned from all of the odd corpora, as one that fits them would be."""
    from collections import Counter

    import pyarrow as pa
    import regex

    counts: Counter[str] = Counter()
    normalize = bert_normalizer(True).normalize_str
    for build in ODD_CORPORA.values():
        counts.update(regex.findall(r"\p{Han}|[\p{L}\p{M}\p{N}]+|\S", normalize(build())))
    words = pa.array([word[:100] for word in counts])
    pieces = learn_vocabulary(
        words, np.array(list(counts.values())), size=4000, min_frequency=1, limit_alphabet=2000
    ).pieces
    return Vocabulary((*special_and_unused(0), *pieces), True)


def findings_of(text: str, read: ReadOptions | None = None, **options: Any) -> dict[str, Finding]:
    options = {"dupe_factor": 5, **options}
    found = shard_findings(manifest_of(text, vocabulary(), read, **options))
    return {finding.name: finding for finding in found}


def prose(seed: str, documents: int = 60, paragraphs: int = 6) -> str:
    m = Maker(seed)
    return "\n\n".join(
        "\n".join(m.paragraph() for _ in range(paragraphs)) for _ in range(documents)
    )


@pytest.mark.parametrize("length", usual_of([128, 512], [512]))
def test_at_most_one_odd_corpus_is_warned_of(length: int) -> None:
    warned = []
    for kind, build in ODD_CORPORA.items():
        chosen = OPTIONS.get(kind, [])
        read = ReadOptions(
            **{name[2:]: value for name, value in zip(chosen[::2], chosen[1::2], strict=True)}
        )
        warned += [(kind, *pair) for pair in findings_of(build(), read, max_seq_length=length)]
    assert len(ODD_CORPORA) >= 50
    assert len({kind for kind, *_ in warned}) <= 1, warned


def test_ordinary_prose_is_not_warned_of() -> None:
    for length in (64, 128, 512):
        assert findings_of(prose("ordinary"), max_seq_length=length) == {}


def test_hard_wrapped_lines_are_told_and_the_remedy_helps() -> None:
    text = "\n\n\n".join(textwrap.fill(d, 70) for d in prose("wrapped").split("\n\n"))
    found = findings_of(text)["hard_wrapped_lines"]
    assert found.figure > 0.6 and "--sentences wrapped" in found.text
    assert findings_of(text, ReadOptions(sentences="wrapped")) == {}


def test_unknown_words_are_told_with_those_behind_them() -> None:
    text = prose("unknown").replace("the ", "ξένος ")
    found = findings_of(text)["unknown_tokens"]
    assert found.figure > 0.01
    assert "words: ξένος " in found.text and "characters: ε " in found.text


def test_unknown_quotes_and_emoji_are_no_sign_of_a_wrong_vocabulary() -> None:
    assert "unknown_tokens" not in findings_of(prose("quotes").replace(". ", ". \u2042 "))


def test_documents_of_one_sentence_are_told() -> None:
    m = Maker("single")
    text = "\n".join(m.sentence() for _ in range(900))
    read = ReadOptions(documents="line")
    assert findings_of(text, read)["all_pairs_random"].figure == 1
    mixed = f"{prose('mixed', 60, 1)}\n\n" + text.replace("\n", "\n\n")
    found = findings_of(mixed)["single_sentence_documents"]
    assert found.figure > 0.35 and "--documents" in found.text
    assert findings_of(mixed, task="none") == {}


def test_whole_documents_on_a_line_are_told() -> None:
    text = prose("lines", 80).replace("\n\n", "\r").replace("\n", " ").replace("\r", "\n")
    paragraphs = "\n\n".join("\n".join(text.split("\n")[i : i + 8]) for i in range(0, 80, 8))
    found = findings_of(paragraphs, ReadOptions(sentences="lines"))
    assert {"long_mean_sentence"} <= found.keys() or {"long_sentences"} <= found.keys()
    assert any("--sentences rules" in finding.text for finding in found.values())
    assert findings_of(paragraphs) == {}


@pytest.mark.parametrize("length", [128, 512])
def test_words_spelled_letter_by_letter_are_told(length: int) -> None:
    """A vocabulary of another language has the letters, if need be, and so no [UNK] tells of it."""
    letters = "abcdefghijklmnopqrstuvwxyz0123456789,.!?;:'\"-()"
    pieces = (*special_and_unused(0), *letters, *(f"##{letter}" for letter in letters))
    text = re.sub(r" (the|a|his|her|our|their) ", r" \1 international ", prose("spelled"))
    manifest = manifest_of(text, Vocabulary(pieces, True), max_seq_length=length, dupe_factor=2)
    assert manifest.statistics["unknown_token_share"] == 0
    found = {finding.name: finding for finding in shard_findings(manifest)}
    assert found["long_mean_sentence"].figure > 100
    assert "learn one with `bertprep vocab`" in found["long_mean_sentence"].text
    assert findings_of(text, max_seq_length=length) == {}


@pytest.mark.parametrize("length", [128, 512])
def test_planted_faults_are_told_at_this_length(length: int) -> None:
    """Each fault in ordinary prose, which is not warned of without it."""
    text, paragraph = prose("planted", 90), "\n\n"
    assert findings_of(text, max_seq_length=length) == {}
    wrapped = "\n\n\n".join(textwrap.fill(each, 60) for each in text.split("\n\n"))
    sentences = re.sub(r"(?<=[.!?])\s+", "\n\n", text)
    ends = re.findall(r"[^.!?]+[.!?]", text.replace("\n", " "))
    loose = [f"{end}{' ' if at % 10 in (2, 4, 6, 8) else paragraph}" for at, end in enumerate(ends)]
    whole = "\n\n".join(
        "\n".join(each.replace("\n", " ") for each in part)
        for part in _parts(text.split("\n\n"), 6)
    )
    faults: dict[str, tuple[str, ReadOptions | None]] = {
        "hard_wrapped_lines": (wrapped, None),
        "unknown_tokens": (text.replace("the ", "ξένος "), None),
        "all_pairs_random": (sentences, None),
        "random_next_share": ("".join(loose), None),
        "long_mean_sentence": (whole, ReadOptions(sentences="lines")),
        "short_mean_sentence": (re.sub(r" |(?=[.,])", "\n", text), None),
    }
    for name, (faulty, read) in faults.items():
        assert name in findings_of(faulty, read, max_seq_length=length), name


def _parts(items: list[str], size: int) -> list[list[str]]:
    return [items[at : at + size] for at in range(0, len(items), size)]


@pytest.mark.parametrize(("length", "sentence"), [(128, 90), (512, 330)])
def test_sentences_too_long_for_rows_are_told(length: int, sentence: int) -> None:
    """Of so many words each, as no rule cuts: what truncation and long sentences look like."""
    words = re.findall("[a-z]+", prose("long"))
    stretches = [" ".join(words[at : at + sentence]) for at in range(0, len(words), sentence)]
    m = Maker("between")
    text = "\n\n".join(
        "\n".join(f"{stretch}.\n{m.sentence()}" for stretch in part)
        for part in _parts(stretches, 8)
    )
    read = ReadOptions(sentences="lines")
    found = findings_of(text * 4, read, max_seq_length=length, dupe_factor=10)
    assert {"long_sentences", "truncated_tokens", "long_mean_sentence"} & found.keys(), found


def test_a_word_a_line_is_told() -> None:
    words = prose("words").replace(".", " .").replace(",", " ,").replace("\n\n", "\r").split(" ")
    found = findings_of("\n".join(words).replace("\r", "\n\n"))
    assert found["short_mean_sentence"].figure < 5


def test_rows_with_nothing_to_predict_are_told() -> None:
    m = Maker("whole words")
    hopeless = "\n\n".join(
        " ".join("".join(m.random.choices("xqzjkvw", k=30)) for _ in range(3)) + "."
        for _ in range(400)
    )
    options = {"masking": "whole-word", "max_predictions_per_seq": 1, "task": "none"}
    found = findings_of(hopeless, max_seq_length=64, **options)
    assert found["rows_without_predictions"].figure > 0.1


def test_little_text_proves_nothing() -> None:
    assert findings_of("Ein Satz.\n\nNoch einer. Und einer.") == {}


def test_findings_as_a_manifest_holds_them() -> None:
    manifest = manifest_of(prose("unknown").replace("the ", "ξένος "), vocabulary())
    found = prepared_findings(manifest)
    assert [f.name for f in found] == ["unknown_tokens"]
    written = json.loads(to_json(replace(manifest, warnings=tuple(found))))
    assert written["warnings"] == [
        {"name": f.name, "figure": f.figure, "text": f.text} for f in found
    ]
    assert next(iter(written["unknown_words"])) == "ξένος"
    assert next(iter(written["unknown_characters"])) in "ξενος"


def test_what_recognition_counts_is_a_finding_too() -> None:
    text = prose("marks").replace(" the ", " [MASK] ", 5)
    found = findings_of(text)["mask_marks"]
    assert found.figure == 5 and "before it was masked" in found.text


def test_documents_that_files_cut_in_two_are_told() -> None:
    manifest = manifest_of("One panda eats. It sleeps.\n\nTwo eat. They sleep.", vocabulary())
    assert prepared_findings(manifest) == []
    cut = replace(manifest, drops={"unterminated_document": 3, "text_outside_document": 2})
    (finding,) = prepared_findings(cut)
    assert (finding.name, finding.figure) == ("cut_documents", 5)
    assert "5 parts of documents" in finding.text
    assert "join them by cat" in finding.text


def test_a_separator_that_parts_no_file_is_told() -> None:
    read = ReadOptions(document_separator="<|end|>")
    manifest = manifest_of(prose("whole", documents=2), vocabulary(), read)
    files = [SimpleNamespace(format="text")] * 2
    (finding,) = prepared_findings(replace(manifest, inputs=files))
    assert (finding.name, finding.figure) == ("undivided_documents", 2)
    assert "--document-separator '<|end|>' parted none of 2 files (2 documents)" in finding.text
    parted = replace(manifest, inputs=files, documents=3)
    of_lines = replace(manifest, inputs=[*files, SimpleNamespace(format="jsonl")])
    unasked = replace(manifest, inputs=files, read=ReadOptions())
    for each in (parted, of_lines, unasked):
        assert prepared_findings(each) == []


def test_an_input_of_a_mixture_that_is_taken_often_is_told() -> None:
    manifest = manifest_of(prose("mixed"), vocabulary())
    wiki = MixedInput("wiki", 0.5, 90_000, 1.0, 90_000, 300)
    tiny = MixedInput("tiny", 0.5, 900, 100.0, 90_000, 200)
    (finding,) = prepared_findings(replace(manifest, mixture=(wiki, tiny)))
    assert (finding.name, finding.figure) == ("taken_often", 100.0)
    assert "tiny of the mixture is taken 100 times, as it is small (2 documents)" in finding.text
    some = tiny._replace(passes=16.0)  # as the smallest of many languages, smoothed
    assert prepared_findings(replace(manifest, mixture=(wiki, some))) == []
