"""Help as lines of a terminal: none longer than it is wide, and no word in two parts."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from textwrap import TextWrapper

import click

_EDGE = 2  # columns left free at the right, as click does
_FEWEST, _MOST = 20, 80
_NARROW = 60  # where an option's text starts below it, not beside
_MOST_BESIDE = 30  # columns of an option, before what it is for
_BELOW = 4  # how far such a text is indented
_AS_IT_IS = "\b"  # before lines that are commands, in click's texts
_GOES_ON = " \\"
_QUOTED_WORD = re.compile(r"""(?:"[^"]*"|'[^']*'|\S)+""")


class _Wrapper(TextWrapper):
    """Parts at white space, and after the | between choices."""

    wordsep_simple_re = re.compile(r"(\s+|(?<=\|))")

    def __init__(self, width: int, first: str = "", rest: str = "") -> None:
        super().__init__(
            width,
            initial_indent=first,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )


class HelpLines(click.HelpFormatter):
    """Writes help for terminals of any width, from 20 columns on."""

    def __init__(
        self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None
    ) -> None:
        if width is None:
            columns = min(shutil.get_terminal_size().columns, max_width or _MOST)
            width = max(columns - _EDGE, _FEWEST)
        super().__init__(indent_increment, width)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Writes how the command is called; its arguments begin behind its name, or below it."""
        head = f"{prefix or 'Usage: '}{prog} "
        rest = " " * (len(head) if len(head) <= self.width // 2 else 2 * self.indent_increment)
        self._write_lines(_Wrapper(self.width, head, rest).wrap(args) or [head.rstrip()])

    def write_text(self, text: str) -> None:
        """Writes paragraphs; lines behind a ``\\b`` are commands, and keep their own lines."""
        self._write_lines(_paragraphs(text, self.width, " " * self.current_indent))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = _MOST_BESIDE, col_spacing: int = 2
    ) -> None:
        """Writes terms and what they are: side by side, or one below the other where it is narrow.

        Args:
            rows: the terms, and their texts.
            col_max: the most columns of terms that have their text beside them.
            col_spacing: the columns between.
        """
        rows = list(rows)
        widest = max((len(term) for term, _ in rows), default=0)
        if self.width < _NARROW and widest > self.width // 3:
            for row in rows:
                self._write_below(*row)
            return
        beside = min(widest, col_max, self.width // 3) + col_spacing
        for row in rows:
            self._write_beside(*row, beside, col_spacing)

    def _write_below(self, term: str, text: str) -> None:
        indent = " " * self.current_indent
        self._write_lines(_Wrapper(self.width, indent, indent + "  ").wrap(term))
        self._write_lines(_paragraphs(text, self.width, indent + " " * _BELOW))

    def _write_beside(self, term: str, text: str, column: int, spacing: int) -> None:
        indent = " " * self.current_indent
        lines = _paragraphs(text, self.width, indent + " " * column)
        if lines and len(term) + spacing <= column:
            lines[0] = f"{indent}{term:<{column}}" + lines[0].lstrip()
        else:
            lines = [*_Wrapper(self.width, indent, indent + "  ").wrap(term), *lines]
        self._write_lines(lines)

    def _write_lines(self, lines: Iterable[str]) -> None:
        self.write("".join(f"{line}\n" for line in lines))


def _paragraphs(text: str, width: int, indent: str) -> list[str]:
    """The lines of paragraphs, with an empty one between two."""
    lines: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        lines += [""] if lines else []
        if paragraph.startswith(_AS_IT_IS):
            for line in paragraph.splitlines()[1:]:
                lines += _command_lines(line, width, indent)
        else:
            lines += _Wrapper(width, indent, indent).wrap(paragraph)
    return lines


def _command_lines(line: str, width: int, indent: str) -> Iterator[str]:
    """A command on as many lines as it takes; a shell reads them as one."""
    start = indent + line[: len(line) - len(line.lstrip())]
    if len(indent + line) <= width:
        yield indent + line
        return
    command, _, comment = line.strip().partition("  #")
    if comment:
        yield f"{start}#{comment}"
    shown, words = start, _words_of(command, width - len(start) - 2 - len(_GOES_ON))
    for index, word in enumerate(words):
        gap = " " if shown.strip() else ""
        behind = len(_GOES_ON) if index + 1 < len(words) else 0
        if gap and len(shown) + len(gap) + len(word) + behind > width:
            yield shown + _GOES_ON
            shown, gap = start + "  ", ""
        shown += gap + word
    yield shown


def _words_of(command: str, width: int) -> list[str]:
    """The words, an option and its value as one where both fit."""
    found: list[str] = []
    for word in _QUOTED_WORD.findall(command):
        both = f"{found[-1]} {word}" if found else ""
        if both.startswith("-") and re.match(r"[\w'\"./*]", word) and len(both) <= width:
            found[-1] = both
        else:
            found.append(word)
    return found
