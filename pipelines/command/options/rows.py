"""Sentences, pairs and masks: what a row is made of."""

from __future__ import annotations

import click

from bertprep.options import PrepareOptions, ReadOptions, ShardOptions
from pipelines.command.options.fields import number_or_auto, of_field, options

seed_option = options(of_field(PrepareOptions, "seed", help="Of everything random."))
word_segmenter_option = options(
    of_field(
        PrepareOptions,
        "word_segmenter",
        metavar="NAME",
        help="Mask Chinese by the words that jieba finds (needs bertprep[zh]), or jieba:PATH with "
        "a dictionary of yours; Japanese by fugashi's (needs bertprep[ja]); either by those of a "
        "Python function of yours, named module:function.",
    ),
    group="Masking",
)
sentences_option = options(
    of_field(
        ReadOptions,
        "sentences",
        help="Segment lines by rules; the same for hard-wrapped lines; one sentence a line; or by "
        "rules, but Thai by pythainlp's crfcut (needs bertprep[thai]).",
    ),
    of_field(
        ReadOptions,
        "language",
        metavar="CODE",
        show_default=False,
        help="Of the text, such as es, for its abbreviations. [default: what each document shows]",
    ),
    group="Sentences",
)
pair_options = options(
    of_field(
        ShardOptions,
        "task",
        help="Pairs for next sentence prediction, sentence order prediction, or no pairs.",
    ),
    of_field(ShardOptions, "max_seq_length", help="Tokens of a row, [CLS] and [SEP]s included."),
    of_field(
        ShardOptions,
        "short_seq_prob",
        help="Share of documents cut into shorter rows. [default: 0.1; 0 for --task none]",
    ),
    of_field(
        ShardOptions,
        "dupe_factor",
        help="Passes over the corpus, each with its own pairs and masks.",
    ),
    group="Pairs",
)
masking_options = options(
    of_field(
        ShardOptions,
        "masking",
        help="Mask tokens, whole words, or spans of words; or store rows for a loader to mask.",
    ),
    of_field(ShardOptions, "masked_lm_prob", help="Share of a row's tokens to predict."),
    click.option(
        "--max-predictions-per-seq",
        callback=number_or_auto,
        default="auto",
        show_default=True,
        metavar="N|auto",
        help="The most tokens of a row to predict; auto is that share of the length, rounded up: "
        "20 for 128, 77 for 512.",
    ),
    of_field(
        ShardOptions,
        "mask_replace_prob",
        help="Share of the predicted tokens that are shown as [MASK].",
    ),
    of_field(
        ShardOptions,
        "random_replace_prob",
        help="Share that is shown as a random token; the others stay as they are.",
    ),
    group="Masking",
)
