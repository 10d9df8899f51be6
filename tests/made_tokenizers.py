"""Small tokenizers of the kinds that today's encoders are trained with, as their folders' files."""

import json
from functools import cache

from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers, trainers

FAIRSEQ = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
BERT = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
TEXT = [
    "The cat sat on the mat, and the dog's bone wasn't there: 42 times in 2024!",
    "Le garçon a mangé l'été dernier; où était-il?  Über Straße naïve café.",
    "Мой дядя самых честных правил, когда не в шутку занемог.",
    "世界 漢字 かな 東京タワー, 你好。 한국어 문장 ที่นี่ हिन्दी",
    "don't we'll I'm they're HELLO World foo_bar x=1+2 [tag] <a> http://x.org/?q=1",
]
PIECES = ["▁", "▁the", "▁c", "at", "▁sat", "▁on", "▁ma", "t", "▁caf", "é", "▁hello", "ing", "▁a"]


@cache
def byte_level(special: tuple[str, ...] = tuple(FAIRSEQ), prefix: bool = False) -> dict:
    """The contents of a tokenizer.json of byte-level BPE, learned from ``TEXT``."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix)
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=list(special),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(TEXT * 3, trainer)
    return json.loads(tokenizer.to_str())


def unigram(special: list[str] = FAIRSEQ, unk: str = "<unk>", **parts) -> dict:
    """The contents of a tokenizer.json of a Unigram vocabulary, all of its characters in ``TEXT``.

    The parts are those of tokenizer.json that it is to have.
    """
    characters = sorted(set("".join(TEXT)) - set(" 😀漢"))
    pieces = dict.fromkeys([*PIECES, *characters])
    scored = [(piece, -2.0 - 0.01 * i) for i, piece in enumerate(pieces)]
    vocab = [(token, 0.0) for token in special] + scored
    tokenizer = Tokenizer(models.Unigram(vocab, unk_id=special.index(unk)))
    tokenizer.add_special_tokens([AddedToken(token) for token in special])
    return {**json.loads(tokenizer.to_str()), **parts}


def metaspace(scheme: str = "always", words: bool = True) -> dict:
    """The pre-tokenizer of SentencePiece's vocabularies."""
    marks = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": scheme, "split": True}
    splits = [{"type": "WhitespaceSplit"}] if words else []
    return {"type": "Sequence", "pretokenizers": [*splits, marks]}


def word_pieces(special: list[str] = BERT, **parts) -> dict:
    """The contents of a tokenizer.json of WordPiece that is not BERT's."""
    characters = sorted(set("".join(TEXT).replace(" ", "")) - set("😀漢"))
    tokens = [*special, "the", "cat", "##at", *characters, *(f"##{c}" for c in characters)]
    model = models.WordPiece({t: i for i, t in enumerate(tokens)}, unk_token=special[1])
    tokenizer = Tokenizer(model)
    tokenizer.add_special_tokens([AddedToken(token) for token in special])
    return {**json.loads(tokenizer.to_str()), **parts}
