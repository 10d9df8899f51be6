# ruff: noqa: E501
"""Kinds of files that are no prose: what each is told to be, and that the way out works."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import pickle
import random
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import unittest
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import BinaryIO

import google_crc32c
import numpy as np
import pyarrow as pa
import pytest

from bertprep.common.drops import Drops
from bertprep.corpus.files import InputFile
from bertprep.corpus.read import read_split
from bertprep.corpus.recognise import RefusedError, middle_offsets, recognise
from bertprep.corpus.sample import HEAD_BYTES, MIDDLE_BYTES
from bertprep.corpus.splits import plan_splits
from bertprep.options import ReadOptions
from tests.corpus.shapes.parts import WORDS
from tests.corpus.shapes.parts import sentence as without_stop


@cache
def sentence(n: int) -> str:
    return f"{without_stop(n)}."


def article(n: int, sentences: int = 4) -> str:
    return " ".join(sentence(n * 100 + i) for i in range(sentences))


def known(data: bytes, **options: str) -> InputFile:
    """What a file of these bytes is known for; looked at once, however many tests ask."""
    found = _known(data, tuple(options.items()))
    if isinstance(found, RefusedError):
        raise found.with_traceback(None)
    return found


@cache
def _known(data: bytes, options: tuple[tuple[str, str], ...]) -> InputFile | RefusedError:
    middles = [data[at : at + MIDDLE_BYTES] for at in middle_offsets(len(data))]
    given = ReadOptions(**dict(options))  # type: ignore[arg-type]
    try:
        return recognise(data[:HEAD_BYTES], "in.dat", "in.dat", len(data), given, middles)
    except RefusedError as error:
        return error


def refusal(data: bytes, **options: str) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        known(data, **options)
    assert "\n" not in str(caught.value)
    return caught.value


def open_file(path: str) -> BinaryIO:
    return open(path, "rb", buffering=0)


def documents(path: Path, **options: str) -> list[str]:
    """The documents of a file, found as what it is."""
    data = path.read_bytes()
    given = ReadOptions(**options)  # type: ignore[arg-type]
    middles = [data[at : at + MIDDLE_BYTES] for at in middle_offsets(len(data))]
    file = recognise(data[:HEAD_BYTES], str(path), path.name, len(data), given, middles)
    texts = []
    for split in plan_splits([file], given):
        for batch in read_split(split, open_file, given, Drops()):
            for start, end in zip(batch.starts, batch.ends, strict=True):
                texts.append(batch.text[start:end].decode())
    return texts


def table(delimiter: str, header: bool = True, quoting: int = csv.QUOTE_MINIMAL) -> bytes:
    stream = io.StringIO()
    quotes = {"quoting": csv.QUOTE_NONE} if delimiter == "\t" else {"quoting": quoting}
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n", **quotes)  # type: ignore
    if header:
        writer.writerow(["id", "title", "body"])
    for n in range(30):
        text = (
            article(n) if delimiter == "\t" else f"{article(n)}\nSecond line, of {n}; so | it is."
        )
        writer.writerow([n, f"Panda {n}", text])
    return stream.getvalue().encode()


def quoted_tsv() -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
    for n in range(30):
        writer.writerow([n, f"Panda {n}", f"{article(n)}\nSecond line, of {n}."])
    return stream.getvalue().encode()


def conllu(text: bool) -> bytes:
    blocks = []
    for n in range(20):
        words = [*sentence(n)[:-1].split(), "."]
        rows = [f"{i}\t{w}\t{w.lower()}\tX\t_\t_\t0\troot\t_\t_" for i, w in enumerate(words, 1)]
        head = [f"# sent_id = {n}", f"# text = {sentence(n)}"] if text else []
        blocks.append("\n".join([*head, *rows]) + "\n")
    return "\n".join(blocks).encode()


def mail(n: int) -> str:
    return (
        f"From: panda{n}@example.org (A Panda)\nSubject: Re: bamboo\nOrganization: Zoo\nLines: 3\n\n"
        f"{article(n)}\n\n{article(n + 500)}\n"
    )


def mbox() -> bytes:
    return "\n".join(
        f"From panda@example.org Sat Nov 28 18:20:39 2020\nMessage-ID: <{n}@x>\n{mail(n)}"
        for n in range(5)
    ).encode()


def subtitles(mark: str) -> bytes:
    cues = [
        f"{n}\n00:00:{n:02}{mark}000 --> 00:00:{n:02}{mark}900\n{sentence(n)}\n"
        for n in range(1, 40)
    ]
    return (("WEBVTT\n\n" if mark == "." else "") + "\n".join(cues)).encode()


def pubmed() -> bytes:
    cited = "".join(
        f"<PubmedArticle><PMID>{n}</PMID><Title>Pandas</Title><Abstract><AbstractText>{article(n)}"
        "</AbstractText></Abstract></PubmedArticle>\n"
        for n in range(20)
    )
    return f"<PubmedArticleSet>\n{cited}</PubmedArticleSet>\n".encode()


def tei() -> bytes:
    body = "".join(f"<p>{article(n, 8)}</p>\n" for n in range(20))
    start = '<?xml version="1.0"?>\n<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body>'
    return f"{start}\n{body}</body></text></TEI>\n".encode()


def sqlite() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.db"
        database = sqlite3.connect(path)
        database.execute("create table articles (text)")
        database.executemany("insert into articles values (?)", [[article(n)] for n in range(9)])
        database.commit()
        database.close()
        return path.read_bytes()


def tfrecord() -> bytes:
    parts = []
    for n in range(5):
        data = article(n).encode()
        length = struct.pack("<Q", len(data))
        crcs = []
        for part in (length, data):
            crc = google_crc32c.value(part)
            crcs.append(struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF))
        parts.append(length + crcs[0] + data + crcs[1])
    return b"".join(parts)


def npy() -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.arange(999))
    return stream.getvalue()


def lines(make: Callable[[int], str], count: int = 40) -> bytes:
    return "".join(f"{make(n)}\n" for n in range(count)).encode()


# kind -> (content, what is said)
REFUSED: dict[str, tuple[bytes, str]] = {
    "brotli": (
        bytes(pa.Codec("brotli").compress("\n".join(map(article, range(99))).encode(), asbytes=True)),
        "is compressed with brotli",
    ),
    "lz4, the old format": (b"\x02\x21\x4c\x18" + bytes(range(200)), "is compressed in the old format of lz4"),
    "lzip": (b"LZIP\x01\x0c" + bytes(range(200)), "is compressed with lzip"),
    "CSV below notes": (
        b"# made by a program\n# on a day\n" + table(","),
        'between commas ("id", "title", "body"), below lines that begin with #; cut these off',
    ),
    "XML, texts in attributes": (
        b'<?xml version="1.0" encoding="utf-8"?>\n<posts>\n'
        + lines(lambda n: f'  <row Id="{n}" Body="&lt;p&gt;{article(n)}&lt;/p&gt;" />')
        + b"</posts>\n",
        "is XML with its text in attributes (Body), not prose",
    ),
    "GEDCOM": (
        lines(lambda n: f"0 @I{n}@ INDI\n1 NAME Ann /Lee/\n1 BIRT\n2 DATE 1 MAY {1800 + n}\n2 PLAC York"),
        "is a family tree (GEDCOM), not prose",
    ),
    "MEDLINE, broken lines": (
        lines(lambda n: f"PMID- {n}\nTI  - {sentence(n)}\nAB  - {sentence(n)}\n      {sentence(n + 1)}\n      {sentence(n + 2)}\nFAU - Lee, Ann"),
        "holds records of references (MEDLINE, RIS), not prose",
    ),
    "Morse": (lines(lambda n: f"{'.-' * (n % 9 + 3)} {'-.. ' * 6} / .--"), "0% of its characters are letters"),
    "names of a program": (
        lines(lambda n: f"{WORDS[n % 14]}{WORDS[n % 13].title()}Count{WORDS[n % 11].title()}"),
        "does not look like text",
    ),
    "CSV": (table(","), "3 columns between commas"),
    "CSV, all quoted": (table(",", quoting=csv.QUOTE_ALL), "3 columns between commas"),
    "CSV without a header": (table(",", header=False), "3 columns between commas"),
    "CSV of label and text": (
        b"label,sentence\n" + lines(lambda n: f"{n % 2},{sentence(n)}"),
        "2 columns between commas",
    ),
    "CSV of one column": (
        b"review\n" + lines(lambda n: f'"{article(n)}\nAnd ""so"" on."'),
        "one column",
    ),
    "semicolons": (table(";"), "3 columns between semicolons"),
    "bars": (table("|"), "3 columns between bars"),
    "TSV": (table("\t"), "3 columns between tabs"),
    "TSV without a header": (table("\t", header=False), "3 columns between tabs"),
    "TSV of two columns": (lines(lambda n: f"{n}\t{sentence(n)}"), "two columns"),
    "JSON arrays": (lines(lambda n: json.dumps([sentence(n), sentence(n + 1)])), "a JSON array"),
    "JSON arrays of a number and texts": (
        lines(lambda n: json.dumps([n, sentence(n)])),
        "a JSON array a line",
    ),
    "YAML": (lines(lambda n: f"- id: {n}\n  title: Panda\n  text: {sentence(n)}"), "is YAML"),
    "JSON over lines": (
        json.dumps({"text": article(1), "id": 1}, indent=2).encode(),
        "JSON over several lines",
    ),
    "Python objects": (lines(lambda n: repr({"text": sentence(n)})), "Python objects"),
    "PubMed": (pubmed(), "is XML"),
    "PubMed, a piece": (pubmed()[300:], "is XML"),
    "TEI": (tei(), "is XML"),
    "other XML": (pubmed().replace(b"PubmedArticle", b"entry"), "is XML"),
    "HTML, a fragment": (lines(lambda n: f"<p>{article(n)}</p>"), "is HTML"),
    "<s> lines": (lines(lambda n: f"<s> {sentence(n)} </s>"), "has <s> and </s> around"),
    "seg lines": (lines(lambda n: f'<seg id="{n}">{sentence(n)}</seg>'), "is XML"),
    "fastText": (lines(lambda n: f"__label__{n % 3} {sentence(n)}"), "a label before each line"),
    "settings": (b"[main]\n" + lines(lambda n: f"key_{n} = value {n}"), "keys and values"),
    "a late piece of WikiExtractor": (
        lines(sentence, 2000)
        + b"".join(
            f'</doc>\n<doc id="{n}" url="u" title="T">\nT\n\n{article(n, 60)}\n\n'.encode()
            for n in range(90)
        ),
        "<doc ...> lines of WikiExtractor's",
    ),
    "a piece of WET": (
        lines(sentence)
        + lines(lambda n: f"\nWARC/1.0\nWARC-Type: conversion\nWARC-Date: {n}\n\n{article(n)}"),
        "WARC",
    ),
    "HTML, a list": (lines(lambda n: f'<li><a href="/{n}">{sentence(n)}</a></li>'), "is HTML"),
    "CoNLL-U": (conllu(True), "CoNLL-U"),
    "CoNLL-U without text": (conllu(False), "CoNLL-U"),
    "CoNLL-2003": (
        "\n\n".join(
            "\n".join([f"{w} NN B-NP O" for w in sentence(n)[:-1].split()] + [". . O O"])
            for n in range(20)
        ).encode(),
        "a token and its tags a line",
    ),
    "SRT": (subtitles(","), "subtitles"),
    "WebVTT": (subtitles("."), "subtitles"),
    "LRC": (lines(lambda n: f"[00:{n:02}.50]{sentence(n)}"), "lyrics with their times"),
    "log": (lines(lambda n: f"2020-01-02 10:00:{n:02},123 INFO worker: {sentence(n)}"), "the log"),
    "SQLite": (sqlite(), "an SQLite database"),
    "TFRecord": (tfrecord(), "a TFRecord file"),
    "pickle": (pickle.dumps([article(n) for n in range(9)]), "a Python pickle"),
    "npy": (npy(), "a NumPy array"),
    "twice": (gzip.compress(gzip.compress(article(1).encode())), "compressed twice"),
    "UTF-16 LE": (article(1).encode("utf-16-le"), "UTF-16 text"),
    "UTF-16 of Chinese": (("我们今天去公园散步。" * 90).encode("utf-16-le"), "binary data"),
    "a piece of a .gz": (
        gzip.compress(random.Random(1).randbytes(9000) + lines(sentence))[500:],
        "binary data",
    ),
    "token ids": (lines(lambda n: " ".join(str(101 + n * i) for i in range(30))), "numbers"),
    "token ids as JSON": (lines(lambda n: json.dumps([101, 7592 + n, 102])), "numbers"),
    "vectors": (lines(lambda n: f"w{n} " + " ".join(f"{n / (i + 1):.4f}" for i in range(50))), "numbers"),
    "URLs": (lines(lambda n: f"https://example.org/{n}.html"), "a list of URLs"),
    "checksums": (lines(lambda n: f"{n:064x}  wiki_{n:02}"), "a list of checksums"),
    "base64": (
        lines(lambda n: __import__("base64").b64encode(random.Random(n).randbytes(54)).decode()),
        "encoded data",
    ),
    "a vocabulary": (
        b"[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n" + lines(lambda n: f"##{'abcdefghij'[n % 10]}{n}"),
        "a vocabulary",
    ),
    "wiki source": (
        lines(lambda n: f"== Pandas {n} ==\nThe '''panda''' [[eat]]s [[bamboo|it]] {{{{cite|{n}}}}}."),
        "wiki text as it is edited",
    ),
    "<|endoftext|> lines": (
        "\n<|endoftext|>\n".join(article(n) for n in range(9)).encode(),
        "the mark <|endoftext|>",
    ),
    "<|endoftext|> within lines": (
        "<|endoftext|>".join(article(n) for n in range(9)).encode(),
        "the mark <|endoftext|>",
    ),
    "CSV of a number and a text": (
        lines(lambda n: f"{n},{sentence(n)}"),
        "2 columns between commas",
    ),
    "CSV of a text and its class": (
        lines(lambda n: f'"{sentence(n)[:-1]}, so it is",{"no" if n % 2 else "yes"}'),
        "2 columns between commas",
    ),
    "CSV with an index": (b",body\n" + lines(lambda n: f'{n},"{article(n)}, yes"'), "2 columns"),
    "CSV of long cells": (
        b"id,body\n" + b"".join(f'{n},"{article(n, 2000)}"\n'.encode() for n in range(3)),
        "2 columns between commas",
    ),
    "cells between control characters": (
        lines(lambda n: f"{n}\x01{sentence(n)}\x01en"),
        "3 columns between control characters",
    ),
    "a ranking": (lines(lambda n: f"{n} Q0 {n * 7} {n % 9} 0.{n}1 run"), "6 columns between blanks"),
    "words and counts": (lines(lambda n: f"panda{'abc'[n % 3]} {9000 - n}", 200), "2 columns between"),
    "tokens": ("\n\n".join(
        "\n".join([*sentence(n)[:-1].split(), "."]) for n in range(20)).encode(), "a token a line"),
    "counted lines": (lines(lambda n: f"{n + 1} {sentence(n)}", 60), "its number before each line"),
    "grep -n": (lines(lambda n: f"wiki_00:{n}:{sentence(n)}"), "its place in a file"),
    "recordings": (lines(lambda n: f"1272-128104-{n:04} {sentence(n)}"), "an id before each"),
    "utterances": (lines(lambda n: f"fsh_{n:04}_A {sentence(n)}"), "an id before each"),
    "tagged words": (
        lines(lambda n: " ".join(f"{w}/NN" for w in sentence(n)[:-1].split()) + " ./."),
        "a tag behind each word",
    ),
    "trees": (
        lines(lambda n: "( (S " + " ".join(f"(NN {w})" for w in sentence(n)[:-1].split()) + " (. .)))"),
        "trees of a treebank",
    ),
    "pieces of subword-nmt": (
        lines(lambda n: sentence(n).replace("panda", "pan@@ da").replace("the", "t@@ he")),
        "(@@)",
    ),
    "pieces of SentencePiece": (lines(lambda n: "▁" + sentence(n).replace(" ", " ▁")), "(▁)"),
    "pieces of WordPiece": (
        lines(lambda n: sentence(n).replace("panda", "pan ##da").replace("the", "t ##he")),
        "(##)",
    ),
    "SSA": (
        b"[Script Info]\nTitle: x\n\n[Events]\n"
        + lines(lambda n: f"Dialogue: 0,0:00:{n:02}.00,0:00:{n:02}.90,Default,,0,0,0,,{sentence(n)}"),
        "speech with its times",
    ),
    "SBV": (lines(lambda n: f"0:00:{n:02}.000,0:00:{n:02}.900\n{sentence(n)}\n"), "its times"),
    "MicroDVD": (lines(lambda n: f"{{{n * 9}}}{{{n * 9 + 8}}}{sentence(n)}"), "its times"),
    "Whisper": (
        lines(lambda n: f"[00:{n:02}.000 --> 00:{n:02}.900]  {sentence(n)}"),
        "speech with its times",
    ),
    "times apart": (lines(lambda n: f"{n // 12}:{n * 5 % 60:02}\n{sentence(n)}"), "its times"),
    "MEDLINE": (
        lines(lambda n: f"PMID- {n}\nOWN - NLM\nTI  - {sentence(n)}\nAB  - {article(n)}\n"),
        "records of references",
    ),
    "RIS": (
        lines(lambda n: f"TY  - JOUR\nTI  - {sentence(n)}\nAB  - {article(n)}\nER  - \n"),
        "records of references",
    ),
    "BibTeX": (
        lines(lambda n: f"@article{{a{n},\n  author = {{Lee}},\n  title = {{{sentence(n)}}}\n}}\n"),
        "is BibTeX",
    ),
    "FASTA": (lines(lambda n: f">sp|P{n}|X a protein\n" + "ACDEFGHIKLMNPQ\n" * 4), "is FASTA"),
    "FASTQ": (lines(lambda n: f"@read_{n}\nACGTACGTACGTACGT\n+\n!''*((((***+))%%"), "is FASTQ"),
    "SQL": (
        b"-- MySQL dump 10.13\nINSERT INTO `page` VALUES "
        + b",".join(f"({n},0,'{sentence(n)}')".encode() for n in range(99)),
        "a dump of a database",
    ),
    "quoted-printable": (
        lines(lambda n: f"{sentence(n)} caf=C3=A9 and =\n{sentence(n + 50)}"),
        "(quoted-printable)",
    ),
    "a JSON text sequence": (
        lines(lambda n: "\x1e" + json.dumps({"text": article(n)})),
        "a JSON text sequence",
    ),
    "JSON among text": (
        lines(lambda n: json.dumps({"text": article(n)}) if n % 3 == 1 else article(n)),
        "JSON objects among other lines",
    ),
    "a Python list": (repr([article(n) for n in range(9)]).encode(), "one list of Python's"),
    "YAML of blocks": (
        lines(lambda n: f"- title: Panda\n  text: |\n    {sentence(n)}\n    {sentence(n + 1)}"),
        "is YAML",
    ),
    "TOML": (lines(lambda n: f'[[doc]]\nid = {n}\ntext = "{sentence(n)}"'), "keys and values"),
    "SGML of Europarl": (
        lines(lambda n: f'<CHAPTER ID={n}>\n{sentence(n)}\n<SPEAKER ID={n} NAME="Lee">\n{article(n)}'),
        "is XML",
    ),
    "stripped WikiText": (
        lines(lambda n: f"= Panda {n} =\n\nThe <unk> eats . {sentence(n)}\n\n= = Food = =\n\nIt ate ."),
        "WikiText whose lines were stripped",
    ),
    "TSV with quoted line breaks": (quoted_tsv(), "3 columns between tabs"),
    "CSV whose commas are not quoted": (
        lines(lambda n: f"2020-01-{n % 28 + 1:02},{sentence(n)[:-1]}{', it says' * (n % 3)}."),
        "a number or a date and ',' before each line",
    ),
    "cells between tildes": (lines(lambda n: f"{n}~Panda {n}~{sentence(n)}"), "columns between tildes"),
    "one column in quotes": (
        lines(lambda n: f'"{article(n)}\n{article(n + 50)}"'),
        "one column, its cells in quotes",
    ),
    "BIO tags without stops": (
        lines(lambda n: "".join(f"{w} {'B-PER' if w[0].isupper() else 'O'}\n"
                                for w in sentence(n)[:-1].split())),
        "a token and its tags a line",
    ),
    "a piece of ARC": (
        lines(lambda n: f"http://a.org/{n} 1.2.3.4 20080430204825 text/html 99\n\n{article(n)}")[9:],
        "records of an ARC archive",
    ),
    "a piece of JSON": (
        ", ".join(json.dumps({"id": n, "text": article(n)}) for n in range(60)).encode()[37:],
        "holds JSON among other things",
    ),
    "JSON for a script": (
        b"callback(" + json.dumps([{"text": article(n)} for n in range(60)]).encode() + b");",
        "holds JSON among other things",
    ),
    "Python's bytes": (lines(lambda n: repr(f"{article(n)} caf\u00e9".encode())), "holds Python's bytes"),
    "merges": (
        b"#version: 0.2\n" + lines(lambda n: f"p{n} a{n}", 200),
        "merges of a byte-pair encoding",
    ),
    "merges of GPT-2": (lines(lambda n: f"\u0120p{n} a{n}", 200), "merges of a byte-pair encoding"),
    "a vocabulary without special tokens": (
        lines(lambda n: f"##p{n}a" if n % 4 else f"panda{n}", 200),
        "is a vocabulary",
    ),
    "hex dump": (
        lines(lambda n: f"{n * 16:08x}  {random.Random(n).randbytes(16).hex(' ')}  |panda...........|"),
        "is a hex dump",
    ),
    "hex": (lines(lambda n: random.Random(n).randbytes(30).hex()), "does not look like text"),
    "base64 in one line": (
        __import__("base64").b64encode(random.Random(1).randbytes(20_000)),
        "does not look like text",
    ),
    "CSS": (
        lines(lambda n: f".panda-{n} {{\n  color: #{n:06x};\n  margin: {n}px auto;\n}}\n"),
        "a style sheet",
    ),
    "minified scripts": (
        "".join(f"function p{n}(a){{return a+{n}}};var x{n}=p{n}(2);" for n in range(99)).encode(),
        "does not look like text",
    ),
    "Java traces": (
        lines(lambda n: "java.lang.NullPointerException: null\n"
                        + f"\tat com.example.Panda.eat(Panda.java:{n})\n" * 5),
        "traces of a program",
    ),
    "Python traces": (
        lines(lambda n: 'Traceback (most recent call last):\n  File "/lib/panda.py", line 3, in eat\n'
                        f"    return bamboo({n})\nValueError: no bamboo"),
        "traces of a program",
    ),
    "log of glog": (
        lines(lambda n: f"I1128 10:00:{n:02}.123456 1234 panda.cc:{n}] {sentence(n)}"),
        "the log of a program",
    ),
    "log of Java": (
        lines(lambda n: f"10:00:{n:02}.123 [main] INFO  org.zoo.Panda - {sentence(n)}"),
        "the log of a program",
    ),
    "log of nginx": (
        lines(lambda n: f"2020/11/28 10:00:{n:02} [error] 12#12: *{n} {sentence(n)}"),
        "the log of a program",
    ),
    "syslog": (
        lines(lambda n: f"2020-11-28T10:00:{n:02}.12+00:00 zoo panda: {sentence(n)}"),
        "the log of a program",
    ),
    "YAML of settings": (
        lines(lambda n: f"panda{n}:\n  eats: bamboo\n  friends:\n    - lee\n    - ann"),
        "is YAML",
    ),
    "YAML documents": (lines(lambda n: f"---\nid: {n}\ntitle: Panda\ntext: >\n  {article(n)}"), "is YAML"),
    "properties": (lines(lambda n: f"panda.label{n}: {sentence(n)}"), "keys and values"),
    "environment": (lines(lambda n: f"export PANDA_{n}=bamboo"), "keys and values"),
    "calendar": (
        lines(lambda n: f"BEGIN:VEVENT\nDTSTART:20200101T0{n % 10}0000Z\nSUMMARY:{sentence(n)}\nEND:VEVENT"),
        "cards or dates of a calendar",
    ),
    "RDF": (
        lines(lambda n: f'<http://x.org/p{n}> <http://x.org/abstract> "{article(n)}"@en .'),
        "is RDF",
    ),
    "chess": (
        lines(lambda n: f'[Event "Zoo {n}"]\n[White "Lee"]\n[Result "1-0"]\n\n1. e4 e5 2. Nf3 Nc6 1-0\n'),
        "games of chess",
    ),
    "music": (
        lines(lambda n: f"X:{n}\nT:Panda\nM:6/8\nL:1/8\nK:G\n|:GAB c2d|e2f gfe|dBG A2B|\n"),
        "music (ABC)",
    ),
    "GenBank": (lines(lambda n: f"{n * 20 + 1:9} acgtacgtac gtacgtacgt"), "is GenBank"),
    "rows of a dump": (
        ("(" + "),(".join(f"{n},'{sentence(n)}'" for n in range(99))).encode(),
        "a dump of a database",
    ),
    "addresses of text": (
        lines(lambda n: __import__("urllib.parse").parse.quote(article(n))),
        "as in addresses",
    ),
    "Unicode escapes": (
        lines(lambda n: "".join(f"\\u{ord(c):04x}" for c in article(n))),
        "holds escapes such as",
    ),
    "overstrikes": (
        lines(lambda n: re.sub(r"(\w)", "\\1\b\\1", sentence(n))),
        "prints letters over others",
    ),
    "colours of a terminal": (
        lines(lambda n: f"\x1b[32mThe panda {n}\x1b[0m {sentence(n)}"),
        "escapes of a terminal",
    ),
    "texts of COCA": (
        lines(lambda n: f"##{4_000_000 + n} {article(n)}"),
        "an id before each line",
    ),
    "PubTator": (
        lines(lambda n: f"{n}|t|{sentence(n)}\n{n}|a|{article(n)}\n{n}\t0\t9\tpanda\tSpecies\t{n}\n"),
        "is PubTator",
    ),
    "graphs of meaning": (
        lines(lambda n: f"# ::snt {sentence(n)}\n(e / eat-01\n   :ARG0 (p / panda)\n   :ARG1 (b / bamboo))\n"),
        "graphs of meaning (AMR)",
    ),
    "brat": (lines(lambda n: f"T{n}\tAnimal {n * 9} {n * 9 + 5}\tpanda"), "annotations of brat"),
    "ARFF": (
        b"@relation pandas\n@attribute text string\n@attribute class {a,b}\n@data\n"
        + lines(lambda n: f"'{sentence(n)}',a"),
        "is a table (ARFF)",
    ),
    "affixes": (b"40\n" + lines(lambda n: f"panda{WORDS[n % 14]}/MS"), "a word list of a spell checker"),
    "EndNote": (
        lines(lambda n: f"%0 Journal Article\n%A Lee, Ann\n%T {sentence(n)}\n%X {article(n)}\n"),
        "records of references (EndNote)",
    ),
    "Web of Science": (
        lines(lambda n: f"PT J\nAU Lee, A\nTI {sentence(n)}\nAB {article(n)}\nER\n"),
        "records of references (Web of Science)",
    ),
    "entries of BibTeX in a line": (
        lines(lambda n: f"@article{{a{n}, author={{Lee}}, title={{{sentence(n)}}}, year={{2020}}}}"),
        "is BibTeX",
    ),
    "log of Apache": (
        lines(lambda n: f"[Sun Dec 04 04:47:{n:02} 2005] [notice] workerEnv.init() ok {n}"),
        "the log of a program",
    ),
    "log of Windows": (
        lines(lambda n: f"2016-09-28 04:30:{n:02}, Info                  CBS    Loaded Servicing Stack v{n}"),
        "the log of a program",
    ),
    "log with seconds since 1970": (
        lines(lambda n: f"16000{n:05}.123 worker {n} has eaten its bamboo"),
        "the log of a program",
    ),
    "who came and went": (
        lines(lambda n: f"*** panda{n} (~p{n}@zoo.example) has joined #bamboo"),
        "the log of a program",
    ),
    "lines of a history": (lines(lambda n: f"{n * 7919 + 10**7:08x} {sentence(n)}"), "an id before each line"),
    "questions and their classes": (
        lines(lambda n: f"{['DESC:manner', 'NUM:count'][n % 2]} How does {sentence(n).lower()}", 120),
        "its class before each line",
    ),
    "sentences and their classes": (lines(lambda n: f"{sentence(n)} {n % 2}"), "a label behind each line (0, 1)"),
    "words and their classes": (
        lines(lambda n: f"{sentence(n)[:-1]} {'NV'[n % 2]}", 120),
        "a label behind each line (N, V)",
    ),
    "words of two languages": (lines(lambda n: f"Panda {{m}} [zool.] :: {sentence(n)}"), ":: stands between"),
    "names of containers": (lines(lambda n: f"panda_{n % 3}  | {sentence(n)}"), "| stands between"),
    "aligned sentences": (lines(lambda n: f"{sentence(n)} => {sentence(n + 50)}"), "=> stands between"),
    "cells in quotes with quotes": (
        lines(lambda n: f'"The "panda", "tree", {n}.","{sentence(n)}"' if n % 2 else f'"A panda.","{article(n)}"'),
        "its lines are cells in quotes",
    ),
    "cells between colons": (lines(lambda n: f"{n}:Panda:{sentence(n)}"), "and ':' before each line"),
    "a drawn table": (lines(lambda n: f"+-------+----+\n| Panda | {n:2} |"), "its columns are drawn"),
    "columns of fixed width": (
        lines(lambda n: f"{WORDS[n % 14]:<12}{WORDS[n * 3 % 14]:<12}{n:4}  {'MF'[n % 2]}"),
        "4 columns of fixed width",
    ),
    "a listing of files": (
        lines(lambda n: f"./panda{n}:\ntotal {n}\n" + "drwxr-xr-x 2 root root 4096 Mar  1 10:00 bamboo\n" * 5),
        "a listing of files",
    ),
    "contents": (lines(lambda n: f"{n + 1}.1 The panda {sentence(n)[:-1]} {'. ' * 12}{n * 3}"), "a table of contents"),
    "a transcript from zero on": (
        lines(lambda n: f"{n * 7 // 60}:{n * 7 % 60:02} {sentence(n)}"),
        "speech with its times",
    ),
    "subtitles without thousandths": (
        lines(lambda n: f"{n}\n0:00:{n:02}.00 --> 0:00:{n:02}.90\n{sentence(n)}\n"),
        "subtitles",
    ),
    "TOML of long texts": (
        lines(lambda n: f'[[page]]\ntitle = "{n}"\nbody = """\n{article(n)}\n\n{article(n + 50)}\n"""\n'),
        "keys and values",
    ),
    "strings with keys": (lines(lambda n: f'"panda.{n}" = "{sentence(n)}";'), "keys and values"),
    "names with meanings": (
        lines(lambda n: f"{WORDS[n % 14]}{'abcdefghij'[n % 10]}: {sentence(n).lower()}"), "keys and values"),
    "YAML of strings": (lines(lambda n: f"- '{sentence(n)}'"), "is YAML"),
    "Python tuples": (lines(lambda n: str((n, sentence(n)))), "Python objects"),
    "grades before sentences": (lines(lambda n: f"{n % 5} {sentence(n)}", 80), "has a label before each line (0"),
    "tags behind slashes": (
        lines(lambda n: " ".join(f"{w}/{'O' if w.islower() else 'B-PER'}" for w in sentence(n).split())),
        "has a tag behind each word",
    ),
    "pieces of byte-level BPE": (lines(lambda n: "\u0120" + sentence(n).replace(" ", " \u0120")), "(\u0120)"),
    "frames in brackets": (lines(lambda n: f"[{n * 9}][{n * 9 + 8}]{sentence(n)}"), "its times"),
    "[SEP] lines": ("\n[SEP]\n".join(article(n) for n in range(9)).encode(), "the mark [SEP]"),
}  # fmt: skip
# What has a warning, and is read.
WARNED: dict[str, tuple[bytes, str]] = {
    "fixtures": (
        lines(lambda n: f"Sat {n % 28 + 1} Aug {WORDS[n % 14].title()} Town v Oak County 15:00", 80),
        "has no words in a row, but figures or signs in 100% of its lines",
    ),
    "a phrase book": (
        lines(lambda n: f"where is the old {WORDS[n % 14]} = wo ist der Panda", 80),
        "has = between the words of 100% of its lines",
    ),
    "commands below commands": (
        lines(lambda n: f"    {['GIVEN', 'WHEN', 'THEN'][n % 3]} the panda is {n} years old", 80),
        "begins 100% of its lines with GIVEN, WHEN, THEN",
    ),
    "a list of diseases": (
        lines(lambda n: f"A{n + 10}.{n % 9} fever of the panda, left side", 80),
        "has a code before each line",
    ),
    "words in syllables": (
        lines(lambda n: f"pan-da{'s' * (n % 2)} bam-boo", 80),
        "of its words into syllables",
    ),
    "forms of words": (
        lines(lambda n: "walk walks walked walking", 80),
        "has the forms of one word",
    ),
    "a list of texts in JSON": (
        json.dumps({"text": [article(n) for n in range(60)]}).encode(),
        'is one JSON object, whose "text" is a long list of strings',
    ),
    "chords over words": (
        lines(lambda n: f"C       G7     Am{'   F'[: 4 * (n % 2)]}\nO {WORDS[n % 14]} on the river {n}"),
        "has 40 lines of chords, not words",
    ),
    "a programme": (
        lines(lambda n: f"{n % 24:02}:30 Panda{n} {WORDS[n % 14].title()} of the North"),
        "has a time of day before the titles in its lines",
    ),
    "a ledger": (
        lines(lambda n: f"{n % 28 + 1:02}.10.2023 {WORDS[n % 14]} bamboo {n * 3}.50"),
        "lines of figures, codes and signs",
    ),
    "words shuffled": (
        lines(lambda n: " ".join(random.Random(n).sample(re.findall(r"\S+", "The panda sees the tree and the river by the water in the sun. " * 4), 56)) + "\n"),
        "has its words in no order of a language",
    ),
    "a register": (
        lines(lambda n: f"Name: panda {n}\nRegistrar: Lee\nCreated: 2020-01-01\nServer: NS{n}\n"),
        "is records of fields (Name:, Registrar:, Created:, Server:)",
    ),
    "lost characters": (
        lines(lambda n: article(n).replace("a", "\ufffd")),
        "has the mark of lost characters (U+FFFD)",
    ),
    "a secret language": (
        lines(lambda n: " ".join(f"{''.join(random.Random(n * 9 + i).choices('bdelmnorst', k=5))}ay" for i in range(9))),
        "most of its words end in -ay",
    ),
    "fields of a crawler": (
        lines(lambda n: f"URL: http://x.org/{n}\nDate: 2020-01-02\n\n{article(n)}\n"),
        "has fields before its texts (URL:, Date:)",
    ),
    "fields of mail": (
        lines(lambda n: f"Date: Mon, 14 May 2001\nFrom: lee\nTo: ann\nSubject: {n}\n\n{article(n)}\n"),
        "has fields before its texts",
    ),
    "records": (
        lines(lambda n: f"id: {n}\nname: panda\ncolor: black\ntext: {sentence(n)}\n"),
        "is records of fields (id:, name:, color:, text:)",
    ),
    "words in order": (
        b"".join(b"%s\n" % w for w in sorted({bytes([a, b, 97]) for a in range(97, 123) for b in b"aeiou"})),
        "holds words in alphabetical order",
    ),
    "a dictionary": (
        "".join(f"{a}{b}nda, n. {sentence(i)}\n" for i, (a, b) in enumerate(
            (a, b) for a in "bcdfghjklmnp" for b in "aeiou")).encode(),
        "entries of a dictionary",
    ),
    "sounds of words": (
        "".join(f"{a}{b}nda B AE{i % 3} N D AH{i % 2} T AH0\n" for i, (a, b) in enumerate(
            (a, b) for a in "bcdfghjklmnp" for b in "aeiou")).encode(),
        "entries of a dictionary",
    ),
    "sorted sentences": (
        "".join(sorted(f"{a}{b}nda {sentence(i)}\n" for i, (a, b) in enumerate(
            (a, b) for a in "BCDFGHJKLMNP" for b in "aeiou"))).encode(),
        "holds sentences in alphabetical order",
    ),
    "entries with lines below": (
        "".join(f"{a}{b}NDA\n  n. {sentence(i)}\n  Syn. panda.\n" for i, (a, b) in enumerate(
            (a, b) for a in "BCDFGHJKLMNP" for b in "AEIOU")).encode(),
        "in alphabetical order",
    ),
    "words in capitals in order": (
        "".join(f"{a}{b}NDA\n" for a in "BCDFGHJKLMNP" for b in "AEIOU").encode(),
        "holds words in alphabetical order",
    ),
    "addresses": (
        lines(lambda n: f"{n * 7 % 90} {['Maple', 'Oak Hill'][n % 2]} Road, Rome, NY {n + 10000}", 60), "lines of one build"),
    "prices": (lines(lambda n: f"Panda {WORDS[n % 14]} ... ${n}.99", 60), "lines of one build"),
    "hashtags": (lines(lambda n: f"#panda{'abc'[n % 3]} #zoo #bamboo", 60), "before 100% of its words"),
    "lists of words": (
        lines(lambda n: ", ".join(WORDS[(n + i) % 14] for i in range(7)), 60), "lists words between commas"),
    "words cut at line ends": (
        lines(lambda n: f"The pandas eat their bam-\nboo leaves on day {n} of the won-\nderful year."),
        "lines that end within a word",
    ),
    "numbers of pages": (
        lines(lambda n: f"{article(n)} And every panda that is\n\n{n + 1}\n\nin the zoo eats bamboo."),
        "within sentences",
    ),
    "question marks for letters": (lines(lambda n: f"???? ???? panda ?? {sentence(n)[:9]} ?????."), "question marks in"),
    "letters of two scripts": (
        lines(lambda n: article(n).translate({97: 1072, 101: 1077})), "letters of two scripts"),
    "UTF-7": (lines(lambda n: f"\u201cCaf\u00e9 {n}\u201d \u2013 {sentence(n)}").decode().encode("utf-7"), "UTF-7"),
    "prose and then a table": (
        "\n\n".join(article(n, 8) for n in range(45)).encode()[:10_000] + b"\n\n"
        + (table(",", header=False) * 30)[:10_000],
        "of 4 parts that were looked at",
    ),
    "text turned round": (lines(lambda n: article(n).lower()[::-1]), "text that is turned round"),
    "options of a program": (lines(lambda n: f"-A PANDA -s 10.0.{n}.0 -j EAT the bamboo"), "lines that begin with -A"),
    "rows of TeX": (lines(lambda n: f"{sentence(n)[:-1]} & {n} \\\\"), "looks like TeX"),
    "a phone book": (lines(lambda n: f"Lee, Ann {n} ........ 555-{n + 1000}"), "telephone numbers at the ends"),
    "text8": (" ".join(article(n).lower().replace(".", "") for n in range(60)).translate(
        {n: None for n in range(48, 58)}).encode(), "one long line of words without capitals"),
    "a cipher": (
        __import__("codecs").encode(unittest.__doc__ + csv.__doc__ + random.__doc__ * 2, "rot13").encode(),
        "looks like no language",
    ),
    "syllables by chance": (
        lines(lambda n: " ".join("".join(random.Random(n * 999 + w * 7 + s).choice("bdfgklmnprst") + "aeiou"[s * n % 5]
                                         for s in range(4)) for w in range(24))),
        "hardly a word comes twice",
    ),
    "characters by chance": (
        "".join(chr(random.Random(n).randint(0x100, 0x2FFF)) for n in range(3000)).encode(),
        "characters differ",
    ),
    "letters apart": (lines(lambda n: " ".join(sentence(n).replace(" ", ""))), "a blank between its letters"),
    "a glossary in two columns": (
        lines(lambda n: f"panda{WORDS[n % 14]}{n}".ljust(24) + sentence(n)), "2 columns of fixed width"),
    "POD": (lines(lambda n: f"=head2 panda\n\n{sentence(n)}\n\n=item {n}\n"), "looks like POD"),
    "Texinfo": (lines(lambda n: f"@node Panda {n}\n@section Panda\n{sentence(n)}\n"), "looks like Texinfo"),
    "Org": (lines(lambda n: f"* TODO {sentence(n)}\n  {sentence(n + 50)}"), "Org"),
    "ChangeLog": (
        lines(lambda n: f"2020-01-02  Ann Lee  <lee@zoo.example>\n\n\t* panda.c (eat): {sentence(n)}\n"),
        "looks like a list of changes",
    ),
    "quoted mail": (lines(lambda n: f"> {sentence(n)}"), "lines that begin with >"),
    "MARC": (lines(lambda n: f"=245  10$a{sentence(n)}$cLee"), "lines that begin with ="),
    "Lisp": (
        lines(lambda n: f"(defun panda{n} (x)\n  (let ((y (+ x {n})))\n    (eat y)))\n"), "looks like source code"),
    "Haskell": (
        lines(lambda n: f"panda{n} :: Int -> Int\npanda{n} x = x + y\n  where\n    y = bamboo {n}\n"),
        "looks like source code",
    ),
    "Go with comments": (
        lines(lambda n: f"// {sentence(n)}\n// {sentence(n + 1)}\nfunc Panda{n}(x int) int {{\n\treturn x + {n}\n}}\n"),
        "looks like source code",
    ),
    "a shell script": (
        lines(lambda n: f"# {sentence(n)}\nif [ -n \"$PANDA\" ]; then\n  echo \"$PANDA {n}\"\nfi\neat_it() {{\n  ls\n}}"),
        "looks like source code",
    ),
    "queries": (
        lines(lambda n: f"SELECT panda, count(*)\nFROM zoo\nWHERE bamboo > {n}\nGROUP BY panda;\n"),
        "looks like source code",
    ),
    "graphviz": (b"digraph G {\n" + lines(lambda n: f"  panda{n} -> bamboo{n};") + b"}\n", "looks like source code"),
    "COBOL": (lines(lambda n: f"       MOVE {n} TO WS-PANDA.\n       PERFORM EAT-IT."), "looks like source code"),
    "music in commands": (lines(lambda n: "\\relative c' { c \\times e f \\bar g }"), "looks like TeX"),
    "Markdown of links": (
        lines(lambda n: f"* [Panda {n}](http://x.org/{n}) - {sentence(n)}"), "looks like Markdown"),
    "instructions and responses": (
        lines(lambda n: f"### Instruction:\n{sentence(n)}\n\n### Response:\n{article(n)}\n"),
        "looks like Markdown",
    ),
    "numbered marks": (lines(lambda n: f"{article(n, 8)}\n-- {n} --"), "lines such as -- 0 --"),
    "pages": (lines(lambda n: f"{article(n, 8)}\nPage {n}"), "lines such as Page 0"),
    "lines drawn": (lines(lambda n: f"{article(n)}\n{chr(0x2500) * 20}"), "lines ────"),
    "a man page": (
        lines(lambda n: f".TP\n\\fB\\-panda{n}\\fR\n{sentence(n)}"),
        "looks like roff",
    ),
    "verses with marks": (lines(lambda n: f"\\c {n}\n\\p\n\\v 1 {sentence(n)}"), "looks like USFM"),
    "reStructuredText": (
        lines(lambda n: f"Panda\n=====\n\n.. note:: {sentence(n)}\n\n{article(n)}\n"),
        "looks like reStructuredText",
    ),
    "history of git": (
        lines(lambda n: f"commit {n:040x}\nAuthor: Lee\nDate:   Mon Nov 28\n\n    {sentence(n)}\n"),
        "a history of git's",
    ),
    "forum": (lines(lambda n: f"[quote]{sentence(n)}[/quote] [b]{sentence(n)}[/b]"), "marks of forums"),
    "written line breaks": ("\\n".join(article(n) for n in range(40)).encode(), "holds escapes such as"),
    "NUL between documents": ("\0".join(article(n) for n in range(40)).encode(), "character U+0000"),
    "numbers before lines": (
        lines(lambda n: f"zoo A lee {n}.25 {n}.75 {sentence(n)}"),
        "2 columns of numbers before the text",
    ),
    "identifiers": (lines(lambda n: f"The p{n}_a x{n} eats z{n}q and some ba_r."), "does not look like text"),
    "rules between blank lines": (lines(lambda n: f"{article(n)}\n\n=====\n"), "40 lines ====="),
    "marks of signs": (lines(lambda n: f"{article(n)}\n~|~"), "lines ~|~"),
    "Markdown": (
        lines(lambda n: f"## Panda {n}\n\n{sentence(n)} See [it](http://x/{n}) and `code`.\n"),
        "looks like Markdown",
    ),
    "Markdown without links": (
        lines(lambda n: f"# Panda {n}\n\n{sentence(n)}\n\n* {sentence(n)}\n* {sentence(n)}\n"),
        "looks like Markdown",
    ),
    "a diff": (lines(lambda n: f"@@ -{n},3 +{n},3 @@\n- int a = {n};\n+ int b = {n};"), "a diff"),
    "Python": (
        lines(
            lambda n: (
                f"def step_{n}(value: int, limit: int = {n}) -> int:\n"
                f'    """Adds {n} while the value is under the limit."""\n'
                f"    if value < limit:\n        value += {n}\n    return value\n\n"
            )
        ),
        "looks like source code",
    ),
    "C": (
        lines(lambda n: f"static int f{n}(int a) {{\n    if (a > {n}) {{\n        return a;\n    }}\n"
                        f"    int b = a + {n};\n    g(a, b);\n    return b;\n}}"),
        "looks like source code",
    ),
    "wiki headings": (
        lines(lambda n: f"{article(n)}\n\n== Food {n} ==\n{article(n + 50)}\n"),
        "headings between equals signs",
    ),
    "marks of one's own": (lines(lambda n: f"{article(n)}\n<DOC>"), "lines <DOC>"),
    "words between rules": (lines(lambda n: f"{article(n)}\n--- END ---"), "lines --- END ---"),
    "rules": (lines(lambda n: f"{article(n)}\n-----"), "lines -----"),
}  # fmt: skip
READ: dict[str, tuple[bytes, str]] = {
    "molecules": (lines(lambda n: f"CC(=O)Oc1ccccc1C(=O)O{'C' * (n % 7)}"), "text"),
    "advertisements": (lines(lambda n: f"FOR SALE: {n} ft. panda, good cond., $ {n * 13} o.b.o. Call 555-{n:04} eves."), "text"),
    "JSON strings": (lines(lambda n: json.dumps(f"{article(n)}\n\n{article(n)}")), "json-strings"),
    "JSON strings without escapes": (lines(lambda n: json.dumps(article(n))), "json-strings"),
    "a JSON string longer than the head": (json.dumps("A b.\n" * HEAD_BYTES).encode(), "json-strings"),
    "a piece of JSON lines": (
        lines(lambda n: json.dumps({"text": article(n)}))[37:],
        "jsonl",
    ),
    "a piece of WikiExtractor": (
        "".join(f'<doc id="{n}" url="u" title="T">\nT\n\n{article(n)}\n\n</doc>\n' for n in range(9))
        .encode()[99:],
        "wikiextractor",
    ),
    "quoted dialogue": (lines(lambda n: f'"{sentence(n)[:-1]}," said the panda.'), "text"),
    "quotations apart": (lines(lambda n: f'"{sentence(n)}"\n'), "text"),
    "commas in prose": (lines(lambda n: f"The panda, the tree, and {n}."), "text"),
    "obituaries": (lines(lambda n: f"Ann Lee, {50 + n}, of Rome, died on May {n % 30}."), "text"),
    "sections": (lines(lambda n: f"{n // 9}-{n % 9}-104 {article(n)}\n"), "text"),
    "product codes": (lines(lambda n: f"KX-{n + 1000} {article(n)}"), "text"),
    "sums": (lines(lambda n: f"{n} plus {n + 2} is {n + n + 2}."), "text"),
    "scores": (lines(lambda n: f"Leeds {n % 5} Everton {n % 3}"), "text"),
    "names to answer": (lines(lambda n: f"@panda{n} {sentence(n)}"), "text"),
    "equal documents of many words": (lines(lambda n: f"{article(7)}\n"), "text"),
    "chat with times": (lines(lambda n: f"[10:{n:02}] <lee> {sentence(n)}"), "text"),
    "verses": (lines(lambda n: f"Gen {n // 9 + 1}:{n % 9 + 1} {sentence(n)}"), "text"),
    "alternatives": (lines(lambda n: f"He/she and/or they: {sentence(n)}"), "text"),
    "formulas": (lines(lambda n: f"Let $x^{n}$ be as in {n}. {sentence(n)}"), "text"),
    "a memo": (b"To: all staff\nFrom: The Director\nDate: 1 May\nSubject: Bamboo\n\n" + lines(sentence), "text"),
    "one letter and its accents": (("a" + "\u0301" * 60_000 + " b\n").encode(), "text"),
    "a run of letters": (b"abcdefghij" * 9000, "text"),
    "no space after stops": (lines(lambda n: article(n).replace(". ", ".")), "text"),
    "Greek": (lines(lambda n: f"Το πάντα {n} τρώει μπαμπού, και κοιμάται."), "text"),
    "Tibetan": (lines(lambda n: "བོད་ཀྱི་སྐད་ཡིག་ནི་" * 3), "text"),
    "a code of law": (lines(lambda n: f"§ {n}. ({n % 4}) {article(n)}\n"), "text"),
    "notes of a clinic": (
        lines(lambda n: f"DATE: 2020-01-02\nHPI: {article(n)}\nBP: 120/80\nPLAN: {sentence(n)}\n"),
        "text",
    ),
    "scenes of a novel": (
        lines(lambda n: f"{article(n)}\n{'' if n % 39 else chr(10) + '* * *' + chr(10)}", 400),
        "text",
    ),
    "chat without capitals": (
        lines(lambda n: f"{['lee', 'ann', 'bob'][n * n % 3]}: {sentence(n).lower()}"), "text"),
    "own special tokens": (lines(lambda n: f"{sentence(n)} [EOT] Yes, it is at [URL] ."), "text"),
    "names in order": (
        "".join(f"{a}{b}nna\n" for a in "BCDFGHJKLMNP" for b in "aeiou").encode(), "text"),
    "titles in order": (
        "".join(f"{a}{b}nna Goes to the Zoo\n" for a in "BCDFGHJKLMNP" for b in "aeiou").encode(), "text"),
    "chat with dates": (
        lines(lambda n: f"[{n % 28 + 1:02}/05/2020, 10:00:{n:02}] {['Lee', 'Ann'][n % 2]}: {sentence(n)}"), "text"),
    "chat of a phone": (
        lines(lambda n: f"{n % 28 + 1}/5/20, 10:{n:02} PM - {['Lee', 'Ann'][n % 2]}: {sentence(n)}"), "text"),
    "a transcript with times": (
        lines(lambda n: f"[00:{n:02}:30] {['Lee', 'Ann'][n % 2]}: {sentence(n)}"), "text"),
    "proteins as models read them": (
        lines(lambda n: " ".join(random.Random(n).choices("ACDEFGHIKLMNPQRSTVWY", k=80))), "text"),
    "names left out of notes": (lines(lambda n: f"[**Panda {n}**] {article(n)}\n"), "text"),
    "words without vowels": (
        lines(lambda n: ["Strč prst skrz krk.", "Vlk zmrzl u čtvrti.", "Byl pozdní večer."][n % 3]), "text"),
    "amounts of a recipe": (lines(lambda n: f"{n % 4 + 1} {['tbsp', 'cups', 'tsp'][n % 3]} bamboo"), "text"),
    "a table in a book": (
        lines(sentence, 3000) + table(",") + lines(sentence, 3000), "text"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_prose_is_refused_by_its_content(kind: str) -> None:
    content, said = REFUSED[kind]
    message = str(refusal(content))
    assert said in message
    assert message.startswith("in.dat ")
    if "plain or compressed" in message:  # no option makes text of it
        assert str(refusal(content, input_format="text")) == message
    else:
        assert "--input-format text" in message
        assert known(content, input_format="text").format == "text"


# All kinds are found in what was decompressed: a few show that it is.
COMPRESSED = [kind for kind in REFUSED if kind not in ("twice", "one JSON array")]


@pytest.mark.parametrize(
    "kind",
    [
        *COMPRESSED[::8],
        *(
            pytest.param(k, marks=pytest.mark.exhaustive)
            for k in COMPRESSED
            if k not in COMPRESSED[::8]
        ),
    ],
)
def test_compressed_it_is_refused_as_well(kind: str) -> None:
    content, said = REFUSED[kind]
    assert said in str(refusal(gzip.compress(content)))


@pytest.mark.parametrize("kind", WARNED)
def test_odd_prose_is_read_with_a_warning(kind: str) -> None:
    content, said = WARNED[kind]
    file = known(content)
    assert file.format == ("jsonl" if kind == "a list of texts in JSON" else "text")
    assert said in file.warning


@pytest.mark.parametrize("kind", READ)
def test_what_is_read_and_as_what(kind: str) -> None:
    content, file_format = READ[kind]
    file = known(content)
    assert (file.format, file.warning) == (file_format, "")


@pytest.mark.slow
def test_prose_whose_middle_is_none_is_refused() -> None:
    content = lines(sentence, 1500) + table(",", header=False) * 200
    assert "3 columns" in str(refusal(content))
    content = lines(sentence, 20_000) + table(",", header=False) * 40
    assert "places that were looked at" in known(content).warning


@pytest.mark.slow
def test_odd_but_right_corpora_are_prose() -> None:
    odd = pytest.importorskip("tests.odd_corpora")
    found = {}
    for kind, make in odd.ODD_CORPORA.items():
        try:
            file = known(make().encode())
            found[kind] = file.warning if file.format == "text" else file.format
        except RefusedError as error:
            found[kind] = str(error)
    assert {kind: what for kind, what in found.items() if what} == {}


# The way out

# Tools that may not be here, as small as they can be.
_TOOLS = {
    "jq": "import json,sys\n"
    "text = sys.stdin.read().strip()\n"
    "decoder = json.JSONDecoder()\n"
    "while text:\n"
    "    value, end = decoder.raw_decode(text)\n"
    "    text = text[end:].lstrip()\n"
    "    if 'join' in sys.argv[-1]:\n"
    "        value = {'text': '\\n'.join(map(str, value))}\n"
    "    for v in value if sys.argv[-1] == '.[]' else [value]:\n"
    "        print(json.dumps(v, ensure_ascii=False, separators=(',', ':')))\n",
}


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("tools")
    for name, script in _TOOLS.items():
        if not shutil.which(name):
            (folder / name).write_text(f"#!{sys.executable}\n{script}")
            (folder / name).chmod(0o755)
    (folder / "python3").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (folder / "python3").chmod(0o755)
    return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}


def advised(message: str) -> list[tuple[str, dict[str, str]]]:
    """The commands of a message, each with the options it says to read the result by."""
    found = []
    for command, options in re.findall(r"`([^`]+ > [^`]+)`(?:, to be read with ([^;]*))?", message):
        pairs = re.findall(r"--([a-z-]+) (\S+)", options)
        found.append((command, {name.replace("-", "_"): value for name, value in pairs}))
    return found


# What it holds is no text either, or not of words.
OF_NO_TEXT = {"base64", "FASTA", "FASTQ", "GenBank"}
# Take a tool that is not everywhere, and a file of its making.
OF_RARE_TOOLS = {"lz4, the old format", "lzip"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("zipped", "each"),
    [(False, 1), (True, 8), pytest.param(True, 1, marks=pytest.mark.exhaustive)],
    ids=["plain", "some in gzip", "gzip"],
)
def test_the_command_that_is_advised_makes_text_of_it(
    zipped: bool, each: int, tmp_path: Path, tools: dict[str, str], subtests: pytest.Subtests
) -> None:
    # Found here and not while tests are collected, for which each kind would be looked at first.
    left_out = OF_NO_TEXT | OF_RARE_TOOLS | ({"twice"} if zipped else set())
    kinds = [kind for kind in REFUSED if advised(str(refusal(REFUSED[kind][0])))]
    assert len(kinds) > 80
    for number, kind in enumerate(sorted({*kinds} - left_out)[::each]):
        with subtests.test(kind=kind):
            folder = tmp_path / str(number)
            folder.mkdir()
            check_command(REFUSED[kind][0], zipped, folder, tools)


def check_command(content: bytes, zipped: bool, folder: Path, tools: dict[str, str]) -> None:
    """Does with a file what its refusal says, and looks for the text."""
    path = folder / "its file.dat"
    path.write_bytes(gzip.compress(content) if zipped else content)
    with pytest.raises(RefusedError) as caught:
        documents(path)
    ((command, options),) = advised(str(caught.value))
    done = subprocess.run(["bash", "-c", command], env=tools, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (made,) = [other for other in folder.iterdir() if other != path]
    texts = documents(made, **options)
    assert texts
    text = "\n".join(texts).replace(" .", ".")
    assert re.search(r"[A-Z][a-z]+(?: [a-z]+){5,} number \d+", text), text[:300]
    assert not re.search(r"-->|</|X-|_\t", text)


@pytest.mark.parametrize("kind", [k for k in REFUSED if "mark" in REFUSED[k][1]])
def test_the_separator_that_is_advised_parts_the_documents(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "in.txt"
    path.write_bytes(REFUSED[kind][0])
    with pytest.raises(RefusedError) as caught:
        documents(path)
    found = re.search(r"--document-separator '?([^';]+)'?", str(caught.value))
    assert found
    assert [text.strip() for text in documents(path, document_separator=found[1])] == [
        article(n) for n in range(9)
    ]
