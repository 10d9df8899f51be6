"""The vocabulary that is taken, and the one that is learned."""

from __future__ import annotations

import click

from bertprep.options import VocabOptions
from pipelines.command.options.fields import (
    ANY_PATH,
    VOCABULARY,
    Decorator,
    number_or_auto,
    of_field,
    options,
)

_VOCAB_HELP = (
    "A vocab.txt or tokenizer.json, a folder that holds one (the output of `bertprep vocab`), or "
    "the name of a model on the Hub, such as bert-base-uncased."
)


def vocab_option(required: bool, more: str = "") -> Decorator:
    """The option that names a vocabulary."""
    given = click.option(
        "--vocab",
        "vocabulary",
        required=required,
        type=ANY_PATH,
        metavar="PATH|NAME",
        help=f"{_VOCAB_HELP}{more}",
    )
    return options(given, group=VOCABULARY)


keep_accents_option = of_field(
    VocabOptions,
    "keep_accents",
    help="Lower-case, but keep accents and marks: for scripts in which they carry meaning.",
)
casing_options = options(
    click.option(
        "--uncased/--cased",
        "lowercase",
        default=None,
        help="How to treat letters. [default: as the vocabulary's folder or its tokens say]",
    ),
    keep_accents_option,
    group=VOCABULARY,
)
vocab_options = options(
    of_field(
        VocabOptions,
        "vocab_size",
        help="Lines of vocab.txt, special and unused tokens included.",
    ),
    click.option(
        "--uncased/--cased",
        "lowercase",
        default=VocabOptions.lowercase,
        show_default=True,
        help="Lower-case and strip accents, or keep the text's letters.",
    ),
    keep_accents_option,
    click.option(
        "--min-frequency",
        callback=number_or_auto,
        default="auto",
        show_default=True,
        metavar="N|auto",
        help="How often a piece of several letters must occur; auto is 2, and once where these are "
        "fewer than --vocab-size.",
    ),
    click.option(
        "--limit-alphabet",
        callback=number_or_auto,
        default="auto",
        show_default=True,
        metavar="N|auto",
        help="Different characters that words are spelled with, CJK ideographs not counted; auto "
        "keeps all that are frequent enough.",
    ),
    of_field(VocabOptions, "max_token_length", help="Characters of the longest piece."),
    of_field(
        VocabOptions,
        "unused_tokens",
        help="[unusedN] tokens to reserve; with 99 or more, [UNK] [CLS] [SEP] [MASK] get ids "
        "100-103.",
    ),
    group=VOCABULARY,
)
