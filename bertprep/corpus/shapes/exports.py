"""Exports of other programs: references, sequences, dumps of databases, mail."""

from __future__ import annotations

import re

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding

_REFERENCE = re.compile(rb"(?:[A-Z][A-Z0-9 ]{3}|[A-Z][A-Z0-9]  )-(?: |$)")
_ENDNOTE = re.compile(rb"%[0-9A-Z@!?] \S")
_WEB_OF_SCIENCE = re.compile(rb"(?:[A-Z][A-Z0-9] \S|E[RF]$)")
_BIBTEX = re.compile(rb"@[A-Za-z]+\{[^\s,]*,")
_FIELD = re.compile(rb"\w+\s*=\s*[{\"\d]")
_SEQUENCE = re.compile(rb"[A-Z*-]{10,}")
_NUMBERED = re.compile(rb"\d+(?: [acgtn]{10})+(?: [acgtn]{1,9})?")
_QUOTED = re.compile(rb"=[0-9A-F]{2}")
_SQL = re.compile(
    rb"-- (?:MySQL|MariaDB|PostgreSQL) |(?:INSERT INTO|COPY) [`\"\w.]+ .*(?:VALUES|stdin)", re.I
)
_ROWS = re.compile(rb"(?:'|NULL|\d)\),\((?:'|NULL|\d)")
_ASIDE = "leave it out by --exclude"


def references(part: Part) -> Finding | None:
    """A bibliography's records: MEDLINE, RIS, BibTeX."""
    lines = part.filled
    if len(lines) < 10:
        return None
    begun = [line for line in part.lines if line[:1].strip()]  # the others go on with those
    fields = sum(bool(_REFERENCE.match(line)) for line in begun)
    if fields >= max(10, 0.9 * len(begun)) or fields >= 0.7 * len(lines):
        return _references("MEDLINE, RIS", "sed -nE 's/^(AB|N2) +- //p'")
    if sum(bool(_ENDNOTE.match(line)) for line in lines) >= 0.7 * len(lines):
        return _references("EndNote", "sed -n 's/^%X //p'")
    ends = lines.count(b"ER")
    if ends > 1 and sum(bool(_WEB_OF_SCIENCE.match(line)) for line in lines) >= 0.6 * len(lines):
        return _references("Web of Science", "sed -n 's/^AB //p'")
    entries = sum(bool(_BIBTEX.match(line)) for line in lines)
    if entries > 1 and entries + sum(bool(_FIELD.match(line)) for line in lines) > 0.6 * len(lines):
        return Finding("BibTeX", "is BibTeX, not prose", _ASIDE, is_side=True)
    return None


def _references(names: str, command: str) -> Finding:
    what = f"holds records of references ({names}), not prose"
    advice = "take their abstracts, where a line has a whole one"
    return Finding("references", what, advice, command, options="--documents line")


def sequences(part: Part) -> Finding | None:
    """FASTA or FASTQ."""
    lines = part.filled
    numbered = sum(bool(_NUMBERED.fullmatch(line)) for line in lines)
    if numbered >= max(5, 0.3 * len(lines)):
        sed = "sed -nE 's/^ *[0-9]+ (([a-z]{1,10} ?)+)$/\\1/p'"
        return Finding("GenBank", "is GenBank, not sequences alone", "take these", sed)
    names = sum(line[:1] == (b">" if lines[0][:1] == b">" else b"@") for line in lines)
    strings = sum(bool(_SEQUENCE.fullmatch(line)) for line in lines)
    if names < 2 or strings < names or names + strings < 0.9 * len(lines):
        pluses = lines.count(b"+")
        if pluses < 2 or pluses < 0.2 * len(lines) or strings < 0.2 * len(lines):
            return None
        sed = "awk 'NR % 4 == 2'"
        return Finding("FASTQ", "is FASTQ, not sequences alone", "take these", sed,
                       options="--documents line")  # fmt: skip
    sed = "sed 's/^>.*//'"
    return Finding("FASTA", "is FASTA, not sequences alone", "take these", sed)


def sql(part: Part) -> Finding | None:
    """A dump of a database."""
    rows = len(_ROWS.findall(part.data)) if b"),(" in part.data else 0
    begins = part.starts and any(_SQL.match(line) for line in part.filled[:20])
    if not begins and rows < max(5, len(part.data) // 4000):
        return None
    return Finding("SQL", "is a dump of a database, not prose", "export its text as JSON lines")


def quoted_printable(part: Part) -> Finding | None:
    """Lines that mail has broken with = at their ends."""
    lines = part.filled
    broken = sum(line.endswith(b"=") for line in lines)
    if broken < max(3, 0.2 * len(lines)) or len(_QUOTED.findall(part.data)) < 3:
        return None
    what = "is in mail's encoding (quoted-printable), not prose"
    command = 'python3 -c "import quopri,sys; quopri.decode(sys.stdin.buffer, sys.stdout.buffer)"'
    return Finding("quoted-printable", what, "decode it", command)
