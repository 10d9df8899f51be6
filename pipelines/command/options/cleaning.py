"""Options of cleaning: which text is left out of a corpus."""

from __future__ import annotations

import click

from bertprep.options import RULES, CleanOptions
from pipelines.command.options.fields import CLEANING, OneOf, of_field, options

clean_options = options(
    of_field(
        CleanOptions,
        "duplicates",
        help="What is kept once only: documents; paragraphs (of 40 bytes or more) too; or lines.",
    ),
    of_field(
        CleanOptions,
        "near_duplicates",
        metavar="SHARE",
        help="Keep one of documents that share so many of their 5-grams of words, such as 0.8.",
    ),
    of_field(
        CleanOptions,
        "repeated_lines",
        metavar="N",
        help="Leave lines (or paragraphs) that more than N documents have out of all of them.",
    ),
    click.option(
        "--rules",
        multiple=True,
        default=CleanOptions.rules,
        type=OneOf(RULES),
        help="Published rules for pages of the web; may be given several times.",
    ),
    of_field(CleanOptions, "min_words", help="The fewest words of a document."),
    of_field(CleanOptions, "max_words", help="The most words of a document."),
    of_field(
        CleanOptions,
        "script",
        metavar="NAME[,NAME...]",
        show_default=False,
        help="The scripts that letters must be of, such as Latin or Han,Hiragana,Katakana.",
    ),
    of_field(CleanOptions, "min_script", metavar="SHARE", help="The share of them that must be."),
    of_field(
        CleanOptions,
        "languages",
        metavar="CODE[,CODE...]",
        show_default=False,
        help="The languages that documents must be in, such as en,de.",
    ),
    of_field(
        CleanOptions,
        "min_language_share",
        help="The share of a document's stretches that must be in them.",
    ),
    click.option(
        "--decontaminate",
        multiple=True,
        default=CleanOptions.decontaminate,
        metavar="PATH",
        help="Texts that no document may share 13 words in a row with, such as a test set.",
    ),
    of_field(CleanOptions, "normalize", help="nfc composes characters and their marks."),
    click.option(
        "--drop-controls/--keep-controls",
        "drop_controls",
        default=CleanOptions.drop_controls,
        show_default=True,
        help="Leave out control characters and zero-width spaces.",
    ),
    of_field(
        CleanOptions,
        "fix_mojibake",
        help="Repair text that was decoded by a wrong encoding (needs bertprep[clean]).",
    ),
    group=CLEANING,
)

# The same where it is only one part of a run, which cleans if one of them is given.
cleaning_options = options(
    click.option(
        "--clean",
        is_flag=True,
        help="Clean INPUT as `bertprep clean` does; any other of these options implies it.",
    ),
    clean_options,
    group=CLEANING,
)
