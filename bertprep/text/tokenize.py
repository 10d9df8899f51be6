"""Token ids of a batch of sentences: tokenize the distinct pieces, gather the rest.

The pieces of the text are dictionary-encoded by Arrow, and only those not met before go through
``tokenizers``; everything Unicode-hard stays inside it, so the ids are its own by construction.
Where pieces may be cut is BERT's rules to say, with added tokens cut out of the text first, or the
tokenizer.json of another kind; where that allows no cut, sentences are the pieces.
"""

from __future__ import annotations

import os
from collections import Counter
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bertprep.common.ragged import gather_index, offsets_of
from bertprep.text.added_tokens import NO_STRETCHES, Stretches, added_tokens
from bertprep.text.blank_pieces import BlankCutter
from bertprep.text.piece_ids import JoinedEncoder, PieceIds, concatenated, encoded_alone
from bertprep.text.piece_memory import CACHE_BYTES, PieceMemory
from bertprep.text.pieces import (
    NOWHERE,
    PART_BYTES,
    UNKNOWN_WORD,
    cut_text,
    dictionary_encode,
    text_parts,
)
from bertprep.text.word_places import Pieces, WordPlaces, begun_at, begun_within
from bertprep.vocabulary.reading_settings import CONTINUING
from bertprep.vocabulary.tokenizer import plain_word_tokenizer, word_tokenizer
from bertprep.vocabulary.vocabulary import Vocabulary
from bertprep.vocabulary.whole_tokenizer import whole_tokenizer

_NO_IDS = np.empty(0, np.int32)


class Tokens(NamedTuple):
    """The tokens of a batch of sentences.

    Attributes:
        ids: int32[tokens], without special tokens.
        sentence_offsets: int64[sentences + 1]: sentence i has ``ids[offsets[i]:offsets[i + 1]]``.
        flagged: int64[n], the tokens of which ``Vocabulary.continuing`` says wrongly if they go on
            with the word before them.
        unknown: the words, in UTF-8, that gave an [UNK], and how often each did.
        misfits: how many of the places at which a word was said to begin lie within a token.
    """

    ids: NDArray[np.int32]
    sentence_offsets: NDArray[np.int64]
    flagged: NDArray[np.int64]
    unknown: Counter[bytes]
    misfits: int = 0


