"""A folder that transformers reads as a tokenizer, read as transformers reads it.

``AutoTokenizer`` builds a tokenizer of BERT's kind from the tokens and tokenizer_config.json, and
looks into tokenizer.json only for tokens; where no such kind is named it takes all that
tokenizer.json says.  Both are followed here to the letter; ``whole_folder`` reads what is not
BERT's WordPiece.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from tokenizers import AddedToken as Added
from tokenizers import Tokenizer, models

from bertprep.errors import VocabularyError
from bertprep.vocabulary.casing_choice import Said, chosen_casing
from bertprep.vocabulary.reading_settings import AddedToken, Settings
from bertprep.vocabulary.special_tokens import SpecialTokens, special_tokens
from bertprep.vocabulary.tokenizer_folder import (
    TOKENIZER_CONFIG,
    TOKENIZER_JSON,
    VOCAB_TXT,
    TokenizerFolder,
)
from bertprep.vocabulary.tokenizer_kind import BERT, class_of
from bertprep.vocabulary.unsupported import (
    BLANKS,
    check_model,
    check_roles,
    check_same,
    check_supported,
    is_wordpiece_of_bert,
)
from bertprep.vocabulary.vocabulary import Vocabulary, vocab_lines
from bertprep.vocabulary.whole_tokenizer_folder import read_whole

# What taking apart JSON of another shape than expected ends in.
_ODD = (LookupError, TypeError, ValueError, AttributeError, OverflowError)


SAYS_CASING = "says itself how letters are treated; leave --cased, --uncased and --keep-accents out"


class Found(NamedTuple):
    """A vocabulary, and how it was read.

    Attributes:
        vocabulary: as it is used.
        casing: in words, and where it comes from.
        stated: whether the options or a file say the casing.
        notes: what the user should know of how it was read.
    """

    vocabulary: Vocabulary
    casing: str
    stated: bool
    notes: list[str]


def read_tokenizer(
    files: Mapping[str, bytes],
    where: str,
    lowercase: bool | None = None,
    strip_accents: bool | None = None,
    names: Mapping[str, str] | None = None,
) -> Found:
    """The vocabulary in the files of a folder, by their names.

    Args:
        files: vocab.txt or tokenizer.json or both, and what there is of ``CONFIGURATION``.
        where: the folder, for messages.
        lowercase: what the user says; None for what the files say.
        strip_accents: the same of accents.
        names: of files that have another name there than in ``files``, for messages.

    Raises:
        VocabularyError: if they contradict each other or say what is not supported.
    """
    try:
        return _Reader(files, where, lowercase, strip_accents, names or {}).found()
    except _ODD as error:
        shown = TokenizerFolder(files, where, names).shown
        what = f"no {error}" if isinstance(error, KeyError) else str(error).split("\n")[0]
        raise VocabularyError(f"the tokenizer's files in {shown} are damaged: {what}") from None


class _Reader:
    def __init__(
        self,
        files: Mapping[str, bytes],
        where: str,
        lowercase: bool | None,
        strip_accents: bool | None,
        names: Mapping[str, str],
    ) -> None:
        self._folder = TokenizerFolder(files, where, names)
        self._given = Said(lowercase, strip_accents)
        self._config = self._folder.json(TOKENIZER_CONFIG)
        self._whole = self._folder.json(TOKENIZER_JSON) if TOKENIZER_JSON in self._folder else None
        self._notes: list[str] = []

    def found(self) -> Found:
        """The vocabulary; see ``read_tokenizer``."""
        check_supported(self._folder)
        name = class_of(self._folder)
        if self._whole is not None:
            check_model(self._folder, name)
            if not is_wordpiece_of_bert(self._whole, name):
                return self._as_whole(name)
        lines = None
        if VOCAB_TXT in self._folder:
            lines = vocab_lines(self._folder.files[VOCAB_TXT], self._folder.path(VOCAB_TXT))
        if self._whole is not None and lines is not None:
            check_same(self._folder, lines)
        if lines is not None and len(set(lines)) < len(lines):
            return self._finished(lines, Settings())  # which tells of the line
        special = special_tokens(self._folder, name)
        if self._whole is not None and name != BERT:
            return self._as_tokenizer_json(self._whole, special)
        return self._as_bert(lines, special)

    def _as_whole(self, name: str | None) -> Found:
        """As whatever tokenizer.json is of, which says itself how letters are treated."""
        if self._given != Said(None, None):
            raise self._folder.error(TOKENIZER_JSON, SAYS_CASING)
        found = read_whole(self._folder, special_tokens(self._folder, name), name)
        says = f"as {name} and {TOKENIZER_JSON} say" if name else f"as {TOKENIZER_JSON} says"
        return Found(found.vocabulary, f"{found.kind}, {says}{found.manner}", True, self._notes)

    def _as_bert(self, lines: tuple[str, ...] | None, special: SpecialTokens) -> Found:
        """As transformers' BertTokenizer: nothing but tokens is taken from tokenizer.json."""
        unk = str(special.named.get("unk_token"))
        vocab = {token: i for i, token in enumerate(lines or ())}
        if self._whole is not None:
            model = self._whole["model"]
            vocab = model["vocab"]
            self._must_be(model.get("continuing_subword_prefix"), "##", "continuing_subword_prefix")
            self._show_ignored("max_input_chars_per_word", model, 100, None)
        check_roles(self._folder, vocab, special, unk)
        tokenizer = Tokenizer(models.WordPiece(vocab, unk_token=unk))
        tokenizer.add_tokens(special.to_add([]))
        settings = Settings(
            strip_accents=self._flag("strip_accents", None),
            tokenize_chinese_chars=bool(self._flag("tokenize_chinese_chars", True)),
            unk=unk,
        )
        normalizer = (self._whole or {}).get("normalizer") or {}
        for key, name, usual in (
            ("lowercase", "do_lower_case", True),
            ("strip_accents", "strip_accents", None),
            ("handle_chinese_chars", "tokenize_chinese_chars", True),
        ):
            self._show_ignored(key, normalizer, self._config.get(name, usual), name)
        stated = self._flag("do_lower_case", None)
        return self._assembled(tokenizer, settings, special, stated, TOKENIZER_CONFIG)

    def _as_tokenizer_json(self, whole: Mapping[str, Any], special: SpecialTokens) -> Found:
        """All that tokenizer.json says."""
        model, normalizer = whole["model"], whole.get("normalizer")
        if normalizer is None:
            normalizer = {"type": "BertNormalizer", "clean_text": False, "lowercase": False}
            normalizer |= {"handle_chinese_chars": False, "strip_accents": False}
        check_roles(self._folder, model["vocab"], special, str(model.get("unk_token")))
        try:
            tokenizer = Tokenizer.from_str(self._folder.files[TOKENIZER_JSON].decode("utf-8"))
        except Exception as error:
            raise self._folder.error(TOKENIZER_JSON, f"is no tokenizer: {error}") from None
        if tokens := special.to_add(list(_added_of(tokenizer).values())):
            tokenizer.add_tokens(tokens)
        settings = Settings(
            strip_accents=normalizer.get("strip_accents"),
            tokenize_chinese_chars=normalizer["handle_chinese_chars"],
            clean_text=normalizer["clean_text"],
            max_input_chars_per_word=model["max_input_chars_per_word"],
            continuing_prefix=model["continuing_subword_prefix"],
            unk=model["unk_token"],
        )
        if "do_lower_case" in self._config:
            self._show_ignored("do_lower_case", self._config, normalizer["lowercase"], None)
        return self._assembled(
            tokenizer, settings, special, normalizer["lowercase"], TOKENIZER_JSON
        )

    def _assembled(
        self,
        tokenizer: Tokenizer,
        settings: Settings,
        special: SpecialTokens,
        stated: bool | None,
        source: str,
    ) -> Found:
        """The vocabulary of a tokenizer with all of its added tokens."""
        ids = tokenizer.get_vocab(with_added_tokens=True)
        self._check_ids(ids, special)
        tokens = tuple(sorted(ids, key=ids.__getitem__))
        roles: dict[str, Any] = {**special.roles, "unk": settings.unk}
        spelled = len(tokenizer.get_vocab(with_added_tokens=False))
        settings = replace(
            settings,
            **roles,
            added=self._searched_for(_added_of(tokenizer), set(roles.values())),
            split_special=bool(self._flag("split_special_tokens", False)),
            spelled=None if spelled == len(tokens) else spelled,
        )
        return self._finished(tokens, settings, stated, source)

    def _check_ids(self, ids: Mapping[str, int], special: SpecialTokens) -> None:
        if sorted(ids.values()) != list(range(len(ids))):
            raise VocabularyError(
                f"the tokens of {self._folder.shown} have gaps between their ids, 0 to "
                f"{max(ids.values(), default=0)} for {len(ids)} tokens; expected one for each"
            )
        for number, content in special.claimed.items():
            if ids.get(content, number) != number:
                raise VocabularyError(
                    f"{self._folder.shown} gives the added token {content!r} the id {number}, but "
                    f"with the tokens there are it would be {ids[content]}; mend the list of tokens"
                )

    def _searched_for(self, added: Mapping[int, Added], roles: set[str]) -> tuple[AddedToken, ...]:
        """The added tokens by id, but for those with a role."""
        for token in added.values():
            if token.content != token.content.strip(BLANKS) or "\n" in token.content:
                raise VocabularyError(
                    f"the added token {token.content!r} of {self._folder.shown} begins or ends "
                    "with white space, which is not supported: use lstrip or rstrip instead"
                )
        return tuple(
            AddedToken(i, t.special, t.single_word, t.normalized, t.lstrip, t.rstrip)
            for i, t in sorted(added.items())
            if t.content not in roles
        )

    def _finished(
        self,
        tokens: tuple[str, ...],
        settings: Settings,
        stated: bool | None = None,
        source: str = "",
    ) -> Found:
        said = Said(stated, settings.strip_accents, source)
        casing = chosen_casing(self._folder, tokens, self._given, said)
        if casing.note:
            self._notes.append(casing.note)
        settings = replace(settings, strip_accents=casing.strip_accents)
        try:
            vocabulary = Vocabulary(tokens, casing.lowercase, settings)
        except VocabularyError as error:
            raise VocabularyError(f"{self._folder.tokens_path}: {error}") from None
        return Found(vocabulary, casing.why, casing.is_stated, self._notes)

    def _flag(self, name: str, usual: bool | None) -> bool | None:
        found = self._config.get(name, usual)
        if isinstance(found, bool) or (name in ("strip_accents",) and found is None):
            return found
        if name not in self._config:
            return usual
        raise self._folder.error(
            TOKENIZER_CONFIG, f"says {name} is {found!r}; expected true or false"
        )

    def _must_be(self, found: Any, wanted: Any, name: str) -> None:
        if found not in (None, wanted):
            raise self._folder.error(
                TOKENIZER_JSON,
                f"says {name} is {found!r}, but for a BertTokenizer transformers takes {wanted!r}; "
                f"say PreTrainedTokenizerFast in {TOKENIZER_CONFIG} to have all of "
                f"{TOKENIZER_JSON} heeded",
            )

    def _show_ignored(
        self, key: str, found: Mapping[str, Any], taken: Any, name: str | None
    ) -> None:
        """Notes what one file says and transformers does not heed."""
        if key in found and found[key] != taken:
            heeded = f"{name} {json.dumps(taken)}" if name else json.dumps(taken)
            if found is self._config:
                says, other = TOKENIZER_CONFIG, TOKENIZER_JSON
            else:
                says, other = TOKENIZER_JSON, TOKENIZER_CONFIG
            self._notes.append(
                f"{self._folder.path(says)} says {key} {json.dumps(found[key])}, but transformers "
                f"goes by {other}: {heeded} is taken"
            )


def _added_of(tokenizer: Tokenizer) -> dict[int, Added]:
    found: dict[int, Added] = tokenizer.get_added_tokens_decoder()
    return found
