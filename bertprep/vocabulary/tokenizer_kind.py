"""Which tokenizer transformers builds from a folder: BERT's, or all that tokenizer.json says."""

from __future__ import annotations

from bertprep.vocabulary.supported import SUPPORTED
from bertprep.vocabulary.tokenizer_folder import (
    MODEL_CONFIG,
    TOKENIZER_CONFIG,
    TOKENIZER_JSON,
    TokenizerFolder,
)

# The classes, and the kinds of model without a class of their own, that are BERT to transformers.
_BERT_CLASSES = {
    f"{name}Tokenizer"
    for name in ("Bert", "DistilBert", "Electra", "MobileBert", "SqueezeBert", "ConvBert")
} | {"LayoutLMTokenizer", "LxmertTokenizer"}
_BERT_MODELS = {"bert", "distilbert", "electra", "mobilebert", "squeezebert", "convbert"} | {
    "layoutlm",
    "megatron-bert",
    "nomic_bert",
    "ernie",
    "nezha",
}
_WHOLE_CLASSES = {"PreTrainedTokenizer", "TokenizersBackend"}


def is_bert(folder: TokenizerFolder) -> bool:
    """Whether transformers builds a BertTokenizer, which takes only tokens from tokenizer.json.

    Raises:
        VocabularyError: if it builds another one than that, or than tokenizer.json itself.
    """
    name, source = folder.json(TOKENIZER_CONFIG).get("tokenizer_class"), TOKENIZER_CONFIG
    model = folder.json(MODEL_CONFIG)
    if name is None:
        name, source = model.get("tokenizer_class"), MODEL_CONFIG
    if name is None:
        return model.get("model_type") in _BERT_MODELS or TOKENIZER_JSON not in folder
    if not isinstance(name, str):
        raise folder.error(source, f"says tokenizer_class is {name!r}; expected a name")
    plain = name.removesuffix("Fast")
    if plain in _BERT_CLASSES:
        return True
    if plain in _WHOLE_CLASSES and TOKENIZER_JSON in folder:
        return False
    raise folder.error(
        source,
        f"says tokenizer_class is {name}, which is not supported; {SUPPORTED} (BertTokenizer "
        "and its like), and PreTrainedTokenizerFast with a tokenizer.json of that kind",
    )


def is_configured(folder: TokenizerFolder) -> bool:
    """Whether there is a configuration that transformers reads the tokens with."""
    if TOKENIZER_CONFIG in folder or TOKENIZER_JSON in folder:
        return True
    # A config.json of a model, unless it is another's of that name.
    return folder.json(MODEL_CONFIG).get("model_type") in _BERT_MODELS
