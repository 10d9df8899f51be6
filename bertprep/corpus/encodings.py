"""Text in other encodings than UTF-8: decoded on the way, and guessed where none was named."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import BinaryIO, cast

from bertprep.corpus.seekable import Pieces, PieceStream

_BOMS = {  # the longer first: that of UTF-16 begins that of UTF-32
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF8: "",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
# A byte that no UTF-8 has stands for each that could not be decoded, for readers to find.
_MARK = b"\xff"
_MARKING = "bertprep-mark"

_LEGACY = [
    "cp1252", "gb18030", "big5", "big5hkscs", "cp932", "euc_jp", "cp949", "koi8_r", "cp1251",
    "cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "cp874",
]  # fmt: skip
_GUESS_BYTES = 1 << 14
# Of western text in that of central Europe; of Hungarian, which differs least, it is a tenth.
_OTHER_LETTERS = 0.05
_LONGEST_CHARACTER = 4


def _mark(error: UnicodeError) -> tuple[str | bytes, int]:
    if isinstance(error, UnicodeDecodeError):
        return "\udcff" * (error.end - error.start), error.end
    assert isinstance(error, UnicodeEncodeError)
    return _MARK * (error.end - error.start), error.end


codecs.register_error(_MARKING, _mark)


def encoding_of(head: bytes, named: str) -> str:
    """The encoding of a file that begins so, as its mark or else the user says; "" for UTF-8."""
    for bom, encoding in _BOMS.items():
        if head.startswith(bom):
            return encoding
    return "" if not named or codecs.lookup(named).name in ("utf-8", "ascii") else named


def as_utf8(data: bytes, encoding: str, is_cut: bool = True) -> bytes:
    """A stretch of a file in UTF-8, without characters that it cuts.

    Args:
        data: the stretch, from the first byte of a character on.
        encoding: its codec.
        is_cut: whether the file goes on behind it.
    """
    decoder = codecs.getincrementaldecoder(encoding)(_MARKING)
    return decoder.decode(data, not is_cut).encode("utf-8", _MARKING)


def transcoded(stream: BinaryIO, encoding: str, read_bytes: int = 1 << 18) -> BinaryIO:
    """The bytes of a stream in UTF-8; 0xff stands for those that cannot be decoded.

    Args:
        stream: from its first byte on.
        encoding: its codec; empty if there is nothing to decode.
        read_bytes: how many bytes of it are decoded at a time.
    """
    if not encoding:
        return stream
    return cast(BinaryIO, PieceStream(_pieces_of(stream, encoding, read_bytes)))


def _pieces_of(stream: BinaryIO, encoding: str, read_bytes: int) -> Callable[[], Pieces]:
    def pieces() -> Pieces:
        stream.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)(_MARKING)
        while data := stream.read(read_bytes):
            yield decoder.decode(data).encode("utf-8", _MARKING)
        yield decoder.decode(b"", True).encode("utf-8", _MARKING)

    return pieces


def advice_on(content: bytes) -> str:
    """The way out for text that is not UTF-8: the encoding it likely is in, if any."""
    wrong = content.decode("utf-8", "replace").count("\ufffd")
    right = sum(byte >= 0xC2 for byte in content.decode("utf-8", "ignore").encode("utf-8"))
    if right > wrong or wrong < 1e-3 * len(content):
        return "a few bytes of it are damaged: --bad-input replace puts U+FFFD in their place"
    guess = likely_encoding(content)
    if guess:
        return f"it looks like {guess}: say --encoding {guess}"
    return "say which encoding it is in by --encoding"


def likely_encoding(content: bytes) -> str:
    """The encoding that some text most likely is in, or nothing."""
    from charset_normalizer import from_bytes

    start = content[:_GUESS_BYTES]
    for cut in range(_LONGEST_CHARACTER if len(content) > len(start) else 1):
        sample = start[: len(start) - cut]
        best = from_bytes(sample, cp_isolation=_LEGACY).best()
        if best is not None:
            return next(
                name for name in (*_LEGACY, best.encoding) if _gives(sample, name, str(best))
            )
    return ""


def _gives(sample: bytes, name: str, text: str) -> bool:
    """Whether an encoding gives a text, but for a few of its letters that others have."""
    try:
        decoded = sample.decode(name)
    except UnicodeDecodeError:
        return False
    foreign = sum(not character.isascii() for character in text)
    differing = sum(a != b for a, b in zip(decoded, text, strict=False))
    return len(decoded) == len(text) and differing <= _OTHER_LETTERS * foreign
