"""How tokens spell text: the mark that a word begins with, and the letters without any mark."""

from __future__ import annotations

from functools import cache

from bertprep.vocabulary.reading_settings import Settings

BYTE_MARK, SPACE_MARK = "\u0120", "\u2581"  # of byte-level vocabularies, and of SentencePiece's


@cache
def _byte_of() -> dict[str, int]:
    """The byte that each character of a byte-level token stands for.

    Printable Latin-1 stands for itself; the other bytes, in their order, for U+0100 and on.
    """
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in set(plain)]
    return {chr(byte): byte for byte in plain} | {
        chr(0x100 + i): byte for i, byte in enumerate(others)
    }


def letters_of(token: str, settings: Settings) -> str:
    """The text that a token of the vocabulary stands for, a blank before a word included.

    >>> letters_of("\u0120caf\u00c3\u00a9", Settings(whole=True, word_mark=BYTE_MARK))
    ' café'
    """
    if settings.word_mark == BYTE_MARK:
        try:
            return bytes(map(_byte_of().__getitem__, token)).decode("utf-8", "replace")
        except KeyError:  # an added token, of any letters
            return token
    if settings.word_mark == SPACE_MARK:
        return token.replace(SPACE_MARK, " ")
    prefix = settings.continuing_prefix
    return token.removeprefix(prefix) if prefix and token != prefix else token


def goes_on(token: str, settings: Settings) -> bool:
    """Whether a token goes on with the word before it, by its mark; False where there are none."""
    if settings.word_mark:
        return not letters_of(token, settings)[:1].isspace()
    prefix = settings.continuing_prefix
    return bool(prefix) and token.startswith(prefix) and token != prefix
