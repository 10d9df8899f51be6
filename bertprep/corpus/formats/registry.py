"""The formats that bertprep reads.  A new one is a module beside this and its line here."""

from __future__ import annotations

from bertprep.corpus.files import FileFormat
from bertprep.corpus.formats.format import Format
from bertprep.corpus.formats.json_strings import JsonStrings
from bertprep.corpus.formats.jsonl import JsonLines
from bertprep.corpus.formats.ptb import Ptb
from bertprep.corpus.formats.sentence_pairs import SentencePairs
from bertprep.corpus.formats.text import Text
from bertprep.corpus.formats.wikiextractor import WikiExtractor
from bertprep.corpus.formats.wikitext import WikiText

# In the order they are tried in; plain text is what none of the others recognises.
_ALL: tuple[Format, ...] = (
    WikiExtractor(),
    JsonLines(),
    JsonStrings(),
    WikiText(),
    Ptb(),
    SentencePairs(),
    Text(),
)
FORMATS: dict[FileFormat, Format] = {known.name: known for known in _ALL}
