"""The formats that bertprep reads.  A new one is a module beside this and its line here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from bertprep.corpus.files import InputFile
from bertprep.corpus.formats.arrow import Arrow
from bertprep.corpus.formats.bookcorpus import BookCorpus
from bertprep.corpus.formats.csv import Csv, Tsv
from bertprep.corpus.formats.format import Format
from bertprep.corpus.formats.gutenberg import Gutenberg
from bertprep.corpus.formats.html import Html
from bertprep.corpus.formats.imdb import Imdb
from bertprep.corpus.formats.json_array import JsonArray
from bertprep.corpus.formats.json_strings import JsonStrings
from bertprep.corpus.formats.jsonl import JsonLines
from bertprep.corpus.formats.mail import Mail
from bertprep.corpus.formats.mediawiki import MediaWiki
from bertprep.corpus.formats.parquet import Parquet
from bertprep.corpus.formats.ptb import Ptb
from bertprep.corpus.formats.sentence_pairs import SentencePairs
from bertprep.corpus.formats.text import Text
from bertprep.corpus.formats.warc import Warc
from bertprep.corpus.formats.wikiextractor import WikiExtractor
from bertprep.corpus.formats.wikitext import WikiText
from bertprep.options import FileFormat, ReadOptions

# In the order they are tried in; plain text is what none of the others recognises.
_ALL: tuple[Format, ...] = (
    Parquet(),
    Arrow(),
    Warc(),
    Html(),
    Gutenberg(),
    Mail(),
    Imdb(),
    BookCorpus(),
    Csv(),
    Tsv(),
    WikiExtractor(),
    MediaWiki(),
    JsonArray(),
    JsonLines(),
    JsonStrings(),
    WikiText(),
    Ptb(),
    SentencePairs(),
    Text(),
)
FORMATS: dict[FileFormat, Format] = {known.name: known for known in _ALL}
# Those of which a document is a row, or a value that stands for one.
ROW_FORMATS: frozenset[FileFormat] = frozenset(
    {*(known.name for known in _ALL if known.has_fields), "json-strings"}
)
# Those that rows may hold the lines of, in the order they are looked for.
LINE_FORMATS: tuple[FileFormat, ...] = ("wikitext", "ptb", "bookcorpus", "text")


def recognised_formats(files: Iterable[InputFile], options: ReadOptions) -> list[dict[str, Any]]:
    """The formats decided on, each with how many files are of it, and why they are."""
    counts = Counter((file.format, file.rows) for file in files)
    return [
        {"format": name, "files": count, "evidence": _evidence(name, rows, options)}
        | ({"rows": rows} if rows else {})
        for (name, rows), count in sorted(counts.items())
    ]


def _evidence(name: FileFormat, rows: str, options: ReadOptions) -> str:
    if options.input_format != "auto":
        return f"as --input-format {name} says"
    if rows and name == "text":
        return "rows end as lines do, and some are blank"
    return FORMATS[name].evidence