class BatchTokenizer:
    """Tokenizes batches with one vocabulary, remembering the ids of the pieces it met.

    Results depend on neither of the sizes.

    Args:
        vocabulary: gives the ids.
        cache_bytes: once the memory holds about so many, pieces that did not come again are
            forgotten.
        part_bytes: longer texts are taken part by part.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        cache_bytes: int = CACHE_BYTES,
        part_bytes: int = PART_BYTES,
    ) -> None:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        self._settings = vocabulary.settings
        self._unk_id = vocabulary.unk_id
        self._continuing = vocabulary.continuing
        self._spellings = vocabulary.tokens
        self._lowercase = vocabulary.lowercase
        if self._settings.whole:
            self._reference, self._id_of = whole_tokenizer(vocabulary)
            self._cutter, self._added = BlankCutter(vocabulary), None
            begins = np.append(~vocabulary.continuing, False)[
                np.minimum(self._id_of, len(vocabulary))
            ]
            self._joined_ids = JoinedEncoder(self._reference, begins, may_not=self._cutter.may_hold)
        else:
            self._reference, self._added = word_tokenizer(vocabulary), added_tokens(vocabulary)
            plain, begins = plain_word_tokenizer(self._reference), ~vocabulary.continuing
            self._joined_ids = JoinedEncoder(plain, begins, between=" ")
        self._part_bytes = part_bytes
        # Only where text is not cut at blanks, UNKNOWN_WORD is a piece of its own if it is marked.
        mark = b"" if self._settings.whole else UNKNOWN_WORD
        self._memory = PieceMemory(self._encoded, mark, self._unk_id, cache_bytes)

    def forget(self) -> None:
        """Empties the memory: the next batch is as slow as the first."""
        self._memory.forget()

    def __call__(
        self,
        text: bytes,
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
        going_on: NDArray[np.int64] = NOWHERE,
        beginning: NDArray[np.int64] = NOWHERE,
        *,
        marked: bool = False,
    ) -> Tokens:
        """The tokens of sentences; text outside of them gives none.

        Args:
            text: in UTF-8.
            starts: int64[n], the first byte of each sentence; ascending.
            ends: int64[n], where each ends, before the next starts.
            going_on: int64[n], ascending, the bytes at which a word goes on.
            beginning: int64[m], ascending, the bytes within a piece at which a word begins.
            marked: whether ``UNKNOWN_WORD`` is [UNK].
        """
        data = np.frombuffer(text, np.uint8)
        stretches = self._added(text, starts, ends) if self._added else NO_STRETCHES
        ids, flagged = [_NO_IDS], [NOWHERE]
        counts = np.zeros(len(starts), np.int64)
        unknown: Counter[bytes] = Counter()
        misfits = 0
        whole = stretches.starts, stretches.ends
        only_edges = self._settings.whole
        for part in text_parts(data, ends, whole, self._part_bytes, only_edges=only_edges):
            first = np.searchsorted(ends, part.start, side="right")
            sentences = slice(first, np.searchsorted(starts, part.stop))
            part_starts, part_ends = (
                np.clip(bounds[sentences], part.start, part.stop) - part.start
                for bounds in (starts, ends)
            )
            words = WordPlaces(going_on, beginning).within(part)
            apart = stretches.within(part)
            tokens = self._part(data[part], part_starts, part_ends, words, marked, apart)
            flagged.append(tokens.flagged + counts.sum())
            counts[sentences] += np.diff(tokens.sentence_offsets)
            ids.append(tokens.ids)
            unknown.update(tokens.unknown)
            misfits += tokens.misfits
        return Tokens(
            np.concatenate(ids), offsets_of(counts), np.concatenate(flagged), unknown, misfits
        )

    def _part(
        self,
        text: NDArray[np.uint8],
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
        words: WordPlaces,
        marked: bool,
        apart: Stretches,
    ) -> Tokens:
        piece_starts, piece_ends = self._cut(text, starts, ends, marked, apart)
        first_piece, end_piece = np.searchsorted(piece_starts, (starts, ends))
        counts = end_piece - first_piece
        if counts.sum() < len(piece_starts):
            inside = gather_index(first_piece, counts)
            piece_starts, piece_ends = piece_starts[inside], piece_ends[inside]
        number = np.searchsorted(piece_starts, apart.starts)
        piece_ends[number] = piece_starts[number]  # not looked up: their ids are known
        pieces, indices = dictionary_encode(text, piece_starts, piece_ends)
        spelled = pieces.to_pylist()
        distinct, memory = self._memory.rows_of(spelled), self._memory
        unknown = self._unknown_words(spelled, distinct, indices)
        rows = distinct[indices]
        first = memory.offsets[rows]
        lengths = memory.offsets[rows + 1] - first
        known = memory.ids
        if len(number):
            first[number] = len(known) + apart.offsets[:-1]
            lengths[number] = np.diff(apart.offsets)
            known = np.concatenate((known, apart.ids))
        places = gather_index(first, lengths)
        ids = known[places]
        piece_offsets = offsets_of(lengths)
        offsets = piece_offsets[offsets_of(counts)]
        if self._settings.whole:
            return Tokens(ids, offsets, self._otherwise_than_marked(ids, offsets, places), unknown)
        found = Pieces(piece_starts, piece_ends, piece_offsets)
        flagged = begun_at(words.going_on, found)
        if not len(words.beginning):
            return Tokens(ids, offsets, flagged, unknown)
        begun = begun_within(words.beginning, text, found, self._letters[ids])
        flagged = np.concatenate((flagged, begun[self._continuing[ids[begun]]]))
        return Tokens(ids, offsets, flagged, unknown, len(words.beginning) - len(begun))

    @cached_property
    def _letters(self) -> NDArray[np.int64]:
        """How many letters each token has."""
        lengths = (len(token.removeprefix(CONTINUING)) for token in self._spellings)
        return np.fromiter(lengths, np.int64, len(self._spellings))

    def _cut(
        self,
        text: NDArray[np.uint8],
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
        marked: bool,
        apart: Stretches,
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where pieces start and end; one without length is a mark where text is cut at blanks."""
        if self._settings.whole:
            return self._cutter(text, starts, ends, marked=marked)
        return cut_text(
            text,
            np.concatenate((starts, ends)),
            marked=marked,
            ideographs=self._settings.tokenize_chinese_chars,
            whole=(apart.starts, apart.ends),
        )

    def _otherwise_than_marked(
        self, ids: NDArray[np.int32], offsets: NDArray[np.int64], places: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """The tokens of which their mark, or its lack, says wrongly if a word goes on there."""
        if not self._settings.marks_words:
            return np.flatnonzero(self._memory.is_inside[places])
        first = offsets[:-1][np.diff(offsets) > 0]
        wrong: NDArray[np.int64] = first[self._continuing[ids[first]]]
        return wrong

    def _unknown_words(
        self, words: list[bytes], rows: NDArray[np.int64], indices: NDArray[np.int32]
    ) -> Counter[bytes]:
        found = np.flatnonzero(self._memory.is_unknown[rows])
        if not len(found):
            return Counter()
        counts = np.bincount(indices, minlength=len(words))[found].tolist()
        unknown: Counter[bytes] = Counter()
        for number, count in zip(found.tolist(), counts, strict=True):
            unknown[words[number].strip()] += count
        return unknown

    def _encoded(self, pieces: list[bytes]) -> tuple[list[bytes], PieceIds]:
        """Pieces in an order of their own, and what ``tokenizers`` makes of each."""
        whole = self._settings.whole
        is_plain = self._cutter.may_be_joined if whole else bytes.isalnum
        plain: list[bytes] = []
        others: list[bytes] = []
        for piece in pieces:
            (plain if is_plain(piece) else others).append(piece)
        words = [(piece if whole else self._shortened(piece)).decode("utf-8") for piece in plain]
        if self._lowercase and not whole:
            words = [word.lower() for word in words]
        texts = [piece.decode("utf-8") for piece in others]
        with_words = whole and not self._settings.marks_words
        found = concatenated(
            (
                self._joined_ids(words),
                encoded_alone(self._reference, texts, with_words=with_words),
            )
        )
        return plain + others, found._replace(ids=self._id_of[found.ids]) if whole else found

    def _shortened(self, word: bytes) -> bytes:
        """A word of ASCII with the same ids: one too long to be any but [UNK] is cut."""
        return word[: self._settings.max_input_chars_per_word + 1]
