"""The choices that have names."""

from __future__ import annotations

from typing import Literal

FileFormat = Literal[
    "text",
    "wikiextractor",
    "mediawiki",
    "jsonl",
    "json-strings",
    "json",
    "wikitext",
    "sentence-pairs",
    "ptb",
    "parquet",
    "arrow",
    "csv",
    "tsv",
    "warc",
    "html",
    "gutenberg",
    "mail",
    "imdb",
    "bookcorpus",
]
InputFormat = Literal["auto", FileFormat]
DocumentRule = Literal["blank-line", "line", "file", "section", "auto"]
SentenceRule = Literal["rules", "wrapped", "lines", "thai"]
BadInput = Literal["fail", "drop", "replace"]
Duplicates = Literal["none", "documents", "paragraphs", "lines"]
Normalize = Literal["none", "nfc"]
Task = Literal["nsp", "sop", "none"]
MaskingUnit = Literal["token", "whole-word", "span"]
Masking = Literal["token", "whole-word", "span", "none"]
OutputFormat = Literal["parquet", "tfrecord", "mds"]
Layout = Literal["huggingface", "google", "modelgarden", "lddl", "bert4keras", "ragged", "mds"]
# Those that bertprep.text tells apart, as a test holds: by words and letters, or by their scripts.
LANGUAGES = (
    "af am ar be bg bn ca cs da de el en es et eu fa fi fr ga gl gu he hi hr hu hy id is "
    "it ja ka kk ko lt lv mk ml mr nl no pa pl pt ro ru sk sl sr sv ta te th tr uk ur vi "
    "zh"
)

RULES = ("gopher", "c4")
