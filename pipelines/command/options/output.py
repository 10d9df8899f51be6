"""Options of the output: where to write, and in which form."""

from __future__ import annotations

from typing import get_args

import click

from bertprep.options import Layout, ShardOptions
from pipelines.command.options.fields import FOLDER, OneOf, number_or_auto, of_field, options
from pipelines.command.options.running import _as_json

json_option = options(
    click.option(
        "--json",
        is_flag=True,
        expose_value=False,
        callback=_as_json,
        help="Print the result as JSON.",
    ),
    group="Output",
)
output_options = options(
    click.option(
        "--output",
        "-o",
        required=True,
        type=FOLDER,
        metavar="DIR",
        help="The folder to write; it must be empty or new.",
    ),
    click.option("--overwrite", is_flag=True, help="Replace what bertprep wrote there before."),
    group="Output",
)
write_drops_option = options(
    click.option(
        "--write-drops", is_flag=True, help="Write what was left out, and why, to dropped.jsonl."
    ),
    group="Output",
)
storing_options = options(
    of_field(
        ShardOptions,
        "output_format",
        default=None,
        show_default=False,
        help="The container. [default: that of the layout's readers, which is parquet for most]",
    ),
    of_field(
        ShardOptions,
        "layout",
        type=OneOf([*get_args(Layout), "megatron"]),
        help="Names and types of the columns, or megatron for sentences in .bin and .idx. "
        "[default: huggingface for parquet, google for tfrecord]",
    ),
    click.option(
        "--num-shards",
        callback=number_or_auto,
        default="auto",
        show_default=True,
        metavar="N|auto",
        help="Output files; auto makes them of 64 MiB of token ids at most.",
    ),
    of_field(
        ShardOptions,
        "bin_size",
        metavar="N",
        help="Shards by length: rows of 1 to N tokens, of N + 1 to 2N, ...; N divides the length.",
    ),
    of_field(
        ShardOptions,
        "pack",
        help="Put several short examples into one row, kept apart by their ids.",
    ),
    of_field(
        ShardOptions,
        "origins",
        help="Write which documents each row comes from, for `bertprep locate`.",
    ),
    group="Output",
)
