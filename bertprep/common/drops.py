"""Nothing is lost silently: what is left out has a reason, a count and, if asked, a record."""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

DropWriter = Callable[[dict[str, object]], None]

# reason -> what the user is told
REASONS = {
    "empty_document": "documents without any token",
    "held_out": "documents held out by --holdout, for a folder of their own",
    "excluded_document": "documents listed by --exclude-documents",
    "title_line": "title lines of articles, which --keep-titles keeps",
    "bad_json": "lines that are not a JSON object",
    "no_text": "JSON lines and rows without the field of the text",
    "bulk_line": "lines that only announce the next one (of Elasticsearch, CirrusSearch)",
    "bad_pair": "lines that are not two sentences with one tab between",
    "bad_row": "rows of a table with other than its number of cells",
    "not_utf8": "documents that are not UTF-8",
    "replaced_bytes": "documents kept with U+FFFD for bytes that cannot be decoded",
    "wiki_redirect": "pages that only lead to another",
    "wiki_other_page": "pages that are no articles (talk, templates, modules, ...)",
    "no_prose": "articles with nothing but markup and lists of names",
    "wiki_template": "templates that show no text within a sentence (boxes, notes, navigation)",
    "wiki_table": "tables of wiki pages",
    "wiki_element": "references, formulas, galleries of wiki pages",
    "wiki_file": "links to files and categories in wiki pages",
    "wiki_list_item": "items of lists that are no sentences",
    "wiki_list_section": "lines of sections of links and literature",
    "no_main_text": "pages of the web without a text of their own",
    "web_other_record": "records of web archives that are no pages (requests, failures, images)",
    "licence": "licences before and behind the books of Project Gutenberg",
    "no_plain_text": "messages without a part of plain text",
    "quotation_only": "messages with nothing but quotations and a signature",
    "unterminated_page": "<page> without its </page>",
    "copy": "documents whose text was there already",
    "near_copy": "documents that share most of their words with another",
    "repeated_part": "lines or paragraphs that other documents have",
    "too_short": "documents of fewer words than --min-words",
    "too_long": "documents of more words than --max-words",
    "other_script": "documents with too few letters of --script",
    "other_language": "documents too little of which is shown to be in --languages",
    "contaminated": "documents that share 13 words in a row with --decontaminate",
    "gopher_word_count": "documents of under 50 or over 100,000 words",
    "gopher_word_length": "documents whose words have under 3 or over 10 letters on average",
    "gopher_symbols": "documents with more than one # in ten words, or more than one ...",
    "gopher_bullets": "documents with bullets before over 90% of their lines",
    "gopher_ellipses": "documents with ... behind over 30% of their lines",
    "gopher_alphabetic": "documents with letters in under 80% of their words",
    "gopher_stop_words": "documents with fewer than two of the most frequent English words",
    "gopher_repeated_lines": "documents with many lines or paragraphs twice",
    "gopher_repeated_words": "documents with many words in a row twice",
    "c4_line_end": "lines that do not end as a sentence does",
    "c4_line_words": "lines of under five words",
    "c4_line_notice": "lines on cookies, terms of use or JavaScript",
    "c4_code": "documents with a {",
    "c4_lorem_ipsum": "documents with lorem ipsum",
    "c4_sentences": "documents of under three sentences",
    "unterminated_document": "<doc> without its </doc>",
    "text_outside_document": "stretches of text outside of <doc> and </doc>",
    "damaged_file": "damaged compressed files, read up to the damage",
    "empty_sentence": "sentences without any token (control characters only)",
    "rare_word": "of the rarest distinct words, beyond the 2,000,000 a vocabulary is learned from",
    "nothing_to_predict": "rows in which nothing could be predicted",
    "unsplittable_sentence": "lone sentences that --task sop could not split",
}


_KEPT_SAMPLES = 3
_SAMPLE_CHARACTERS = 200
# Names that are kept of a run, and at most on the way to there.
_KEPT_NAMES, _MOST_NAMES = 50, 20_000


class DropSample(NamedTuple):
    """One drop to show: the file and byte where it starts, and the beginning of what was there."""

    file: str
    offset: int
    text: str


Samples = dict[str, list[DropSample]]


def merge_samples(samples: Samples, others: Mapping[str, Iterable[DropSample]]) -> None:
    """Adds other samples; those of each reason that stay are its first by file and place."""
    for reason, found in others.items():
        samples[reason] = sorted({*samples.get(reason, ()), *found})[:_KEPT_SAMPLES]


def samples_json(samples: Mapping[str, Iterable[DropSample]]) -> dict[str, list[dict[str, Any]]]:
    """Samples as a manifest holds them."""
    return {reason: [sample._asdict() for sample in kept] for reason, kept in samples.items()}


def frequent_names(names: Counter[str], count: int = _KEPT_NAMES) -> Counter[str]:
    """The most frequent of them; ties go by the name."""
    ordered = sorted(names.items(), key=lambda item: (-item[1], item[0]))
    return Counter(dict(ordered[:count]))


class Drops:
    """Counts what is left out, by reason, and passes each on to ``writer`` where there is one.

    ``samples`` are the first few of each reason by file and place, whatever order they came in;
    ``names`` counts what has a name of its own, as templates have, by ``reason:name``.
    """

    def __init__(self, writer: DropWriter | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self.samples: Samples = {}
        self.names: Counter[str] = Counter()
        self._writer = writer

    def add(self, reason: str, name: str, offset: int, content: bytes | str = b"") -> None:
        """Notes one drop.

        Args:
            reason: one of ``REASONS``.
            name: of the file that it was in.
            offset: the byte of the file where it starts, or the row of a table.
            content: all of it; of a sample the beginning is kept.
        """
        self.counts[reason] += 1
        self._keep_sample(reason, name, offset, content)
        if self._writer:
            self._writer(
                {"reason": reason, "file": name, "offset": offset, "text": _readable(content)}
            )

    def add_named(self, reason: str, name: str, offset: int, of: str) -> None:
        """Notes a drop of something that has a name.

        Args:
            reason: one of ``REASONS``.
            name: of the file that it was in.
            offset: the byte of the file where it starts, or the row of a table.
            of: the name, as of a template.
        """
        self.add(reason, name, offset, of)
        self.names[f"{reason}:{of}"] += 1
        if len(self.names) > _MOST_NAMES:
            self.names = frequent_names(self.names, _MOST_NAMES // 2)

    def _keep_sample(self, reason: str, name: str, offset: int, content: bytes | str) -> None:
        kept = self.samples.setdefault(reason, [])
        if len(kept) == _KEPT_SAMPLES and (name, offset) > kept[-1][:2]:
            return
        # A character has four bytes at most; the one that this cuts in two is cut off as well.
        text = _readable(content[: 4 * _SAMPLE_CHARACTERS])[:_SAMPLE_CHARACTERS]
        sample = DropSample(name, offset, text)
        if sample not in kept:
            insort(kept, sample)
            del kept[_KEPT_SAMPLES:]


def _readable(content: bytes | str) -> str:
    # A JSON string may hold half a surrogate pair, which no file can be given.
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "replace")
    return raw.decode("utf-8", "replace")
