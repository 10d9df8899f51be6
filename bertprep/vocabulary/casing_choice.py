"""Which casing a vocabulary is used with: the options' first, then its files', then its tokens'."""

from __future__ import annotations

from typing import NamedTuple

from bertprep.errors import VocabularyError
from bertprep.vocabulary.casing import casing_of, named
from bertprep.vocabulary.tokenizer_folder import MODEL_CONFIG, TOKENIZER_CONFIG, TokenizerFolder
from bertprep.vocabulary.tokenizer_kind import is_configured


class Said(NamedTuple):
    """The casing stated by the files of a tokenizer, or by the options of a run.

    Attributes:
        lowercase: whether letters are lower-cased; None if nothing is said.
        strip_accents: the same of accents.
        source: the file that says so.
    """

    lowercase: bool | None
    strip_accents: bool | None
    source: str = ""


class Choice(NamedTuple):
    """The casing to use.

    Attributes:
        lowercase: whether letters are lower-cased.
        strip_accents: whether accents are taken off; None for as letters are lower-cased.
        why: the casing and where it comes from, in words.
        is_stated: whether anybody said so.
        note: what the user should know besides; None for nothing.
    """

    lowercase: bool
    strip_accents: bool | None
    why: str
    is_stated: bool = True
    note: str | None = None


def chosen_casing(
    folder: TokenizerFolder, tokens: tuple[str, ...], options: Said, files: Said
) -> Choice:
    """The casing to use a vocabulary with.

    Args:
        folder: its files, for messages.
        tokens: all of them, by id.
        options: what the user says.
        files: what the files say.

    Raises:
        VocabularyError: if nothing states it, and the tokens show both casings, or another one
            than transformers would take.
    """
    if options.lowercase is not None or options.strip_accents is not None:
        return _by_options(options, files)
    if files.lowercase is not None:
        why = f"{named(files.lowercase, files.strip_accents)}, as {files.source} says"
        return Choice(files.lowercase, files.strip_accents, why)
    return _by_tokens(folder, tokens, files.strip_accents)


def _by_options(options: Said, files: Said) -> Choice:
    lowercase, accents, note = options.lowercase, options.strip_accents, None
    if lowercase is None:
        lowercase = files.lowercase is not False
    if files.lowercase is not None and lowercase is not files.lowercase:
        given = named(lowercase, accents)
        note = (
            f"{files.source} says {named(files.lowercase, files.strip_accents)}, and the options "
            f"say {given}: the text is read as {given}"
        )
    elif accents is None:
        accents = files.strip_accents
    return Choice(lowercase, accents, f"{named(lowercase, accents)}, as the options say", note=note)


def _by_tokens(
    folder: TokenizerFolder, tokens: tuple[str, ...], strip_accents: bool | None
) -> Choice:
    """As the tokens show, unless that contradicts a rule.

    transformers' BertTokenizer lower-cases if no do_lower_case is there.
    """
    try:
        seen = casing_of(tokens)
    except VocabularyError as error:
        raise VocabularyError(f"{folder.tokens_path}: {error}") from None
    if not is_configured(folder):
        other = "--uncased" if not seen.lowercase else "--cased"
        why = f"{seen.name}: {seen.why}; {other} if not"
        return Choice(seen.lowercase, seen.strip_accents, why, is_stated=False)
    if not seen.lowercase:
        file = TOKENIZER_CONFIG if TOKENIZER_CONFIG in folder else MODEL_CONFIG
        raise folder.error(
            file,
            f"does not say do_lower_case, so that transformers lower-cases, but {seen.why}: "
            "say which it is by --uncased or --cased",
        )
    why = f"{named(True, strip_accents)}, as transformers' default is: {seen.why}"
    return Choice(True, strip_accents, why, is_stated=False)
