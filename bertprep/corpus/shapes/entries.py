"""Lines that are entries: figures, codes and signs, and hardly four words in a row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import regex

from bertprep.common.scripts import UNSPACED
from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import (
    STOPPED,
    Finding,
    longest_run,
    not_sentences,
    share_stopped,
)

_WORD = regex.compile(r"\p{P}*[\p{L}\p{M}][\p{L}\p{M}'\u2019-]*[.,;:!?\"')\]…]*")
_CODE = regex.compile(r".*\p{N}.*|.*[\p{S}_/\\|@#*&%{}<>=].*|[^\p{L}\p{N}]+")
# Neither a plain number, as of goals, nor signs alone, as of smiles.
_RICH_CODE = regex.compile(
    r"\d{4}|\d\W+\d|\p{L}.*[\d\p{S}_/\\|@#*&%{}<>=]|[\d\p{S}_/\\|@#*&%{}<>=].*\p{L}"
)
_UNSPACED = regex.compile(rf"[{UNSPACED}\p{{Tibetan}}]")
_FEWEST_LINES, _MOST_LINES = 40, 400
_MOST_OF_LINE, _MOST_OF_TOKEN = 1000, 60  # what is longer shows by its beginning
_RUN = 4
_MOST_RUNNING, _ENTRIES, _CODES, _RICH = 0.1, 0.4, 0.35, 0.15
_MANY_CODES, _STOPPED_CODES, _NONE = 0.4, 0.7, 0.02
_SOME_CODED, _SOME_RICH, _ALL_SIGNED, _FEW_STOPPED = 0.3, 0.05, 0.9, 0.1
_MANY_SMALL = 0.5
_ALL_PAIRED, _WORDS_OF_PAIR, _FEW_PAIRED_STOPPED = 0.95, 14, 0.05
# Of scripts without capitals all letters are small.
_SMALL = regex.compile(r"\p{P}*[\p{Ll}\p{Lo}][\p{L}\p{M}'\u2019-]*\p{P}*")
_ANY_WORD = regex.compile(r"\p{P}*\p{L}[\p{L}\p{M}'\u2019-]*\p{P}*")
_ALL_CAPITALS = 0.7
# What stands alone within a line, but stops and what joins names.
_LONE_SIGN = regex.compile(r"[^\s\p{L}\p{M}\p{N}.,;:!?&+'\"\u2026()]{1,3}")
_MOST_BYTES_OF_TOKEN = 25  # longer ones are molecules and such, which somebody may well train on
_TIME = r"\d{1,2}[:.h]\d\d(?: ?[ap]\.?m\.?)?"
_CLOCK = re.compile(rf"{_TIME}(?: ?[-\u2013] ?{_TIME})?\s+(\S+)", re.I)
# When and by whom something was said in a chat: what follows is looked at alone.
_SAID = re.compile(
    r"\s*[\[(]?[\d/.:,\s]+(?:[ap]m)?[\])]?[\s-]*(?:<[^>]{1,30}>|\w[^:<>]{0,25}:)\s", re.I
)
_WORDS_OF_PROGRAMME, _SPEAKERS = 8, 0.2
_CHORD = re.compile(
    r"\(?\[?[A-H][b#]?(?:m|maj|min|dim|aug|sus|add)?\d{0,2}(?:sus\d|maj\d|add\d|[b#]\d)?"
    r"(?:/[A-H][b#]?)?\]?\)?|\||N\.C\.|x\d|-"
)
_CHORD_LINES = 0.2
_SOUND = re.compile(r"[A-Z]{1,3}\d?|[a-z]{1,2}\d?")
_CODES_OF_SOUNDS, _MOST_SOUNDS = 5, 100


def entries(part: Part) -> Finding | None:
    """Registers, schedules, ledgers, commands, music: whatever their form is called.

    Where people write in lines, too, most of what stands between blanks is words: a recipe's
    amounts are a quarter of it, the scores of games are plain numbers.
    """
    lines = [line[:_MOST_OF_LINE] for line in part.filled_text[:_MOST_LINES]]
    if len(lines) < _FEWEST_LINES:
        return None
    return _chords(lines) or _programme(lines) or _sounds(lines) or _of_codes(lines)


def _of_codes(lines: Sequence[str]) -> Finding | None:
    lines = [_SAID.sub("", line, count=1) if _SAID.match(line) else line for line in lines]
    rows = [[token[:_MOST_OF_TOKEN] for token in line.split()] for line in lines]
    tokens = [token for row in rows for token in row]
    if sum(map(len, tokens)) > _MOST_BYTES_OF_TOKEN * len(tokens) or len(tokens) < 2 * len(lines):
        return None
    codes = [token for token in tokens if _CODE.fullmatch(token)]
    letters = "".join(lines)
    if len(_UNSPACED.findall(letters)) > 0.1 * len(letters):
        return None
    rich = sum(bool(_RICH_CODE.search(token)) for token in codes)
    share = len(codes) / len(tokens)
    if share >= _CODES and rich >= _RICH * len(tokens) and _are_short(lines, rows, share):
        return not_sentences(
            "entries", f"has lines of figures, codes and signs ({share:.0%} of what blanks part)"
        )
    return _none_runs_on(lines, rows, rich) or _around_a_sign(lines, rows)


def _are_short(lines: Sequence[str], rows: Sequence[Sequence[str]], share: float) -> bool:
    """Whether hardly a line has words in a row, and many break off with less than that."""
    runs = list(map(_longest_run, rows))
    running = sum(run > _RUN for run in runs)
    if (
        running <= _NONE * len(lines)
        and share >= _MANY_CODES
        and share_stopped(lines) < _STOPPED_CODES
    ):
        return True
    found = sum(
        run < _RUN and any(map(_CODE.fullmatch, row)) and not STOPPED.search(line)
        for run, row, line in zip(runs, rows, lines, strict=True)
    )
    return running <= _MOST_RUNNING * len(lines) and found >= _ENTRIES * len(lines)


def _none_runs_on(lines: Sequence[str], rows: Sequence[Sequence[str]], rich: int) -> Finding | None:
    """No line with five words in small letters in a row, as nearly all of any prose or verse has.

    Lists of names have none either, nor headlines: but no figures or signs in line after line.
    """
    coded = sum(any(map(_CODE.fullmatch, row)) for row in rows)
    signed = sum(any(map(_LONE_SIGN.fullmatch, row[1:-1])) for row in rows)
    is_coded = rich >= _SOME_RICH * sum(map(len, rows)) or signed >= _ALL_SIGNED * len(rows)
    if coded < _SOME_CODED * len(rows) or not is_coded:
        return None
    if share_stopped(lines) > _FEW_STOPPED:
        return None
    is_word = _ANY_WORD if _are_capitals(rows) else _SMALL
    small = [[bool(is_word.fullmatch(token)) for token in row] for row in rows]
    if sum(longest_run(row) > _RUN for row in small) > _NONE * len(rows):
        return None
    # Messages and ingredients are short as well, and all in small letters.
    if is_word is _SMALL and sum(map(sum, small)) > _MANY_SMALL * sum(map(len, rows)):
        return None
    share = coded / len(rows)
    return not_sentences(
        "entries", f"has no words in a row, but figures or signs in {share:.0%} of its lines"
    )


def _are_capitals(rows: Sequence[Sequence[str]]) -> bool:
    """Whether it is written in capitals, as telegrams are."""
    words = [token for row in rows for token in row if _ANY_WORD.fullmatch(token)]
    return sum(map(str.isupper, words)) > _ALL_CAPITALS * len(words)


def _around_a_sign(lines: Sequence[str], rows: Sequence[Sequence[str]]) -> Finding | None:
    """The same sign between a few words of each line, as of pairs, paths or glossaries."""
    signs = Counter(sign for row in rows for sign in set(_between_words(row)))
    sign, count = signs.most_common(1)[0] if signs else ("", 0)
    if count < _ALL_PAIRED * len(rows) or sum(map(len, rows)) > _WORDS_OF_PAIR * len(rows):
        return None
    if share_stopped(lines) > _FEW_PAIRED_STOPPED:
        return None
    return not_sentences(
        "entries", f"has {sign} between the words of {count / len(rows):.0%} of its lines"
    )


def _between_words(row: Sequence[str]) -> list[str]:
    triples = zip(row, row[1:], row[2:], strict=False)
    words = _ANY_WORD.fullmatch
    return [sign for a, sign, b in triples if _LONE_SIGN.fullmatch(sign) and words(a) and words(b)]


def _longest_run(row: Sequence[str]) -> int:
    return longest_run(bool(_WORD.fullmatch(token) and not _CODE.fullmatch(token)) for token in row)


def _programme(lines: Sequence[str]) -> Finding | None:
    """A time of day and a title a line; in a chat the same few names come behind the times."""
    found = [match[1] for line in lines if (match := _CLOCK.match(line.strip()))]
    if len(found) < 0.95 * len(lines) or len(set(found)) < _SPEAKERS * len(lines):
        return None
    spoken = sum(word.endswith(":") or word.startswith("<") for word in found)
    stopped = sum(bool(STOPPED.search(line)) for line in lines)
    words = sum(line.count(" ") for line in lines)
    if max(spoken, stopped) > 0.2 * len(lines) or words > _WORDS_OF_PROGRAMME * len(lines):
        return None
    return not_sentences("entries", "has a time of day before the titles in its lines")


def _sounds(lines: Sequence[str]) -> Finding | None:
    """A word and how it is said, in codes of a small set, a line."""
    rows = [row for line in lines if len(row := line.split()) > 1]
    rest = Counter(word for row in rows for word in row[1:])
    if len(rows) < 0.95 * len(lines) or not _CODES_OF_SOUNDS < len(rest) <= _MOST_SOUNDS:
        return None
    if len({row[0] for row in rows}) < 0.8 * len(rows) or rest.total() < 10 * len(rest):
        return None
    if not all(map(_SOUND.fullmatch, rest)) or len(set(map(len, rest))) < 2:
        return None
    return not_sentences("entries", "has a word and codes of its sounds in its lines")


def _chords(lines: Sequence[str]) -> Finding | None:
    """Lines of the chords that are played to the words below them."""
    played = [row for line in lines if (row := line.split()) and all(map(_CHORD.fullmatch, row))]
    named = Counter(chord for row in played for chord in row if chord[0].isalpha())
    if len(played) < max(10, _CHORD_LINES * len(lines)) or len(named) < 3:
        return None
    if named.total() < 1.5 * len(played) or not any(len(chord) > 1 for chord in named):
        return None  # as of letters that mark the parts of a text, or of sequences
    script = (
        "import re,sys; [print(line, end='') for line in sys.stdin if re.search('[a-z]{3}', "
        "re.sub('maj|min|dim|aug|sus|add', '', line))]"
    )
    what = f"has {len(played)} lines of chords, not words"
    advice = f'take them out first, as with python3 -c "{script}"'
    return Finding("chords", what, f"they are taken as text; {advice}", is_warning=True)
