"""How much room a run takes on disks, about, before it starts."""

from __future__ import annotations

import io
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from bertprep.examples.assemble import example_schema
from bertprep.examples.mask import Masker
from bertprep.options import ShardOptions
from bertprep.shards.containers.container import RowCount
from bertprep.shards.containers.registry import container_of
from bertprep.shards.write import write_shard
from bertprep.text.prepared_columns import id_type
from bertprep.vocabulary.vocabulary import Vocabulary

# Measured on English and Chinese prose: the share of a row that a document's own tokens take, and
# how many tokens rows have for one of a document's, as a random B is of another one.
_OWN_SHARE = 0.83
_TOKENS_IN_ROWS = {"nsp": 1.15, "sop": 1.05, "none": 1.02}
_SAMPLE_ROWS = 64
_MARGIN = 1.2  # documents of one length on average are of many
_EXAMPLE_BYTES = 22  # of an example between stages, besides its ids
_ORIGIN_BYTES = 37  # two identities, a pass
# Of tables of where documents are: an identity, a place, part of a name; of a table besides.
_PLACE_BYTES = 32
_TABLE_BYTES = 2000


class Room(NamedTuple):
    """Bytes of work files, and of what is to stay."""

    work: int
    output: int


def prepared_bytes(tokens: float, vocab_size: int) -> int:
    """About how many bytes documents take as tokens.

    Each takes its id and a little for where its sentence ends.
    """
    return int(tokens * (id_type(vocab_size).bit_width // 8 + 0.5))


def places_bytes(documents: int, tables: int) -> int:
    """About how many bytes the tables take that say where so many documents are."""
    return documents * _PLACE_BYTES + tables * _TABLE_BYTES


def shard_room(
    tokens: int, documents: int, vocabulary: Vocabulary, options: ShardOptions, places: int
) -> Room:
    """The room that the examples of so many tokens, in so many documents, take.

    Args:
        tokens: of the corpus.
        documents: of the corpus.
        vocabulary: of the tokens.
        options: of the examples.
        places: bytes of the tables of where its documents are, which --origins keeps.
    """
    rows = expected_rows(tokens, documents, options)
    room = _room_of_rows(rows, vocabulary, options)
    origins = int(rows.number * _ORIGIN_BYTES) + places if options.origins else 0
    return Room(room.work + origins, room.output + origins)


def _room_of_rows(rows: RowCount, vocabulary: Vocabulary, options: ShardOptions) -> Room:
    ids = id_type(len(vocabulary)).bit_width // 8
    work = rows.tokens * ids + rows.number * _EXAMPLE_BYTES
    output = container_of(options.output_format).expected_bytes(rows, options)
    if output is None:
        output = _measured_bytes(rows, vocabulary, options)
    return Room(int(work), int(output))


def expected_rows(tokens: int, documents: int, options: ShardOptions) -> RowCount:
    """Short documents give a row each, and half of it is of another document.

    Args:
        tokens: of the text, about.
        documents: about how many.
        options: how rows are made of them.
    """
    whole = tokens / (_OWN_SHARE * options.max_num_tokens)
    count = max(1.0, documents, whole + documents / 2)
    more = _TOKENS_IN_ROWS[options.task]
    if options.task == "nsp":
        more += (2 - more) * min(1.0, documents / count) ** 2
    of_text = min(tokens * more, count * options.max_num_tokens)
    passes = options.dupe_factor
    return RowCount(count * passes, (of_text + count * options.special_tokens) * passes)


def _measured_bytes(rows: RowCount, vocabulary: Vocabulary, options: ShardOptions) -> float:
    """Their rows are of one size, whatever is in them: a few are written, and measured."""
    length = round(rows.tokens / rows.number) - options.special_tokens
    if options.pack:
        length = options.max_num_tokens
    rng = np.random.default_rng(0)
    ordinary = vocabulary.drawable_ids
    # Frequent tokens have small ids, and rank and frequency are in inverse proportion.
    ranks = np.exp(rng.uniform(0, np.log(len(ordinary)), (_SAMPLE_ROWS, max(2, length))))
    ids = ordinary[ranks.astype(int) - 1]
    schema = example_schema(len(vocabulary))
    a_length = ids.shape[1] // 2 if options.is_paired else ids.shape[1]
    columns = [
        pa.array(np.arange(_SAMPLE_ROWS, dtype=np.uint64)),
        pa.array(np.zeros(_SAMPLE_ROWS, np.int8)),
        pa.array(np.full(_SAMPLE_ROWS, a_length, np.int32)),
        pa.array(list(ids), schema.field(3).type),
    ]
    masking = options.masking_options
    written = write_shard(
        io.BytesIO(),
        [pa.record_batch(columns, schema=schema)],
        vocabulary,
        Masker(vocabulary, masking) if masking else None,
        options,
    )
    each = written.size / written.rows
    return _MARGIN * each * (rows.tokens / options.max_seq_length if options.pack else rows.number)
